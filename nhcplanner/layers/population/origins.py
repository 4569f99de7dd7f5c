"""Origins: the points where people start, one an area.

Spread: many points an area where people start, from postcodes or from a user's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.layers.geocoding.coordinates import to_shapes
from nhcplanner.layers.geocoding.postcodes import postcode_source, read_postcodes
from nhcplanner.layers.readers.cells import dotted_rows
from nhcplanner.layers.readers.column_map import ColumnMap, read_corrected
from nhcplanner.layers.readers.columns import match_columns, record_columns, rename_columns
from nhcplanner.layers.readers.tables import Reading, Table, changed_on
from nhcplanner.layers.validate import far_origins

WEIGHTED = "weighted centroid"
INSIDE = "point inside the area"
CENTROID = ("centroid_x", "centroid_y")


def make_origins(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the people of each area at its weighted centroid, or else at a point inside it.

    Parameters
    ----------
    areas
        With `area_code`, `people` and, where known, `centroid_x` and `centroid_y` in metres
        (EPSG:27700).

    Returns
    -------
    GeoDataFrame
        A row an area, in their order, as the schema wants origins.
    """
    points = shapely.point_on_surface(areas.geometry.to_numpy())
    known = has_centroid(areas)
    if known.any():
        x, y = (areas[name].to_numpy(dtype=np.float64)[known] for name in CENTROID)
        points[known] = shapely.points(x, y)
    columns = {"origin_id": areas["area_code"], "area_code": areas["area_code"]}
    people = areas["people"].astype("float64")
    return gpd.GeoDataFrame({**columns, "people": people}, geometry=points, crs=CRS)


def has_centroid(areas: pd.DataFrame) -> np.ndarray:
    """Areas whose weighted centroid is given (flags, shape areas)."""
    if not set(CENTROID) <= set(areas.columns):
        return np.zeros(len(areas), dtype=bool)
    return areas[list(CENTROID)].notna().all(axis=1).to_numpy()


def basis_of(areas: pd.DataFrame) -> str:
    """Where people start, in words; counted where areas differ."""
    known = has_centroid(areas)
    if known.all():
        return WEIGHTED
    if not known.any():
        return INSIDE
    counts = [plural(int(flags.sum()), "area") for flags in (known, ~known)]
    return f"{WEIGHTED} ({counts[0]}), {INSIDE} ({counts[1]})"


def centroid_faults(areas: pd.DataFrame, file: str, first_row: int) -> list[Fault]:
    """One fault for each centroid that is no number, before it is used."""
    return [
        Fault(
            f"{areas[name].iloc[row]} is not a number",
            file,
            int(row) + first_row,
            name,
            "Give metres in EPSG:27700, or leave it blank",
        )
        for name in CENTROID
        if name in areas and not pd.api.types.is_numeric_dtype(areas[name])
        for row in np.flatnonzero(
            areas[name].notna() & pd.to_numeric(areas[name], errors="coerce").isna()
        )
    ]


POSTCODES = "postcodes"


def start_at(place: Place, where: Path | str, column_map: ColumnMap | None = None) -> Place:
    """Let the people of each area start at many points instead of one.

    Parameters
    ----------
    place
        As built, with one origin an area.
    where
        "postcodes": people are shared evenly among the postcodes inside their area. Or a file
        of points: each in the area that its `area_code` names or else in the one that it lies
        in, people shared in proportion to its `people` or else evenly.
    column_map
        What the user says of the file: columns and coordinates in `[tables."FILE"]`, and answers.

    Returns
    -------
    Place
        Its origins hold whole people who sum to each area's; points of one area at the same
        position are one. An area without points keeps its single origin; the notes count them.

    Raises
    ------
    InputError
        For a file with faults, where the postcodes are not installed, and where no point is in
        any area.
    """
    if where == POSTCODES:
        points = read_postcodes(place.areas.total_bounds)
        points["area_code"] = areas_around(place.areas, points)
        points = points.dropna(subset="area_code")
        return _spread(place, points, postcode_source(len(points)), "postcodes")
    table = _read_points(Path(where), place.areas, column_map or ColumnMap())
    inside = table.frame.dropna(subset="area_code")
    source = Source(
        layer="origins",
        title=table.file,
        file=table.file,
        sha256=hash_file(table.path),
        rows=len(table.frame),
        retrieved=changed_on(table.path),
        notes=table.notes,
    )
    spread = _spread(place, inside, source, f"points of {table.file}")
    outside = len(table.frame) - len(inside)
    intake = replace(table.intake, role="origins", sha256=source.sha256)
    if outside:
        note = f"{plural(outside, 'point')} of {table.file} in no area of the place left out"
        spread = replace(spread, notes=(*spread.notes, note))
        intake = intake.with_event("left out", note, outside)
    return replace(spread, intake=(*spread.intake, intake))


def read_points(path: Path, column_map: ColumnMap) -> tuple[Table, dict[str, str]]:
    """Read a user's points, and find their columns.

    Raises
    ------
    InputError
        With the faults and questions of the file itself.
    """
    path = Path(path)
    stated = column_map.tables.get(path.name, {})
    names = frozenset(map(str, stated.values()))
    reading = Reading(stated.get("layer", ""), names, "origins", column_map.answers, defers=True)
    table = read_corrected(path, reading, column_map.corrections.get(path.name))
    with table.asking(), table.numbering():
        table = to_shapes(table, stated)
        ignored = column_map.ignored(table.file)
        columns = match_columns(
            table.frame, "origins", stated, table.file, column_map.file, ignored
        )
    return table, columns


def _read_points(path: Path, areas: gpd.GeoDataFrame, column_map: ColumnMap) -> Table:
    """A user's points, each with the code of its area; missing where it is in none."""
    table, names = read_points(path, column_map)
    if not isinstance(table.frame, gpd.GeoDataFrame):
        hint = "Give columns easting and northing, or lon and lat"
        raise InputError([Fault("has no coordinates", table.file, hint=hint)])
    frame = rename_columns(table.frame, "origins", names)
    faults = table.numbered(_point_faults(frame, areas, table))
    if faults:
        raise InputError(faults)
    table = _report_odd_points(record_columns(table, names, frame, {}), names, frame, areas)
    if "origin_id" not in frame:
        frame["origin_id"] = [f"{path.stem} {row}" for row in range(1, len(frame) + 1)]
    if "area_code" not in frame:
        frame["area_code"] = areas_around(areas, frame)
    wild = far_origins(areas, frame, table.file, table.first_row)
    if wild:
        raise InputError(table.numbered(wild))
    return table.with_frame(frame)


def _report_odd_points(
    table: Table, names: Mapping[str, str], frame: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> Table:
    """The table with lines for people shared evenly, and for points outside their own area."""
    if "people" not in frame:
        words = "no column of people: those of an area are shared evenly among its points"
        table = table.with_event("default", words, len(frame))
    else:
        dotted = dotted_rows(table.frame[names["people"]])
        if len(dotted):
            rows = [f"row {table.row_number(int(n))}: {frame['people'].iloc[n]:g}" for n in dotted]
            words = (
                f"{plural(len(dotted), 'figure')} with decimals: is a point a thousands separator?"
            )
            table = table.with_event("doubt", words, len(dotted), rows)
    around = areas_around(areas, frame)
    own = frame.get("area_code", around)
    if "people" in frame:
        sums = frame["people"].astype("float64").groupby(own).sum()
        without = sums.index[sums == 0]
        if len(without):
            words = f"points of {plural(len(without), 'area')} without people: shared evenly there"
            table = table.with_event("default", words, len(without), map(str, without))
    wrong = np.flatnonzero((own != around).to_numpy() & around.notna().to_numpy())
    if len(wrong):
        rows = [
            f"row {table.row_number(int(n))}: {own.iloc[n]}, in {around.iloc[n]}" for n in wrong
        ]
        words = f"{plural(len(wrong), 'point')} in another area than the code says; the code counts"
        table = table.with_event("doubt", words, len(wrong), rows)
    return table


def _point_faults(frame: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, table: Table) -> list[Fault]:
    shapes = frame.geometry
    lost = (shapes.isna() | shapes.is_empty | (shapes.geom_type != "Point")).to_numpy()
    checks = [("geometry", lost, "has no point on the map", "Give each row coordinates")]
    if "area_code" in frame:
        unknown = ~frame["area_code"].isin(areas["area_code"]).to_numpy()
        hint = "Leave out points of other areas, or leave out the column: points know their area"
        checks.append(("area_code", unknown, "names no area of the place", hint))
    if "people" in frame:
        people = pd.to_numeric(frame["people"], errors="coerce").to_numpy(dtype=np.float64)
        wrong = ~((people >= 0) & (people < np.inf))
        checks.append(("people", wrong, "is not 0 or more people", "Give a number of people"))
    if "origin_id" in frame:
        ids = frame["origin_id"]
        same = (ids.duplicated(keep=False) | ids.isna()).to_numpy()
        checks.append(("origin_id", same, "is missing or stands twice", "Give each its own id"))
    return [
        Fault(
            words if column == "geometry" else f"{frame[column].iloc[row]} {words}",
            table.file, int(row) + table.first_row, column, hint,
        )
        for column, rows, words, hint in checks
        for row in np.flatnonzero(rows)
    ]  # fmt: skip


def areas_around(areas: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> pd.Series:
    """Code of the area that each point lies in, the first of several; missing where in none."""
    tree = shapely.STRtree(areas.geometry.to_numpy())
    point, area = tree.query(points.geometry.to_numpy(), predicate="intersects")
    pairs = pd.Series(area, index=point).groupby(level=0).min()
    codes = areas["area_code"].to_numpy()[pairs.to_numpy()]
    return pd.Series(codes, index=points.index[pairs.index]).reindex(points.index)


def _spread(place: Place, points: gpd.GeoDataFrame, source: Source, basis: str) -> Place:
    areas = place.areas
    bare = areas[~areas["area_code"].isin(points["area_code"]) & (areas["people"] > 0)]
    if len(points) == 0:
        hint = "Check their coordinates, and that areas are polygons"
        raise InputError([Fault(f"none of the {basis} lies in an area", hint=hint)])
    origins, same = _merged(points, areas)
    single = place.origins[~place.origins["area_code"].isin(origins["area_code"])]
    columns = ["origin_id", "area_code", "people", "geometry"]
    both = pd.concat([origins[columns], single[columns]], ignore_index=True)
    both = both.sort_values("origin_id", kind="stable", ignore_index=True)
    notes = [
        f"People start at {plural(len(both), 'point')}: {basis}; each has a whole number of people"
    ]
    if same:
        notes.append(_merged_words(same))
    if len(bare):
        notes.append(
            f"People of {plural(len(bare), 'area')} without {basis} start at one point an area "
            f"({place.origins_basis}): {shortened(bare['area_code'])}"
        )
    return replace(
        place,
        origins=gpd.GeoDataFrame(both, geometry="geometry", crs=CRS),
        origins_basis=f"{basis}; {place.origins_basis} where an area has none",
        sources=(*place.sources, source),
        notes=(*place.notes, *notes),
    )


def _merged_words(same: int) -> str:
    """Say how many points have been counted with another.

    Examples
    --------
    >>> _merged_words(4_939)
    '4,939 points have the same position as another point of their area, and count as one with it'
    """
    if same == 1:
        return (
            "1 point has the same position as another point of its area, and counts as one with it"
        )
    words = "have the same position as another point of their area, and count as one with it"
    return f"{same:,} points {words}"


def _merged(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Points with whole people, identical ones as one and empty ones left out; how many merged."""
    weight = points["people"].astype("float64") if "people" in points else 1.0
    frame = points.assign(weight=weight, x=points.geometry.x, y=points.geometry.y)
    frame = frame.sort_values(["area_code", "origin_id"], kind="stable", ignore_index=True)
    total = areas.set_index("area_code")["people"].loc[frame["area_code"]].to_numpy()
    frame["people"] = _whole(frame["weight"].to_numpy(), total, frame["area_code"].to_numpy())
    key = ["area_code", "x", "y"]
    frame["people"] = frame.groupby(key)["people"].transform("sum")
    merged = frame.drop_duplicates(key)
    return merged[merged["people"] > 0], len(frame) - len(merged)


def _whole(weight: np.ndarray, total: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Share out each area's people by weight, in whole people, the largest remainders first.

    Parameters
    ----------
    weight, total, area
        Of each point: its weight, the people of its area, and the area's code; ordered by area.
    """
    frame = pd.DataFrame({"weight": weight, "area": area})
    sums = frame.groupby("area")["weight"].transform("sum").to_numpy()
    count = frame.groupby("area")["weight"].transform("size").to_numpy()
    share = np.divide(weight, sums, out=1.0 / count, where=sums > 0)
    exact = share * total
    people = np.floor(exact + 1e-9)
    frame = frame.assign(people=people, rest=exact - people)
    order = frame.sort_values(["area", "rest"], ascending=[True, False], kind="stable").index
    place_in_line = frame.loc[order].groupby("area").cumcount().reindex(frame.index).to_numpy()
    left = total - frame.groupby("area")["people"].transform("sum").to_numpy()
    return np.asarray(people + (place_in_line < left))
