"""Siting problems to measure on, as files that any tool can read; numpy and scipy only."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.spatial.distance import cdist

OUTSIDE = 1e6  # minutes, for tools that want a number where there is no way
REACH = 20.0


class Posed(NamedTuple):
    """A problem: minutes are row x site, absent where there is no way; None where not limited."""

    minutes: sparse.coo_array
    people: np.ndarray
    bands: np.ndarray
    count: int | None
    capacity: np.ndarray | None
    reach: float = REACH

    def dense(self) -> np.ndarray:
        """Minutes of every pair."""
        minutes = np.full(self.minutes.shape, OUTSIDE)
        minutes[self.minutes.row, self.minutes.col] = self.minutes.data
        return minutes


def write_posed(posed: Posed, file: Path) -> Path:
    """Write what `read_posed` reads."""
    known = {name: value for name, value in posed._asdict().items() if value is not None}
    table = known.pop("minutes")
    np.savez(file, data=table.data, row=table.row, col=table.col, shape=table.shape, **known)
    return file


def read_posed(file: str) -> Posed:
    """Read a problem that `write_posed` wrote."""
    with np.load(file) as given:
        known = dict(given)
    table = known.pop("data"), (known.pop("row"), known.pop("col"))
    minutes = sparse.coo_array(table, shape=tuple(known.pop("shape")))
    count = int(known["count"]) if "count" in known else None
    capacity = known.get("capacity")
    return Posed(minutes, known["people"], known["bands"], count, capacity, float(known["reach"]))


def tiny(model: str) -> Posed:
    """Sixty places where people live and fifteen sites, small enough for any tool."""
    rng = np.random.default_rng(20)
    homes, sites = rng.uniform(0, 60, (60, 2)), rng.uniform(0, 60, (15, 2))
    people = rng.integers(500, 2500, 60)
    minutes = cdist(homes, sites)
    minutes[np.arange(60), minutes.argmin(axis=1)] = minutes.min(axis=1).clip(max=REACH)
    room = np.full(15, people.sum() // 5 + 1500)
    return _of(model, minutes, people, rng.integers(1, 3, 60), 5, room)


def made(folder: Path, model: str, size: str) -> Posed:
    """An instance of `folder`/bench/instances.py in one of its sizes."""
    instances = _loaded(folder / "bench" / "instances.py")
    given = instances.make(size)
    if model.startswith("p_median"):
        minutes = instances.dense(given)
    else:
        minutes = sparse.csr_array(given["A"]) * (REACH / 2)
    return _of(model, minutes, given["w"], given["band"] // 2 + 1, given["p"], given["cap"])


def _of(model: str, minutes, people, bands, count, room) -> Posed:
    return Posed(
        sparse.coo_array(minutes),
        people,
        bands,
        None if model == "set_cover" else int(count),
        room if model.endswith("within_capacity") else None,
    )


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("instances", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"no instances at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
