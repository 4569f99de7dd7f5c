"""Files of one plan, and tables and records of many plans, written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.atomic import atomic_directory, files_in
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.plan_record import InputFile
from nhcplanner.outputs import report
from nhcplanner.outputs.gis.dictionary import flat
from nhcplanner.outputs.gis.layers import plain_layers
from nhcplanner.outputs.gis.writing import credit, geojson, geopackage
from nhcplanner.outputs.maps import plan_map
from nhcplanner.outputs.report import record
from nhcplanner.outputs.sanitise import printable, write_safe_csv
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.wording.method import scenario_toml


def write_files(
    outcome: Outcome,
    directory: Path,
    isochrones: gpd.GeoDataFrame | None = None,
    inputs: Sequence[InputFile] = (),
) -> tuple[Path, ...]:
    """Write map, tables, GIS layers and the record of a run.

    Parameters
    ----------
    outcome
        The run.
    directory
        Folder to write to; created if missing. Files of an earlier run are replaced together, and
        other files are left alone.
    isochrones
        From where centres are reached: `site_id`, `mode`, `minutes` and polygons; none are
        written if there are none.
    inputs
        Input files of the run, for the record.

    Returns
    -------
    tuple of Path
        `map.html`, `summary.txt`, `plan.json`, `scenario.toml`, `plan.gpkg` (layers areas and
        sites, EPSG:27700), and `areas` and `sites` as `.geojson` (EPSG:4326) and `.csv` (sites
        with easting and northing, EPSG:27700); isochrones are a further layer of `plan.gpkg` and
        `isochrones.geojson`. The same scenario gives the same bytes, apart
        from the seconds and the date in `plan.json`.

    Raises
    ------
    InputError
        If the folder or a file in it cannot be written.
    """
    plan_record = record(outcome, inputs)
    with atomic_directory(directory, stale=["isochrones.geojson"]) as made:
        _text(made / "plan.json", json.dumps(plan_record, indent=2, allow_nan=False))
        names = _write(outcome, made, isochrones)
    return tuple(directory / name for name in names)


def _write(outcome: Outcome, folder: Path, isochrones: gpd.GeoDataFrame | None) -> list[str]:
    ground = None if isochrones is None or isochrones.empty else isochrones
    plan_map.save_map(plan_map.plan_map(outcome, ground), folder / "map.html")
    _text(folder / "summary.txt", printable(_summary(outcome)))
    _text(folder / "scenario.toml", scenario_toml(outcome))
    layers = plain_layers(outcome, ground)
    for layer in layers:
        geojson(folder / f"{layer.name}.geojson", layer.frame, credit(outcome))
        if layer.name in ("areas", "sites"):
            _csv(layer.frame, folder / f"{layer.name}.csv")
    geopackage(folder / "plan.gpkg", layers, credit(outcome))
    return [
        "map.html",
        "summary.txt",
        "plan.json",
        "scenario.toml",
        "plan.gpkg",
        "areas.geojson",
        "areas.csv",
        "sites.geojson",
        "sites.csv",
        *(["isochrones.geojson"] if ground is not None else []),
    ]


def _summary(outcome: Outcome) -> str:
    sources = "\n".join(f"  {terms.source(one)}" for one in outcome.place.sources)
    return f"{report.summary(outcome)}\n\nSources and licences:\n{sources}"


def _text(path: Path, content: str) -> None:
    path.write_text(content + "\n", encoding="utf-8", newline="\n")


def _csv(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a layer as CSV, with a point inside each shape and text that no spreadsheet runs."""
    write_safe_csv(flat(frame), path)


def write_table_files(
    directory: Path,
    tables: Mapping[str, pd.DataFrame],
    records: Mapping[str, Mapping[str, object]],
) -> tuple[Path, ...]:
    """Write tables as CSV and records as JSON.

    Parameters
    ----------
    directory
        Folder to write to; created if missing. Other files in it are left alone.
    tables, records
        By name without the ending; "plans/north" goes into a folder of its own.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    InputError
        If the folder or a file in it cannot be written.
    """
    with atomic_directory(directory) as made:
        for name, frame in tables.items():
            write_safe_csv(frame, _in_folder(made / f"{name}.csv"))
        for name, one_record in records.items():
            text = json.dumps(one_record, indent=2, allow_nan=False) + "\n"
            _in_folder(made / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)


def _in_folder(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
