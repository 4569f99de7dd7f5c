"""The command line: the story's steps, with plain words for what goes wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from nhcplanner import layers, outputs, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.errors import PlannerError
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.explore import price_of_priority

app = typer.Typer(
    name="nhcplanner",
    help="Decide, in the open, where England's neighbourhood health centres go.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

ScenarioFile = Annotated[
    Path | None, typer.Option("--scenario", help="Scenario file (TOML).", metavar="F.toml")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change one key of the scenario; repeatable.", metavar="key=value"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")]


@app.callback()
def settings(debug: Debug = False) -> None:
    """Decide, in the open, where England's neighbourhood health centres go."""


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("out/demo"),
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Plan the SYNTHETIC demo place: from nothing to a plan in one command."""
    scenario = _scenario(layers.demo_scenario(), settings)
    outcome = _plan(workflow.demo_place(), scenario, out, as_json)
    if not as_json:
        typer.echo(_price(outcome))
        typer.echo("\nExplore it in the app: nhcplanner app   (from a checkout: make app)")


@app.command()
def build(  # noqa: PLR0913, PLR0917  (an option a parameter)
    areas: Annotated[Path, typer.Option(help="Areas: GeoPackage, GeoParquet, GeoJSON, SHP, CSV.")],
    sites: Annotated[Path, typer.Option(help="Candidate sites: the same formats.")],
    out: Annotated[Path, typer.Option(help="The place folder to make.")],
    streets: Annotated[Path | None, typer.Option(help="OpenStreetMap extract (.osm.pbf).")] = None,
    gtfs: Annotated[Path | None, typer.Option(help="Bus timetable (GTFS zip).")] = None,
    table: Annotated[
        list[Path] | None, typer.Option(help="Table to join by area or council code; repeatable.")
    ] = None,
    columns: Annotated[Path | None, typer.Option(help="Column map (TOML).")] = None,
    name: Annotated[str, typer.Option(help="Name of the place.")] = "",
    origins: Annotated[
        str,
        typer.Option(
            help="Where people start: postcodes, or a file of points; else one point an area.",
            metavar="postcodes|F.csv",
        ),
    ] = "",
    matrix: Annotated[
        Path | None, typer.Option(help="Your own matrix of times (CSV, long or wide).")
    ] = None,
    matrix_unit: Annotated[
        str, typer.Option(help="Where its header does not say.", metavar="minutes|seconds")
    ] = "",
) -> None:
    """Make a place folder from your own files."""
    with _progress() as progress:
        tables = tuple(table or ())
        own = workflow.OwnFiles(
            areas, sites, tables, columns, streets, gtfs, name, origins, matrix, matrix_unit
        )
        folder = workflow.build(own, out, progress)
    typer.echo(layers.describe(workflow.load(folder)))
    typer.echo(f"\nPlace folder: {folder}\nNext: nhcplanner plan {folder} --out plan")


@app.command()
def check(place: Annotated[Path, typer.Argument(help="Place folder.")]) -> None:
    """Say what a place folder holds and what is missing."""
    typer.echo(layers.describe(workflow.load(place)))


@app.command()
def access(
    place: Annotated[Path, typer.Argument(help="Place folder.")],
    kind: Annotated[
        list[str] | None, typer.Option(help="Kind of building, e.g. gp_practice; repeatable.")
    ] = None,
    mode: Annotated[
        list[str] | None, typer.Option(help="walk, cycle, transit or drive; repeatable.")
    ] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Count who reaches existing centres, or buildings of some kinds, by each mode."""
    found = {}
    with _progress() as progress:
        held = workflow.load(place)
        for one in mode or ["walk"]:
            scenario = Scenario().with_settings([*(settings or []), f"mode={one}"])
            found[one] = workflow.reaching(held, scenario, kind or [], progress)
    if as_json:
        said = {one: table.to_dict("index") for one, table in found.items()}
        typer.echo(json.dumps(said, indent=2))
        return
    what = ", ".join(kind).replace("_", " ") if kind else "existing centre"
    typer.echo(f"{held.title}: people who reach a {what}")
    for one, table in found.items():
        typer.echo(f"  {one}")
        for minutes, row in table.iterrows():
            typer.echo(
                f"    within {minutes:>2} minutes {row['people']:>12,.0f}  {row['share']:6.1%}"
            )


@app.command()
def plan(
    place: Annotated[Path, typer.Argument(help="Place folder.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")],
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Site the centres of a place and write map, tables, GIS files and the record."""
    _plan(workflow.load(place), _scenario(scenario, settings), out, as_json)


@app.command(name="app")
def open_app(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    headless: Annotated[bool, typer.Option(help="Do not open a browser.")] = False,
) -> None:
    """Open the app in the browser."""
    beside = Path(str(files("nhcplanner"))) / "app.py"
    script = beside if beside.exists() else beside.parent.parent / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += [f"--server.headless={str(headless).lower()}", *outputs.APP_OPTIONS]
    raise typer.Exit(subprocess.call(command))  # noqa: S603  (our own interpreter and script)


@contextmanager
def _progress() -> Iterator[workflow.Progress]:
    """Say on stderr what is being done; a first Ctrl-C asks the optimiser for its best so far."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        if stopping:
            raise KeyboardInterrupt
        stopping = True
        errors.print("Stopping with the best plan so far; Ctrl-C again gives up")

    def told(words: str) -> bool:
        status.update(escape(words))
        return not stopping

    before = signal.signal(signal.SIGINT, stop)
    try:
        with errors.status("Reading") as status:
            yield told
    finally:
        signal.signal(signal.SIGINT, before)


def main() -> None:
    """Run the command line; a failure is one message and exit code 2."""
    try:
        app()
    except PlannerError as error:
        if "--debug" in sys.argv:
            raise
        errors.print(f"[bold red]Error:[/] {escape(str(error))}")
        sys.exit(2)


def _scenario(file: Path | None, settings: list[str] | None) -> Scenario:
    scenario = layers.read_scenario(file) if file else Scenario()
    return scenario.with_settings(settings or [])


def _price(outcome: Outcome) -> str:
    """What priority costs, on a line; empty where nothing was planned or nobody comes first."""
    price = None
    if outcome.scenario.model == "lowest_hle_first":
        price = price_of_priority(outcome.problem, outcome.plan, outcome.scenario.time_limit)
    if price is None:
        return ""
    share = price.people / outcome.place.people
    return (
        f"\nWithout priority the same rules reach {price.most_people:,.0f} people: putting the "
        f"worst-off first costs {price.people:,.0f} people's reach ({share:.1%} of all)."
    )


def _plan(place: Place, scenario: Scenario, out: Path, as_json: bool) -> Outcome:
    with _progress() as progress:
        outcome = workflow.run(place, scenario, progress)
        progress("Writing files")
        paths = workflow.publish(outcome, out)
    if as_json:
        typer.echo(json.dumps(outputs.as_json(outcome, paths), indent=2, allow_nan=False))
        return outcome
    typer.echo(outputs.summary(outcome))
    typer.echo("\nFiles:")
    for path in paths:
        typer.echo(f"  {path}")
    return outcome
