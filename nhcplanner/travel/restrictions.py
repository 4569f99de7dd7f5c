"""Turn restrictions of OpenStreetMap, found again on the streets that ways were cut into."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from nhcplanner.travel.arrays import IntArray
from nhcplanner.travel.rules import Tags


class Restriction(NamedTuple):
    """Which turn, between which ways, at which node.

    Parameters
    ----------
    into, via, out
        OSM ids of the way that one comes along, the node, and the way that one takes.
    tags
        What is forbidden or ordered, and for whom.
    """

    into: int
    via: int
    out: int
    tags: Tags


def find_turns(
    restrictions: list[Restriction], way: IntArray, ends: IntArray, left_out: Counter[str]
) -> tuple[IntArray, list[Tags]]:
    """The streets that each restriction is about.

    Parameters
    ----------
    restrictions
        As they were read.
    way
        OSM id of the way that each street was cut from.
    ends
        Streets x 2, OSM id of the node at each end.
    left_out
        Told of those that name a way which passes the node instead of ending there, or which
        was not read.

    Returns
    -------
    tuple
        Turns x 4: the street that one comes along, which of its ends the node is at (0 source,
        1 target), the street that one takes, the position of the tags; and the tags.
    """
    named = {key for rule in restrictions for key in ((rule.into, rule.via), (rule.out, rule.via))}
    meet: dict[tuple[int, int], list[tuple[int, int]]] = {key: [] for key in named}
    concerned = np.isin(way, [key[0] for key in named])
    for street in np.flatnonzero(concerned):
        for end in (0, 1):
            key = int(way[street]), int(ends[street, end])
            if key in meet:
                meet[key].append((int(street), end))
    turns, kinds = [], list[Tags]()
    for rule in restrictions:
        into, out = meet[rule.into, rule.via], meet[rule.out, rule.via]
        if len(into) != 1 or len(out) != 1:
            left_out["turn restriction whose ways do not both end at its node"] += 1
            continue
        if rule.tags not in kinds:
            kinds.append(rule.tags)
        turns.append([into[0][0], into[0][1], out[0][0], kinds.index(rule.tags)])
    return np.array(turns, dtype=np.int32).reshape(-1, 4), kinds
