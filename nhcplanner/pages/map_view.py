"""Map on a page: Leaflet served by the app, a base map that stays and layers that change.

For every page that shows a place:

- `draw_areas` colours the areas of any place by a shading and returns the one clicked; it uses
  deck.gl if there are very many. `draw` is for any other layers.
- Call either in a `session.fragment` together with what a click or a choice changes. The key
  names the map; a map keeps its zoom under one key, whatever its layers show.
- Layers come from `outputs.maps` (or are any `leaflet.Group`); text of users must have passed
  `sanitise.text`. Layers keep their order: pass an empty layer rather than none.
- `draw` returns the point last clicked, if `clicks`; `clicked_point` returns it before the map is
  drawn, `area_at` finds its area.
- `legend` explains a shading's colours. Put a table of the same figures beside each map.
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


def draw_areas(
    place: Place,
    key: str,
    shading: Shading,
    tip: Callable[[int], str],
    above: Sequence[folium.FeatureGroup] = (),
) -> int | None:
    """Draw the areas of a place in the colours of a shading, however many there are.

    Parameters
    ----------
    place, key
        As in `draw`.
    shading, tip
        Class of each area, and its tooltip as safe HTML.
    above
        Further layers; over very many areas only their points are drawn.

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
    return clicked_area(place, key)


def clicked_area(place: Place, key: str) -> int | None:
    """Return the row of the area clicked last, before the map is drawn again."""
    if len(place.areas) <= deck.MANY:
        return area_at(place, clicked_point(place, key))
    state = session.answer(_key(place, key)) or {}
    objects = state.get("selection", {}).get("objects", {}).get(deck.AREAS, [])
    return int(objects[0]["properties"]["row"]) if objects else None


def draw(
    place: Place,
    key: str,
    layers: Sequence[folium.FeatureGroup],
    *,
    clicks: bool = False,
    height: int = HEIGHT,
    in_sync: bool = False,
) -> Click | None:
    """Draw layers over a place.

    Parameters
    ----------
    place
        The map first shows its extent.
    key
        Name of the map on the page; its state is kept per place.
    layers
        The lowest first; their names must differ.
    clicks
        Whether to return clicks on the map.
    height
        Pixels.
    in_sync
        Whether to move together with the other synchronised maps of the page.

    Returns
    -------
    Click or None
        The last click; None if there was none.
    """
    base_map = plan_map.base_map(place, _ADDRESS)
    background = _tiles()
    if background is not None:
        base_map.add_child(leaflet.BaseMap(background), name="background")
    if in_sync:
        base_map.add_child(leaflet.InStep(), name="in_sync")
    state = st_folium(
        base_map,
        key=_key(place, key),
        height=height,
        use_container_width=True,
        returned_objects=["last_clicked"] if clicks else [],
        feature_group_to_add=list(layers),
    )
    return _metres((state or {}).get("last_clicked"))


def clicked_point(place: Place, key: str) -> Click | None:
    """Return the point last clicked on a map, before it is drawn again."""
    return _metres((session.answer(_key(place, key)) or {}).get("last_clicked"))


def area_at(place: Place, click: Click | None) -> int | None:
    """Return the row of the area at a point; None if there is none."""
    if click is None:
        return None
    found = place.areas.sindex.query(Point(click), predicate="intersects")
    return int(found.min()) if len(found) else None


def pin(click: Click | None) -> folium.FeatureGroup:
    """Return a layer with a mark at the point clicked, or an empty layer."""
    points = gpd.GeoSeries([] if click is None else [Point(click)], crs=CRS)
    return plan_map.point_layer("pin", points, ["Point clicked"] * len(points), style.INK, 14)


def legend(shading: Shading, more: str = "") -> None:
    """Draw the legend of a shading, with further HTML below."""
    st.html(f'<div class="legend">{panel.legend(shading)}{more}</div>')


def line_legend(place: Place) -> str:
    """Return the legend of the lines that `draw_areas` draws, as HTML; empty if it draws none."""
    return "" if len(place.areas) > deck.MANY else panel.ground(place)


def draw_plan(outcome: Outcome, key: str, height: int = HEIGHT) -> None:
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
    """Return the background of the settings; None if unusable, which Method and data reports."""
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
