"""Sphinx configuration of the guide; `make docs` writes it to out/docs.

The site loads nothing from other machines: the theme includes its style and scripts, and formulas
are MathML, which browsers draw themselves.
"""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

sys.path.insert(0, str(Path(__file__).parent))

import made

made.write_notebooks()  # before Sphinx looks for sources

project = "nhcplanner"
author = "the authors of nhcplanner"
copyright = author  # noqa: A001  (Sphinx's own word)
release = version_of("nhcplanner")

extensions = ["myst_nb", "sphinx.ext.autodoc", "numpydoc"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4
exclude_patterns = ["__pycache__"]
default_role = "code"
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 600
smartquotes_action = "qe"  # not dashes: --set is an option

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
numpydoc_show_class_members = False
add_module_names = False

html_theme = "furo"
html_title = f"nhcplanner {release}"
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"
html_css_files = ["guide.css"]
html_static_path = ["static"]


def _formula(translator: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    block = isinstance(node, nodes.math_block)
    drawn = tex2mathml(node.astext(), as_block=block)
    translator.body.append(f'<div class="math">{drawn}</div>' if block else drawn)
    raise nodes.SkipNode


def _fill(_app: Sphinx, _page: str, source: list[str]) -> None:
    source[0] = made.filled(source[0])


def setup(app: Sphinx) -> None:
    """Draw formulas as MathML, and fill in the generated parts."""
    app.add_html_math_renderer("mathml", (_formula, None), (_formula, None))
    app.connect("source-read", _fill)
