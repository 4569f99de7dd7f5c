"""Measure travel times against other tools; every ratio is of CPU seconds in this one run.

    python tests/benchmarks/bench_travel.py [--roads roads.npz] [--real FOLDER] [--no-networkx]

roads.npz holds x, y (metres), src, dst, w (seconds), dem and sites (positions of nodes); without
one a grid of a million nodes is made. FOLDER holds the real layers (default: NHCPLANNER_REAL);
without them nothing is read from OpenStreetMap.
"""

# ruff: noqa: T201 - it prints

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import networkx as nx
import numpy as np
import osmnx
from scipy import sparse
from scipy.sparse.csgraph import dijkstra

from nhcplanner.travel import Network, Streets

REACH = 20.0
SCIPY_SITES, NETWORKX_SITES = 200, 8
ENGLAND_SITES = 15_000


class Roads(NamedTuple):
    """A network with places to start from and to reach, all at its nodes."""

    xy: np.ndarray
    source: np.ndarray
    target: np.ndarray
    minutes: np.ndarray
    origins: np.ndarray
    sites: np.ndarray


def cpu(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds of all threads, and what came of it."""
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


def say(what: str, seconds: float, ours: float | None = None) -> None:
    ratio = f"{seconds / ours:8.1f} x" if ours else ""
    print(f"  {what:<58}{seconds:9.2f} s{ratio}", flush=True)


def read_roads(path: Path) -> Roads:
    with np.load(path) as file:
        xy = np.column_stack([file["x"], file["y"]])
        minutes = file["w"] / 60
        return Roads(xy, file["src"], file["dst"], minutes, file["dem"], file["sites"])


def grid_roads(side: int = 1000) -> Roads:
    """A grid of streets about 180 m apart, a quarter of them missing."""
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
    origins = rng.choice(side * side, 33_755, replace=False)
    return Roads(xy, source, target, np.tile(minutes, 2), origins, origins[:1000])


def peak_mb() -> float | None:
    """The most memory that this process held so far; None where the system does not tell."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def bench_reading(real: Path) -> None:
    folder = real / "places" / "newport_wales"
    pbf = next(folder.glob("*.osm.pbf"))
    print("Newport, OpenStreetMap file to the graph of cars")
    ours, _ = cpu(lambda: Network.from_pbf(pbf).streets("drive"))
    say("nhcplanner, pbf", ours)
    xml = folder / "highways.osm.bz2"
    other, _ = cpu(lambda: osmnx.graph_from_xml(xml, retain_all=True))
    say("osmnx, XML", other, ours)


def bench_matrix(roads: Roads, with_networkx: bool) -> None:
    edges = roads.source, roads.target, roads.minutes
    sites = roads.xy[roads.sites]
    print(
        f"\n{len(roads.xy):,} nodes, {len(sites):,} sites x {len(roads.origins):,}, {REACH:g} min"
    )
    ready, streets = cpu(lambda: Streets.from_edges(*roads.xy.T, *edges))
    say("nhcplanner, graph from edges", ready)
    first, _ = cpu(lambda: streets.times(sites[:2], sites[:2], REACH, snap="node"))
    say("nhcplanner, first call (compiles, unless kept on disk)", first)
    homes = roads.xy[roads.origins]
    wall = time.perf_counter()
    ours, times = cpu(lambda: streets.times(homes, sites, REACH, snap="node"))
    say(f"nhcplanner, matrix ({time.perf_counter() - wall:.2f} s by the clock)", ours)
    anywhere, _ = cpu(lambda: streets.times(homes, sites, REACH))
    say("nhcplanner, matrix with points tied along streets", anywhere)
    peak = peak_mb()
    print(f"  pairs {times.pairs:,}; peak memory {peak:,.0f} MB" if peak else "")
    england, every = cpu(lambda: streets.times(homes, homes[:ENGLAND_SITES], REACH, snap="node"))
    say(f"nhcplanner, {ENGLAND_SITES:,} sites x {len(homes):,}, {every.pairs:,} pairs", england)

    shape = (len(roads.xy),) * 2
    graph = sparse.csr_array((roads.minutes, (roads.target, roads.source)), shape=shape)
    for batch in (8, 100):
        part, found = cpu(lambda batch=batch: by_scipy(graph, roads, batch))
        say(
            f"scipy, {batch} sites at a time (from {SCIPY_SITES})",
            part * len(sites) / SCIPY_SITES,
            ours,
        )
    compare("scipy", times.minutes[:, :SCIPY_SITES].toarray(), found)
    if with_networkx:
        bench_networkx(roads, times, ours)


def by_scipy(graph: sparse.csr_array, roads: Roads, batch: int) -> np.ndarray:
    parts = [
        dijkstra(graph, indices=roads.sites[first : first + batch], limit=REACH)[:, roads.origins]
        for first in range(0, SCIPY_SITES, batch)
    ]
    return np.concatenate(parts).T


def bench_networkx(roads: Roads, times, ours: float) -> None:
    graph = nx.DiGraph()
    edges = zip(roads.target, roads.source, roads.minutes, strict=True)
    graph.add_weighted_edges_from((int(a), int(b), float(m)) for a, b, m in edges)
    chosen = roads.sites[:NETWORKX_SITES]
    part, found = cpu(
        lambda: [nx.single_source_dijkstra_path_length(graph, int(site), REACH) for site in chosen]
    )
    say(f"networkx (from {len(chosen)})", part * len(roads.sites) / len(chosen), ours)
    true = [[lengths.get(int(node), np.inf) for lengths in found] for node in roads.origins]
    compare("networkx", times.minutes[:, : len(chosen)].toarray(), np.array(true))


def compare(name: str, minutes: np.ndarray, true: np.ndarray) -> None:
    """How far the minutes lie apart; a stored 0 and a missing pair are told apart by the truth."""
    reached = np.isfinite(true)
    wrong = int(((minutes > 0) & ~reached).sum() + ((minutes == 0) & reached & (true > 0)).sum())
    apart = np.abs(minutes[reached] - true[reached]).max()
    print(f"  against {name}: {wrong} pairs on the wrong side, at most {apart:.1e} minutes apart")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--roads", type=Path)
    parser.add_argument("--real", type=Path, default=os.environ.get("NHCPLANNER_REAL"))
    parser.add_argument("--no-networkx", action="store_true")
    chosen = parser.parse_args()
    roads = read_roads(chosen.roads) if chosen.roads else grid_roads()
    bench_matrix(roads, not chosen.no_networkx)
    if chosen.real:
        bench_reading(Path(chosen.real))


if __name__ == "__main__":
    main()
