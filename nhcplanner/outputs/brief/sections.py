"""Need and method: why these people first, and how the plan was made, in plain words.

Centres: the plan site by site, what only people can fill in, and its waves.
"""

from __future__ import annotations

import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.facts import group_words, grouping_words
from nhcplanner.outputs.brief.maps import NUMBERED
from nhcplanner.outputs.brief.parts import (
    MOST,
    TO_FILL,
    UNKNOWN,
    BriefSection,
    Bullets,
    Paragraph,
    Part,
    Table,
    cell,
    evidence_table,
    people,
)
from nhcplanner.outputs.tables import need
from nhcplanner.outputs.wording import terms

_ENGLAND, _CENTRES, _FOOTPRINT = 57e6, 250, 50_000
"""People of England, centres of the programme and people of a footprint (second-hand: check)."""


def need_section(evidence: Evidence) -> BriefSection:
    """Who lives here and who comes first."""
    outcome = evidence.outcome
    place = outcome.place
    known = need.measures(place)
    parts: list[Part] = [
        Paragraph(
            f"{place.title} has {people(place.people)} people in {len(place.areas):,} areas (small "
            f"areas of the census). Who comes first: {outcome.assessment.need.basis}."
        )
    ]
    points = [f"{one.title}: {need.summary(place, one)}" for one in known.values()]
    points += [f"{title}: {cell(None, '')} for this place" for title in need.lacking(place)]
    parts += [Bullets(tuple(points)), *_bands(evidence), *figures.need_maps(evidence)]
    return BriefSection("Need", tuple(parts))


def _bands(evidence: Evidence) -> tuple[Part, ...]:
    """People of each band, and of each fifth of deprivation."""
    frame = evidence.groups
    if frame is None:
        return ()
    found = []
    for grouping in ("band", "imd_quintile"):
        mine = frame[frame["grouping"] == grouping]
        rows = tuple(
            (group_words(evidence.outcome, grouping, one.group), people(one.people))
            for one in mine.itertuples(index=False)
        )
        title = grouping_words(evidence.outcome, grouping)
        if rows:
            caption = f"People by {title[0].lower()}{title[1:]}"
            found.append(Table(caption, (title, "People"), rows, (False, True)))
    return tuple(found)


def method_section(evidence: Evidence) -> BriefSection:
    """How the plan was made."""
    outcome = evidence.outcome
    points = (
        (
            "People start from points in their areas "
            f"({outcome.place.origins_basis or 'where is not stated'}); all people of one point "
            "start together."
        ),
        _minutes(outcome),
        (
            f"A centre is within reach where the journey takes {outcome.scenario.reach:g} minutes "
            "or less. No official standard says by which mode, or how long: both are choices, and "
            "the travel annex shows others."
        ),
        "Centres open today stay open, committed ones open, sites marked forbidden do not.",
        (
            "Goals are met in order: what an earlier goal has reached, no later goal may take "
            f"away. Where the plan is proved, {outcome.plan.solver} showed that no other choice "
            "of sites does better; where it is not, the gap says how far from the best it may be."
        ),
    )
    share = f"{_ENGLAND / _CENTRES:,.0f}"
    tension = (
        f"A tension of the programme itself: {_CENTRES} centres for England's people are about "
        f"{share} people a centre, and a footprint of {_FOOTPRINT:,} for all would take about "
        f"{_ENGLAND / _FOOTPRINT:,.0f} (programme figures are second-hand: check before quoting)."
    )
    parts = (
        Paragraph(terms.question(outcome)),
        Bullets(points),
        Paragraph("What each goal reached, in the order of priority:"),
        _goals(outcome),
        Paragraph(tension, "small"),
    )
    return BriefSection("Method in plain words", parts)


def _minutes(outcome: Outcome) -> str:
    times = outcome.times
    window = f", {times.window}" if times.window else ""
    made = (
        "an estimate from straight lines, not measured on streets"
        if times.estimate
        else f"measured by {times.engine}"
    )
    return (
        f"Minutes: {times.mode}{window}; {made}. Journeys longer than {times.horizon:g} minutes "
        "are not looked at."
    )


def _goals(outcome: Outcome) -> Part:
    stages = outcome.plan.stages
    if not stages:
        return Paragraph(f"{Verdict.of(outcome.plan).words}.")
    rows = tuple(
        (
            goal.name,
            cell(goal.stage.value, goal.stage.unit),
            cell(goal.stage.bound, goal.stage.unit),
            goal.stage.unit,
            goal.sureness,
        )
        for goal in Verdict.of(outcome.plan).goals
    )
    heads = ("Goal", "Reached", "Best possible", "Counts", "How sure")
    return Table(
        "Goals, and how well each is proved", heads, rows, (False, True, True, False, False)
    )


_FILLED = {
    "works": "refurbishment, extension or new build",
    "service_model": "service model",
    "planning_status": "planning status",
    "cost": "indicative capital",
    "running_cost": "running cost",
    "floor_area_m2": "floor area",
    "constraints": "constraints",
    "digital": "digital readiness",
    "engagement": "engagement",
    "disposals": "disposals enabled",
}
"""What the pipeline asks of each site that only people can answer."""
_PROVED = {
    "optimal": "proved best",
    "feasible": "not proved",
    "infeasible": "no plan keeps the rules",
    "stopped": "stopped before a plan was found",
}


def plan_section(evidence: Evidence) -> BriefSection:
    """The centres, and which of their fields are blank."""
    if not evidence.outcome.plan.opened:
        return BriefSection("Centres of the plan", (Paragraph("There is no plan."),), fresh=True)
    parts: tuple[Part, ...] = (_centres(evidence), Paragraph(_blank_words()), _blanks(evidence))
    return BriefSection("Centres of the plan", parts, fresh=True)


def waves_section(evidence: Evidence) -> BriefSection:
    """What stands at the end of each wave, and what opens in it."""
    waves = evidence.waves
    if waves is not None:
        waves = waves.assign(status=waves["status"].replace(_PROVED))
    parts = list(
        evidence_table(evidence, "waves", [one.name for one in TABLES["waves"].cells], waves)
    )
    if evidence.wave_sites is not None:
        parts += evidence_table(evidence, "wave_sites", ("wave", "site_id", "name"))
    return BriefSection("Waves", tuple(parts))


def _centres(evidence: Evidence) -> Table:
    outcome, waves = evidence.outcome, evidence.wave_sites
    centres = frames.centres(outcome)
    named = {} if waves is None else dict(zip(waves["site_id"], waves["wave"], strict=True))
    councils = {}
    if evidence.catchments is not None:
        found = evidence.catchments
        councils = dict(zip(found["site_id"], found["council"], strict=True))
    today = {"existing": "open today", "committed": "committed"}
    unplanned = "not planned" if waves is None else UNKNOWN
    rows = tuple(
        (
            str(one.number),
            one.name,
            cell(councils.get(one.site_id), ""),
            terms.ROLES[one.role],
            named.get(one.site_id, today.get(one.role, unplanned)),
            people(one.people_served),
            people(one.capacity),
        )
        for one in centres.head(MOST).itertuples(index=False)
    )
    heads = ("No.", "Site", "Council", "In the plan", "Wave", "People served", "Capacity")
    note = f"{terms.served(outcome.plan)}."
    if len(centres) > MOST:
        note += (
            f" The first {MOST} of {len(centres):,} centres, as numbered; all of them stand in the "
            "workbook, sheet Pipeline, and tables/catchments.csv."
        )
    numbers = (True, False, False, False, False, True, True)
    title = "The centres by their numbers" + (" on the map" if len(centres) <= NUMBERED else "")
    return Table(title, heads, rows, numbers, note)


def _blank_words() -> str:
    return (
        "Of the strategic pipeline's fields, those below cannot be worked out by any model. Where "
        f"a cell counts blanks, the field is {TO_FILL}, in the workbook's sheet Pipeline."
    )


def _blanks(evidence: Evidence) -> Bullets:
    """How many centres each field is blank for."""
    outcome = evidence.outcome
    sites = outcome.place.sites.iloc[list(outcome.plan.opened)]
    points = []
    for name, words in _FILLED.items():
        column = sites.get(name, pd.Series(index=sites.index, dtype=object))
        blank = int(column.replace("", None).isna().sum())
        said = "given for all" if not blank else f"{TO_FILL} for {blank:,} of {len(sites):,}"
        points.append(f"{words[0].upper()}{words[1:]}: {said}")
    points.append(
        f"General practice on site, opening hours: {TO_FILL} for all of "
        f"{plural(len(sites), 'centre')}"
    )
    return Bullets(tuple(points))
