"""Commands that make many plans at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from nhcplanner import scale, workflow
from nhcplanner.base.text import plural
from nhcplanner.cli.shell import (
    ASK,
    AsJson,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    example,
    place_folder,
    progressing,
    read,
    rows_of,
    say,
    table,
    tell_json,
)
from nhcplanner.scale.sweep import sweep as sweep_place

Jobs = Annotated[int | None, typer.Option(help="Processes of this machine; by default one a core.")]
Dask = Annotated[
    str, typer.Option(help="Plan on the workers of this Dask scheduler.", metavar="tls://HOST:PORT")
]
KEPT = "Stopping; plans that are finished are kept"
SWEPT = ["scenario", "model", "mode", "reach", "status", "gap", "centres", "people_after"]
PARTED = ["part", "name", "people", "status", "gap", "centres", "people_after"]


@app.command(
    rich_help_panel=ASK,
    epilog=example("sweep 'scenarios/*.toml' --place demo --out swept --set time_limit=20"),
)
def sweep(  # noqa: PLR0913, PLR0917  (an option a parameter)
    scenarios: Annotated[
        list[str], typer.Argument(help="Scenario files (TOML); * stands for many.")
    ],
    place: Annotated[Path, typer.Option("--place", help="Place folder.", callback=place_folder)],
    out: Annotated[Path, typer.Option("--out", help="Folder for the table and the plans.")],
    settings: Settings = None,
    jobs: Jobs = None,
    dask: Dask = "",
    as_json: AsJson = False,
) -> None:
    """Plan a place by many scenarios at once; run again, it makes only what is missing."""
    asked = scale.read_scenarios(scenarios, settings or [])
    with progressing(KEPT) as progress:
        crew = scale.Executor(jobs, dask, progress)
        found = sweep_place(workflow.load(place), asked, out, crew)
    words = f"{found.record['place']}: {plural(len(found.table), 'scenario')}"
    _tell(words, found.table, SWEPT, found.files, as_json)


@app.command(
    rich_help_panel=ASK,
    epilog=example("everywhere demo --by council_code --share people --out all --set count=8"),
)
def everywhere(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the tables and the record.")],
    by: Annotated[
        str, typer.Option(help="Column of the areas that says which part each is in.")
    ] = "icb_code",
    share: Annotated[
        str,
        typer.Option(
            help="Of count and budget: the same for each part, or shared out by people or by "
            "people of the first band.",
            metavar="|".join(scale.SHARES),
        ),
    ] = "each",
    scenario: ScenarioFile = None,
    settings: Settings = None,
    jobs: Jobs = None,
    dask: Dask = "",
    as_json: AsJson = False,
) -> None:
    """Plan every part of a place at once, each by itself: all ICBs of England, say."""
    asked = read(scenario, settings)
    with progressing(KEPT) as progress:
        crew = scale.Executor(jobs, dask, progress)
        found = scale.plan_everywhere(workflow.load(place), asked, by, share, out, crew)
    outcome = found.outcome
    within = outcome.assessment.people_within.loc[asked.reach]
    words = (
        f"{outcome.place.title}: {plural(len(outcome.plan.opened), 'centre')} in "
        f"{plural(len(found.table), 'part')}, each planned by itself; "
        f"within {asked.reach:g} minutes {within['people_after']:,.0f} people "
        f"({within['share_after']:.1%}), {within['share_before']:.1%} before"
    )
    _tell(words, found.table, PARTED, found.files, as_json)


def _tell(
    words: str, found: pd.DataFrame, shown: list[str], files: tuple[Path, ...], as_json: bool
) -> None:
    if as_json:
        named = [str(path) for path in files]
        tell_json({"words": words, "rows": rows_of(found), "files": named})
        return
    say(words)
    say(table(found[shown]))
    say("\nFiles:")
    for path in files:
        say(f"  {path}")
