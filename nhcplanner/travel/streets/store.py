"""Storage of networks: one .npz file of plain arrays, without pickled objects."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zipfile import BadZipFile, ZipFile

import numpy as np

from nhcplanner.base.atomic import open_atomic
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import zip_problems

Loaded = TypeVar("Loaded")


class Storable(Protocol):
    """A network as this module writes it: `ARRAYS` and `LATER`, and these."""

    @property
    def kinds(self) -> list[dict[str, str]]:
        """The different sets of tags."""

    @property
    def turn_kinds(self) -> list[dict[str, str]]:
        """The different sets of tags of turn restrictions."""

    @property
    def barriers(self) -> dict[int, dict[str, str]]:
        """Tags of each node with a barrier."""

    @property
    def report(self) -> dict[str, Any]:
        """Report on what was read and left out."""


def check(fields: Mapping[str, Any]) -> None:
    """Reject arrays that do not fit one another: the search does not check their bounds.

    Parameters
    ----------
    fields
        The fields of a `Network`, by name; `osm_id`, `length`, `turns` and `paths` may be missing.

    Raises
    ------
    ValueError
        With the name of the first array that does not fit the others.
    """
    nodes, streets, bends = (len(fields[name]) for name in ("xy", "source", "bends"))
    kinds, turn_kinds = len(fields["kinds"]), len(fields["turn_kinds"])
    fits = {
        "kinds": _tags(fields["kinds"]),
        "turn_kinds": _tags(fields["turn_kinds"]),
        "barriers": all(0 <= int(node) < nodes for node in fields["barriers"])
        and _tags(fields["barriers"].values()),
        "xy": _points(fields["xy"]),
        "bends": _points(fields["bends"]),
        "bend_start": _runs(fields["bend_start"], streets, bends),
        "source": _table(fields["source"][:, None], streets, (nodes,)),
        "target": _table(fields["target"][:, None], streets, (nodes,)),
        "kind": _table(fields["kind"][:, None], streets, (kinds,)),
    }
    if "osm_id" in fields:
        fits["osm_id"] = fields["osm_id"].shape == (nodes,)
    if "length" in fields:
        length = fields["length"]
        fits["length"] = length.shape == (streets,) and bool((length >= 0).all())
    if "heights" in fields:
        heights = fields["heights"]
        fits["heights"] = heights.dtype.kind == "f" and heights.shape in ((nodes,), (0,))
    for name, most in (
        ("turns", (streets, 2, streets, turn_kinds)),
        ("paths", (np.inf, streets, 2, turn_kinds)),
    ):
        if name in fields:
            fits[name] = _table(fields[name], len(fields[name]), most)
    for name, is_valid in fits.items():
        if not is_valid:
            raise ValueError(f"its {name} does not fit the rest")


def _tags(several: Any) -> bool:
    return all(
        isinstance(tags, dict) and all(isinstance(word, str) for word in tags.values())
        for tags in several
    )


def _points(xy: np.ndarray) -> bool:
    return xy.dtype.kind == "f" and xy.ndim == 2 and xy.shape[1] == 2 and np.isfinite(xy).all()


def _runs(start: np.ndarray, runs: int, rows: int) -> bool:
    """Whether some runs, one after another, fill all rows."""
    return (
        _table(start[:, None], runs + 1, (rows + 1,))
        and start[0] == 0
        and start[-1] == rows
        and bool((np.diff(start) >= 0).all())
    )


def _table(table: np.ndarray, rows: int, most: tuple[float, ...]) -> bool:
    """Whether a table has the right number of rows of whole numbers below each limit."""
    return (
        table.dtype.kind in "iu"
        and table.shape == (rows, len(most))
        and bool(((table >= 0) & (table < np.array(most))).all())
    )


FORMAT = 2
ARRAYS = ("osm_id", "xy", "source", "target", "length", "kind", "bend_start", "bends", "turns")
BROKEN = (
    OSError, EOFError, LookupError, TypeError, ValueError, AttributeError, RuntimeError,
    MemoryError, BadZipFile, zlib.error,
)  # fmt: skip
"""Errors from reading arrays of a damaged file."""
MOST_UNPACKED = 4_000_000_000
"""Bytes that a file may unpack to."""
SMALL = 100_000_000
"""Bytes up to which any ratio is allowed for an array."""
LATER = ("paths", "heights")
"""Arrays that files made by earlier versions do not hold."""


def save(network: Storable, path: Path) -> None:
    """Write a network atomically."""
    words = {
        "format": FORMAT,
        "kinds": network.kinds,
        "turn_kinds": network.turn_kinds,
        "barriers": {str(node): tags for node, tags in network.barriers.items()},
        "report": network.report,
    }
    text = np.frombuffer(json.dumps(words).encode(), dtype=np.uint8)
    arrays = {name: getattr(network, name) for name in (*ARRAYS, *LATER)}
    with open_atomic(path) as file:
        np.savez_compressed(file, allow_pickle=False, words=text, **arrays)


def load(make: Callable[..., Loaded], path: Path) -> Loaded:
    """Read a network.

    Parameters
    ----------
    make
        Takes the fields of a network by name.
    path
        File that `save` wrote.

    Raises
    ------
    InputError
        If the file is missing, damaged, or not written by `save`.
    """
    fields = read(path, (*ARRAYS, *LATER))
    try:
        fields["barriers"] = {int(node): tags for node, tags in fields["barriers"].items()}
        return make(**fields)
    except BROKEN as error:
        raise InputError([_no_network(path, error)]) from None


def read(path: Path, names: tuple[str, ...]) -> dict[str, Any]:
    """Read the words of a network and some of its arrays, by name.

    Raises
    ------
    InputError
        As `load`.
    """
    if not path.is_file():
        raise InputError([Fault("does not exist", str(path), hint="Check the path of the streets")])
    try:
        check_arrays(path)
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            words = json.loads(file["words"].tobytes())
            if words["format"] != FORMAT:
                raise ValueError(f"format {words['format']}, not {FORMAT}")
            arrays = {name: file[name] for name in names if name not in LATER or name in file}
        del words["format"]
        fields: dict[str, Any] = words | arrays
        check(fields)
        return fields
    except BROKEN as error:
        raise InputError([_no_network(path, error)]) from None


def check_arrays(path: Path) -> None:
    """Refuse a file of arrays by the sizes that it claims, before anything is unpacked.

    Raises
    ------
    ValueError
        If it would unpack to too much.
    """
    with ZipFile(path) as archive:
        problems = zip_problems(archive.infolist(), MOST_UNPACKED, small=SMALL)
    if problems:
        raise ValueError(f"it {problems[0]}")


def _no_network(path: Path, error: Exception) -> Fault:
    hint = "Make it again from the OpenStreetMap file"
    return Fault(f"is not a network of streets ({error})", path.name, hint=hint)
