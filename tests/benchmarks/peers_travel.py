"""Travel times by other tools, each as its documentation shows; imports nothing of nhcplanner.

Each function answers for the first `part` sites and writes their minutes (home x site, infinite
beyond reach) to the file `out`.
"""

# ruff: noqa: PLC0415 - each function imports one tool alone, which may be missing

from importlib.metadata import version

import numpy as np

from tests.benchmarks.child import measured
from tests.benchmarks.roads import Roads, read_roads

Told = dict[str, object]


def osmnx_streets(file: str) -> Told:
    import osmnx

    spent, graph = measured(lambda: osmnx.graph_from_xml(file, retain_all=True))
    return _told("osmnx", spent, len(graph), "nodes, from XML")


def scipy_matrix(roads: str, part: int, reach: float, out: str, batch: int) -> Told:
    from scipy import sparse
    from scipy.sparse.csgraph import dijkstra

    given = read_roads(roads)
    shape = (len(given.xy),) * 2
    ready, graph = measured(
        lambda: sparse.csr_array((given.minutes, (given.target, given.source)), shape=shape)
    )

    def search() -> np.ndarray:
        firsts = range(0, part, batch)
        calls = (given.sites[first : min(part, first + batch)] for first in firsts)
        found = [dijkstra(graph, indices=sites, limit=reach)[:, given.origins] for sites in calls]
        return np.concatenate(found).T

    spent, minutes = measured(search)
    return _answer("scipy", spent, ready, minutes, out)


def networkx_matrix(roads: str, part: int, reach: float, out: str) -> Told:
    import networkx as nx

    given = read_roads(roads)
    ready, graph = measured(lambda: _networkx_graph(nx.DiGraph(), given))
    chosen = given.sites[:part].tolist()
    spent, found = measured(
        lambda: [nx.single_source_dijkstra_path_length(graph, site, reach) for site in chosen]
    )
    homes = given.origins.tolist()
    minutes = np.array([[near.get(home, np.inf) for near in found] for home in homes])
    return _answer("networkx", spent, ready, minutes, out)


def _networkx_graph(graph, given: Roads):
    edges = zip(given.target.tolist(), given.source.tolist(), given.minutes.tolist(), strict=True)
    graph.add_weighted_edges_from(edges)
    return graph


def pandana_matrix(roads: str, part: int, reach: float, out: str) -> Told:
    import pandana
    import pandas as pd

    given = read_roads(roads)
    x, y = map(pd.Series, given.xy.T)
    weights = pd.DataFrame({"minutes": given.minutes})
    back = (given.target, given.source)  # from each site outwards
    ready, graph = measured(lambda: pandana.Network(x, y, *back, weights, twoway=False))
    sites = given.sites[:part]
    spent, near = measured(lambda: graph.nodes_in_range(sites, reach))
    reached = near.set_index(["destination", "source"])["minutes"]
    asked = pd.MultiIndex.from_product([given.origins, sites])
    minutes = reached.reindex(asked).to_numpy().reshape(len(given.origins), -1)
    minutes = np.where(np.isnan(minutes), np.inf, minutes)
    return _answer("pandana", spent, ready, minutes, out)


def _answer(package: str, spent: Told, ready: Told, minutes: np.ndarray, out: str) -> Told:
    np.save(out, minutes)
    pairs = int(np.isfinite(minutes).sum())
    return {**_told(package, spent, pairs, "pairs"), "ready": ready["cpu"]}


def _told(package: str, spent: Told, value: int, unit: str) -> Told:
    return {**spent, "version": version(package), "value": value, "unit": unit}
