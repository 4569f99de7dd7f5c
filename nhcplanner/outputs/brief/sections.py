"""Sections on need, the method, the centres and the waves."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.sizes import CHOSEN
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.parts import (
    MOST,
    TO_FILL,
    UNKNOWN,
    BriefSection,
    Bullets,
    Paragraph,
    Part,
    Table,
    TableFormat,
    cell,
    evidence_table,
    people,
)
from nhcplanner.outputs.brief.pictures import NUMBERED
from nhcplanner.outputs.brief.prose import group_words, listed, points, say
from nhcplanner.outputs.tables import explain, hand_in, need
from nhcplanner.outputs.wording import terms


def need_section(evidence: Evidence) -> BriefSection:
    """Return the section on need: who lives here, and who comes first."""
    outcome = evidence.outcome
    place = outcome.place
    known = [
        (measure.title, need.summary(place, measure))
        for measure in need.measures(place).values()
        if measure.name != "lowest_band"  # the note on uncertain bands counts its people
    ]
    who = say(
        "need",
        "who",
        title=place.title,
        people=place.people,
        areas=len(place.areas),
        basis=outcome.assessment.need.basis,
    )
    lines = points("need", "measures", known=known, lacking=list(need.lacking(place)))
    parts: list[Part] = [Paragraph(who), Bullets(lines), *_bands(evidence), *_years(evidence)]
    edges = explain.edges(evidence).to_dict("records")
    if edges:
        parts.append(Paragraph(say("board", "ties", edges=edges, index=place.index_name), "small"))
    parts += figures.need_maps(evidence)
    return BriefSection("Need", tuple(parts))


def _bands(evidence: Evidence) -> tuple[Part, ...]:
    """Return the table of people and HLE by band; the annex has the fifths of deprivation."""
    frame, outcome = evidence.groups, evidence.outcome
    if frame is None:
        return ()
    hle, band = outcome.place.areas.get("hle"), outcome.assessment.need.band
    rows = []
    for row in frames.rows(frame[frame["grouping"] == "band"]):
        words = group_words(outcome, "band", row.group)
        span = UNKNOWN
        if hle is not None and row.group.isdigit():
            span = terms.span(hle[(pd.Series(band) == int(row.group)).to_numpy()])
        rows.append((f"{words[0].upper()}{words[1:]}", people(row.people), span))
    if not rows:
        return ()
    return (Table("People by need", ("Band of need", "People", "HLE, years"), tuple(rows),
                  (False, True, True)),)  # fmt: skip


def _years(evidence: Evidence) -> tuple[Part, ...]:
    """People of the whole place by year, if the plan is for the people of a later year."""
    frame = evidence.years
    if frame is None or evidence.outcome.scenario.year is None:
        return ()
    some = frame[(frame["code"] == "all") & frame["age"].isin(["all ages", *_OLDER])]
    return evidence_table(evidence, "years", ("year", "basis", "name", "age", "people"), some)


_OLDER = ("65 to 84", "85 and over")
"""Ages that the brief lists besides all ages; the workbook has every age."""


def method_section(evidence: Evidence) -> BriefSection:
    """Return the section on the method."""
    outcome = evidence.outcome
    method = points(
        "need",
        "method",
        origins=outcome.place.origins_basis,
        minutes=_minutes(outcome),
        reach=f"{outcome.scenario.reach:g}",
        solver=outcome.plan.solver,
    )
    figures = hand_in.programme(evidence).set_index("figure")["value"]
    names = ("centres", "each", "footprint", "needed")
    tension = say("need", "tension", **{name: figures[name] for name in names})
    parts = (
        Paragraph(terms.question(outcome)),
        Bullets(method),
        Paragraph(say("options", "goals")),
        _goals(outcome),
        Paragraph(tension, "small"),
    )
    return BriefSection("Method in plain words", parts)


def _minutes(outcome: Outcome) -> str:
    times = outcome.times
    made = (
        "an estimate from straight lines, not measured on streets"
        if times.estimate
        else f"measured by {times.engine}"
    )
    values = {"mode": times.mode, "window": times.window, "made": made}
    return say("need", "minutes", horizon=f"{times.horizon:g}", **values)


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
    best = "Best possible" if len(rows) == 1 else "Best possible, goals above kept"
    heads = ("Goal", "Reached", best, "Counts", "How sure")
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
"""Fields of the pipeline table that only people can answer."""
NO_WAVES = "No waves were given"
_PROVED = {
    "optimal": "proved best",
    "feasible": "not proved",
    "infeasible": "no plan keeps the rules",
    "stopped": "stopped before a plan was found",
}


def plan_section(evidence: Evidence) -> BriefSection:
    """Return the section on the centres and on their blank fields."""
    if not evidence.outcome.plan.opened:
        return BriefSection("Centres of the plan", (Paragraph("There is no plan."),))
    parts: tuple[Part, ...] = (_centres(evidence), Paragraph(_blanks(evidence)))
    return BriefSection("Centres of the plan", parts)


def waves_section(evidence: Evidence) -> tuple[BriefSection, ...]:
    """Return open centres and openings by wave; nothing without waves."""
    waves = evidence.waves
    if waves is None and evidence.reasons.get("waves") == NO_WAVES:
        return ()
    if waves is not None:
        waves = waves.assign(status=waves["status"].replace(_PROVED))
    parts = list(
        evidence_table(evidence, "waves", [one.name for one in TABLES["waves"].cells], waves)
    )
    if waves is not None and waves["first_band_afresh"].notna().any():
        parts.append(Paragraph(say("options", "waves_note"), "small"))
    parts += _openings(evidence)
    return (BriefSection("Waves", tuple(parts)),)


def _openings(evidence: Evidence) -> tuple[Part, ...]:
    """Return where the wave of each centre is; if waves open other centres, their names."""
    frame, plan = evidence.wave_sites, evidence.outcome.plan
    if frame is None:
        return ()
    sites = evidence.outcome.place.sites["site_id"]
    if set(frame["site_id"]) <= set(sites.iloc[list(plan.opened)]):
        return (Paragraph("The table of centres of the plan names the wave of each.", "small"),)
    opened = frame.groupby("wave", sort=False)["name"].agg(list)
    return (Bullets(tuple(f"{wave}: {listed(names, MOST)}" for wave, names in opened.items())),)


def _centres(evidence: Evidence) -> Table:
    """Return the table of centres, without columns that have no figure."""
    outcome, waves = evidence.outcome, evidence.wave_sites
    centres = frames.centres(outcome)
    wave_of_site = {} if waves is None else dict(zip(waves["site_id"], waves["wave"], strict=True))
    sites = outcome.place.sites.set_index("site_id")
    today = {"existing": "open today", "committed": "committed"}
    first = list(frames.rows(centres.head(MOST)))
    columns = {
        "No.": [str(centre.number) for centre in first],
        "Site": [centre.name for centre in first],
        "Building today": [terms.kind(_given(sites, centre.site_id, "kind")) for centre in first],
        "Status": [terms.ROLES[centre.role].removesuffix(" centre") for centre in first],
        "Works": [_given(sites, centre.site_id, "works") for centre in first],
        "Capital": [_given(sites, centre.site_id, "cost", "pounds") for centre in first],
        "People served": [
            people(centre.people_served)
            + (f" ({people(centre.over_capacity)} over)" if centre.over_capacity > 0 else "")
            for centre in first
        ],
        "Capacity": [people(centre.capacity) for centre in first],
    }
    if (centres["services_near"] > 0).any():
        columns["Services near"] = [centre.services_near_kinds or "none" for centre in first]
    if "services_to_add" in centres:
        columns["Services to add"] = [centre.services_to_add or "none" for centre in first]
    if CHOSEN in centres:
        columns |= {
            "Size": [centre.plan_size or UNKNOWN for centre in first],
            "Room left": [people(centre.room_left) for centre in first],
        }
    blank = [head for head in _MAY_LACK if set(columns[head]) == {UNKNOWN}]
    columns = {head: cells for head, cells in columns.items() if head not in blank}
    if waves is not None:
        columns["Wave"] = [
            wave_of_site.get(centre.site_id, today.get(centre.role, "not in these waves"))
            for centre in first
        ]
    notes = [f"{terms.served(outcome.plan)}."]
    if "assignment" in evidence.words:
        notes.append(f"{evidence.words['assignment']}.")
    if (centres["over_capacity"] > 0).any():
        notes.append("Over: people beyond the capacity of the centre.")
    if blank:
        notes.append(f"Not known of any centre: {listed([head.lower() for head in blank])}.")
    if len(centres) > MOST:
        notes.append(
            f"The first {MOST} of {len(centres):,} centres, as numbered; all of them are in the "
            "workbook, sheet Pipeline, and tables/catchments.csv."
        )
    numbers = tuple(head in _FIGURES for head in columns)
    title = "The centres by their numbers" + (" on the map" if len(centres) <= NUMBERED else "")
    rows = tuple(zip(*columns.values(), strict=True))
    return Table(title, tuple(columns), rows, numbers, " ".join(notes))


_MAY_LACK = ("Works", "Capital", "Capacity")
_FIGURES = ("No.", "Capital", "People served", "Capacity", "Room left")
"""Columns of the centres that may be blank for all, and those that hold figures."""


def _given(sites: pd.DataFrame, site: str, column: str, unit: str = "") -> str:
    """Return a field of a site from the user's list."""
    return cell(sites[column].get(site) if column in sites else None, unit)


def _blanks(evidence: Evidence) -> str:
    """Return the complete fields of the return, and the number of blanks of each other."""
    sites = evidence.outcome.place.sites.iloc[list(evidence.outcome.plan.opened)]
    complete, missing = [], []
    for name, words in _FILLED.items():
        column = sites.get(name, pd.Series(index=sites.index, dtype=object))
        blank = int(column.replace("", None).isna().sum())
        if blank:
            missing.append(f"{words} {blank:,}")
        else:
            complete.append(words)
    cells = hand_in.blanks(evidence)["Fit to criteria"]
    if cells:
        missing.append(f"fit to criteria and minimum requirements {cells:,} cells")
    return say("need", "blanks", given=complete, missing=missing, to_fill=TO_FILL)


def drawn_from(evidence: Evidence) -> tuple[Part, ...]:
    """Return where people of new centres would otherwise go; nothing if there are none."""
    if evidence.competition is None or evidence.competition.empty:
        return ()
    columns = ("name", "from_name", "people", "share", "minutes_here", "minutes_there")
    blanks = {"minutes_there": ""}
    return evidence_table(
        evidence, "competition", columns, layout=TableFormat("", blanks=blanks, most=DRAWN)
    )


DRAWN = 12
"""Most rows of where people would otherwise go in the brief; the workbook has all of them."""


def patients_reached(evidence: Evidence) -> tuple[Part, ...]:
    """Return registered patients within reach by practice, most left out first; none if unknown."""
    frame = evidence.patients
    if frame is None or frame.empty:
        return ()
    left_out = frame["from_place"] - frame["within_after"]
    rows = frame.loc[left_out.sort_values(ascending=False, kind="stable").index]
    columns = ("name", "patients", "from_place", "within_before", "within_after")
    return evidence_table(evidence, "patients", columns, rows, TableFormat("", most=DRAWN))
