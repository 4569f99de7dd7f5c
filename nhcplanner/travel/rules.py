"""Who may use a way, in which direction, and whom a barrier stops: OSM tags in, yes or no out.

British practice: people may walk on every road but motorways; a public footpath, bridleway or
track is walked freely; driving needs a road.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from nhcplanner.domain.errors import InputError

Mode = Literal["walk", "drive"]
Tags = dict[str, str]

ROADS = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
    "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential",
    "living_street", "service", "road",
)  # fmt: skip
PATHS = (
    "pedestrian", "footway", "path", "steps", "bridleway", "track", "cycleway", "corridor",
    "platform",
)  # fmt: skip
HIGHWAYS = frozenset(ROADS + PATHS)
NOT_ON_FOOT = frozenset({"motorway", "motorway_link"})
TAGS = frozenset(
    {
        "highway", "junction", "service", "motorroad", "maxspeed", "maxspeed:type", "oneway",
        "oneway:foot", "oneway:bicycle", "oneway:motor_vehicle", "access", "vehicle",
        "motor_vehicle", "motorcar", "foot", "bicycle", "barrier",
    }
)  # fmt: skip

# Which tag decides, the most particular first.
ACCESS: dict[str, tuple[str, ...]] = {
    "walk": ("foot", "access"),
    "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
}
ONEWAY: dict[str, tuple[str, ...]] = {
    "walk": ("oneway:foot",),
    "drive": ("oneway:motor_vehicle", "oneway"),
}
CLOSED = frozenset(
    {"no", "private", "agricultural", "forestry", "military", "emergency", "bus", "psv"}
)
OPEN = frozenset({"yes", "designated", "permissive", "destination", "customers"})
FORWARD, BACKWARD, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)
DIRECTIONS = {
    "yes": FORWARD, "true": FORWARD, "1": FORWARD, "-1": BACKWARD, "reverse": BACKWARD,
    "no": BOTH, "false": BOTH, "0": BOTH, "alternating": BOTH, "reversible": NEITHER,
}  # fmt: skip
IMPLIED_ONEWAY = frozenset({"motorway", "motorway_link"})
# Barriers that let a car through unless their access tags say no (a gate is opened).
CAR_PASSES = frozenset(
    {
        "gate", "lift_gate", "swing_gate", "sliding_gate", "cattle_grid", "entrance", "kerb",
        "toll_booth", "border_control", "height_restrictor", "sally_port", "arch", "no", "tree",
    }
)  # fmt: skip


def check_mode(mode: str) -> None:
    """Refuse a mode that the streets do not know."""
    if mode not in get_args(Mode):
        known = " or ".join(get_args(Mode))
        raise InputError([f"unknown mode '{mode}': streets know {known}"])


def directions(tags: Mapping[str, str], mode: str) -> tuple[bool, bool]:
    """Whether a mode may go along a way (with its direction, against it).

    Examples
    --------
    >>> directions({"highway": "residential", "oneway": "-1"}, "drive")
    (False, True)
    >>> directions({"highway": "footway"}, "drive")
    (False, False)
    """
    if not _may_enter(tags, mode):
        return NEITHER
    value = _first(tags, ONEWAY[mode])
    if value in DIRECTIONS:
        return DIRECTIONS[value]
    roundabout = tags.get("junction") in ("roundabout", "circular")
    implied = tags["highway"] in IMPLIED_ONEWAY or roundabout
    return FORWARD if mode == "drive" and implied else BOTH


def stops(barrier: Mapping[str, str], mode: str) -> bool:
    """Whether a barrier on a node stops a mode.

    On foot only a barrier whose own tags close it does; a car is stopped by whatever is not
    known to open, such as a bollard, unless its tags allow cars.
    """
    value = _first(barrier, ACCESS[mode])
    if value in CLOSED:
        return True
    if mode == "walk" or value in OPEN:
        return False
    return barrier.get("barrier") not in CAR_PASSES


def _may_enter(tags: Mapping[str, str], mode: str) -> bool:
    highway = tags.get("highway")
    if _first(tags, ACCESS[mode]) in CLOSED:
        return False
    if mode == "drive":
        return highway in ROADS and tags.get("service") != "emergency_access"
    motorway = highway in NOT_ON_FOOT or tags.get("motorroad") == "yes"
    return highway in HIGHWAYS and not motorway


def _first(tags: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((tags[key].strip().lower() for key in keys if key in tags), "")
