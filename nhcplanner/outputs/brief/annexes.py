"""Annexes of a brief: travel, equality, limits, sources, and how to make the plan again."""

from __future__ import annotations

import shlex

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.need_measures import MODELLED
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.hours import by_hours
from nhcplanner.outputs.brief.parts import (
    UNKNOWN,
    BriefSection,
    Bullets,
    Commands,
    Paragraph,
    Part,
    Table,
    TableFormat,
    cell,
    evidence_table,
    shortened,
)
from nhcplanner.outputs.brief.prose import group_words, grouping_words, mode_words, points, say
from nhcplanner.outputs.brief.sections import drawn_from, patients_reached
from nhcplanner.outputs.wording import method, terms

_WITHIN = (
    "mode", "minutes", "people_before", "share_before", "people_after", "share_after",
)  # fmt: skip


def travel_section(evidence: Evidence) -> BriefSection:
    """Return the annex on travel; without a plan it describes today."""
    parts: list[Part] = [*_bands(evidence), *_modes_missing(evidence)]
    parts += by_hours(evidence)
    curve = figures.curve(evidence)
    if curve is not None:
        parts.append(curve)
    parts += [figures.minutes_map(evidence), *_gained_and_lost(evidence), *drawn_from(evidence)]
    parts += patients_reached(evidence)
    return BriefSection("Travel annex", tuple(parts))


MOST_BANDS = 60
"""Most rows of the table by time band in the brief: four for each mode and window."""


def _bands(evidence: Evidence) -> tuple[Part, ...]:
    frame = evidence.within
    if frame is None:
        return evidence_table(evidence, "within", _WITHIN)
    in_words = frame.assign(mode=frame["mode"].map(mode_words))
    labels = {"people_before": "People today", "share_before": "Share today"}
    labels |= {"people_after": "People with the plan", "share_after": "Share with the plan"}
    layout = TableFormat(labels=labels, most=MOST_BANDS)
    return evidence_table(evidence, "within", _WITHIN, in_words, layout)


def _modes_missing(evidence: Evidence) -> tuple[Part, ...]:
    why = [
        f"{terms.WAYS.get(mode, mode)} ({words.partition('. ')[0]})"
        for about, words in evidence.reasons.items()
        for table, _, mode in [about.partition(": ")]
        if table == "within" and mode
    ]
    return (Paragraph(say("equality", "unmeasured", why=why), "small"),) if why else ()


def _gained_and_lost(evidence: Evidence) -> tuple[Part, ...]:
    """Return the map of change with its figures; a sentence if nothing can be compared."""
    areas = evidence.areas
    if areas is None or not evidence.outcome.plan.opened:
        return ()
    if areas["minutes_before"].isna().all():
        return (Paragraph(say("equality", "all_new")),)
    inside = areas["people"].groupby(figures.changes(evidence)).sum()
    horizon = evidence.outcome.times.horizon
    classes = [
        (words.format(horizon=horizon).lower(), inside[number])
        for number, (words, _, _) in enumerate(figures.CHANGES)
        if inside.get(number, 0)
    ]
    words = say("equality", "changes", classes=classes)
    return (figures.change_map(evidence), Paragraph(words, "small"))


_GROUPS = (
    "group", "people", "share_before", "share_after", "mean_minutes_before", "mean_minutes_after",
    "gained", "lost", "nearer", "farther",
)  # fmt: skip
_LABELS = {
    "group": "Group",
    "share_before": "Within reach today",
    "share_after": "Within reach, plan",
    "mean_minutes_before": "Mean minutes today",
    "mean_minutes_after": "Mean minutes, plan",
    "gained": "Come within reach",
    "lost": "Fall out of reach",
}
_LOSERS = ("area_code", "area_name", "people", "minutes_there", "minutes_here", "out_of_reach")
_WHERE = {"ward_name": "Ward", "neighbourhood": "Neighbourhood"}
"""Columns with the ward and neighbourhood of an area, with their headings."""
LOST = 12
"""Most areas that lose in the brief; the workbook has all of them."""


def equality_section(evidence: Evidence) -> BriefSection:
    """Introduce the annex: what it can show, duties, protected characteristics."""
    horizon = f"{evidence.outcome.times.horizon:g}"
    parts: list[Part] = [
        Paragraph(say("equality", "evidence", horizon=horizon)),
        Bullets(points("equality", "duties", horizon=horizon)),
        _characteristics(evidence),
    ]
    bars = figures.bars(evidence, "imd_quintile") or figures.bars(evidence, "band")
    parts += [] if bars is None else [bars]
    return BriefSection("Equality and health-inequality annex", tuple(parts))


def _characteristics(evidence: Evidence) -> Table:
    """Return each protected characteristic of the Equality Act 2010 with the data on it."""
    known = set() if evidence.groups is None else set(evidence.groups["grouping"])
    areas = evidence.outcome.place.areas
    sexes = {"hle_male", "hle_female"} <= set(areas)
    rows = (
        ("Age", f"{'known' if 'age' in known else 'unknown'}_age"),
        ("Disability", f"{'known' if 'disability' in known else 'unknown'}_disability"),
        ("Sex", "known_sex" if sexes else "unknown_sex"),
        ("Race", "race_in_model" if _has_layer(evidence, "ethnicity") else "race"),
        ("Religion or belief", "religion"),
        ("Sexual orientation", "orientation"),
        ("Gender reassignment", "gender"),
        ("Pregnancy and maternity", "pregnancy"),
        ("Marriage and civil partnership", "marriage"),
    )
    is_modelled = "hle_basis" in areas and areas["hle_basis"].isin(MODELLED).any()
    values = {"known_sex": {"modelled": is_modelled}}
    lines = tuple((name, say("equality", words, **values.get(words, {}))) for name, words in rows)
    heads = ("Protected characteristic", "Data here, and sources of more")
    note = say("equality", "groups_beyond", cars="household" in known)
    return Table("Protected characteristics (Equality Act 2010, section 4)", heads, lines,
                 (False, False), f"{note}.")  # fmt: skip


def _has_layer(evidence: Evidence, layer: str) -> bool:
    return any(source.layer == layer for source in evidence.outcome.place.sources)


def group_sections(evidence: Evidence) -> tuple[BriefSection, ...]:
    """Return the sections on groups: all groups, measures of inequality, areas that lose."""
    return (
        BriefSection("Group by group", _groups(evidence), level=2),
        BriefSection("Measures of inequality", _measures(evidence), level=2),
        BriefSection("Areas that lose, by name", _losers(evidence), level=2),
    )


def _groups(evidence: Evidence) -> tuple[Part, ...]:
    """Return the table of groups before and after; groupings of one group become a sentence."""
    frame, outcome = evidence.groups, evidence.outcome
    if frame is None:
        return evidence_table(evidence, "groups", _GROUPS)
    sizes = frame.groupby("grouping")["group"].transform("size")
    alone = (sizes == 1) & (frame["grouping"] != "everyone")
    parts: list[Part] = []
    different = frame[~alone]
    names = zip(different["grouping"], different["group"], strict=True)
    words = [_called(outcome, str(grouping), str(name)) for grouping, name in names]
    layout = TableFormat("Before and after, group by group", _LABELS, most=MOST_GROUPS)
    columns = [c for c in _GROUPS if c != "lost" or different["lost"].fillna(0).any()]
    parts += evidence_table(evidence, "groups", columns, different.assign(group=words), layout)
    single = zip(frame.loc[alone, "grouping"], frame.loc[alone, "group"], strict=True)
    same = [f"{terms.GROUPINGS[str(grouping)]} ({name})" for grouping, name in single]
    if same:
        parts.append(Paragraph(say("equality", "one_group", groups=same), "small"))
    why = [
        f"{grouping_words(outcome, name.removeprefix('groups: ')).lower()} ({words})"
        for name, words in evidence.reasons.items()
        if name.startswith("groups: ")
    ]
    if why:
        parts.append(Paragraph(say("equality", "unknown_groups", why=why), "small"))
    return tuple(parts)


MOST_GROUPS = 40
"""Most rows of the table of groups in the brief; the workbook has all of them."""


def _called(outcome: Outcome, grouping: str, name: str) -> str:
    """Return a group's name, with its grouping if the name alone is not clear."""
    words = group_words(outcome, grouping, name)
    if words == UNKNOWN:
        words = f"{terms.GROUPINGS[grouping].partition(' (')[0].lower()} not known"
    return f"{words[0].upper()}{words[1:]}"


def _measures(evidence: Evidence) -> tuple[Part, ...]:
    """Return every measure of fairness with its interval, and a sentence on each."""
    frame = evidence.inequality
    columns = ("of", "measure", "before", "after", "change", "low_after", "high_after")
    if frame is None:
        return evidence_table(evidence, "inequality", columns)
    labels = {
        "before": "Today",
        "after": "With the plan",
        "low_after": "95% interval with the plan, from",
        "high_after": "To",
    }
    meaning = frame.drop_duplicates("measure")
    meanings = [(row.measure, row.meaning) for row in meaning.itertuples(index=False)]
    blanks = dict.fromkeys(("before", "after", "change"), "none") | dict.fromkeys(columns[-2:], "")
    table = evidence_table(evidence, "inequality", columns, layout=TableFormat("", labels, blanks))
    words = Bullets(points("equality", "measures", meanings=meanings))
    return (*table, words, *_slope(frame))


def _slope(frame: pd.DataFrame) -> tuple[Part, ...]:
    """Describe the slope index in a sentence."""
    mine = frame[(frame["measure"] == "SII") & (frame["unit"] == "share")]
    if mine.empty or pd.isna(mine["after"].iloc[0]):
        return ()
    after = mine["after"].iloc[0]
    before = cell(mine["before"].iloc[0], "share")
    values = {"before": before, "after": cell(after, "share")}
    who = "" if values["after"] == cell(0.0, "share") else "most" if after < 0 else "least"
    still = bool(mine["before"].iloc[0] * after > 0)  # the same end was ahead before
    words = say("equality", "slope", who=who, still=still, **values)
    return (Paragraph(words),)


def _losers(evidence: Evidence) -> tuple[Part, ...]:
    """Return the areas that lose against today and against the plan without priority."""
    frame = evidence.losers
    if frame is None:
        return evidence_table(evidence, "losers", _LOSERS)
    sends = evidence.outcome.plan.allocation is not None
    if frame.empty:
        priority = evidence.price is not None
        return (Paragraph(say("equality", "no_losers", priority=priority, sends=sends)),)
    parts: list[Part] = []
    if "today" not in set(frame["against"]):
        parts.append(Paragraph(say("equality", "no_losers_today", sends=sends)))
    parts += [_lost(evidence, str(against)) for against in frame["against"].unique()]
    lacking = [words.lower() for name, words in _WHERE.items() if not _has(evidence, name)]
    if lacking:
        parts.append(Paragraph(say("equality", "wards", known=[], lacking=lacking), "small"))
    return tuple(parts)


def _has(evidence: Evidence, column: str) -> bool:
    areas = evidence.outcome.place.areas
    return column in areas and bool(areas[column].notna().any())


def _lost(evidence: Evidence, against: str) -> Table:
    """Return the areas that lose against an option, with their ward and neighbourhood if known."""
    frame = evidence.losers
    assert frame is not None  # the caller checks
    losers = frame[frame["against"] == against]
    losers = losers.sort_values(["worse", "area_code"], ascending=[False, True])
    where = [name for name in _WHERE if _has(evidence, name)]
    places = evidence.outcome.place.areas.set_index("area_code")
    over = f"over {evidence.outcome.times.horizon:g}"
    rows = [
        (
            str(row["area_code"]),
            str(row["area_name"] or "no name"),
            *(cell(places[name].get(row["area_code"]), "") for name in where),
            cell(row["people"], "people"),
            cell(row["minutes_there"], "minutes", over),
            cell(row["minutes_here"], "minutes", over),
            cell(row["out_of_reach"], ""),
        )
        for row in losers.head(LOST).to_dict("records")
    ]
    there = "Minutes today" if against == "today" else "Minutes without priority"
    heads = (
        "Area code", "Area", *(_WHERE[name] for name in where), "People", there,
        "Minutes in the plan", "Falls out of reach",
    )  # fmt: skip
    more = "" if len(losers) <= LOST else shortened("losers", len(losers), LOST)
    numbers = (False, False, *(False for _ in where), True, True, True, False)
    title = f"Areas that lose against {against}, the worst first"
    return Table(title, heads, tuple(rows), numbers, more)


_HEADINGS = {
    "title": "What", "publisher": "Publisher", "vintage": "Of",
    "licence": "Licence",
}  # fmt: skip

_ATTRIBUTIONS = {
    "OGL": "Contains public sector information licensed under the Open Government Licence v3.0",
    "ODbL": "Contains information from OpenStreetMap, made available under the Open Database "
    "Licence (ODbL)",
}
"""Words that licences require, by a word in the name of the licence."""


def limits_section(evidence: Evidence) -> BriefSection:
    """Return the section on limits: notes for readers, and what is missing."""
    outcome = evidence.outcome
    notes = dict.fromkeys((*terms.labels(outcome), *outcome.assessment.notes, *outcome.place.notes))
    missing = [f"{method.about_words(about)}: {why}" for about, why in evidence.reasons.items()]
    parts: list[Part] = [
        Paragraph(say("record", "limits")),
        Bullets(tuple(notes)),
        Paragraph(say("record", "missing")),
        Bullets(tuple(missing) or (say("record", "nothing_missing"),)),
    ]
    return BriefSection("Limits", tuple(parts))


def sources_section(evidence: Evidence) -> BriefSection:
    """Return every source with the hash of its file, and the words that its licence requires."""
    place = evidence.outcome.place
    sources = frames.sources(place).reindex(columns=list(_HEADINGS), fill_value="").fillna("")
    used = [name for name in _HEADINGS if sources[name].astype(bool).any()]
    hashes = [source.sha256[:12] for source in place.sources]
    rows = tuple(
        (*(_short_whole(str(row[name])) or "not stated" for name in used), sha or "no file")
        for row, sha in zip(sources.to_dict("records"), hashes, strict=True)
    )
    parts: list[Part] = []
    if rows:
        heads = (*(_HEADINGS[name] for name in used), "sha256 begins")
        parts.append(Table("Sources", heads, rows, (False,) * len(heads)))
    else:
        parts.append(Paragraph(say("record", "no_sources")))
    behind = str(evidence.outcome.times.parameters.get("source", ""))
    if place.index_name or behind:
        words = {"index": place.index_name, "minutes": behind}
        parts.append(Paragraph(say("record", "behind", **words), "small"))
    licences = " ".join(one.licence for one in place.sources)
    texts = [one.attribution for one in place.sources]
    texts += [words for name, words in _ATTRIBUTIONS.items() if name in licences]
    required = figures.attributions(texts)
    if required:
        parts.append(Paragraph(say("record", "attribution", texts=required), "small"))
    return BriefSection("Sources and licences", tuple(parts))


def _short_whole(text: str) -> str:
    """Return a short name, such as that of a licence, without room for a line break."""
    return text.replace(" ", "\u00a0") if len(text) <= SHORT_NAME else text


SHORT_NAME = 10
"""Letters up to which a cell of the sources stays on one line."""


def again_section(evidence: Evidence) -> BriefSection:
    """Return the commands that make the plan again, with versions, solver and gap."""
    outcome = evidence.outcome
    place = shlex.quote(evidence.place_name) if evidence.place_name else "PLACE"
    lines = (
        "nhcplanner verify HAND_IN",
        f"nhcplanner check {place}",
        f"nhcplanner rerun plan.json {place}",
    )
    plan = outcome.plan
    program = say(
        "record",
        "program",
        solver=plan.solver,
        seconds=f"{plan.seconds:.1f}",
        verdict=evidence.verdict.words,
        versions=", ".join(f"{name} {version}" for name, version in outcome.versions.items()),
    )
    parts: list[Part] = [
        Paragraph(say("record", "again")),
        Commands(lines),
        Paragraph(program, "small"),
        *_settings(evidence),
    ]
    return BriefSection("How to check it and make it again", tuple(parts))


def _settings(evidence: Evidence) -> tuple[Part, ...]:
    """Return the keys of the scenario that differ from their defaults, and the travel settings."""
    outcome = evidence.outcome
    values = outcome.scenario.model_dump(mode="json", exclude_defaults=True)
    rows = [f"{key} = {_plain(value)}" for key, value in values.items()]
    rows += [f"times: {k} = {_plain(v)}" for k, v in sorted(outcome.times.parameters.items())]
    if not rows:
        return (Paragraph("Every choice of the scenario is the default.", "small"),)
    caption = "Choices other than the defaults, and what shaped the minutes"
    return (Paragraph(f"{caption}: {'; '.join(rows)}.", "small"),)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
