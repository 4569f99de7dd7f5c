"""Travel profiles: speeds, terminal times and limits, with their sources."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from nhcplanner.base.arrays import FloatArray
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.validation import read_toml
from nhcplanner.travel import osm_tags
from nhcplanner.travel.osm_tags import MPH, is_urban, legal_kmh
from nhcplanner.travel.slopes import FASTEST_GRADIENT, RATE
from nhcplanner.travel.step_free import STEEPEST_PERCENT

FOLDER = Path(__file__).with_name("profiles")
# Typical free-flow km/h by class of road, below the legal limit.
CLASS_KMH: dict[str, float] = read_toml(
    (FOLDER / "free_flow.toml").read_text(encoding="utf-8"), "free_flow.toml"
)["class_kmh"]
MAIN_ROADS = frozenset(
    f"{name}{link}"
    for name in ("motorway", "trunk", "primary", "secondary", "tertiary")
    for link in ("", "_link")
)


@dataclass(frozen=True)
class Profile:
    """Speeds and times by which streets and straight lines become minutes.

    Two profiles come with the package, as tables to read, copy and change: `named("free_flow")`,
    the same as `Profile()`, and `named("morning_peak")`.

    Parameters
    ----------
    title
        Title in records.
    walk_kmh
        Walking speed, also for the legs between a point and the network, and for cycles that
        are pushed (DfT Journey Time Statistics: 4.8).
    cycle_kmh
        Cycling speed (DfT Journey Time Statistics: 16).
    park_minutes
        Minutes to park and walk in, added to each drive (DfT Journey Time Statistics: 5).
    lock_minutes
        Minutes to park and lock a cycle, added to each ride (DfT Journey Time Statistics: 5).
    peak_factor
        Free-flow driving minutes are multiplied by this; 1 = free flow.
    urban_factor
        And by this besides on the main roads of towns: motorway to tertiary, with a limit of
        40 mph or less, or lit and without a sign.
    lit_kmh
        The limit of a lit road that no sign gives another: 30 mph (Highway Code, rule 124).
    walk_detour
        Estimate only: street distance over straight distance on foot at 1.2 km; it is larger
        nearer by and smaller farther off. Fitted to the road distances to the nearest surgery of
        the Indices of Deprivation 2019; streets of Newport and Rutland: 1.34 to 1.41.
    far_snap_m
        Points farther than this from the network are reported as far, metres.
    cut_off_m
        Points farther than this from the network are cut off: no journey is made up for them.
    least_part_km
        Parts of the streets that do not connect with the rest are searched too from so many
        kilometres on, or from a twentieth of the largest part. Smaller ones are left out and
        reported: most are slips of the map.
    u_turn_minutes
        Minutes that turning back takes before the end of a street, after a turn that a
        restriction rules. Without a limit (`inf`), cars and cycles then turn back only where
        streets end, so that no forbidden turn is undone a few metres on.
    ferry_kmh
        Speed of ferries whose tags do not say how long the crossing takes (OSRM's profiles: 5).
    step_free
        Whether walks avoid steps, rough and steep ways, raised kerbs and barriers, as far as
        OpenStreetMap has them; see `step_free`.
    steepest_percent
        Steepest incline that counts as step-free, per cent (Inclusive Mobility, Department for
        Transport 2021: 1 in 12).
    slopes
        Whether walks are slower uphill and on steep ways down, where the streets have heights or
        inclines; see `slopes`.
    slope_rate
        Rate at which walking slows with the gradient (Tobler 1993: 3.5).
    fastest_gradient
        Gradient of the fastest walk (Tobler 1993: -0.05, 5% downhill).
    class_kmh
        Typical free-flow km/h by OSM class of road. A road is driven at the lower of this and
        its legal limit; a class left out keeps its default. The defaults are set by judgement,
        below the national limits: with the minutes to park, drives come out about 1 minute
        under the published ones that `estimate` is fitted to in Newport, 1 to 3 in Rutland.

    Raises
    ------
    InputError
        For speeds, factors or limits that are not above 0, minutes below 0, a detour below 1,
        and classes that are none; all at once.
    """

    title: str = "free flow"
    walk_kmh: float = 4.8
    cycle_kmh: float = 16.0
    park_minutes: float = 5.0
    lock_minutes: float = 5.0
    peak_factor: float = 1.0
    urban_factor: float = 1.0
    lit_kmh: float = 30 * MPH
    walk_detour: float = 1.39
    far_snap_m: float = 500.0
    cut_off_m: float = 5000.0
    least_part_km: float = 1.0
    u_turn_minutes: float = math.inf
    ferry_kmh: float = 5.0
    step_free: bool = False
    steepest_percent: float = STEEPEST_PERCENT
    slopes: bool = False
    slope_rate: float = RATE
    fastest_gradient: float = FASTEST_GRADIENT
    class_kmh: Mapping[str, float] = field(default_factory=lambda: dict(CLASS_KMH))

    def __post_init__(self) -> None:
        faults = _faults(asdict(self))
        if faults:
            raise InputError([f"profile: {fault}" for fault in faults])

    @classmethod
    def from_toml(cls, path: str | Path) -> Profile:
        """Read a profile from a table; what it leaves out keeps its default.

        Parameters
        ----------
        path
            A TOML file with some of this class's parameters as keys, and a table
            `[class_kmh]`; `source` may hold any words.

        Raises
        ------
        InputError
            If the file is missing or is not TOML, for unknown keys, and for values out of
            range; all at once.
        """
        path = Path(path)
        try:
            table = read_toml(path.read_text(encoding="utf-8-sig"), path.name)
        except (OSError, UnicodeDecodeError) as error:
            hint = "Copy one of the tables that come with the package"
            raise InputError([Fault(f"cannot be read ({error})", path.name, hint=hint)]) from None
        table.pop("source", "")
        defaults = {each.name: getattr(cls(), each.name) for each in fields(cls)}
        faults = [
            Fault(f"unknown key '{key}'", path.name, hint=f"Known keys: {', '.join(defaults)}")
            for key in table.keys() - defaults.keys()
        ]
        whole = defaults | {key: value for key, value in table.items() if key in defaults}
        faults += [Fault(fault, path.name) for fault in _faults(whole)]
        if faults:
            raise InputError(faults)
        return cls(**whole)

    @staticmethod
    def names() -> list[str]:
        """Return the names of the profiles that come with the package.

        Examples
        --------
        >>> Profile.names()
        ['free_flow', 'morning_peak']
        """
        return sorted(path.stem for path in FOLDER.glob("*.toml"))

    @classmethod
    def named(cls, name: str) -> Profile:
        """Return a profile that comes with the package.

        Examples
        --------
        >>> Profile.named("free_flow") == Profile()
        True
        """
        names = cls.names()
        if name not in names:
            raise InputError([f"profile: there is none called '{name}'; known: {', '.join(names)}"])
        return cls.from_toml(FOLDER / f"{name}.toml")

    def minutes_per_km(self, tags: Mapping[str, str], mode: str, side: str = "forward") -> float:
        """Return the minutes for a kilometre of a way that the mode may use.

        Parameters
        ----------
        tags
            Of the way.
        mode
            "walk", "cycle" or "drive".
        side
            "forward" or "backward", along the way as it was drawn or against it.

        Examples
        --------
        >>> Profile().minutes_per_km({"highway": "footway"}, "walk")
        12.5
        >>> Profile().minutes_per_km({"highway": "cycleway"}, "cycle")
        3.75
        """
        if osm_tags.is_ferry(tags):
            return 60 / float(tags.get(osm_tags.FERRY_KMH, self.ferry_kmh))
        if mode == "walk" or (mode == "cycle" and osm_tags.is_pushed(tags)):
            return 60 / self.walk_kmh
        return 60 / self.cycle_kmh if mode == "cycle" else self._drive(tags, side)

    def _drive(self, tags: Mapping[str, str], side: str) -> float:
        highway, limit = tags["highway"], legal_kmh(tags, side)
        if limit is None:
            limit = self.lit_kmh if tags.get("lit") == "yes" else math.inf
        typical = self.class_kmh.get(highway) or CLASS_KMH[highway]
        slower = self.urban_factor if highway in MAIN_ROADS and is_urban(tags, side) else 1.0
        return self.peak_factor * slower * 60 / min(typical, limit)

    def fastest_kmh(self, mode: str) -> float:
        """Return the greatest km/h on a street, without ferries; for public transport on foot.

        Examples
        --------
        >>> Profile(cycle_kmh=25.0).fastest_kmh("cycle")
        25.0
        """
        if mode == "drive":
            return max((CLASS_KMH | dict(self.class_kmh)).values()) / min(self.peak_factor, 1.0)
        downhill = math.exp(self.slope_rate * abs(self.fastest_gradient)) if self.slopes else 1.0
        return max(self.walk_kmh, self.cycle_kmh) if mode == "cycle" else self.walk_kmh * downhill

    def terminal_minutes(self, mode: str) -> float:
        """Return the minutes added once to each journey: parking a car, locking a cycle."""
        return {"drive": self.park_minutes, "cycle": self.lock_minutes}.get(mode, 0.0)

    def leg_minutes(self, metres: FloatArray) -> FloatArray:
        """Return the minutes to walk some metres off the network."""
        return metres * 60 / (1000 * self.walk_kmh)

    def parameters(self, mode: str) -> dict[str, float | str]:
        """Return the parameters that determine the minutes of a mode."""
        shared: dict[str, float | str] = {
            "walk_kmh": self.walk_kmh,
            "far_snap_m": self.far_snap_m,
            "cut_off_m": self.cut_off_m,
            "least_part_km": self.least_part_km,
            "ferry_kmh": self.ferry_kmh,
        }
        if mode == "walk" and self.step_free:
            shared |= {"step_free": "yes", "steepest_percent": self.steepest_percent}
        if mode == "walk" and self.slopes:
            shared |= {"slope_rate": self.slope_rate, "fastest_gradient": self.fastest_gradient}
        if mode == "walk":
            return shared
        ever = math.isfinite(self.u_turn_minutes)
        shared["u_turn_minutes"] = self.u_turn_minutes if ever else "only where streets end"
        if mode == "cycle":
            return shared | {"cycle_kmh": self.cycle_kmh, "lock_minutes": self.lock_minutes}
        shared |= {
            "profile": self.title,
            "park_minutes": self.park_minutes,
            "peak_factor": self.peak_factor,
            "urban_factor": self.urban_factor,
            "lit_kmh": self.lit_kmh,
        }
        speeds = CLASS_KMH | dict(self.class_kmh)
        return shared | {f"kmh_{name}": value for name, value in speeds.items()}


def _faults(values: dict[str, Any]) -> list[str]:
    """Return the faults of a profile's values."""
    values = dict(values)
    speeds = values.pop("class_kmh")
    title = values.pop("title")
    faults = [] if isinstance(title, str) else [f"title is {title!r}, but must be text"]
    for name in ("step_free", "slopes"):
        choice = values.pop(name)
        faults += [] if isinstance(choice, bool) else [f"{name} is {choice!r}: use true or false"]
    if isinstance(speeds, Mapping):
        values |= {f"speed of {name}": value for name, value in speeds.items()}
        faults += [
            f"{name} is not a class of road; known are {', '.join(CLASS_KMH)}"
            for name in speeds
            if name not in CLASS_KMH
        ]
    else:
        faults += ["class_kmh must be a table of km/h by class of road"]
    for name, value in values.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        endless = name == "u_turn_minutes" and value == math.inf
        if not number or not (value < math.inf or endless):
            faults.append(f"{name} is {value!r}, but must be a number")
        elif name == "fastest_gradient":
            if not -1 < value <= 0:
                faults.append(f"{name} is {value:g}, but must be from -1 to 0")
        elif name.endswith("_minutes") and value < 0:
            faults.append(f"{name} is {value:g}, but must be 0 or more")
        elif not name.endswith("_minutes") and value <= 0:
            faults.append(f"{name} is {value:g}, but must be above 0")
        elif name == "walk_detour" and value < 1:
            faults.append("walk_detour is below 1, shorter than the straight line")
    return faults
