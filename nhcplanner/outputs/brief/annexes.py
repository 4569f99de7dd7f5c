"""Travel annex: people by time band and mode, by minute, and minutes gained and lost.

Equality annex: every group before and after, measures of inequality, losers by name.

Record: limits, sources with their licences, and how to make the plan again.
"""

from __future__ import annotations

import shlex

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.facts import group_words, grouping_words, mode_words
from nhcplanner.outputs.brief.parts import (
    BriefSection,
    Bullets,
    Commands,
    Paragraph,
    Part,
    Table,
    TableFormat,
    cell,
    evidence_table,
    people,
)
from nhcplanner.outputs.wording import terms

_WITHIN = (
    "mode", "minutes", "people_before", "share_before", "people_after", "share_after",
)  # fmt: skip
_ALL_NEW = (
    "There is no map of minutes gained and lost: no centre is within the horizon of any area "
    "today, so every journey is a new one."
)
_UNMEASURED = "Modes that are not listed"


def travel_section(evidence: Evidence) -> BriefSection:
    """The annex; without a plan it tells of today."""
    parts: list[Part] = [*_bands(evidence), *_modes_missing(evidence)]
    curve = figures.curve(evidence)
    if curve is not None:
        parts.append(curve)
    parts += [figures.minutes_map(evidence), *_gained_and_lost(evidence)]
    return BriefSection("Travel annex", tuple(parts), fresh=True)


def _bands(evidence: Evidence) -> tuple[Part, ...]:
    frame = evidence.within
    if frame is None:
        return evidence_table(evidence, "within", _WITHIN)
    named = frame.assign(mode=frame["mode"].map(mode_words))
    labels = {"people_before": "People today", "share_before": "Share today"}
    labels |= {"people_after": "People with the plan", "share_after": "Share with the plan"}
    return evidence_table(evidence, "within", _WITHIN, named, TableFormat(labels=labels))


def _modes_missing(evidence: Evidence) -> tuple[Part, ...]:
    why = [words for name, words in evidence.reasons.items() if name.startswith("within: ")]
    return (Paragraph(f"{_UNMEASURED}: {'; '.join(why)}.", "small"),) if why else ()


def _gained_and_lost(evidence: Evidence) -> tuple[Part, ...]:
    """The map of change with its figures; a sentence where there is nothing to set beside."""
    areas = evidence.areas
    if areas is None or not evidence.outcome.plan.opened:
        return ()
    if areas["minutes_before"].isna().all():
        return (Paragraph(_ALL_NEW),)
    return (Paragraph(_changes(evidence, areas["people"])), figures.change_map(evidence))


def _changes(evidence: Evidence, heads: pd.Series) -> str:
    """People in each class of the map of change."""
    inside = heads.groupby(figures.changes(evidence)).sum()
    horizon = evidence.outcome.times.horizon
    said = [
        f"{words.format(horizon=horizon).lower()}: {people(inside.get(number, 0))} people"
        for number, (words, _, _) in enumerate(figures.CHANGES)
    ]
    return (
        "An area counts as its middle does: half of its people come within its minutes. People by "
        f"what happens to their area: {'; '.join(said)}."
    )


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


def equality_section(evidence: Evidence) -> BriefSection:
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
        parts += [Paragraph("Groups that are not known here, and why:"), Bullets(tuple(missing))]
    bars = figures.bars(evidence, "imd_quintile") or figures.bars(evidence, "band")
    parts += [] if bars is None else [bars]
    return BriefSection("Equality and health-inequality annex", tuple(parts), fresh=True)


def group_sections(evidence: Evidence) -> tuple[BriefSection, ...]:
    """A table for each grouping, the measures, and the areas that lose."""
    measures = BriefSection("Measures of inequality", _measures(evidence), level=2)
    return (
        BriefSection("Group by group", _groups(evidence), level=2),
        measures,
        BriefSection("Areas that lose, by name", _losers(evidence), level=2),
    )


def _groups(evidence: Evidence) -> tuple[Part, ...]:
    frame, outcome = evidence.groups, evidence.outcome
    if frame is None:
        return evidence_table(evidence, "groups", _GROUPS)
    parts: list[Part] = []
    for grouping in frame["grouping"].unique():
        mine = frame[frame["grouping"] == grouping]
        if grouping in {"council", "district", "icb"}:
            mine = mine.sort_values(["share_after", "people"], ascending=[True, False])
            words = mine["group"].where(mine["group"] != "", "not known")
        else:
            words = mine["group"].map(lambda name, of=grouping: group_words(outcome, of, name))
        labels = {"group": grouping_words(outcome, grouping)} | _LABELS
        rows, title = mine.assign(group=words), f"Before and after: {_lower(labels['group'])}"
        parts += evidence_table(evidence, "groups", _GROUPS, rows, TableFormat(title, labels))
    return tuple(parts)


def _lower(words: str) -> str:
    """A heading within a sentence."""
    return words if words.startswith("ICB") else words[0].lower() + words[1:]


def _measures(evidence: Evidence) -> tuple[Part, ...]:
    """Gaps, slope and relative index, concentration index, with what each says."""
    frame = evidence.inequality
    columns = ("of", "measure", "before", "after", "change")
    if frame is None:
        return evidence_table(evidence, "inequality", columns)
    labels = {"before": "Today", "after": "With the plan"}
    meaning = frame.drop_duplicates("measure")
    points = [f"{one.measure}: {one.meaning}." for one in meaning.itertuples(index=False)]
    blanks = dict.fromkeys(("before", "after", "change"), "none")
    table = evidence_table(evidence, "inequality", columns, told=TableFormat("", labels, blanks))
    points.append("none: the measure has no value, because it would divide by zero.")
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
        return evidence_table(evidence, "losers", _LOSERS)
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
        parts += evidence_table(
            evidence, "losers", _LOSERS, mine, TableFormat(title, labels, blanks)
        )
    return tuple(parts)


_SAID = {
    "layer": "Layer", "title": "What", "publisher": "Publisher", "vintage": "Of",
    "licence": "Licence",
}  # fmt: skip

_OWED = {
    "OGL": "Contains public sector information licensed under the Open Government Licence v3.0",
    "ODbL": "Contains information from OpenStreetMap, made available under the Open Database "
    "Licence (ODbL)",
}
"""What a licence asks to be said, by a word that names it."""


def limits_section(evidence: Evidence) -> BriefSection:
    """What a reader must know, and what is not there."""
    outcome = evidence.outcome
    notes = dict.fromkeys((*terms.labels(outcome), *outcome.place.notes, *outcome.assessment.notes))
    missing = [f"{about}: {why}" for about, why in evidence.reasons.items()]
    parts: list[Part] = [
        Paragraph("The plan counts journeys and people. It knows nothing of the services in a "
                  "building, of its state, or of what residents and staff think of it."),
        Bullets(tuple(notes)),
        Paragraph("Not there, or not complete:"),
        Bullets(tuple(missing) or ("Nothing that was asked for is missing.",)),
    ]  # fmt: skip
    return BriefSection("Limits", tuple(parts), fresh=True)


def sources_section(evidence: Evidence) -> BriefSection:
    """Every source, the words that its licence asks for, and its hash."""
    place = evidence.outcome.place
    listed = frames.sources(place).reindex(columns=list(_SAID), fill_value="").fillna("")
    rows = tuple(tuple(map(str, row)) for row in listed.itertuples(index=False))
    parts: list[Part] = []
    if rows:
        heads = tuple(_SAID.values())
        parts.append(Table("Sources", heads, rows, (False,) * len(heads)))
    else:
        parts.append(Paragraph("The place states no sources."))
    owed = dict.fromkeys(one.attribution for one in place.sources if one.attribution)
    licences = " ".join(one.licence for one in place.sources)
    owed |= dict.fromkeys(words for name, words in _OWED.items() if name in licences)
    if owed:
        parts += [Paragraph("Attribution that the licences ask for:"), Bullets(tuple(owed))]
    return BriefSection("Sources and licences", tuple(parts))


def again_section(evidence: Evidence) -> BriefSection:
    """Exact commands, versions, solver, gap and hashes."""
    outcome = evidence.outcome
    folder = outcome.place.folder
    place = "PLACE" if folder is None else shlex.quote(folder.name)
    lines = (f"nhcplanner check {place}", f"nhcplanner rerun plan.json {place}")
    plan = outcome.plan
    facts = [
        f"Solver: {plan.solver}, {plan.seconds:.1f} seconds",
        f"{evidence.verdict.words}. Distance from the best: {evidence.verdict.distance.lower()}",
        *(f"{name} {version}" for name, version in outcome.versions.items()),
    ]
    parts: list[Part] = [
        Paragraph("plan.json, beside this brief, holds the scenario, the plan, and the hash of "
                  "every file that it rests on. The second command makes the plan again, and says "
                  "either that the same centres open or which input changed."),
        Commands(lines),
        Bullets(tuple(facts)),
        *_settings(evidence),
        *_hashes(evidence),
    ]  # fmt: skip
    return BriefSection("How to make it again", tuple(parts))


def _settings(evidence: Evidence) -> tuple[Part, ...]:
    """The scenario's keys that are not as by default, and what shaped the minutes."""
    outcome = evidence.outcome
    said = outcome.scenario.model_dump(mode="json", exclude_defaults=True)
    rows = [(key, _plain(value)) for key, value in said.items()]
    rows += [(f"times: {k}", _plain(v)) for k, v in sorted(outcome.times.parameters.items())]
    if not rows:
        return (Paragraph("Every choice of the scenario is the default."),)
    caption = "Choices other than the defaults, and what shaped the minutes"
    return (Table(caption, ("Key", "Value"), tuple(rows), (False, False)),)


def _hashes(evidence: Evidence) -> tuple[Part, ...]:
    """Files that the place was made from."""
    rows = tuple(
        (one.layer, one.file, one.sha256) for one in evidence.outcome.place.sources if one.sha256
    )
    if not rows:
        return ()
    heads = ("Layer", "File", "sha256")
    return (Table("Files that the place was made from", heads, rows, (False,) * 3),)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
