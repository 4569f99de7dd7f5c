"""Layers of a hand-in in each GIS format: GeoPackage, GeoJSON, Shapefile, KML and GeoParquet."""

from __future__ import annotations

import errno
import struct
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import frames
from nhcplanner.outputs.gis.dictionary import dictionary
from nhcplanner.outputs.gis.layers import Layer, LayerStyle, layers, qml
from nhcplanner.outputs.sanitise import printable, write_safe_csv
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.wording.method import notes

_DAY = "2000-01-01T00:00:00.000Z"
_LONGEST_TEXT = 254
"""Bytes of text in a Shapefile."""


def geopackage(
    path: Path,
    layers: Iterable[Layer],
    credit: str,
    about: Mapping[str, pd.DataFrame] | None = None,
) -> None:
    """Write layers into one GeoPackage with the styles that QGIS opens them in.

    Parameters
    ----------
    path
        File to write, which must not exist.
    layers
        Layers to write, in EPSG:27700.
    credit
        Description and sources, stored with every layer.
    about
        Further tables without shapes, by name.
    """
    with _fixed_date():
        for layer in layers:
            layer.frame.to_file(path, layer=layer.name, driver="GPKG", DESCRIPTION=credit)
            arrived(path, len(layer.frame), layer.name)
        for name, table in {**(about or {}), "layer_styles": _styles(layers)}.items():
            pyogrio.write_dataframe(
                table, path, layer=name, driver="GPKG", DESCRIPTION=credit, FID="id"
            )
            arrived(path, len(table), name)


def geojson(path: Path, frame: gpd.GeoDataFrame, credit: str) -> None:
    """Write a layer as GeoJSON (RFC 7946): longitude and latitude, to about a decimetre."""
    frame.to_crs("EPSG:4326").to_file(
        path, driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION=6, DESCRIPTION=credit
    )
    arrived(path, len(frame))


def shapefile(path: Path, frame: gpd.GeoDataFrame, names: Mapping[str, str]) -> None:
    """Write a layer as a Shapefile under short names; text is cut at the format's limit."""
    short = frame.rename(columns=names)
    for name in short.columns[short.dtypes.map(pd.api.types.is_string_dtype)]:
        short[name] = short[name].map(_cut, na_action="ignore")
    short.to_file(path, driver="ESRI Shapefile", ENCODING="UTF-8")
    arrived(path, len(frame))
    _whole_table(path.with_suffix(".dbf"))


def geoparquet(path: Path, frame: gpd.GeoDataFrame) -> None:
    """Write a layer as GeoParquet."""
    frame.to_parquet(path, index=False, compression="zstd")


def short_names(names: Iterable[str], most: int = 10) -> dict[str, str]:
    """Return names of columns of at most `most` characters.

    Examples
    --------
    >>> short_names(["minutes_before", "minutes_be", "people"])
    {'minutes_before': 'minutes_be', 'minutes_be': 'minutes__2', 'people': 'people'}
    """
    found: dict[str, str] = {}
    names_so_far: set[str] = set()
    for name in names:
        short, number = name[:most], 1
        while short.lower() in names_so_far:
            number += 1
            short = f"{name[: most - len(str(number)) - 1]}_{number}"
        found[name] = short
        names_so_far.add(short.lower())
    return found


def arrived(path: Path, rows: int, layer: str | None = None) -> None:
    """Check that a file has as many rows as were written into it.

    Raises
    ------
    OSError
        If it does not: not every format reports a full disk.
    """
    try:
        there = pyogrio.read_info(path, layer=layer, force_feature_count=True)["features"]
    except (DataLayerError, DataSourceError):
        there = 0
    if there != rows:
        words = f"{there:,} of {rows:,} rows can be read back: is the disk full?"
        raise OSError(errno.EIO, words, str(path))


def _whole_table(path: Path) -> None:
    """Check that a Shapefile's table is as long as its header states; GDAL does not."""
    with path.open("rb") as file:
        rows, head, width = struct.unpack("<4xIHH", file.read(12))
    if not head or path.stat().st_size < head + rows * width:
        raise OSError(errno.EIO, "not all of the table was written: is the disk full?", str(path))


def _styles(layers: Iterable[Layer]) -> pd.DataFrame:
    """Return the table in which QGIS looks for styles in a GeoPackage."""
    rows = [
        {
            "f_table_catalog": "",
            "f_table_schema": "",
            "f_table_name": layer.name,
            "f_geometry_column": "geom",
            "styleName": look.name,
            "styleQML": qml(look),
            "styleSLD": "",
            "useAsDefault": look is layer.looks[0],
            "description": look.title,
            "owner": "",
            "ui": "",
            "update_time": pd.Timestamp(_DAY),
        }
        for layer in layers
        for look in layer.looks
    ]
    return pd.DataFrame(rows)


def _cut(text: str) -> str:
    return text.encode()[:_LONGEST_TEXT].decode(errors="ignore")


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Replace the date of writing in a GeoPackage, so that equal plans give equal files."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DAY})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


_NAMES = ("name", "area_name", "site_name", "area_code", "site_id")
_KML = "{http://www.opengis.net/kml/2.2}"
_FILLED = {f"{_KML}{name}" for name in ("name", "description", "SimpleData")}
_BALLOON = "$[description]"
"""Text of a click: only the description, because names would be read as HTML."""
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
        Description and sources of the document.
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
    """Add a name and a description to each row, and remove characters that XML forbids."""
    shapes = frame.geometry.name
    facts = pd.DataFrame(frame.drop(columns=shapes))
    for column in facts.columns[facts.dtypes.map(pd.api.types.is_string_dtype)]:
        facts[column] = facts[column].map(printable, na_action="ignore")
    best = facts[[column for column in _NAMES if column in facts]].bfill(axis=1).iloc[:, 0]
    written = [
        "<br>\n".join(
            _as_typed(f"{labels.get(str(name), name)}: {_figure(value)}")
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
    """Remove `]]>`, which would end the CDATA that GDAL writes text as."""
    cut = frame.copy()
    for column in cut.columns[cut.dtypes.map(pd.api.types.is_string_dtype)]:
        cut[column] = cut[column].str.replace("]]>", "]] >", regex=False)
    return cut


def _fill(placemark: ET.Element, row: Mapping[Hashable, object]) -> None:
    """Write the text of a row into its placemark unchanged, with spaces at its ends."""
    for element in placemark.iter():
        name = element.get("name") or element.tag.removeprefix(_KML)
        value = row.get(name)
        if isinstance(value, str) and element.tag in _FILLED:
            element.text = value


def _as_typed(text: str) -> str:
    """Escape a text for a description, which is HTML in which `$[name]` is a variable."""
    return escape(text).replace("$[", "&#36;[")


def _figure(value: object) -> str:
    """Format a number with separated thousands and few decimals."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value}"


def _style(look: LayerStyle, number: int) -> ET.Element:
    """Return the style of a class; KML orders colours as alpha, blue, green, red."""
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


GRID = "EPSG:27700 (OSGB 1936 / British National Grid, metres)"
GLOBE = "EPSG:4326 (WGS 84, degrees of longitude and latitude)"


def credit(outcome: Outcome) -> str:
    """Describe a file and its sources on one line."""
    parts = [outcome.place.title, terms.question(outcome), *terms.labels(outcome)]
    parts += [terms.source(one) for one in outcome.place.sources]
    return "; ".join(parts)


def about(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return tables about the layers: columns, notes, and sources with licences.

    Returns
    -------
    dict
        `columns`, `notes` and `sources`, without empty tables.
    """
    found = {
        "columns": dictionary(layers(evidence)),
        "notes": notes(evidence),
        "sources": frames.sources(evidence.outcome.place),
    }
    return {name: table for name, table in found.items() if len(table)}


def write_geopackage(evidence: Evidence, folder: Path) -> None:
    """Write `plan.gpkg`: every layer, its styles, and tables of columns, notes and sources."""
    path = folder / "plan.gpkg"
    geopackage(path, layers(evidence), credit(evidence.outcome), about(evidence))


def write_geojson(evidence: Evidence, folder: Path) -> None:
    """Write `geojson/LAYER.geojson`, each with a QGIS style."""
    target = _beside(evidence, folder / "geojson", GLOBE)
    for layer in layers(evidence):
        geojson(target / f"{layer.name}.geojson", layer.frame, credit(evidence.outcome))
        _text(target / f"{layer.name}.qml", qml(layer.looks[0]))


def write_shapefiles(evidence: Evidence, folder: Path) -> None:
    """Write `shapefile/LAYER.shp` with a QGIS style each; `columns.csv` maps the short names."""
    short_by_layer = {layer.name: short_names(layer.columns) for layer in layers(evidence)}
    target = _beside(evidence, folder / "shapefile", GRID, short_by_layer)
    for layer in layers(evidence):
        shapefile(target / f"{layer.name}.shp", layer.frame, short_by_layer[layer.name])
        _text(target / f"{layer.name}.qml", qml(layer.looks[0], short_by_layer[layer.name]))


def write_kml(evidence: Evidence, folder: Path) -> None:
    """Write `kml/LAYER.kml`."""
    target = _beside(evidence, folder / "kml", GLOBE)
    words = dictionary(layers(evidence)).drop_duplicates("column").set_index("column")
    unit = words["unit"].map(lambda unit: f" ({unit})" if unit else "")
    labels = {str(name): words for name, words in (words["label"] + unit).items()}
    for layer in layers(evidence):
        kml(target / f"{layer.name}.kml", layer, labels, credit(evidence.outcome))


def write_geoparquet(evidence: Evidence, folder: Path) -> None:
    """Write `parquet/LAYER.parquet`."""
    target = _beside(evidence, folder / "parquet", GRID)
    for layer in layers(evidence):
        geoparquet(target / f"{layer.name}.parquet", layer.frame)


def _beside(
    evidence: Evidence,
    target: Path,
    crs: str,
    file_names: Mapping[str, Mapping[str, str]] | None = None,
) -> Path:
    """Create the folder of a format, with the files on columns, sources and licences."""
    target.mkdir()
    write_safe_csv(dictionary(layers(evidence), file_names), target / "columns.csv")
    lines = [evidence.outcome.place.title, f"Coordinates: {crs}", ""]
    lines += [f"{row.about}: {row.words}" for row in notes(evidence).itertuples(index=False)]
    _text(target / "sources.txt", "\n".join(lines) + "\n")
    return target


def _text(path: Path, content: str) -> None:
    path.write_text(printable(content), encoding="utf-8", newline="\n")
