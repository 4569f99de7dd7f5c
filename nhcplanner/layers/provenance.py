"""Sources and intake records of a place's files, streets, timetable and matrix."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from nhcplanner.base.hashing import hash_file
from nhcplanner.base.text import MOST_EXAMPLES, plural, shortened
from nhcplanner.domain.columns import HLE_BASES
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.need_measures import DEPARTURE, GRADED
from nhcplanner.domain.place import Source
from nhcplanner.layers.health.long_form import PERIOD
from nhcplanner.layers.health.modelled import ABOUT, GRADIENT_SOURCE
from nhcplanner.layers.inputs import Inputs
from nhcplanner.layers.population.attribute_tables import Joined, Matched
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.tables import Table, changed_on


def street_source(path: Path, rows: int | None = None) -> Source:
    """Return the record of the file that streets were read from.

    Parameters
    ----------
    path
        The OpenStreetMap file.
    rows
        Number of edges read from it.
    """
    path = Path(path)
    return Source(
        layer="streets",
        title=f"OpenStreetMap streets, {path.name}",
        publisher="OpenStreetMap contributors",
        address="https://www.openstreetmap.org",
        file=path.name,
        sha256=hash_file(path),
        rows=rows,
        licence="ODbL 1.0",
        attribution="© OpenStreetMap contributors",
        retrieved=changed_on(path),
    )


def height_source(path: Path) -> Source:
    """Return the record of a file of heights."""
    path = Path(path)
    return Source(
        layer="heights",
        title=f"Heights above sea level, {path.name}",
        file=path.name,
        sha256=hash_file(path),
        retrieved=changed_on(path),
    )


def timetable_source(path: Path, dates: str = "") -> Source:
    """Return the record of the file that a timetable was read from.

    Parameters
    ----------
    path
        The GTFS zip.
    dates
        First and last day of its services.
    """
    path = Path(path)
    return Source(
        layer="timetable",
        title=f"Timetable (GTFS), {path.name}",
        vintage=dates,
        file=path.name,
        sha256=hash_file(path),
        retrieved=changed_on(path),
    )


def matrix_source(path: Path, rows: int, notes: tuple[str, ...] = ()) -> Source:
    """Return the record of the file that a matrix of minutes was read from.

    Parameters
    ----------
    path
        The user's file.
    rows
        Number of pairs read from it.
    notes
        Notes on what it lacks.
    """
    path = Path(path)
    return Source(
        layer="matrix",
        title=path.name,
        file=path.name,
        sha256=hash_file(path),
        rows=rows,
        retrieved=changed_on(path),
        notes=notes,
    )


def sources(
    inputs: Inputs, joined: Joined, column_map: ColumnMap, areas: gpd.GeoDataFrame
) -> tuple[Source, ...]:
    """Return one source for each file, and one for the national gradient if it was used."""
    gives = _givers(inputs, joined, areas)
    listed = [
        _source(inputs.areas, "areas", len(inputs.areas.frame), column_map),
        *(_source(one.table, "sites", len(one.table.frame), column_map) for one in inputs.lists),
    ]
    for each in inputs.further:
        source = _source(each.table, each.table.file.split(".")[0], each.rows, column_map)
        listed.append(_covering(source, joined.matched[each.table.file], areas))
        listed += [_source(one, "good_health", len(one.frame), column_map) for one in each.beside]
    listed += [_source(one.table, "lookup", len(one.pairs), column_map) for one in inputs.lookups]
    listed = [replace(source, gives=tuple(gives.get(source.file, ()))) for source in listed]
    listed = [_dated(source, inputs, joined) for source in listed]
    if areas["hle_basis"].isin(GRADED).any():
        listed.append(GRADIENT_SOURCE)
    return tuple(listed)


def intake_records(inputs: Inputs) -> tuple[FileIntake, ...]:
    """Return the intake record of each file: areas, lists, tables and lookups."""
    tables = [
        (inputs.areas, "areas"),
        *((each.table, "sites") for each in inputs.lists),
        *((each.table, "table") for each in inputs.further),
        *((beside, "table") for each in inputs.further for beside in each.beside),
        *((each.table, "lookup") for each in inputs.lookups),
    ]
    return tuple(
        replace(
            table.intake, file=table.file, sha256=hash_file(table.path),
            role=table.intake.role or role,
        )
        for table, role in tables
    )  # fmt: skip


def _source(table: Table, layer: str, rows: int, column_map: ColumnMap) -> Source:
    stated: dict[str, Any] = {
        **column_map.source.get(layer, {}),
        **column_map.source.get(table.file, {}),
    }
    known = {"layer": layer, "title": table.file, "retrieved": changed_on(table.path)}
    stated = known | stated
    return Source(
        file=table.file,
        sha256=hash_file(table.path),
        rows=rows,
        notes=table.notes,
        **stated,
    )


def _covering(source: Source, matched: Matched, areas: gpd.GeoDataFrame) -> Source:
    """Return a note on how many of the place's areas or councils a table covers."""
    if matched.by == "area":
        here = pd.Index(areas["area_code"])
        others = plural(len(matched.codes.difference(here)), "code")
        more = f"; {others} of the table of other areas"
    else:
        councils = areas["council_code"].dropna()
        here = pd.Index(councils.unique())
        covered = int(councils.isin(matched.codes).sum())
        more = f", {covered:,} of {len(areas):,} areas"
    lacking = here.difference(matched.codes)
    more += f"; no row for {shortened(lacking)}" if len(lacking) else ""
    there = len(here) - len(lacking)
    words = f"by {matched.by} code: {there:,} of {len(here):,} {matched.by}s{more}"
    return replace(
        source,
        joined=words,
        matched=there,
        unmatched=len(lacking),
        unmatched_codes=tuple(lacking[:MOST_EXAMPLES]),
        notes=(*source.notes, *matched.notes),
    )


def _givers(inputs: Inputs, joined: Joined, areas: gpd.GeoDataFrame) -> dict[str, list[str]]:
    """Return the columns of the place that come from each file."""
    by_file = {
        inputs.areas.file: list(inputs.area_names),
        **{each.table.file: list(each.names) for each in inputs.lists},
    }
    by_council = {
        each.table.file: [name for name in ABOUT if name in each.table.frame]
        for each in inputs.further
    }
    for file, figures in by_council.items():
        by_file[file] = [*by_file.get(file, ()), *figures]
    for column, (file, _) in joined.given_by.items():
        if column not in by_file.setdefault(file, []):
            by_file[file].append(column)
    return {
        file: [name for name in names if name in areas or name in inputs.sites.frame]
        for file, names in by_file.items()
    }


def _written(year: str) -> str:
    """Return years in the usual form: mid-2022 for mid2022, 2022-24 for 2022_24."""
    return year.replace("_", "-").replace("mid2", "mid-2")


def _dated(source: Source, inputs: Inputs, joined: Joined) -> Source:
    """Return the year of a source: the period read from it, or the years in its columns' names."""
    period = next((note for note in source.notes if note.startswith(PERIOD)), "")
    if period:
        return replace(source, vintage=period.removeprefix(PERIOD).split(":")[0])
    if source.vintage:
        return source
    columns = {
        ours: theirs for ours, (file, theirs) in joined.given_by.items() if file == source.file
    }
    columns = columns or (inputs.area_names if source.layer == "areas" else {})
    years: list[str] = []
    for name in ("people", "imd_rank", "imd_decile", "hle_male", "hle"):
        match = re.search(r"(mid_?)?(19|20)\d{2}(_\d{2})?(?!\d)", columns.get(name, ""))
        years += [_written(match[0])] if match else []
    return replace(source, vintage=years[0]) if years else source


def hle_notes(areas: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Count areas by the basis of their HLE, and name councils without a figure."""
    counts = areas["hle_basis"].value_counts()
    listed = ", ".join(f"{basis} {counts[basis]:,}" for basis in HLE_BASES if basis in counts)
    notes = [f"Number of areas by basis of their HLE: {listed}"]
    if "modelled" in counts:
        notes.append(
            "HLE is modelled so that each council's mean, over those of its areas that the files "
            "hold, is its published figure"
        )
    if areas["hle_basis"].isin(GRADED).any():
        notes.append(_interval_note(areas))
    if "council_code" in areas:
        without = areas[areas["hle_basis"].isin(("national gradient", "missing"))]
        label = "council_name" if "council_name" in areas else "council_code"
        names = sorted(without[label].dropna().unique())
        if names:
            notes.append(
                f"{plural(len(names), 'council')} without an HLE figure: {shortened(names, 200)}"
            )
    return tuple(notes)


def _interval_note(areas: gpd.GeoDataFrame) -> str:
    """Return a note on the certainty of modelled HLE."""
    known = areas["hle_low"].notna() if "hle_low" in areas else areas["hle_basis"].isna()
    modelled = areas["hle_basis"].isin(GRADED)
    if not known[modelled].any():
        return "The published HLE has no interval, so the areas have none either"
    bare = int((modelled & ~known).sum())
    return (
        "The 95% interval of modelled HLE combines the published one with areas' own departure "
        f"from the gradient, taken as {DEPARTURE:g} years (standard deviation)"
        + (f"; {plural(bare, 'area')} of councils without an interval have none" if bare else "")
    )
