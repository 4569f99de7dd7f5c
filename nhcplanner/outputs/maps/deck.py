"""Map of a place with very many areas, drawn by the graphics card from a file by address."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import folium
import pydeck
import shapely

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.place import Place
from nhcplanner.outputs import style
from nhcplanner.outputs.maps import geometry
from nhcplanner.outputs.maps.leaflet import OPACITY, Features, Tiles, untagged
from nhcplanner.outputs.maps.shading import Shading
from nhcplanner.outputs.sanitise import text

MANY = 7_000
"""Number of areas above which a page draws with this module."""
MOST_FILES = 24
_FEW = 1_000
"""Largest number of points that are readable on a map of England."""
AREAS = "areas"
_START = "\u200b"
"""Put before the text of a point: deck.gl takes a text that begins with @@ for a function."""
_TOLD = {
    "backgroundColor": style.WHITE,
    "color": style.INK,
    "fontSize": "0.875rem",
    "maxWidth": "20rem",
    "overflowWrap": "anywhere",
    "padding": "6px 8px",
    "whiteSpace": "pre-line",
}
"""Style of the text about an area, which is never HTML."""


def write_areas(place: Place, shading: Shading, tip: Callable[[int], str], folder: Path) -> str:
    """Write areas with their colours as a GeoJSON file named by a hash of its content.

    Parameters
    ----------
    place, shading
        The areas, and the class of each.
    tip
        Function that describes the area in a row, as safe HTML.
    folder
        Folder of the file; the oldest of many files are deleted.

    Returns
    -------
    str
        Name of the file.
    """
    tips = [untagged(tip(row)) for row in range(len(place.areas))]
    shapes, known = _shapes(place)
    parts = (known, repr(shading.colours), shading.of_area.tobytes().hex(), *tips)
    name = f"{sha256(chr(0).join(parts).encode()).hexdigest()[:32]}.json"
    if not (folder / name).is_file():
        write_whole(folder / name, _geojson(shapes, shading, tips).encode())
        files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for old in files[:-MOST_FILES]:
            old.unlink(missing_ok=True)
    return name


def deck(
    place: Place, address: str, above: Iterable[folium.FeatureGroup], tiles: Tiles | None = None
) -> pydeck.Deck:
    """Return a map of areas from a file by its address, and points of further layers.

    Parameters
    ----------
    place
        Place that the map shows at first.
    address
        Address of the file from `write_areas`.
    above
        Layers of `outputs.maps`, whose points are drawn.
    tiles
        Tiles of the background, if any.
    """
    areas = pydeck.Layer(
        "GeoJsonLayer",
        address,
        id=AREAS,
        pickable=True,
        stroked=False,
        get_fill_color="properties.c",
        auto_highlight=True,
        opacity=1 if tiles is None else OPACITY,
    )
    west, south, east, north = geometry.bounds(place)
    view = pydeck.data_utils.compute_view([[west, south], [east, north]])
    view.zoom = max(view.zoom - 0.1, 0)
    return pydeck.Deck(
        [areas, *(_points(group) for group in above)],
        map_provider=None,
        map_style=_ground(tiles),
        initial_view_state=view,
        tooltip={"text": "{tip}", "style": _TOLD},
    )


def _ground(tiles: Tiles | None) -> str:
    """Return a base map of tiles or of nothing: without one, Streamlit fetches one elsewhere."""
    sources, background_layers = {}, []
    if tiles is not None:
        background = {"tiles": [tiles.address], "tileSize": 256, "attribution": text(tiles.credit)}
        sources = {"tiles": {"type": "raster", **background}}
        background_layers = [{"id": "tiles", "type": "raster", "source": "tiles"}]
    look = {"version": 8, "sources": sources, "layers": background_layers}
    return f"data:application/json,{quote(json.dumps(look))}"


def _points(group: folium.FeatureGroup) -> pydeck.Layer:
    features = [
        feature
        for layer in group._children.values()  # noqa: SLF001  (folium has no public way)
        if isinstance(layer, Features)
        for feature in layer.data["features"]
        if feature["geometry"]["type"] == "Point"
    ]
    rows = [
        {
            "at": list(one["geometry"]["coordinates"]),
            "c": _rgb(one["properties"].get("style", {}).get("fillColor", style.BLUE)),
            "tip": f"{_START}{untagged(one['properties'].get('tip', ''))}",
        }
        for one in features
    ]
    few = len(rows) <= _FEW
    return pydeck.Layer(
        "ScatterplotLayer",
        rows,
        id=group.layer_name,
        pickable=True,
        get_position="at",
        get_fill_color="c",
        get_line_color=_rgb(style.INK),
        stroked=True,
        line_width_min_pixels=1 if few else 0.2,
        radius_min_pixels=3 if few else 1,
        radius_max_pixels=8,
        get_radius=900,
    )


@cache_by_identity
def _shapes(place: Place) -> tuple[list[str], str]:
    """Return the simplified shape of each area as GeoJSON, and a hash of all shapes."""
    shapes = shapely.to_geojson(geometry.on_the_globe(place).to_numpy()).tolist()
    return shapes, sha256("".join(shapes).encode()).hexdigest()


def _geojson(shapes: list[str], shading: Shading, tips: list[str]) -> str:
    colours = [json.dumps(_rgb(colour), separators=(",", ":")) for colour in shading.colours]
    features = ",".join(
        f'{{"type":"Feature","geometry":{shape},"properties":'
        f'{{"c":{colours[one]},"row":{row},"tip":{json.dumps(tip)}}}}}'
        for row, (shape, one, tip) in enumerate(
            zip(shapes, shading.of_area.tolist(), tips, strict=True)
        )
    )
    return f'{{"type":"FeatureCollection","features":[{features}]}}'


def _rgb(colour: str) -> list[int]:
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
