"""Commands on need and on access to today's centres and buildings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nhcplanner import outputs, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.cli.question import Answer, Windows, make_plan, question_about
from nhcplanner.cli.shell import (
    ASK,
    PLAN,
    AsJson,
    Modes,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    complete_list,
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

    from nhcplanner.domain.assessment import Outcome
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


Measures = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        help="Measure of fairness, or method of floating catchments (2sfca, e2sfca, 3sfca, "
        "gaussian); repeatable, or all. The command measures explains them.",
        autocompletion=lambda incomplete: complete_list(incomplete, [ALL, *_measure_names()]),
    ),
]
Supply = Annotated[
    str,
    typer.Option(
        help="What floating catchments share out: buildings, or a column of numbers of the sites, "
        "such as floor_area_m2, list_size or staff.",
    ),
]
Catchment = Annotated[
    float, typer.Option(help="Minutes of a floating catchment; at most the horizon.")
]
ALL = "all"


def _measure_names() -> list[str]:
    return [str(name) for name in workflow.list_measures()["name"]]


@app.command(rich_help_panel=PLAN, epilog=example("access demo --kind gp_practice --mode drive"))
def access(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    kind: Kinds = None,
    mode: Modes = None,
    window: Windows = None,
    measure: Measures = None,
    supply: Supply = "buildings",
    catchment: Catchment = 30.0,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Count the people who reach existing centres, or buildings of some kinds, by each mode.

    With --measure, also say how fairly access is spread, and how much of the buildings' supply
    each person can reach.
    """
    from nhcplanner.outputs.tables import access as tables_access

    choices = _with_windows(read(scenario, settings), window)
    kinds = tuple(kind or ("existing",))
    names = _read_measures(measure)
    with progressing() as progress:
        loaded = workflow.load(place)
        modes = tuple(read_modes(mode) or (choices.mode,))
        result = workflow.today(loaded, choices, kinds, modes, progress).by_mode
        shared = {
            one: [
                workflow.floating_catchments(
                    loaded, choices, kinds, one, name, supply, catchment, progress
                )
                for name in names
                if name in workflow.METHODS
            ]
            for one in modes
        }
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
        if names:
            more["measures"] = {one.mode: rows_of(_chosen(one, names)) for one in result}
            more["catchments"] = {
                one: [_catchment_json(found) for found in founds] for one, founds in shared.items()
            }
        print_json({"words": words, "estimate": result[0].estimate, **by_mode, **more})
        return
    echo(words)
    for one in result:
        _print_reached(one, choices, what)
        _print_measures(one, names, shared[one.mode])
    for note in dict.fromkeys(note for one in result for note in one.notes):
        echo(note)
    _say_unused(choices, result)


def _read_measures(words: list[str] | None) -> list[str]:
    """Return the names of measures, in the order of the registry; raise for an unknown one."""
    known = _measure_names()
    named = {part for word in words or () for part in word.split(",") if part}
    faults = [
        Fault(f"no measure is called '{name}'", hint=suggest(name, known))
        for name in sorted(named - {*known, ALL})
    ]
    if faults:
        raise InputError(faults)
    return [name for name in known if name in named or ALL in named]


def _chosen(reached: workflow.Reached, names: list[str]) -> pd.DataFrame:
    """Return the rows of the measures that are named."""
    assert reached.measures is not None  # `today` measures all
    return reached.measures[reached.measures["name"].isin(names)]


def _print_reached(reached: workflow.Reached, choices: Scenario, what: str) -> None:
    """Print the people within each number of minutes, and in each window."""
    from nhcplanner.outputs.tables import access as tables_access
    from nhcplanner.outputs.wording import terms

    way = terms.WAYS[reached.mode]
    echo(f"  {way}{f' ({reached.hours})' if reached.hours else ''}")
    for minutes, row in _counts(reached).iterrows():
        echo(f"    within {minutes:>2} minutes {row['people']:>12,.0f}  {row['share']:6.1%}")
    if reached.windows is not None:
        for line in tables_access.window_sentences(reached.windows, choices, what, way):
            echo(f"    {line}")


def _print_measures(
    reached: workflow.Reached, names: list[str], shared: list[workflow.CatchmentAccess]
) -> None:
    """Print measures of fairness, then access by each method of floating catchments."""
    from nhcplanner.outputs.tables import access as tables_access

    chosen = _chosen(reached, names)
    if not chosen.empty:
        figures = tables_access.measure_table(chosen).drop(columns=["What it says", "Better"])
        echo(f"\n{table(figures)}\n{reached.note}.")
    for found in shared:
        _print_catchments(found)
    if len(shared) == 1:  # each method has its own demand
        echo(f"\nUse of the buildings\n{table(shared[0].use)}")


def _print_catchments(found: workflow.CatchmentAccess) -> None:
    """Print access by floating catchments in sentences and by fifth of deprivation."""
    from nhcplanner.outputs.tables import access as tables_access
    from nhcplanner.outputs.wording import terms

    way = terms.WAYS[found.mode]
    echo(f"\n{workflow.METHODS[found.method].title}")
    for line in tables_access.catchment_sentences(
        found.measures, found.supply, found.catchment, way
    ):
        echo(f"  {line}")
    if found.by_fifth is not None:
        echo(f"\nBy fifth of deprivation, for 1,000 people\n{table(found.by_fifth.reset_index())}")


def _catchment_json(found: workflow.CatchmentAccess) -> dict[str, object]:
    fifths = [] if found.by_fifth is None else rows_of(found.by_fifth.reset_index())
    return {
        "method": found.method,
        "supply": found.supply,
        "catchment": found.catchment,
        "figures": found.measures,
        "by_fifth": fifths,
        "areas": rows_of(found.areas),
        "buildings": rows_of(found.use),
    }


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


@app.command(rich_help_panel=ASK, epilog=example("competition demo --set count=4"))
@question_about(make_plan)
def competition(outcome: Outcome, _: workflow.Progress, kind: Kinds = None) -> Answer:
    """Show where the people of each new centre would otherwise go: other centres, or --kind."""
    from nhcplanner.outputs.tables import access as tables_access

    others = tables_access.kinds_in_words(tuple(kind)) if kind else "another open centre"
    words = f"{outcome.place.title}: the nearest {others.partition(' ')[2]}"
    words += " that people of each new centre would otherwise use"
    return Answer(words, {"competition": workflow.competition(outcome, tuple(kind or ()))})
