"""Scenarios: the choices of a planner, as a small readable file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath, PureWindowsPath
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic_core import PydanticCustomError

from nhcplanner.base.errors import SENTENCE, Fault, InputError
from nhcplanner.base.text import shortened
from nhcplanner.base.validation import faults_of, read_toml
from nhcplanner.domain import choices
from nhcplanner.domain.centre_types import NEAR_KINDS, Service, Size, site_line
from nhcplanner.domain.choices import BY_CAR, WITHOUT_CAR, Mix, Mode, Way
from nhcplanner.domain.windows import Window, parse_windows, window_of, windows_fault

WHEN_SET = (
    "may_shut", "services", "most_staff", "hubs", "sizes", "near_minutes", "near_kinds", "housing",
    "transit_windows", "transit_mix", "transit_weights", "open_only", "step_free", "slopes",
)  # fmt: skip
"""Keys that are written only if they differ from the default, as older files lack them."""


class Scenario(BaseModel):
    """The choices behind a plan, immutable and hashable.

    A scenario is read from TOML, changed with `key=value` settings, and written to and read from
    JSON. Unknown keys raise an `InputError`.

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
    """Title on maps and in files; empty = the title of the model."""

    model: str = "lowest_hle_first"
    """Name of the model in the catalogue."""

    mode: Mode = "walk"
    """How people travel, if `modes` is empty."""

    modes: tuple[Way, ...] = ()
    """Several modes, of which each journey takes the fastest; empty = only `mode`. With
    `by_car_availability`, people in households with a car may also drive, and others may not;
    without further modes it includes walk, cycle and, if there is a timetable, transit."""

    engine: Literal["auto", "streets", "estimate", "matrix"] = "auto"
    """Source of minutes: the place's streets, an estimate from straight lines, or the place's own
    matrix; auto = streets if there are any."""

    profile: str = "free_flow"
    """Table of speeds: free_flow, morning_peak, or the path of your own (.toml). Keys that the
    scenario changes take precedence over it."""

    reach: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 20.0
    """Minutes within which a centre counts as reached (10 Year Health Plan: 20)."""

    horizon: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 60.0
    """Minutes beyond which journeys are ignored."""

    count: Annotated[int | None, Field(ge=0, le=1_000_000_000)] = None
    """Largest number of open centres, including those already open; none = no limit."""

    budget: Annotated[float | None, Field(ge=0, le=1e15, allow_inf_nan=False)] = None
    """Largest cost of new centres in pounds; sites without a cost are then left out."""

    bands: Annotated[int, Field(ge=1, le=20)] = 5
    """Number of bands of equal population that areas are divided into; band 1 has the lowest
    HLE."""

    band_edges: tuple[float, ...] = ()
    """Years of HLE at which a new band begins, ascending, instead of `bands`: 55, 60, 65 make four
    bands, the first under 55; empty = bands of equal population."""

    band_by: Literal["auto", "hle", "imd"] = "auto"
    """Order of areas: by HLE or by IMD rank; auto = HLE if the place has it."""

    everyone: Literal["all", "reachable"] = "all"
    """Who must be served by goals that serve everyone: all people, or all within reach of a
    site."""

    kinds: tuple[str, ...] = ()
    """Kinds of sites that may open; empty = all kinds."""

    keep: tuple[str, ...] = ()
    """Ids of sites that must be open, in addition to existing and committed ones."""

    forbid: tuple[str, ...] = ()
    """Ids of sites that must not be open."""

    may_shut: tuple[str, ...] = ()
    """Ids of centres of today that the plan may shut; "*" = all of them. Without it they stay
    open."""

    goals: tuple[Annotated[str, AfterValidator(choices.goal_of)], ...] = ()
    """Goals in order of priority, instead of the model's; "cover_most=1" may give up 1%."""

    slack: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 0.0
    """Percentage that each goal may give up for later goals, unless it has its own."""

    exactly: bool = False
    """Whether exactly `count` centres open, not at most."""

    at_most: tuple[Annotated[str, AfterValidator(choices.number_of)], ...] = ()
    """Largest number of centres in a group of sites: "kind:library=3", "council:*=2" (each)."""

    at_least: tuple[Annotated[str, AfterValidator(choices.number_of)], ...] = ()
    """Smallest number of centres in a group of sites: "council:*=1"."""

    at_most_one_of: tuple[Annotated[str, AfterValidator(choices.either_of)], ...] = ()
    """Ids of sites of which at most one may open: "a|b"."""

    exactly_one_of: tuple[Annotated[str, AfterValidator(choices.either_of)], ...] = ()
    """Ids of sites of which exactly one must open: "a|b"."""

    min_distance_m: Annotated[float | None, Field(ge=0, le=1e7, allow_inf_nan=False)] = None
    """Smallest straight-line distance between two centres in metres; none = no such rule."""

    floors: tuple[Annotated[str, AfterValidator(choices.percent_of)], ...] = ()
    """Smallest percentage of people within reach: "everyone=60", "imd_quintile:*=50" (each)."""

    backup: Annotated[float | None, Field(gt=0, le=100, allow_inf_nan=False)] = None
    """Smallest percentage of people with two centres within reach; none = no such rule."""

    rules: tuple[Annotated[str, AfterValidator(choices.rule_of)], ...] = ()
    """Rules that have no key of their own: "within_minutes:30=95" (95 per cent within 30)."""

    least_people: Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)] = 0.0
    """Smallest number of people that a centre serves (a neighbourhood: 30,000); 0 = no such
    rule."""

    most_people: Annotated[float | None, Field(gt=0, le=1e12, allow_inf_nan=False)] = None
    """Largest number of people that a centre serves (50,000), in addition to its capacity."""

    over_capacity_price: Annotated[float | None, Field(gt=0, le=1e9, allow_inf_nan=False)] = None
    """Penalty for each person whom a centre serves beyond its capacity or `most_people`: extra
    minutes if everyone is assigned to a centre, or people not counted (below 1) if only those
    within reach are; none = centres may not serve more."""

    sizes: tuple[Size, ...] = ()
    """Sizes that centres may have, a table each (`[[sizes]]`): name, capacity (people), cost
    (pounds), least_people, and for extensions adds = true; modules, module_capacity and module_cost
    for capacity in steps; at = ids or "kind:library" for some sites only. The plan chooses the
    size with the site."""

    services: tuple[Service, ...] = ()
    """Services without which a centre is not designated, a table each (`[[services]]`): name, and
    the rooms and staff that it needs in a building whose services_today lack it. A site whose
    free rooms are too few, or not known, then may not open."""

    most_staff: Annotated[float | None, Field(ge=0, le=1e9, allow_inf_nan=False)] = None
    """Largest number of staff for the services that centres lack, in all; none = no limit."""

    hubs: tuple[Annotated[str, AfterValidator(site_line)], ...] = ()
    """Sites that may be hubs, for the rule near_hub: ids, or "kind:hospital" or
    "service_model:hub-and-spoke". Every other centre is then a spoke."""

    near_minutes: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 5.0
    """Estimated minutes' walk within which a service counts as near a site (walk_kmh over straight
    lines times walk_detour)."""

    near_kinds: tuple[str, ...] = NEAR_KINDS
    """Kinds of buildings that count as services near a site, from the place's own lists."""

    split: bool = False
    """Whether people of one area may go to several centres if capacities apply."""

    need: tuple[Annotated[str, AfterValidator(choices.weight_of)], ...] = ()
    """What the goal cover_need counts: a column of the areas or a product of columns, such as
    "people_85_plus", "disabled_share*people" or "own_carers" (several are added; none = people);
    and weights of groups: "imd_quintile:1=3", all others 1. A negative weight, such as
    "council:Leeds=-2", counts against plans that reach the group: places to avoid."""

    year: Annotated[int | None, Field(ge=1900, le=2200)] = None
    """Year of the people, by the place's population projection; none = the place's own people."""

    housing: Literal["within", "on_top", "left_out"] = "within"
    """How people of new homes count in that year: within the projection's total, which already
    holds growth by trend, on top of it, or not at all (left_out)."""

    solver: Literal["highs", "cbc", "scip", "gurobi", "cplex", "xpress", "cpsat"] = "highs"
    """Solver: HiGHS or CBC, or another where it is installed (cpsat is OR-Tools)."""

    time_limit: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] = 60.0
    """Time limit of the optimiser in seconds."""

    walk_kmh: Annotated[float, Field(gt=0, le=20, allow_inf_nan=False)] = 4.8
    """Walking speed, km/h (DfT Journey Time Statistics)."""

    walk_detour: Annotated[float, Field(ge=1, le=5, allow_inf_nan=False)] = 1.39
    """Estimates only: ratio of walking distance to straight-line distance at 1.2 km."""

    step_free: bool = False
    """Whether walks avoid steps, rough or steep ways, raised kerbs and stiles, as far as
    OpenStreetMap has them; ways without such tags count as step-free."""

    slopes: bool = False
    """Whether walks are slower uphill and on steep ways down, where the streets have heights."""

    park_minutes: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)] = 5.0
    """Minutes to park and walk to the centre, added to each drive on streets."""

    peak_factor: Annotated[float, Field(gt=0, le=5, allow_inf_nan=False)] = 1.0
    """Factor on free-flow driving minutes for the time of day."""

    transit_day: str = ""
    """Public transport: day (ISO date); empty = the Tuesday with the most trips."""

    transit_window: tuple[str, str] = ("07:00", "10:00")
    """Public transport: earliest and latest departure."""

    transit_statistic: Literal["median", "p75"] = "median"
    """Public transport: minutes within which half (median) or three quarters (p75) of departures
    arrive."""

    transit_access_walk: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 20.0
    """Public transport: longest walk to the first stop, minutes."""

    transit_egress_walk: Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)] = 20.0
    """Public transport: longest walk from the last stop, minutes."""

    transit_change_walk: Annotated[float, Field(gt=0, le=30, allow_inf_nan=False)] = 5.0
    """Public transport: longest walk between two stops, minutes."""

    transit_slack: Annotated[float, Field(ge=0, le=30, allow_inf_nan=False)] = 2.0
    """Public transport: minutes that a change takes in addition to the walk."""

    transit_rides: Annotated[int, Field(ge=1, le=6)] = 3
    """Public transport: largest number of vehicles in one journey."""

    transit_windows: tuple[Annotated[str, AfterValidator(window_of)], ...] = ()
    """Public transport: several windows instead of `transit_window`, each a day and hours
    ("saturday 09:00-12:00", "weekday 18:00-21:00", "2026-03-21 18:00-21:00") or a standard window
    (morning_peak, midday, evening, saturday, saturday_evening, sunday). A weekday is
    `transit_day`; a day by name is its typical day in the timetable."""

    transit_mix: Mix = "worst"
    """Minutes of several windows: those of the worst or the best window, or their mean. In a mean,
    a window in which a site cannot be reached counts as the horizon."""

    transit_weights: tuple[Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)], ...] = ()
    """Weight of each window in the mean; empty = all count the same."""

    open_only: bool = False
    """Whether a site counts in a window only if it is open for at least half of it, by its
    opening_hours; sites whose hours are not known count as open."""

    far_snap_m: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 500.0
    """Distance from the network in metres beyond which points are reported."""

    @model_serializer(mode="wrap")
    def _write_if_set(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = write(self)
        for name in WHEN_SET:
            if getattr(self, name) == type(self).model_fields[name].default:
                values.pop(name, None)
        return values

    @field_serializer("profile", when_used="json")
    def _profile_is_named_without_its_folder(self, profile: str) -> str:
        """Name a table of speeds by its file only; its hash is among the inputs."""
        return PureWindowsPath(profile).name

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_not_a_number(cls, value: object, info: ValidationInfo) -> object:
        """Refuse true for a number, which pydantic would take for 1."""
        name = str(info.field_name)
        if isinstance(value, bool) and cls.model_fields[name].annotation is not bool:
            words = f"{name} should not be {str(value).lower()}"
            raise PydanticCustomError(SENTENCE, "{words}", {"words": words})
        return value

    @field_validator("modes", mode="before")
    @classmethod
    def _one_mode_is_a_list_of_one(cls, modes: object) -> object:
        return (modes,) if isinstance(modes, str) else modes

    @field_validator("modes")
    @classmethod
    def _each_mode_once(cls, modes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(modes))

    @model_validator(mode="after")
    def _choices_fit_together(self) -> Scenario:
        edges = self.band_edges
        both = [site for site in self.keep if site in set(self.forbid)]
        words = windows_fault(
            self.transit_windows, self.transit_weights, self.transit_day, self.open_only
        )
        words = choices.edges_fault(edges, self.band_by) or words
        if not words and both:
            words = f"keep and forbid both name {shortened(both)}: leave each in one of them"
        elif not words and self.reach > self.horizon:
            words = f"reach ({self.reach:g}) should be no more than horizon ({self.horizon:g})"
        if words:
            raise PydanticCustomError(SENTENCE, "{words}", {"words": words})
        return self

    @property
    def cut(self) -> int | tuple[float, ...]:
        """How areas are divided into bands: years of HLE, or a number of bands."""
        return self.band_edges or self.bands

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows of public transport: `transit_windows`, or the one of `transit_window`.

        The day of a weekday is `transit_day`; "" = the typical Tuesday.

        Examples
        --------
        >>> Scenario(transit_windows=("sunday",)).windows[0].hours
        '10:00 to 16:00'
        """
        if not self.transit_windows:
            return (Window(self.transit_day, *self.transit_window),)
        return parse_windows(self.transit_windows, self.transit_day)

    def all_values(self) -> dict[str, Any]:
        """Return every key with its value as JSON has it, also those that files leave out."""
        new = {name: getattr(self, name) for name in WHEN_SET}
        as_lists = {
            name: [_plain(one) for one in value] if isinstance(value, tuple) else value
            for name, value in new.items()
        }
        return self.model_dump(mode="json") | as_lists

    @property
    def by_car(self) -> bool:
        """Whether the modes of people depend on whether their household has a car."""
        return BY_CAR in self.modes

    @property
    def journeys(self) -> tuple[Mode, ...]:
        """The modes to measure, each once, with those without a car first.

        Examples
        --------
        >>> Scenario(modes=("by_car_availability", "walk")).journeys
        ('walk', 'drive')
        """
        modes: tuple[Mode, ...] = tuple(way for way in self.modes if way != "by_car_availability")
        if not self.modes:
            return (self.mode,)
        if self.by_car:
            afoot = tuple(mode for mode in modes if mode != "drive") or WITHOUT_CAR
            return (*afoot, "drive")
        return modes

    @classmethod
    def from_toml(cls, text: str, file: str = "scenario") -> Scenario:
        """Read a scenario from TOML text.

        Raises
        ------
        InputError
            For invalid TOML, unknown keys and values out of range, all together.
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
        """Yield only the keys that differ from their defaults."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if value != field.default:
                yield name, value

    def with_settings(self, settings: Iterable[str]) -> Scenario:
        """Return the scenario with some keys changed, each given as `key=value` in TOML syntax.

        Text needs no quotes, and `none` removes a limit. Setting `mode` clears `modes`.

        Raises
        ------
        InputError
            For unknown keys and values out of range, all at once.
        """
        values: dict[str, Any] = self.model_dump()
        faults = []
        for setting in settings:
            key, equals, value = setting.partition("=")
            if not equals:
                faults.append(Fault(f"'{setting}' is not key=value", "--set"))
                continue
            key = key.strip()
            field = type(self).model_fields.get(key)
            values[key] = choices.value_of(key, value.strip(), field and field.annotation)
            if key == "mode":
                values["modes"] = ()
        if faults:
            raise InputError(faults)
        return self.from_settings(values, "--set")


def _plain(value: object) -> object:
    """Return a value of a scenario as a file has it, without keys that are not set."""
    if isinstance(value, (Size, Service)):
        return value.model_dump(mode="json", exclude_defaults=True)
    return value
