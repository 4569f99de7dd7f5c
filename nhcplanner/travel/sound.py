"""Sound: whether the arrays of a network read from a file belong together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def check(found: Mapping[str, Any]) -> None:
    """Refuse arrays that lead out of one another: what searches them does not look again.

    Parameters
    ----------
    found
        The fields of a `Network`, by name; `osm_id`, `length`, `turns` and `paths` may be missing.

    Raises
    ------
    ValueError
        With the name of the first that does not fit the others.
    """
    nodes, streets, bends = (len(found[name]) for name in ("xy", "source", "bends"))
    kinds, turn_kinds = len(found["kinds"]), len(found["turn_kinds"])
    fits = {
        "kinds": _tags(found["kinds"]),
        "turn_kinds": _tags(found["turn_kinds"]),
        "barriers": all(0 <= int(node) < nodes for node in found["barriers"])
        and _tags(found["barriers"].values()),
        "xy": _points(found["xy"]),
        "bends": _points(found["bends"]),
        "bend_start": _runs(found["bend_start"], streets, bends),
        "source": _table(found["source"][:, None], streets, (nodes,)),
        "target": _table(found["target"][:, None], streets, (nodes,)),
        "kind": _table(found["kind"][:, None], streets, (kinds,)),
    }
    if "osm_id" in found:
        fits["osm_id"] = found["osm_id"].shape == (nodes,)
    if "length" in found:
        length = found["length"]
        fits["length"] = length.shape == (streets,) and bool((length >= 0).all())
    for name, most in (
        ("turns", (streets, 2, streets, turn_kinds)),
        ("paths", (np.inf, streets, 2, turn_kinds)),
    ):
        if name in found:
            fits[name] = _table(found[name], len(found[name]), most)
    for name, sound in fits.items():
        if not sound:
            raise ValueError(f"its {name} does not fit the rest")


def _tags(several: Any) -> bool:
    return all(
        isinstance(tags, dict) and all(isinstance(word, str) for word in tags.values())
        for tags in several
    )


def _points(xy: np.ndarray) -> bool:
    return xy.dtype.kind == "f" and xy.ndim == 2 and xy.shape[1] == 2 and np.isfinite(xy).all()


def _runs(start: np.ndarray, runs: int, rows: int) -> bool:
    """Whether so many runs, one after the other, fill so many rows."""
    return (
        _table(start[:, None], runs + 1, (rows + 1,))
        and start[0] == 0
        and start[-1] == rows
        and bool((np.diff(start) >= 0).all())
    )


def _table(table: np.ndarray, rows: int, most: tuple[float, ...]) -> bool:
    """Whether whole numbers, so many rows of them, are from 0 to below the most of each column."""
    return (
        table.dtype.kind in "iu"
        and table.shape == (rows, len(most))
        and bool(((table >= 0) & (table < np.array(most))).all())
    )
