"""Commands that make many plans at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nhcplanner import scale, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.cli.shell import (
    ASK,
    PLACE_HELP,
    AsJson,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    echo,
    example,
    place_folder,
    print_json,
    print_message,
    progressing,
    read,
    rows_of,
    table,
)

if TYPE_CHECKING:
    import pandas as pd

Jobs = Annotated[
    int | None, typer.Option(help="Processes on this machine; by default one for each core.")
]
Dask = Annotated[
    str, typer.Option(help="Plan on the workers of this Dask scheduler.", metavar="tls://HOST:PORT")
]
STOPPING = "Stopping; finished plans are kept"
SWEPT = ["scenario", "model", "mode", "reach", "status", "gap", "centres", "people_after"]
SWEPT_PARTS = ["scenario", "model", "mode", "reach", "parts_proved", "centres", "people_after"]
PARTED = ["part", "name", "people", "status", "gap", "centres", "people_after"]


@app.command(
    rich_help_panel=ASK,
    epilog=example("sweep demo 'scenarios/*.toml' --out swept --set time_limit=20"),
)
def sweep(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: Annotated[Path, typer.Argument(help=PLACE_HELP)],
    out: Annotated[Path, typer.Option("--out", help="Folder for the table and the plans.")],
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Scenario files (TOML); * matches many files.")
    ] = None,
    old_place: Annotated[Path | None, typer.Option("--place", hidden=True)] = None,
    settings: Settings = None,
    jobs: Jobs = None,
    dask: Dask = "",
    as_json: AsJson = False,
) -> None:
    """Plan a place for many scenarios at once; a second run makes only missing plans."""
    from nhcplanner.scale.sweep import sweep as sweep_place

    named, files = place, list(scenarios or ())
    if old_place is not None:
        print_message("Note", "yellow", "the place comes first now: sweep PLACE SCENARIOS")
        named, files = old_place, [str(place), *files]
    if not files:
        raise InputError([Fault("no scenario is given", hint="Write: sweep PLACE SCENARIOS")])
    scenarios_by_name = scale.read_scenarios(files, settings or [])
    folder = place_folder(named)
    with progressing(STOPPING) as progress:
        executor = scale.Executor(jobs, dask, progress)
        result = sweep_place(workflow.load(folder), scenarios_by_name, out, executor)
    words = f"{result.record['place']}: {plural(len(result.table), 'scenario')}"
    _print_result(words, result.table, SWEPT, result.files, as_json)


@app.command(
    rich_help_panel=ASK,
    epilog=example("everywhere demo --by council_code --share people --out all --set count=8"),
)
def everywhere(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the tables and the record.")],
    by: Annotated[
        str, typer.Option(help="Column of the areas with the part that each belongs to.")
    ] = "icb_code",
    share: Annotated[
        str,
        typer.Option(
            help="Count and budget: the same for each part, or shared out by people, or by people "
            "of band 1.",
            metavar="|".join(scale.SHARES),
        ),
    ] = "each",
    scenarios: Annotated[
        list[str] | None,
        typer.Option(
            "--scenarios",
            help="Scenario files (TOML), each planned for every part; * matches many files.",
            metavar="F.toml",
        ),
    ] = None,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    jobs: Jobs = None,
    dask: Dask = "",
    as_json: AsJson = False,
) -> None:
    """Plan each part of a place separately, for example all ICBs of England."""
    if scenarios:
        if scenario is not None:
            hint = "Name it with --scenarios too"
            raise InputError([Fault("--scenario and --scenarios exclude each other", hint=hint)])
        named = scale.read_scenarios(scenarios, settings or [])
        with progressing(STOPPING) as progress:
            executor = scale.Executor(jobs, dask, progress)
            swept = scale.sweep_everywhere(workflow.load(place), named, by, share, out, executor)
        parts = plural(len(swept.parts), "plan")
        known = f", {swept.from_store} from an earlier run" if swept.from_store else ""
        words = f"{plural(len(swept.table), 'scenario')}{known}: {parts} of parts"
        _print_result(words, swept.table, SWEPT_PARTS, swept.files, as_json)
        return
    choices = read(scenario, settings)
    with progressing(STOPPING) as progress:
        executor = scale.Executor(jobs, dask, progress)
        result = scale.plan_everywhere(workflow.load(place), choices, by, share, out, executor)
    outcome = result.outcome
    within = outcome.assessment.people_within.loc[choices.reach]
    words = (
        f"{outcome.place.title}: {plural(len(outcome.plan.opened), 'centre')} in "
        f"{plural(len(result.table), 'part')}, each planned by itself; "
        f"within {choices.reach:g} minutes {within['people_after']:,.0f} people "
        f"({within['share_after']:.1%}), {within['share_before']:.1%} before"
    )
    _print_result(words, result.table, PARTED, result.files, as_json)


def _print_result(
    words: str, rows: pd.DataFrame, columns: list[str], files: tuple[Path, ...], as_json: bool
) -> None:
    if as_json:
        names = [str(path) for path in files]
        print_json({"words": words, "rows": rows_of(rows), "files": names})
        return
    echo(words)
    echo(table(rows[columns]))
    echo("\nFiles:")
    for path in files:
        echo(f"  {path}")
