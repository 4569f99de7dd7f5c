"""The workbook: its sheets in order, and the sheets that only show tables."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES, Cell
from nhcplanner.outputs import frames
from nhcplanner.outputs.sanitise import file_name
from nhcplanner.outputs.tables import hand_in
from nhcplanner.outputs.wording import method, terms
from nhcplanner.outputs.workbook import appraisal, costs, pipeline
from nhcplanner.outputs.workbook.page import A3, A4, SheetPage, SheetStyle
from nhcplanner.outputs.workbook.pipeline import BlankCells

MOST_ROWS = 1_000
"""Most rows of a table on a sheet with several tables; the CSV tables have all rows."""
USE = (
    "A good plan is one nearly as good as the best: always = open in all of them, never = in none; "
    "the sheet Sensitivity says how near."
)


def add_readme(
    page: SheetPage, evidence: Evidence, sheets: dict[str, str], blank: Sequence[BlankCells]
) -> None:
    """Write purpose, certainty, cells still to fill, and contents."""
    outcome = evidence.outcome
    imprint = [f"Plan of {evidence.date}" if evidence.date else "", evidence.case.version]
    imprint += [f"Author: {evidence.case.author}" if evidence.case.author else ""]
    if any(imprint):
        page.words(". ".join(item for item in imprint if item))
    page.words(terms.question(outcome), f"{evidence.verdict.words}.")
    page.words(*(f"   {goal.words}" for goal in evidence.verdict.goals))
    page.words(terms.reached(outcome))
    page.heading("Cells that are not filled yet")
    counted = pd.DataFrame([(item.sheet, None, item.every) for item in blank])
    cells = (Cell("sheet", "Sheet"), Cell("blank", "Blank"), Cell("every", "Of"))
    block = page.table(counted.set_axis([item.name for item in cells], axis=1), cells)
    for row, item in enumerate(blank):
        page.formula(block.first + row, block.columns["blank"], item.formula, item.blank)
    page.put(block.last + 1, 0, "All", kind="total")
    for name, total in (("blank", sum(item.blank for item in blank)),
                        ("every", sum(item.every for item in blank))):  # fmt: skip
        page.formula(block.last + 1, block.columns[name], f"=SUM({block.range(name)})", total)
    page.row = block.last + 3
    page.heading("Sheets")
    listed = pd.DataFrame(sheets.items(), columns=["sheet", "holds"])
    page.table(listed, (Cell("sheet", "Sheet"), Cell("holds", "What it holds")))
    page.heading("What a reader must know")
    page.words(*dict.fromkeys((*terms.labels(outcome), *outcome.assessment.notes)))
    page.words(
        "Blank means not known, never zero. Marked cells are for people to fill. Minutes beyond "
        f"{outcome.times.horizon:g} are blank; a mean counts them as {outcome.times.horizon:g}, so "
        "the true mean is at least this value."
    )
    page.heading("Missing or not complete")
    missing = [f"{method.about_words(about)}: {why}" for about, why in evidence.reasons.items()]
    page.words(*(missing or ["All requested tables are complete."]))
    page.sheet.fit_to_pages(1, 1)
    page.finish(A=24, B=80)


def add_access(page: SheetPage, evidence: Evidence) -> None:
    """Write people by time band, mode, minute and year, catchments and waves."""
    names = (
        "within", "windows", "catchments", "competition", "patients", "assignment", "years",
        "waves", "wave_sites", "centres", "curve",
    )  # fmt: skip
    for name in names:
        _table(page, evidence, name)
    page.finish(A=24)


def add_equality(page: SheetPage, evidence: Evidence) -> None:
    """Write who gains and who loses."""
    page.words(
        "People by age, disability and car are taken to be spread over their area as everyone is. "
        "Groups without data are not listed; the reasons are under the table."
    )
    groups = evidence.groups
    if groups is not None:
        page.heading(TABLES["groups"].title)
        page.table(_named(groups), TABLES["groups"].cells)
    lacking = [
        f"{method.about_words(about)}: {why}"
        for about, why in evidence.reasons.items()
        if about.startswith("groups: ")
    ]
    page.words(*lacking)
    if evidence.furthest is not None:
        page.heading(TABLES["furthest"].title)
        page.table(_named(evidence.furthest), TABLES["furthest"].cells)
    _inequality(page, evidence)
    _table(page, evidence, "losers")
    page.finish(A=26, B=24)


def add_sensitivity(page: SheetPage, evidence: Evidence) -> None:
    """Write the plan in other cases, without each site, and plans nearly as good."""
    for name in ("robustness", "stays", "losses", "alternatives", "alternative_sites"):
        _table(page, evidence, name)
    page.finish(A=14)


def add_long_list(page: SheetPage, evidence: Evidence) -> None:
    """Write every site, why it is on the short list or not, and how good plans use it."""
    frame, roles = evidence.long_list, evidence.roles
    page.words(evidence.reasons.get("roles") or USE)
    if frame is not None:
        if roles is not None:
            unproved = roles["use"].isin(["always", "never"]) & ~roles["proved"].astype(bool)
            use = roles["use"].mask(unproved, roles["use"] + ", not proved")
            frame = frame.merge(roles[["site_id"]].assign(use=use), on="site_id", how="left")
        frame = frame.assign(kind=frame["kind"].map(terms.kind))
        cells = (*TABLES["long_list"].cells, Cell("use", "Open in good plans"))
        page.table(frame, cells, repeat=True)
    page.finish()


def add_whole(page: SheetPage, evidence: Evidence, name: str) -> None:
    """Write all rows of one table."""
    frame = evidence.table(name)
    page.words(*evidence.notes_on(name))
    if frame is not None:
        page.table(frame, TABLES[name].cells, repeat=True)
    page.finish()


def add_sources(page: SheetPage, evidence: Evidence) -> None:
    """Write the source of every layer, with its licence and the words that it requires."""
    listed = frames.sources(evidence.outcome.place)
    cells = [Cell(name, name.replace("_", " ").capitalize()) for name in listed.columns]
    page.table(listed, cells, repeat=True)
    page.heading("Made by")
    versions = pd.DataFrame(evidence.outcome.versions.items(), columns=["name", "version"])
    page.table(versions, (Cell("name", "Name"), Cell("version", "Version")))
    name = shlex.quote(evidence.place_name) if evidence.place_name else "PLACE"
    made = "" if evidence.place_name else " (a place made in memory)"
    page.words(f"How to make it again: nhcplanner rerun plan.json {name}{made}")
    page.finish()


def _table(page: SheetPage, evidence: Evidence, name: str) -> None:
    page.heading(TABLES[name].title)
    frame = evidence.table(name)
    page.words(*evidence.notes_on(name))
    if frame is None:
        return
    if frame.empty:
        page.words("None.")
        return
    page.table(frame.head(MOST_ROWS), TABLES[name].cells)
    if len(frame) > MOST_ROWS:
        page.words(f"{len(frame) - MOST_ROWS:,} further rows are in the CSV table {name}.")


def _inequality(page: SheetPage, evidence: Evidence) -> None:
    """Write the measures of inequality, and an explanation of each."""
    page.heading(TABLES["inequality"].title)
    frame = evidence.inequality
    if frame is None:
        page.words(evidence.reasons.get("inequality", ""))
        return
    page.table(frame, [cell for cell in TABLES["inequality"].cells if cell.name != "meaning"])
    page.words(
        "Gaps and slopes of shares are in percentage points.", *evidence.notes_on("inequality")
    )
    measures = frame.drop_duplicates("measure")
    page.words(*(f"{one.measure}: {one.meaning}" for one in measures.itertuples(index=False)))


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(grouping=frame["grouping"].map(terms.GROUPINGS))


SHEETS = {
    "Read me": "The question, how sure the answer is, what is missing",
    "Overall": "Neighbourhoods, estate, disposals, engagement and digital, with cells to fill",
    pipeline.SHEET: "The strategic NHC pipeline table, one row a centre, with cells to fill",
    pipeline.FIT_SHEET: "Criteria and minimum requirements for each centre: met, gap, evidence",
    pipeline.RULED_OUT_SHEET: "Sites that may not open, and why",
    "Options appraisal": "Options, scores, what would switch the choice, the price of priority",
    "Sensitivity": "The plan in other cases, without each site, and other plans nearly as good",
    costs.COSTS_SHEET: "Every centre of any option; costs to fill, and formulas on them",
    "Long list": "Every site, and why it is on the short list or not",
    "Access": "People by time band and mode, by minute, by centre and by wave",
    "Equality": "Who gains and who loses, by group; inequality; areas that lose",
    "Areas": "Minutes before and after, area by area",
    costs.SHEET: "Rates, weights and years that formulas read",
    "Sources": "Sources, licences, versions",
}
_LARGE = (pipeline.SHEET,)
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(evidence: Evidence, folder: Path) -> None:
    """Write `nhc-PLACE.xlsx` into a folder.

    Formulas are stored with their current values. The same evidence gives the same bytes.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    title = evidence.outcome.place.title
    path = folder / file_name(f"nhc-{title}", ".xlsx")
    book = Workbook(path, _OPTIONS)
    book.set_properties(
        {
            "title": f"Neighbourhood health centres: {title}",
            "author": "nhcplanner",
            "comments": evidence.outcome.scenario.title,
            "created": datetime(2000, 1, 1),  # noqa: DTZ001  (the same evidence, the same bytes)
        }
    )
    look = SheetStyle(book)
    pages = {
        name: SheetPage(book, look, name, title, A3 if name in _LARGE else A4) for name in SHEETS
    }
    add_readme(pages["Read me"], evidence, SHEETS, _return(pages, evidence))
    cost_block = costs.add_costs(pages[costs.COSTS_SHEET], evidence)
    appraisal.add_appraisal(pages["Options appraisal"], evidence, cost_block)
    add_sensitivity(pages["Sensitivity"], evidence)
    add_long_list(pages["Long list"], evidence)
    add_access(pages["Access"], evidence)
    add_equality(pages["Equality"], evidence)
    add_whole(pages["Areas"], evidence, "areas")
    costs.add_assumptions(book, pages[costs.SHEET], evidence)
    add_sources(pages["Sources"], evidence)
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error)) from None


def _return(pages: dict[str, SheetPage], evidence: Evidence) -> list[pipeline.BlankCells]:
    """Write the sheets that people fill; return their blank cells."""
    block = pipeline.add_pipeline(pages[pipeline.SHEET], evidence)
    places, answers = pipeline.add_overall(pages["Overall"], evidence)
    fit = pipeline.add_fit(pages[pipeline.FIT_SHEET], evidence)
    out = pipeline.add_ruled_out(pages[pipeline.RULED_OUT_SHEET], evidence)
    questions = pd.DataFrame({"words": [None] * len(pipeline.QUESTIONS)})
    by_neighbourhood = hand_in.neighbourhoods(evidence)
    by_neighbourhood = by_neighbourhood[by_neighbourhood["neighbourhood"] != hand_in.NOT_GIVEN]
    count = pipeline.blank_cells
    return [
        count(pipeline.SHEET, block, pipeline.FILL, pipeline.pipeline(evidence)),
        count("Overall", places, hand_in.COUNTED, by_neighbourhood, "neighbourhoods"),
        count("Overall", answers, ("words",), questions, "in words"),
        count(pipeline.FIT_SHEET, fit, hand_in.JUDGED, hand_in.fit(evidence)),
        count(pipeline.RULED_OUT_SHEET, out, ("reason",), hand_in.ruled_out(evidence)),
    ]
