"""KML: placemarks with a name, a description and the colours of the layer's first look."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd

from nhcplanner.outputs.gis.kept import arrived
from nhcplanner.outputs.gis.layers import Layer
from nhcplanner.outputs.gis.look import Look
from nhcplanner.outputs.harmless import printable

_NAMES = ("name", "area_name", "site_name", "area_code", "site_id")
_KML = "{http://www.opengis.net/kml/2.2}"
_FILLED = {f"{_KML}{name}" for name in ("name", "description", "SimpleData")}
_BALLOON = "$[description]"
"""What a click shows: the description alone, as a name would be taken for HTML there."""
_PIN = "http://maps.google.com/mapfiles/kml/shapes/placemark_circle.png"


def kml(path: Path, layer: Layer, labels: Mapping[str, str], credit: str) -> None:
    """Write a layer as KML.

    Parameters
    ----------
    path
        The file.
    layer
        The layer.
    labels
        Words for each column.
    credit
        What it is and whose: the document's description.
    """
    frame = _named(layer.frame, labels).to_crs("EPSG:4326")
    _without_end_of_data(frame).to_file(path, driver="LIBKML", layer=layer.name)
    arrived(path, len(frame))
    ET.register_namespace("", _KML.strip("{}"))
    tree = ET.parse(path)  # noqa: S314  (written above)
    document = next(tree.iter(f"{_KML}Document"))
    look = layer.looks[0]
    styles = [_style(look, number) for number in range(len(look.classes))]
    words = ET.Element(f"{_KML}description")
    words.text = _as_typed(printable(f"{layer.title}. {credit}"))
    document[:0] = [words, *styles]
    number = {str(one.value): row for row, one in enumerate(look.classes)}
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name)).to_dict("records")
    for placemark, value, row in zip(
        tree.iter(f"{_KML}Placemark"), layer.frame[look.column].fillna(""), rows, strict=True
    ):
        _fill(placemark, row)
        address = ET.Element(f"{_KML}styleUrl")
        address.text = f"#class{number[str(value)]}"
        after = [child.tag for child in placemark].index(f"{_KML}description") + 1
        placemark.insert(after, address)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def _named(frame: gpd.GeoDataFrame, labels: Mapping[str, str]) -> gpd.GeoDataFrame:
    """The frame with a name and a description a row, and text that XML takes."""
    shapes = frame.geometry.name
    facts = pd.DataFrame(frame.drop(columns=shapes))
    for column in facts.columns[facts.dtypes.map(pd.api.types.is_string_dtype)]:
        facts[column] = facts[column].map(printable, na_action="ignore")
    best = facts[[column for column in _NAMES if column in facts]].bfill(axis=1).iloc[:, 0]
    written = [
        "<br>\n".join(
            _as_typed(f"{labels.get(name, name)}: {_figure(value)}")
            for name, value in row.items()
            if pd.notna(value) and value != ""
        )
        for row in facts.to_dict("records")
    ]
    more = facts.drop(columns="name", errors="ignore")
    return gpd.GeoDataFrame(
        more.assign(name=best.astype(str), description=written),
        geometry=frame.geometry.to_numpy(),
        crs=frame.crs,
    )


def _without_end_of_data(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame without `]]>`: GDAL writes text as CDATA, and that would end in it."""
    cut = frame.copy()
    for column in cut.columns[cut.dtypes.map(pd.api.types.is_string_dtype)]:
        cut[column] = cut[column].str.replace("]]>", "]] >", regex=False)
    return cut


def _fill(placemark: ET.Element, row: Mapping[Hashable, object]) -> None:
    """Put the text of a row into its placemark as it is, spaces at its ends included."""
    for element in placemark.iter():
        name = element.get("name") or element.tag.removeprefix(_KML)
        value = row.get(name)
        if isinstance(value, str) and element.tag in _FILLED:
            element.text = value


def _as_typed(text: str) -> str:
    """Text for a description, which is HTML in which `$[name]` stands for another value."""
    return escape(text).replace("$[", "&#36;[")


def _figure(value: object) -> str:
    """A number with thousands parted and no more decimals than are worth reading."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value}"


def _style(look: Look, number: int) -> ET.Element:
    """The style of one class; colours as KML has them, alpha first and blue before red."""
    one = look.classes[number]
    colour = one.colour[5:7] + one.colour[3:5] + one.colour[1:3]
    style = ET.Element(f"{_KML}Style", id=f"class{number}")
    balloon = ET.SubElement(style, f"{_KML}BalloonStyle")
    ET.SubElement(balloon, f"{_KML}text").text = _BALLOON
    if look.drawn == "point":
        icon = ET.SubElement(style, f"{_KML}IconStyle")
        ET.SubElement(icon, f"{_KML}color").text = f"ff{colour}"
        ET.SubElement(icon, f"{_KML}scale").text = f"{look.size / 4:g}"
        ET.SubElement(ET.SubElement(icon, f"{_KML}Icon"), f"{_KML}href").text = _PIN
        return style
    edge = ET.SubElement(style, f"{_KML}LineStyle")
    ET.SubElement(edge, f"{_KML}color").text = f"ff{colour}" if look.drawn == "line" else "99ffffff"
    fill = ET.SubElement(style, f"{_KML}PolyStyle")
    ET.SubElement(fill, f"{_KML}color").text = f"{round(204 * look.alpha):02x}{colour}"
    ET.SubElement(fill, f"{_KML}fill").text = str(int(look.drawn == "fill"))
    return style
