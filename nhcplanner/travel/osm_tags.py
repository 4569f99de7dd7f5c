"""Who may use a way and in which direction: OSM tags in, yes or no out.

British practice: people may walk on every road but motorways; a public footpath, bridleway or
track is walked freely; driving needs a road. Cycles may use roads, cycle tracks, bridleways,
tracks and paths; over footways and through pedestrian streets that are not signed for them they
are pushed, at walking speed. Nobody cycles up steps. A ferry is used where its way says how long
it takes; it carries cars only where its tags say so.

Speed limits that a road's tags give, by sign, by name or by street lights.

Ferries: how long a way says that the crossing takes, and so how fast it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np

from nhcplanner.base.arrays import FloatArray, IntArray
from nhcplanner.base.errors import InputError

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


MPH = 1.609344
URBAN_KMH = 40.5 * MPH

# Legal limits that tags give by name: the Highway Code, rule 124 (cars).
NAMED_LIMITS: dict[str, float] = {
    "national": 60 * MPH, "gb:national": 60 * MPH, "gb:nsl_single": 60 * MPH,
    "gb:nsl_dual": 70 * MPH, "gb:nsl_restricted": 30 * MPH, "gb:restricted": 30 * MPH,
    "gb:urban": 30 * MPH, "gb:motorway": 70 * MPH, "uk:motorway": 70 * MPH,
    "uk:nsl_single": 60 * MPH, "uk:nsl_dual": 70 * MPH,
}  # fmt: skip
NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?$")


def legal_kmh(tags: Mapping[str, str]) -> float | None:
    """Speed limit in km/h that a way's tags give; None where they give none that is known.

    Where several limits are listed, the lowest.

    Examples
    --------
    >>> round(legal_kmh({"maxspeed": "30 mph"}), 2)
    48.28
    >>> legal_kmh({"maxspeed": "50"})
    50.0
    >>> legal_kmh({"maxspeed": "signals"}) is None
    True
    """
    for key in ("maxspeed", "maxspeed:type"):
        found = [_one_limit(part.strip().lower()) for part in tags.get(key, "").split(";")]
        limits = [limit for limit in found if limit]
        if limits:
            return min(limits)
    return None


def is_urban(tags: Mapping[str, str]) -> bool:
    """Whether a road is one of a town: a limit of 40 mph or less, or lit and without a sign.

    Street lights make a road restricted to 30 mph unless signs say otherwise (Road Traffic
    Regulation Act 1984, sections 81 and 82; Highway Code, rule 124).

    Examples
    --------
    >>> is_urban({"maxspeed": "40 mph"}), is_urban({"lit": "yes"}), is_urban({})
    (True, True, False)
    """
    limit = legal_kmh(tags)
    return tags.get("lit") == "yes" if limit is None else limit <= URBAN_KMH


def _one_limit(text: str) -> float | None:
    if text in NAMED_LIMITS:
        return NAMED_LIMITS[text]
    match = NUMBER.match(text)
    if not match:
        return None
    return float(match[1]) * (MPH if match[2] == "mph" else 1.0)


CLOCK = re.compile(r"^(\d{1,3})(?::(\d{2}))?(?::(\d{2}))?$")
SPAN = re.compile(r"^P?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")


def crossing_minutes(duration: str) -> float | None:
    """Minutes that a ferry's `duration` tag gives; None where it gives none above 0.

    Examples
    --------
    >>> crossing_minutes("00:20"), crossing_minutes("8"), crossing_minutes("PT1H5M")
    (20.0, 8.0, 65.0)
    >>> crossing_minutes("a while") is None
    True
    """
    text = duration.strip().upper()
    clock, span = CLOCK.match(text), SPAN.match(text)
    if clock and clock[2] is None:
        minutes = float(clock[1])
    elif clock or span:
        hours, rest, seconds = (float(part or 0) for part in (clock or span).groups())  # type: ignore[union-attr]
        minutes = 60 * hours + rest + seconds / 60
    else:
        return None
    return minutes if minutes > 0 else None


def with_speeds(
    kind: IntArray, kinds: list[Tags], metres: FloatArray
) -> tuple[IntArray, list[Tags]]:
    """Give each ferry the km/h at which its way takes as long as it says.

    Parameters
    ----------
    kind, kinds
        Position in `kinds` of each way, and the different sets of tags.
    metres
        Length of each way.

    Returns
    -------
    tuple
        The same with a set of tags of its own for each ferry; boarding and waiting not counted.
    """
    kind, kinds = kind.copy(), list(kinds)
    ferries = np.flatnonzero(np.array([is_ferry(tags) for tags in kinds], dtype=bool)[kind])
    for way in ferries:
        tags = kinds[kind[way]]
        minutes = crossing_minutes(tags.get("duration", ""))
        if minutes and metres[way] > 0:
            kind[way] = len(kinds)
            kinds.append(tags | {FERRY_KMH: f"{metres[way] / 1000 / minutes * 60:.6g}"})
    return kind, kinds
