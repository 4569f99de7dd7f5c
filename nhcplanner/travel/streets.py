"""Streets: the network of one mode, in minutes, ready to be asked for journeys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.times import Snap, TravelTimes, as_minutes
from nhcplanner.travel.morton import morton_order
from nhcplanner.travel.points import FARTHEST, check_horizon, check_points
from nhcplanner.travel.profile import Profile
from nhcplanner.travel.reach import Progress, reach, reversed_graph
from nhcplanner.travel.snap import snap_to_nodes

ENGINE = "streets: shortest times on the network, points tied to the nearest node"


@dataclass(frozen=True, eq=False)
class Streets:
    """The streets that one mode may use, each with its minutes.

    Only the largest part in which every node can be reached from every other is searched; what
    it leaves out is in `report`. Make one with `from_pbf`, `from_edges` or `Network.streets`.

    Parameters
    ----------
    xy
        Nodes x 2, metres, ordered so that neighbours lie close in memory.
    graph
        Nodes x nodes, minutes from column to row: the edges turned round.
    node
        Position of each node among those that were given.
    strays
        x and y of the nodes that are cut off.
    mode
        "walk" or "drive".
    profile
        Walking speed of legs, terminal minutes, and how far a point may lie.
    parameters
        What shaped the minutes, for the record.
    report
        Nodes and edges searched, nodes cut off; kilometres of both where they are known.
    """

    xy: np.ndarray
    graph: sparse.csr_array
    node: np.ndarray
    strays: np.ndarray
    mode: str
    profile: Profile
    parameters: dict[str, float | str]
    report: dict[str, float]

    @classmethod
    def from_pbf(
        cls, path: str | Path, mode: str = "drive", profile: Profile | None = None
    ) -> Streets:
        """Read the streets of one mode from an OpenStreetMap file.

        Parameters
        ----------
        path
            Any file that osmium reads: .osm.pbf, .osm, .osm.bz2.
        mode
            "walk" or "drive".
        profile
            Speeds; by default `Profile()`.

        Raises
        ------
        InputError
            Where the file is unreadable or holds no street for the mode.
        """
        from nhcplanner.travel.network import Network  # noqa: PLC0415 - each can make the other

        return Network.from_pbf(path).streets(mode, profile)

    @classmethod
    def from_edges(
        cls,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        source: npt.ArrayLike,
        target: npt.ArrayLike,
        minutes: npt.ArrayLike,
        mode: str = "drive",
    ) -> Streets:
        """Bring any network.

        Nothing is added for parking; points off the network still walk to it at 4.8 km/h.

        Parameters
        ----------
        x, y
            Position of each node, metres.
        source, target
            Node at which each directed edge begins and ends.
        minutes
            Minutes along each edge.
        mode
            What the minutes are of, for the record.

        Raises
        ------
        InputError
            For arrays that do not fit together, edges to nodes that are not there, and minutes
            or positions that are no numbers; all at once.
        """
        x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        if x.ndim != 1 or x.shape != y.shape:
            raise InputError(["x and y must be flat and equally long"])
        xy = np.column_stack([x, y])
        edges = np.asarray(source), np.asarray(target), np.asarray(minutes, dtype=np.float64)
        faults = _edge_faults(xy, *edges)
        if faults:
            raise InputError(faults)
        return cls.build(xy, *edges, mode, Profile(park_minutes=0.0))

    @classmethod
    def build(
        cls,
        xy: np.ndarray,
        source: np.ndarray,
        target: np.ndarray,
        minutes: np.ndarray,
        mode: str,
        profile: Profile,
    ) -> Streets:
        """Keep the largest connected part of sound edges, its nodes in Morton order."""
        nodes = len(xy)
        links = sparse.coo_array(
            (np.ones(len(source), dtype=np.int8), (source, target)), shape=(nodes, nodes)
        )
        _, part = connected_components(links, connection="strong")
        main = part == np.bincount(part).argmax()
        used = np.zeros(nodes, dtype=bool)
        used[source] = used[target] = True
        node = np.flatnonzero(main)
        node = node[morton_order(xy[node])]
        renumber = np.full(nodes, -1)
        renumber[node] = np.arange(len(node))
        kept = main[source] & main[target]
        graph = reversed_graph(
            renumber[source[kept]], renumber[target[kept]], minutes[kept], len(node)
        )
        strays = xy[used & ~main]
        report: dict[str, float] = {
            "nodes": len(node),
            "edges": graph.nnz,
            "nodes_cut_off": len(strays),
        }
        legs = profile.parameters("walk")
        return cls(xy[node], graph, node, strays, mode, profile, legs, report)

    def times(
        self,
        area_xy: npt.ArrayLike,
        site_xy: npt.ArrayLike,
        horizon: float = 20,
        progress: Progress | None = None,
        snap: Literal["legs", "node"] = "legs",
    ) -> TravelTimes:
        """Minutes from each origin to each site, within a horizon.

        The way between a point and its node is walked, straight, at both ends, also for a
        drive; a drive takes the profile's minutes to park besides.

        Parameters
        ----------
        area_xy, site_xy
            Origins x 2 and sites x 2, metres (EPSG:27700).
        horizon
            Minutes beyond which no pair is kept.
        progress
            Called as `progress(done, total)` with sites between batches; returning False stops.
        snap
            "node" takes no time between a point and its node and none to park: the network's
            own minutes, for comparison with other engines.

        Returns
        -------
        TravelTimes
            Minutes, origin x site, and in `snap` each point's `distance_m`, `far`, `cut_off`
            and `fragment`. Points beyond `cut_off_m` of the profile have no minutes at all.

        Raises
        ------
        InputError
            For points without a position, an empty layer, or a horizon not above 0.
        PlannerError
            Where `progress` stopped the search.
        """
        if snap not in ("legs", "node"):
            raise InputError([f"unknown snap '{snap}': use legs or node"])
        check_horizon(horizon)
        origins, sites = (
            snap_to_nodes(points, self.xy, self.strays, self.profile, legs=snap == "legs")
            for points in check_points(area_xy, site_xy)
        )
        terminal = self.profile.terminal_minutes(self.mode) if snap == "legs" else 0.0
        minutes = reach(self.graph, origins, sites, horizon - terminal, progress)
        minutes.data += terminal
        return TravelTimes(
            as_minutes(minutes),
            self.mode,
            ENGINE,
            estimate=False,
            horizon=horizon,
            parameters=self.parameters | {"snap": snap},
            snap=Snap(origins.frame, sites.frame),
        )


def _edge_faults(
    xy: np.ndarray, source: np.ndarray, target: np.ndarray, minutes: np.ndarray
) -> list[Fault | str]:
    if not len(xy) or not len(source):
        return ["the network has no nodes or no edges"]
    if not source.shape == target.shape == minutes.shape == (len(source),):
        return ["source, target and minutes must be flat and equally long"]
    faults: list[Fault | str] = []
    for name, ends in (("source", source), ("target", target)):
        if ends.dtype.kind not in "iu":
            faults.append(f"{name} must be whole numbers, positions of nodes")
        elif ends.min() < 0 or ends.max() >= len(xy):
            faults.append(f"{name} names nodes outside 0 to {len(xy) - 1}")
    if not (np.abs(xy) < FARTHEST).all():
        faults.append("x and y hold values that are no position in metres")
    if not ((minutes >= 0) & (minutes < np.inf)).all():
        faults.append("minutes hold values that are not 0 or more")
    return faults
