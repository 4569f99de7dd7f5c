"""The map on a page: Leaflet from the app itself, one base map that stays, layers that change.

For every page that shows a place:

- `areas` colours the areas of any place by a shading, by the graphics card where they are very
  many, and gives the one clicked; `draw` is for any other layers.
- Call either in a `session.fragment` together with what a click or a choice changes; the key
  names the map, and a map of one key keeps its zoom whatever its layers show.
- Layers come from `outputs.maps` (or are any `leaflet.Group`); what users wrote must have gone
  through `harmless.text`. A layer keeps its place: give an empty one rather than none.
- `draw` gives the point last clicked on ground or area, if `clicks`; `clicked` gives it before
  the map is drawn, `area_at` finds its area.
- `legend` puts a shading's colours in words. A map stands beside a table of the same figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import folium
import geopandas as gpd
import streamlit as st
from shapely.geometry import Point
from streamlit.components.v1 import declare_component
from streamlit_folium import st_folium

from nhcplanner.base.errors import InputError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import CRS, Place
from nhcplanner.outputs import style
from nhcplanner.outputs.maps import deck, leaflet, panel, plan_map
from nhcplanner.outputs.maps.leaflet import Tiles, tiles
from nhcplanner.outputs.maps.shading import Shading, shadings
from nhcplanner.pages import session

HEIGHT = 440

# Streamlit serves a component's folder; the map's frame is a neighbour of it.
_SERVED = declare_component("leaflet", path=str(leaflet.FOLDER))
_ADDRESS = f"../{_SERVED.name}"
_DRAWN = TemporaryDirectory(prefix="nhcplanner-", ignore_cleanup_errors=True)
_DATA = declare_component("drawn", path=_DRAWN.name)


class Click(NamedTuple):
    """A point on the map, metres (EPSG:27700)."""

    easting: float
    northing: float


def areas(
    place: Place,
    key: str,
    shading: Shading,
    tip: Callable[[int], str],
    above: Sequence[folium.FeatureGroup] = (),
) -> int | None:
    """Draw the areas of a place in the colours of a shading, however many they are.

    Parameters
    ----------
    place, key
        As in `draw`.
    shading, tip
        The class of each area, and what is said of it, as HTML made safe.
    above
        Further layers; of those over very many areas only points are drawn.

    Returns
    -------
    int or None
        Row of the area clicked last.
    """
    if len(place.areas) <= deck.MANY:
        layers = [
            plan_map.shaded_layer(place, shading, tip, popup=False),
            plan_map.outline_layer(place),
            *above,
        ]
        return area_at(place, draw(place, key, layers, clicks=True))
    name = deck.write_areas(place, shading, tip, Path(_DRAWN.name))
    base = st.get_option("server.baseUrlPath").strip("/")
    address = f"{f'/{base}' if base else ''}/component/{_DATA.name}/{name}"
    st.pydeck_chart(
        deck.deck(place, address, above, _tiles()),
        height=HEIGHT,
        key=_key(place, key),
        on_select="rerun",
        selection_mode="single-object",
    )
    return area_clicked(place, key)


def area_clicked(place: Place, key: str) -> int | None:
    """Row of the area clicked last, before the map is drawn again."""
    if len(place.areas) <= deck.MANY:
        return area_at(place, clicked(place, key))
    said = session.answer(_key(place, key)) or {}
    objects = said.get("selection", {}).get("objects", {}).get(deck.AREAS, [])
    return int(objects[0]["properties"]["row"]) if objects else None


def draw(
    place: Place,
    key: str,
    layers: Sequence[folium.FeatureGroup],
    *,
    clicks: bool = False,
    height: int = HEIGHT,
    in_step: bool = False,
) -> Click | None:
    """Draw layers over a place.

    Parameters
    ----------
    place
        What the map shows at first.
    key
        Name of the map, one a place on a page.
    layers
        The lowest first; their names must differ.
    clicks
        True to be told of clicks on ground and areas.
    height
        Pixels.
    in_step
        True to move with the other maps of the page that do.

    Returns
    -------
    Click or None
        The last one; None where there was none.
    """
    ground = plan_map.base_map(place, _ADDRESS)
    background = _tiles()
    if background is not None:
        ground.add_child(leaflet.BaseMap(background), name="background")
    if in_step:
        ground.add_child(leaflet.InStep(), name="in_step")
    made = st_folium(
        ground,
        key=_key(place, key),
        height=height,
        use_container_width=True,
        returned_objects=["last_clicked"] if clicks else [],
        feature_group_to_add=list(layers),
    )
    return _metres((made or {}).get("last_clicked"))


def clicked(place: Place, key: str) -> Click | None:
    """The point last clicked on a map, before it is drawn again."""
    return _metres((session.answer(_key(place, key)) or {}).get("last_clicked"))


def area_at(place: Place, click: Click | None) -> int | None:
    """Row of the area that was clicked; None where there is none."""
    if click is None:
        return None
    found = place.areas.sindex.query(Point(click), predicate="intersects")
    return int(found.min()) if len(found) else None


def pin(click: Click | None) -> folium.FeatureGroup:
    """A mark where the map was clicked last; an empty layer where it was not."""
    points = gpd.GeoSeries([] if click is None else [Point(click)], crs=CRS)
    return plan_map.point_layer("pin", points, ["The point clicked"] * len(points), style.INK, 14)


def legend(shading: Shading, more: str = "") -> None:
    """A shading's colours in words, with further HTML below."""
    st.html(f'<div class="legend">{panel.legend(shading)}{more}</div>')


def lines(place: Place) -> str:
    """What the lines that `areas` draws mean, as HTML; empty where it draws none."""
    return "" if len(place.areas) > deck.MANY else panel.ground(place)


def plan(outcome: Outcome, key: str, height: int = HEIGHT) -> None:
    """Draw a plan in a narrow space, its legend below; for use within a page's own fragment.

    Parameters
    ----------
    outcome
        The plan.
    key, height
        As in `draw`.
    """
    shading = shadings(outcome)[0]
    draw(outcome.place, key, _layers(outcome, shading), height=height)
    st.caption(f"Areas: {session.plain(shading.title)}")
    left, right = st.columns(2)
    with left:
        legend(shading)
    right.html(f'<div class="legend">{panel.key(outcome)}</div>')


def _layers(outcome: Outcome, shading: Shading) -> list[folium.FeatureGroup]:
    return [
        plan_map.area_layer(outcome, shading),
        plan_map.outline_layer(outcome.place),
        plan_map.site_layer(outcome),
        plan_map.centre_layer(outcome),
    ]


def _tiles() -> Tiles | None:
    """The background that is set; none where it cannot be used, which Method and data says."""
    try:
        return tiles()
    except InputError:
        return None


def _key(place: Place, key: str) -> str:
    return f"{key} {place.name}"


def _metres(clicked: dict[str, float] | None) -> Click | None:
    if not clicked:
        return None
    point = gpd.GeoSeries([Point(clicked["lng"], clicked["lat"])], crs="EPSG:4326").to_crs(CRS)
    return Click(float(point.x.iloc[0]), float(point.y.iloc[0]))
