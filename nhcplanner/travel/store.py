"""Networks on disk: one .npz of plain arrays, nothing in it that runs when it is read."""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.travel.sound import check

if TYPE_CHECKING:
    from nhcplanner.travel.network import Network

FORMAT = 2
ARRAYS = ("osm_id", "xy", "source", "target", "length", "kind", "bend_start", "bends", "turns")
BROKEN = (
    OSError, EOFError, LookupError, TypeError, ValueError, AttributeError, RuntimeError,
    MemoryError, BadZipFile, zlib.error,
)  # fmt: skip
"""What reading arrays from a damaged file may raise."""
MOST_UNPACKED, MOST_RATIO = 1_000_000_000, 100
"""Bytes, and times its size, that a file may unpack to: whichever is more."""
LATER = "paths"  # what files made by earlier versions do not hold


def save(network: Network, path: Path) -> None:
    """Write a network, whole or not at all."""
    words = {
        "format": FORMAT,
        "kinds": network.kinds,
        "turn_kinds": network.turn_kinds,
        "barriers": {str(node): tags for node, tags in network.barriers.items()},
        "report": network.report,
    }
    text = np.frombuffer(json.dumps(words).encode(), dtype=np.uint8)
    arrays = {name: getattr(network, name) for name in (*ARRAYS, LATER)}
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as file:
            np.savez_compressed(file, words=text, **arrays)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def load(kind: type[Network], path: Path) -> Network:
    """Read a network.

    Raises
    ------
    InputError
        Where the file is missing, damaged, or not one that `save` wrote.
    """
    found = read(path, (*ARRAYS, LATER))
    try:
        found["barriers"] = {int(node): tags for node, tags in found["barriers"].items()}
        return kind(**found)
    except BROKEN as error:
        raise InputError([_no_network(path, error)]) from None


def read(path: Path, wanted: tuple[str, ...]) -> dict[str, Any]:
    """Read the words of a network and some of its arrays, by name.

    Raises
    ------
    InputError
        As `load`.
    """
    if not path.is_file():
        raise InputError([Fault("does not exist", str(path), mend="Check the path of the streets")])
    try:
        _check_unpacked(path)
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            words = json.loads(file["words"].tobytes())
            if words["format"] != FORMAT:
                raise ValueError(f"format {words['format']}, not {FORMAT}")
            arrays = {name: file[name] for name in wanted if name != LATER or name in file}
        del words["format"]
        found = words | arrays
        check(found)
        return found
    except BROKEN as error:
        raise InputError([_no_network(path, error)]) from None


def _check_unpacked(path: Path) -> None:
    """Refuse a file by the size that it says it unpacks to, before anything is unpacked."""
    with ZipFile(path) as packed:
        unpacked = sum(member.file_size for member in packed.infolist())
    if unpacked > max(MOST_UNPACKED, MOST_RATIO * path.stat().st_size):
        raise ValueError(f"it would unpack to {unpacked / 1e9:.1f} GB")


def _no_network(path: Path, error: Exception) -> Fault:
    mend = "Make it again from the OpenStreetMap file"
    return Fault(f"is no network of streets ({error})", path.name, mend=mend)
