"""Layers of a plan (areas, sites, centres, catchments, isochrones) and their styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import frames, style
from nhcplanner.outputs.maps.shading import Shading, shadings
from nhcplanner.outputs.maps.symbols import SYMBOLS
from nhcplanner.outputs.sanitise import printable
from nhcplanner.outputs.wording import terms

Drawn = Literal["fill", "line", "point"]

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_SYMBOL = {"fill": "fill", "line": "fill", "point": "marker"}
_CLASS = {"fill": "SimpleFill", "line": "SimpleFill", "point": "SimpleMarker"}


@dataclass(frozen=True)
class Class:
    """One class of a style.

    Parameters
    ----------
    value
        Value of the column in its rows; "" also matches blank rows.
    label
        Text in the legend.
    colour
        As #RRGGBB.
    shape
        Shape of points, as in `maps.symbols`.
    """

    value: str | float
    label: str
    colour: str
    shape: str = "circle"


@dataclass(frozen=True)
class LayerStyle:
    """Style of a layer: its classes and colours.

    Parameters
    ----------
    name, title
        Short name, and title that explains the colours.
    column
        Column whose values decide the class.
    classes
        Classes in the order of the legend.
    drawn
        "fill" for shapes filled, "line" for their outlines alone, "point" for points.
    size
        Size of points, or width of outlines, in millimetres.
    alpha
        Opacity, 0 (invisible) to 1.
    labelled
        Column that labels each point; "" = none.
    """

    name: str
    title: str
    column: str
    classes: tuple[Class, ...]
    drawn: Drawn
    size: float = 0.1
    alpha: float = 1.0
    labelled: str = ""


def shaded(shading: Shading, column: str, drawn: Drawn) -> LayerStyle:
    """Return a map's shading as a style; `column` has the label of each row's class."""
    classes = tuple(
        Class(label, label, colour)
        for label, colour in zip(shading.labels, shading.colours, strict=True)
    )
    size = 2.0 if drawn == "point" else 0.1
    return LayerStyle(shading.name, shading.title, column, classes, drawn, size)


def qml(look: LayerStyle, names: Mapping[str, str] | None = None) -> str:
    """Return the style in QGIS's format (QML): categories of one column, each with a symbol.

    Parameters
    ----------
    look
        The look.
    names
        Names of columns in the file, if they differ.
    """
    file_names = names or {}
    column = file_names.get(look.column, look.column)
    root = ET.Element("qgis", version="3.22.0", labelsEnabled=str(int(bool(look.labelled))))
    renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol", attr=column)
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, one in enumerate(look.classes):
        ET.SubElement(
            categories,
            "category",
            value=printable(str(one.value)),
            label=_as_typed(one.label),
            symbol=str(number),
            render="true",
            type="double" if isinstance(one.value, float) else "string",
        )
        _symbol(symbols, str(number), look, one)
    if look.labelled:
        _labels(root, file_names.get(look.labelled, look.labelled))
    ET.SubElement(root, "layerGeometryType").text = "0" if look.drawn == "point" else "2"
    ET.indent(root)
    return _DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"


def _as_typed(label: str) -> str:
    """Remove the mark with which QGIS begins an expression in a legend."""
    return printable(label).replace("[%", "[ %")


def _symbol(symbols: ET.Element, name: str, look: LayerStyle, one: Class) -> None:
    """Return a symbol with its options in the forms of QGIS before and after 3.26."""
    kind = _SYMBOL[look.drawn]
    symbol = ET.SubElement(symbols, "symbol", type=kind, name=name, alpha=f"{look.alpha:g}")
    layer = ET.SubElement(symbol, "layer", {"class": _CLASS[look.drawn], "enabled": "1"})
    options = ET.SubElement(layer, "Option", type="Map")
    for key, value in _options(look, one).items():
        ET.SubElement(options, "Option", name=key, type="QString", value=value)
        ET.SubElement(layer, "prop", k=key, v=value)


def _options(look: LayerStyle, one: Class) -> dict[str, str]:
    plain, edge = _rgba(one.colour), _rgba(style.WHITE if look.drawn == "fill" else style.INK)
    if look.drawn == "point":
        return {
            "name": _SHAPES.get(one.shape, one.shape),
            "color": plain,
            "outline_color": edge,
            "outline_width": "0.2",
            "size": f"{look.size:g}",
            "size_unit": "MM",
        }
    return {
        "style": "no" if look.drawn == "line" else "solid",
        "color": plain,
        "outline_color": plain if look.drawn == "line" else edge,
        "outline_style": "solid",
        "outline_width": f"{look.size:g}",
        "outline_width_unit": "MM",
    }


def _labels(root: ET.Element, column: str) -> None:
    settings = ET.SubElement(ET.SubElement(root, "labeling", type="simple"), "settings")
    words = ET.SubElement(
        settings, "text-style", fieldName=column, fontSize="9", textColor=_rgba(style.INK)
    )
    buffer = {"bufferDraw": "1", "bufferSize": "0.8", "bufferColor": _rgba(style.WHITE)}
    ET.SubElement(words, "text-buffer", buffer)


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"


_ROLES = {role: SYMBOLS[role or "closed"] for role in ("existing", "committed", "new", "")}
_SHAPES = {"leaf": "square_with_corners"}
"""Names of QGIS for shapes of `symbols` that it calls otherwise."""
NAMES = ("areas", "catchments", "isochrones", "sites", "centres")
"""Names of all layers, from the bottom of a map to the top."""
_FIFTHS = (*(f"people_q{number}" for number in range(1, 6)), "people_q_unknown")


@dataclass(frozen=True, eq=False)
class Layer:
    """Layer of a plan.

    Parameters
    ----------
    name, title
        Name in files, and title for readers.
    frame
        Its rows, in EPSG:27700, `geometry` last; every row carries the place's title. Blank is
        None or NaN, never infinite.
    looks
        Styles of the layer, the default first.
    """

    name: str
    title: str
    frame: gpd.GeoDataFrame
    looks: tuple[LayerStyle, ...]

    @property
    def columns(self) -> list[str]:
        """Names of the columns without the geometry."""
        return [str(name) for name in self.frame.columns if name != self.frame.geometry.name]


@cache_by_identity
def layers(evidence: Evidence) -> tuple[Layer, ...]:
    """Return every layer of a hand-in that has rows."""
    outcome = evidence.outcome
    found = list(plain_layers(outcome, evidence.isochrones))
    if outcome.plan.opened:
        centres = _centres(outcome, evidence.catchments)
        found.append(Layer("centres", "Centres of the plan", centres, (_by_role(4.0, "name"),)))
        found.append(_catchments(outcome, centres))
    filled = (one for one in found if len(one.frame))
    return tuple(sorted(filled, key=lambda one: NAMES.index(one.name)))


def plain_layers(outcome: Outcome, ground: gpd.GeoDataFrame | None) -> tuple[Layer, ...]:
    """Return areas and sites, and isochrones if there are any.

    Parameters
    ----------
    outcome
        The plan.
    ground
        Isochrones, as in `Evidence`.
    """
    found = [_areas(outcome), _sites(outcome)]
    if ground is not None and not ground.empty:
        found.append(_isochrones(outcome, ground))
    return tuple(found)


def _areas(outcome: Outcome) -> Layer:
    frame = _last(frames.areas(outcome))
    frame["change"] = frame["minutes_after"] - frame["minutes_before"]
    drawn: Drawn = "fill" if (shapely.get_dimensions(frame.geometry) == 2).all() else "point"
    looks = []
    for shading in shadings(outcome):
        column = f"{shading.name}_class"
        frame[column] = np.array(shading.labels, dtype=object)[shading.of_area]
        looks.append(shaded(shading, column, drawn))
    return Layer("areas", "Areas before and after the plan", _last(frame), tuple(looks))


def _sites(outcome: Outcome) -> Layer:
    frame = _last(frames.sites(outcome))
    return Layer("sites", "Every site, opened or not", frame, (_by_role(2.0),))


def _isochrones(outcome: Outcome, ground: gpd.GeoDataFrame) -> Layer:
    frame = _last(frames.isochrones(outcome, ground))
    limits = sorted(set(frame["minutes"].astype(float)))
    colours = style.need(style.CLASSES)
    classes = tuple(
        Class(limit, f"Within {limit:g} minutes", colours[min(row, style.CLASSES - 1)])
        for row, limit in enumerate(limits)
    )
    look = LayerStyle("minutes", "Reached in so many minutes", "minutes", classes, "line", 0.6)
    return Layer("isochrones", "From where each centre is reached", frame, (look,))


def _centres(outcome: Outcome, catchments: pd.DataFrame | None) -> gpd.GeoDataFrame:
    """Return the open centres, numbered as on the map, with people by fifth of deprivation."""
    frame = frames.sites(outcome).assign(name=outcome.place.site_names)
    frame = frame.iloc[list(outcome.plan.opened)].reset_index(drop=True)
    frame.insert(1, "number", np.arange(1, len(frame) + 1))
    if catchments is not None:
        more = catchments.set_index("site_id")[["council", *_FIFTHS]]
        frame = frame.join(more, on="site_id")
    return _last(frame)


def _catchments(outcome: Outcome, centres: gpd.GeoDataFrame) -> Layer:
    """Return the areas of each centre as one shape, with a colour that no neighbour has."""
    origins = outcome.assessment.areas
    centre = origins["centre"].to_numpy()
    shapes = gpd.GeoDataFrame(
        {"site_id": centre, "areas": 1, "people_in_areas": origins["people"].to_numpy()},
        geometry=outcome.place.areas.geometry.to_numpy(),
        crs=outcome.place.areas.crs,
    )
    shapes = shapes[np.isin(centre, centres["site_id"])]
    joined = shapes.dissolve("site_id", aggfunc="sum").reset_index()
    columns = ["place", "number", "site_id", "name", "role", "council", "people_served", *_FIFTHS]
    table = pd.DataFrame(centres.drop(columns="geometry")).reindex(columns=columns)
    frame = joined.merge(table.dropna(axis=1, how="all"), on="site_id").sort_values("number")
    frame = frame.reset_index(drop=True)
    frame.insert(0, "place", frame.pop("place"))
    frame["colour"] = _colours(frame.geometry)
    classes = tuple(
        Class(str(number), f"Colour {number}", colour)
        for number, colour in enumerate(style.words(style.CLASSES), 1)
        if (frame["colour"] == str(number)).any()
    )
    look = LayerStyle("catchments", "Same centre", "colour", classes, "fill", 0.4, 0.45)
    return Layer("catchments", "Areas whose people the same centre serves", _last(frame), (look,))


def _colours(shapes: gpd.GeoSeries) -> list[str]:
    """Return a colour number from 1 for each shape, different from its neighbours if possible."""
    import networkx as nx  # noqa: PLC0415 - slow to import, and only this needs it

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(shapes)))
    graph.add_edges_from(shapes.sindex.query(shapes, predicate="intersects").T.tolist())
    graph.remove_edges_from(nx.selfloop_edges(graph))
    number = nx.greedy_color(graph, strategy="DSATUR")
    return [str(number[row] % style.CLASSES + 1) for row in range(len(shapes))]


def _by_role(size: float, labelled: str = "") -> LayerStyle:
    roles = [role for role in _ROLES if role or not labelled]
    classes = tuple(
        Class(role, terms.ROLES[role], _ROLES[role].fill, _ROLES[role].shape) for role in roles
    )
    return LayerStyle("role", "Role in the plan", "role", classes, "point", size, labelled=labelled)


def _last(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Move the geometry behind all columns; make all shapes multi-part if some are."""
    shapes = frame.geometry
    if _mixed(shapes.geom_type.unique()):
        parts = [shapely.get_parts(shape) for shape in shapes]
        shapes = gpd.GeoSeries([shapely.multipolygons(one) for one in parts], crs=frame.crs)
    plain = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return gpd.GeoDataFrame(plain, geometry=shapes.to_numpy(), crs=frame.crs)


def _mixed(kinds: Sequence[str]) -> bool:
    return set(kinds) == {"Polygon", "MultiPolygon"}
