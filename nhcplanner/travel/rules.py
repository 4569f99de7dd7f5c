"""Who may use a way and in which direction: OSM tags in, yes or no out.

British practice: people may walk on every road but motorways; a public footpath, bridleway or
track is walked freely; driving needs a road. Cycles may use roads, cycle tracks, bridleways,
tracks and paths; over footways and through pedestrian streets that are not signed for them they
are pushed, at walking speed. Nobody cycles up steps. A ferry is used where its way says how long
it takes; it carries cars only where its tags say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from nhcplanner.domain.errors import InputError

Mode = Literal["walk", "cycle", "drive"]
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
MOTORWAYS = frozenset({"motorway", "motorway_link"})
PUSHED_ON = frozenset({"footway", "pedestrian"})
CYCLED = frozenset(ROADS) - MOTORWAYS | {"cycleway", "path", "bridleway", "track"} | PUSHED_ON
CONTRAFLOW = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
CONTRAFLOW_SIDE = ("cycleway:left:oneway", "cycleway:right:oneway")
FERRY_KMH = "ferry_kmh"  # worked out from a ferry's duration, not a tag of OpenStreetMap

# Which tag decides, the most particular first.
ACCESS: dict[str, tuple[str, ...]] = {
    "walk": ("foot", "access"),
    "cycle": ("bicycle", "vehicle", "access"),
    "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
}
ONEWAY: dict[str, tuple[str, ...]] = {
    "walk": ("oneway:foot",),
    "cycle": ("oneway:bicycle", "oneway"),
    "drive": ("oneway:motor_vehicle", "oneway"),
}
TAGS = frozenset(
    {
        "highway", "junction", "service", "motorroad", "maxspeed", "maxspeed:type", "lit",
        "barrier", "route", "duration", FERRY_KMH, *CONTRAFLOW, *CONTRAFLOW_SIDE,
        *(tag for tags in (*ACCESS.values(), *ONEWAY.values()) for tag in tags),
    }
)  # fmt: skip
CLOSED = frozenset(
    {"no", "private", "agricultural", "forestry", "military", "emergency", "bus", "psv"}
)
OPEN = frozenset({"yes", "designated", "permissive", "destination", "customers"})
FORWARD, BACKWARD, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)
DIRECTIONS = {
    "yes": FORWARD, "true": FORWARD, "1": FORWARD, "-1": BACKWARD, "reverse": BACKWARD,
    "no": BOTH, "false": BOTH, "0": BOTH, "alternating": BOTH, "reversible": NEITHER,
}  # fmt: skip


def check_mode(mode: str) -> None:
    """Refuse a mode that the streets do not know."""
    if mode not in get_args(Mode):
        known = ", ".join(get_args(Mode))
        raise InputError([f"unknown mode '{mode}': streets know {known}"])


def directions(tags: Mapping[str, str], mode: str) -> tuple[bool, bool]:
    """Whether a mode may go along a way (with its direction, against it).

    Examples
    --------
    >>> directions({"highway": "residential", "oneway": "-1"}, "drive")
    (False, True)
    >>> directions({"highway": "residential", "oneway": "yes", "cycleway": "opposite"}, "cycle")
    (True, True)
    >>> directions({"highway": "footway"}, "drive")
    (False, False)
    """
    if not _may_enter(tags, mode):
        return NEITHER
    if mode == "cycle" and is_pushed(tags):
        return directions(tags, "walk")
    if mode == "cycle" and "oneway:bicycle" not in tags and _is_contraflow(tags):
        return BOTH
    value = first_of(tags, ONEWAY[mode])
    if value in DIRECTIONS:
        return DIRECTIONS[value]
    roundabout = tags.get("junction") in ("roundabout", "circular")
    implied = tags.get("highway") in MOTORWAYS or roundabout
    return FORWARD if mode != "walk" and implied else BOTH


def is_pushed(tags: Mapping[str, str]) -> bool:
    """Whether cycles are pushed along a way.

    Examples
    --------
    >>> is_pushed({"highway": "footway"}), is_pushed({"highway": "footway", "bicycle": "yes"})
    (True, False)
    """
    bicycle = first_of(tags, ("bicycle",))
    return bicycle == "dismount" or (tags.get("highway") in PUSHED_ON and bicycle not in OPEN)


def is_ferry(tags: Mapping[str, str]) -> bool:
    """Whether a way is a ferry."""
    return tags.get("route") == "ferry" and tags.get("highway") not in HIGHWAYS


def may_stop(tags: Mapping[str, str]) -> bool:
    """Whether a journey may begin and end along a way: not on a motorway, not at sea."""
    motorway = tags.get("highway") in MOTORWAYS or tags.get("motorroad") == "yes"
    return not motorway and not is_ferry(tags)


def first_of(tags: Mapping[str, str], keys: tuple[str, ...]) -> str:
    """The value of the first of some tags that is there; else nothing."""
    return next((tags[key].strip().lower() for key in keys if key in tags), "")


def _may_enter(tags: Mapping[str, str], mode: str) -> bool:
    highway, value = tags.get("highway"), first_of(tags, ACCESS[mode])
    if is_ferry(tags):
        shut = value in CLOSED or (mode == "drive" and value not in OPEN)
        return FERRY_KMH in tags and not shut
    if mode == "cycle":
        return _may_cycle(tags)
    if value in CLOSED:
        return False
    if mode == "drive":
        return highway in ROADS and tags.get("service") != "emergency_access"
    motorway = highway in MOTORWAYS or tags.get("motorroad") == "yes"
    return highway in HIGHWAYS and not motorway


def _may_cycle(tags: Mapping[str, str]) -> bool:
    if tags.get("highway") not in CYCLED or tags.get("motorroad") == "yes":
        return False
    if is_pushed(tags):
        return first_of(tags, ("bicycle",)) not in CLOSED and _may_enter(tags, "walk")
    return first_of(tags, ACCESS["cycle"]) not in CLOSED


def _is_contraflow(tags: Mapping[str, str]) -> bool:
    lanes = any(tags.get(key, "").startswith("opposite") for key in CONTRAFLOW)
    return lanes or any(tags.get(key) in ("-1", "no") for key in CONTRAFLOW_SIDE)
