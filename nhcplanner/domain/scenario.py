"""Scenario: everything a planner may choose, in one small readable file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nhcplanner.base.errors import SENTENCE, Fault, InputError, faults_of
from nhcplanner.base.text import shortened
from nhcplanner.base.toml import read_toml
from nhcplanner.domain import choices

Mode = Literal["walk", "cycle", "transit", "drive"]
Way = Literal["walk", "cycle", "transit", "drive", "by_car_availability"]
BY_CAR = "by_car_availability"
WITHOUT_CAR: tuple[Mode, ...] = ("walk", "cycle", "transit")


class Scenario(BaseModel):
    """The choices behind a plan: scalars and tuples only, so a scenario is its own cache key.

    Unknown keys are refused. Read from TOML text, changed with named overrides
    (`count=5`), written to and read from JSON.

    Examples
    --------
    >>> Scenario(count=5).with_settings(["reach=15", "mode=drive"]).reach
    15.0
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    if not TYPE_CHECKING:  # checkers see the arguments that pydantic derives from the fields

        def __init__(self, /, **settings: Any) -> None:
            try:
                super().__init__(**settings)
            except ValidationError as error:
                raise InputError(faults_of(error, keys=type(self).model_fields)) from None

        # Without this mark pydantic would call it for nested scenarios too, and lose their faults.
        __init__.__pydantic_base_init__ = True

    title: str = ""
    """What the scenario is called on maps and in files; empty = what its model is called."""

    model: str = "lowest_hle_first"
    """Name of the model in the catalogue."""

    mode: Mode = "walk"
    """How people travel, where `modes` says nothing."""

    modes: tuple[Way, ...] = ()
    """Several modes, of which each journey takes the fastest; empty = the one `mode`. With
    `by_car_availability` those in households with a car may also drive and the others may not:
    alone it stands for walk, cycle and, where there is a timetable, transit."""

    engine: Literal["auto", "streets", "estimate", "matrix"] = "auto"
    """Minutes from the place's streets, a straight-line estimate, or the place's own matrix; auto
    takes streets if any."""

    profile: str = "free_flow"
    """Table of speeds: free_flow, morning_peak, or the path of one's own (.toml). What the scenario
    sets otherwise than by default goes before it."""

    reach: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 20.0
    """Minutes within which people count as able to reach a centre (10 Year Health Plan: 20)."""

    horizon: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 60.0
    """Minutes beyond which no journey is looked at."""

    count: Annotated[int | None, Field(ge=0, le=1_000_000_000)] = None
    """At most so many centres open in all, those already open counted; none = no limit."""

    budget: Annotated[float | None, Field(ge=0, le=1e15, allow_inf_nan=False)] = None
    """At most so many pounds on new centres; sites without a cost are then left out."""

    bands: Annotated[int, Field(ge=1, le=20)] = 5
    """Into how many bands of equal people areas are put, lowest HLE in band 1."""

    band_edges: tuple[float, ...] = ()
    """Years of HLE at which a new band begins, ascending, instead of `bands`: 55, 60, 65 make four
    bands, the first under 55; empty = bands of equal people."""

    band_by: Literal["auto", "hle", "imd"] = "auto"
    """Order areas by HLE or by IMD rank; auto takes HLE where the place has it."""

    everyone: Literal["all", "reachable"] = "all"
    """For goals that must serve everyone: all people, or all whom some site can reach."""

    kinds: tuple[str, ...] = ()
    """Only sites of these kinds may open; empty = any kind."""

    keep: tuple[str, ...] = ()
    """Site ids that must be open, beside those that exist or are committed."""

    forbid: tuple[str, ...] = ()
    """Site ids that must not be open."""

    goals: tuple[Annotated[str, AfterValidator(choices.goal_of)], ...] = ()
    """Goals in order of priority instead of the model's own; "cover_most=1" may give up 1 %."""

    slack: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 0.0
    """Per cent that each goal may give up for those after it, where it does not say its own."""

    exactly: bool = False
    """Open exactly `count` centres, not at most."""

    at_most: tuple[Annotated[str, AfterValidator(choices.number_of)], ...] = ()
    """At most so many centres where sites are alike: "kind:library=3", "council:*=2" (each)."""

    at_least: tuple[Annotated[str, AfterValidator(choices.number_of)], ...] = ()
    """At least so many centres where sites are alike: "council:*=1"."""

    at_most_one_of: tuple[Annotated[str, AfterValidator(choices.either_of)], ...] = ()
    """Site ids of which at most one may open: "a|b"."""

    exactly_one_of: tuple[Annotated[str, AfterValidator(choices.either_of)], ...] = ()
    """Site ids of which exactly one must open: "a|b"."""

    min_distance_m: Annotated[float | None, Field(ge=0, le=1e7, allow_inf_nan=False)] = None
    """No two centres nearer than so many metres in a straight line; none = no such rule."""

    floors: tuple[Annotated[str, AfterValidator(choices.percent_of)], ...] = ()
    """Per cent of people who must be within reach: "everyone=60", "imd_quintile:*=50" (each)."""

    backup: Annotated[float | None, Field(gt=0, le=100, allow_inf_nan=False)] = None
    """Per cent of people who must have two centres within reach; none = no such rule."""

    rules: tuple[Annotated[str, AfterValidator(choices.rule_of)], ...] = ()
    """Rules that have no key of their own: "within_minutes:30=95" (95 per cent within 30)."""

    least_people: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] = 0.0
    """Each centre serves at least so many people (a neighbourhood: 30,000); 0 = no such rule."""

    most_people: Annotated[float | None, Field(gt=0, le=1e12, allow_inf_nan=False)] = None
    """Each centre serves at most so many people (50,000), beside its own capacity."""

    over_capacity_price: Annotated[float | None, Field(gt=0, le=1e9, allow_inf_nan=False)] = None
    """What each person counts whom a centre serves beyond its capacity or `most_people`: minutes
    more where everyone is sent to a centre, people less (below 1) where those within reach are;
    none = no centre serves more than it may."""

    split: bool = False
    """Where centres serve so many, an area's people may go to several; else all go to one."""

    need: tuple[Annotated[str, AfterValidator(choices.weight_of)], ...] = ()
    """What counts for the goal cover_need: a column of the areas or a product of them, such as
    "people_85_plus", "disabled_share*people" or "own_carers" (several add up; none = people), and
    how much more some count: "imd_quintile:1=3"; all others count 1."""

    time_limit: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] = 60.0
    """Seconds for the optimiser in all."""

    walk_kmh: Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)] = 4.8
    """Walking speed, km/h (DfT Journey Time Statistics)."""

    walk_detour: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)] = 1.33
    """Estimate only: street distance over straight distance on foot."""

    park_minutes: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)] = 5.0
    """Minutes to park and walk in, added to each drive on streets."""

    peak_factor: Annotated[float, Field(gt=0, le=5, allow_inf_nan=False)] = 1.0
    """Free-flow driving minutes are multiplied by this for the hour of day."""

    transit_day: str = ""
    """Public transport: the day (ISO date); empty = the Tuesday with the most trips."""

    transit_window: tuple[str, str] = ("07:00", "10:00")
    """Public transport: from when to when people set out."""

    transit_statistic: Literal["median", "p75"] = "median"
    """Public transport: minutes within which half, or three quarters, of departures arrive."""

    transit_access_walk: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 20.0
    """Public transport: longest walk to the first stop, minutes."""

    transit_egress_walk: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 20.0
    """Public transport: longest walk from the last stop, minutes."""

    transit_change_walk: Annotated[float, Field(gt=0, le=30, allow_inf_nan=False)] = 5.0
    """Public transport: longest walk between two stops on the way, minutes."""

    transit_slack: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)] = 2.0
    """Public transport: minutes that a change takes besides the walk."""

    transit_rides: Annotated[int, Field(ge=1, le=6)] = 3
    """Public transport: vehicles at most in one journey."""

    far_snap_m: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 500.0
    """Points farther than this from the network are reported, metres."""

    @field_serializer("profile", when_used="json")
    def _profile_is_named_without_its_folder(self, given: str) -> str:
        """What leaves this machine names a table by its file; its hash is among the inputs."""
        return PureWindowsPath(given).name

    @field_validator("modes", mode="before")
    @classmethod
    def _one_mode_is_a_list_of_one(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @field_validator("modes")
    @classmethod
    def _each_mode_once(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(given))

    @model_validator(mode="after")
    def _bands_have_one_cut(self) -> Scenario:
        edges = self.band_edges
        words = ""
        if any(not 0 < years < 120 for years in edges) or list(edges) != sorted(set(edges)):
            words = "band_edges should be years of HLE in ascending order, each once: 55, 60, 65"
        elif edges and self.band_by == "imd":
            words = "band_edges are years of HLE, so band_by should not be imd"
        if words:
            raise PydanticCustomError(SENTENCE, "{words}", {"words": words})
        return self

    @model_validator(mode="after")
    def _no_site_is_kept_and_forbidden(self) -> Scenario:
        both = [site for site in self.keep if site in set(self.forbid)]
        if both:
            words = f"keep and forbid both name {shortened(both)}: leave each in one of them"
            raise PydanticCustomError(SENTENCE, "{words}", {"words": words})
        return self

    @model_validator(mode="after")
    def _reach_lies_within_the_horizon(self) -> Scenario:
        if self.reach > self.horizon:
            words = f"reach ({self.reach:g}) should be no more than horizon ({self.horizon:g})"
            raise PydanticCustomError(SENTENCE, "{words}", {"words": words})
        return self

    @property
    def cut(self) -> int | tuple[float, ...]:
        """How areas are cut into bands: years of HLE, or a number of bands of equal people."""
        return self.band_edges or self.bands

    @property
    def by_car(self) -> bool:
        """True where people travel by the modes that their household has."""
        return BY_CAR in self.modes

    @property
    def journeys(self) -> tuple[Mode, ...]:
        """The modes that minutes are wanted of, each once; those without a car come first.

        Examples
        --------
        >>> Scenario(modes=("by_car_availability", "walk")).journeys
        ('walk', 'drive')
        """
        named: tuple[Mode, ...] = tuple(way for way in self.modes if way != "by_car_availability")
        if not self.modes:
            return (self.mode,)
        if self.by_car:
            afoot = tuple(mode for mode in named if mode != "drive") or WITHOUT_CAR
            return (*afoot, "drive")
        return named

    @classmethod
    def from_toml(cls, text: str, file: str = "scenario") -> Scenario:
        """Read a scenario from TOML text.

        Raises
        ------
        InputError
            For broken TOML, unknown keys and values out of range, all at once.
        """
        return cls.from_settings(read_toml(text, file), file)

    @classmethod
    def from_settings(cls, settings: dict[str, Any], file: str = "scenario") -> Scenario:
        """Make a scenario from names and values.

        Raises
        ------
        InputError
            For unknown keys and values out of range, all at once.
        """
        try:
            return cls.model_validate(settings)
        except ValidationError as error:
            raise InputError(faults_of(error, PurePath(file).name, cls.model_fields)) from None

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """What is chosen otherwise than by default: the rest need not be told."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if value != field.default:
                yield name, value

    def with_settings(self, settings: Iterable[str]) -> Scenario:
        """The scenario with some keys changed, each given as `key=value` in TOML's notation.

        A bare word is taken as text; `none` clears a limit. Setting `mode` clears `modes`.

        Raises
        ------
        InputError
            For unknown keys and values out of range, all at once.
        """
        changed: dict[str, Any] = self.model_dump()
        faults = []
        for setting in settings:
            key, equals, value = setting.partition("=")
            if not equals:
                faults.append(Fault(f"'{setting}' is not key=value", "--set"))
                continue
            key = key.strip()
            changed[key] = _value(key, value.strip())
            if key == "mode":
                changed["modes"] = ()
        if faults:
            raise InputError(faults)
        return self.from_settings(changed, "--set")


def _value(key: str, text: str) -> Any:
    if text.lower() == "none":
        return None
    field = Scenario.model_fields.get(key)
    listed = field is not None and "tuple" in str(field.annotation)
    try:
        value = read_toml(f"value = {text}", key)["value"]
    except InputError:
        value = [part.strip() for part in text.split(",")] if listed else text
    if field is not None and field.annotation is str:
        return value if isinstance(value, str) else text
    return [value] if listed and not isinstance(value, list) else value
