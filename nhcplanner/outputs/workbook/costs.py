"""Costs: every new centre of any option, its cost in cells that the options' totals read."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES, Cell
from nhcplanner.outputs.workbook.page import Block, Page

SHEET = "Costs"
FILL = ("opens", "capital", "cost_date", "running")


def add_costs(page: Page, evidence: Evidence) -> Block | None:
    """Write the sheet; where its table stands, None where no option opens a new centre."""
    frame = evidence.costs
    page.words(
        "Capital is spent in the year a centre opens and may be raised by the optimism bias; it "
        "runs from the year after. Fill a marked cell and all options follow. A blank is not "
        "known, never zero: an option with one has no total. Where the running cost is blank, "
        "whole costs are of capital alone.",
        evidence.discounting.source,
    )
    if frame is None or frame.empty:
        page.words("No option opens a new centre.")
        return None
    cells = (*TABLES["costs"].cells, *(Cell(name, name) for name in option_names(evidence)))
    block = page.table(_members(frame, evidence), cells, repeat=True)
    for row, site in enumerate(frame.itertuples(index=False)):
        undiscounted, discounted = formulas(block, row)
        line = block.first + row
        for name, formula, value in (
            ("undiscounted", undiscounted, site.undiscounted),
            ("discounted", discounted, site.discounted),
        ):
            page.formula(line, block.columns[name], formula, value, "pounds")
    page.mark_blanks(block, FILL)
    page.finish()
    return block


def option_names(evidence: Evidence) -> list[str]:
    """Options in order."""
    return [] if evidence.options is None else evidence.options["option"].tolist()


def formulas(block: Block, row: int) -> tuple[str, str]:
    """Whole cost of a site, undiscounted and discounted, as formulas on its own row."""
    capital, running, opens = (block.cell(row, name) for name in ("capital", "running", "opens"))
    later = f"MAX({opens}-base_year,0)"
    raised = f"{capital}*(1+optimism_bias)"
    ran = f"N({running})*MAX(years_counted-{later},0)"
    worth = (
        f"IF(discount_rate=0,MAX(years_counted-{later},0),"
        f"MAX((1+discount_rate)^-{later}-(1+discount_rate)^-years_counted,0)/discount_rate)"
    )
    now = f"{raised}/(1+discount_rate)^{later}+N({running})*{worth}"
    return f'=IF({capital}="","",{raised}+{ran})', f'=IF({capital}="","",{now})'


def total(block: Block, option: str, column: str) -> str:
    """Total of a column over an option's sites; words where a cost among them is blank."""
    member = f"{SHEET}!{block.range(option)}"
    capital = f"{SHEET}!{block.range('capital')}"
    values = f"{SHEET}!{block.range(column)}"
    blanks = f'SUMPRODUCT(({member}=1)*({capital}=""))'
    return f'=IF({blanks}>0,"not known",SUMIF({member},1,{values}))'


def _members(frame: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """The costs with a column an option: 1 where it opens the site, else blank."""
    found, sites = frame.copy(), evidence.option_sites
    for name in option_names(evidence):
        opened = set() if sites is None else set(sites.loc[sites["option"] == name, "site_id"])
        found[name] = [1 if site in opened else None for site in found["site_id"]]
    return found
