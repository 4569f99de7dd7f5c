"""What the guide's pages take from the program itself, so that they cannot say otherwise.

A line `<!-- made: NAME -->` of a page stands for one of these.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from inspect import isclass
from types import FunctionType

import nhcplanner
from nhcplanner import explore
from nhcplanner.domain.columns import markdown
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import catalogue
from nhcplanner.outputs.wording import method

EXAMPLE = re.compile(r"^Example: (.*)$", re.MULTILINE)
MADE = re.compile(r"^<!-- made: (\w+) -->$", re.MULTILINE)


BESIDE = {
    "nhcplanner.workflow": ["Delivery", "Effort", "Exported", "MappedOutcome", "Rerun"],
    "nhcplanner.scale": ["Executor"],
    "nhcplanner.models": ["Model"],
    "nhcplanner.base.errors": ["Fault", "FetchError"],
    "nhcplanner.domain.assessment": ["Comparison", "Need"],
    "nhcplanner.domain.place": ["Source"],
    "nhcplanner.domain.plan": ["Stage"],
    "nhcplanner.domain.travel_times": ["Snap"],
}
"""Names that are met in what the public ones take and give."""


def filled(text: str) -> str:
    """A page's text with what is made put in."""
    return MADE.sub(lambda found: PARTS[found[1]](), text)


def commands() -> str:
    """Every command with its options, as its own help has them."""
    asked = [sys.executable, "-m", "typer", "nhcplanner.cli", "utils", "docs", "--name"]
    done = subprocess.run([*asked, "nhcplanner"], check=True, capture_output=True, text=True)  # noqa: S603
    told = done.stdout.split("\n", 1)[1]
    told = re.sub(
        r"\*\*Commands\*\*:.*?(?=^## )", "", told, count=1, flags=re.DOTALL | re.MULTILINE
    )
    return EXAMPLE.sub(r"```console\n$ \1\n```", told)


def keys() -> str:
    """Every key of a scenario."""
    table = method.parameters(Scenario())
    return "\n".join(
        f"`{key}`\n: {row['Meaning']}\n  Default: {row['Default']}. {row['Default is from']}.\n"
        for key, row in table.iterrows()
    )


def models() -> str:
    """Every model of the catalogue."""
    head = "| model | what it does | in the literature |\n|---|---|---|\n"
    rows = [(f"`{one.name}`", one.words, one.literature) for one in catalogue.values()]
    return head + "\n".join(f"| {' | '.join(row)} |" for row in rows)


def glossary() -> str:
    """The words that the app explains."""
    return "\n".join(f"{word}\n: {said}\n" for word, said in sorted(method.GLOSSARY.items()))


def names() -> str:
    """Every public name of the package."""
    return _described("nhcplanner", [one for one in nhcplanner.__all__ if one != "explore"])


def beside() -> str:
    """What the public names take and give beside themselves."""
    return "\n\n".join(_described(module, listed) for module, listed in BESIDE.items())


def questions() -> str:
    """Every public name of `nhcplanner.explore`."""
    return _described("nhcplanner.explore", explore.__all__)


def _described(module: str, listed: list[str]) -> str:
    """Classes, then functions, as their docstrings have them."""
    there = {name: getattr(import_module(module), name) for name in sorted(listed)}
    parts = [_class(module, name, one) for name, one in there.items() if isclass(one)]
    parts += [
        f".. autofunction:: {module}.{name}\n"
        for name, one in there.items()
        if isinstance(one, FunctionType)
    ]
    return "```{eval-rst}\n" + "\n".join(parts) + "\n```"


def _class(module: str, name: str, one: type) -> str:
    """A class with its methods; the keys of a scenario have a page of their own."""
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
    "models": models,
    "names": names,
    "questions": questions,
}
