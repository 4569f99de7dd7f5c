"""Place folders on disk: written completely or not at all, and read back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from glob import escape
from pathlib import Path
from uuid import uuid4

import geopandas as gpd

from nhcplanner.base import limited_reader
from nhcplanner.base.errors import Fault, InputError, attempt, write_fault
from nhcplanner.domain import column_checks
from nhcplanner.domain.columns import columns_of
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Place
from nhcplanner.layers.codes.vintages import area_faults
from nhcplanner.layers.geocoding.coordinates import to_shapes
from nhcplanner.layers.place_folder import manifest, projections
from nhcplanner.layers.place_folder.layer_records import hash_layers, record_layer
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.tables import Table, read_table
from nhcplanner.layers.validate import place_faults
from nhcplanner.layers.zones import FILE as ZONES
from nhcplanner.layers.zones import load_zones, write_zones

STREETS = "streets.npz"
TIMETABLE = "gtfs.zip"
TIMES = "times"
MATRIX = "matrix.parquet"
FURTHER = (projections.PROJECTION, projections.HOMES, ZONES)
OPTIONAL = (STREETS, TIMETABLE, f"{TIMES}/{MATRIX}", *FURTHER)
OURS = (manifest.NAME, STREETS, TIMETABLE, TIMES, *FURTHER)
PACKAGE = Path(__file__).resolve().parents[2]
ASIDE = ".old"
FRESH = ".new"
PATIENCE = 0.5
"""Seconds that a process may take to put a new folder where the old one was."""
TURNS = 20
"""Number of attempts if another process writes the same folder."""
LEFT = 86_400.0
"""Seconds after which files that a process left beside a place folder are deleted."""
KEYS = {"areas": "area_code", "sites": "site_id", "origins": "origin_id"}
ENDINGS = (".parquet", ".gpkg", ".geojson", ".csv")
LAYER_FILES = tuple(f"{layer}{ending}" for layer in KEYS for ending in ENDINGS)


def write_place(
    place: Place,
    directory: Path,
    streets: Path | bytes | None = None,
    timetable: Path | bytes | None = None,
    matrix: Path | bytes | None = None,
) -> Path:
    """Write a place folder, completely or not at all.

    Everything is written beside `directory` first and moved into its place when complete, so that
    an existing folder stays unchanged until then, and also if anything fails.

    Parameters
    ----------
    place
        The place.
    directory
        Target folder; new, empty, or a place folder, which is then replaced; other
        files in it stay.
    streets, timetable, matrix
        Files (or their content) for streets.npz, gtfs.zip and times/matrix.parquet; by default
        the place's own.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    InputError
        If `directory` holds something else, or the layers have faults.
    """
    directory = Path(directory).resolve()
    settle(directory)
    may_replace(directory)
    _tidy(directory)
    place = place.in_year(None)
    tables = {
        layer: Table(Path(f"{layer}.parquet"), getattr(place, layer).reset_index(drop=True), 1)
        for layer in KEYS
    }
    layers = sound_layers(tables, place.vintage)
    manifest.from_toml(manifest.to_toml(place))
    fresh = directory.with_name(f".{directory.name}.{uuid4().hex[:8]}{FRESH}")
    try:
        fresh.mkdir(parents=True)
        for layer, frame in layers.items():
            frame.to_parquet(fresh / f"{layer}.parquet")
        projections.write_projection(place.projection, fresh)
        write_zones(place.zones, fresh)
        _carry_over(directory, fresh)
        _put(streets or place.streets, fresh / STREETS)
        _put(timetable or place.timetable, fresh / TIMETABLE)
        if matrix or place.matrix:
            (fresh / TIMES).mkdir(exist_ok=True)
            _put(matrix or place.matrix, fresh / TIMES / MATRIX)
        hashes = hash_layers(fresh, {layer: f"{layer}.parquet" for layer in layers})
        text = manifest.to_toml(place, hashes)
        (fresh / manifest.NAME).write_text(text, encoding="utf-8")
        _swap(fresh, directory)
    except OSError as error:
        raise InputError([write_fault(directory, error)]) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return directory


def read_place(directory: Path) -> Place:
    """Read and check a place folder.

    Areas, sites and origins are read from GeoParquet or, where that is absent, from
    GeoPackage, GeoJSON or CSV of the same name and columns.

    Raises
    ------
    InputError
        With every fault of the folder at once.
    """
    directory = Path(directory)
    settle(directory)
    _refuse_links(directory)
    content = manifest.from_toml(manifest.read_text(directory))
    hashes, facts = content.pop("layers"), content.pop("projection")
    content["intake"] = _with_unused_files(content["intake"], directory)
    limited_reader.start_early()
    tables: dict[str, Table] = {}
    faults = manifest.misspelt_files(_names(directory), OPTIONAL, LAYER_FILES)
    projection = attempt(faults, lambda: projections.read_projection(directory, facts))
    zones = attempt(faults, lambda: load_zones(directory))
    for layer in KEYS:
        table = attempt(faults, partial(_read_layer, directory, layer))
        tables |= {} if table is None else {layer: table}
    if faults:
        raise InputError(faults)
    layers = sound_layers(tables, content["vintage"])
    for layer, table in tables.items():
        record = record_layer(table, layer, hashes.get(layer, ""))
        if record is not None and record not in content["intake"]:
            content["intake"] = (*content["intake"], record)
    return Place(
        **content,
        **layers,
        projection=projection,
        zones=zones,
        streets=_if_there(directory / STREETS),
        timetable=_if_there(directory / TIMETABLE),
        matrix=_if_there(directory / TIMES / MATRIX),
        times=directory / TIMES,
        folder=directory,
    )


def _read_layer(directory: Path, layer: str) -> Table:
    return to_shapes(read_table(layer_path(directory, layer)))


def is_place_folder(directory: Path) -> bool:
    """Whether a folder holds a place."""
    settle(directory)
    return (Path(directory) / manifest.NAME).is_file()


def _rounded(table: Table, layer: str) -> list[Fault]:
    """Return a fault for each numeric column that Excel may have rounded when it was edited."""
    numeric = {
        one.name for one in columns_of(layer, map(str, table.frame.columns)) if one.kind != "text"
    }
    return [
        fault
        for column in table.frame.columns.intersection(sorted(numeric - {"geometry"}))
        for fault in cells.rounded_faults(table.frame[column], table, column)
    ]


def sound_layers(tables: Mapping[str, Table], vintage: str) -> dict[str, gpd.GeoDataFrame]:
    """Check the layers of a place, each and together, and sort them by their keys.

    Parameters
    ----------
    tables
        "areas", "sites" and "origins", with the schema's names and their shapes.
    vintage
        Vintage of the areas' codes.

    Raises
    ------
    InputError
        With every fault at once.
    """
    faults = [
        fault
        for layer, table in tables.items()
        for fault in (
            *column_checks.faults(table.frame, layer, table.file, table.first_row),
            *_rounded(table, layer),
        )
    ]
    if faults:
        raise InputError(faults)
    layers = {layer: column_checks.typed(table.frame, layer) for layer, table in tables.items()}
    files = {layer: table.file for layer, table in tables.items()}
    first_rows = {layer: table.first_row for layer, table in tables.items()}
    areas = tables["areas"]
    faults = area_faults(areas.frame["area_code"], vintage, areas.file, areas.first_row)
    faults += place_faults(layers["areas"], layers["sites"], layers["origins"], files, first_rows)
    if faults:
        raise InputError(faults)
    return {
        layer: frame.sort_values(KEYS[layer], kind="stable", ignore_index=True)
        for layer, frame in layers.items()
    }


def may_replace(directory: Path) -> None:
    """Refuse to write a place over other files.

    Raises
    ------
    InputError
        For a file, and for a folder with content that is not a place folder.
    """
    directory = Path(directory)
    if directory.is_file():
        raise InputError([Fault(f"{directory} is a file", hint="Give a folder")])
    if directory.is_dir() and any(directory.iterdir()) and not is_place_folder(directory):
        words = f"{directory} holds files that are not a place folder"
        raise InputError([Fault(words, hint="Give a new or empty folder; nothing was written")])


def settle(directory: Path) -> None:
    """Restore a place folder that an interrupted process had moved aside.

    A running process needs a moment between the two steps; after a longer time it has ended.
    """
    directory = Path(directory)
    for wait in (0.0, PATIENCE):
        time.sleep(wait)
        asides = _beside(directory, ASIDE)
        if directory.exists() or not asides:
            return
    with suppress(OSError):  # another process is at it too
        asides[-1].replace(directory)


def _tidy(directory: Path) -> None:
    """Delete half-written and replaced folders that interrupted processes left."""
    left = _beside(directory, FRESH)
    if directory.exists():
        left += _beside(directory, ASIDE)
    for one in left:
        if time.time() - _changed(one) > LEFT:
            shutil.rmtree(one, ignore_errors=True)


def _beside(directory: Path, ending: str) -> list[Path]:
    """Return temporary folders of this place beside it, the most recently changed last."""
    paths = directory.parent.glob(f".{escape(directory.name)}.*{ending}")
    return sorted(paths, key=_changed)


def _changed(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _swap(fresh: Path, directory: Path) -> None:
    """Move the complete folder into place; restore the old one if that fails.

    If other processes do the same, each replaces the folder of the one before.
    """
    for turn in range(TURNS):
        aside = fresh.with_name(f"{fresh.stem}.{turn}{ASIDE}")
        with suppress(FileNotFoundError):  # there was none, or another process took it away
            directory.replace(aside)
        try:
            fresh.replace(directory)
        except OSError:
            if not directory.exists():
                if aside.exists():
                    aside.replace(directory)
                raise
        shutil.rmtree(aside, ignore_errors=True)
        if not fresh.exists():
            return
    raise OSError("others write the same folder")


def _carry_over(directory: Path, fresh: Path) -> None:
    """Copy a user's own files and measured minutes from the old place folder.

    Cached minutes name the streets they were measured on, and are not used with others.
    """
    if not directory.is_dir():
        return
    for measured in (directory / TIMES).glob("*.npz"):
        (fresh / TIMES).mkdir(exist_ok=True)
        shutil.copy2(measured, fresh / TIMES)
    for entry in directory.iterdir():
        layer = entry.stem in KEYS and entry.suffix in ENDINGS
        if layer or entry.name in OURS:
            continue
        if entry.is_dir():
            shutil.copytree(entry, fresh / entry.name)
        else:
            shutil.copy2(entry, fresh / entry.name)


def _put(content: Path | bytes | None, target: Path) -> None:
    if content is None:
        return
    if isinstance(content, bytes):
        target.write_bytes(content)
        return
    if not Path(content).is_file():
        raise InputError([Fault("no such file", str(content))])
    shutil.copyfile(content, target)


def layer_path(directory: Path, layer: str) -> Path:
    """Return the file of a layer in a place folder, in the first of the allowed formats.

    Raises
    ------
    InputError
        If the folder has no such file.
    """
    for ending in ENDINGS:
        path = directory / f"{layer}{ending}"
        if path.is_file():
            return path
    endings = ", ".join(ENDINGS)
    words = f"holds no {layer} ({endings})"
    raise InputError([Fault(words, directory.name, hint="Build the place again")])


def _refuse_links(directory: Path) -> None:
    """Refuse files of a place that are links to files outside its folder.

    A folder from somebody else could otherwise bring any file of this machine into a plan. Files
    of the package may be links, as some installers make them.
    """
    home = directory.resolve()
    if PACKAGE in home.parents:
        return
    ours = [*OURS, f"{TIMES}/{MATRIX}", *LAYER_FILES]
    strays = [
        name
        for name in ours
        if (directory / name).exists() and home not in (directory / name).resolve().parents
    ]
    hint = "Copy the file itself into the folder"
    if strays:
        words = "is a link to a file outside the place's folder"
        raise InputError([Fault(words, name, hint=hint) for name in strays])


def _names(directory: Path) -> list[str]:
    """Return the files of a folder and of its `times`, with / between; without hidden ones."""
    paths = (*directory.glob("*"), *(directory / TIMES).glob("*"))
    return [
        path.relative_to(directory).as_posix()
        for path in paths
        if path.is_file() and not path.name.startswith(".")
    ]


def _with_unused_files(intake: tuple[FileIntake, ...], directory: Path) -> tuple[FileIntake, ...]:
    """Return the intake record with lines for layers in a second format and unknown files."""
    read = {layer_path(directory, layer).name for layer in KEYS if _has_layer(directory, layer)}
    files = {name for name in _names(directory) if "/" not in name} - read - set(OURS)
    second = {name for name in files if Path(name).stem in KEYS and Path(name).suffix in ENDINGS}
    for name in sorted(second):
        layer = layer_path(directory, Path(name).stem).name
        line = FileIntake(name, passed_over=f"{layer} is read instead")
        intake = intake if line in intake else (*intake, line)
    return manifest.with_unused(intake, "in the place's folder", files - second, "file")


def _has_layer(directory: Path, layer: str) -> bool:
    return any((directory / f"{layer}{ending}").is_file() for ending in ENDINGS)


def _if_there(path: Path) -> Path | None:
    return path if path.is_file() else None
