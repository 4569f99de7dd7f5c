"""Scenarios, goals, sites and plans in a planner's words, the same on every screen and document."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from nhcplanner import models
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.choices import choice, grouping, measures_of
from nhcplanner.domain.columns import columns_of
from nhcplanner.domain.need_measures import BASES
from nhcplanner.domain.place import Place, Source
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario

GOALS = {row.line: row.words() for row in models.GOALS.values()}
"""Goals that may have any order, and their titles."""

STEP_FREE = "Walk without steps"
STEP_FREE_HELP = (
    "Avoids steps, rough or steep ways, raised kerbs and stiles, as far as OpenStreetMap has them"
)
SLOPES = "Count slopes"
SLOPES_HELP = "Walks are slower uphill, by the heights that the place was built with"
WAYS = {
    "walk": "on foot", "cycle": "by cycle", "transit": "by bus or train",
    "on_demand": "by on-demand transport", "drive": "by car",
}  # fmt: skip
"""Modes of travel in a reader's words."""

GROUPINGS = {
    "everyone": "Everyone",
    "band": "Band of need (1 = first)",
    "imd_quintile": "Fifth of deprivation (1 = most deprived)",
    "age": "Age",
    "disability": "Disability",
    "household": "Household",
    "rural_urban": "Rural or urban",
    "coastal": "Coastal or inland",
    "council": "Council",
    "district": "District",
    "icb": "ICB",
}
"""Groupings of people in tables of a hand-in, in a reader's words."""


def travel(mode: str) -> str:
    """Return the words for the mode of travel times.

    Examples
    --------
    >>> travel("walk"), travel("walk or transit")
    ('on foot', 'on foot or by bus or train')
    """
    return re.sub("|".join(WAYS), lambda found: WAYS[found.group()], mode)


def option(mode: str) -> str:
    """Return a mode of travel as a choice on a page.

    Examples
    --------
    >>> option("walk"), option("by_car_availability")
    ('On foot', 'By car availability')
    """
    words = WAYS.get(mode, "by car availability")
    return words[0].upper() + words[1:]


def goal(text: str, by: str = "hle") -> str:
    """Return the title of a scenario's goal, with what it may give up; `by` as in `model`.

    Examples
    --------
    >>> goal("cover_most=1"), goal("least_percentile:75")
    ('Most people in reach (may give up 1%)', 'Shortest journey for the nearest 75%')
    >>> goal("cover_bands", "imd")
    'Most deprived first, band by band'
    """
    read = choice(text)
    words = models.GOALS[read.group].words(read.label) if read.group in models.GOALS else text
    if by == "imd":
        words = words.replace("Lowest HLE first", "Most deprived first")
    return words if read.number is None else f"{words} (may give up {read.number:g}%)"


def name(text: str) -> str:
    """Return a goal without what it may give up.

    Examples
    --------
    >>> name("least_percentile:75 = 2")
    'least_percentile:75'
    """
    read = choice(text)
    return f"{read.group}:{read.label}" if read.label else read.group


def need(text: str) -> str:
    """Describe what counts as need, or the weight of some people.

    Examples
    --------
    >>> need("disabled_share*people"), need("imd_quintile:1=3")
    ('people: disabled people', 'those of IMD quintile 1 count 3 times')
    """
    columns = measures_of(text)
    if columns:
        labels = {one.name: one.label for one in columns_of("areas", columns)}
        words = [labels.get(column, column) for column in columns if column != "people"]
        return f"people: {' and '.join(words).lower()}" if words else "people"
    read = choice(text)
    against = "" if (read.number or 0) >= 0 else " against a plan that reaches them"
    times = f"count {abs(read.number or 0):g} times{against}"
    return f"those of {grouping(read.group)} {read.label} {times}"


_TRIPS = {
    "walk": "walk",
    "cycle": "cycle ride",
    "transit": "journey by public transport or on foot",
    "on_demand": "trip by on-demand transport",
    "drive": "drive",
}

_FIRST = {"hle": "areas with the lowest HLE", "imd": "the most deprived areas"}

MODELS = {name: model.title for name, model in models.catalogue.items()}
"""Title of each model."""

ROLES = {
    "existing": "Existing centre",
    "committed": "Committed centre",
    "new": "New centre",
    "": "Not opened",
}
"""Words for the role of a site in a plan."""


def kind(name: str) -> str:
    """Return the words for a kind of building.

    Examples
    --------
    >>> kind("gp_practice"), kind("existing")
    ('GP practice', 'Existing neighbourhood health centre')
    """
    if name == "existing":
        return "Existing neighbourhood health centre"
    words = name.replace("_", " ")
    return words.replace("gp ", "GP ", 1) if words.startswith("gp ") else words.capitalize()


def question(outcome: Outcome) -> str:
    """Return the question put to the model with every rule of the plan, as sentences."""
    return " ".join(list_rules(outcome.scenario, outcome.assessment.need.by))


def list_rules(scenario: Scenario, by: str = "hle") -> tuple[str, ...]:
    """Return the aim of a scenario and each of its rules, a sentence each.

    Examples
    --------
    >>> list_rules(Scenario(model="max_coverage", count=3, min_distance_m=800))[1]
    'Centres must be at least 800 m apart in a straight line.'
    """
    rules = [f"{rule[0].upper()}{rule[1:]}." for rule in models.rule_words(scenario)]
    if scenario.year is not None:
        rules.append(f"People are those of {scenario.year}, by the population projection.")
    if scenario.split:
        rules.append("People of one area may be sent to different centres.")
    return (words(scenario, by), *_goals(scenario, by), *rules)


def _goals(scenario: Scenario, by: str) -> Iterator[str]:
    if scenario.slack:
        yield f"Each goal may give up {scenario.slack:g}% of what it reached for those after it."
    own = any(goal.startswith("cover_bands") for goal in scenario.goals)
    by_band = own if scenario.goals else scenario.model == "lowest_hle_first"
    if not by_band and not scenario.band_edges:
        return
    what = {"hle": "the lowest HLE", "imd": "the most deprived areas"}.get(by, "the most need")
    if scenario.band_edges:
        years = ", ".join(f"{edge:g}" for edge in scenario.band_edges)
        yield f"Bands of need begin at {years} years of HLE; band 1 has {what}."
    else:
        yield (
            f"Areas are put into {scenario.bands} bands with about the same number of people; "
            f"band 1 has {what}."
        )


def words(scenario: Scenario, by: str = "hle") -> str:
    """Describe a scenario in one to three sentences; `by` is what orders areas, "hle" or "imd".

    Examples
    --------
    >>> words(Scenario(model="max_coverage", count=3))
    'Open at most 3 centres, so that most people live within a 20-minute walk.'
    >>> words(Scenario(goals=("cover_need",), need=("people_85_plus",)))  # doctest: +ELLIPSIS
    'Open centres, by these goals in order: most need in reach (...). Need counts ... 85 and over.'
    """
    trip = _trip(scenario)
    who = "all people" if scenario.everyone == "all" else "everyone whom a site can reach"
    first = _FIRST.get(by, "those in most need")
    model = models.catalogue.get(scenario.model)
    wish = model.wish if model else f"by the model {scenario.model} ({{trip}})"
    if scenario.goals:
        titles = (goal(text, by) for text in scenario.goals)
        goals = ", then ".join(goal[0].lower() + goal[1:] for goal in titles)
        wish = f"by these goals in order: {goals} ({{trip}} counts as in reach)"
    number = "centres" if scenario.count is None else f"at most {plural(scenario.count, 'centre')}"
    spend = "" if scenario.budget is None else f" for at most £{scenario.budget:,.0f}"
    parts = [f"Open {number}{spend}, {wish.format(trip=trip, who=who, first=first)}."]
    counts = [need(text) for text in scenario.need if measures_of(text)]
    if counts:
        parts.append(f"Need counts {' and '.join(counts)}.")
    weights = [need(text) for text in scenario.need if not measures_of(text)]
    parts += [f"{weight[0].upper()}{weight[1:]}." for weight in weights]
    if scenario.kinds:
        kinds = " or ".join(kind.replace("_", " ") for kind in scenario.kinds)
        parts.append(f"Only sites of the kind {kinds} may open.")
    if scenario.keep:
        parts.append(f"{', '.join(scenario.keep)} must open.")
    if scenario.forbid:
        parts.append(f"{', '.join(scenario.forbid)} must not open.")
    return " ".join(parts)


def _trip(scenario: Scenario) -> str:
    """Describe the journey that counts as in reach, by each mode."""
    trips = [
        _TRIPS[mode] for mode in scenario.journeys if not (scenario.by_car and mode == "drive")
    ]
    trip = f"a {scenario.reach:g}-minute {' or '.join(trips)}"
    return f"{trip} (or drive, in households with a car)" if scenario.by_car else trip


def title(outcome: Outcome) -> str:
    """Return the title of the scenario, or of its model if it has none."""
    scenario = outcome.scenario
    if scenario.title:
        return scenario.title
    if scenario.goals:
        return "Own goals"
    return model(scenario.model, outcome.assessment.need.by)


def model(key: str, by: str) -> str:
    """Return the title of a model if areas are ordered by `by`, "hle" or "imd".

    Examples
    --------
    >>> model("lowest_hle_first", "hle"), model("lowest_hle_first", "imd")
    ('Lowest HLE first', 'Most deprived first')
    """
    if key == "lowest_hle_first" and by == "imd":
        return "Most deprived first"
    return MODELS.get(key, key)


NEAREST = "people within reach for whom it is the nearest centre"
"""Words for people for whom a centre is nearest; these are not "people served"."""


def served(plan: Plan) -> str:
    """Explain who the people served by a centre are.

    Examples
    --------
    >>> served(Plan((0,), "optimal", (), "max_coverage", "HiGHS", 1))
    'People served: people within reach for whom it is the nearest centre'
    """
    if plan.allocation is None:
        return f"People served: {NEAREST}"
    return (
        "People served: those whom the plan sends to the centre, so that capacity and the least "
        "and most people of a centre are kept. Figures after the plan are to that centre; figures "
        "before it are to the nearest centre of today, however many people it has room for"
    )


def to_centre(plan: Plan) -> str:
    """Return to which centre minutes are measured after the plan, in words.

    Examples
    --------
    >>> to_centre(Plan((0,), "optimal", (), "max_coverage", "HiGHS", 1))
    'to the nearest centre'
    """
    if plan.allocation is None:
        return "to the nearest centre"
    return "to the centre that the plan sends people to"


def minutes(value: float, horizon: float) -> str:
    """Return the words for minutes; `horizon` is the longest measured journey.

    Examples
    --------
    >>> minutes(12.34, 60), minutes(float("inf"), 60)
    ('12.3 minutes', 'more than 60 minutes')
    """
    return f"{value:.1f} minutes" if math.isfinite(value) else f"more than {horizon:g} minutes"


SYNTHETIC = "SYNTHETIC: this place is invented; no figure here is of a real place"
_BASES = {
    "modelled": "modelled, from the council's figure and the national gradient by deprivation",
    "small-area model": "modelled, from the council's figure and local statistics of each area",
    "national gradient": "modelled, from the national gradient alone: the council has no figure",
    "sullivan": "made by Sullivan's method, from the user's own life tables and health by age",
}


def labels(outcome: Outcome) -> tuple[str, ...]:
    """Return the labels of every figure of the outcome: invented, estimated or modelled."""
    place = outcome.place
    texts = [SYNTHETIC] if place.synthetic else []
    if outcome.times.estimate:
        texts.append(outcome.estimate_note)
    return (*texts, *modelled(place))


def modelled(place: Place) -> tuple[str, ...]:
    """Describe for how many areas HLE is not the published figure, and how it was made."""
    if "hle_basis" not in place.areas:
        return ()
    bases = place.areas["hle_basis"].value_counts()
    return tuple(
        f"HLE of {plural(int(bases[basis]), 'area')} is {origin}"
        for basis, origin in _BASES.items()
        if basis in bases
    )


def hle(area: Mapping[Any, Any]) -> str:
    """Describe the HLE of an area with its 95% interval, if known, and its origin.

    Examples
    --------
    >>> hle({"hle": 55.04, "hle_low": 51.0, "hle_high": 59.0, "hle_basis": "modelled"})
    '55.0 years (51.0 to 59.0), modelled'
    """
    low, high = (float(area.get(name, math.nan)) for name in ("hle_low", "hle_high"))
    interval = f" ({low:.1f} to {high:.1f})" if math.isfinite(low + high) else ""
    return f"{area['hle']:.1f} years{interval}, {BASES[area.get('hle_basis', 'given')]}"


def span(values: pd.Series) -> str:
    """Return the lowest and the highest of HLE, in years; one figure where both print alike.

    Examples
    --------
    >>> span(pd.Series([52.31, 55.0])), span(pd.Series([47.21, 47.24])), span(pd.Series([None]))
    ('52.3 to 55.0', '47.2', 'not known')
    """
    ends = [f"{value:.1f}" for value in (values.min(), values.max()) if pd.notna(value)]
    return " to ".join(dict.fromkeys(ends)) or "not known"


def reached(outcome: Outcome) -> str:
    """Describe people within reach before and after the plan."""
    reach = outcome.scenario.reach
    row = pd.Series(outcome.assessment.people_within.loc[reach])
    before = f"{row['people_before']:,.0f} before"
    start = f"People within {reach:g} minutes: {before}"
    if not outcome.plan.opened:
        return f"{start}; no plan to compare with."
    return f"{start}, {row['people_after']:,.0f} after ({share(row['share_after'])} of all)."


def share(value: float) -> str:
    """Format a share in per cent; a dash if there is none.

    Examples
    --------
    >>> share(0.1234), share(float("nan"))
    ('12.3%', '-')
    >>> share(-1e-5)
    '0.0%'
    """
    return f"{100 * value:z.1f}%" if math.isfinite(value) else "-"


def source(one: Source) -> str:
    """Describe a source on one line: title, publisher, date and licence."""
    what = f"{one.layer}: {one.title}"
    parts = [what, one.publisher, one.vintage, one.licence, one.attribution]
    return ", ".join(part for part in parts if part)
