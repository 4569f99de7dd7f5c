"""Parts of the guide that are generated from the program, so that they are always right.

A line `<!-- made: NAME -->` of a page is replaced by one of `PARTS`.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from inspect import isclass
from pathlib import Path
from types import FunctionType

import jupytext
from nbformat.v4 import new_markdown_cell

import nhcplanner
from nhcplanner import explore, workflow
from nhcplanner.domain.columns import markdown
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.windows import STANDARD
from nhcplanner.hosting import settings
from nhcplanner.models import catalogue
from nhcplanner.outputs.wording import method

EXAMPLE = re.compile(r"^Example: (.*)$", re.MULTILINE)
MADE = re.compile(r"^<!-- made: (\w+) -->$", re.MULTILINE)


BESIDE = {
    "nhcplanner.workflow": [
        "CatchmentAccess",
        "Delivery",
        "Effort",
        "Exported",
        "MappedOutcome",
        "Rerun",
    ],
    "nhcplanner.scale": ["Executor"],
    "nhcplanner.models": ["Model"],
    "nhcplanner.base.errors": ["Fault", "FetchError"],
    "nhcplanner.domain.assessment": ["Comparison", "Need"],
    "nhcplanner.domain.place": ["Source"],
    "nhcplanner.domain.plan": ["Stage"],
    "nhcplanner.domain.travel_times": ["Snap"],
}
"""Classes that public functions take or return."""


def filled(text: str) -> str:
    """Return a page's text with the generated parts filled in."""
    return MADE.sub(lambda found: PARTS[found[1]](), text)


def write_notebooks() -> None:
    """Write each percent file of `notebooks/` as a notebook that Sphinx runs and draws."""
    here = Path(__file__).parent
    (here / "notebooks").mkdir(exist_ok=True)
    for file in sorted((here.parent / "notebooks").glob("*.py")):
        notebook = jupytext.read(file, fmt="py:percent")
        link = f"{{nb-download}}`Download this notebook <{file.stem}.ipynb>`"
        notebook.cells.insert(1, new_markdown_cell(link))
        path = here / "notebooks" / f"{file.stem}.ipynb"
        text = jupytext.writes(notebook, fmt="ipynb")
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def commands() -> str:
    """Return every command with its options, from its help."""
    command = [sys.executable, "-m", "typer", "nhcplanner.cli.commands", "utils", "docs", "--name"]
    done = subprocess.run([*command, "nhcplanner"], check=True, capture_output=True, text=True)  # noqa: S603
    text = done.stdout.split("\n", 1)[1]
    text = re.sub(
        r"\*\*Commands\*\*:.*?(?=^## )", "", text, count=1, flags=re.DOTALL | re.MULTILINE
    )
    return EXAMPLE.sub(r"```console\n$ \1\n```", text)


def keys() -> str:
    """Return every key of a scenario."""
    table = method.parameters(Scenario())
    return "\n".join(
        f"`{key}`\n: {row['Meaning']}\n  Default: {row['Default']}. {row['Default is from']}.\n"
        for key, row in table.iterrows()
    )


def windows() -> str:
    """Return every standard window of public transport."""
    head = "| name | day and hours | from |\n|---|---|---|\n"
    rows = [
        (f"`{name}`", f"{one.window.day}, {one.window.hours}", one.source)
        for name, one in STANDARD.items()
    ]
    return head + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def models() -> str:
    """Return every model of the catalogue."""
    head = "| model | what it does | in the literature |\n|---|---|---|\n"
    rows = [(f"`{one.name}`", one.words, one.literature) for one in catalogue.values()]
    return head + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def glossary() -> str:
    """Return the words that the app explains."""
    words = method.GLOSSARY | workflow.glossary()
    ordered = sorted(words.items(), key=lambda pair: pair[0].lower())
    return "\n".join(f"{word}\n: {text}\n" for word, text in ordered)


def measures() -> str:
    """Return every measure of fairness and method of floating catchments."""
    rows = workflow.list_measures().to_dict("records")
    return "\n".join(
        f"**{row['measure']}** (`{row['name']}`), ${row['symbol']}$\n"
        f": {row['says']}\n\n  $${row['formula']}$$\n\n"
        f"  Unit: {row['unit']}. {row['better'].capitalize()}. {row['source']}.\n"
        for row in rows
    )


def names() -> str:
    """Return every public name of the package."""
    return _described("nhcplanner", [one for one in nhcplanner.__all__ if one != "explore"])


def beside() -> str:
    """Return the classes that public functions take or return."""
    return "\n\n".join(_described(module, listed) for module, listed in BESIDE.items())


def questions() -> str:
    """Return every public name of `nhcplanner.explore`."""
    return _described("nhcplanner.explore", explore.__all__)


def _described(module: str, listed: list[str]) -> str:
    """Return directives for classes, then functions, which show their docstrings."""
    members = {name: getattr(import_module(module), name) for name in sorted(listed)}
    parts = [_class(module, name, one) for name, one in members.items() if isclass(one)]
    parts += [
        f".. autofunction:: {module}.{name}\n"
        for name, one in members.items()
        if isinstance(one, FunctionType)
    ]
    return "```{eval-rst}\n" + "\n".join(parts) + "\n```"


def _class(module: str, name: str, one: type) -> str:
    """Return the directive of a class with its methods; scenario keys have their own page."""
    if issubclass(one, Scenario):
        name, left_out = f"{name}(**keys)", ", ".join(Scenario.model_fields)
        return f".. autoclass:: {module}.{name}\n   :members:\n   :exclude-members: {left_out}\n"
    return f".. autoclass:: {module}.{name}\n   :members:\n"


PARTS: dict[str, Callable[[], str]] = {
    "beside": beside,
    "commands": commands,
    "dictionary": lambda: markdown().split("\n", 1)[1],
    "glossary": glossary,
    "keys": keys,
    "limits": lambda: method.LIMITS,
    "measures": measures,
    "windows": windows,
    "models": models,
    "names": names,
    "questions": questions,
    "settings": settings.markdown,
}
