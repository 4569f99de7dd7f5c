"""Map on a page: one component for every size of place, drawn by the app's own script.

For every page that shows a place:

- `draw` colours the areas of a place by a shading, with layers of points above.
  Call it in a `session.fragment` together with what a click or a choice changes. The key names
  the map: under one key it stays where it is, whatever it shows.
- Layers come from `outputs.maps` (or are any `leaflet.Group`). All texts are sent as plain text.
- `clicked_area`, `clicked_site` and `clicked_point` return the latest click before the map is
  drawn. A click sets a point only in a mode, whose words the map shows; else it chooses an area.
- `legend` explains a shading's colours. Put a table of the same figures beside each map.

The script comes from `outputs/maps/static`, its data from files named by a hash; no other server
is asked, and no graphics card is needed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import streamlit as st
from shapely.geometry import Point
from streamlit.components.v1 import declare_component

from nhcplanner import workflow
from nhcplanner.base.errors import InputError, PlannerError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import CRS, Place
from nhcplanner.outputs.maps import panel, plan_map, screen
from nhcplanner.outputs.maps.leaflet import Tiles, tiles
from nhcplanner.outputs.maps.screen import Behaviour, Drawing
from nhcplanner.outputs.maps.shading import Shading, shadings
from nhcplanner.pages import session

HEIGHT = 440
READ = Behaviour(picks=True)
"""A click chooses an area."""
POPUP = Behaviour(popup=True)
"""A click shows facts about what was clicked."""

# Streamlit serves the folders of components by address.
_SERVED = declare_component("static", path=str(screen.FOLDER))
_DRAWN = TemporaryDirectory(prefix="nhcplanner-", ignore_cleanup_errors=True)
_DATA = declare_component("drawn", path=_DRAWN.name)
_NAME = "nhcplanner_map"
_SCRIPT = """
export default function ({ data, parentElement, setStateValue }) {
  const base = new URL(data.base, document.baseURI).href;
  const root = parentElement.nhcRoot ??= parentElement.appendChild(document.createElement("div"));
  root.mounted ??= import(`${base}/view/map.js`)
    .then((view) => view.mount(root, base, setStateValue));
  root.mounted.then((show) => show(data)).catch((error) => {
    if (root.isConnected) { root.textContent = "The map could not be drawn. Load the page again."; }
    console.warn(error);
  });
  return () => {
    const old = root.mounted;
    root.mounted = null;
    parentElement.nhcRoot = null;
    root.remove();
    old?.then((show) => show.stop());
  };
}
"""


class Click(NamedTuple):
    """A point on the map, metres (EPSG:27700)."""

    easting: float
    northing: float


def draw(
    place: Place,
    key: str,
    drawing: Drawing,
    behaviour: Behaviour = READ,
    height: int = HEIGHT,
) -> None:
    """Draw a place, however many areas it has.

    Parameters
    ----------
    place
        The map first shows its extent.
    key
        Name of the map on the page; its state is kept per place.
    drawing
        What the map shows.
    behaviour
        What clicks do.
    height
        Pixels.
    """
    made = screen.data(place, drawing, workflow.surroundings(place), Path(_DRAWN.name))
    address = f"component/{_DATA.name}"
    for name in ("shapes", "ground", "facts", "layers"):
        made[name] = f"{address}/{made[name]}"
    found, answer = _find(place, key)
    made |= {
        "base": f"component/{_SERVED.name}",
        "files": address,
        "heading": f"{place.title}: {drawing.shading.title}",
        "tiles": screen.tile_data(_tiles()),
        "height": height,
        "fly": found,
        "answer": answer,
        **behaviour._asdict(),
    }
    component = st.components.v2.component(_NAME, js=_SCRIPT, css=_style(), isolate_styles=False)
    component(
        key=_key(place, key),
        data=made,
        default=dict.fromkeys(_STATES),
        **{f"on_{name}_change": _nothing for name in _STATES},
    )


_STATES = ("area", "point", "site", "find")


def _nothing() -> None:
    """Take a change of state, which needs no work before the page is drawn again."""


@cache
def _style() -> str:
    """Return the style sheets of Leaflet and of the map."""
    files = ("leaflet/leaflet.css", "view/view.css")
    return "\n".join((screen.FOLDER / name).read_text("utf-8") for name in files)


def clicked_area(place: Place, key: str) -> int | None:
    """Return the row of the area clicked last, before the map is drawn again."""
    state = _state(place, key, "area")
    row = state.get("row")
    return row if isinstance(row, int) and 0 <= row < len(place.areas) else None


def clicked_site(place: Place, key: str) -> str | None:
    """Return the id of the site clicked last, before the map is drawn again."""
    site = _state(place, key, "site").get("id")
    return site if isinstance(site, str) else None


def clicked_point(place: Place, key: str) -> Click | None:
    """Return the point set last in a mode, before the map is drawn again."""
    state = _state(place, key, "point")
    lng, lat = state.get("lng"), state.get("lat")
    if not isinstance(lng, int | float) or not isinstance(lat, int | float):
        return None
    point = gpd.GeoSeries([Point(lng, lat)], crs="EPSG:4326").to_crs(CRS)
    return Click(float(point.x.iloc[0]), float(point.y.iloc[0]))


def count_of(place: Place, key: str, name: str) -> int:
    """Return the number of a click, which tells two clicks on the same thing apart; 0 = none.

    Parameters
    ----------
    place, key
        As in `draw`.
    name
        "area", "point", "site" or "find".
    """
    return int(_state(place, key, name).get("count", 0))


def area_at(place: Place, click: Click | None) -> int | None:
    """Return the row of the area at a point; None if there is none."""
    if click is None:
        return None
    found = place.areas.sindex.query(Point(click), predicate="intersects")
    return int(found.min()) if len(found) else None


def position(click: Click | None) -> tuple[float, float] | None:
    """Return longitude and latitude of a point, for a pin; None if there is none."""
    if click is None:
        return None
    point = gpd.GeoSeries([Point(click)], crs=CRS).to_crs("EPSG:4326").iloc[0]
    return float(point.x), float(point.y)


def choose_part(place: Place) -> npt.NDArray[np.bool_] | None:
    """Draw a choice of a region, an ICB or a council to show; return its areas, None = all.

    The choice is the same on all pages. A place within one council has no choice.
    """
    parts = workflow.parts_of(place)
    if not parts:
        return None
    chosen = st.selectbox(
        "Part of the map",
        parts,
        index=None,
        placeholder="All, or choose a part",
        key=session.widget_key("map_part", None, parts),
        help="Areas outside the part are drawn pale. The figures stay those of the whole place.",
    )
    return parts[chosen] if chosen is not None else None


def legend(shading: Shading, more: str = "") -> None:
    """Draw the legend of a shading, with further HTML below."""
    st.html(f'<div class="legend">{panel.legend(shading)}{more}</div>')


def line_legend(place: Place) -> str:
    """Return the legend of roads and borders as HTML; empty if the map has none."""
    return panel.ground(place)


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
    draw_outcome(outcome, key, shading, height=height)
    st.caption(f"Areas: {session.plain(shading.title)}")
    left, right = st.columns(2)
    with left:
        legend(shading)
    right.html(f'<div class="legend">{panel.key(outcome)}</div>')


def draw_outcome(
    outcome: Outcome,
    key: str,
    shading: Shading,
    *,
    behaviour: Behaviour = POPUP,
    height: int = HEIGHT,
) -> None:
    """Draw a plan: areas in the colours of a shading, sites and centres.

    Parameters
    ----------
    outcome, shading
        The plan, and one of its shadings.
    key, behaviour, height
        As in `draw`.
    """
    above = [plan_map.site_layer(outcome), plan_map.centre_layer(outcome)]
    tip = plan_map.area_tips(outcome, shading)
    draw(outcome.place, key, Drawing(shading, tip, above), behaviour, height)


def _find(place: Place, key: str) -> tuple[dict[str, Any] | None, str | None]:
    """Return where a text of the search box leads that no name on the map has, and an answer."""
    state = _state(place, key, "find")
    text = str(state.get("text", "")).strip()[:80]
    if not text:
        return None, None
    try:
        found = workflow.spot(text)
    except PlannerError:
        return None, f"Nothing found for {text}"
    at = position(Click(found.easting, found.northing))
    return {"name": text, "at": at, "zoom": 14, "count": state.get("count", 0)}, None


def _state(place: Place, key: str, name: str) -> dict[str, Any]:
    """Return the latest value of a state of a map; empty if there is none."""
    every = session.answer(_key(place, key)) or {}
    value = every.get(name) if hasattr(every, "get") else None
    return dict(value) if value else {}


def _tiles() -> Tiles | None:
    """Return the background of the settings; None if unusable, which Method and data reports."""
    try:
        return tiles()
    except InputError:
        return None


def _key(place: Place, key: str) -> str:
    return f"{key} {place.name}"
