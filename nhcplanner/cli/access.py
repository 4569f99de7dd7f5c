"""Commands that say who is in need, who reaches what there is, and who does not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

from nhcplanner import outputs, workflow
from nhcplanner.cli.shell import (
    PLAN,
    AsJson,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    example,
    progressing,
    read,
    rows_of,
    say,
    table,
    tell,
    tell_json,
)
from nhcplanner.domain.scenario import Mode, Scenario

ABOUT = (
    "area_code", "area_name", "people", "hle", "hle_low", "hle_high", "hle_basis", "imd_rank",
)  # fmt: skip
"""Columns that tell who comes first, and why."""

Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help="Kind of building, e.g. gp_practice; repeatable."),
]


@app.command(rich_help_panel=PLAN, epilog=example("need demo --set bands=3"))
def need(
    place: PlaceFolder,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """List the areas, those that come first first: band, HLE, deprivation and people."""
    held = workflow.load(place)
    found = workflow.rank(held, read(scenario, settings))
    frame = held.areas[[name for name in ABOUT if name in held.areas]].assign(band=found.band)
    last = frame["band"].where(frame["band"] > 0, np.inf)
    first = [name for name in ("last", "hle", "imd_rank") if name == "last" or name in frame]
    ordered = frame.assign(last=last).sort_values(first, kind="stable").drop(columns="last")
    tell(f"{held.title}: {found.basis}", rows_of(pd.DataFrame(ordered)), as_json)


@app.command(rich_help_panel=PLAN, epilog=example("access demo --kind gp_practice --mode drive"))
def access(
    place: PlaceFolder,
    kind: Kinds = None,
    mode: Annotated[
        list[str] | None, typer.Option(help="walk, cycle, transit or drive; repeatable.")
    ] = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Count who reaches existing centres, or buildings of some kinds, by each mode."""
    found = {}
    with progressing() as progress:
        held = workflow.load(place)
        for one in mode or ["walk"]:
            scenario = Scenario().with_settings([*(settings or []), f"mode={one}"])
            found[one] = workflow.reaching(held, scenario, kind or [], progress)
    if as_json:
        tell_json({one: table.to_dict("index") for one, table in found.items()})
        return
    what = ", ".join(kind).replace("_", " ") if kind else "existing centre"
    say(f"{held.title}: people who reach a {what}")
    for one, counts in found.items():
        say(f"  {one}")
        for minutes, row in counts.iterrows():
            say(f"    within {minutes:>2} minutes {row['people']:>12,.0f}  {row['share']:6.1%}")


@app.command(
    rich_help_panel=PLAN,
    epilog=example("gaps demo --kind gp_practice --mode walk --out left-out"),
)
def gaps(
    place: PlaceFolder,
    kind: Kinds = None,
    mode: Annotated[Mode, typer.Option(help="How people travel.")] = "walk",
    settings: Settings = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for the areas (CSV) and isochrones (GeoJSON)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say who is left out today: by band, deprivation and kind of place, then area by area."""
    from nhcplanner.outputs.tables import access as tables_access  # noqa: PLC0415 - maps come with it: slow to import

    chosen, files = tuple(kind or ["existing"]), ()
    with progressing() as progress:
        held, scenario = workflow.load(place), read(None, settings)
        found = workflow.today(held, scenario, chosen, (mode,), progress).by_mode[0]
        far = workflow.unserved(held, found, scenario.reach)
        if out is not None:
            ground = workflow.ground(held, scenario, chosen, mode, progress)
            files = outputs.write_left_out(held, far, ground, out)
    groups = {
        title: frame.rename_axis(axis).reset_index()
        for title, axis, frame in tables_access.groups(found.assessment, scenario.reach)
    }
    groups["Areas from which most people reach none, those in most need first"] = far
    words = tables_access.summary(held, chosen, {mode: found.assessment}, scenario.reach)
    words += " Minutes are an estimate." if found.estimate else ""
    if as_json:
        rows = {title: rows_of(frame) for title, frame in groups.items()}
        tell_json({"words": words, "tables": rows, "files": [str(path) for path in files]})
        return
    say(f"{held.title}: {words}")
    for title, frame in groups.items():
        say(f"\n{title}\n{table(frame)}")
    for path in files:
        say(f"  {path}")
