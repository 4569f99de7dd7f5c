"""What happens at a node: whom a barrier stops, and which turns are forbidden."""

from __future__ import annotations

from collections.abc import Mapping

from nhcplanner.travel.rules import ACCESS, CLOSED, OPEN, first_of

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
# Which tag holds the restriction; a general one leaves cyclists alone.
RESTRICTION: dict[str, tuple[str, ...]] = {
    "walk": (),
    "cycle": ("restriction:bicycle",),
    "drive": ("restriction:motorcar", "restriction:motor_vehicle", "restriction"),
}
RESTRICTION_TAGS = frozenset({key for keys in RESTRICTION.values() for key in keys} | {"except"})
SPARED = frozenset({"motorcar", "motor_vehicle", "vehicle"})


def stops(barrier: Mapping[str, str], mode: str) -> bool:
    """Whether a barrier on a node stops a mode.

    On foot only a barrier whose own tags close it does; a cycle is stopped by stiles and
    turnstiles too; a car by whatever is not known to open, such as a bollard, unless its tags
    allow cars.
    """
    value = first_of(barrier, ACCESS[mode])
    if value in CLOSED:
        return True
    if mode == "walk" or value in OPEN:
        return False
    kind = barrier.get("barrier")
    return kind in CYCLE_STOPS if mode == "cycle" else kind not in CAR_PASSES


def turn_rule(tags: Mapping[str, str], mode: str) -> str:
    """What a turn restriction says to a mode: "no", "only", or nothing.

    Examples
    --------
    >>> turn_rule({"restriction": "no_left_turn"}, "drive")
    'no'
    >>> turn_rule({"restriction": "only_straight_on", "except": "bus;motorcar"}, "drive")
    ''
    >>> turn_rule({"restriction": "no_left_turn"}, "cycle")
    ''
    """
    key = next((key for key in RESTRICTION[mode] if key in tags), "")
    spared = {word.strip() for word in tags.get("except", "").split(";")} & SPARED
    if not key or (key == "restriction" and spared):
        return ""
    word, _, _ = tags[key].partition("_")
    return word if word in ("no", "only") else ""
