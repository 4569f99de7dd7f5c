"""What the map of a page is drawn from: files by address, and data for its script.

A place's shapes, the facts about its areas and its surroundings go into files named by a hash of
their content, which a browser reads once. Colours, points and outlines go with every drawing.
Names of users are sent as text only: the script never takes them for HTML.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import folium
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.place import CRS, Place
from nhcplanner.outputs.maps import geometry, symbols
from nhcplanner.outputs.maps.leaflet import Features, Tiles, untagged
from nhcplanner.outputs.maps.packed import pack
from nhcplanner.outputs.maps.shading import Shading

FOLDER = Path(__file__).parent / "static"
"""Leaflet, and the script and style sheet of the map."""
MOST_FILES = 200
MOST_CLASSES = 127
FAINT = 128
"""Added to the class of an area that a filter leaves out."""
NO_GROUP = np.iinfo(np.uint16).max
_MERCATOR = "EPSG:3857"
_GROUPS = {"council": "council_code", "icb": "icb_code"}


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Land and names around a place, which maps show but no plan uses.

    Parameters
    ----------
    areas
        Neighbouring areas in EPSG:27700, with `council_code` and `icb_code`.
    names
        Towns and villages: `name`, `lat`, `lon` (degrees) and `population`, the largest first.
    credit
        Credit that the licences of both require.
    has_sea
        True if what is neither the place nor a neighbour is the sea.
    room
        How far the map may be moved beyond the place, as a share of its extent.
    """

    areas: gpd.GeoDataFrame = field(
        default_factory=lambda: gpd.GeoDataFrame(
            {"council_code": [], "icb_code": []}, geometry=[], crs=CRS
        )
    )
    names: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["name", "lat", "lon", "population"])
    )
    credit: str = ""
    has_sea: bool = False
    room: float = 1.0


class Drawing(NamedTuple):
    """What a map shows.

    Parameters
    ----------
    shading
        Class of each area.
    tip
        Function that describes the area in a row, as plain text: its name, then facts.
    above
        Layers of points, lines and polygons over the areas, the lowest first.
    chosen
        Rows of areas with a strong outline.
    in_part
        Areas that a filter keeps: the others are faint, and the map shows the extent of these.
    """

    shading: Shading
    tip: Callable[[int], str]
    above: Sequence[folium.FeatureGroup] = ()
    chosen: Sequence[int] = ()
    in_part: npt.NDArray[np.bool_] | None = None


class Behaviour(NamedTuple):
    """What a map does when it is used.

    Parameters
    ----------
    picks
        Whether a click chooses an area.
    popup
        Whether a click shows the facts about what was clicked.
    mode
        Words of the mode in which a click sets a position, shown on the map; empty = none.
    pin
        Position of a pin that can be dragged, longitude and latitude.
    group
        Name of the maps that move together; empty = moves alone.
    """

    picks: bool = False
    popup: bool = False
    mode: str = ""
    pin: tuple[float, float] | None = None
    group: str = ""


def data(
    place: Place, drawing: Drawing, surroundings: Surroundings, folder: Path
) -> dict[str, Any]:
    """Return what the script of a map draws, after its files are written.

    Parameters
    ----------
    place, drawing
        The place, and what the map shows of it.
    surroundings
        Land and names around the place.
    folder
        Folder of the files; the oldest of many files are deleted.
    """
    shading, in_part = drawing.shading, drawing.in_part
    layers = [layer(group) for group in drawing.above]
    files = _files(place, surroundings)
    if files.roads:
        _write(folder, files.roads, "bin")
    west, south, east, north = (
        geometry.bounds(place) if in_part is None else _extent(place, in_part)
    )
    return {
        "shapes": _write(folder, files.shapes, "bin"),
        "ground": _write(folder, files.ground, "json"),
        "facts": _write(folder, _facts(drawing.tip, len(place.areas)), "json"),
        "bounds": [[south, west], [north, east]],
        "room": surroundings.room,
        "sea": surroundings.has_sea,
        "title": shading.title,
        "labels": list(shading.labels),
        "colours": list(shading.colours),
        "classes": classes(shading, in_part),
        "breakAt": shading.break_at,
        "hatch": shading.hatch,
        "chosen": list(drawing.chosen),
        "layers": _write(folder, json.dumps(layers, ensure_ascii=False).encode(), "json"),
        "marks": marks(layers),
        "symbols": symbols.as_data(),
        "credit": credit(place, surroundings),
    }


def _facts(tip: Callable[[int], str], areas: int) -> bytes:
    """Return the facts about all areas as JSON; the same function is asked once."""
    known = _facts_by_number(tip)
    if areas not in known:
        known[areas] = json.dumps([*map(tip, range(areas))], ensure_ascii=False).encode()
    return known[areas]


@cache_by_identity
def _facts_by_number(tip: Callable[[int], str]) -> dict[int, bytes]:  # noqa: ARG001
    """Return the facts that a function gave, by the number of areas."""
    return {}


def classes(shading: Shading, in_part: npt.NDArray[np.bool_] | None = None) -> str:
    """Return the class of each area as base64; areas outside the part are faint."""
    numbers = shading.of_area.astype(np.uint8)
    if in_part is not None:
        numbers = np.where(in_part, numbers, numbers | FAINT).astype(np.uint8)
    return _base64(numbers)


def credit(place: Place, surroundings: Surroundings) -> str:
    """Return the licences of what is drawn on one line, each once; of a made place that it is."""
    texts = [one.attribution or one.licence for one in place.sources if one.layer == "areas"]
    if place.synthetic:
        texts = ["SYNTHETIC: an invented place"]
    parts = [part.strip() for one in [*texts, surroundings.credit] for part in one.split(";")]
    return "; ".join(dict.fromkeys(part for part in parts if part))


def tile_data(tiles: Tiles | None) -> dict[str, str] | None:
    """Return tiles as plain data for the script."""
    return None if tiles is None else {"address": tiles.address, "credit": tiles.credit}


def layer(group: folium.FeatureGroup) -> dict[str, list[dict[str, Any]]]:
    """Return the points and shapes of a layer of `outputs.maps` as plain data.

    Texts are plain, positions are longitude and latitude.
    """
    points, shapes = [], []
    for features in group._children.values():  # noqa: SLF001  (folium has no public way)
        if not isinstance(features, Features):
            continue
        for feature in features.data["features"]:
            kind = feature["geometry"]["type"]
            if kind == "Point":
                points.append(_point(feature))
            else:
                shapes.append(_shape(kind, feature))
    return {"points": points, "shapes": shapes}


def marks(layers: Sequence[dict[str, list[dict[str, Any]]]]) -> list[dict[str, str]]:
    """Return the symbols of layers with their words, for the legend inside the map."""
    used = {point.get("symbol", point.get("mark")) for one in layers for point in one["points"]}
    return [
        {"symbol": name, "words": symbol.words}
        for name, symbol in symbols.SYMBOLS.items()
        if name in used
    ]


def _point(feature: dict[str, Any]) -> dict[str, Any]:
    about = feature["properties"]
    made = {
        "at": list(feature["geometry"]["coordinates"]),
        "tip": untagged(about.get("tip", "")),
        "size": about.get("size", 9),
        "style": about.get("style", {}),
    }
    return made | {
        name: about[name] for name in ("symbol", "mark", "label", "name", "id") if name in about
    }


def _shape(kind: str, feature: dict[str, Any]) -> dict[str, Any]:
    coordinates = feature["geometry"]["coordinates"]
    readers: dict[str, Callable[[], list[Any]]] = {
        "LineString": lambda: [[coordinates]],
        "MultiLineString": lambda: [coordinates],
        "Polygon": lambda: [coordinates],
        "MultiPolygon": lambda: coordinates,
    }
    rings = readers[kind]()
    look = feature["properties"].get("style", {})
    return {"rings": rings, "line": "Line" in kind, "style": look}


class _Files(NamedTuple):
    """Files that only depend on a place and its surroundings."""

    shapes: bytes
    roads: bytes
    ground: bytes


def _files(place: Place, surroundings: Surroundings) -> _Files:
    known = _files_of(place)
    if surroundings not in known:
        both = [geometry.light(place), surroundings.areas.geometry]
        every = np.concatenate([one.to_crs(_MERCATOR).to_numpy() for one in both])
        lines = geometry.roads(place)
        roads = pack(lines.to_crs(_MERCATOR).to_numpy()) if len(lines) else b""
        known[surroundings] = _Files(pack(every), roads, _ground(place, surroundings, roads))
    return known[surroundings]


@cache_by_identity
def _files_of(place: Place) -> dict[Surroundings, _Files]:  # noqa: ARG001
    """Return the files of a place by its surroundings."""
    return {}


def _ground(place: Place, surroundings: Surroundings, lines: bytes) -> bytes:
    """Return borders, names and the file of roads as JSON."""
    roads = geometry.roads(place)
    content = {
        "groups": {name: _base64(codes) for name, codes in groups(place, surroundings).items()},
        "names": names(place, surroundings),
        "roads": _name(lines, "bin") if lines else "",
        "kinds": [str(kind) for kind in roads.index],
    }
    return json.dumps(content, ensure_ascii=False).encode()


def groups(place: Place, surroundings: Surroundings) -> dict[str, npt.NDArray[np.uint16]]:
    """Return the number of the council and of the ICB of each area, the place's own first.

    ICBs are left out where the place lies within one.
    """
    found = {}
    for name, column in _GROUPS.items():
        if column not in place.areas or (name == "icb" and place.areas[column].nunique() < 2):
            continue
        every = pd.concat([place.areas[column], surroundings.areas[column]], ignore_index=True)
        codes = pd.factorize(every)[0]
        found[name] = np.where(codes < 0, NO_GROUP, codes).astype(np.uint16)
    return found


def names(place: Place, surroundings: Surroundings) -> list[list[Any]]:
    """Return names to write on a map, the most important first.

    Returns
    -------
    list
        Name, kind ("town" or "ward"), people, longitude and latitude of each.
    """
    towns = surroundings.names
    made: list[list[Any]] = [
        [name, "town", int(people), round(lon, 5), round(lat, 5)]
        for name, people, lon, lat in zip(
            towns["name"], towns["population"], towns["lon"], towns["lat"], strict=True
        )
    ]
    return made + _wards(place)


def _wards(place: Place) -> list[list[Any]]:
    """Return wards; for an invented place the parts that the names of its areas begin with."""
    if place.synthetic and "ward_name" not in place.areas:
        return _middles(place, _beginnings(place), "town")
    if "ward_name" not in place.areas:
        return []
    return _middles(place, place.areas["ward_name"], "ward")


def _beginnings(place: Place) -> pd.Series:
    """Return the part of each area's name before a comma; None where no other area has it."""
    names = place.areas.get("area_name", pd.Series(index=place.areas.index, dtype=str))
    first = names.str.partition(",")[0].where(names.str.contains(",", na=False))
    shared: pd.Series = first.where(first.map(first.value_counts()) > 1)
    return shared


def _middles(place: Place, name: pd.Series, kind: str) -> list[list[Any]]:
    """Return each name once in each council, at the middle of its people."""
    middles = place.areas.geometry.centroid
    frame = pd.DataFrame(
        {
            "name": name,
            "council": place.areas.get("council_code", ""),
            "people": place.areas["people"],
            "x": middles.x * place.areas["people"],
            "y": middles.y * place.areas["people"],
        }
    ).dropna(subset=["name"])
    sums = frame.groupby(["name", "council"], sort=True, dropna=False).sum()
    sums = sums[sums["people"] > 0].sort_values("people", ascending=False, kind="stable")
    at = gpd.GeoSeries.from_xy(sums["x"] / sums["people"], sums["y"] / sums["people"], crs=CRS)
    at = at.to_crs("EPSG:4326")
    return [
        [str(name), kind, int(people), round(float(point.x), 5), round(float(point.y), 5)]
        for (name, _), people, point in zip(sums.index, sums["people"], at, strict=True)
    ]


def _extent(place: Place, in_part: npt.NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of some areas, in degrees."""
    some = geometry.light(place)[in_part]
    west, south, east, north = some.to_crs("EPSG:4326").total_bounds
    return west, south, east, north


def _base64(numbers: npt.NDArray[Any]) -> str:
    return base64.b64encode(numbers.tobytes()).decode("ascii")


def _name(content: bytes, ending: str) -> str:
    return f"{sha256(content).hexdigest()[:32]}.{ending}"


def _write(folder: Path, content: bytes, ending: str) -> str:
    """Write a file named by a hash of its content unless it is there; return its name."""
    name = _name(content, ending)
    if not (folder / name).is_file():
        write_whole(folder / name, content)
        files = sorted(folder.glob("*.*"), key=lambda file: file.stat().st_mtime)
        for old in files[:-MOST_FILES]:
            old.unlink(missing_ok=True)
    return name
