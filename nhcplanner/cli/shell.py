"""Common parts of all commands: the app, options, progress, and printing of results."""

from __future__ import annotations

import json
import math
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, cast, get_args

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from nhcplanner import layers, workflow
from nhcplanner.base.errors import Fault, InputError, PlannerError, disk_fault
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.sanitise import on_screen

if TYPE_CHECKING:
    import pandas as pd

START, PLACE, PLAN, ASK, HAND_IN, HOST = PARTS = (
    "Start here",
    "Make a place",
    "Measure and plan",
    "Explore further",
    "Export, rerun and compare",
    "Run the app for others",
)
"""Groups of commands in the help, in order."""

CODES = (
    "Exit codes: 0 success, also if no plan can keep the rules; 1 a difference found by verify, "
    "compare or rerun, or a fault of the program; 2 no result, because the input cannot be used, "
    "a source does not answer, or the command was stopped too soon; 130 stopped at once (Ctrl-C "
    "twice)."
)
SHOWN = 50
"""Rows of a table that are printed."""

JSON_VERSION = 1
"""Version of the layout of JSON output; a new number means that keys were removed or renamed."""

CODE = 2
"""Exit code of every command that has no result."""

USAGE_ERROR = cast("type[Exception]", typer.BadParameter.mro()[1])
"""Class of all errors about arguments and options; typer does not export it."""

AS_JSON = "nhcplanner.as_json"
"""Key under which a context has whether the output is JSON."""

_command: ContextVar[str] = ContextVar("command", default="")
"""Name of the command that runs, for its JSON output."""


class OrderedGroup(TyperGroup):
    """A group that lists its commands in the order of `PARTS`, and prints errors as JSON too."""

    def make_context(self, info_name: Any, args: list[str], *rest: Any, **extra: Any) -> Any:
        """Return the context; notes the name of the command for its JSON output."""
        words = list(args)  # typer takes its own words out of the list
        name_command(next((word for word in words if word in self.commands), ""))
        with _usage_errors_in_json("--json" in words):
            context = super().make_context(info_name, args, *rest, **extra)
        context.meta[AS_JSON] = "--json" in words
        return context

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _usage_errors_in_json(ctx.meta[AS_JSON]):
            return super().invoke(ctx)

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
    """Return the folder of a place, and print which place a name means."""
    folder = workflow.open_place(text)
    if folder == text:
        return folder
    other = " (the folder of this name here is no place folder)" if text.exists() else ""
    if text != Path("demo"):
        words = f"{text}: from the official layers that come with nhcplanner{other}"
        print_message("Place", "blue", words)
    elif other:
        print_message("Place", "blue", f"the SYNTHETIC demo place{other}")
    return folder


def place_or_plan(text: Path) -> Path:
    """Return a saved plan as it is, or the folder of a place."""
    return text if is_saved_plan(text) and text != Path("demo") else place_folder(text)


def is_saved_plan(path: Path) -> bool:
    """Return whether a path is a saved plan and not a place folder."""
    return path.suffix == ".json" or (
        (path / "plan.json").is_file() and not layers.is_place_folder(path)
    )


def _version(show: bool) -> None:
    if show:
        echo(version("nhcplanner"))
        raise typer.Exit


app = typer.Typer(
    name="nhcplanner",
    cls=OrderedGroup,
    epilog=CODES,
    help="Decide, in the open, where England's neighbourhood health centres go.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

ScenarioFile = Annotated[
    Path | None, typer.Option("--scenario", help="Scenario file (TOML).", metavar="F.toml")
]


def complete_setting(incomplete: str) -> list[str]:
    """Return keys of a scenario, or the values of a key that has a list of them, for Tab.

    Examples
    --------
    >>> complete_setting("hor"), complete_setting("mode=t")
    (['horizon='], ['mode=transit'])
    """
    key, equals, start = incomplete.partition("=")
    if not equals:
        return [f"{name}=" for name in Scenario.model_fields if name.startswith(key)]
    field = Scenario.model_fields.get(key)
    values = get_args(field.annotation) if field else ()
    known = list(values)
    if key == "model":
        from nhcplanner.models import catalogue

        known += catalogue
    return [f"{key}={one}" for one in known if isinstance(one, str) and one.startswith(start)]


def complete_list(incomplete: str, known: Iterable[str]) -> list[str]:
    """Return words that continue a list with commas, for Tab.

    Examples
    --------
    >>> complete_list("xlsx,h", ["xlsx", "html"])
    ['xlsx,html']
    """
    before, comma, start = incomplete.rpartition(",")
    return [f"{before}{comma}{one}" for one in known if one.startswith(start)]


Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Change one key of the scenario; repeatable.",
        metavar="key=value",
        autocompletion=complete_setting,
    ),
]
Seconds = Annotated[
    float | None,
    typer.Option(
        help="Time for the searches, in seconds: for the plan, and again for a question about it. "
        "Short for --set time_limit.",
    ),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Measure travel times again, and do not store them.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
ColumnMapFile = Annotated[
    Path | None, typer.Option("--columns", help="Column map (TOML) of the file that you give.")
]
Assume = Annotated[
    list[str] | None,
    typer.Option(
        "--assume", help="Answer to a question about a file; repeatable.", metavar="KEY=VALUE"
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Version = Annotated[
    bool,
    typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True),
]
PLACE_HELP = (
    "Place folder; or a council, ICB or region of England by name (see places); or the word demo "
    "for the SYNTHETIC demo place."
)
PlaceFolder = Annotated[Path, typer.Argument(help=PLACE_HELP, callback=place_folder)]
PlaceOrPlan = Annotated[
    Path,
    typer.Argument(
        metavar="PLACE|PLAN",
        help=f"{PLACE_HELP} Or a plan: the folder written by 'plan --out', or plan.json.",
        callback=place_or_plan,
    ),
]
Modes = Annotated[
    list[str] | None,
    typer.Option(
        "--mode",
        help="How people travel: walk, cycle, transit, on_demand or drive; repeatable. By default "
        "as in the scenario.",
        autocompletion=lambda incomplete: complete_list(incomplete, get_args(Mode)),
    ),
]
OtherPlace = Annotated[
    Path | None, typer.Option("--place", help="Place of the plan, if it has moved since.")
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


def name_command(name: str) -> None:
    """Set the command that JSON output names."""
    _command.set(name)


def print_json(values: Mapping[str, object]) -> None:
    """Print one JSON object on stdout: version of its layout, command, and the values."""
    envelope: dict[str, object] = {"version": JSON_VERSION, "command": _command.get()}
    typer.echo(json.dumps(envelope | dict(values), indent=2, allow_nan=False))


def print_error(words: str, faults: Sequence[Fault], code: int = CODE) -> None:
    """Print an error as one JSON object on stdout; its message goes to stderr as well."""
    listed = [asdict(fault) for fault in faults]
    print_json({"error": {"message": words, "exit_code": code, "faults": listed}})


def fail(error: PlannerError | OSError, as_json: bool) -> NoReturn:
    """Print an error, as JSON too if that is wanted, and exit with 2."""
    known = error if isinstance(error, PlannerError) else InputError([disk_fault(error)])
    words = str(known)
    print_message("Error", "red", words)
    if as_json:
        faults = known.faults if isinstance(known, InputError) else (Fault(words),)
        print_error(words, faults)
    sys.exit(CODE)


@contextmanager
def _usage_errors_in_json(as_json: bool) -> Iterator[None]:
    """Print an error about an argument or an option as JSON too; typer prints its message."""
    try:
        yield
    except USAGE_ERROR as error:
        if as_json:
            words: str = getattr(error, "format_message", error.__str__)()
            print_error(words, (Fault(words, hint=f"See nhcplanner {_command.get()} --help"),))
        raise


def print_rows(words: str, rows: list[dict[str, object]], as_json: bool) -> None:
    """Print a text and a table, or both as one JSON object."""
    if as_json:
        print_json({"words": words, "rows": rows})
        return
    import pandas as pd

    echo(words)
    echo(table(pd.DataFrame(rows)) if rows else "  nothing found")


def print_tables(words: str, tables: Mapping[str, pd.DataFrame], as_json: bool) -> None:
    """Print a text and evidence tables, or all as one JSON object."""
    from nhcplanner.domain.evidence_tables import TABLES

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
    """Print what a new place folder holds, and the next command."""
    place = workflow.load(folder)
    if as_json:
        print_json({"folder": str(folder), "place": layers.check_json(place)})
        return
    echo(layers.describe(place, brief=True))
    echo(f"\nPlace folder: {folder}\nNext: nhcplanner plan {folder} --out plan")


def read_modes(names: list[str] | None) -> list[Mode]:
    """Return the modes of travel that `--mode` names.

    Raises
    ------
    InputError
        For every word that is no mode.
    """
    known: tuple[Mode, ...] = get_args(Mode)
    faults = [
        Fault(f"there is no mode '{name}'", "--mode", hint=f"Give {', '.join(known)}")
        for name in names or ()
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    return [mode for name in names or () for mode in known if mode == name]


def read(file: Path | None, settings: list[str] | None, seconds: float | None = None) -> Scenario:
    """Read the scenario of `--scenario`, changed by each `--set` and by `--seconds`."""
    scenario = layers.read_scenario(file) if file else Scenario()
    return scenario.with_settings([*(settings or []), *time_limit(seconds)])


def time_limit(seconds: float | None) -> list[str]:
    """Return `--seconds` as a setting of the scenario; none if it is not given."""
    return [] if seconds is None else [f"time_limit={seconds:g}"]
