"""Equality annex: every group before and after, measures of inequality, losers by name."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.facts import group_words, grouping_words
from nhcplanner.outputs.brief.parts import Bullets, Paragraph, Part, Section
from nhcplanner.outputs.brief.written import Told, cell, shown

_GROUPS = (
    "group", "people", "share_before", "share_after", "mean_minutes_before", "mean_minutes_after",
    "gained", "lost", "nearer", "farther",
)  # fmt: skip
_LABELS = {
    "share_before": "Within reach today",
    "share_after": "Within reach with the plan",
    "mean_minutes_before": "Mean minutes today",
    "mean_minutes_after": "Mean minutes with the plan",
}
_LOSERS = (
    "area_code", "area_name", "people", "minutes_there", "minutes_here", "worse", "out_of_reach",
)  # fmt: skip


def equality_section(evidence: Evidence) -> Section:
    """The annex's opening: what it can and cannot tell."""
    horizon = evidence.outcome.times.horizon
    words = (
        "Public bodies must have due regard to equality and to reducing health inequalities; these "
        "tables are evidence for that and not the assessment itself. People by age, disability and "
        "car are taken to be spread over their area as everyone is. A mean counts journeys beyond "
        f"{horizon:g} minutes as {horizon:g}, so it is at least so much."
    )
    missing = [
        f"{grouping_words(evidence.outcome, name.removeprefix('groups: '))}: {why}"
        for name, why in evidence.reasons.items()
        if name.startswith("groups: ")
    ]
    parts: list[Part] = [Paragraph(words)]
    if missing:
        parts += [Paragraph("Groups that could not be told, and why:"), Bullets(tuple(missing))]
    bars = figures.bars(evidence, "imd_quintile") or figures.bars(evidence, "band")
    parts += [] if bars is None else [bars]
    return Section("Equality and health-inequality annex", tuple(parts), fresh=True)


def group_sections(evidence: Evidence) -> tuple[Section, ...]:
    """A table for each grouping, the measures, and the areas that lose."""
    measures = Section("Measures of inequality", _measures(evidence), level=2)
    return (
        Section("Group by group", _groups(evidence), level=2),
        measures,
        Section("Areas that lose, by name", _losers(evidence), level=2),
    )


def _groups(evidence: Evidence) -> tuple[Part, ...]:
    frame, outcome = evidence.groups, evidence.outcome
    if frame is None:
        return shown(evidence, "groups", _GROUPS)
    parts: list[Part] = []
    for grouping in frame["grouping"].unique():
        mine = frame[frame["grouping"] == grouping]
        if grouping in {"council", "district", "icb"}:
            mine = mine.sort_values(["share_after", "people"], ascending=[True, False])
            words = mine["group"].where(mine["group"] != "", "not told")
        else:
            words = mine["group"].map(lambda name, of=grouping: group_words(outcome, of, name))
        labels = {"group": grouping_words(outcome, grouping)} | _LABELS
        rows, title = mine.assign(group=words), f"Before and after: {_lower(labels['group'])}"
        parts += shown(evidence, "groups", _GROUPS, rows, Told(title, labels))
    return tuple(parts)


def _lower(words: str) -> str:
    """A heading within a sentence."""
    return words if words.startswith("ICB") else words[0].lower() + words[1:]


def _measures(evidence: Evidence) -> tuple[Part, ...]:
    """Gaps, slope and relative index, concentration index, with what each says."""
    frame = evidence.inequality
    columns = ("of", "measure", "before", "after", "change")
    if frame is None:
        return shown(evidence, "inequality", columns)
    labels = {"before": "Today", "after": "With the plan"}
    meaning = frame.drop_duplicates("measure")
    points = [f"{one.measure}: {one.meaning}." for one in meaning.itertuples(index=False)]
    blanks = dict.fromkeys(("before", "after", "change"), "none")
    table = shown(evidence, "inequality", columns, told=Told("", labels, blanks))
    points.append("none: it would divide by nought.")
    return (*table, Bullets(tuple(points)), *_slope(frame))


def _slope(frame: pd.DataFrame) -> tuple[Part, ...]:
    """The slope index in a sentence."""
    mine = frame[(frame["measure"] == "SII") & (frame["unit"] == "share")]
    if mine.empty or pd.isna(mine["after"].iloc[0]):
        return ()
    after = mine["after"].iloc[0]
    who = "most" if after < 0 else "least"
    before = cell(mine["before"].iloc[0], "share")
    words = (
        f"The slope index of the share within reach goes from {before} to {cell(after, 'share')}: "
        f"with the plan the {who} deprived end has the better access."
    )
    return (Paragraph(words),)


def _losers(evidence: Evidence) -> tuple[Part, ...]:
    """Against today, and against the plan without priority; the worst first."""
    frame = evidence.losers
    if frame is None:
        return shown(evidence, "losers", _LOSERS)
    if frame.empty:
        return (Paragraph("No area is farther from a centre, neither than today nor otherwise."),)
    parts: list[Part] = []
    if "today" not in set(frame["against"]):
        parts.append(Paragraph("Against today, no area is farther from a centre."))
    over = f"over {evidence.outcome.times.horizon:g}"
    blanks = {"minutes_there": over, "minutes_here": over, "area_name": "no name"}
    for against in frame["against"].unique():
        mine = frame[frame["against"] == against]
        mine = mine.sort_values(["worse", "area_code"], ascending=[False, True])
        title = f"Areas that lose against {against}, the worst first"
        there = f"Minutes, {'' if against == 'today' else 'in '}{against}"
        labels = {"minutes_there": there, "minutes_here": "Minutes in the plan"}
        parts += shown(evidence, "losers", _LOSERS, mine, Told(title, labels, blanks))
    return tuple(parts)
