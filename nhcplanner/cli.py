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

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape

from nhcplanner import explore, layers, outputs, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.errors import Fault, InputError, PlannerError
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario

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
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Measure afresh: neither use nor keep measured times.")
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
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Site the centres of a place and write map, tables, GIS files and the record."""
    _plan(workflow.load(place), _scenario(scenario, settings), out, as_json, keep=not no_cache)


@app.command()
def phases(
    place: Annotated[Path, typer.Argument(help="Place folder.")],
    wave: Annotated[
        list[str], typer.Option(help="Centres open by then, e.g. 2030=120; repeatable, in order.")
    ],
    backwards: Annotated[bool, typer.Option(help="Plan the last wave first.")] = False,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Plan in waves: what opens stays open, earlier waves lowest HLE first."""
    wanted = _scenario(scenario, settings)
    with _progress() as progress:
        held = workflow.load(place)
        problem, model = workflow.question(held, wanted, progress)
        found = explore.plan_in_waves(
            problem,
            model,
            [_wave(one) for one in wave],
            order="backwards" if backwards else "forwards",
            time_limit=wanted.time_limit,
            progress=workflow.spoken(progress),
        )
    ids = held.sites["site_id"]
    rows = [
        {
            "wave": one.wave.name,
            "centres": len(one.plan.opened),
            "status": one.plan.status,
            "gap": _widest([stage.gap for stage in one.plan.stages]),
            "people": sum(one.by_band.values()),
            "given_up": [price.lost for price in one.prices],
            "opens": ids.iloc[list(one.new)].tolist(),
        }
        for one in found.waves
    ]
    _tell(f"{held.title}: waves, planned {found.order}. {found.reason}".strip(), rows, as_json)


@app.command()
def alternatives(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: Annotated[Path, typer.Argument(help="Place folder.")],
    within: Annotated[float, typer.Option(help="At most so many % from the best possible.")] = 2.0,
    differ: Annotated[int, typer.Option(help="Plans differ in so many centres.")] = 2,
    number: Annotated[int, typer.Option(help="At most so many plans.")] = 5,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Find different plans that are each nearly as good as any plan can be."""
    wanted = _scenario(scenario, settings)
    with _progress() as progress:
        held = workflow.load(place)
        problem, model = workflow.question(held, wanted, progress)
        near = explore.Near(within / 100, differ, number)
        found = explore.alternatives(
            problem,
            model,
            near,
            time_limit=wanted.time_limit,
            progress=workflow.spoken(progress),
        )
    ids = held.sites["site_id"]
    rows = [
        {
            "plan": number,
            "people": [stage.value for stage in one.stages],
            "not_in_the_first": ids.iloc[
                sorted(set(one.opened) - set(found.plans[0].opened))
            ].tolist(),
            "opens": ids.iloc[list(one.opened)].tolist(),
        }
        for number, one in enumerate(found.plans, 1)
    ]
    _tell(f"{held.title}: {found.words}", rows, as_json)


@app.command()
def frontier(
    place: Annotated[Path, typer.Argument(help="Place folder.")],
    first: Annotated[str, typer.Option(help="people, worst_off, centres, cost, ...")] = "people",
    second: Annotated[str, typer.Option(help="The goal to trade it against.")] = "worst_off",
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Trace what one goal costs the other, each point a plan with its gap."""
    wanted = _scenario(scenario, settings)
    with _progress() as progress:
        held = workflow.load(place)
        problem, _ = workflow.question(held, wanted, progress)
        pace = explore.Pace(seconds=wanted.time_limit)
        points = explore.frontier(
            problem, first, second, pace=pace, progress=workflow.spoken(progress)
        )
        found = explore.curve(points)
    ids = held.sites["site_id"]
    rows = [
        {
            found.points[0].first.goal: point.first.value,
            found.points[0].second.goal: point.second.value,
            "gap": point.gap,
            "knee": number in found.knees,
            "opens": ids.iloc[list(point.plan.opened)].tolist(),
        }
        for number, point in enumerate(found.points)
    ]
    _tell(f"{held.title}: what {first} costs {second}", rows, as_json)


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


def _widest(gaps: list[float | None]) -> float | None:
    """The widest gap; None where there is none or one is not known, never 0 for unknown."""
    known = [gap for gap in gaps if gap is not None]
    return max(known) if known and len(known) == len(gaps) else None


def _wave(text: str) -> explore.Wave:
    name, _, count = text.partition("=")
    if not (name and count.isdigit()):
        raise InputError([Fault(f"'{text}' is no wave", "--wave", mend="Give e.g. 2030=120")])
    return explore.Wave(name, int(count))


def _tell(words: str, rows: list[dict[str, object]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"words": words, "rows": rows}, indent=2, allow_nan=False))
        return
    typer.echo(words)
    shown = [{key: _shown(value) for key, value in row.items()} for row in rows]
    typer.echo(pd.DataFrame(shown).to_string(index=False) if rows else "  nothing found")


def _shown(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(_shown(one)) for one in value)
    return f"{value:,.10g}" if isinstance(value, float) else value


def _scenario(file: Path | None, settings: list[str] | None) -> Scenario:
    scenario = layers.read_scenario(file) if file else Scenario()
    return scenario.with_settings(settings or [])


def _price(outcome: Outcome) -> str:
    """What priority costs, on a line; empty where nothing was planned or nobody comes first."""
    price = None
    if outcome.scenario.model == "lowest_hle_first":
        price = explore.price_of_priority(
            outcome.problem, outcome.plan, outcome.scenario.time_limit
        )
    if price is None:
        return ""
    share = price.people / outcome.place.people
    return (
        f"\nWithout priority the same rules reach {price.most_people:,.0f} people: putting the "
        f"worst-off first costs {price.people:,.0f} people's reach ({share:.1%} of all)."
    )


def _plan(place: Place, scenario: Scenario, out: Path, as_json: bool, keep: bool = True) -> Outcome:
    with _progress() as progress:
        outcome = workflow.run(place, scenario, progress, keep=keep)
        paths = workflow.publish(outcome, out, progress)
    if as_json:
        typer.echo(json.dumps(outputs.as_json(outcome, paths), indent=2, allow_nan=False))
        return outcome
    typer.echo(outputs.summary(outcome))
    typer.echo("\nFiles:")
    for path in paths:
        typer.echo(f"  {path}")
    return outcome
