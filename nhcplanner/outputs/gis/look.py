"""Look: the classes of colour of a layer, and the same as a QGIS style."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from nhcplanner.outputs import style
from nhcplanner.outputs.harmless import printable
from nhcplanner.outputs.shading import Shading

Drawn = Literal["fill", "line", "point"]

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_SYMBOL = {"fill": "fill", "line": "fill", "point": "marker"}
_CLASS = {"fill": "SimpleFill", "line": "SimpleFill", "point": "SimpleMarker"}


@dataclass(frozen=True)
class Class:
    """One class of a look.

    Parameters
    ----------
    value
        What the column holds in its rows; "" also stands for rows that hold nothing.
    label
        Words for the legend.
    colour
        As #RRGGBB.
    """

    value: str | float
    label: str
    colour: str


@dataclass(frozen=True)
class Look:
    """One way to colour a layer.

    Parameters
    ----------
    name, title
        Short name, and what the colours mean.
    column
        Whose values part the classes.
    classes
        In the legend's order.
    drawn
        "fill" for shapes filled, "line" for their outlines alone, "point" for points.
    size
        Of points, or width of outlines, in millimetres.
    alpha
        0 (not seen) to 1.
    labelled
        Column that is written beside each point, "" for none.
    """

    name: str
    title: str
    column: str
    classes: tuple[Class, ...]
    drawn: Drawn
    size: float = 0.1
    alpha: float = 1.0
    labelled: str = ""


def shaded(shading: Shading, column: str, drawn: Drawn) -> Look:
    """A map's shading as a look, where `column` holds the label of each row's class."""
    classes = tuple(
        Class(label, label, colour)
        for label, colour in zip(shading.labels, shading.colours, strict=True)
    )
    size = 2.0 if drawn == "point" else 0.1
    return Look(shading.name, shading.title, column, classes, drawn, size)


def qml(look: Look, names: Mapping[str, str] | None = None) -> str:
    """The look as a QGIS style (QML): categories of one column, a symbol each.

    Parameters
    ----------
    look
        The look.
    names
        What columns are called in the file, where that is not their name.
    """
    called = names or {}
    column = called.get(look.column, look.column)
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
        _symbol(symbols, str(number), look, one.colour)
    if look.labelled:
        _labels(root, called.get(look.labelled, look.labelled))
    ET.SubElement(root, "layerGeometryType").text = "0" if look.drawn == "point" else "2"
    ET.indent(root)
    return _DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"


def _as_typed(label: str) -> str:
    """The label without the mark at which QGIS begins to work out an expression in a legend."""
    return printable(label).replace("[%", "[ %")


def _symbol(symbols: ET.Element, name: str, look: Look, colour: str) -> None:
    """One symbol; its options twice, as QGIS before and after 3.26 reads them."""
    kind = _SYMBOL[look.drawn]
    symbol = ET.SubElement(symbols, "symbol", type=kind, name=name, alpha=f"{look.alpha:g}")
    layer = ET.SubElement(symbol, "layer", {"class": _CLASS[look.drawn], "enabled": "1"})
    options = ET.SubElement(layer, "Option", type="Map")
    for key, value in _options(look, colour).items():
        ET.SubElement(options, "Option", name=key, type="QString", value=value)
        ET.SubElement(layer, "prop", k=key, v=value)


def _options(look: Look, colour: str) -> dict[str, str]:
    plain, edge = _rgba(colour), _rgba(style.WHITE if look.drawn == "fill" else style.INK)
    if look.drawn == "point":
        return {
            "name": "circle",
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
