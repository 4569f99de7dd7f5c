"""Tie points to the network: to a place along the nearest street, or to the nearest node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray, match
from nhcplanner.travel.profile import Profile
from nhcplanner.travel.streets.lines import nearest
from nhcplanner.travel.streets.routable_graph import RoutableGraph

AT_END = 0.01  # metres; a point so near the end of a street is at its node


class Ties(NamedTuple):
    """Where points and the graph's nodes meet.

    Parameters
    ----------
    point, node
        Of each tie.
    minutes
        Minutes from one to the other, the leg off the network included.
    """

    point: IntArray
    node: IntArray
    minutes: FloatArray


@dataclass(frozen=True, eq=False)
class Tied:
    """Points tied to the network; those that are cut off have no ties.

    Parameters
    ----------
    leave
        The nodes that one who starts at a point comes to first.
    arrive
        The nodes from which a point is reached.
    street, along
        The street that each point lies by, and where along it (0 = source, 1 = target); street
        is -1 where there is none.
    leg
        Minutes between each point and the network.
    frame
        `distance_m`, `far`, `cut_off` and `fragment`, a row a point. A point is by a `fragment`
        where the nearest street of all belongs to a part that the main network does not
        connect with; it is tied to the main network all the same.
    """

    leave: Ties
    arrive: Ties
    street: IntArray
    along: FloatArray
    leg: FloatArray
    frame: pd.DataFrame


def tie_to_nodes(points: FloatArray, web: RoutableGraph, profile: Profile) -> Tied:
    """Tie points to their nearest node; what lies between takes no time.

    Parameters
    ----------
    points
        Points x 2, metres.
    web
        The network.
    profile
        How far is far, and how far is cut off.
    """
    distance, node = map(np.asarray, web.nodes.query(points))
    frame = _frame(points, distance, web, profile)
    here = np.flatnonzero(~frame["cut_off"].to_numpy())
    leave = Ties(here, node[here], np.zeros(len(here)))
    nowhere = np.full(len(points), -1)
    none = np.zeros(len(points))
    return Tied(leave, _with_copies(leave, web), nowhere, none, none, frame)


def tie_to_streets(points: FloatArray, web: RoutableGraph, profile: Profile) -> Tied:
    """Tie points to their nearest street, at the nearest place along it.

    From there one goes on in either direction that the street allows; a point off the end of a
    street is at its node. The way to the street is walked, straight.

    Parameters
    ----------
    points
        Points x 2, metres.
    web
        The network.
    profile
        Walking speed of the leg, how far is far, and how far is cut off.
    """
    found = nearest(points, web.lines, profile.cut_off_m)
    distance = found.metres.copy()
    lost = np.flatnonzero(found.street < 0)
    distance[lost], _ = web.lines.ends.query(points[lost])
    frame = _frame(points, distance, web, profile)
    leg = np.where(found.street >= 0, profile.leg_minutes(found.metres), np.inf)
    span = web.lines.length
    street, along = found.street, found.along.copy()
    along[along * span[street] < AT_END] = 0.0
    along[(1 - along) * span[street] < AT_END] = 1.0
    at_source, at_target = along == 0.0, along == 1.0
    point = np.flatnonzero((street >= 0) & (at_source | at_target))
    ends = np.where(at_source, web.lines.source[street], web.lines.target[street])
    at_node = Ties(point, ends[point], leg[point])
    between = np.flatnonzero((street >= 0) & ~at_source & ~at_target)
    leave = _merge(at_node, _leaving(between, street, along, leg, web))
    arrive = _merge(_with_copies(at_node, web), _arriving(between, street, along, leg, web))
    return Tied(leave, arrive, street, along, leg, frame)


def direct(
    origins: Tied, sites: Tied, minutes: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Journeys along one street, from origin to site without passing a node.

    Parameters
    ----------
    origins, sites
        Points tied to streets.
    minutes
        Streets x 2, along and against each.

    Returns
    -------
    tuple
        Site, origin and minutes of each, legs included.
    """
    by_street = np.flatnonzero(sites.street >= 0)
    by, origin = match(sites.street[by_street], origins.street)
    site = by_street[by]
    step = sites.along[site] - origins.along[origin]
    pace = minutes[sites.street[site], (step < 0).astype(np.int64)]
    possible = np.isfinite(pace) | (step == 0)
    site, origin, step, pace = site[possible], origin[possible], step[possible], pace[possible]
    on_street = np.where(step == 0, 0.0, np.abs(step) * np.where(np.isfinite(pace), pace, 0.0))
    return site, origin, on_street + origins.leg[origin] + sites.leg[site]


def _leaving(
    point: IntArray, street: IntArray, along: FloatArray, leg: FloatArray, web: RoutableGraph
) -> Ties:
    left = np.column_stack([1 - along[point], along[point]])
    minutes = left * web.minutes[street[point]] + leg[point][:, None]
    row, way = np.nonzero(np.isfinite(minutes))
    return Ties(point[row], web.head[street[point[row]], way], minutes[row, way])


def _arriving(
    point: IntArray, street: IntArray, along: FloatArray, leg: FloatArray, web: RoutableGraph
) -> Ties:
    passed = np.column_stack([along[point], 1 - along[point]])
    minutes = passed * web.minutes[street[point]] + leg[point][:, None]
    row, way = np.nonzero(np.isfinite(minutes))
    ends = np.column_stack([web.lines.source, web.lines.target])
    plain = Ties(point[row], ends[street[point[row]], way], minutes[row, way])
    tie, arc = match(
        street[point[row]] * 2 + way, web.from_copies.street * 2 + web.from_copies.against
    )
    copied = Ties(plain.point[tie], web.from_copies.tail[arc], plain.minutes[tie])
    return _merge(plain, copied)


def _with_copies(ties: Ties, web: RoutableGraph) -> Ties:
    """The same, and as much to every copy of a node: one may arrive there from any street."""
    tie, copy = match(ties.node, web.copy_of)
    return _merge(ties, Ties(ties.point[tie], len(web.node) + copy, ties.minutes[tie]))


def _merge(one: Ties, other: Ties) -> Ties:
    return Ties(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


def _frame(
    points: FloatArray, distance: FloatArray, web: RoutableGraph, profile: Profile
) -> pd.DataFrame:
    cut_off: BoolArray = ~(distance <= profile.cut_off_m)
    stray = nearest(points, web.strays, np.minimum(distance, profile.cut_off_m))
    return pd.DataFrame(
        {
            "distance_m": distance,
            "far": distance > profile.far_snap_m,
            "cut_off": cut_off,
            "fragment": stray.metres < distance,
        }
    )
