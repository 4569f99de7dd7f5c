"""Access tags of OpenStreetMap: who may use a way, and in which direction.

British practice: people may walk on every road but motorways; a public footpath, bridleway or
track is walked freely; driving needs a road. Cycles may use roads, cycle tracks, bridleways,
tracks and paths; over footways and through pedestrian streets that are not signed for them they
are pushed, at walking speed. Nobody cycles up steps. A ferry carries cars only where its tags say
so.

A value is read by its parts: "private;delivery" has two. A way is shut to the public unless a part
says that it is open, so that values nobody knows shut it too; `unread_values` lists those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

from nhcplanner.base.errors import InputError

Mode = Literal["walk", "cycle", "drive"]
Side = Literal["forward", "backward"]
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
AREAS = frozenset({"pedestrian", "footway", "path", "platform", "corridor"})
"""Classes of ways that are walked across where they are drawn as an area."""
FOR_PUSHED_CYCLES = frozenset({"footway", "pedestrian"})
FOR_CYCLES = (
    frozenset(ROADS) - MOTORWAYS | {"cycleway", "path", "bridleway", "track"} | FOR_PUSHED_CYCLES
)
CONTRAFLOW = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
CONTRAFLOW_SIDE = ("cycleway:left:oneway", "cycleway:right:oneway")
FERRY_KMH = "ferry_kmh"  # worked out from a ferry's duration, not a tag of OpenStreetMap
SIDES: tuple[Side, Side] = ("forward", "backward")

# Which tag decides, the most particular first.
ACCESS: dict[str, tuple[str, ...]] = {
    "walk": ("foot", "access"),
    "cycle": ("bicycle", "vehicle", "access"),
    "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
}
ONEWAY: dict[str, tuple[str, ...]] = {
    "walk": ("oneway:foot", "foot:oneway"),
    "cycle": ("oneway:bicycle", "bicycle:oneway", "oneway:vehicle", "oneway"),
    "drive": (
        "oneway:motorcar", "motorcar:oneway", "oneway:motor_vehicle", "oneway:vehicle", "oneway",
    ),
}  # fmt: skip
LIMITS = ("maxspeed", "maxspeed:type")
ACCESS_KEYS = tuple(dict.fromkeys(key for keys in ACCESS.values() for key in keys))
ONEWAY_KEYS = tuple(dict.fromkeys(key for keys in ONEWAY.values() for key in keys))
KEYS_BY_SIDE = frozenset(f"{key}:{side}" for key in (*ACCESS_KEYS, "maxspeed") for side in SIDES)
CONDITIONAL = frozenset(
    f"{key}:conditional" for key in (*ACCESS_KEYS, *ONEWAY_KEYS, "maxspeed", *KEYS_BY_SIDE)
)
"""Tags that hold at some times only. They are counted, and not obeyed."""
HOURS = ("opening_hours", "seasonal", "tidal")
"""Tags of ways, ferries and gates that are shut at some times. They are counted too."""
ON_WHEELS = ("wheelchair", "surface", "smoothness", "incline", "kerb", "ramp:wheelchair")
"""Tags that say whether a way is step-free, and how steep it is."""
ALWAYS = frozenset({"no", "24/7"})
"""Values of those tags that mean that it is never shut."""
TAGS = frozenset(
    {
        "highway", "junction", "service", "motorroad", "lit", "barrier", "route", "duration",
        "area", "locked", FERRY_KMH, *LIMITS, *CONTRAFLOW, *CONTRAFLOW_SIDE, *ACCESS_KEYS,
        *ONEWAY_KEYS, *KEYS_BY_SIDE, *CONDITIONAL, *HOURS, *ON_WHEELS,
    }
)  # fmt: skip
OPEN = frozenset(
    {"yes", "designated", "permissive", "destination", "customers", "public", "discouraged"}
)
SHUT = frozenset(
    {
        "no", "private", "agricultural", "forestry", "military", "emergency", "bus", "psv", "taxi",
        "delivery", "permit", "residents", "restricted", "official", "employees", "hgv",
        "use_sidepath", "dismount",
    }
)  # fmt: skip
"""Values that are known not to open a way to everybody."""
TRADE = frozenset({"delivery", "bus", "psv", "taxi", "hgv"})
"""Vehicles that alone may enter a pedestrian street; on foot everybody may."""
FORWARD, BACKWARD, BOTH, NEITHER = (True, False), (False, True), (True, True), (False, False)
DIRECTIONS = {
    "yes": FORWARD, "true": FORWARD, "1": FORWARD, "-1": BACKWARD, "reverse": BACKWARD,
    "no": BOTH, "false": BOTH, "0": BOTH, "alternating": BOTH, "reversible": NEITHER,
}  # fmt: skip
PARTS = re.compile(r"[;,|]")


def check_mode(mode: str) -> None:
    """Refuse a mode that the streets do not know."""
    if mode not in get_args(Mode):
        modes = ", ".join(get_args(Mode))
        raise InputError([f"unknown mode '{mode}': streets know {modes}"])


def directions(tags: Mapping[str, str], mode: str) -> tuple[bool, bool]:
    """Whether a mode may go along a way (with its direction, against it).

    A tag of one direction opens a one-way street to those that it names.

    Examples
    --------
    >>> directions({"highway": "residential", "oneway": "-1"}, "drive")
    (False, True)
    >>> directions({"highway": "residential", "oneway": "yes", "cycleway": "opposite"}, "cycle")
    (True, True)
    >>> directions({"highway": "residential", "motor_vehicle:forward": "no"}, "drive")
    (False, True)
    >>> directions({"highway": "footway"}, "drive")
    (False, False)
    """
    if mode == "cycle" and is_pushed(tags):
        shut = permission(tags, ("bicycle",)) is False and not _is_dismounted(tags)
        return NEITHER if shut or not _has_cycles(tags) else directions(tags, "walk")
    ahead, back = (_may_enter(tags, mode, side) for side in SIDES)
    if not (ahead or back):
        return NEITHER
    with_it, against = _one_way(tags, mode)
    own = ACCESS[mode][:-1]  # `access` itself names nobody
    is_open = [permission(tags, tuple(f"{key}:{side}" for key in own)) is True for side in SIDES]
    return ahead and (with_it or is_open[0]), back and (against or is_open[1])


def _one_way(tags: Mapping[str, str], mode: str) -> tuple[bool, bool]:
    """Return the directions of a way for a mode, regardless of access."""
    if mode == "cycle" and "oneway:bicycle" not in tags and _is_contraflow(tags):
        return BOTH
    for key in ONEWAY[mode]:
        value = tags.get(key, "").strip().lower()
        if value in DIRECTIONS:
            return DIRECTIONS[value]
    roundabout = tags.get("junction") in ("roundabout", "circular")
    is_implied = tags.get("highway") in MOTORWAYS or roundabout
    return FORWARD if mode != "walk" and is_implied else BOTH


def permission(tags: Mapping[str, str], keys: tuple[str, ...]) -> bool | None:
    """Whether the first existing tag of some keys opens a way; None if no tag exists.

    Examples
    --------
    >>> permission({"access": "no;destination"}, ("foot", "access"))
    True
    >>> permission({"access": "yes", "foot": "private;delivery"}, ("foot", "access"))
    False
    >>> permission({}, ("foot", "access")) is None
    True
    """
    for key in keys:
        parts = parts_of(tags.get(key, ""))
        if parts:
            return not OPEN.isdisjoint(parts)
    return None


def parts_of(value: str) -> frozenset[str]:
    """Return the parts of a tag's value, in lower case.

    Examples
    --------
    >>> sorted(parts_of("Private; delivery"))
    ['delivery', 'private']
    """
    return frozenset(part.strip() for part in PARTS.split(value.lower())) - {""}


def unread_values(tags: Mapping[str, str]) -> list[str]:
    """Return the tags of a way or barrier with unknown values, each as `key=value`.

    Examples
    --------
    >>> unread_values({"highway": "service", "access": "members", "foot": "yes"})
    ['access=members']
    """
    keys_by_side = tuple(f"{key}:{side}" for key in ACCESS_KEYS for side in SIDES)
    keys = [
        key
        for key in (*ACCESS_KEYS, *keys_by_side)
        if not parts_of(tags.get(key, "")) <= OPEN | SHUT
    ]
    words = {key: tags[key].strip().lower() for key in ONEWAY_KEYS if key in tags}
    keys += [key for key, word in words.items() if word and word not in DIRECTIONS]
    return [f"{key}={tags[key]}" for key in keys]


def timed_values(tags: Mapping[str, str]) -> list[str]:
    """Return the tags of a way or barrier that apply at some times only, each as `key=value`."""
    keys = sorted(CONDITIONAL & tags.keys())
    keys += [key for key in ONEWAY_KEYS if tags.get(key, "").strip().lower() == "reversible"]
    keys += [key for key in HOURS if tags.get(key, "no").strip().lower() not in ALWAYS]
    return [f"{key}={tags[key]}" for key in keys]


def is_pushed(tags: Mapping[str, str]) -> bool:
    """Whether cycles are pushed along a way.

    Examples
    --------
    >>> is_pushed({"highway": "footway"}), is_pushed({"highway": "footway", "bicycle": "yes"})
    (True, False)
    """
    on_foot = tags.get("highway") in FOR_PUSHED_CYCLES
    return _is_dismounted(tags) or (on_foot and permission(tags, ("bicycle",)) is not True)


def _is_dismounted(tags: Mapping[str, str]) -> bool:
    parts = parts_of(tags.get("bicycle", ""))
    return "dismount" in parts and OPEN.isdisjoint(parts)


def is_ferry(tags: Mapping[str, str]) -> bool:
    """Whether a way is a ferry."""
    return tags.get("route") == "ferry" and tags.get("highway") not in HIGHWAYS


def may_stop(tags: Mapping[str, str]) -> bool:
    """Whether a journey may begin and end along a way: not on a motorway, not at sea."""
    motorway = tags.get("highway") in MOTORWAYS or tags.get("motorroad") == "yes"
    return not motorway and not is_ferry(tags)


def _may_enter(tags: Mapping[str, str], mode: str, side: str) -> bool:
    """Whether a mode may enter a way from one of its ends, as far as access goes."""
    access = permission(tags, _keys(mode, side))
    if is_ferry(tags):
        return access is True if mode == "drive" else access is not False
    if mode == "walk" and tags.get("highway") == "pedestrian" and _is_for_trade(tags, side):
        access = None
    if access is False:
        return False
    if mode == "drive":
        return tags.get("highway") in ROADS and tags.get("service") != "emergency_access"
    if mode == "cycle":
        return _has_cycles(tags)
    motorroad = tags.get("motorroad") == "yes" and permission(tags, ("foot",)) is not True
    highway = tags.get("highway")
    return highway in HIGHWAYS and highway not in MOTORWAYS and not motorroad


def _has_cycles(tags: Mapping[str, str]) -> bool:
    """Whether cycles, ridden or pushed, are found on this class of way."""
    motorroad = tags.get("motorroad") == "yes" and permission(tags, ("bicycle",)) is not True
    return tags.get("highway") in FOR_CYCLES and not motorroad


def _is_for_trade(tags: Mapping[str, str], side: str) -> bool:
    """Whether what shuts a way says only which vehicles may enter it."""
    if permission(tags, (f"foot:{side}", "foot")) is not None:
        return False
    key = f"access:{side}" if f"access:{side}" in tags else "access"
    return parts_of(tags.get(key, "")) <= TRADE


def _keys(mode: str, side: str) -> tuple[str, ...]:
    """Return the keys that decide in one direction, the most specific first."""
    return tuple(name for key in ACCESS[mode] for name in (f"{key}:{side}", key))


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
    "walk": 5 * MPH,
}  # fmt: skip
ZONE = re.compile(r"gb:(?:zone:?)?(\d+)")
"""Limits of miles an hour as `maxspeed:type` names them, such as `GB:zone20`."""
NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?$")


MOST_KMH = 130.0
"""Highest speed limit of any road in Europe; a higher number is a slip of the pen."""
NO_LIMIT = frozenset({"signals", "variable", "none", "default"})
"""Values that are known and give no number."""


def legal_kmh(tags: Mapping[str, str], side: str = "forward") -> float | None:
    """Return the speed limit of a way's tags in km/h; None if they give no known limit.

    Of several limits the lowest counts. A limit of one direction takes precedence over one of both.

    Parameters
    ----------
    tags
        Of the way.
    side
        "forward" or "backward", along the way as it was drawn or against it.

    Examples
    --------
    >>> round(legal_kmh({"maxspeed": "30 mph"}), 2)
    48.28
    >>> legal_kmh({"maxspeed": "50", "maxspeed:backward": "30"}, "backward")
    30.0
    >>> legal_kmh({"maxspeed": "signals"}) is None
    True
    """
    for key in (f"maxspeed:{side}", "maxspeed", "maxspeed:type"):
        numbers = [_one_limit(part.strip().lower()) for part in tags.get(key, "").split(";")]
        limits = [limit for limit in numbers if limit]
        if limits:
            return min(limits)
    return None


def unread_limits(tags: Mapping[str, str]) -> list[str]:
    """Return the speed limits of a way with unknown values, each as `key=value`.

    Examples
    --------
    >>> unread_limits({"maxspeed": "fast"})
    ['maxspeed=fast']
    """
    keys = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
    return [
        f"{key}={tags[key]}"
        for key in keys
        if key in tags and any(_is_unread(part.strip().lower()) for part in tags[key].split(";"))
    ]


def has_bare_limit(tags: Mapping[str, str]) -> bool:
    """Whether a speed limit is a number without a unit, which is of km/h.

    British signs are in miles an hour, so such a number may lack its "mph".

    Examples
    --------
    >>> has_bare_limit({"maxspeed": "30"}), has_bare_limit({"maxspeed": "30 mph"})
    (True, False)
    """
    keys = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
    return any(part.strip().isdecimal() for key in keys for part in tags.get(key, "").split(";"))


def is_locked(tags: Mapping[str, str]) -> bool:
    """Whether a gate or barrier is locked and no access tag says for whom it opens.

    Examples
    --------
    >>> is_locked({"barrier": "gate", "locked": "yes"})
    True
    >>> is_locked({"barrier": "gate", "locked": "yes", "foot": "yes"})
    False
    """
    return tags.get("locked", "").strip().lower() == "yes" and not tags.keys() & {*ACCESS_KEYS}


def is_urban(tags: Mapping[str, str], side: str = "forward") -> bool:
    """Whether a road is one of a town: a limit of 40 mph or less, or lit and without a sign.

    Street lights make a road restricted to 30 mph unless signs say otherwise (Road Traffic
    Regulation Act 1984, sections 81 and 82; Highway Code, rule 124).

    Examples
    --------
    >>> is_urban({"maxspeed": "40 mph"}), is_urban({"lit": "yes"}), is_urban({})
    (True, True, False)
    """
    limit = legal_kmh(tags, side)
    return tags.get("lit") == "yes" if limit is None else limit <= URBAN_KMH


def _is_unread(text: str) -> bool:
    return not _one_limit(text) and text not in NO_LIMIT


def _one_limit(text: str) -> float | None:
    if text in NAMED_LIMITS:
        return NAMED_LIMITS[text]
    zone = ZONE.fullmatch(text)
    if zone:
        text = f"{zone[1]} mph"
    match = NUMBER.match(text)
    if not match:
        return None
    limit = float(match[1]) * (MPH if match[2] == "mph" else 1.0)
    return limit if 0 < limit <= MOST_KMH else None
