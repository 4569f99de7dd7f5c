"""Appraisal: options side by side, their scores, what would switch the choice, and other cases."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES, Cell
from nhcplanner.outputs.workbook import costs
from nhcplanner.outputs.workbook.costs import WEIGHTS
from nhcplanner.outputs.workbook.page import Block, SheetPage

LESS_IS_BETTER = ("mean_minutes", "discounted")
SCORES = {
    "people_within": "People within reach",
    "first_band_within": "First band within reach",
    "mean_minutes": "Mean minutes",
    "discounted": "Discounted cost",
}
PREFERRED = "The plan"


def add_appraisal(page: SheetPage, evidence: Evidence, spent: Block | None) -> None:
    """Write the sheet.

    Parameters
    ----------
    page
        The sheet.
    evidence
        What it is made from.
    spent
        Where the costs stand on their own sheet.
    """
    page.words(
        "Business as usual and do minimum against the plan and what else was found. There is no "
        "pass mark: figures inform the choice, people make it. Whole costs come from the sheet "
        "Costs, at the rate on the sheet Assumptions.",
        *evidence.said_of("options"),
    )
    frame = evidence.options
    if frame is None or frame.empty:
        page.words("No options were made.")
        return
    page.heading("Options (short list)")
    block = _options(page, frame, spent)
    page.heading("Scores (0 = worst of these options, 100 = best)")
    scored = _scores(page, frame, block)
    if PREFERRED in set(frame["option"]):
        page.heading(f"What would switch the choice: {PREFERRED.lower()} against each other option")
        _switching(page, frame, block, scored)
    page.heading(TABLES["price"].title)
    page.words(*evidence.said_of("price"))
    if evidence.price is not None:
        page.table(evidence.price, TABLES["price"].cells)
    page.finish(A=22)


def _options(page: SheetPage, frame: pd.DataFrame, spent: Block | None) -> Block:
    block = page.table(frame, [cell for cell in TABLES["options"].cells if cell.name != "words"])
    page.words(*(f"{one.option}: {one.words}" for one in frame.itertuples(index=False)))
    if spent is None:
        return block
    for row, one in enumerate(frame.itertuples(index=False)):
        line = block.first + row
        members = f"{costs.COSTS_SHEET}!{spent.range(one.option)}"
        capital = f"{costs.COSTS_SHEET}!{spent.range('capital')}"
        blanks = f'=SUMPRODUCT(({members}=1)*({capital}=""))'
        page.formula(line, block.columns["without_cost"], blanks, one.without_cost)
        for name in ("capital", "undiscounted", "discounted"):
            value = getattr(one, name)
            kept = "not known" if math.isnan(value) else value
            formula = costs.total(spent, one.option, name)
            page.formula(line, block.columns[name], formula, kept, "pounds")
    return block


def _scores(page: SheetPage, frame: pd.DataFrame, block: Block) -> Block:
    """Each measure scaled to 0 to 100 over the options, and their weighted mean."""
    cells = (
        Cell("option", "Option"),
        *(Cell(name, words) for name, words in SCORES.items()),
        Cell("score", "Weighted score"),
    )
    values = scores(frame)
    found = page.table(values, cells)
    weights = found.last + 1
    page.put(weights, 0, "Weight (from Assumptions)", kind="total")
    for name, cell in WEIGHTS.items():
        page.formula(weights, found.columns[name], f"={cell}", 1.0)
    ends = found.columns["people_within"], found.columns["discounted"]
    across = _across(weights, *ends)
    for row, one in enumerate(values.itertuples(index=False)):
        line = found.first + row
        for name in SCORES:
            formula = _scaled(block, row, name)
            page.formula(line, found.columns[name], formula, getattr(one, name), "minutes")
        here = _across(line, *ends)
        formula = (
            f'=IF(SUMPRODUCT({across},--ISNUMBER({here}))=0,"",'
            f"SUMPRODUCT({across},{here})/SUMPRODUCT({across},--ISNUMBER({here})))"
        )
        page.formula(line, found.columns["score"], formula, one.score, "minutes")
    page.row = weights + 1
    page.words(
        "A measure that is not known for every option scores none of them. Scores compare these "
        "options only: with other options they change."
    )
    return found


def scores(frame: pd.DataFrame) -> pd.DataFrame:
    """Scores of options with all weights alike, as the formulas have them.

    Returns
    -------
    DataFrame
        `option`, a column a measure (0 to 100; NaN where it is not known for every option), and
        `score`, their mean.
    """
    found = frame[["option"]].copy()
    for name in SCORES:
        values = frame[name].to_numpy(dtype=np.float64)
        low, high = values.min(), values.max()
        if np.isnan(values).any():
            found[name] = np.nan
        elif high == low:
            found[name] = 100.0
        else:
            share = (values - low) / (high - low)
            found[name] = 100 * (1 - share if name in LESS_IS_BETTER else share)
    found["score"] = found[list(SCORES)].mean(axis=1)
    return found


def _scaled(block: Block, row: int, name: str) -> str:
    here, every = block.cell(row, name), block.range(name)
    turned = f"(MAX({every})-{here})" if name in LESS_IS_BETTER else f"({here}-MIN({every}))"
    spread = f"(MAX({every})-MIN({every}))"
    return f'=IF(COUNT({every})<ROWS({every}),"",IF({spread}=0,100,100*{turned}/{spread}))'


def _across(row: int, first: int, last: int) -> str:
    from_, to = chr(ord("A") + first), chr(ord("A") + last)
    return f"${from_}${row + 1}:${to}${row + 1}"


def _switching(page: SheetPage, frame: pd.DataFrame, block: Block, scored: Block) -> None:
    """How far figures would have to move before another option does as well."""
    values = scores(frame).set_index("option")
    others = frame[frame["option"] != PREFERRED]
    mine = int(np.flatnonzero(frame["option"] == PREFERRED)[0])
    cells = (
        Cell("option", "Against"),
        Cell("more", "More people within reach", "people"),
        Cell("fewer", "Fall in the plan's reach at which both reach as many", "share"),
        Cell("dearer", "Extra discounted cost", "pounds"),
        Cell("each", "Extra cost for each further person", "pounds"),
        Cell("weight", "Weight of the first band at which both score alike"),
    )
    start = page.table(others[["option"]].reset_index(drop=True), cells)
    plan = frame.iloc[mine]
    for line, (row, one) in enumerate(others.iterrows()):
        at = start.first + line
        people, theirs = (block.cell(n, "people_within") for n in (mine, int(row)))
        cost, other = (block.cell(n, "discounted") for n in (mine, int(row)))
        more = plan["people_within"] - one["people_within"]
        dearer = plan["discounted"] - one["discounted"]
        known = f"AND(ISNUMBER({cost}),ISNUMBER({other}))"
        write = {
            "more": (f"={people}-{theirs}", more, "people"),
            "fewer": (
                f'=IF({people}>0,({people}-{theirs})/{people},"")',
                more / plan["people_within"] if plan["people_within"] else None,
                "share",
            ),
            "dearer": (f'=IF({known},{cost}-{other},"not known")', _or(dearer), "pounds"),
            "each": (
                _further(known, (cost, other), (people, theirs)),
                _or(dearer) if math.isnan(dearer) else _each(dearer, more),
                "pounds",
            ),
            "weight": (
                _weight(scored, mine, int(row)),
                _alike(values.loc[PREFERRED], values.loc[one["option"]]),
                "minutes",
            ),
        }
        for name, (formula, value, unit) in write.items():
            page.formula(at, start.columns[name], formula, value, unit)


def _further(known: str, cost: tuple[str, str], people: tuple[str, str]) -> str:
    """Formula of the extra cost for each further person."""
    each = f"({cost[0]}-{cost[1]})/({people[0]}-{people[1]})"
    return f'=IF({known},IF({people[0]}>{people[1]},{each},"reaches no more"),"not known")'


def _or(value: float) -> float | str:
    return "not known" if math.isnan(value) else value


def _each(dearer: float, more: float) -> float | str:
    return dearer / more if more > 0 else "reaches no more"


def _weight(scored: Block, mine: int, other: int) -> str:
    """Formula of the first band's weight at which two options score alike."""
    rest = "+".join(
        f"{weight}*(N({scored.cell(mine, name)})-N({scored.cell(other, name)}))"
        for name, weight in WEIGHTS.items()
        if name != "first_band_within"
    )
    first = [f"N({scored.cell(row, 'first_band_within')})" for row in (mine, other)]
    apart = f"({first[0]}-{first[1]})"
    return f'=IF({apart}=0,"none",IF(-({rest})/{apart}<0,"none",-({rest})/{apart}))'


def _alike(mine: pd.Series, other: pd.Series) -> float | str:
    names = [name for name in SCORES if name != "first_band_within"]
    rest = float((mine[names] - other[names]).fillna(0.0).sum())
    apart = mine["first_band_within"] - other["first_band_within"]
    if math.isnan(apart) or apart == 0 or -rest / apart < 0:
        return "none"
    return -rest / apart
