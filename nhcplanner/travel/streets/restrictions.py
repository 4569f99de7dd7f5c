"""Turn restrictions and barriers of OpenStreetMap, on the streets cut from ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import IntArray
from nhcplanner.travel.osm_tags import (
    ACCESS,
    Tags,
    is_locked,
    parts_of,
    permission,
)

NOT_AT_NODE = "turn restriction whose ways do not both end at its node"
NOT_ALONG = "turn restriction whose ways do not follow one another"


class Restriction(NamedTuple):
    """A restricted turn between two ways, at a node or along other ways.

    Parameters
    ----------
    into, via, out
        OSM ids of the way that one comes along, the node, and the way that one takes; no node
        where one passes ways between.
    tags
        What is forbidden or ordered, and for whom.
    along
        OSM ids of the ways between.
    """

    into: int
    via: int | None
    out: int
    tags: Tags
    along: tuple[int, ...] = ()


class StreetRestrictions(NamedTuple):
    """Turn restrictions, on streets instead of ways.

    Parameters
    ----------
    at_nodes
        Turns x 4: the street that one comes along, which of its ends the node is at (0 source,
        1 target), the street that one takes, the position of the tags.
    along
        Streets of paths x 4: the number of the path, a street of it in order, 1 where it is gone
        against its direction, the position of the tags.
    kinds
        The different tags.
    """

    at_nodes: IntArray
    along: IntArray
    kinds: list[Tags]


End = tuple[int, int]
"""A street, and which of its ends: 0 source, 1 target."""
Meet = dict[int, dict[int, list[End]]]
"""The ends of streets of each way at each node."""


def find_turns(
    restrictions: list[Restriction], way: IntArray, ends: IntArray, left_out: Counter[str]
) -> StreetRestrictions:
    """Return the restrictions on the streets that they apply to.

    Parameters
    ----------
    restrictions
        As they were read.
    way
        OSM id of the way that each street was cut from.
    ends
        Streets x 2, OSM id of the node at each end.
    left_out
        Counts restrictions that name a way which does not end at the node, or was not read.
    """
    ways = {one for rule in restrictions for one in (rule.into, rule.out, *rule.along)}
    meet: Meet = defaultdict(lambda: defaultdict(list))
    for street in np.flatnonzero(np.isin(way, list(ways))).tolist():
        for end in (0, 1):
            meet[int(way[street])][int(ends[street, end])].append((street, end))
    at_nodes, along, kinds = [], [], list[Tags]()
    for number, rule in enumerate(restrictions):
        steps = _along(rule, meet, ends) if rule.via is None else _at_node(rule, meet)
        if not steps:
            left_out[NOT_ALONG if rule.via is None else NOT_AT_NODE] += 1
            continue
        if rule.tags not in kinds:
            kinds.append(rule.tags)
        kind = kinds.index(rule.tags)
        if rule.via is None:
            along += [(number, *step, kind) for step in steps]
        else:
            at_nodes.append((*steps[0], steps[1][0], kind))
    return StreetRestrictions(_table(at_nodes), _table(along), kinds)


def _table(rows: Sequence[Sequence[int]]) -> IntArray:
    return np.array(rows, dtype=np.int32).reshape(-1, 4)


def _at_node(rule: Restriction, meet: Meet) -> list[End]:
    """Return the two streets that end at the node; nothing unless there is one of each."""
    into, out = meet[rule.into][rule.via or 0], meet[rule.out][rule.via or 0]
    return [into[0], out[0]] if len(into) == len(out) == 1 else []


def _along(rule: Restriction, meet: Meet, ends: IntArray) -> list[tuple[int, int]]:
    """Return the streets of the path, with 1 for each against its direction; empty if none."""
    between: dict[int, list[End]] = defaultdict(list)
    for one in rule.along:
        for node, touching in meet[one].items():
            between[node] += touching
    first, last = (
        [
            (node, ends_there[0])
            for node, ends_there in meet[one].items()
            if node in between and not ends_there[1:]
        ]
        for one in (rule.into, rule.out)
    )
    if len(first) != 1 or len(last) != 1:
        return []
    (start, (street, end)), (goal, last_step) = first[0], last[0]
    trail: dict[int, list[tuple[int, int]]] = {start: []}
    queue = [start]
    for here in queue:
        for one, side in between[here]:
            there = int(ends[one, 1 - side])
            if there not in trail:
                trail[there] = [*trail[here], (one, side)]
                queue.append(there)
    way = trail.get(goal)
    return [(street, 1 - end), *way, last_step] if way else []


# Barriers that let a car through unless their access tags say no (a gate is opened).
CAR_PASSES = frozenset(
    {
        "gate", "lift_gate", "swing_gate", "sliding_gate", "cattle_grid", "entrance", "kerb",
        "toll_booth", "border_control", "height_restrictor", "sally_port", "arch", "no", "tree",
    }
)  # fmt: skip
# Barriers over which nobody takes a cycle unless their access tags say yes.
CYCLE_STOPS = frozenset(
    {"stile", "kissing_gate", "turnstile", "full-height_turnstile", "wall", "fence", "hedge"}
)
# Which tag holds the restriction, the most particular first. One without a vehicle binds all
# vehicles, cycles too, but nobody on foot (OpenStreetMap wiki, Relation:restriction).
RESTRICTION: dict[str, tuple[str, ...]] = {
    "walk": (),
    "cycle": ("restriction:bicycle", "restriction:vehicle", "restriction"),
    "drive": (
        "restriction:motorcar", "restriction:motor_vehicle", "restriction:vehicle", "restriction",
    ),
}  # fmt: skip
TIMED = frozenset(f"{key}:conditional" for keys in RESTRICTION.values() for key in keys)
RESTRICTION_TAGS = frozenset({key for keys in RESTRICTION.values() for key in keys} | {"except"})
RESTRICTION_TAGS |= TIMED
EXEMPT = {
    "walk": frozenset[str](),
    "cycle": frozenset({"bicycle", "vehicle"}),
    "drive": frozenset({"motorcar", "motor_vehicle", "vehicle"}),
}


def stops(barrier: Mapping[str, str], mode: str) -> bool:
    """Whether a barrier on a node stops a mode.

    On foot only a barrier whose own tags close it does; a cycle is stopped by stiles and
    turnstiles too; a car by whatever is not known to open, such as a bollard, unless its tags
    allow cars. A cycle may be pushed through. A locked gate without an access tag stops everyone.
    """
    access = permission(barrier, ACCESS[mode])
    if mode == "cycle" and "dismount" in parts_of(barrier.get("bicycle", "")):
        access = None
    if access is not None:
        return not access
    if is_locked(barrier):
        return True
    kind = barrier.get("barrier")
    if mode == "walk" or kind is None:  # a kerb
        return False
    return kind in CYCLE_STOPS if mode == "cycle" else kind not in CAR_PASSES


def turn_rule(tags: Mapping[str, str], mode: str) -> str:
    """Return the rule of a turn restriction for a mode: "no", "only" or "".

    Examples
    --------
    >>> turn_rule({"restriction": "no_left_turn"}, "drive")
    'no'
    >>> turn_rule({"restriction": "only_straight_on", "except": "bus;motorcar"}, "drive")
    ''
    >>> turn_rule({"restriction": "no_left_turn", "except": "bicycle"}, "cycle")
    ''
    """
    key = next((key for key in RESTRICTION[mode] if key in tags), "")
    if not key or (key == "restriction" and parts_of(tags.get("except", "")) & EXEMPT[mode]):
        return ""
    word, _, _ = tags[key].strip().lower().partition("_")
    return word if word in ("no", "only") else ""


def conditional_tags(tags: Mapping[str, str]) -> list[str]:
    """Return the tags of a turn restriction that apply at some times only, as `key=value`."""
    return [f"{key}={tags[key]}" for key in sorted(TIMED & tags.keys())]
