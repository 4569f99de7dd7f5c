"""Fields of the rules of a plan that few people need, in tabs."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from typing import Any, NamedTuple

import streamlit as st

from nhcplanner import models, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.choices import choice, measures_of
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import frames
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.wording.method import scenario_lines
from nhcplanner.pages.plan import sizes
from nhcplanner.workflow.access import EXISTING, list_kinds, list_need_columns

_EVERYONE, _FIFTHS, _WORST = "everyone", "imd_quintile", "1"
_SPARE = 3
"""Number of fields for goals at first."""


HELP = {
    "model": "What the plan tries to do. Example: Most people in reach opens the sites that bring "
    "the most people within reach, whoever they are.",
    "mode": "How people travel to a centre. Example: with walk or drive, a person counts as in "
    "reach who can do either in time.",
    "reach": "A person is in reach if the journey from home takes at most this long; up to 60. "
    "Example: 20, the limit of the 10 Year Health Plan.",
    "count": "Number of centres, including those open today. Example: 8 with 3 open today adds up "
    "to 5. Leave blank for any number.",
    "slack": "How much of an earlier goal's result may be given up so that later goals reach more. "
    "Example: 5 lets band 1 lose 5% of its people in reach, if later bands gain.",
    "budget": "Largest cost of new centres together. Sites without a known cost are then left out. "
    "Example: 2000000.",
    "min_distance_m": "Centres are at least this far apart, in a straight line. Example: 1500 "
    "keeps two centres of one high street apart.",
    "least_people": "Each centre serves this number of people or more. Example: 30000, because a "
    "neighbourhood has 30,000 to 50,000 people.",
    "most_people": "Each centre serves this number of people or fewer. Example: 50000; people "
    "beyond it go to another centre, or to none.",
    "kinds": "Sites of other kinds stay closed. Example: library and family hub. Existing centres "
    "stay open.",
    "time_limit": "The search ends then, or earlier once the plan is proved best. Example: 60; the "
    "plan states how far it may be from the best.",
    "solver": "The program that searches. Example: HiGHS; the others start from nothing and show "
    "no progress.",
    "exactly": "Off, fewer centres may open if more would add nothing. Example: on with 8, always "
    "8 centres.",
    "everyone": "For aims that must serve everyone: people out of reach of every site do not "
    "count. Example: without it, one farm that no site reaches makes such a plan impossible.",
    "floors": "The plan must bring this share of all people within reach. Example: 80; if no plan "
    "can, the page says so.",
    "fifths": "The plan must bring this share of each fifth of deprivation within reach. Example: "
    "60 keeps every fifth at 60% or more.",
    "backup": "This share of people has a second centre within reach, if the nearest is full. "
    "Example: 30.",
    "goals": "The first goal comes first. Example: Most need in reach, then Fewest centres.",
    "bands": "Areas are put in order of need and cut into bands of equal population. Example: 5 "
    "makes band 1 the fifth of people in most need.",
    "band_edges": "Example: 55, 60, 65 make four bands; the first is below 55 years.",
    "need": "Whom the goal Most need in reach counts. Example: people aged 85 and over.",
    "weight": "How often a person there counts in the goal Most need in reach. Example: 2 counts "
    "each of them twice.",
    "at_most_one_of": "Alternatives, of which one or none opens. Example: two buildings of one "
    "owner.",
    "exactly_one_of": "Alternatives, of which one must open. Example: the old clinic or the site "
    "across the road.",
}
"""Sentences by the key of the scenario; `fifths` and `weight` are parts of `floors` and `need`."""


class MoreRules(NamedTuple):
    """Answers of the fields under "More rules".

    Parameters
    ----------
    values
        Values by the scenario's keys.
    others
        Lines of a scenario file for the keys without a field.
    """

    values: dict[str, Any]
    others: str


def more_fields(place: Place, start: Scenario, elsewhere: Collection[str]) -> MoreRules:
    """Draw the fields.

    Parameters
    ----------
    place
        Its data decide which choices there are.
    start
        Values of the fields at first.
    elsewhere
        Keys of a scenario that have a field elsewhere.
    """
    tabs = st.tabs(
        [
            "Limits",
            "Minimum shares",
            "Goals in order",
            "Need",
            "Either-or",
            "Sizes",
            "Other settings",
        ]
    )
    values: dict[str, Any] = {}
    with tabs[0]:
        values |= _limits(place, start)
    with tabs[1]:
        values |= _shares(start)
    with tabs[2]:
        values |= _goals(place, start)
    with tabs[3]:
        values |= _need(place, start)
    with tabs[4]:
        values |= _either(place, start)
    with tabs[5]:
        values["sizes"] = sizes.fields(start.sizes)
    with tabs[6]:
        return MoreRules(values, _rest(start, {*values, *elsewhere}))


def more_settings(start: Scenario, more: MoreRules, elsewhere: Collection[str]) -> dict[str, Any]:
    """Return all settings of the form for a scenario that starts from another.

    Raises
    ------
    InputError
        For lines that are not settings, or settings that have a field.
    """
    try:
        others = tomllib.loads(more.others)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Fault(f"Other settings: {error}", hint="Write key = value")]) from None
    in_fields = {*more.values, *elsewhere}
    repeated = [
        f"Other settings: {key} has a field of its own" for key in others if key in in_fields
    ]
    if repeated:
        raise InputError([Fault(words, hint="Use that field") for words in repeated])
    defaults = Scenario().model_dump()
    elsewhere_set = {key: value for key, value in start.model_dump().items() if key in elsewhere}
    return defaults | elsewhere_set | more.values | others


def _limits(place: Place, start: Scenario) -> dict[str, Any]:
    left, middle, right = st.columns(3)
    budget = left.number_input(
        "Spend at most (£)", 0.0, value=start.budget, step=100_000.0, format="%.0f",
        placeholder="no limit", help=HELP["budget"],
    )  # fmt: skip
    apart = left.number_input(
        "Distance between centres, at least (m)", 0.0, value=start.min_distance_m, step=100.0,
        format="%.0f", placeholder="no rule", help=HELP["min_distance_m"],
    )  # fmt: skip
    least = middle.number_input(
        "People per centre, at least", 0.0, value=start.least_people or None, step=1_000.0,
        format="%.0f", placeholder="no rule", help=HELP["least_people"],
    )  # fmt: skip
    most = middle.number_input(
        "People per centre, at most", 1.0, value=start.most_people, step=1_000.0, format="%.0f",
        placeholder="no rule", help=HELP["most_people"],
    )  # fmt: skip
    every = list_kinds(place)
    chosen = right.multiselect(
        "Only these kinds of building",
        [
            *(one for one in every if one != EXISTING),
            *(set(start.kinds) - set(every)),
        ],
        start.kinds,
        format_func=terms.kind,
        placeholder="any kind",
        help=HELP["kinds"],
    )
    seconds = right.number_input(
        "Time limit (seconds)", 1.0, 3_600.0, start.time_limit, 10.0, format="%g",
        help=HELP["time_limit"],
    )  # fmt: skip
    solvers = models.installed_solvers()
    names = list(dict.fromkeys([*solvers, start.solver]))
    solver = left.selectbox(
        "Solver", names, names.index(start.solver),
        format_func=lambda name: solvers.get(name, f"{name} (not installed)"),
        help=HELP["solver"],
    )  # fmt: skip
    exactly = left.checkbox(
        "Open exactly this number of centres", start.exactly, help=HELP["exactly"]
    )
    reachable = middle.checkbox(
        "Leave out people out of reach of every site", start.everyone == "reachable",
        help=HELP["everyone"],
    )  # fmt: skip
    return {
        "budget": budget, "min_distance_m": apart or None, "least_people": least or 0.0,
        "most_people": most, "time_limit": seconds, "kinds": tuple(chosen),
        "solver": solver, "exactly": exactly, "everyone": "reachable" if reachable else "all",
    }  # fmt: skip


def _shares(start: Scenario) -> dict[str, Any]:
    """Draw minimum shares of everyone, of each IMD quintile and of people with two centres."""
    read = {(one.group, one.label): one.number for one in map(choice, start.floors)}
    left, middle, right = st.columns(3)
    everyone = left.number_input(
        "People in reach, at least (%)", 0.0, 100.0, read.get((_EVERYONE, "")), 1.0,
        format="%g", placeholder="no rule", help=HELP["floors"],
    )  # fmt: skip
    fifths = middle.number_input(
        "In each IMD quintile, at least (%)", 0.0, 100.0, read.get((_FIFTHS, "*")), 1.0,
        format="%g", placeholder="no rule", help=HELP["fifths"],
    )  # fmt: skip
    two = right.number_input(
        "With two centres in reach, at least (%)", 0.0, 100.0, start.backup, 1.0,
        format="%g", placeholder="no rule", help=HELP["backup"],
    )  # fmt: skip
    ours = {(_EVERYONE, ""), (_FIFTHS, "*")}
    others = [line for line in start.floors if (choice(line).group, choice(line).label) not in ours]
    floors = [f"{_EVERYONE}={everyone:g}"] if everyone else []
    floors += [f"{_FIFTHS}:*={fifths:g}"] if fifths else []
    return {"floors": (*floors, *others), "backup": two or None}


def _goals(place: Place, start: Scenario) -> dict[str, Any]:
    by = workflow.need_basis(place, start)
    st.markdown(
        "These goals replace the aim above. They are met in this order, and each may give up a "
        "little of its result for the goals after it."
    )
    goal_names = [terms.name(text) for text in start.goals]
    every = list(dict.fromkeys([*workflow.goal_lines(place), *goal_names]))
    goals = []
    for number in range(max(_SPARE, len(goal_names) + 1)):
        left, right = st.columns([3, 1])
        now = goal_names[number] if number < len(goal_names) else None
        goal = left.selectbox(
            f"Goal {number + 1}",
            every,
            None if now is None else every.index(now),
            format_func=lambda text: terms.goal(text, by),
            placeholder="none",
            help=HELP["goals"] if not number else None,
        )
        give = right.number_input(
            f"Flexibility after goal {number + 1} (%)", 0.0, 100.0,
            None if now is None else choice(start.goals[number]).number, 0.5,
            format="%g", placeholder="as set above", help=HELP["slack"] if not number else None,
        )  # fmt: skip
        if goal is not None:
            goals.append(goal if give is None else f"{goal}={give:g}")
    return {"goals": tuple(goals)}


def _need(place: Place, start: Scenario) -> dict[str, Any]:
    st.markdown(
        "Bands put areas in order of need. The goal **Most need in reach** counts the people "
        "chosen here."
    )
    left, right = st.columns(2)
    bands = left.number_input(
        "Bands with equal numbers of people", 1, 20, start.bands, help=HELP["bands"]
    )
    edges = right.text_input(
        "Or bands that start at these years of HLE",
        ", ".join(f"{years:g}" for years in start.band_edges),
        placeholder="55, 60, 65",
        help=HELP["band_edges"],
    )
    measures = [line for line in start.need if measures_of(line)]
    known = list_need_columns(place)
    counted = left.multiselect(
        "Count as need",
        [*known, *(one for one in measures if one not in known)],
        measures,
        format_func=terms.need,
        placeholder="all people",
        help=HELP["need"],
    )
    weighted = [line for line in start.need if line not in measures]
    first = {line: choice(line).number for line in weighted if terms.name(line) == _first()}
    times = right.number_input(
        "Weight of people in the most deprived fifth", -100.0, 100.0,
        next(iter(first.values()), None), 0.5, format="%g", placeholder="1", help=HELP["weight"],
    )  # fmt: skip
    weights = [] if times is None else [f"{_first()}={times:g}"]
    further = [line for line in weighted if line not in first]
    years = tuple(one.strip() for one in edges.split(",") if one.strip())
    needs = {"bands": bands, "band_edges": years, "need": (*counted, *weights, *further)}
    return needs | _year(place, start)


_HOUSING = {
    "within": "Within the projection's total",
    "on_top": "On top of the projection",
    "left_out": "Leave them out",
}


def _year(place: Place, start: Scenario) -> dict[str, Any]:
    """Draw the year of the people, and how new homes count in it."""
    if place.projection is None:
        return {}
    left, right = st.columns(2)
    known = {year for year in workflow.YEARS if year in place.projection.years}
    options = [None, *sorted(known | ({start.year} if start.year else set()))]
    base = place.projection.base_year
    year = left.selectbox(
        "People of the year", options, options.index(start.year),
        format_func=lambda one: f"{base} (today's figures)" if one is None else str(one),
        help=f"Later years follow the official projection, {place.projection.kind}",
    )  # fmt: skip
    if place.projection.homes.empty:
        return {"year": year}
    housing = right.selectbox(
        "New homes", list(_HOUSING), list(_HOUSING).index(start.housing),
        format_func=_HOUSING.__getitem__,
        help="The projection already holds growth by trend",
    )  # fmt: skip
    return {"year": year, "housing": housing}


def _first() -> str:
    return f"{_FIFTHS}:{_WORST}"


def _either(place: Place, start: Scenario) -> dict[str, Any]:
    st.markdown(
        "Choose two or more sites per rule. Set single sites that must or must not open under "
        "**Sites**."
    )
    names = frames.called(place)
    left, right = st.columns(2)
    with left:
        most = _sets("At most one of these opens", start.at_most_one_of, names, "at_most_one_of")
    with right:
        exactly = _sets("Exactly one of these opens", start.exactly_one_of, names, "exactly_one_of")
    return {"at_most_one_of": most, "exactly_one_of": exactly}


def _sets(label: str, lines: tuple[str, ...], names: dict[str, str], key: str) -> tuple[str, ...]:
    """Draw a field for each rule, and an empty one."""
    found = []
    for number in range(len(lines) + 1):
        now = [one.strip() for one in lines[number].split("|")] if number < len(lines) else []
        chosen = st.multiselect(
            label if not number else f"{label} ({number + 1})",
            [*names, *(one for one in now if one not in names)],
            now,
            format_func=lambda site: f"{names.get(site, 'not in the list')} ({site})",
            placeholder="no rule",
            help=HELP[key] if not number else None,
        )
        if chosen:
            found.append("|".join(chosen))
    return tuple(found)


def _rest(start: Scenario, elsewhere: Collection[str]) -> str:
    """Draw the settings that have no field, as lines of a scenario file."""
    written: str = st.text_area(
        "Other settings, one per line, as in a scenario file",
        scenario_lines(start, elsewhere),
        height=120,
        placeholder='walk_kmh = 4.0\nat_most = ["kind:library=3"]',
        help="All settings are listed under Method and data, Parameters",
    )
    return written
