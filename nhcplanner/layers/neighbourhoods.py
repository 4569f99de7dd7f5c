"""Neighbourhoods from a user's file: a lookup of areas, or polygons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.place import Place
from nhcplanner.layers.geocoding.coordinates import to_shapes
from nhcplanner.layers.readers.cells import BLANK
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import read_columns
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.own_list import on_disk, renamed

HEADINGS: dict[str, tuple[str, ...]] = {
    "neighbourhood": (
        "neighbourhood|neighbourhood_name|neighborhood",
        "footprint|footprint_name|int|integrated_neighbourhood_team",
        "pcn|pcn_name|network|primary_care_network|locality|locality_name",
        "name",
    ),
    "area_code": ("area_code", r"lsoa_?(20)?(21)_?(code|cd)?|lsoa_code_2021", r"lsoa_?(code|cd)?"),
}
"""Columns of a lookup, with their common names, the surest first."""


@dataclass(frozen=True, eq=False)
class Lookup:
    """Names of neighbourhoods by area code, and notes on how they were read.

    Parameters
    ----------
    names
        Name of each area that the file names, by area code.
    notes
        Notes on what was read, left out or placed.
    """

    names: pd.Series[str]
    notes: tuple[str, ...]


def read_lookup(path: Path, place: Place, column_map: ColumnMap | None = None) -> Lookup:
    """Read the neighbourhoods (or other groups) of a place's areas.

    Parameters
    ----------
    path
        A table with an area code and a name in each row; or polygons with a name. An area belongs
        to the polygon of most of its people, by their starting points.
    place
        The place of the areas.
    column_map
        The user's statements about the file: `neighbourhood` and `area_code` in `[tables."FILE"]`,
        coordinates, and answers.

    Raises
    ------
    InputError
        For a file without such columns, areas named twice with different names, and a file that
        names no area of the place.
    """
    column_map = column_map or ColumnMap()
    table, names = read_columns(path, HEADINGS, column_map, optional=("area_code",))
    table = to_shapes(table, column_map.tables.get(table.file, {}))
    name, code = names["neighbourhood"], names.get("area_code")
    if code is not None:
        return _by_code(table, place, code, name)
    if isinstance(table.frame, gpd.GeoDataFrame):
        return _by_shape(table, place, name)
    hint = "Add a column area_code, or give polygons (GeoPackage, GeoJSON)"
    raise InputError([Fault("has neither area codes nor shapes", table.file, hint=hint)])


def receive_lookup(content: bytes, name: str, place: Place) -> Lookup:
    """Read an uploaded lookup of areas or polygons, in a process with limits.

    Parameters
    ----------
    content, name
        The file and its name.
    place
        The place of the areas.

    Raises
    ------
    InputError
        As `read_lookup`, and for a file that looks like data about patients.
    """
    with on_disk(content, name) as (path, label):
        try:
            found = read_lookup(path, place)
        except InputError as error:
            raise InputError(renamed(error.faults, path.name, label)) from None
    return Lookup(found.names, tuple(note.replace(path.name, label) for note in found.notes))


def _by_code(table: Table, place: Place, code: str, name: str) -> Lookup:
    frame = table.frame
    codes = frame[code].astype("string").str.strip().str.upper()
    labels = _labels(frame[name])
    full = (codes.notna() & labels.notna()).to_numpy(dtype=bool)
    faults = []
    pairs = pd.DataFrame({"code": codes[full], "name": labels[full]}).drop_duplicates()
    twice = pairs["code"].duplicated(keep=False)
    for one in sorted(set(pairs.loc[twice, "code"])):
        both = shortened(pairs.loc[pairs["code"] == one, "name"])
        faults.append(Fault(f"{one} appears with different names: {both}", table.file, column=name))
    inside = pairs["code"].isin(place.areas["area_code"])
    if not inside.any():
        words = f"names no area of {place.name}: it has {shortened(pairs['code'], 3)}"
        hint = f"Give codes of {place.vintage or 'the place'}"
        faults.append(Fault(words, table.file, column=code, hint=hint))
    if faults:
        raise InputError(faults)
    areas = pairs[inside]
    words = (
        f"{table.file}: {code} -> area code, {name} -> neighbourhood; "
        f"{plural(len(frame), 'row')} read, {plural(len(areas), 'area')} of the place named"
    )
    notes = [words, *_alike(table.file, areas["name"])]
    if (~full).any():
        notes.append(f"{table.file}: {plural(int((~full).sum()), 'row')} with a blank left out")
    if (~inside).any():
        outside = shortened(pairs.loc[~inside, "code"], 3)
        words = plural(int((~inside).sum()), "area")
        notes.append(f"{table.file}: {words} outside the place left out: {outside}")
    names = pd.Series(areas["name"].astype(str).to_numpy(), index=areas["code"].to_numpy())
    return Lookup(names, (*table.record_notes, *notes))


def _labels(cells: pd.Series) -> pd.Series:
    """Names without surrounding blanks; missing where a cell says that it is blank."""
    labels = cells.astype("string").str.strip()
    return labels.mask(labels.str.lower().isin({"", "none", "nil", "#n/a", *BLANK}))


ALIKE = 0.9
"""Similarity from which two names may be one name, misspelt."""
COMPASS = {"north", "south", "east", "west", "central", "upper", "lower", "inner", "outer"}


def _alike(file: str, names: pd.Series) -> list[str]:
    """A sentence on names that may be of one neighbourhood: other capitals, signs or a slip."""
    listed = sorted(set(names.astype("str")))
    pairs = [
        f"{one} and {other}"
        for position, one in enumerate(listed)
        for other in listed[position + 1 :]
        if _may_be_one(_bare(one), _bare(other))
    ]
    if not pairs:
        return []
    words = f"{plural(len(pairs), 'pair')} of names may be one neighbourhood each"
    return [f"{file}: {words}: {shortened(pairs, 3)}"]


def _bare(name: str) -> str:
    """A name without capitals, signs, leading zeros and a decimal point."""
    return simple_name(re.sub(r"^0+(?=\d)|\.0+$", "", name))


def _may_be_one(one: str, other: str) -> bool:
    """Whether two names are equal, or differ by a letter or two, but in no number or direction."""
    if one == other:
        return True
    if one[:1] != other[:1] or abs(len(one) - len(other)) > 3:
        return False  # names are compared letter by letter only where they may be alike
    apart = {*one.split("_")} ^ {*other.split("_")}
    if apart & COMPASS or any(re.search(r"\d", word) or len(word) < 3 for word in apart):
        return False
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _by_shape(table: Table, place: Place, name: str) -> Lookup:
    frame = gpd.GeoDataFrame(table.frame)
    labels = _labels(frame[name])
    usable = labels.notna() & frame.geom_type.isin(["Polygon", "MultiPolygon"])
    shapes = shapely.make_valid(frame.geometry.to_numpy()[usable.to_numpy(dtype=bool)])
    names = labels[usable].astype(str).to_numpy()
    points, people = place.origins.geometry.to_numpy(), place.origins["people"].to_numpy(float)
    origin, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    first = pd.DataFrame({"origin": origin, "shape": shape}).groupby("origin")["shape"].min()
    if first.empty:
        words = f"no polygon lies where the people of {place.name} live"
        raise InputError([Fault(words, table.file, hint="Check the coordinates of the polygons")])
    rows = pd.DataFrame({
        "code": place.origins["area_code"].to_numpy()[first.index],
        "name": names[first.to_numpy()], "people": people[first.index] + 1e-6,
    })  # fmt: skip
    heads = pd.DataFrame(rows.groupby(["code", "name"])["people"].sum().reset_index())
    best = heads.sort_values(["code", "people", "name"], ascending=[True, False, True])
    most = best.drop_duplicates("code").set_index("code")["name"]
    several = int((heads["code"].value_counts() > 1).sum())
    words = (
        f"{table.file}: {name} -> neighbourhood; {plural(len(frame), 'polygon')} read; an area "
        "belongs to the polygon that most of its people start in"
    )
    notes = [words, *_alike(table.file, most)]
    if several:
        notes.append(f"{table.file}: {plural(several, 'area')} lie in several polygons")
    lost = int((~usable).sum())
    if lost:
        notes.append(f"{table.file}: {plural(lost, 'row')} without a name or a polygon left out")
    twice = len(origin) - len(np.unique(origin))
    if twice:
        notes.append(f"{table.file}: {plural(twice, 'starting point')} in two polygons at once; "
                     "the first counts")  # fmt: skip
    return Lookup(most.astype(str), (*table.record_notes, *notes))
