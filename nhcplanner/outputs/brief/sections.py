"""Need and method: why these people first, and how the plan was made, in plain words.

Centres: the plan site by site, what only people can fill in, and its waves.
"""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.facts import group_words
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
from nhcplanner.outputs.brief.prose import points, say
from nhcplanner.outputs.tables import hand_in, need
from nhcplanner.outputs.wording import terms


def need_section(evidence: Evidence) -> BriefSection:
    """Who lives here and who comes first."""
    outcome = evidence.outcome
    place = outcome.place
    known = [
        (measure.title, need.summary(place, measure)) for measure in need.measures(place).values()
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
    parts: list[Part] = [Paragraph(who), Bullets(lines), *_bands(evidence)]
    edges = hand_in.edges(evidence).to_dict("records")
    if edges:
        parts.append(Paragraph(say("board", "ties", edges=edges, index=place.index_name), "small"))
    parts += figures.need_maps(evidence)
    return BriefSection("Need", tuple(parts))


def _bands(evidence: Evidence) -> tuple[Part, ...]:
    """People of each band with the HLE in it, and the people of each fifth of deprivation."""
    frame, outcome = evidence.groups, evidence.outcome
    if frame is None:
        return ()
    hle = outcome.place.areas.get("hle")
    rows = []
    for grouping in ("band", "imd_quintile"):
        for row in frame[frame["grouping"] == grouping].itertuples(index=False):
            words = group_words(outcome, grouping, row.group)
            span = UNKNOWN if grouping == "band" else ""
            if grouping == "band" and hle is not None and row.group.isdigit():
                values = hle[(outcome.assessment.need.band == int(row.group)).to_numpy()]
                span = (
                    f"{values.min():.1f} to {values.max():.1f}" if values.notna().any() else UNKNOWN
                )
            rows.append((f"{words[0].upper()}{words[1:]}", people(row.people), span))
    if not rows:
        return ()
    heads = ("Band of need, fifth of deprivation", "People", "HLE, years")
    return (Table("People by need", heads, tuple(rows), (False, True, True)),)


def method_section(evidence: Evidence) -> BriefSection:
    """How the plan was made."""
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
NO_WAVES = "No waves were given"
_PROVED = {
    "optimal": "proved best",
    "feasible": "not proved",
    "infeasible": "no plan keeps the rules",
    "stopped": "stopped before a plan was found",
}


def plan_section(evidence: Evidence) -> BriefSection:
    """The centres, and which of their fields are blank."""
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
    if evidence.wave_sites is not None:
        parts += evidence_table(evidence, "wave_sites", ("wave", "site_id", "name"))
    return (BriefSection("Waves", tuple(parts)),)


def _centres(evidence: Evidence) -> Table:
    outcome, waves = evidence.outcome, evidence.wave_sites
    centres = frames.centres(outcome)
    named = {} if waves is None else dict(zip(waves["site_id"], waves["wave"], strict=True))
    sites = outcome.place.sites.set_index("site_id")
    today = {"existing": "open today", "committed": "committed"}
    rows = []
    for centre in centres.head(MOST).itertuples(index=False):
        more = "" if not centre.over_capacity > 0 else " (full)"
        rows.append(
            (
                str(centre.number),
                centre.name,
                terms.ROLES[centre.role].removesuffix(" centre"),
                _given(sites, centre.site_id, "works"),
                _given(sites, centre.site_id, "cost", "pounds"),
                people(centre.people_served) + more,
                people(centre.capacity),
                *(
                    ()
                    if waves is None
                    else (named.get(centre.site_id, today.get(centre.role, UNKNOWN)),)
                ),
            )
        )
    heads = ("No.", "Site", "Status", "Works", "Capital", "People served", "Capacity",
             *(() if waves is None else ("Wave",)))  # fmt: skip
    note = f"{terms.served(outcome.plan)}."
    if (centres["over_capacity"] > 0).any():
        note += " Full: it would serve more people than it has room for."
    if len(centres) > MOST:
        note += (
            f" The first {MOST} of {len(centres):,} centres, as numbered; all of them are in the "
            "workbook, sheet Pipeline, and tables/catchments.csv."
        )
    numbers = (True, False, False, False, True, True, True, *(() if waves is None else (False,)))
    title = "The centres by their numbers" + (" on the map" if len(centres) <= NUMBERED else "")
    return Table(title, heads, tuple(rows), numbers, note)


def _given(sites: pd.DataFrame, site: str, column: str, unit: str = "") -> str:
    """Return a field of a site from the user's list."""
    return cell(sites[column].get(site) if column in sites else None, unit)


def _blanks(evidence: Evidence) -> str:
    """Return the complete fields of the return, and the number of blanks of each other."""
    sites = evidence.outcome.place.sites.iloc[list(evidence.outcome.plan.opened)]
    given, missing = [], []
    for name, words in _FILLED.items():
        column = sites.get(name, pd.Series(index=sites.index, dtype=object))
        blank = int(column.replace("", None).isna().sum())
        if blank:
            missing.append(f"{words} {blank:,}")
        else:
            given.append(words)
    cells = hand_in.blanks(evidence)["Fit to criteria"]
    if cells:
        missing.append(f"fit to criteria and minimum requirements {cells:,} cells")
    return say("need", "blanks", given=given, missing=missing, to_fill=TO_FILL)
