"""Need and method: why these people first, and how the plan was made, in plain words."""

from __future__ import annotations

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import needs, wording
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.facts import group_words, grouping_words
from nhcplanner.outputs.brief.parts import Bullets, Paragraph, Part, Section, Table
from nhcplanner.outputs.brief.written import cell, people

_ENGLAND, _CENTRES, _FOOTPRINT = 57e6, 250, 50_000
"""People of England, centres of the programme and people of a footprint (second-hand: check)."""


def need_section(evidence: Evidence) -> Section:
    """Who lives here and who comes first."""
    outcome = evidence.outcome
    place = outcome.place
    known = needs.measures(place)
    parts: list[Part] = [
        Paragraph(
            f"{place.title} has {people(place.people)} people in {len(place.areas):,} areas (small "
            f"areas of the census). Who comes first: {outcome.assessment.need.basis}."
        )
    ]
    points = [f"{one.title}: {needs.summary(place, one)}" for one in known.values()]
    points += [f"{title}: {cell(None, '')} for this place" for title in needs.lacking(place)]
    parts += [Bullets(tuple(points)), *_bands(evidence), *figures.need_maps(evidence)]
    return Section("Need", tuple(parts))


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


def method_section(evidence: Evidence) -> Section:
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
        Paragraph(wording.question(outcome)),
        Bullets(points),
        Paragraph("What each goal reached, in the order of priority:"),
        _goals(outcome),
        Paragraph(tension, "small"),
    )
    return Section("Method in plain words", parts)


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
        return Paragraph(f"{wording.status(outcome.plan)}.")
    rows = tuple(
        (
            one.goal,
            cell(one.value, one.unit),
            cell(one.bound, one.unit),
            one.unit,
            "not known" if one.gap is None else f"{100 * one.gap:.2g} %",
        )
        for one in stages
    )
    heads = ("Goal", "Reached", "Best possible", "Counts", "Gap")
    return Table(
        "Goals, and how well each is proved", heads, rows, (False, True, True, False, True)
    )
