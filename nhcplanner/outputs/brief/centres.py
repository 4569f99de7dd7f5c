"""Centres: the plan site by site, what only people can fill in, and its waves."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.words import counted
from nhcplanner.outputs import tables, wording
from nhcplanner.outputs.brief.maps import NUMBERED
from nhcplanner.outputs.brief.parts import Bullets, Paragraph, Part, Section, Table
from nhcplanner.outputs.brief.written import MOST, TO_FILL, UNKNOWN, cell, people, shown

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


def plan_section(evidence: Evidence) -> Section:
    """The centres, and which of their fields are blank."""
    if not evidence.outcome.plan.opened:
        return Section("Centres of the plan", (Paragraph("There is no plan."),), fresh=True)
    parts: tuple[Part, ...] = (_centres(evidence), Paragraph(_blank_words()), _blanks(evidence))
    return Section("Centres of the plan", parts, fresh=True)


def waves_section(evidence: Evidence) -> Section:
    """What stands at the end of each wave, and what opens in it."""
    waves = evidence.waves
    if waves is not None:
        waves = waves.assign(status=waves["status"].replace(_PROVED))
    parts = list(shown(evidence, "waves", [one.name for one in TABLES["waves"].cells], waves))
    if evidence.wave_sites is not None:
        parts += shown(evidence, "wave_sites", ("wave", "site_id", "name"))
    return Section("Waves", tuple(parts))


def _centres(evidence: Evidence) -> Table:
    outcome, waves = evidence.outcome, evidence.wave_sites
    centres = tables.centres(outcome)
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
            wording.ROLES[one.role],
            named.get(one.site_id, today.get(one.role, unplanned)),
            people(one.people_served),
            people(one.capacity),
        )
        for one in centres.head(MOST).itertuples(index=False)
    )
    heads = ("No.", "Site", "Council", "In the plan", "Wave", "People nearest", "Capacity")
    note = "People nearest: for whom it is the nearest centre within reach."
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
        f"{counted(len(sites), 'centre')}"
    )
    return Bullets(tuple(points))
