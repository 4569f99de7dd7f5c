"""Rendering of map elements in which no data ever becomes the source of a template.

branca renders the macros of an element and then compiles the *result* as a Jinja template. A name
such as `{{7*7}}` in the data would run as code there. Elements in this package therefore render
with `render_once`, which puts the result of a macro on the page unchanged, and macros write
data with `literal`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from branca.element import Element, Figure, MacroElement
from folium.template import Template

_PARTS = ("header", "html", "script")
_NOT_PLAIN = re.compile(r"[^0-9A-Za-z\[\]:,. \\\"+-]")


class Code(Element):
    """A piece of HTML or script that is put onto the page unchanged.

    Parameters
    ----------
    code
        The piece. It is a value that the template prints, never a template.
    """

    _template = Template("{{ this.code }}")

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


class RenderedOnce(MacroElement):
    """A map element whose macros are rendered once; base class of all of ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # branca is typed in part

    def render(self, **_: Any) -> str:
        """Put the element and its children onto the page; the element itself writes nothing."""
        render_once(self)
        return ""


def render_once(element: MacroElement) -> None:
    """Put the results of the macros of an element and its children onto the page unchanged.

    Parameters
    ----------
    element
        An element of a figure.

    Raises
    ------
    TypeError
        For an element without a figure, or with a child that has a rendering of its own: that
        would compile data as a template.
    """
    figure = element.get_root()
    if not isinstance(figure, Figure):
        raise TypeError(f"{type(element).__name__} is in no Figure")
    for part in _PARTS:
        macro = getattr(element._template.module, part, None)  # noqa: SLF001 (no public way)
        if macro is not None:
            getattr(figure, part).add_child(Code(macro(element, {})), name=element.get_name())
    for child in list(element._children.values()):  # noqa: SLF001
        if isinstance(child, RenderedOnce):
            child.render()
        elif isinstance(child, MacroElement) and type(child).render is MacroElement.render:
            render_once(child)
        else:
            kind = type(child).__name__
            raise TypeError(f"{kind} compiles its data as a template: draw it with Features")


def literal(data: object) -> str:
    r"""Data as a JavaScript expression that stays the same in any template, page or rewriting.

    The expression parses a JSON text in which every character but letters, digits and a few signs
    is written as its number. No tag, template mark, variable name or call can occur in it.

    Parameters
    ----------
    data
        What `json.dumps` takes. NaN and infinite numbers are refused.

    Examples
    --------
    >>> literal("{{7*7}}")
    'JSON.parse("\\"\\u007b\\u007b7\\u002a7\\u007d\\u007d\\"")'
    """
    quoted = json.dumps(json.dumps(data, allow_nan=False, separators=(",", ":")))
    return f"JSON.parse({_NOT_PLAIN.sub(_number, quoted)})"


def _number(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"
