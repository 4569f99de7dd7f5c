"""Map of a plan: an offline page, or layers for a map that is already on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from nhcplanner.base.atomic import write_whole
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.outputs import frames, style
from nhcplanner.outputs.maps import geometry, panel
from nhcplanner.outputs.maps.leaflet import BlankMap, Features, Group, MapPage, tagged
from nhcplanner.outputs.maps.shading import Shading, shadings
from nhcplanner.outputs.maps.symbols import SYMBOLS
from nhcplanner.outputs.sanitise import isolated, text
from nhcplanner.outputs.wording import terms

_MANY_SITES = 1_000
_MANY_CENTRES = 60
LARGEST = 14
"""Diameter of the largest symbol among many sites, in pixels."""
_ROADS = {"motorway": 2.4, "trunk": 1.8, "primary": 1.2}
"""Width of a road in pixels, by its class."""


def base_map(place: Place) -> folium.Map:
    """Return an empty map over the place."""
    made = BlankMap()
    west, south, east, north = geometry.bounds(place)
    made.fit_bounds([[south, west], [north, east]], padding=(12, 12))
    return made


def area_layer(
    outcome: Outcome, shading: Shading, *, show: bool = True, popup: bool = True
) -> folium.FeatureGroup:
    """Return the areas in the colours of a shading, with the effect of the plan on each."""
    tip = area_tips(outcome, shading)
    return shaded_layer(outcome.place, shading, tip, show=show, popup=popup)


def area_tips(outcome: Outcome, shading: Shading) -> Callable[[int], str]:
    """Return a function that describes an area before and after a plan, as plain text."""
    areas = outcome.place.areas
    frame = outcome.assessment.areas
    found = {name: frame[name].tolist() for name in ("minutes_before", "minutes_after")}
    columns = [one for one in _TOLD if one in areas]
    facts = {name: areas[name].tolist() for name in columns}

    def tip(row: int) -> str:
        label = shading.labels[shading.of_area[row]]
        area = {name: values[row] for name, values in facts.items()}
        minutes = {name: float(values[row]) for name, values in found.items()}
        return _area_tip(area, minutes, label, outcome.times.horizon)

    return tip


_TOLD = ("area_code", "area_name", "people", "hle", "hle_low", "hle_high", "hle_basis")
"""Columns that describe an area."""


def shaded_layer(
    place: Place,
    shading: Shading,
    tip: Callable[[int], str],
    *,
    show: bool = True,
    popup: bool = True,
) -> folium.FeatureGroup:
    """Return the areas of a place in the colours of a shading.

    Parameters
    ----------
    place, shading
        The areas, and the class of each.
    tip
        Function that describes the area in a row, as plain text: its name, then facts.
    show
        False to leave it off until asked for.
    popup
        Whether a click on an area opens a popup; else it is passed to the page.
    """
    shapes, rows = geometry.drawn(place, shading.of_area)
    together = len(rows) < len(place.areas)
    features = []
    for shape, row in zip(shapes, rows, strict=True):
        one = int(shading.of_area[row])
        tip_text = text(shading.labels[one]) if together else tagged(tip(int(row)))
        colour = shading.colours[one]
        edge = colour if together else style.WHITE
        look = {"fillColor": colour, "fillOpacity": 1, "color": edge, "weight": 0.7}
        features.append(_feature(shape, tip=tip_text, style=look, size=12, quiet=not popup))
    return _group(shading.name, features, show=show, behind=True)


def outline_layer(place: Place) -> folium.FeatureGroup:
    """Return main roads and council borders in a light style; empty if the place has none."""
    quiet = {"fill": False, "interactive": False}
    features = [
        _feature(shape, style={**quiet, "color": style.GREY, "weight": _ROADS[name]}, size=1)
        for name, shape in geometry.roads(place).items()
    ]
    look = {**quiet, "color": style.INK, "weight": 1.6, "opacity": 0.55}
    features += [_feature(shape, style=look, size=1) for shape in geometry.borders(place)]
    return _group("outlines", features)


def point_layer(
    name: str,
    points: gpd.GeoSeries,
    tips: Sequence[str],
    colour: str,
    size: int = 9,
    edge: str = style.WHITE,
) -> folium.FeatureGroup:
    """Return points as small discs, or as dots if there are many.

    Parameters
    ----------
    name
        Name of the layer.
    points, tips
        Points in EPSG:27700, and the text about each, as HTML made safe with `text`. If the index
        is `site_id`, a page is told which point was clicked.
    colour, size, edge
        Colour of the disc; its diameter in pixels; colour of its edge.
    """
    size, width = (size, 1.0) if len(points) <= _MANY_SITES else (3, 0.3)
    look = {"fillColor": colour, "fillOpacity": 1, "color": edge, "weight": width}
    shapes = geometry.geographic(points)
    features = [
        _feature(shape, tip=tip, style=look, size=size, **_id_of(points, key))
        for key, shape, tip in zip(points.index, shapes, tips, strict=True)
    ]
    return _group(name, features)


def symbol_layer(
    name: str, points: gpd.GeoSeries, tips: Sequence[str], symbol: str
) -> folium.FeatureGroup:
    """Return points with a symbol of `symbols.SYMBOLS`; saved maps draw discs of its colours.

    Parameters
    ----------
    name, points, tips
        As in `point_layer`.
    symbol
        Name of the symbol.
    """
    look = SYMBOLS[symbol]
    size = min(look.size, LARGEST)
    made = point_layer(name, points, tips, look.fill, size, look.edge)
    for features in made._children.values():  # noqa: SLF001  (folium has no public way)
        for feature in features.data["features"]:
            feature["properties"]["mark"] = symbol
    return made


def _id_of(points: gpd.GeoSeries, key: object) -> dict[str, str]:
    return {"id": str(key)} if points.index.name == "site_id" else {}


def site_layer(outcome: Outcome) -> folium.FeatureGroup:
    """Return the sites that the plan does not open, as small discs, or as dots if many."""
    shut = frames.role(outcome) == ""
    size, edge = (6, 1.2) if shut.sum() <= _MANY_SITES else (2, 0.4)
    look = {"fillColor": style.WHITE, "fillOpacity": 1, "color": style.INK, "weight": edge}
    features = [
        _feature(shape, tip=_site_tip(site), style=look, size=size, mark="closed")
        for shape, site in _sites(outcome, shut)
    ]
    return _group("sites", features)


def centre_layer(outcome: Outcome) -> folium.FeatureGroup:
    """Return the open centres, numbered as in `frames.centres`; smaller if there are many."""
    opened = frames.role(outcome) != ""
    size = 26 if opened.sum() <= _MANY_CENTRES else 14
    features = [
        _feature(
            shape,
            tip=f"{number}. {_site_tip(site)}",
            icon=panel.icon(site["role"], size, number),
            size=size,
            symbol=str(site["role"]),
            label=str(number),
            id=str(site["site_id"]),
            name=f"{number}. {site['name']}, {terms.ROLES[site['role']].lower()}",
        )
        for number, (shape, site) in enumerate(_sites(outcome, opened), 1)
    ]
    return _group("centres", features)


def isochrone_layer(
    ground: gpd.GeoDataFrame, *, show: bool = False, what: str = "a centre", filled: bool = False
) -> folium.FeatureGroup:
    """Return the land from which a building is reached.

    Parameters
    ----------
    ground
        `mode`, `minutes` and polygons in EPSG:27700; those of one mode and time become one.
    show
        False to leave it off until asked for.
    what
        Words for what is reached.
    filled
        Whether to fill it, the darkest where it is reached soonest; else it has outlines.
    """
    fill = {"fillColor": style.DARK_BLUE, "fillOpacity": 0.16}
    frame = ground.dissolve(["mode", "minutes"]).reset_index()
    frame = frame.sort_values("minutes", ascending=False, kind="stable")
    limits = frame["minutes"].drop_duplicates()
    widths = {limit: 1 + 0.7 * rank for rank, limit in enumerate(limits)}
    features = [
        _feature(
            shape,
            tip=f"Within {one.minutes:g} minutes of {text(what)}, {text(one.mode)}",
            style={
                "fill": filled,
                "color": style.DARK_BLUE if filled else style.INK,
                "weight": widths[one.minutes],
                **(fill if filled else {}),
            },
            size=12,
        )
        for shape, one in zip(
            geometry.geographic(frame.geometry), frame.itertuples(index=False), strict=True
        )
    ]
    return _group("isochrones", features, show=show)


def plan_map(outcome: Outcome, isochrones: gpd.GeoDataFrame | None = None) -> folium.Map:
    """Draw a plan on a self-contained page: title, map, legend, centres, sources.

    Nothing is fetched: Leaflet is inside, there are no tiles. Above 5,000 areas those of one
    class are drawn as one shape, and the page says so.

    Parameters
    ----------
    outcome
        The run.
    isochrones
        From where centres are reached: `site_id`, `mode`, `minutes` and polygons, if known.

    Returns
    -------
    folium.Map
        Shows itself in a notebook; `save_map` writes it.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, plan_map, run
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> "SYNTHETIC" in plan_map(outcome).get_root().render()
    True
    """
    made = base_map(outcome.place)
    ways = shadings(outcome)
    for way in ways:
        area_layer(outcome, way, show=way is ways[0]).add_to(made)
    outline_layer(outcome.place).add_to(made)
    if isochrones is not None:
        isochrone_layer(isochrones).add_to(made)
    site_layer(outcome).add_to(made)
    centre_layer(outcome).add_to(made)
    page = MapPage(
        f"{outcome.place.title}: {terms.title(outcome)}",
        panel.heading(outcome),
        panel.side(outcome, ways, isochrones is not None),
        panel.footer(outcome),
    )
    page.add_child(made)
    return made


def save_map(made: folium.Map, path: Path) -> Path:
    """Write a map as one HTML file, atomically."""
    return write_whole(path, made.get_root().render().encode())


def _group(
    name: str, features: list[dict[str, Any]], *, show: bool = True, behind: bool = False
) -> folium.FeatureGroup:
    return Group(name, show=show).add_child(Features(features, f"of_{name}", behind=behind))


def _feature(shape: BaseGeometry, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": mapping(shape), "properties": properties}


def _sites(outcome: Outcome, chosen: pd.Series) -> Iterator[tuple[BaseGeometry, pd.Series]]:
    frame = frames.sites(outcome).assign(name=outcome.place.site_names)[chosen]
    yield from zip(
        geometry.geographic(frame.geometry), (row for _, row in frame.iterrows()), strict=True
    )


def _site_tip(site: pd.Series) -> str:
    lines = [f"<b>{text(site['name'])}</b>", terms.ROLES[site["role"]]]
    if pd.notna(site.get("kind")):
        lines.append(text(terms.kind(site["kind"])))
    if site["role"]:
        lines.append(f"Serves {site['people_served']:,.0f} people")
        if abs(site["people_served"] - site["people_nearest"]) >= 1:
            lines.append(f"Nearest centre of {site['people_nearest']:,.0f} people within reach")
        if site["over_capacity"] > 0:
            lines.append(f"{site['over_capacity']:,.0f} people over its capacity")
    return "<br>".join(lines)


def _area_tip(area: dict[str, Any], found: dict[str, float], label: str, horizon: float) -> str:
    name = area.get("area_name")
    lines = [
        isolated(str(area["area_code"] if pd.isna(name) else name)),
        f"{area['people']:,} people",
        isolated(label),
        f"Before: {terms.minutes(found['minutes_before'], horizon)}",
        f"After: {terms.minutes(found['minutes_after'], horizon)}",
    ]
    if pd.notna(area.get("hle")):
        lines.insert(2, f"HLE {terms.hle(area)}")
    return "\n".join(lines)
