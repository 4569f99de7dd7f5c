"""What all commands share: the app, common options, progress, and printing of results."""

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
    "Explore further",
    "Export, rerun and compare",
)
"""Groups of commands in the help, in order."""

CODES = (
    "Exit codes: 0 success, also if no plan can keep the rules; 1 a difference found by "
    "verify, compare or rerun, or a fault of the program; 2 no "
    "result, because the input cannot be used, a source does not answer, or the command was "
    "stopped too soon; 130 stopped at once (Ctrl-C twice)."
)
SHOWN = 50
"""Rows of a table that are printed."""


class Ordered(TyperGroup):
    """A group that lists its commands in the order of `PARTS`."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (its caller's signature)
        """Return the names of all commands in order."""
        panels = {name: getattr(one, "rich_help_panel", "") for name, one in self.commands.items()}
        return sorted(panels, key=lambda name: (*PARTS, panels[name]).index(panels[name]))


def example(words: str) -> str:
    """Return the example below a command's help; tests run it.

    Examples
    --------
    >>> example("check demo")
    'Example: nhcplanner check demo'
    """
    return f"Example: nhcplanner {words}"


def place_folder(text: Path) -> Path:
    """Return the folder of a place, and print which place a name stands for."""
    folder = workflow.open_place(text)
    if folder != text and text != Path("demo"):
        print_message(
            "Place", "blue", f"{text}: from the official layers that come with nhcplanner"
        )
    return folder


def _version(wanted: bool) -> None:
    if wanted:
        echo(version("nhcplanner"))
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
    bool, typer.Option("--no-cache", help="Measure travel times again, and do not store them.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
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


def echo(words: str) -> None:
    """Print text on stdout, with control characters made visible."""
    typer.echo(on_screen(words))


def print_message(label: str, colour: str, words: str) -> None:
    """Print text on stderr after a coloured label; markup in the text is not interpreted."""
    errors.print(Text.assemble((f"{label}:", f"bold {colour}"), " ", on_screen(words)))


@contextmanager
def progressing(
    stopping_words: str = "Stopping with the best plan so far",
) -> Iterator[workflow.Progress]:
    """Show progress on stderr; the first Ctrl-C asks for the best result so far."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        if stopping:
            raise KeyboardInterrupt
        stopping = True
        errors.print(f"{stopping_words}; press Ctrl-C again to stop at once")

    def report(words: str) -> bool:
        status.update(Text(on_screen(words)))
        return not stopping

    before = signal.signal(signal.SIGINT, stop)
    try:
        with errors.status("Reading") as status:
            yield report
    finally:
        signal.signal(signal.SIGINT, before)


def print_json(value: object) -> None:
    """Print one JSON object on stdout."""
    typer.echo(json.dumps(value, indent=2, allow_nan=False))


def print_rows(words: str, rows: list[dict[str, object]], as_json: bool) -> None:
    """Print a text and a table, or both as one JSON object."""
    if as_json:
        print_json({"words": words, "rows": rows})
        return
    echo(words)
    echo(table(pd.DataFrame(rows)) if rows else "  nothing found")


def print_tables(words: str, tables: Mapping[str, pd.DataFrame], as_json: bool) -> None:
    """Print a text and evidence tables, or all as one JSON object."""
    if as_json:
        rows = {name: rows_of(frame) for name, frame in tables.items()}
        print_json({"words": words, "tables": rows})
        return
    echo(words)
    for name, frame in tables.items():
        echo(f"\n{TABLES[name].title}\n{table(frame) if len(frame) else '  none'}")


def rows_of(frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table as plain values, with None for blank cells."""
    rows: list[dict[str, object]] = json.loads(frame.to_json(orient="records"))
    return rows


def table(frame: pd.DataFrame) -> str:
    """Return the first rows of a table as text, and how many more there are."""
    text = frame.head(SHOWN).map(_cell_text).to_string(index=False, na_rep="")
    more = len(frame) - SHOWN
    return f"{text}\n  and {more:,} more rows; use --json to see all" if more > 0 else text


def _cell_text(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(_cell_text(item)) for item in value)
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
    return "" if value is None else value


def print_new_place(folder: Path, as_json: bool) -> None:
    """Say what a place folder that was just made holds, and what comes next."""
    place = workflow.load(folder)
    if as_json:
        print_json({"folder": str(folder), "place": layers.check_json(place)})
        return
    echo(layers.describe(place, brief=True))
    echo(f"\nPlace folder: {folder}\nNext: nhcplanner plan {folder} --out plan")


def read(file: Path | None, settings: list[str] | None) -> Scenario:
    """Read the scenario of `--scenario`, changed by each `--set`."""
    scenario = layers.read_scenario(file) if file else Scenario()
    return scenario.with_settings(settings or [])
