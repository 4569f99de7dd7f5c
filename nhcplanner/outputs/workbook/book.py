"""Book: the workbook's sheets in order, written as one file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.sanitise import file_name
from nhcplanner.outputs.tables import hand_in
from nhcplanner.outputs.workbook import appraisal, costs, pipeline, sheets
from nhcplanner.outputs.workbook.page import A3, A4, SheetPage, SheetStyle

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

    Formulas carry the values that they have today. The same evidence gives the same bytes.

    Raises
    ------
    OSError
        Where it cannot be written.
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
    sheets.add_readme(pages["Read me"], evidence, SHEETS, _return(pages, evidence))
    spent = costs.add_costs(pages[costs.COSTS_SHEET], evidence)
    appraisal.add_appraisal(pages["Options appraisal"], evidence, spent)
    sheets.add_sensitivity(pages["Sensitivity"], evidence)
    sheets.add_long_list(pages["Long list"], evidence)
    sheets.add_access(pages["Access"], evidence)
    sheets.add_equality(pages["Equality"], evidence)
    sheets.add_whole(pages["Areas"], evidence, "areas")
    costs.add_assumptions(book, pages[costs.SHEET], evidence)
    sheets.add_sources(pages["Sources"], evidence)
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
    named = hand_in.neighbourhoods(evidence)
    named = named[named["neighbourhood"] != hand_in.NOT_GIVEN]
    count = pipeline.blank_cells
    return [
        count(pipeline.SHEET, block, pipeline.FILL, pipeline.pipeline(evidence)),
        count("Overall", places, hand_in.COUNTED, named, "neighbourhoods"),
        count("Overall", answers, ("words",), questions, "in words"),
        count(pipeline.FIT_SHEET, fit, hand_in.JUDGED, hand_in.fit(evidence)),
        count(pipeline.RULED_OUT_SHEET, out, ("reason",), hand_in.ruled_out(evidence)),
    ]
