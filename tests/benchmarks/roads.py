"""Drive graphs to measure on, read or made, and two answers held against each other."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph


class Roads(NamedTuple):
    """A network with places to start from and to reach, all at its nodes."""

    xy: np.ndarray
    source: np.ndarray
    target: np.ndarray
    minutes: np.ndarray
    origins: np.ndarray
    sites: np.ndarray


def read_roads(path: Path | str) -> Roads:
    """Read x, y (metres), src, dst, w (seconds), dem and sites (positions of nodes)."""
    with np.load(path) as file:
        xy = np.column_stack([file["x"], file["y"]])
        minutes = file["w"] / 60
        return Roads(xy, file["src"], file["dst"], minutes, file["dem"], file["sites"])


def write_roads(roads: Roads, path: Path) -> Path:
    """Write what `read_roads` reads."""
    x, y = roads.xy.T
    np.savez(
        path, x=x, y=y, src=roads.source, dst=roads.target, w=roads.minutes * 60,
        dem=roads.origins, sites=roads.sites,
    )  # fmt: skip
    return path


def grid_roads(side: int, origins: int, sites: int) -> Roads:
    """Make a grid of side x side nodes about 180 m apart, a quarter of its streets missing."""
    rng = np.random.default_rng(1)
    node = np.arange(side * side).reshape(side, side)
    xy = np.argwhere(node >= 0) * 180.0 + rng.uniform(-60, 60, (side * side, 2))
    pairs = np.concatenate(
        [
            np.column_stack([node[:-1].ravel(), node[1:].ravel()]),
            np.column_stack([node[:, :-1].ravel(), node[:, 1:].ravel()]),
        ]
    )
    pairs = pairs[rng.random(len(pairs)) > 0.25]
    kmh = rng.choice([25.0, 45.0, 70.0], len(pairs), p=[0.7, 0.25, 0.05])
    minutes = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T) / 1000 / kmh * 60
    source, target = np.concatenate([pairs, pairs[:, ::-1]]).T
    graph = sparse.coo_array((minutes, pairs.T), shape=(side**2,) * 2)
    part = csgraph.connected_components(graph, directed=False)[1]
    whole = np.flatnonzero(part == np.bincount(part).argmax())
    homes = rng.choice(whole, origins, replace=False)
    return Roads(xy, source, target, np.tile(minutes, 2), homes, homes[:sites])


def apart(ours: np.ndarray, others: np.ndarray) -> str:
    """Say how far two tables of minutes (home x site, infinite = not in reach) lie apart."""
    both = np.isfinite(ours) & np.isfinite(others)
    wrong = int((np.isfinite(ours) != np.isfinite(others)).sum())
    furthest = np.abs(ours[both] - others[both]).max(initial=0)
    return f"{wrong:,} of {ours.size:,} pairs on another side, at most {furthest:.1e} minutes apart"
