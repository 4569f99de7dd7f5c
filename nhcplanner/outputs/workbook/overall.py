"""Overall: what the pipeline asks of the ICB as a whole, with what is known beside it."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.columns import WORKS
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import wording
from nhcplanner.outputs.workbook.page import Block, Page
from nhcplanner.outputs.workbook.pipeline import SHEET, pipeline

ASKED = (
    "Neighbourhood geography: which footprints of 30,000 to 50,000 people",
    "Fit to the programme's criteria",
    "Disposals enabled",
    "Engagement: who was asked, and what they said",
    "Digital readiness overall",
)
HEADS = ("What is asked", "Known", "For the ICB to say")


def add_overall(page: Page, evidence: Evidence, block: Block) -> None:
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
        words = wording.ROLES[role]
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


def _count(page: Page, words: str, column: str, wanted: str, cells: list[object]) -> None:
    """How many of the pipeline's rows say so, as a formula that follows what people fill."""
    page.row += 1
    page.put(page.row, 0, words)
    every = f"{SHEET}!{column}"
    formula = f'=IF(COUNTA({every})=0,"not filled",COUNTIF({every},"{wanted}"))'
    filled = any(pd.notna(cell) and cell != "" for cell in cells)
    page.formula(page.row, 1, formula, cells.count(wanted) if filled else "not filled")
    page.put(page.row, 2, None, kind="input")
