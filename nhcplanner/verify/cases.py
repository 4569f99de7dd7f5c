"""Other cases recomputed: the plan in each case beside the plan made for it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, LackingError
from nhcplanner.verify.goals import Question, value_at_nearest
from nhcplanner.verify.ledger import Ledger, is_blank


def check_cases(facts: Facts, ledger: Ledger) -> None:  # noqa: C901
    """Compare the plan in other cases with the plan made for each, and how often sites open."""
    if not (facts.has("robustness") and facts.has("case_sites")):
        return
    table, where = facts.table("robustness"), "tables/robustness.csv"
    plans = facts.sites_of("case_sites", "case") if len(facts.table("case_sites")) else {}
    drawn = facts.table("case_bands") if facts.has("case_bands") else pd.DataFrame()
    rows = []
    for case, goal in zip(table["case"].astype(str), table["goal"], strict=True):
        bands = None
        if len(drawn) and (drawn["case"] == case).any():
            mine = drawn[drawn["case"] == case].set_index("origin")["band"]
            named = facts.origins["origin"].astype(str)
            bands = named.map(mine).fillna(0).to_numpy(dtype=np.int64)
        reach = re.fullmatch(r"([\d.]+) minutes", case)
        mode = case.removeprefix("by ") if case.startswith("by ") else "own"
        if mode not in facts.modes:
            ledger.leave(f"Other cases: {case}", "its minutes are not in minutes.csv", 6)
            continue
        own_bands = bands is None and not case.startswith("HLE draw")
        if mode == "own" and reach is None and own_bands:
            ledger.leave(f"Other cases: {case}", "what it changes is not in the hand-in", 4)
            _check_unknown_case(facts, ledger, table[table["case"].astype(str) == case], plans)
            continue
        question = Question(facts, mode, float(reach[1]) if reach else None, bands)
        best = plans.get(case, [])
        total = question.people.sum()
        people = float(question.people[question.inside(facts.opened)].sum())
        row = {
            "case": case,
            "people": people,
            "share": people / total if total else np.nan,
            "best_people": float(question.people[question.inside(best)].sum())
            if case in plans
            else np.nan,
            "stays": len(set(facts.opened) & set(best)) / max(len(facts.opened), 1),
        }
        if not is_blank(goal):
            try:
                row["goal_plan"] = value_at_nearest(facts, goal, facts.opened, question)
                row["goal_best"] = value_at_nearest(facts, goal, best, question) if best else np.nan
            except LackingError as error:
                ledger.leave(f"Other cases: {goal}", str(error), 2)
        rows.append(row)
    recomputed = pd.DataFrame(rows)
    for column in ("goal_plan", "goal_best"):
        if column in recomputed and recomputed[column].isna().all():
            recomputed = recomputed.drop(columns=column)
    both = table[table["case"].astype(str).isin(recomputed["case"])] if len(recomputed) else table
    if len(recomputed):
        ledger.table("Other cases", where, both, recomputed, ["case"])
    if facts.has("stays"):
        stays = facts.table("stays")
        count = facts.table("case_sites")["site_id"].astype(str).value_counts()
        shares = [count.get(str(s), 0) / max(len(table), 1) for s in stays["site_id"]]
        ledger.column("Share of cases that open it", "tables/stays.csv",
                      stays["site_id"].tolist(), stays["share"].tolist(), shares)  # fmt: skip


def _check_unknown_case(
    facts: Facts, ledger: Ledger, rows: pd.DataFrame, plans: dict[str, list[int]]
) -> None:
    """Compare the figures of a case with each other, as its minutes are not in the hand-in.

    The share is the people's; a plan with the same sites reaches the same.
    """
    total, where = Question(facts).people.sum(), "tables/robustness.csv"
    for row in rows.to_dict("records"):
        case = str(row["case"])
        if case.startswith("travel draw") and total:
            ledger.compare(
                f"Other cases: share, {case}", where, row["share"], row["people"] / total
            )
        best = plans.get(case, [])
        both = len(set(facts.opened) & set(best)) / max(len(facts.opened), 1)
        ledger.compare(f"Other cases: stays, {case}", where, row["stays"], both)
        if case in plans and sorted(best) == facts.opened:
            for here, there in (("best_people", "people"), ("goal_best", "goal_plan")):
                ledger.compare(f"Other cases: {here}, {case}", where, row[here], row[there])
