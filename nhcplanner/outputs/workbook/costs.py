"""Assumptions: the cells that formulas on other sheets read.

Costs: every new centre of any option, its cost in cells that the options' totals read.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES, Cell
from nhcplanner.outputs.workbook.page import Block, SheetPage

SHEET = "Assumptions"
FOOTPRINT = 50_000
"""People of a neighbourhood health centre's footprint (guidance of April 2026, to be checked)."""
WEIGHTS = {
    "people_within": "weight_people",
    "first_band_within": "weight_first_band",
    "mean_minutes": "weight_minutes",
    "discounted": "weight_cost",
}
"""Column of the options behind each score -> the name of its weight."""


@dataclass(frozen=True)
class Assumption:
    """A cell that formulas read by its name.

    Parameters
    ----------
    name, words
        In formulas, and for a reader.
    value, unit
        Today's.
    source
        Where it comes from, and who may change it.
    """

    name: str
    words: str
    value: float
    unit: str
    source: str


def assumptions(evidence: Evidence) -> tuple[Assumption, ...]:
    """What a reader may change here, without planning again."""
    costs = evidence.discounting
    yours = "Yours to set; all alike until you do"
    return (
        Assumption("discount_rate", "Discount rate a year", costs.rate, "share", costs.source),
        Assumption("base_year", "Year that is not discounted", costs.base, "year", "This year"),
        Assumption(
            "years_counted", "Years of running costs counted", costs.years, "", costs.source
        ),
        Assumption(
            "optimism_bias",
            "Optimism bias added to capital",
            0.0,
            "share",
            "None until you set it; HM Treasury's supplementary Green Book guidance on optimism "
            "bias gives ranges by kind of building",
        ),
        Assumption(
            "footprint_people",
            "People of a centre's footprint",
            FOOTPRINT,
            "people",
            "NHC guidance, April 2026, about 50,000 (second-hand: check)",
        ),
        Assumption("weight_people", "Weight: people within reach", 1.0, "", yours),
        Assumption("weight_first_band", "Weight: first band within reach", 1.0, "", yours),
        Assumption("weight_minutes", "Weight: mean minutes (fewer is better)", 1.0, "", yours),
        Assumption("weight_cost", "Weight: discounted cost (less is better)", 1.0, "", yours),
    )


def add_assumptions(book: Workbook, page: SheetPage, evidence: Evidence) -> None:
    """Write the sheet and give each of its cells its name."""
    page.words(
        "Change a marked cell and every formula on the other sheets follows. What the plan itself "
        "rests on (below) changes only by planning again."
    )
    page.heading("Read by formulas")
    cells = (Cell("words", "Assumption"), Cell("value", "Value"), Cell("source", "Source"))
    for column, cell in enumerate(cells):
        page.sheet.write_string(page.row, column, cell.label, page.look.of("head"))
    for one in assumptions(evidence):
        page.row += 1
        page.put(page.row, 0, one.words)
        page.put(page.row, 1, one.value, one.unit, "input")
        page.put(page.row, 2, one.source)
        address = xl_rowcol_to_cell(page.row, 1, row_abs=True, col_abs=True)
        book.define_name(one.name, f"='{SHEET}'!{address}")
    page.row += 2
    page.heading("What the plan rests on")
    page.table(_settings(evidence), (Cell("key", "Key"), Cell("value", "Value")))
    page.finish(A=42, B=16, C=60)


def _settings(evidence: Evidence) -> pd.DataFrame:
    outcome = evidence.outcome
    said = outcome.scenario.model_dump(mode="json")
    rows = [(key, _plain(value)) for key, value in said.items()]
    rows += [(f"times: {key}", _plain(v)) for key, v in sorted(outcome.times.parameters.items())]
    rows += sorted(outcome.versions.items())
    return pd.DataFrame(rows, columns=["key", "value"])


def _plain(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value


COSTS_SHEET = "Costs"
FILL = ("opens", "capital", "cost_date", "running")


def add_costs(page: SheetPage, evidence: Evidence) -> Block | None:
    """Write the sheet; where its table stands, None where no option opens a new centre."""
    frame = evidence.costs
    page.words(
        "Capital is spent in the year a centre opens and may be raised by the optimism bias; it "
        "runs from the year after. Fill a marked cell and all options follow. A blank is not "
        "known, never zero: an option with one has no total. Where the running cost is blank, "
        "whole costs are of capital alone.",
        evidence.discounting.source,
        *evidence.said_of("costs"),
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
    member = f"{COSTS_SHEET}!{block.range(option)}"
    capital = f"{COSTS_SHEET}!{block.range('capital')}"
    values = f"{COSTS_SHEET}!{block.range(column)}"
    blanks = f'SUMPRODUCT(({member}=1)*({capital}=""))'
    return f'=IF({blanks}>0,"not known",SUMIF({member},1,{values}))'


def _members(frame: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """The costs with a column an option: 1 where it opens the site, else blank."""
    found, sites = frame.copy(), evidence.option_sites
    for name in option_names(evidence):
        opened = set() if sites is None else set(sites.loc[sites["option"] == name, "site_id"])
        found[name] = [1 if site in opened else None for site in found["site_id"]]
    return found
