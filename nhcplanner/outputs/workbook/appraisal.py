"""Sheet of the options appraisal: costs and benefits, scores, and switching values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES, Cell
from nhcplanner.outputs.workbook import costs
from nhcplanner.outputs.workbook.costs import WEIGHTS
from nhcplanner.outputs.workbook.page import Block, Blocks, SheetPage

LESS_IS_BETTER = ("discounted",)
SCORES = {
    "first_band_within": "First band within reach",
    "others_within": "Other people within reach",
    "discounted": "Discounted cost",
}
"""Criteria of the score. No person counts in two of them; minutes and shares are shown, not scored,
because they measure the same benefit again."""
PREFERRED = "The plan"
BROKEN = "; does not keep: "
"""Begins, in the words of an option, the rules that it does not keep."""
_NO_MORE = "reaches no more"
_BETTER = "the plan reaches more and costs less"
_NOT_ALONE = "not by capital alone"


def add_appraisal(page: SheetPage, evidence: Evidence, cost_block: Block | None) -> None:
    """Write the sheet.

    Parameters
    ----------
    page
        The sheet.
    evidence
        Evidence for the plan.
    spent
        Block of the costs on their own sheet.
    """
    page.words(
        "Business as usual and do minimum against the plan and what else was found. There is no "
        "pass mark: figures inform the choice, people make it. Whole costs come from the sheet "
        "Costs, at the rate on the sheet Assumptions.",
        *evidence.notes_on("options"),
        *(
            f"{sentence}."
            for sentence in "".join(evidence.notes_on("appraisal")).split(". ")
            if sentence
        ),
    )
    frame = evidence.options
    if frame is None or frame.empty:
        page.words("No options were made.")
        return
    page.heading("Options (short list): people")
    block = _options(page, frame, cost_block)
    page.heading("Scores (0 = worst of these options, 100 = best)")
    scored = _scores(page, frame, block, evidence)
    if PREFERRED in set(frame["option"]):
        page.heading(f"What would switch the choice: {PREFERRED.lower()} against each other option")
        _switching(page, frame, block, scored)
    page.heading(TABLES["price"].title)
    page.words(*evidence.notes_on("price"))
    if evidence.price is not None:
        page.table(evidence.price, TABLES["price"].cells)
    page.finish(A=22)


def _options(page: SheetPage, frame: pd.DataFrame, cost_block: Block | None) -> Blocks:
    cells = [cell for cell in TABLES["options"].cells if cell.name != "words"]
    cut = next(n for n, cell in enumerate(cells) if cell.name == "without_cost")
    people = page.table(frame, cells[:cut])
    page.heading("Options: costs and benefits")
    money = page.table(frame, [cells[0], *cells[cut:]])
    block = Blocks.of(people, money)
    page.words(*(f"{option.option}: {option.words}" for option in frame.itertuples(index=False)))
    if cost_block is None:
        return block
    for row, option in enumerate(frame.itertuples(index=False)):
        for name, (formula, unit) in _of_option(block, row, cost_block, str(option.option)).items():
            value = getattr(option, name)
            blank = "not given" if name in {"benefits", "net_value"} else "not known"
            cached = blank if math.isnan(value) else value
            page.formula(*block.at(row, name), formula, cached, unit)
    page.mark_blanks(money, ("backlog", "other_running"))
    return block


def _of_option(
    block: Blocks, row: int, cost_block: Block, option: str
) -> dict[str, tuple[str, str]]:
    """Return the formula and unit of each cost and benefit of an option, by column."""
    members, capital, running, rebased, status = (
        f"{costs.COSTS_SHEET}!{cost_block.range(name)}"
        for name in (option, "capital", "running", "rebased", "status")
    )
    names = [*block.columns, *block.below.columns]
    here = {name: block.cell(row, name) for name in names}
    blanks = f'SUMPRODUCT(({members}=1)*({capital}=""))'
    later = f"MAX({here['last_opens']}-base_year,0)"
    whole = {
        "undiscounted": f"N({here['backlog']})+N({here['other_running']})*years_counted",
        "discounted": f"N({here['backlog']})+N({here['other_running']})*{costs.worth('0')}",
    }
    first = {name: block.cell(0, name) for name in names}
    further = (
        f"({here['people_within']}-{first['people_within']}+(first_band_times-1)*"
        f"(N({here['first_band_within']})-N({first['first_band_within']})))"
    )
    benefits = f'IF(benefit_per_person="","not given",benefit_per_person*{further}*'
    known = (
        "AND(" + ",".join(f"ISNUMBER({columns['discounted']})" for columns in (here, first)) + ")"
    )
    extra = f"({here['discounted']}-{first['discounted']})"
    value = f"{here['benefits']}-{extra}"
    none_known = f"AND({here['centres']}>0,{here['without_running']}={here['centres']})"
    total = f"SUMPRODUCT(({members}=1)*{rebased},{running})"
    formulas = {
        "without_cost": (f'=SUMPRODUCT(({members}=1)*({capital}="")*({status}<>"existing"))', ""),
        "running": (
            f'=IF({none_known},"not known",{total})',
            "pounds a year",
        ),
        "without_running": (f'=SUMPRODUCT(({members}=1)*({running}=""))', ""),
        "benefits": (f"={benefits}{costs.worth(later)})", "pounds"),
        "net_value": (
            f'=IF(benefit_per_person="","not given",IF({known},{value},"not known"))',
            "pounds",
        ),
    }
    for name in ("capital", "appraised", "capital_discounted", "undiscounted", "discounted"):
        column = f"{costs.COSTS_SHEET}!{cost_block.range(name)}"
        rest = f"+{whole[name]}" if name in whole else ""
        formula = f'=IF({blanks}>0,"not known",SUMIF({members},1,{column}){rest})'
        formulas[name] = (formula, "pounds")
    return formulas


def _scores(page: SheetPage, frame: pd.DataFrame, block: Block, evidence: Evidence) -> Block:
    """Write each measure scaled to 0 to 100 over the options, and the weighted mean."""
    cells = (
        Cell("option", "Option"),
        *(Cell(name, words) for name, words in SCORES.items()),
        Cell("score", "Weighted score"),
    )
    values = scores(frame)
    table = page.table(values, cells)
    weights = table.last + 1
    page.put(weights, 0, "Weight (from Assumptions)", kind="total")
    for name, cell in WEIGHTS.items():
        page.formula(weights, table.columns[name], f"={cell}", 1.0)
    ends = table.columns["first_band_within"], table.columns["discounted"]
    across = _across(weights, *ends)
    for row, option in enumerate(values.itertuples(index=False)):
        line = table.first + row
        for name in SCORES:
            formula = _scaled(block, row, name)
            page.formula(line, table.columns[name], formula, getattr(option, name), "minutes")
        here = _across(line, *ends)
        formula = (
            f'=IF(SUMPRODUCT({across},--ISNUMBER({here}))=0,"",'
            f"SUMPRODUCT({across},{here})/SUMPRODUCT({across},--ISNUMBER({here})))"
        )
        page.formula(line, table.columns["score"], formula, option.score, "minutes")
    page.row = weights + 2
    if PREFERRED in set(values["option"]):
        plan = int(np.flatnonzero(values["option"] == PREFERRED)[0])
        _agreement(page, table, "score", evidence, plan)
        _agreement(page, block, "net_value", evidence, plan)
    page.words(
        "No person counts in two criteria. A criterion that is not known for every option scores "
        "none of them. Scores compare these options only: with other options they change."
    )
    return table


def agreement(evidence: Evidence) -> tuple[str, ...]:
    """Compare score and net value with the recommendation; give reasons if they differ.

    Parameters
    ----------
    evidence
        With options; nothing is returned if no option is the plan.
    """
    frame = evidence.options
    if frame is None or PREFERRED not in set(frame["option"]):
        return ()
    marks = scores(frame).set_index("option")["score"]
    values = frame.set_index("option")["net_value"]
    reason = _reason(evidence)
    return tuple(
        _compared(series, digits, words, reason)
        for series, digits, words in ((marks, 1, _SCORE), (values, 0, _VALUE))
        if pd.notna(series[PREFERRED])
    )


_SCORE = ("score with these weights", "")
_VALUE = ("net present social value", "£")


def _compared(values: pd.Series, digits: int, words: tuple[str, str], reason: str) -> str:
    name, unit = words
    best, own = str(values.idxmax()), values[PREFERRED]
    if values[best] <= own:
        return f"The plan has the highest {name} of these options."
    theirs, mine = (_signed(values[option], digits, unit) for option in (best, PREFERRED))
    return f"{best} has the highest {name}, {theirs}; the plan has {mine}. {reason}"


def _signed(value: float, digits: int, unit: str) -> str:
    return f"{'-' if value < 0 else ''}{unit}{abs(value):,.{digits}f}"


def _reason(evidence: Evidence) -> str:
    """Return why the plan is recommended although another option has a better figure."""
    frame = evidence.options
    marks = None if frame is None else scores(frame).set_index("option")["score"].dropna()
    if frame is not None and marks is not None and len(marks):
        best = str(marks.idxmax())
        broken = str(frame.set_index("option").loc[best, "words"]).partition(BROKEN)[2]
        if broken:
            return (
                f"The plan is put forward all the same because {best} does not keep every rule: "
                f"{broken}."
            )
    goals = evidence.verdict.goals
    if len(goals) == 1:
        return f"The plan is put forward all the same because its goal is {goals[0].name}."
    first = f" ({goals[0].name} first)" if goals else ""
    return (
        "The plan is put forward all the same because it meets its goals one after the other"
        f"{first}; in one figure for all people, more of one thing makes up for less of another."
    )


def _agreement(page: SheetPage, block: Block, column: str, evidence: Evidence, row: int) -> None:
    """Write the sentences of `agreement` as formulas on the figures of the sheet."""
    words, unit = _SCORE if column == "score" else _VALUE
    digits = 1 if column == "score" else 0
    every, own = block.range(column), block.cell(row, column, fixed=True)
    best = f"INDEX({block.range('option')},MATCH(MAX({every}),{every},0))"
    reason = "&".join(f'"{text}"' for text in wrap(_reason(evidence), 200, drop_whitespace=False))
    most, mine = (
        f'IF({value}<0,"-","")&"{unit}"&FIXED(ABS({value}),{digits})'
        for value in (f"MAX({every})", own)
    )
    formula = (
        f'=IF(ISNUMBER({own}),IF(MAX({every})<={own},"The plan has the highest {words} of these '
        f'options.",{best}&" has the highest {words}, "&{most}&"; the plan has "&{mine}&". "&'
        f'{reason}),"")'
    )
    cached = next(
        (sentence for sentence in agreement(evidence) if f"highest {words}" in sentence), ""
    )
    page.formula(page.row, 0, formula, cached, kind="words")
    page.row += 1


def scores(frame: pd.DataFrame) -> pd.DataFrame:
    """Scores of options with all weights alike, as the formulas have them.

    Returns
    -------
    DataFrame
        `option`, a column a measure (0 to 100; NaN if it is not known for every option), and
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


def scored_by(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the criteria that are known for every option, so that they count in the score."""
    return tuple(name for name in SCORES if frame[name].notna().all())


def _scaled(block: Block, row: int, name: str) -> str:
    here, every = block.cell(row, name), block.range(name)
    turned = f"(MAX({every})-{here})" if name in LESS_IS_BETTER else f"({here}-MIN({every}))"
    spread = f"(MAX({every})-MIN({every}))"
    return f'=IF(COUNT({every})<ROWS({every}),"",IF({spread}=0,100,100*{turned}/{spread}))'


def _across(row: int, first: int, last: int) -> str:
    from_, to = chr(ord("A") + first), chr(ord("A") + last)
    return f"${from_}${row + 1}:${to}${row + 1}"


def _switching(page: SheetPage, frame: pd.DataFrame, block: Block, scored: Block) -> None:
    """Write the change in figures at which another option does as well as the plan."""
    values = scores(frame).set_index("option")
    others = frame[frame["option"] != PREFERRED]
    own = int(np.flatnonzero(frame["option"] == PREFERRED)[0])
    cells = (
        Cell("option", "Against"),
        Cell("more", "More people within reach", "people"),
        Cell("fewer", "Fall in the plan's reach at which both reach as many", "share"),
        Cell("dearer", "Extra discounted cost", "pounds"),
        Cell("each", "Extra cost for each further person", "pounds"),
        Cell("capital", "Change in the plan's capital at which both cost the same", "share"),
        Cell("weight", "Weight of the first band at which both score alike"),
    )
    start = page.table(others[["option"]].reset_index(drop=True), cells)
    options: list[dict[Any, Any]] = frame.to_dict("records")
    plan = options[own]
    for line, row in enumerate(np.flatnonzero(frame["option"] != PREFERRED).tolist()):
        at, option = start.first + line, options[row]
        people, theirs = (block.cell(n, "people_within") for n in (own, row))
        cost, other = (block.cell(n, "discounted") for n in (own, row))
        capital_cell = block.cell(own, "capital_discounted")
        change, alone, unknown = f"({other}-{cost})", f'"{_NOT_ALONE}"', '"not known"'
        more = plan["people_within"] - option["people_within"]
        dearer = plan["discounted"] - option["discounted"]
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
            "capital": (
                f"=IF({known},IF(N({capital_cell})+MIN({change},0)>0,{change}/{capital_cell},{alone}),{unknown})",
                _same_cost(plan, option),
                "share",
            ),
            "weight": (
                _weight(scored, own, row),
                _alike(*(values.loc[one].to_dict() for one in (PREFERRED, option["option"]))),
                "minutes",
            ),
        }
        for name, (formula, value, unit) in write.items():
            page.formula(at, start.columns[name], formula, value, unit)


def _further(known: str, cost: tuple[str, str], people: tuple[str, str]) -> str:
    """Return the formula of the extra cost for each further person."""
    each = f"({cost[0]}-{cost[1]})/({people[0]}-{people[1]})"
    further = f'IF({cost[0]}<{cost[1]},"{_BETTER}",{each})'
    return f'=IF({known},IF({people[0]}>{people[1]},{further},"{_NO_MORE}"),"not known")'


def _or(value: float) -> float | str:
    return "not known" if math.isnan(value) else value


def _each(dearer: float, more: float) -> float | str:
    if more <= 0:
        return _NO_MORE
    return dearer / more if dearer >= 0 else _BETTER


def _same_cost(plan: Mapping[Any, Any], other: Mapping[Any, Any]) -> float | str:
    """Return the change in the plan's capital, as a share, at which both cost the same."""
    change = float(other["discounted"] - plan["discounted"])
    if math.isnan(change):
        return "not known"
    capital = float(plan["capital_discounted"])
    return change / capital if capital + min(change, 0) > 0 else _NOT_ALONE


def _weight(scored: Block, mine: int, other: int) -> str:
    """Return the formula of the first band's weight at which two options have the same score."""
    rest = "+".join(
        f"{weight}*(N({scored.cell(mine, name)})-N({scored.cell(other, name)}))"
        for name, weight in WEIGHTS.items()
        if name != "first_band_within"
    )
    first = [f"N({scored.cell(row, 'first_band_within')})" for row in (mine, other)]
    apart = f"({first[0]}-{first[1]})"
    return f'=IF({apart}=0,"none",IF(-({rest})/{apart}<0,"none",-({rest})/{apart}))'


def _alike(mine: Mapping[Any, Any], other: Mapping[Any, Any]) -> float | str:
    names = [name for name in SCORES if name != "first_band_within"]
    rest = float(np.nansum([mine[name] - other[name] for name in names]))
    apart = float(mine["first_band_within"] - other["first_band_within"])
    if math.isnan(apart) or apart == 0 or -rest / apart < 0:
        return "none"
    return -rest / apart + 0.0  # no minus before a weight of 0
