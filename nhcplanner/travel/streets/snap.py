"""Ties of points to the network: to a place along the nearest street, or to the nearest node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import scipy

from nhcplanner.base.arrays import BoolArray, FloatArray, IntArray, match
from nhcplanner.travel.speed_profile import Profile
from nhcplanner.travel.streets.lines import nearest
from nhcplanner.travel.streets.routable_graph import RoutableGraph

AT_END = 0.01  # metres; a point so near the end of a street is at its node


class Ties(NamedTuple):
    """Links between points and the graph's nodes.

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
class TiedPoints:
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
    points
        Points x 2, metres.
    frame
        `distance_m`, `far`, `cut_off`, `fragment` and `part`, a row a point. A point is by a
        `fragment` where the nearest street of all belongs to a part too short to be searched; it
        is tied to the nearest part that is. `part` is the number of the part that it is tied to,
        0 for the longest, -1 where there is none.
    """

    leave: Ties
    arrive: Ties
    street: IntArray
    along: FloatArray
    leg: FloatArray
    points: FloatArray
    frame: pd.DataFrame


def tie_to_nodes(points: FloatArray, web: RoutableGraph, profile: Profile) -> TiedPoints:
    """Tie points to their nearest node, with 0 minutes in between.

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
    frame = _frame(points, distance, web, profile).assign(part=-1)
    here = np.flatnonzero(~frame["cut_off"].to_numpy())
    leave = Ties(here, node[here], np.zeros(len(here)))
    nowhere = np.full(len(points), -1)
    none = np.zeros(len(points))
    return TiedPoints(leave, _with_copies(leave, web), nowhere, none, none, points, frame)


def tie_to_streets(points: FloatArray, web: RoutableGraph, profile: Profile) -> TiedPoints:
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
    result = nearest(points, web.lines, profile.cut_off_m)
    distance = result.metres.copy()
    rows = np.flatnonzero(result.street < 0)
    distance[rows], _ = web.lines.ends.query(points[rows])
    part = np.append(web.part, -1)[result.street]
    frame = _frame(points, distance, web, profile).assign(part=part)
    leg = np.where(result.street >= 0, profile.leg_minutes(result.metres), np.inf)
    span = np.append(web.lines.length, 0.0)
    street, along = result.street, result.along.copy()
    along[along * span[street] < AT_END] = 0.0
    along[(1 - along) * span[street] < AT_END] = 1.0
    at_source, at_target = along == 0.0, along == 1.0
    point = np.flatnonzero((street >= 0) & (at_source | at_target))
    by = street[point]
    ends = np.where(at_source[point], web.lines.source[by], web.lines.target[by])
    at_node = Ties(point, ends, leg[point])
    between = np.flatnonzero((street >= 0) & ~at_source & ~at_target)
    leave = _merge(at_node, _leaving(between, street, along, leg, web))
    arrive = _merge(_with_copies(at_node, web), _arriving(between, street, along, leg, web))
    return TiedPoints(leave, arrive, street, along, leg, points, frame)


def direct(
    origins: TiedPoints, sites: TiedPoints, minutes: FloatArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return journeys along one street, from origin to site without passing a node.

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


def straight_walks(
    origins: TiedPoints, sites: TiedPoints, metres: float, profile: Profile
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return straight walks from origin to site that need no street.

    A point off the streets walks to the nearest of them whichever way that is, so the ground
    around it is open as far as its nearest street. Where the open ground of two points meets,
    one may walk straight from one to the other; so may those between points that are both far
    from the streets. Points by different parts of the streets, between which there may be water,
    must lie within the open ground of each other.

    Parameters
    ----------
    origins, sites
        Points tied to streets.
    metres
        No walk is longer.
    profile
        Walking speed.

    Returns
    -------
    tuple
        Site, origin and minutes of each.
    """
    open_site, open_origin = _open_ground(sites), _open_ground(origins)
    far_site, far_origin = sites.frame["far"].to_numpy(), origins.frame["far"].to_numpy()
    reach = [
        np.minimum(np.where(far, metres, 2 * ground), metres)
        for far, ground in ((far_site, open_site), (far_origin, open_origin))
    ]
    pairs = [
        _within(sites.points, origins.points, reach[0]),
        _within(origins.points, sites.points, reach[1])[::-1],
    ]
    site, origin = np.concatenate(pairs, axis=1)
    distance = np.hypot(*(sites.points[site] - origins.points[origin]).T)
    one, other = open_site[site], open_origin[origin]
    same = sites.frame["part"].to_numpy()[site] == origins.frame["part"].to_numpy()[origin]
    both_far = far_site[site] & far_origin[origin]
    is_possible = same & ((distance <= one + other) | both_far)
    is_possible |= distance <= np.minimum(one, other)
    is_possible &= (distance <= metres) & (one > 0) & (other > 0)
    return site[is_possible], origin[is_possible], profile.leg_minutes(distance[is_possible])


def _open_ground(tied: TiedPoints) -> FloatArray:
    """Return the metres from each point to its nearest street; 0 if it is on it or cut off."""
    metres = tied.frame["distance_m"].to_numpy(dtype=np.float64)
    ground: FloatArray = np.where(tied.frame["cut_off"], 0.0, metres)
    return ground


def _within(points: FloatArray, others: FloatArray, metres: FloatArray) -> IntArray:
    """Return pairs of a point and another within its radius in metres, 2 x pairs."""
    some = np.flatnonzero(metres > 0)
    if not len(some):
        return np.empty((2, 0), dtype=np.int64)
    tree = scipy.spatial.KDTree(others)
    neighbours = tree.query_ball_point(points[some], metres[some])
    count = np.fromiter(map(len, neighbours), dtype=np.int64, count=len(some))
    near = np.fromiter(
        (each for row in neighbours for each in row), dtype=np.int64, count=count.sum()
    )
    return np.stack([np.repeat(some, count), near])


def _leaving(
    point: IntArray, street: IntArray, along: FloatArray, leg: FloatArray, web: RoutableGraph
) -> Ties:
    shares = np.column_stack([1 - along[point], along[point]])
    minutes = shares * web.minutes[street[point]] + leg[point][:, None]
    row, way = np.nonzero(np.isfinite(minutes))
    return Ties(point[row], web.head[street[point[row]], way], minutes[row, way])


def _arriving(
    point: IntArray, street: IntArray, along: FloatArray, leg: FloatArray, web: RoutableGraph
) -> Ties:
    shares = np.column_stack([along[point], 1 - along[point]])
    minutes = shares * web.minutes[street[point]] + leg[point][:, None]
    row, way = np.nonzero(np.isfinite(minutes))
    ends = np.column_stack([web.lines.source, web.lines.target])
    plain = Ties(point[row], ends[street[point[row]], way], minutes[row, way])
    tie, arc = match(
        street[point[row]] * 2 + way, web.from_copies.street * 2 + web.from_copies.against
    )
    usual = web.minutes[web.from_copies.street[arc], web.from_copies.against[arc]]
    extra = np.maximum(web.from_copies.minutes[arc] - usual, 0.0)  # to turn back, where one may
    ties_of_copies = Ties(plain.point[tie], web.from_copies.tail[arc], plain.minutes[tie] + extra)
    return _merge(plain, ties_of_copies)


def _with_copies(ties: Ties, web: RoutableGraph) -> Ties:
    """Return the ties, and the same minutes to every copy of a node."""
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
