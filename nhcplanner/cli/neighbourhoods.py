"""Command for neighbourhoods: built, read from a column or a file, or moved by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from nhcplanner import layers, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.shell import (
    PLAN,
    AsJson,
    Assume,
    ColumnMapFile,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    echo,
    example,
    print_json,
    progressing,
    read,
    rows_of,
    table,
)
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.neighbourhoods import (
    LEAST,
    LEVELS,
    MOST,
    TARGET,
    Blocks,
    Bounds,
    Division,
)
from nhcplanner.domain.place import Place
from nhcplanner.outputs import write_neighbourhoods
from nhcplanner.outputs.tables import neighbourhoods as tables

COLUMN, NETWORKS = "column", "networks"
SHOWN = ["neighbourhood", "people", "year", "areas", "in_bounds", "pieces", "minutes", "farthest"]


@app.command(rich_help_panel=PLAN, epilog=example("neighbourhoods demo --out footprints"))
def neighbourhoods(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the lookup, tables and footprints.")
    ] = None,
    place_out: Annotated[
        Path | None,
        typer.Option("--place-out", help="New place folder whose areas have neighbourhoods."),
    ] = None,
    given: Annotated[
        str,
        typer.Option(
            "--from",
            help="Take existing neighbourhoods: the word column (of the areas), a file with "
            "area_code and neighbourhood, or polygons with a name.",
            metavar="column|FILE",
        ),
    ] = "",
    patients: Annotated[
        Path | None,
        typer.Option(
            help="Take primary care networks: an area belongs to the network of most of its "
            "registered patients, in a file by practice and LSOA. With --keep-whole networks, "
            "neighbourhoods are built of whole networks."
        ),
    ] = None,
    networks: Annotated[
        Path | None,
        typer.Option(
            help="With --patients: network of each practice, by default that of the place's sites."
        ),
    ] = None,
    target: Annotated[
        float, typer.Option(help="Desired number of people in a neighbourhood.")
    ] = TARGET,
    least: Annotated[float, typer.Option(help="Smallest number of people.")] = LEAST,
    most: Annotated[float, typer.Option(help="Largest number of people.")] = MOST,
    within: Annotated[
        list[str] | None,
        typer.Option(
            help="Column of the areas whose borders no neighbourhood crosses, by default "
            "district_code; repeatable."
        ),
    ] = None,
    blocks: Annotated[Blocks, typer.Option(help="Units that are not divided.")] = "msoa",
    keep_whole: Annotated[
        str,
        typer.Option(
            help="Groups that are not divided: a file with area_code and a name, or the word "
            "networks (of --patients).",
            metavar="FILE|networks",
        ),
    ] = "",
    year: Annotated[
        int | None,
        typer.Option(help="Divide by the people of this year, by the place's projection."),
    ] = None,
    mode: Annotated[Mode, typer.Option(help="How people travel to the middle.")] = "drive",
    move: Annotated[
        list[str] | None,
        typer.Option(help="Move one area by hand; repeatable.", metavar="AREA=NEIGHBOURHOOD"),
    ] = None,
    level: Annotated[
        list[str] | None,
        typer.Option(
            help="Group neighbourhoods again: multi, place or system, with other bounds as "
            "multi=250000-400000; repeatable.",
            metavar="LEVEL[=LEAST-MOST]",
        ),
    ] = None,
    keep_councils: Annotated[
        bool,
        typer.Option("--keep-councils", help="Councils stay whole in groups, where they fit."),
    ] = False,
    alternatives: Annotated[
        int, typer.Option(min=0, max=9, help="Number of different divisions to compare.")
    ] = 0,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", help="Plan whose centres count, instead of those open today."),
    ] = None,
    columns: ColumnMapFile = None,
    assume: Assume = None,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Divide a place into neighbourhoods of about 50,000 people, or take existing ones."""
    bounds = Bounds(target, least, most, tuple(within or ()), True, blocks, mode)
    rules = read(scenario, [*(settings or []), *([] if year is None else [f"year={year}"])])
    answered = layers.read_answered_map(columns, assume or ())
    _check(given, patients, networks, keep_whole)
    files: list[Path] = []
    with progressing("Stopping") as progress:
        loaded = workflow.load(place)
        lookup = _lookup(given or keep_whole, patients, networks, loaded, answered)
        if given or (patients is not None and not keep_whole):
            first = workflow.take_neighbourhoods(loaded, lookup, bounds, rules, progress)
            others: tuple[workflow.AlternativeDivision, ...] = ()
        else:
            first, others = workflow.neighbourhood_alternatives(
                loaded, alternatives, bounds, rules, lookup, progress
            )
        division = _move_areas(first, move or [])
        nested = workflow.nest_neighbourhoods(
            loaded, division, _levels(level or []), rules, keep_councils, progress
        )
        with_names = workflow.with_neighbourhoods(loaded, division, nested)
        opened = None if plan is None else workflow.open_plan(plan, None, progress)
        without = {
            level: workflow.neighbourhoods_without_centre(with_names, rules, opened, level)
            for level in ("neighbourhood", *nested)
        }
        if out is not None:
            files += write_neighbourhoods(loaded, division, out, nested)
        if place_out is not None:
            files.append(layers.write_place(with_names, place_out))
    changed = tables.changes(first, division)
    _print(loaded, division, nested, others, without, changed, files, as_json)


def _check(given: str, patients: Path | None, networks: Path | None, keep_whole: str) -> None:
    """Raise InputError for options that need or exclude each other."""
    faults = []
    needs = "Give --patients, the file of registered patients by practice and area"
    if networks is not None and patients is None:
        faults.append(Fault("networks of practices say nothing of areas", "--networks", hint=needs))
    if keep_whole == NETWORKS and patients is None:
        faults.append(Fault("networks of areas are not known", "--keep-whole", hint=needs))
    if given and (patients is not None or keep_whole):
        hint = "Leave out --from, or the others"
        words = "neighbourhoods are either taken or built"
        faults.append(Fault(f"--from with --patients or --keep-whole: {words}", hint=hint))
    if patients is not None and keep_whole not in ("", NETWORKS):
        hint = "Give --keep-whole networks, or leave out one of the two"
        faults.append(Fault("--patients and a file of groups both say what stays whole", hint=hint))
    if faults:
        raise InputError(faults)


def _lookup(
    given: str, patients: Path | None, networks: Path | None, place: Place,
    answered: layers.ColumnMap,
) -> layers.Lookup | None:  # fmt: skip
    """Return the groups of areas that are taken or stay whole; None = none, or the column."""
    if patients is not None:
        return layers.network_lookup(patients, networks, place, answered)
    return None if given in ("", COLUMN) else layers.read_lookup(Path(given), place, answered)


def _levels(texts: list[str]) -> dict[str, Bounds]:
    """Return the bounds of each level, from texts such as multi=250000-400000."""
    levels = {}
    for text in texts:
        name, equals, span = text.partition("=")
        if name not in LEVELS:
            hint = f"Use {', '.join(LEVELS)}"
            raise InputError([Fault(f"no level is called {name}", "--level", hint=hint)])
        levels[name] = LEVELS[name].bounds
        if equals:
            low, _, high = span.partition("-")
            try:
                least, most = float(low), float(high)
            except ValueError:
                hint = "Give the fewest and the most people, such as multi=250000-400000"
                fault = Fault(f"'{text}' is not LEVEL=LEAST-MOST", "--level", hint=hint)
                raise InputError([fault]) from None
            levels[name] = Bounds((least + most) / 2, least, most)
    return levels


def _move_areas(division: Division, moves: list[str]) -> Division:
    for text in moves:
        area, equals, name = text.partition("=")
        if not equals:
            hint = "Give AREA=NEIGHBOURHOOD, such as E01012049=Rutland 1"
            raise InputError([Fault(f"'{text}' is not AREA=NEIGHBOURHOOD", "--move", hint=hint)])
        division = workflow.move_area(division, area.strip(), name)
    return division


def _shown(division: Division) -> pd.DataFrame:
    frame = tables.footprints(division)
    return frame[[name for name in SHOWN if name in frame]]


def _without_centre(division: Division, rows: pd.DataFrame) -> str:
    what = f"{division.noun.capitalize()}s without a centre, those in most need first"
    return f"{what}\n{table(rows) if len(rows) else '  none'}\n"


def _print(  # noqa: PLR0913, PLR0917  (each is a part of what is printed)
    place: Place,
    division: Division,
    nested: dict[str, Division],
    others: tuple[workflow.AlternativeDivision, ...],
    without: dict[str, pd.DataFrame],
    moves: pd.DataFrame,
    files: list[Path],
    as_json: bool,
) -> None:
    rows = pd.DataFrame(
        [
            {
                "alternative": number,
                "people_elsewhere": alternative.share_moved,
                "minutes": alternative.division.mean_minutes,
                "more_minutes": alternative.division.mean_minutes - division.mean_minutes,
            }
            for number, alternative in enumerate(others, 1)
        ]
    )
    if as_json:
        print_json({
            "words": division.summary, "footprints": rows_of(tables.footprints(division)),
            "parts": rows_of(division.parts), "notes": list(division.notes),
            "without_centre": rows_of(without["neighbourhood"]), "changed": rows_of(moves),
            "alternatives": rows_of(rows), "areas": rows_of(tables.lookup(division, nested)),
            "levels": {
                level: {"words": one.summary, "footprints": rows_of(tables.footprints(one)),
                        "parts": rows_of(one.parts), "notes": list(one.notes),
                        "without_centre": rows_of(without[level])}
                for level, one in nested.items()
            },
            "files": [str(path) for path in files],
        })  # fmt: skip
        return
    echo(f"{place.title}: {division.summary}\n")
    echo(table(_shown(division)))
    echo(f"\nParts\n{table(division.parts)}")
    if len(moves):
        echo(f"\nMoved by hand\n{table(moves)}")
    if len(rows):
        echo(f"\nAlternatives (share of people in another footprint)\n{table(rows)}")
    echo(f"\n{_without_centre(division, without['neighbourhood'])}")
    for level, groups in nested.items():
        echo(f"{groups.summary}\n{table(_shown(groups))}\n")
        echo(_without_centre(groups, without[level]))
    for note in dict.fromkeys([*division.notes, *(n for g in nested.values() for n in g.notes)]):
        echo(f"  {note}")
    for path in files:
        echo(f"  {path}")
