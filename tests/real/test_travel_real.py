"""Streets of Rutland and Newport: against networkx, and against shares worked out elsewhere."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import pytest

from nhcplanner.domain.errors import InputError
from nhcplanner.travel import Network, Profile, estimate, rules
from nhcplanner.travel.nodes import stops

FILES = {
    "rutland": "rutland-2018-02-27.osm.pbf",
    "newport_wales": "newport-2023-06-13.osm.pbf",
}


class Town(NamedTuple):
    folder: Path
    network: Network
    homes: np.ndarray
    people: np.ndarray
    sites: pd.DataFrame

    def points(self, chosen: pd.Series) -> np.ndarray:
        return self.sites.loc[chosen, ["easting", "northing"]].to_numpy()

    @property
    def practices(self) -> np.ndarray:
        return self.points(self.sites["type"] == "gp_practice")

    def share(self, minutes: np.ndarray, reach: float = 20) -> float:
        """Per cent of people within reach."""
        return 100 * self.people[minutes <= reach].sum() / self.people.sum()


@pytest.fixture(scope="module")
def towns(real: Path) -> dict[str, Town]:
    found = {}
    for name, file in FILES.items():
        folder = real / "places" / name
        areas = gpd.read_file(folder / "lsoa.gpkg", layer="lsoa")
        found[name] = Town(
            folder,
            Network.read(folder / file),
            areas[["pc_x", "pc_y"]].to_numpy(),
            areas["pop_mid2022"].to_numpy(),
            pd.read_csv(folder / "sites.csv"),
        )
    return found


def as_networkx(network: Network, mode: str) -> nx.MultiDiGraph:
    """Every street that the mode may use, edge by edge; barriers end the streets at them.

    Forbidden turns are not in it: they ask for another graph.
    """
    graph = nx.MultiDiGraph()
    shut = {node for node, tags in network.barriers.items() if stops(tags, mode)}
    streets = zip(network.source, network.target, network.length, network.kind, strict=True)
    for number, (source, target, length, kind) in enumerate(streets):
        tags = network.kinds[kind]
        along, against = rules.directions(tags, mode)
        u = ("end", number, 0) if source in shut else int(source)
        v = ("end", number, 1) if target in shut else int(target)
        if along or against:
            minutes = float(length) / 1000 * Profile().minutes_per_km(tags, mode)
            graph.add_edges_from([(u, v)] * along + [(v, u)] * against, minutes=minutes)
    return graph


@pytest.mark.parametrize("mode", ["walk", "cycle", "drive"])
@pytest.mark.parametrize("name", FILES)
def test_each_node_has_the_minutes_of_networkx(towns, name, mode):
    whole = towns[name].network
    network = replace(whole, turns=whole.turns[:0])
    streets = network.streets(mode)
    graph = as_networkx(network, mode)
    main = max(nx.strongly_connected_components(graph), key=len)
    assert len(main) == streets.report["nodes"]
    nodes = np.array(sorted(node for node in main if isinstance(node, int)))
    sites = np.random.default_rng(7).choice(nodes, 5, replace=False)
    # Nodes in one place cannot be told apart by their position.
    _, first, count = np.unique(network.xy, axis=0, return_index=True, return_counts=True)
    nodes = np.intersect1d(nodes, first[count == 1])
    times = streets.times(network.xy[nodes], network.xy[sites], 20, snap="node")
    got = np.full(times.minutes.shape, np.inf)
    rows, cols = times.minutes.tocoo().coords
    got[rows, cols] = times.minutes.data
    assert times.pairs > 500
    backwards = graph.subgraph(main).reverse()
    for position, site in enumerate(sites):
        lengths = nx.single_source_dijkstra_path_length(backwards, int(site), 20, "minutes")
        true = np.array([lengths.get(int(node), np.inf) for node in nodes])
        assert (np.isfinite(got[:, position]) == np.isfinite(true)).all()
        reached = np.isfinite(true)
        assert np.abs(got[reached, position] - true[reached]).max() < 0.001


def test_rutland_38_per_cent_walk_to_a_practice(towns):
    town = towns["rutland"]
    times = town.network.streets("walk").times(town.homes, town.practices)
    minutes = times.nearest(range(len(town.practices)))
    assert town.share(minutes) == pytest.approx(38, abs=2)


def test_rutland_86_per_cent_drive_to_the_hospital_before_they_park(towns):
    town = towns["rutland"]
    hospital = town.points(town.sites["name"].str.startswith("Rutland Memorial"))
    assert len(hospital) == 1
    bare = town.network.streets("drive", Profile(park_minutes=0)).times(town.homes, hospital)
    parked = town.network.streets("drive").times(town.homes, hospital, horizon=60)
    assert town.share(bare.nearest([0])) == pytest.approx(85.8, abs=3)
    assert town.share(parked.nearest([0])) == pytest.approx(64.6, abs=3)
    assert town.share(parked.nearest([0]), 25) == town.share(bare.nearest([0]))


def test_newport_62_per_cent_walk_to_a_practice_if_practices_stand_on_the_street(towns):
    """The figure that we compare with walks from home to the street, but not on to the door."""
    town = towns["newport_wales"]
    streets = town.network.streets("walk")
    whole = streets.times(town.homes, town.practices, horizon=60)
    bare = streets.times(town.homes, town.practices, horizon=60, snap="node")
    from_home = whole.snap.origins["distance_m"].to_numpy() / 80
    everywhere = range(len(town.practices))
    assert town.share(bare.nearest(everywhere) + from_home) == pytest.approx(61.7, abs=3)
    assert town.share(whole.nearest(everywhere)) == pytest.approx(57.5, abs=1)
    assert whole.snap.sites["distance_m"].max() > 2000
    assert whole.snap.sites["far"].sum() == 3


def test_the_pbf_and_the_osmnx_graph_of_one_place_agree(towns, monkeypatch):
    """With the tags kept that osmnx drops by default, on ways and on barriers."""
    for tags in ("useful_tags_way", "useful_tags_node"):
        monkeypatch.setattr(osmnx.settings, tags, sorted(rules.TAGS))
    town = towns["rutland"]
    file = town.folder / "highways.osm.bz2"
    osm = Network.from_graph(osmnx.graph_from_xml(file, simplify=False, retain_all=True))
    pbf = town.network
    assert not len(pbf.turns)
    shared = np.intersect1d(pbf.osm_id, osm.osm_id)
    # Streets end side by side at a barrier: a point there may be tied to any of them.
    shared = np.setdiff1d(shared, pbf.osm_id[list(pbf.barriers)])
    points = pbf.xy[np.searchsorted(pbf.osm_id, shared)]
    for mode in ("walk", "cycle", "drive"):
        one, other = (
            network.streets(mode).times(points, points[::500], snap="node")
            for network in (pbf, osm)
        )
        on_both = (
            one.snap.origins["distance_m"] + other.snap.origins["distance_m"] == 0
        ).to_numpy()
        at_both = (one.snap.sites["distance_m"] + other.snap.sites["distance_m"] == 0).to_numpy()
        minutes, again = (t.minutes.toarray()[on_both][:, at_both] for t in (one, other))
        assert (minutes > 0).sum() > 2000
        assert np.abs(minutes - again).max() < 0.01


def test_the_estimate_of_driving_lies_near_the_streets(towns):
    town = towns["newport_wales"]
    streets = town.network.streets("drive").times(town.homes, town.practices, horizon=60)
    near = streets.snap.origins["distance_m"].to_numpy() < 150
    at_hand = streets.snap.sites["distance_m"].to_numpy() < 150
    guess = estimate(town.homes, town.practices, "drive", horizon=60).minutes.toarray()
    minutes = streets.minutes.toarray()[near][:, at_hand]
    gap = minutes - guess[near][:, at_hand]
    assert abs(np.median(gap[minutes > 0])) < 3


def test_a_pbf_cut_short_is_one_clear_fault(real, tmp_path):
    whole = (real / "places" / "rutland" / FILES["rutland"]).read_bytes()
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"half\.osm\.pbf: cannot be read") as error:
        Network.from_pbf(path)
    assert len(error.value.faults) == 1
