"""Speed limits that a road's tags give, by sign, by name or by street lights."""

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
