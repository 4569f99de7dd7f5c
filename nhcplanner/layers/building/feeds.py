"""Feeds: where streets, timetables and matrices come from, for the record."""

from __future__ import annotations

import zipfile
from pathlib import Path

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.place import Source
from nhcplanner.layers.files.tables import changed_on, sha256

TIMETABLE_FILES = ("agency.txt", "routes.txt", "stops.txt", "stop_times.txt", "trips.txt")


def street_source(path: Path, rows: int | None = None) -> Source:
    """Name the file that streets were read from.

    Parameters
    ----------
    path
        The OpenStreetMap file.
    rows
        How many edges it gave.
    """
    path = Path(path)
    return Source(
        layer="streets",
        title=f"OpenStreetMap streets, {path.name}",
        publisher="OpenStreetMap contributors",
        address="https://www.openstreetmap.org",
        file=path.name,
        sha256=sha256(path),
        rows=rows,
        licence="ODbL 1.0",
        attribution="© OpenStreetMap contributors",
        retrieved=changed_on(path),
    )


def timetable_source(path: Path) -> Source:
    """Name the timetable, once it shows itself to be one.

    Raises
    ------
    InputError
        Where the file is no zip, or lacks files that GTFS asks for.
    """
    path = Path(path)
    mend = "Give a GTFS feed: one .zip with stops.txt and the rest at its top"
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), mend="Check the path")])
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError):
        raise InputError([Fault("is no zip file", path.name, mend=mend)]) from None
    missing = [name for name in TIMETABLE_FILES if name not in names]
    if missing:
        raise InputError([Fault(f"has no {', '.join(missing)}", path.name, mend=mend)])
    return Source(
        layer="timetable",
        title=f"Timetable (GTFS), {path.name}",
        file=path.name,
        sha256=sha256(path),
        retrieved=changed_on(path),
    )


def matrix_source(path: Path, rows: int, notes: tuple[str, ...] = ()) -> Source:
    """Name the file that a matrix of minutes was read from.

    Parameters
    ----------
    path
        The user's file.
    rows
        How many pairs it gave.
    notes
        What it lacks, in words.
    """
    path = Path(path)
    return Source(
        layer="matrix",
        title=path.name,
        file=path.name,
        sha256=sha256(path),
        rows=rows,
        retrieved=changed_on(path),
        notes=notes,
    )
