"""Commands on need and on access to today's centres and buildings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nhcplanner import outputs, workflow
from nhcplanner.cli.question import Windows
from nhcplanner.cli.shell import (
    PLAN,
    AsJson,
    Modes,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    echo,
    example,
    print_json,
    print_message,
    print_rows,
    progressing,
    read,
    read_modes,
    rows_of,
    table,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from nhcplanner.domain.scenario import Scenario

ABOUT = (
    "area_code", "area_name", "people", "hle", "hle_low", "hle_high", "hle_basis", "imd_rank",
)  # fmt: skip
"""Columns that show who comes first, and why."""

Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", help="Kind of building, such as gp_practice; repeatable."),
]


@app.command(rich_help_panel=PLAN, epilog=example("need demo --set bands=3"))
def need(
    place: PlaceFolder,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """List the areas in order of need: band, HLE, deprivation and people."""
    import numpy as np
    import pandas as pd

    loaded = workflow.load(place)
    order_of_need = workflow.rank(loaded, read(scenario, settings))
    frame = loaded.areas[[name for name in ABOUT if name in loaded.areas]].assign(
        band=order_of_need.band
    )
    last = frame["band"].where(frame["band"] > 0, np.inf)
    first = [name for name in ("last", "hle", "imd_rank") if name == "last" or name in frame]
    rows = frame.assign(last=last).sort_values(first, kind="stable").drop(columns="last")
    print_rows(f"{loaded.title}: {order_of_need.basis}", rows_of(pd.DataFrame(rows)), as_json)


@app.command(rich_help_panel=PLAN, epilog=example("access demo --kind gp_practice --mode drive"))
def access(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    kind: Kinds = None,
    mode: Modes = None,
    window: Windows = None,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Count the people who reach existing centres, or buildings of some kinds, by each mode."""
    from nhcplanner.outputs.tables import access as tables_access
    from nhcplanner.outputs.wording import terms

    choices = _with_windows(read(scenario, settings), window)
    kinds = tuple(kind or ("existing",))
    with progressing() as progress:
        loaded = workflow.load(place)
        modes = tuple(read_modes(mode) or (choices.mode,))
        result = workflow.today(loaded, choices, kinds, modes, progress).by_mode
    counts_by_mode = {one.mode: _counts(one) for one in result}
    what = tables_access.kinds_in_words(kinds)
    words = f"{loaded.title}: people who reach {what}{_estimate(result[0], choices.reach)}"
    if as_json:
        by_mode = {str(name): counts.to_dict("index") for name, counts in counts_by_mode.items()}
        windows = {one.mode: rows_of(one.windows) for one in result if one.windows is not None}
        hours = {one.mode: one.hours for one in result if one.hours}
        more: dict[str, object] = {"windows": windows, "hours": hours} if windows else {}
        notes = {one.mode: list(one.notes) for one in result if one.notes}
        more |= {"notes": notes} if notes else {}
        print_json({"words": words, "estimate": result[0].estimate, **by_mode, **more})
        return
    echo(words)
    for one in result:
        echo(f"  {terms.WAYS[one.mode]}{f' ({one.hours})' if one.hours else ''}")
        for minutes, row in counts_by_mode[one.mode].iterrows():
            echo(f"    within {minutes:>2} minutes {row['people']:>12,.0f}  {row['share']:6.1%}")
        if one.windows is not None:
            way = terms.WAYS[one.mode]
            for line in tables_access.window_sentences(one.windows, choices, what, way):
                echo(f"    {line}")
    for note in dict.fromkeys(note for one in result for note in one.notes):
        echo(note)
    _say_unused(choices, result)


def _with_windows(scenario: Scenario, windows: list[str] | None) -> Scenario:
    """Return a scenario with the windows of the option, if there are any."""
    from nhcplanner.domain.scenario import Scenario

    if not windows:
        return scenario
    values = scenario.model_dump() | {"transit_windows": tuple(windows)}
    return Scenario.from_settings(values, "--window")


def _say_unused(scenario: Scenario, results: Sequence[workflow.Reached]) -> None:
    """Say if windows were named that change nothing by the modes that were asked for."""
    if scenario.transit_windows and all(one.windows is None for one in results):
        words = "Windows change public and on-demand transport only: add --mode transit"
        print_message("Note", "yellow", words)


def _counts(reached: workflow.Reached) -> pd.DataFrame:
    """Return people and share within each number of minutes."""
    within = reached.assessment.people_within[["people_after", "share_after"]]
    return within.set_axis(["people", "share"], axis="columns").rename(index=int)


def _estimate(reached: workflow.Reached, reach: float) -> str:
    """Describe the error of estimated minutes; empty for measured minutes."""
    if not reached.estimate:
        return ""
    return (
        f". Minutes are an estimate: half of official figures are within "
        f"{reached.half_within:.1f} minutes of {reach:g}"
    )


@app.command(
    rich_help_panel=PLAN,
    epilog=example("gaps demo --kind gp_practice --mode walk --out left-out"),
)
def gaps(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    kind: Kinds = None,
    mode: Annotated[
        str,
        typer.Option(
            help="How people travel: walk, cycle, transit, on_demand or drive. By default as "
            "in the scenario.",
        ),
    ] = "",
    window: Windows = None,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder for the areas (CSV) and the travel-time areas (GeoJSON)."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show who has no access today: by band, deprivation and kind of place, and by area."""
    from nhcplanner.outputs.tables import access as tables_access
    from nhcplanner.outputs.wording import terms

    kinds, rules = tuple(kind or ("existing",)), _with_windows(read(scenario, settings), window)
    (way,) = read_modes([mode]) if mode else (rules.mode,)
    files: tuple[Path, ...] = ()
    with progressing() as progress:
        loaded = workflow.load(place)
        result = workflow.today(loaded, rules, kinds, (way,), progress).by_mode[0]
        far = workflow.unserved(loaded, result, rules.reach)
        if out is not None:
            ground = workflow.ground(loaded, rules, kinds, way, progress)
            files = outputs.write_left_out(loaded, far, ground, out)
    groups = {
        title: frame.rename_axis(axis).reset_index()
        for title, axis, frame in tables_access.groups(result.assessment, rules.reach)
    }
    if result.windows is not None:
        for title, frame in tables_access.windows_by_group(result.windows):
            groups[f"{title}, share within {rules.reach:g} minutes in each window"] = (
                frame.reset_index()
            )
    groups["Areas from which most people reach none, those in most need first"] = far
    words = tables_access.summary(loaded, kinds, {way: result.assessment}, rules.reach)
    words = f"{words.removesuffix('.')}{_estimate(result, rules.reach)}."
    if result.windows is not None:
        what = tables_access.kinds_in_words(kinds)
        lines = tables_access.window_sentences(result.windows, rules, what, terms.WAYS[way])
        words = " ".join([words, *lines])
    if as_json:
        rows = {title: rows_of(frame) for title, frame in groups.items()}
        print_json({"words": words, "tables": rows, "files": [str(path) for path in files]})
        return
    echo(f"{loaded.title}: {words}")
    for title, frame in groups.items():
        echo(f"\n{title}\n{table(frame)}")
    for path in files:
        echo(f"  {path}")
    _say_unused(rules, [result])
