"""Streets of one mode with their minutes, and the times of journeys on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from nhcplanner.base.arrays import FloatArray, IntArray
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.travel_times import Snap, TravelTimes
from nhcplanner.travel.points import FARTHEST, check_horizon, check_points
from nhcplanner.travel.search.reach import Progress, reach
from nhcplanner.travel.search.request import SearchRequest, link
from nhcplanner.travel.speed_profile import Profile
from nhcplanner.travel.streets.lines import Lines
from nhcplanner.travel.streets.routable_graph import RoutableGraph, build_graph
from nhcplanner.travel.streets.snap import (
    TiedPoints,
    direct,
    straight_walks,
    tie_to_nodes,
    tie_to_streets,
)

ENGINE = "streets: shortest times on the network, points tied to the nearest "
SLACK = 1e-9  # minutes; sums that differ by rounding fall on the same side of the horizon


@dataclass(frozen=True, eq=False)
class Streets:
    """The streets that one mode may use, each with its minutes.

    Parts in which every node can be reached from every other are searched from some size on; what
    is left out is in `report`. Make one with `Network.streets`, or of any edges with
    `from_edges`.

    Parameters
    ----------
    web
        The streets that hang together.
    mode
        "walk", "cycle" or "drive".
    profile
        Walking speed of legs, terminal minutes, and how far a point may lie.
    parameters
        What shaped the minutes, for the record.
    report
        Nodes and edges searched, nodes cut off, parts searched; kilometres of both where they are
        known.
    """

    web: RoutableGraph
    mode: str
    profile: Profile
    parameters: dict[str, float | str]
    report: dict[str, float]

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
        """Make streets from any nodes and edges.

        Edges are straight, and one may get on and off anywhere along them. Nothing is added for
        parking; points off the network still walk to it at 4.8 km/h.

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
        profile = Profile(park_minutes=0.0)
        graph = build_graph(*_both_ways(xy, *edges), least=1000 * profile.least_part_km)
        return cls.build(graph, mode, profile)

    @classmethod
    def build(cls, web: RoutableGraph, mode: str, profile: Profile) -> Streets:
        """Make streets from the result of `build_graph`."""
        report: dict[str, float] = {
            "nodes": len(web.node),
            "edges": len(web.graph.to),
            "parts": len(web.metres),
            "nodes_cut_off": len(np.setdiff1d([web.strays.source, web.strays.target], web.node)),
        }
        return cls(web, mode, profile, profile.parameters("walk"), report)

    def times(
        self,
        area_xy: npt.ArrayLike,
        site_xy: npt.ArrayLike,
        horizon: float = 20,
        progress: Progress | None = None,
        snap: Literal["legs", "node"] = "legs",
    ) -> TravelTimes:
        """Return the minutes from each origin to each site, within a horizon.

        A point is tied to the nearest place on a street. The way between the two is walked in a
        straight line in every mode; a drive also takes the profile's minutes to park, and a
        cycle ride those to lock up. Minutes along a street are shared out by metres. Two points
        off the streets are never farther apart than a straight walk; see `straight_walks`.

        Parameters
        ----------
        area_xy, site_xy
            Origins x 2 and sites x 2, metres (EPSG:27700); or GeoDataFrames of points.
        horizon
            Minutes beyond which no pair is kept.
        progress
            Called as `progress(done, total)` with sites between batches; returning False stops.
        snap
            "node" ties each point to the nearest node instead, at no time, and takes none to
            park: the network's own minutes, for comparison with other engines.

        Returns
        -------
        TravelTimes
            Minutes, origin x site, and in `snap` each point's `distance_m`, `far`, `cut_off`,
            `fragment` and `part`. Points beyond `cut_off_m` of the profile have no minutes at all.

        Raises
        ------
        InputError
            For points without a position, an empty layer, or a horizon not above 0.
        PlannerError
            If `progress` stopped the search.
        """
        if snap not in ("legs", "node"):
            raise InputError([f"unknown snap '{snap}': use legs or node"])
        check_horizon(horizon)
        tie = tie_to_streets if snap == "legs" else tie_to_nodes
        origins, sites = (
            tie(points, self.web, self.profile) for points in check_points(area_xy, site_xy)
        )
        terminal = self.profile.terminal_minutes(self.mode) if snap == "legs" else 0.0
        return TravelTimes(
            reach(self._request(origins, sites, horizon, terminal), progress),
            self.mode,
            ENGINE + ("street" if snap == "legs" else "node"),
            estimate=False,
            horizon=horizon,
            parameters=self.parameters | {"snap": snap},
            snap=Snap(origins.frame, sites.frame),
        )

    def _request(
        self, origins: TiedPoints, sites: TiedPoints, horizon: float, terminal: float
    ) -> SearchRequest:
        along = direct(origins, sites, self.web.minutes)
        within = horizon * self.profile.walk_kmh / 0.06
        walks = straight_walks(origins, sites, within, self.profile)
        site, origin, minutes = (np.concatenate(pair) for pair in zip(along, walks, strict=True))
        minutes[: len(along[2])] += terminal
        seeds, demand = sites.arrive, origins.leave
        return SearchRequest(
            self.web.graph,
            link(seeds.point, seeds.node, seeds.minutes + terminal, len(sites.leg)),
            link(demand.node, demand.point, demand.minutes, len(self.web.graph.start) - 1),
            link(site, origin, minutes, len(sites.leg)),
            horizon + SLACK,
            len(origins.leg),
        )


def _both_ways(
    xy: FloatArray, source: IntArray, target: IntArray, minutes: FloatArray
) -> tuple[Lines, FloatArray]:
    """Directed edges as straight streets; of several between two nodes the quickest each way."""
    low, high = np.minimum(source, target).astype(np.int64), np.maximum(source, target)
    pair, street = np.unique(low * len(xy) + high, return_inverse=True)
    both = np.full((len(pair), 2), np.inf)
    np.minimum.at(both, (street, (source > target).astype(np.int64)), minutes)
    ends = (end.astype(np.int32) for end in np.divmod(pair, len(xy)))
    return Lines.straight(xy, *ends), both


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
