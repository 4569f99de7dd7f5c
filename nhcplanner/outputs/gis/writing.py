"""Writing: a hand-in's layers in each format, with what its columns are and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import tables, wording
from nhcplanner.outputs.gis import kept
from nhcplanner.outputs.gis.dictionary import dictionary
from nhcplanner.outputs.gis.kml import kml
from nhcplanner.outputs.gis.layers import layers
from nhcplanner.outputs.gis.look import qml
from nhcplanner.outputs.harmless import harmless_csv, printable
from nhcplanner.outputs.notes import notes

GRID = "EPSG:27700 (OSGB 1936 / British National Grid, metres)"
GLOBE = "EPSG:4326 (WGS 84, degrees of longitude and latitude)"


def credit(outcome: Outcome) -> str:
    """What a file is and whose, on one line."""
    parts = [outcome.place.title, wording.question(outcome), *wording.labels(outcome)]
    parts += [wording.source(one) for one in outcome.place.sources]
    return "; ".join(parts)


def about(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Tables that go along with the layers: what columns are, what to know, sources and licences.

    Returns
    -------
    dict
        `columns`, `notes` and `sources`; those that say nothing are left out.
    """
    found = {
        "columns": dictionary(layers(evidence)),
        "notes": notes(evidence),
        "sources": tables.sources(evidence.outcome.place),
    }
    return {name: table for name, table in found.items() if len(table)}


def write_geopackage(evidence: Evidence, folder: Path) -> None:
    """Write `plan.gpkg`: every layer, its styles, and tables of columns, notes and sources."""
    path = folder / "plan.gpkg"
    kept.geopackage(path, layers(evidence), credit(evidence.outcome), about(evidence))


def write_geojson(evidence: Evidence, folder: Path) -> None:
    """Write `geojson/LAYER.geojson` with a QGIS style beside each."""
    target = _beside(evidence, folder / "geojson", GLOBE)
    for layer in layers(evidence):
        kept.geojson(target / f"{layer.name}.geojson", layer.frame, credit(evidence.outcome))
        _text(target / f"{layer.name}.qml", qml(layer.looks[0]))


def write_shapefiles(evidence: Evidence, folder: Path) -> None:
    """Write `shapefile/LAYER.shp` with a QGIS style each; `columns.csv` maps the short names."""
    called = {layer.name: kept.short_names(layer.columns) for layer in layers(evidence)}
    target = _beside(evidence, folder / "shapefile", GRID, called)
    for layer in layers(evidence):
        kept.shapefile(target / f"{layer.name}.shp", layer.frame, called[layer.name])
        _text(target / f"{layer.name}.qml", qml(layer.looks[0], called[layer.name]))


def write_kml(evidence: Evidence, folder: Path) -> None:
    """Write `kml/LAYER.kml`."""
    target = _beside(evidence, folder / "kml", GLOBE)
    words = dictionary(layers(evidence)).drop_duplicates("column").set_index("column")
    unit = words["unit"].map(lambda unit: f" ({unit})" if unit else "")
    labels = (words["label"] + unit).to_dict()
    for layer in layers(evidence):
        kml(target / f"{layer.name}.kml", layer, labels, credit(evidence.outcome))


def write_geoparquet(evidence: Evidence, folder: Path) -> None:
    """Write `parquet/LAYER.parquet`."""
    target = _beside(evidence, folder / "parquet", GRID)
    for layer in layers(evidence):
        kept.geoparquet(target / f"{layer.name}.parquet", layer.frame)


def _beside(
    evidence: Evidence,
    target: Path,
    crs: str,
    called: Mapping[str, Mapping[str, str]] | None = None,
) -> Path:
    """Make a format's folder, with what must travel with its files: columns, sources, licences."""
    target.mkdir()
    harmless_csv(dictionary(layers(evidence), called), target / "columns.csv")
    said = [evidence.outcome.place.title, f"Coordinates: {crs}", ""]
    said += [f"{row.about}: {row.words}" for row in notes(evidence).itertuples(index=False)]
    _text(target / "sources.txt", "\n".join(said) + "\n")
    return target


def _text(path: Path, content: str) -> None:
    path.write_text(printable(content), encoding="utf-8", newline="\n")
