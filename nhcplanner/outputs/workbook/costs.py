"""Sheets of costs (every new centre of any option) and of assumptions that formulas read."""

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
    "first_band_within": "weight_first_band",
    "others_within": "weight_others",
    "discounted": "weight_cost",
}
"""Name of the weight of each score, by its column of the options."""


@dataclass(frozen=True)
class Assumption:
    """Cell that formulas read by its name.

    Parameters
    ----------
    name, words
        Name in formulas, and words for a reader.
    value, unit
        Current value and its unit; None = not known, a marked blank.
    source
        Source of the value, and who may change it.
    """

    name: str
    words: str
    value: float | None
    unit: str
    source: str


def assumptions(evidence: Evidence) -> tuple[Assumption, ...]:
    """Return the figures that a reader may change without making the plan again."""
    costs, case = evidence.discounting, evidence.case
    yours = "Yours to set; all alike until you do"
    no_bias = "Asked for: the Green Book adds it to capital; until it is given none is added"
    unsaid = "Source not stated"
    benefits, appraisal = case.benefits, case.appraisal
    no_benefits = "Not given: without it there is no net present social value"
    vat = appraisal.vat_rate if appraisal.capital_includes_vat else 0.0
    return (
        Assumption("discount_rate", "Discount rate a year", costs.rate, "share", costs.source),
        Assumption("base_year", "Year that is not discounted", costs.base, "year", "This year"),
        Assumption(
            "years_counted", "Years of running costs counted", costs.years, "", costs.source
        ),
        Assumption(
            "optimism_bias", "Optimism bias added to capital", appraisal.optimism_bias, "share",
            no_bias if appraisal.optimism_bias is None
            else appraisal.optimism_bias_source or unsaid,
        ),
        Assumption(
            "vat_in_capital", "VAT that capital includes, taken off",
            None if appraisal.capital_includes_vat is None else vat, "share",
            "Not stated: asked for" if appraisal.capital_includes_vat is None
            else "Case file: capital_includes_vat",
        ),
        Assumption(
            "benefit_per_person", "Benefit a year for each further person within reach",
            benefits.per_person, "pounds",
            no_benefits if benefits.per_person is None else benefits.source or unsaid,
        ),
        Assumption(
            "first_band_times", "Times that a person of the first band counts in benefits",
            benefits.first_band_weight, "", benefits.source or "1 until you set it",
        ),
        Assumption(
            "footprint_people",
            "People of a centre's footprint",
            FOOTPRINT,
            "people",
            "NHC guidance, April 2026, about 50,000 (second-hand: check)",
        ),
        Assumption("weight_first_band", "Weight: first band within reach", 1.0, "", yours),
        Assumption("weight_others", "Weight: other people within reach", 1.0, "", yours),
        Assumption("weight_cost", "Weight: discounted cost (less is better)", 1.0, "", yours),
    )  # fmt: skip


def add_assumptions(book: Workbook, page: SheetPage, evidence: Evidence) -> None:
    """Write the sheet, and name its cells."""
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
    choices = outcome.scenario.model_dump(mode="json")
    rows = [(key, _plain(value)) for key, value in choices.items()]
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
    """Write the sheet and return the block of its table; None if no option opens a new centre."""
    frame = evidence.costs
    page.words(
        "Capital is spent in the year a centre opens; the centre runs from the year after. "
        "Appraised capital is in prices of the base year, without VAT and with optimism bias. Fill "
        "a marked cell and all options follow. A blank is not known, never zero: an option with "
        "one has no total. Where the running cost is blank, whole costs are of capital alone.",
        "A centre that is open today needs no capital here, even if the list states some.",
        evidence.discounting.source,
        *evidence.notes_on("costs"),
        *evidence.notes_on("appraisal"),
    )
    if frame is None or frame.empty:
        page.words("No centre is open in any option.")
        return None
    cells = (*TABLES["costs"].cells, *(Cell(name, name) for name in option_names(evidence)))
    block = page.table(_members(frame, evidence), cells, repeat=True)
    for row, site in enumerate(frame.itertuples(index=False)):
        for name, formula in formulas(block, row).items():
            column, value = block.columns[name], getattr(site, name)
            page.formula(block.first + row, column, formula, value, "pounds")
    page.mark_blanks(block, FILL)
    _totals(page, block, frame)
    page.finish()
    return block


def option_names(evidence: Evidence) -> list[str]:
    """Return the options in order."""
    return [] if evidence.options is None else evidence.options["option"].tolist()


def worth(later: str) -> str:
    """Return the formula for the present value of a pound a year after opening."""
    return (
        f"IF(discount_rate=0,MAX(years_counted-{later},0),"
        f"MAX((1+discount_rate)^-{later}-(1+discount_rate)^-years_counted,0)/discount_rate)"
    )


def formulas(block: Block, row: int) -> dict[str, str]:
    """Return the formulas of a site's capital and whole cost on its row, by column."""
    names = ("capital", "running", "opens", "rebased", "appraised", "capital_discounted")
    capital, running, opens, rebased, appraised, spending = (
        block.cell(row, name) for name in names
    )
    later = f"MAX({opens}-base_year,0)"
    runs = f"N({running})*{rebased}"
    values = {
        "appraised": f"{capital}*{rebased}/(1+N(vat_in_capital))*(1+N(optimism_bias))",
        "capital_discounted": f"{appraised}/(1+discount_rate)^{later}",
        "undiscounted": f"{appraised}+{runs}*MAX(years_counted-{later},0)",
        "discounted": f"{spending}+{runs}*{worth(later)}",
    }
    return {name: f'=IF({capital}="","",{value})' for name, value in values.items()}


def _totals(page: SheetPage, block: Block, frame: pd.DataFrame) -> None:
    """Write the known capital and running cost of the plan's centres."""
    row = block.last + 2
    page.put(row, 0, "The plan", kind="total")
    opened = frame[frame["in_the_plan"].astype(bool)]
    member = block.range("in_the_plan")
    for name, unit in (("capital", "pounds"), ("running", "pounds a year")):
        formula = f'=SUMIF({member},"yes",{block.range(name)})'
        page.formula(row, block.columns[name], formula, float(opened[name].sum()), unit)
    page.row = row + 2


def _members(frame: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Return the costs with a column for each option: 1 if it opens the site, else blank."""
    found, sites = frame.copy(), evidence.option_sites
    for name in option_names(evidence):
        opened = set() if sites is None else set(sites.loc[sites["option"] == name, "site_id"])
        found[name] = [1 if site in opened else None for site in found["site_id"]]
    return found
