"""Sheet of the strategic NHC pipeline table: a row for each centre, with blanks to fill.

Sheet Overall: questions to the ICB as a whole, with the known answers.

Sheets Fit (criteria and minimum requirements by centre) and Ruled out (sites not allowed to open).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from nhcplanner.domain.case import CHECK
from nhcplanner.domain.colocation import kinds_near, names_near, services_of
from nhcplanner.domain.columns import WORKS
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import SITE, TABLES, Cell
from nhcplanner.domain.services import services_to_add
from nhcplanner.domain.sizes import CHOSEN
from nhcplanner.outputs.frames import TO_ADD
from nhcplanner.outputs.tables import hand_in, levels
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.workbook.costs import FOOTPRINT
from nhcplanner.outputs.workbook.page import Block, SheetPage

CELLS = (
    Cell("number", "No."),
    *SITE,
    Cell("council", "Council"),
    Cell("neighbourhood", "Neighbourhood"),
    Cell("postcode", "Postcode"),
    Cell("easting", "Easting", "grid reference"),
    Cell("northing", "Northing", "grid reference"),
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
    Cell(CHOSEN, "Size in the plan"),
    Cell("capacity", "Capacity (people)", "people"),
    Cell("room_left", "Room left (people)", "people"),
    Cell("floor_area_m2", "Floor area (m²)", "m²"),
    Cell("size_date", "Date of the size"),
    Cell("services_to_add", "Services to add"),
    Cell("rooms_needed", "Rooms needed for them"),
    Cell("staff_needed", "Staff needed for them"),
    Cell("services_near", "Services near (kinds)"),
    Cell("services_near_kinds", "Which services are near"),
    Cell("opening_hours", "Opening hours"),
    Cell("tenure", "Tenure"),
    Cell("constraints", "Constraints"),
    Cell("planning_status", "Planning status"),
    Cell("digital", "Digital"),
    Cell("cost", "Indicative capital", "pounds"),
    Cell("cost_date", "Prices of"),
    Cell("running_cost", "Running cost a year", "pounds a year"),
    Cell("disposals", "Disposals enabled"),
    Cell("engagement", "Engagement"),
    Cell("parking_spaces", "Parking spaces", "spaces"),
    Cell("blue_badge_spaces", "Blue badge spaces", "spaces"),
)  # fmt: skip
SIZED = (CHOSEN, "room_left")
"""Columns of plans that choose sizes."""
PARKING = ("parking_spaces", "blue_badge_spaces")
FILL = (
    "neighbourhood", "postcode", "service_model", "works", "capacity", "floor_area_m2", "size_date",
    "opening_hours", "tenure", "constraints", "planning_status", "digital", "cost", "cost_date",
    "running_cost", "disposals", "engagement",
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
}  # fmt: skip
PAGES_WIDE = 3
SHEET = "Pipeline"


def add_pipeline(page: SheetPage, evidence: Evidence) -> Block:
    """Write the sheet and return the block of its table."""
    frame = pipeline(evidence)
    block = page.table(frame, cells_of(frame), repeat=True)
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


def cells_of(frame: pd.DataFrame) -> tuple[Cell, ...]:
    """Return the columns of the pipeline, with parking and sizes only if some are known."""
    optional = (*PARKING, *SIZED, *TO_ADD)
    known = [name for name in optional if name in frame and frame[name].notna().any()]
    return tuple(cell for cell in CELLS if cell.name not in optional or cell.name in known)


def pipeline(evidence: Evidence) -> pd.DataFrame:
    """Return the centres in the order of the plan, with all known facts."""
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
    if outcome.scenario.services:
        lacks = services_to_add(sites, outcome.scenario.services)
        frame = frame.assign(**{name: lacks[name] for name in TO_ADD})
    near = services_of(outcome.place.sites, outcome.scenario).iloc[list(outcome.plan.opened)]
    frame["services_near"] = kinds_near(near).to_numpy()
    frame["services_near_kinds"] = names_near(near).to_numpy()
    if CHOSEN in frame:
        frame["room_left"] = (frame["capacity"] - frame["people"]).clip(lower=0.0)
    frame["role"] = frame["role"].map(terms.ROLES)
    frame["kind"] = frame["kind"].map(terms.kind)
    waves = evidence.wave_sites
    if waves is not None:
        wave_of_site = dict(zip(waves["site_id"], waves["wave"], strict=True))
        today = sites["status"].map({"existing": "open today", "committed": "committed"})
        frame["wave"] = frame["site_id"].map(wave_of_site).astype("object").fillna(today)
    return frame


def _totals(page: SheetPage, block: Block, frame: pd.DataFrame) -> None:
    """Write the sums over all centres, and the number of centres with each cost."""
    if frame.empty:
        return
    row = block.last + 1
    page.put(row, 0, "All", kind="total")
    for name in ("people", *(f"people_q{n}" for n in range(1, 6)), "people_q_unknown"):
        total = float(frame[name].sum(min_count=1))
        page.formula(row, block.columns[name], f"=SUM({block.range(name)})", total, "people")
    page.put(row + 1, 0, "Sum, as far as given", kind="total")
    page.put(row + 2, 0, "Given for", kind="total")
    for name in ("cost", "running_cost"):
        values = frame[name] if name in frame else pd.Series(dtype=float)
        column, cells = block.columns[name], block.range(name)
        page.formula(row + 1, column, f"=SUM({cells})", float(values.sum()), "pounds")
        words = f"{values.notna().sum()} of {len(frame)}"
        page.formula(row + 2, column, f'=COUNT({cells})&" of "&ROWS({cells})', words)
    page.row = row + 4


QUESTIONS = (
    "Neighbourhood geography: how footprints of 30,000 to 50,000 people were agreed, and with whom",
    "Fit to the programme's criteria, overall",
    "Disposals enabled, overall",
    "Engagement: who was asked, and what they said",
    "Digital readiness overall",
)
"""Questions that the ICB must answer in words."""


def add_overall(page: SheetPage, evidence: Evidence) -> tuple[Block, Block]:
    """Write the sheet; return the blocks of neighbourhoods and of questions."""
    page.words(
        "What regions ask of the ICB as a whole. The sheet Pipeline has one row a centre, the "
        "sheet Fit to criteria one row a centre and requirement. Marked cells are blank because "
        "only people can fill them; the mark goes when they do. No answer was guessed."
    )
    page.heading("Neighbourhoods")
    page.words(
        "People and need are known only where the areas say which neighbourhood they belong to "
        "(a column neighbourhood). Centres are those of the plan."
    )
    frame = hand_in.neighbourhoods(evidence)
    places = page.table(frame, hand_in.NEIGHBOURHOODS)
    if (frame["neighbourhood"] == hand_in.NOT_GIVEN).any():  # the last row has no people to count
        places = replace(places, last=places.last - 1)
    page.mark_blanks(places, hand_in.COUNTED)
    by_level = levels.levels(evidence)
    if len(by_level):
        page.heading("Neighbourhoods and larger areas by need, those without a centre first")
        page.table(by_level, levels.LEVELS)
    page.heading("Estate: centres that are NHCs already, additional ones, and sites not used")
    page.table(hand_in.estate(evidence), hand_in.ESTATE)
    page.heading("Disposals, engagement and digital, summed from the list of sites")
    page.table(hand_in.summed(evidence), hand_in.SUMMED)
    page.heading("ICB's answer")
    questions = pd.DataFrame({"asked": QUESTIONS, "words": None})
    answers = page.table(questions, (Cell("asked", "Question"), Cell("words", "ICB's answer")))
    page.mark_blanks(answers, ("words",))
    page.finish(A=44, B=30)
    return places, answers


FIT_SHEET, RULED_OUT_SHEET = "Fit to criteria", "Ruled-out sites"
STATES = ("met", "gap")


def add_fit(page: SheetPage, evidence: Evidence) -> Block:
    """Write each criterion and minimum requirement for each centre: met, gap, evidence, by whom."""
    page.words(
        f"Minimum requirements to be designated: {CHECK}. The programme's own criteria are those "
        "of the case file; their text is not public."
    )
    criteria = evidence.case.criteria
    page.words(*(f"{entry.name}: {entry.words}" for entry in criteria if entry.words))
    block = page.table(hand_in.fit(evidence), hand_in.FIT, repeat=True)
    page.mark_blanks(block, hand_in.JUDGED)
    page.choose(block, "state", STATES)
    page.finish(F=40, G=24, H=44)
    return block


def add_ruled_out(page: SheetPage, evidence: Evidence) -> Block:
    """Write every site that may not open, with its reason."""
    page.words("Sites marked forbidden in the list, or ruled out by the scenario (forbid).")
    block = page.table(hand_in.ruled_out(evidence), hand_in.RULED_OUT, repeat=True)
    page.mark_blanks(block, ("reason",))
    page.finish(C=46, D=46)
    return block


def blank_cells(
    sheet: str, block: Block, names: Sequence[str], frame: pd.DataFrame, part: str = ""
) -> BlankCells:
    """Count the blank cells of some columns, and return the formula that counts them."""
    ranges = [f"'{sheet}'!{block.range(name)}" for name in names] if len(frame) else []
    known = [frame[name] if name in frame else pd.Series(index=frame.index) for name in names]
    blank = sum(int((column.isna() | (column == "")).sum()) for column in known)
    formula = "+".join(f"COUNTBLANK({cells})" for cells in ranges) or "0"
    title = f"{sheet}, {part}" if part else sheet
    return BlankCells(title, f"={formula}", blank, len(names) * len(frame))


@dataclass(frozen=True)
class BlankCells:
    """Number of cells on a sheet that people must fill.

    Parameters
    ----------
    sheet
        Its name.
    formula
        Formula that counts the blank cells.
    blank, every
        Number of blank cells now, and of all cells to fill.
    """

    sheet: str
    formula: str
    blank: int
    every: int
