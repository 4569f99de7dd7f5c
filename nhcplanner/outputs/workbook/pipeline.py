"""Pipeline: the strategic NHC pipeline table, one row a centre, blanks for people to fill.

Overall: what the pipeline asks of the ICB as a whole, with what is known beside it.
"""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.columns import WORKS
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES, Cell
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.workbook.costs import FOOTPRINT
from nhcplanner.outputs.workbook.page import Block, SheetPage

CELLS = (
    Cell("number", "No."),
    Cell("site_id", "Site id"),
    Cell("name", "Site"),
    Cell("council", "Council"),
    Cell("neighbourhood", "Neighbourhood"),
    Cell("postcode", "Postcode"),
    Cell("easting", "Easting", "metres"),
    Cell("northing", "Northing", "metres"),
    Cell("role", "In the plan"),
    Cell("kind", "Building today"),
    Cell("wave", "Wave"),
    Cell("service_model", "Service model (archetype)"),
    Cell("works", "Refurbishment, extension or new build"),
    Cell("people", "Population served", "people"),
    *(Cell(f"people_q{n}", f"Of fifth {n}" + ("", " (most deprived)")[n == 1], "people")
      for n in range(1, 6)),
    Cell("people_q_unknown", "Of no known fifth", "people"),
    Cell("people_nearest", "Nearest for (within reach)", "people"),
    Cell("of_footprint", "Of a full footprint", "share"),
    Cell("capacity", "Capacity (people)", "people"),
    Cell("floor_area_m2", "Floor area (m2)", "m2"),
    Cell("size_date", "Size as of"),
    Cell("tenure", "Tenure"),
    Cell("constraints", "Constraints"),
    Cell("planning_status", "Planning status"),
    Cell("digital", "Digital"),
    Cell("cost", "Indicative capital", "pounds"),
    Cell("cost_date", "Prices of"),
    Cell("running_cost", "Running cost a year", "pounds a year"),
    Cell("gp_on_site", "General practice on site"),
    Cell("hours", "Open 12 hours, 6 days"),
    Cell("disposals", "Disposals enabled"),
    Cell("engagement", "Engagement"),
)  # fmt: skip
FILL = (
    "neighbourhood", "postcode", "service_model", "works", "capacity", "floor_area_m2", "size_date",
    "tenure", "constraints", "planning_status", "digital", "cost", "cost_date", "running_cost",
    "gp_on_site", "hours", "disposals", "engagement",
)  # fmt: skip
CHOICES = {
    "service_model": (
        "hub-and-spoke", "repurposed civic or high-street space", "cohort-specific hub",
        "purpose-built",
    ),
    "works": WORKS,
    "planning_status": (
        "not needed", "not applied for", "pre-application", "applied for", "granted", "refused",
    ),
    "digital": ("ready", "upgrade needed", "not known"),
    "gp_on_site": ("yes", "planned", "no"),
    "hours": ("yes", "planned", "no"),
}  # fmt: skip
PAGES_WIDE = 3
SHEET = "Pipeline"


def add_pipeline(page: SheetPage, evidence: Evidence) -> Block:
    """Write the sheet; where its table stands."""
    frame = pipeline(evidence)
    block = page.table(frame, CELLS, repeat=True)
    for row, people in enumerate(frame["people"].tolist()):
        formula = f"={block.cell(row, 'people')}/footprint_people"
        column = block.columns["of_footprint"]
        page.formula(block.first + row, column, formula, people / FOOTPRINT, "share")
    page.mark_blanks(block, FILL)
    for name, words in CHOICES.items():
        page.choose(block, name, words)
    _totals(page, block, frame)
    page.sheet.fit_to_pages(PAGES_WIDE, 0)
    page.sheet.repeat_columns(0, 2)
    page.finish()
    return block


def pipeline(evidence: Evidence) -> pd.DataFrame:
    """The centres with all that is known of each, in the plan's order."""
    outcome = evidence.outcome
    sites = outcome.place.sites.iloc[list(outcome.plan.opened)].reset_index(drop=True)
    frame = pd.DataFrame(sites.drop(columns="geometry"))
    frame["number"] = range(1, len(frame) + 1)
    frame["easting"], frame["northing"] = sites.geometry.x.round(), sites.geometry.y.round()
    found = evidence.catchments
    if found is None:
        found = pd.DataFrame(columns=TABLES["catchments"].names)
    known = found.drop(columns=["site_id", "capacity"])
    frame = pd.concat([frame.drop(columns=known.columns, errors="ignore"), known], axis=1)
    frame["role"] = frame["role"].map(terms.ROLES)
    frame["kind"] = frame["kind"].str.replace("_", " ")
    waves = evidence.wave_sites
    if waves is not None:
        named = dict(zip(waves["site_id"], waves["wave"], strict=True))
        today = sites["status"].map({"existing": "open today", "committed": "committed"})
        frame["wave"] = frame["site_id"].map(named).fillna(today)
    return frame


def _totals(page: SheetPage, block: Block, frame: pd.DataFrame) -> None:
    """People of all centres, and how many costs are still blank."""
    if frame.empty:
        return
    row = block.last + 1
    page.put(row, 0, "All", kind="total")
    for name in ("people", *(f"people_q{n}" for n in range(1, 6)), "people_q_unknown"):
        total = float(frame[name].sum(min_count=1))
        page.formula(row, block.columns[name], f"=SUM({block.range(name)})", total, "people")
    cost = block.columns["cost"]
    known = frame["cost"] if "cost" in frame else pd.Series(dtype=float)
    words = f"given for {known.notna().sum()} of {len(frame)}"
    formula = f'="given for "&COUNT({block.range("cost")})&" of "&ROWS({block.range("cost")})'
    page.formula(row, cost, formula, words)
    page.row = row + 2


ASKED = (
    "Neighbourhood geography: which footprints of 30,000 to 50,000 people",
    "Fit to the programme's criteria",
    "Disposals enabled",
    "Engagement: who was asked, and what they said",
    "Digital readiness overall",
)
HEADS = ("What is asked", "Known", "For the ICB to say")


def add_overall(page: SheetPage, evidence: Evidence, block: Block) -> None:
    """Write the sheet.

    Parameters
    ----------
    page
        The sheet.
    evidence
        What it is made from.
    block
        Where the pipeline's table stands on its own sheet.
    """
    page.words(
        "The sheet Pipeline has one row a centre of the plan. Marked cells are blank because only "
        "people can fill them; the mark goes when they do. Nothing in them was guessed."
    )
    page.row += 1
    for column, words in enumerate(HEADS):
        page.sheet.write_string(page.row, column, words, page.look.of("head"))
    frame = pipeline(evidence)
    for role in ("existing", "committed", "new"):
        words = terms.ROLES[role]
        _count(page, f"{words}s", block.range("role"), words, frame["role"].tolist())
    works = frame["works"].tolist() if "works" in frame else []
    for kind in WORKS[1:]:
        _count(page, f"Works: {kind}", block.range("works"), kind, works)
    for words in ASKED:
        page.row += 1
        page.put(page.row, 0, words)
        page.put(page.row, 1, None)
        page.put(page.row, 2, None, kind="input")
        page.sheet.set_row(page.row, 45)
    page.finish(A=40, B=10, C=70)


def _count(page: SheetPage, words: str, column: str, wanted: str, cells: list[object]) -> None:
    """How many of the pipeline's rows say so, as a formula that follows what people fill."""
    page.row += 1
    page.put(page.row, 0, words)
    every = f"{SHEET}!{column}"
    formula = f'=IF(COUNTA({every})=0,"not filled",COUNTIF({every},"{wanted}"))'
    filled = any(pd.notna(cell) and cell != "" for cell in cells)
    page.formula(page.row, 1, formula, cells.count(wanted) if filled else "not filled")
    page.put(page.row, 2, None, kind="input")
