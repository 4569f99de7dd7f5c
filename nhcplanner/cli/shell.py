"""What every command shares: the app, its options, progress, and how results are said."""

from __future__ import annotations

import json
import math
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from nhcplanner import layers, workflow
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.sanitise import on_screen

START, PLACE, PLAN, ASK, HAND_IN = PARTS = (
    "Start here",
    "Make a place",
    "Measure and plan",
    "Ask beyond one plan",
    "Hand in, run again, compare",
)
"""Under what a command stands in the help."""

CODES = (
    "Exit codes: 0 an answer, which may be that no plan keeps the rules; 1 a fault of the program; "
    "2 no answer: input that cannot be used, a source that does not answer, or stopped too soon; "
    "130 stopped at once (Ctrl-C twice)."
)
SHOWN = 50
"""Rows of a table on the screen."""


class Ordered(TyperGroup):
    """Commands in the order in which a planner comes to need them."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (its caller's signature)
        """Names of all commands."""
        panels = {name: getattr(one, "rich_help_panel", "") for name, one in self.commands.items()}
        return sorted(panels, key=lambda name: (*PARTS, panels[name]).index(panels[name]))


def example(words: str) -> str:
    """What stands below a command's help: a call of it that works.

    Examples
    --------
    >>> example("check demo")
    'Example: nhcplanner check demo'
    """
    return f"Example: nhcplanner {words}"


def place_folder(text: Path) -> Path:
    """Find the folder of a place that a command was given, and say how a name was understood."""
    folder = workflow.open_place(text)
    if folder != text and text != Path("demo"):
        say_beside("Place", "blue", f"{text}: from the official layers that come with nhcplanner")
    return folder


def _version(asked: bool) -> None:
    if asked:
        say(version("nhcplanner"))
        raise typer.Exit


app = typer.Typer(
    name="nhcplanner",
    cls=Ordered,
    epilog=CODES,
    help="Decide, in the open, where England's neighbourhood health centres go.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

ScenarioFile = Annotated[
    Path | None, typer.Option("--scenario", help="Scenario file (TOML).", metavar="F.toml")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change one key of the scenario; repeatable.", metavar="key=value"),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Measure afresh: neither use nor keep measured times.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")]
Version = Annotated[
    bool,
    typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True),
]
PlaceFolder = Annotated[
    Path,
    typer.Argument(
        help="Place folder; or a council, ICB or region of England by name (see places); or the "
        "word demo for the SYNTHETIC demo place.",
        callback=place_folder,
    ),
]


@app.callback()
def settings(version: Version = False, debug: Debug = False) -> None:
    """Decide, in the open, where England's neighbourhood health centres go."""


def say(words: str) -> None:
    """Print text on stdout; what would steer the terminal is shown as a number."""
    typer.echo(on_screen(words))


def say_beside(label: str, colour: str, words: str) -> None:
    """Print text on stderr behind a label in colour; nothing in the text is markup."""
    errors.print(Text.assemble((f"{label}:", f"bold {colour}"), " ", on_screen(words)))


@contextmanager
def progressing(
    stopping_words: str = "Stopping with the best plan so far",
) -> Iterator[workflow.Progress]:
    """Say on stderr what is being done; a first Ctrl-C asks for the best so far."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        if stopping:
            raise KeyboardInterrupt
        stopping = True
        errors.print(f"{stopping_words}; Ctrl-C again gives up")

    def told(words: str) -> bool:
        status.update(Text(on_screen(words)))
        return not stopping

    before = signal.signal(signal.SIGINT, stop)
    try:
        with errors.status("Reading") as status:
            yield told
    finally:
        signal.signal(signal.SIGINT, before)


def tell_json(said: object) -> None:
    """Print one JSON object on stdout."""
    typer.echo(json.dumps(said, indent=2, allow_nan=False))


def tell(words: str, rows: list[dict[str, object]], as_json: bool) -> None:
    """Say words and a table on stdout, or both as one JSON object."""
    if as_json:
        tell_json({"words": words, "rows": rows})
        return
    say(words)
    say(table(pd.DataFrame(rows)) if rows else "  nothing found")


def tell_tables(words: str, tables: Mapping[str, pd.DataFrame], as_json: bool) -> None:
    """Say words and the evidence tables of some names on stdout, or all as one JSON object."""
    if as_json:
        tell_json({"words": words, "tables": {name: rows_of(one) for name, one in tables.items()}})
        return
    say(words)
    for name, frame in tables.items():
        say(f"\n{TABLES[name].title}\n{table(frame) if len(frame) else '  none'}")


def rows_of(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of a table as plain values, None where a cell is blank."""
    rows: list[dict[str, object]] = json.loads(frame.to_json(orient="records"))
    return rows


def table(frame: pd.DataFrame) -> str:
    """A table's first rows as text, and how many more there are."""
    shown = frame.head(SHOWN).map(_shown).to_string(index=False, na_rep="")
    more = len(frame) - SHOWN
    return f"{shown}\n  and {more:,} more rows: --json gives them all" if more > 0 else shown


def _shown(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(_shown(one)) for one in value)
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
    return "" if value is None else value


def tell_made(folder: Path, as_json: bool) -> None:
    """Say what a place folder that was just made holds, and what comes next."""
    held = workflow.load(folder)
    if as_json:
        tell_json({"folder": str(folder), "place": layers.check_json(held)})
        return
    say(layers.describe(held, brief=True))
    say(f"\nPlace folder: {folder}\nNext: nhcplanner plan {folder} --out plan")


def read(file: Path | None, settings: list[str] | None) -> Scenario:
    """Read the scenario of `--scenario`, changed by each `--set`."""
    scenario = layers.read_scenario(file) if file else Scenario()
    return scenario.with_settings(settings or [])
