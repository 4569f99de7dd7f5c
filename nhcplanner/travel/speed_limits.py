"""Speed limits that a road's tags give: by sign, by name or by street lights."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?$")


NO_LIMIT = frozenset({"signals", "variable", "none", "default"})
"""Values that are known and give no number."""


def legal_kmh(tags: Mapping[str, str], side: str = "forward") -> float | None:
    """Speed limit in km/h that a way's tags give; None where they give none that is known.

    Where several limits are listed, the lowest. A limit of the direction goes before one of both.

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
        found = [_one_limit(part.strip().lower()) for part in tags.get(key, "").split(";")]
        limits = [limit for limit in found if limit]
        if limits:
            return min(limits)
    return None


def unread_limits(tags: Mapping[str, str]) -> list[str]:
    """Speed limits of a way that say nothing that is known; each as `key=value`.

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
    match = NUMBER.match(text)
    if not match:
        return None
    return float(match[1]) * (MPH if match[2] == "mph" else 1.0)
