"""Housing sites: new homes of a user's list or a brownfield register, in the areas they lie in."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.intake import Answers, EventKind, Question
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.domain.projection import HOMES
from nhcplanner.layers.geocoding.coordinates import plain
from nhcplanner.layers.geocoding.locate import whereabouts
from nhcplanner.layers.population.origins import areas_around
from nhcplanner.layers.readers.cells import dotted_rows, numbers
from nhcplanner.layers.readers.column_map import ColumnMap, without_unused
from nhcplanner.layers.readers.columns import read_columns, record_columns
from nhcplanner.layers.readers.tables import Table, changed_on

PEOPLE_PER_HOME = 2.41
"""People a home where a list names none: 56,490,056 residents in 23,436,382 households of England,
Census 2021."""
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        "site_name(_address)?|name|site_?name_?address", "site(_?reference)?",
        "(site_?)?address|full_name",
    ),
    "homes": (
        r"homes|dwellings(_when_complete)?|net_?(additional_)?(dwellings|homes)",
        r"units|number_of_(homes|dwellings|units)|homes_proposed",
    ),
    "minimum": (r"min(imum)?_?net_?dwellings", r"net_?dwellings_?range_?from"),
    "maximum": (r"max(imum)?_?net_?dwellings", r"net_?dwellings_?range_?to"),
    "year": (
        r"year",
        r"(year_of_)?completion(_year)?|complete(d)?_by(_year)?|year_complete(d)?|built_by",
    ),
    "people_per_home": (r"people_(per|a)_(home|dwelling)", r"(average_)?household_size"),
    "ended": (r"end_?date|date_removed|removed(_on)?",),
}  # fmt: skip
"""Columns of a list of housing sites, beside those of their place."""
YEAR = r"((?:19|20|21)\d\d)(?:\.0)?(?:-\d\d-\d\d.*)?"
REGISTER = {"geox": "x", "geoy": "y"}
"""Headings of coordinates in the brownfield register standard of 2017."""
MOST_PEOPLE_PER_HOME = 12.0
MOST_HOMES = 10_000
"""Homes of one site, at most: England's largest new settlements are planned for about so many."""


def with_housing(place: Place, path: Path, column_map: ColumnMap | None = None) -> Place:
    """Return a place with the new homes of a list.

    Parameters
    ----------
    place
        With a projection.
    path
        A list of sites with homes, year of completion, perhaps people a home, and coordinates, a
        postcode or shapes; or a brownfield register.
    column_map
        What the user says of the list: columns in `[tables."FILE"]`, and answers: "homes.year",
        "homes.range" (minimum or maximum), "homes.people".

    Raises
    ------
    InputError
        With every fault and question of the list, and if the place has no projection.
    """
    if place.projection is None:
        words = "new homes need a population projection, because they count in a later year"
        raise InputError(
            [Fault(words, Path(path).name, hint="Give a population projection too: --projections")]
        )
    table, homes = read_housing(Path(path), column_map)
    area = areas_around(place.areas, homes)
    shapes = place.areas.geom_type.isin(["Point"])
    if shapes.all():
        nearest = place.areas.sindex.nearest(homes.geometry.array, return_all=False)[1]
        area = pd.Series(place.areas["area_code"].to_numpy()[nearest], index=homes.index)
        words = "areas have no borders: homes are counted in the nearest area"
        table = table.with_event("doubt", words, len(homes))
    outside = area.isna().to_numpy()
    if outside.all():
        words = "none of its sites is in an area of the place"
        raise InputError([Fault(words, table.file, hint="Check their coordinates")])
    if outside.any():
        names = homes.loc[outside, "name"]
        words = f"{plural(int(outside.sum()), 'site')} in no area of the place"
        table = table.with_event("left out", words, int(outside.sum()), map(str, names))
    inside = homes.assign(area_code=area, easting=homes.geometry.x, northing=homes.geometry.y)[
        ~outside
    ]
    made = plain(inside)[list(HOMES)].sort_values(["area_code", "name"], ignore_index=True)
    source = Source(
        layer="housing",
        title=f"Housing sites, {table.file}",
        file=table.file,
        sha256=hash_file(table.path),
        rows=len(made),
        retrieved=changed_on(table.path),
    )
    record = replace(table.intake, role="housing", sha256=source.sha256)
    built = made[made["year"] <= place.projection.base_year]
    if len(built):
        words = (
            f"{plural(len(built), 'site')} complete by {place.projection.base_year}: their people "
            "are counted in the areas already"
        )
        record = record.with_event("left out", words, len(built), map(str, built["name"]))
    note = (
        f"{plural(len(made), 'housing site')} with {made['homes'].sum():,.0f} homes, complete "
        f"{made['year'].min():.0f} to {made['year'].max():.0f}: {table.file}"
    )
    return replace(
        place,
        projection=replace(place.projection, homes=made),
        sources=(*place.sources, source),
        intake=(*place.intake, record),
        notes=(*place.notes, note),
    )


def read_housing(path: Path, column_map: ColumnMap | None = None) -> tuple[Table, gpd.GeoDataFrame]:
    """Read a list of housing sites.

    Returns
    -------
    Table, GeoDataFrame
        The record of how it was read; and `name`, `homes`, `year`, `people_per_home`, with points
        in EPSG:27700.

    Raises
    ------
    InputError
        With every fault and question of the list.
    """
    column_map = column_map or ColumnMap()
    reading, names = read_columns(path, HEADINGS, column_map, tuple(HEADINGS))
    table, answers = _known_places(without_unused(reading, column_map)), column_map.answers
    if not {"homes", "minimum", "maximum"} & set(names):
        there = shortened(map(str, plain(table.frame)), 8)
        hint = "Give a column homes, year and, if known, people_per_home"
        raise InputError([Fault(f"has no column of homes: it has {there}", table.file, hint=hint)])
    faults: list[Fault] = []
    frame = pd.DataFrame(index=table.frame.index)
    frame["name"] = _names(table, names)
    table, frame["homes"] = _homes(table, names, answers, faults)
    frame["year"] = _years(table, names, answers, faults)
    table, frame["people_per_home"] = _people(table, names, answers, faults)
    used = {ours: theirs for ours, theirs in names.items() if ours in frame}
    placed, lost = whereabouts(table, column_map.tables.get(table.file, {}))
    ended = _ended(table, names)
    empty = (frame["homes"].fillna(0.0) == 0) | ended
    blank = {row + table.first_row for row in np.flatnonzero(empty).tolist()}
    faults = [*faults, *(fault for fault in lost if fault.row not in blank)]
    if faults:
        raise InputError(table.numbered(faults))
    table = record_columns(placed, used, frame, {})
    for flags, words in ((ended, "removed from the register"), (empty & ~ended, "without homes")):
        if flags.any():
            rows = [f"row {table.row_number(int(row))}" for row in np.flatnonzero(flags)]
            count = int(flags.sum())
            table = table.with_event("left out", f"{plural(count, 'site')} {words}", count, rows)
    dotted = frame.index.isin(frame.index[dotted_rows(table.frame[names["homes"]])])
    shown = frame.assign(dotted=dotted)[~empty]
    table = _report_odd_homes(table, shown, placed.frame.geometry[~empty])
    shapes = gpd.GeoSeries(placed.frame.geometry)
    inner = shapely.point_on_surface(shapes.to_numpy())
    areal = int((~shapes.geom_type.isin(["Point"]) & ~empty).sum())
    if areal:
        table = table.with_event(
            "converted", f"{plural(areal, 'shape')} taken as a point inside it"
        )
    made = gpd.GeoDataFrame(frame, geometry=inner, crs=CRS)
    return table, made[~empty].reset_index(drop=True)


def _ended(table: Table, names: dict[str, str]) -> pd.Series:
    """Sites that a register says are removed from it, by an end date."""
    if "ended" not in names:
        return pd.Series(data=False, index=table.frame.index)
    text = table.frame[names["ended"]].astype("string").str.strip().fillna("")
    return text.ne("").astype("bool")


def _report_odd_homes(table: Table, frame: pd.DataFrame, shapes: gpd.GeoSeries) -> Table:
    """The table with lines for sites listed twice, and for numbers of homes that may be slips."""
    whole = (frame["homes"] % 1 == 0) & ~frame["dotted"]
    keys = frame.assign(shape=gpd.GeoSeries(shapes).to_wkb())[["name", "homes", "year", "shape"]]
    tests: list[tuple[pd.Series, EventKind, str]] = [
        (keys.duplicated(keep="first"), "duplicate", "in a row above too: homes count twice"),
        (~whole, "doubt", "with decimals: is a point a thousands separator?"),
        (frame["homes"] > MOST_HOMES, "doubt", f"with more than {MOST_HOMES:,} homes"),
    ]
    for flags, kind, words in tests:
        if flags.any():
            at = np.flatnonzero(table.frame.index.isin(frame.index[flags]))
            homes = frame["homes"].reindex(table.frame.index)
            rows = [f"row {table.row_number(int(n))}: {homes.iloc[int(n)]:g}" for n in at]
            count = int(flags.sum())
            table = table.with_event(kind, f"{plural(count, 'site')} {words}", count, rows)
    return table


def register_coordinates(table: Table) -> dict[str, str]:
    """Return the coordinates that headings of a brownfield register mean, by heading."""
    headings = {simple_name(str(name)): str(name) for name in table.frame}
    system = headings.get("coordinatereferencesystem")
    renamed = {}
    if set(REGISTER) <= set(headings):
        words = "" if system is None else " ".join(table.frame[system].dropna().astype(str)).upper()
        pair = ("lon", "lat") if re.search("WGS|4326|ETRS", words) else ("easting", "northing")
        renamed = {headings[one]: ours for one, ours in zip(REGISTER, pair, strict=True)}
    if "point" in headings and "geometry" not in headings:
        renamed[headings["point"]] = "wkt"
    return renamed


def _known_places(table: Table) -> Table:
    """Name coordinates of brownfield registers by names that are read."""
    renamed = register_coordinates(table)
    return table.with_frame(table.frame.rename(columns=renamed)) if renamed else table


def _names(table: Table, names: dict[str, str]) -> pd.Series:
    numbered = [f"site {table.row_number(row)}" for row in range(len(table.frame))]
    plain_names = pd.Series(numbered, index=table.frame.index)
    if "name" not in names:
        return plain_names
    given = table.frame[names["name"]].astype("string").str.strip()
    return given.where(given.notna() & (given != ""), plain_names).astype("str")


def _homes(
    table: Table, names: dict[str, str], answers: Answers, faults: list[Fault]
) -> tuple[Table, pd.Series]:
    """Homes of each site, whose column `names` then has; blank where none are given."""
    if "homes" in names:
        return table, _figures(table, names["homes"], "homes", faults)
    ends = _with_figures(table, names)
    which = answers.find("homes.range", table.file)
    if len(ends) > 1 and not which:
        words = "gives a smallest and a largest number of homes"
        faults.append(
            Question(words, table.file, key="homes.range", answers=("minimum", "maximum"))
        )
    column = names["homes"] = ends.get(which) or next(iter(ends.values()))
    if which:
        table = table.with_event("assumed", f"homes are '{column}'")
    values = _figures(table, column, "homes", faults)
    for other in ends.values():
        rest = values if other == column else _figures(table, other, "homes", faults)
        filled = values.isna() & rest.notna()
        if filled.any():
            words = f"'{column}' is blank in {plural(int(filled.sum()), 'row')}: '{other}' counts"
            table = table.with_event("default", words, int(filled.sum()))
            values = values.fillna(rest)
    return table, values


def _with_figures(table: Table, names: dict[str, str]) -> dict[str, str]:
    """Columns of the smallest and largest number of homes, without one that is blank throughout."""
    ends: dict[str, str] = {key: names[key] for key in ("minimum", "maximum") if key in names}
    filled = {key: one for key, one in ends.items() if table.frame[one].notna().any()}
    return filled or ends


def _figures(table: Table, column: str, noun: str, faults: list[Fault]) -> pd.Series:
    """Read figures of 0 or more; blank stays missing, and other cells are faults."""
    cells = table.frame[column]
    values = numbers(cells)
    text = cells.astype("string").str.strip().fillna("")
    wrong = (values.isna() & (text != "")) | (values < 0)
    hint = f"Give a number of {noun}, 0 or more, or leave it blank"
    faults += [
        Fault(f"'{text.iloc[row]}' is not a number of {noun}", table.file,
              int(row) + table.first_row, column, hint)
        for row in np.flatnonzero(wrong)
    ]  # fmt: skip
    return values


def _years(table: Table, names: dict[str, str], answers: Answers, faults: list[Fault]) -> pd.Series:
    """Year of completion of each site."""
    stated = answers.find("homes.year", table.file)
    found = pd.Series(np.nan, index=table.frame.index)
    some = len(found)
    if "year" in names:
        text = table.frame[names["year"]].astype("string").str.strip().fillna("")
        found = pd.to_numeric(text.str.extract(f"^{YEAR}$")[0]).astype("float64")
        hint = "Give the year in which the homes are complete, e.g. 2031"
        faults += [
            Fault(f"'{text.iloc[row]}' is not a year", table.file, int(row) + table.first_row,
                  names["year"], hint)
            for row in np.flatnonzero(found.isna() & (text != ""))
        ]  # fmt: skip
        some = int((found.isna() & (text == "")).sum())
        if not some:
            return found
    if re.fullmatch(r"(19|20|21)\d\d", stated):
        return found.fillna(float(stated))
    words = f"{plural(some, 'site')} without the year in which their homes are complete"
    hint = "Say --assume homes.year=2030, or another year"
    faults.append(Question(words, table.file, hint=hint, key="homes.year"))
    return found


def _people(
    table: Table, names: dict[str, str], answers: Answers, faults: list[Fault]
) -> tuple[Table, pd.Series]:
    """People a home of each site; the mean of England where nothing is stated."""
    values = pd.Series(np.nan, index=table.frame.index)
    if "people_per_home" in names:
        column = names["people_per_home"]
        values = _figures(table, column, "people a home", faults)
        hint = "Give people for one home, not for the site"
        faults += [
            Fault(f"{values.iloc[row]:g} people a home are too many", table.file,
                  int(row) + table.first_row, column, hint)
            for row in np.flatnonzero(values > MOST_PEOPLE_PER_HOME)
        ]  # fmt: skip
    stated = answers.find("homes.people", table.file)
    size, source = PEOPLE_PER_HOME, "mean of England, Census 2021"
    if stated:
        try:
            size, source = float(stated), "as answered"
        except ValueError:
            faults.append(Fault(f"homes.people={stated} is not a number", "--assume"))
    count = int(values.isna().sum())
    if count:
        words = f"{size:g} people a home in {plural(count, 'site')}: {source}"
        table = table.with_event("default", words, count)
    return table, values.fillna(size)
