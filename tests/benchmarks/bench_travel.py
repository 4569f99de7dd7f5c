"""Travel times measured against other tools: a graph of streets, and drive minutes on it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from nhcplanner.travel import Network, Streets
from tests.benchmarks.child import measured
from tests.benchmarks.frame import Asked, Row, lacking, scaled_up
from tests.benchmarks.roads import Roads, apart, grid_roads, read_roads, write_roads

REACH = 20.0
PART = 200  # sites that scipy answers for
FEW = 8  # sites that networkx answers for
SIDES = (1000, 2000)  # of the grids where no roads are given
MANY_SITES = 15_000
PATIENCE = 600  # seconds by the clock after which another tool is ended


def rows(asked: Asked) -> Iterator[Row]:
    """Measure reading Newport's streets, then minutes on each graph."""
    yield from reading(asked)
    if asked.short:
        yield from on_roads(asked, write_roads(grid_roads(40, 300, 20), asked.scratch / "r.npz"))
        return
    for file in asked.roads:
        yield from on_roads(asked, file)
    for side in () if asked.roads else SIDES:
        roads = grid_roads(side, origins=33_755, sites=1000)
        yield from on_roads(asked, write_roads(roads, asked.scratch / "roads.npz"))


def reading(asked: Asked) -> Iterator[Row]:
    """OpenStreetMap's file to a graph of streets for cars."""
    job = "Newport, OpenStreetMap's file to the graph of cars"
    if asked.real is None:
        yield lacking(job, "no real layers")
        return
    folder = asked.real / "places" / "newport_wales"
    yield asked.measure(job, "bench_travel:streets", file=next(folder.glob("*.osm.pbf")))
    xml = folder / "highways.osm.bz2"
    yield asked.measure(job, "peers_travel:osmnx_streets", tool="osmnx", file=xml)


def streets(file: str) -> dict:
    """Our graph of cars from a pbf."""
    spent, graph = measured(lambda: Network.from_pbf(Path(file)).streets("drive"))
    return {**spent, "value": len(graph.web.graph.start) - 1, "unit": "nodes, from pbf"}


def on_roads(asked: Asked, file: Path) -> Iterator[Row]:
    """Minutes on one graph: ours, then every other tool on the part it can be waited for."""
    with np.load(file) as roads:
        nodes, sites, homes = len(roads["x"]), len(roads["sites"]), len(roads["dem"])
    part, few, job = min(PART, sites), min(FEW, sites), f"drive, {nodes:,} nodes"
    within = f"within {REACH:g} minutes"
    many = job + f", {min(MANY_SITES, homes):,} sites x {homes:,} {within}"
    job += f", {sites:,} sites x {homes:,} {within}"
    given = {"roads": file, "reach": REACH}
    ours = asked.scratch / "ours.npy"
    yield asked.measure(job, "bench_travel:at_nodes", **given, part=part, out=ours)
    peers = [
        ("scipy, 100 sites a call", "scipy_matrix", part, {"batch": 100}),
        ("scipy, 8 sites a call", "scipy_matrix", part, {"batch": 8}),
        ("networkx", "networkx_matrix", few, {}),
        ("pandana", "pandana_matrix", part, {}),
    ]
    for tool, function, share, more in peers:
        out = asked.scratch / "others.npy"
        row = asked.measure(
            job,
            f"peers_travel:{function}",
            tool=tool,
            **given,
            part=share,
            out=out,
            limit=PATIENCE,
            **more,
        )
        if row.cpu is not None and ours.exists():
            row = replace(row, note=apart(np.load(ours)[:, :share], np.load(out)))
        yield scaled_up(row, sites / share)
    yield asked.measure(f"{job}, points tied along streets", "bench_travel:along", **given)
    yield asked.measure(many, "bench_travel:many_sites", **given, sites=MANY_SITES)


def at_nodes(roads: str, reach: float, part: int, out: str) -> dict:
    """Our minutes between nodes; those to the first sites are written down to be compared."""
    given, graph, ready = _ready(roads)
    homes, sites = given.xy[given.origins], given.xy[given.sites]
    spent, times = measured(lambda: graph.times(homes, sites, reach, snap="node"))
    found = times.minutes[:, :part].tocoo()
    minutes = np.full(found.shape, np.inf)
    minutes[found.row, found.col] = found.data
    np.save(out, minutes)
    return {**spent, "ready": ready, "value": times.pairs, "unit": "pairs"}


def along(roads: str, reach: float) -> dict:
    """Our minutes between points that lie along streets, not at their nodes."""
    given, graph, ready = _ready(roads)
    homes, sites = given.xy[given.origins], given.xy[given.sites]
    spent, times = measured(lambda: graph.times(homes, sites, reach))
    return {**spent, "ready": ready, "value": times.pairs, "unit": "pairs"}


def many_sites(roads: str, reach: float, sites: int) -> dict:
    """Our minutes to as many sites as all England has."""
    given, graph, ready = _ready(roads)
    homes = given.xy[given.origins]
    spent, times = measured(lambda: graph.times(homes, homes[:sites], reach, snap="node"))
    return {**spent, "ready": ready, "value": times.pairs, "unit": "pairs"}


def _ready(file: str) -> tuple[Roads, Streets, float]:
    """The roads, our graph of them, and its seconds; what compiles is compiled before."""
    given = read_roads(file)
    edges = given.source, given.target, given.minutes
    spent, graph = measured(lambda: Streets.from_edges(*given.xy.T, *edges))
    first = given.xy[given.sites[:2]]
    graph.times(first, first, REACH)
    return given, graph, spent["cpu"]
