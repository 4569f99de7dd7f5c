"""Feeds: timetables of several regions clipped to a place and brought together as one."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.reader import read_apart
from nhcplanner.layers.sources import timetables

OWN_IDS = ("trip_id", "route_id", "service_id", "block_id", "from_trip_id", "to_trip_id",
           "from_route_id", "to_route_id")  # fmt: skip
"""Ids that mean something within one feed only; stops and agencies have national ones."""
SHARED = {"stops.txt": "stop_id", "agency.txt": "agency_id"}
"""Tables whose rows several feeds have in common, by id: the first feed's row is kept."""


def clip_feeds(
    paths: Sequence[Path], bounds: timetables.Box, out: Path
) -> tuple[Path, tuple[str, ...]]:
    """Clip feeds to a box and write them as one.

    Parameters
    ----------
    paths
        GTFS zips; one at least.
    bounds
        West, south, east, north in metres (EPSG:27700).
    out
        The zip to write.

    Returns
    -------
    tuple
        The zip, and what was left out in words.

    Raises
    ------
    InputError
        Where none of them has a trip in the box.
    """
    if len(paths) == 1:
        return timetables.clipped(paths[0], bounds, out), ()
    notes, clipped = [], []
    faults: list[Fault | str] = []
    with TemporaryDirectory(dir=out.parent) as folder:
        for number, path in enumerate(paths):
            try:
                clipped.append(timetables.clipped(path, bounds, Path(folder) / f"{number}.zip"))
            except InputError as error:
                faults += error.faults
                notes.append(f"{path.name} left out: {error.faults[0].problem}")
        if not clipped:
            raise InputError(faults)
        if len(clipped) == 1:
            return clipped[0].replace(out), tuple(notes)
        read_apart(_merge, clipped[0], [one.absolute() for one in clipped], out.absolute())
    words = "timetables brought together; a stop of both stands once"
    return out, (*notes, f"{len(clipped)} {words}")


def _merge(first: Path, paths: Sequence[Path], out: Path) -> None:  # noqa: ARG001  (sets the limits)
    tables: dict[str, list[pd.DataFrame]] = {}
    for number, path in enumerate(paths):
        with zipfile.ZipFile(path) as feed:
            for name in feed.namelist():
                with feed.open(name) as opened:
                    table = pd.read_csv(opened, dtype="str", keep_default_na=False)
                for column in set(OWN_IDS) & set(table.columns):
                    filled = table[column] != ""
                    table.loc[filled, column] = f"{number}:" + table.loc[filled, column]
                tables.setdefault(name, []).append(table)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, parts in tables.items():
            whole = pd.concat(parts, ignore_index=True).fillna("")
            if name in SHARED and SHARED[name] in whole:
                whole = whole.drop_duplicates(SHARED[name])
            if name in {"feed_info.txt", "transfers.txt"}:
                whole = whole.drop_duplicates()
            made.writestr(name, whole.to_csv(index=False, lineterminator="\n"))
