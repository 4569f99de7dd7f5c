"""Tie points to the network: the nearest node of the part that people can move about in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from nhcplanner.travel.profile import Profile


@dataclass(frozen=True, eq=False)
class Snapped:
    """Points tied to the network.

    Parameters
    ----------
    node
        The node of each point; meaningless where the point is cut off.
    minutes
        Minutes of the leg between point and node.
    usable
        False where the point is cut off.
    frame
        `distance_m`, `far`, `cut_off` and `fragment`, a row a point. A point is by a `fragment`
        where the nearest street of all belongs to a part that the main network does not
        connect with; it is tied to the main network all the same.
    """

    node: np.ndarray
    minutes: np.ndarray
    usable: np.ndarray
    frame: pd.DataFrame


def snap_to_nodes(
    points: np.ndarray, nodes: np.ndarray, strays: np.ndarray, profile: Profile, *, legs: bool
) -> Snapped:
    """Tie points to their nearest node.

    Parameters
    ----------
    points, nodes, strays
        x and y in metres: of the points, the nodes to use, and the nodes of parts cut off.
    profile
        Walking speed of the leg, and how far is far.
    legs
        False takes no time between point and node.
    """
    distance, node = KDTree(nodes).query(points)
    stray = np.full(len(points), np.inf)
    if len(strays):
        stray, _ = KDTree(strays).query(points)
    usable = distance <= profile.cut_off_m
    frame = pd.DataFrame(
        {
            "distance_m": distance,
            "far": distance > profile.far_snap_m,
            "cut_off": ~usable,
            "fragment": stray < distance,
        }
    )
    minutes = profile.leg_minutes(distance) if legs else np.zeros(len(points))
    return Snapped(node, minutes, usable, frame)
