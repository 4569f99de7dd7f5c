"""Profile: speeds, terminal times and limits, and where each of them comes from."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from nhcplanner.domain.errors import InputError
from nhcplanner.travel.arrays import FloatArray

MPH = 1.609344

# Typical free-flow km/h by class of road, below the legal limit.
CLASS_KMH: dict[str, float] = {
    "motorway": 105, "motorway_link": 65, "trunk": 85, "trunk_link": 50,
    "primary": 65, "primary_link": 40, "secondary": 60, "secondary_link": 40,
    "tertiary": 50, "tertiary_link": 35, "unclassified": 40, "residential": 30,
    "living_street": 15, "service": 15, "road": 30,
}  # fmt: skip

# Legal limits that tags give by name: the Highway Code, rule 124 (cars).
NAMED_LIMITS: dict[str, float] = {
    "national": 60 * MPH, "gb:national": 60 * MPH, "gb:nsl_single": 60 * MPH,
    "gb:nsl_dual": 70 * MPH, "gb:nsl_restricted": 30 * MPH, "gb:restricted": 30 * MPH,
    "gb:urban": 30 * MPH, "gb:motorway": 70 * MPH, "uk:motorway": 70 * MPH,
    "uk:nsl_single": 60 * MPH, "uk:nsl_dual": 70 * MPH,
}  # fmt: skip
NUMBER = re.compile(r"^(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?$")


@dataclass(frozen=True)
class Profile:
    """What turns streets and straight lines into minutes.

    Parameters
    ----------
    walk_kmh
        Walking speed, also for the legs between a point and the network (DfT Journey Time
        Statistics: 4.8).
    park_minutes
        Minutes to park and walk in, added to each drive (DfT Journey Time Statistics: 5).
    peak_factor
        Free-flow driving minutes are multiplied by this; 1 = free flow.
    walk_detour
        Estimate only: street distance over straight distance on foot. Measured on English and
        Welsh streets: median 1.44 at 0.3-0.8 km, 1.35 at 0.8-1.6 km, 1.28 at 1.6-3 km.
    far_snap_m
        Points farther than this from the network are reported as far, metres.
    cut_off_m
        Points farther than this from the network are cut off: no journey is made up for them.
    class_kmh
        Typical free-flow km/h by OSM class of road. A road is driven at the lower of this and
        its legal limit; a class left out keeps its default. The defaults are set by judgement,
        below the national limits: with the minutes to park, drives come out about 1 minute
        under the published ones that `crowfly` is fitted to in Newport, 1 to 3 in Rutland. For
        comparison, the morning peak's averages: urban A roads 18.4 mph, local A roads 24.4.

    Raises
    ------
    InputError
        For speeds, factors or limits that are not above 0, minutes below 0, a detour below 1,
        and classes that are none; all at once.
    """

    walk_kmh: float = 4.8
    park_minutes: float = 5.0
    peak_factor: float = 1.0
    walk_detour: float = 1.33
    far_snap_m: float = 500.0
    cut_off_m: float = 5000.0
    class_kmh: Mapping[str, float] = field(default_factory=lambda: dict(CLASS_KMH))

    def __post_init__(self) -> None:
        above_zero = asdict(self) | {f"speed of {k}": v for k, v in self.class_kmh.items()}
        del above_zero["class_kmh"], above_zero["park_minutes"]
        faults = [
            f"profile: {name} is {value:g}, but must be above 0"
            for name, value in above_zero.items()
            if not 0 < value < math.inf
        ]
        if not 0 <= self.park_minutes < math.inf:
            faults.append(f"profile: park_minutes is {self.park_minutes:g}, but must be 0 or more")
        faults += [
            f"profile: {name} is no class of road; known are {', '.join(CLASS_KMH)}"
            for name in self.class_kmh
            if name not in CLASS_KMH
        ]
        if self.walk_detour < 1:
            faults.append("profile: walk_detour is below 1, shorter than the straight line")
        if faults:
            raise InputError(faults)

    def minutes_per_km(self, tags: Mapping[str, str], mode: str) -> float:
        """Minutes for a kilometre of a way that the mode may use.

        Examples
        --------
        >>> Profile().minutes_per_km({"highway": "footway"}, "walk")
        12.5
        """
        if mode == "walk":
            return 60 / self.walk_kmh
        highway = tags["highway"]
        typical = self.class_kmh.get(highway) or CLASS_KMH[highway]
        limit = legal_kmh(tags)
        return self.peak_factor * 60 / (typical if limit is None else min(typical, limit))

    def terminal_minutes(self, mode: str) -> float:
        """Minutes added to each journey once: parking for a drive."""
        return self.park_minutes if mode == "drive" else 0.0

    def leg_minutes(self, metres: FloatArray) -> FloatArray:
        """Minutes to walk some metres off the network."""
        return metres * 60 / (1000 * self.walk_kmh)

    def parameters(self, mode: str) -> dict[str, float | str]:
        """What shapes the minutes of a mode, for the record."""
        shared: dict[str, float | str] = {
            "walk_kmh": self.walk_kmh,
            "far_snap_m": self.far_snap_m,
            "cut_off_m": self.cut_off_m,
        }
        if mode == "walk":
            return shared
        shared |= {"park_minutes": self.park_minutes, "peak_factor": self.peak_factor}
        speeds = CLASS_KMH | dict(self.class_kmh)
        return shared | {f"kmh_{name}": value for name, value in speeds.items()}


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


def _one_limit(text: str) -> float | None:
    if text in NAMED_LIMITS:
        return NAMED_LIMITS[text]
    match = NUMBER.match(text)
    if not match:
        return None
    return float(match[1]) * (MPH if match[2] == "mph" else 1.0)
