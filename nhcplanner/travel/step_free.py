"""Step-free walking: which ways and barriers of OpenStreetMap stop wheelchairs and prams.

What is mapped decides; a way without any of the tags counts as step-free, and its length is stated.
Roads and paved paths seldom have them, so the answer is a hope where little is mapped.

References
----------
Department for Transport (2021), Inclusive Mobility, section 4: 1 in 12 (8%) is the steepest slope.
OpenStreetMap wiki, Key:smoothness (wheelchairs need intermediate or better), Key:kerb, Key:surface.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np

from nhcplanner.base.arrays import FloatArray, IntArray

STEEPEST_PERCENT = 100 / 12
"""Steepest slope that counts as step-free: 1 in 12 (Inclusive Mobility)."""
PASSABLE = frozenset({"yes", "designated", "limited"})
ROUGH_SURFACES = frozenset(
    {
        "cobblestone", "unhewn_cobblestone", "gravel", "pebblestone", "rock", "stone", "sand",
        "mud", "grass", "dirt", "earth", "ground", "woodchips", "stepping_stones", "bushes",
    }
)  # fmt: skip
ROUGH = frozenset({"bad", "very_bad", "horrible", "very_horrible", "impassable"})
BARRIERS = frozenset(
    {
        "stile", "kissing_gate", "turnstile", "full-height_turnstile", "horse_stile", "step",
        "cattle_grid", "cycle_barrier", "motorcycle_barrier", "log", "debris", "wall", "fence",
        "hedge", "jersey_barrier",
    }
)  # fmt: skip
"""Barriers that stop wheelchairs unless their own tags say otherwise."""
KERBS = frozenset({"raised"})
"""Kerbs of more than about 3 cm; others, and kerbs without a height, are passed."""
DECIDING = ("wheelchair", "surface", "smoothness", "incline")
"""Tags of ways that say whether they are step-free."""
NOTE = "step_free_note"
"""Parameter that states what is avoided and what is not mapped."""

_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%?")
_RATIO = re.compile(r"([+-]?)(\d+(?:\.\d+)?)\s*(?::|in|/)\s*(\d+(?:\.\d+)?)")
_DEGREES = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*°")
_PER_DEGREE = 1.7455
"""Per cent of a degree of slope, for slopes small enough for paths."""
MOST_PERCENT = 100.0


def incline_percent(tags: Mapping[str, str]) -> float | None:
    """Return the incline of a way in per cent along its direction; None if no number is given.

    Examples
    --------
    >>> incline_percent({"incline": "-8 %"}), incline_percent({"incline": "1:10"})
    (-8.0, 10.0)
    >>> incline_percent({"incline": "up"}) is None
    True
    """
    text = tags.get("incline", "").strip().lower().replace(",", ".")
    if match := _DEGREES.fullmatch(text):
        percent = float(match[1]) * _PER_DEGREE
    elif (match := _RATIO.fullmatch(text)) and float(match[3]):
        percent = float(f"{match[1]}{match[2]}") / float(match[3]) * 100
    elif match := _PERCENT.fullmatch(text):
        percent = float(match[1])
    else:
        return None
    return percent if abs(percent) <= MOST_PERCENT else None


def is_step_free(tags: Mapping[str, str], steepest: float = STEEPEST_PERCENT) -> bool | None:
    """Whether a way is mapped as step-free; None if its tags do not say.

    A wheelchair tag takes precedence over the other tags. Steps are step-free only if they have a
    ramp for wheelchairs.

    Parameters
    ----------
    tags
        Of the way.
    steepest
        Steepest slope that counts as step-free, per cent.

    Examples
    --------
    >>> is_step_free({"highway": "steps"}), is_step_free({"highway": "footway"})
    (False, None)
    >>> is_step_free({"highway": "footway", "surface": "gravel", "wheelchair": "yes"})
    True
    """
    wheelchair = _value(tags, "wheelchair")
    if tags.get("highway") == "steps":
        return wheelchair in ("yes", "designated") or _value(tags, "ramp:wheelchair") == "yes"
    if wheelchair == "no":
        return False
    if wheelchair in PASSABLE:
        return True
    incline = incline_percent(tags)
    surface, smoothness = _value(tags, "surface"), _value(tags, "smoothness")
    is_steep = incline is not None and abs(incline) > steepest + 1e-9
    if is_steep or surface in ROUGH_SURFACES or smoothness in ROUGH:
        return False
    return True if surface or smoothness or incline is not None else None


def stops_wheelchair(barrier: Mapping[str, str]) -> bool:
    """Whether a barrier or kerb on a node stops wheelchairs.

    Examples
    --------
    >>> stops_wheelchair({"barrier": "kissing_gate"}), stops_wheelchair({"barrier": "bollard"})
    (True, False)
    >>> stops_wheelchair({"barrier": "kerb", "kerb": "raised"})
    True
    """
    wheelchair = _value(barrier, "wheelchair")
    if wheelchair in PASSABLE:
        return False
    kerb = _value(barrier, "kerb")
    return wheelchair == "no" or kerb in KERBS or _value(barrier, "barrier") in BARRIERS


def step_free_note(
    kinds: Iterable[Mapping[str, str]],
    kind: IntArray,
    length: FloatArray,
    on_foot: Iterable[bool],
    steepest: float = STEEPEST_PERCENT,
) -> str:
    """State how much of the streets step-free walking avoids, and how much is not mapped.

    Parameters
    ----------
    kinds
        The different sets of tags.
    kind
        Position in `kinds` of each street.
    length
        Metres of each street.
    on_foot
        Of each set of tags, whether people may walk there.
    steepest
        As in `is_step_free`.
    """
    count, km = [0, 0, 0], [0.0, 0.0, 0.0]
    every = list(zip(kinds, on_foot, strict=True))
    metres = np.bincount(kind, length, minlength=len(every)).tolist()
    ways = np.bincount(kind, minlength=len(every)).tolist()
    has_tags = False
    for number, (tags, walked) in enumerate(every):
        has_tags |= any(name in tags for name in DECIDING)
        if walked:
            verdict = is_step_free(tags, steepest)
            place = 2 if verdict is None else int(verdict)
            count[place] += ways[number]
            km[place] += metres[number] / 1000
    avoided, _, unknown = km
    words = (
        f"Step-free walking avoids {avoided:,.1f} km of steps, rough or steep ways, and raised "
        f"kerbs, stiles and the like. {count[2]:,} of {sum(count):,} streets and paths "
        f"({unknown:,.1f} of {sum(km):,.1f} km) have no tag on wheelchairs, surface or incline: "
        "they count as step-free"
    )
    if not has_tags:
        words += ". No street has such a tag: build the place again from OpenStreetMap"
    return words


def _value(tags: Mapping[str, str], key: str) -> str:
    return tags.get(key, "").strip().lower()
