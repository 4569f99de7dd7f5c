"""Everything a plan leaves on disk, written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import tomli_w

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.outputs import maps, report, tables, wording

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_files(
    outcome: Outcome, directory: Path, isochrones: gpd.GeoDataFrame | None = None
) -> tuple[Path, ...]:
    """Write map, tables, GIS layers and the record of a run.

    Parameters
    ----------
    outcome
        The run.
    directory
        Where to; made where it is missing. Files of an earlier run are replaced together, and
        other files are left alone.
    isochrones
        From where centres are reached: `site_id`, `mode`, `minutes` and polygons; none are
        written where there are none.

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
        Where the folder or a file in it cannot be written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".plan-", dir=directory))
    except OSError as error:
        raise InputError([_unwritable(directory, error)]) from None
    try:
        names = _write(outcome, made, isochrones)
        _swap(made, directory, names)
        if "isochrones.geojson" not in names:  # of an earlier run
            (directory / "isochrones.geojson").unlink(missing_ok=True)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return tuple(directory / name for name in names)


def _write(outcome: Outcome, folder: Path, isochrones: gpd.GeoDataFrame | None) -> list[str]:
    ground = None if isochrones is None or isochrones.empty else isochrones
    maps.save_map(maps.plan_map(outcome, ground), folder / "map.html")
    _text(folder / "summary.txt", _summary(outcome))
    _text(folder / "plan.json", json.dumps(record(outcome), indent=2, allow_nan=False))
    _text(folder / "scenario.toml", scenario_toml(outcome))
    layers = {"areas": tables.areas(outcome), "sites": tables.sites(outcome)}
    for layer, frame in layers.items():
        _csv(frame, folder / f"{layer}.csv")
    if ground is not None:
        layers["isochrones"] = tables.isochrones(outcome, ground)
    for layer, frame in layers.items():
        with _fixed_date():
            frame.to_file(
                folder / "plan.gpkg", layer=layer, driver="GPKG", DESCRIPTION=_credit(outcome)
            )
        _geojson(frame, folder / f"{layer}.geojson", _credit(outcome))
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


def record(outcome: Outcome) -> dict[str, object]:
    """The whole run for the record: `report.as_json` with versions and every parameter."""
    found = report.as_json(outcome)
    del found["files"]
    found["times"] |= {
        "window": outcome.times.window,
        "horizon": outcome.times.horizon,
        "parameters": dict(sorted(outcome.times.parameters.items())),
    }
    made = datetime.now(UTC).date().isoformat()
    return found | {
        "date": made,
        "versions": outcome.versions,
        "question": wording.question(outcome),
    }


def scenario_toml(outcome: Outcome) -> str:
    """The scenario as a file that makes the same plan again."""
    kept = outcome.scenario.model_dump(mode="json", exclude_none=True)
    return f"# {wording.question(outcome)}\n{tomli_w.dumps(kept)}"


def _summary(outcome: Outcome) -> str:
    sources = "\n".join(f"  {wording.source(one)}" for one in outcome.place.sources)
    return f"{report.summary(outcome)}\n\nSources and licences:\n{sources}"


def _credit(outcome: Outcome) -> str:
    parts = [outcome.place.title, wording.question(outcome), *wording.labels(outcome)]
    parts += [wording.source(one) for one in outcome.place.sources]
    return "; ".join(parts)


def _text(path: Path, content: str) -> None:
    path.write_text(content + "\n", encoding="utf-8", newline="\n")


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Keep the day of writing out of a GeoPackage, so that equal plans are equal files."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _geojson(frame: gpd.GeoDataFrame, path: Path, credit: str) -> None:
    frame.to_crs("EPSG:4326").to_file(
        path, driver="GeoJSON", RFC7946="YES", COORDINATE_PRECISION=6, DESCRIPTION=credit
    )


def _csv(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Coordinates of a point inside each shape; text that a spreadsheet would run is quoted."""
    points = frame.geometry.representative_point()
    table = pd.DataFrame(frame.drop(columns="geometry"))
    table["easting"], table["northing"] = points.x.round(1), points.y.round(1)
    table = table.apply(lambda column: column.map(_harmless))
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _swap(made: Path, directory: Path, names: list[str]) -> None:
    """Put all new files in the place of the old; on failure put the old ones back."""
    old = made / "old"
    old.mkdir()
    done: list[str] = []
    for name in names:
        try:
            if (directory / name).exists():
                (directory / name).replace(old / name)
            done.append(name)
            (made / name).replace(directory / name)
        except OSError as error:
            for back in done:
                (directory / back).unlink(missing_ok=True)
                if (old / back).exists():
                    (old / back).replace(directory / back)
            raise InputError([_unwritable(directory / name, error)]) from None


def _unwritable(path: Path, error: OSError) -> Fault:
    return Fault(
        f"cannot be written ({error.strerror})",
        str(path),
        mend="Close it in other programs, or choose another folder",
    )
