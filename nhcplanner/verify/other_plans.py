"""Other plans recomputed: alternatives, exchanges, losses, waves and other cases."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, LackingError, as_words, flag_text, key_text
from nhcplanner.verify.goals import (
    UNLISTED,
    Question,
    check_proof_against_exchanges,
    value_at_nearest,
)
from nhcplanner.verify.ledger import Ledger, is_blank
from nhcplanner.verify.rules import compare_part, service_rules
from nhcplanner.verify.scenario import must_open
from nhcplanner.verify.trips import read_sending
from nhcplanner.verify.years import people_drawn, people_in


def check_other_plans(facts: Facts, ledger: Ledger) -> None:
    """Compare alternatives, exchanges, losses and waves goal by goal."""
    for check in (_alternatives, _exchanges, _losses, _waves):
        check(facts, ledger)


def _alternatives(facts: Facts, ledger: Ledger) -> None:
    if not (facts.has("alternatives") and facts.has("alternative_sites")):
        return
    table, where = facts.table("alternatives"), "tables/alternatives.csv"
    plans, question = facts.sites_of("alternative_sites", "plan"), Question(facts)
    rows, own = [], facts.record["plan"]["stages"]
    for plan, goal in zip(table["plan"].map(key_text), table["goal"], strict=True):
        if plan not in plans:
            ledger.compare(f"Alternatives: plan {plan}", where, "a plan", "no sites")
            continue
        try:
            value = value_at_nearest(facts, goal, plans[plan], question)
        except LackingError as error:
            if sorted(plans[plan]) != facts.opened:
                ledger.leave(f"Alternatives: {goal}", str(error), 1)
                continue
            value = next(stage["value"] for stage in own if stage["goal"] == goal)
        rows.append({"plan": plan, "goal": goal, "value": value})
    if rows:
        table["plan"] = table["plan"].map(key_text)
        recomputed = pd.DataFrame(rows)
        both = table.merge(recomputed[["plan", "goal"]], on=["plan", "goal"])
        ledger.table("Alternatives", where, both, recomputed, ["plan", "goal"])
    listed = facts.table("alternative_sites")
    ledger.column(
        "Also in the plan", "tables/alternative_sites.csv",
        [f"plan {plan}, {site}" for plan, site in
         zip(listed["plan"].map(key_text), listed["site_id"], strict=True)],
        flag_text(listed["in_the_plan"]),
        [str(facts.site_row[str(s)] in facts.opened) for s in listed["site_id"]],
    )  # fmt: skip
    if facts.has("roles"):
        roles = facts.table("roles")
        count = listed["site_id"].astype(str).value_counts()
        shares = [count.get(str(s), 0) / len(plans) for s in roles["site_id"]]
        ledger.column("Share of alternatives that open it", "tables/roles.csv",
                      roles["site_id"].tolist(), roles["share"].tolist(), shares)  # fmt: skip
        clash = [
            (use == "always" and share < 1) or (use == "never" and share > 0)
            for use, share in zip(roles["use"], shares, strict=True)
        ]
        ledger.column("Use, against the alternatives", "tables/roles.csv",
                      roles["site_id"].tolist(), clash, [False] * len(clash))  # fmt: skip


def _senses(facts: Facts) -> dict[str, str]:
    return {stage["goal"]: stage["sense"] for stage in facts.record["plan"]["stages"]}


def _exchanges(facts: Facts, ledger: Ledger) -> None:
    if not facts.has("exchanges"):
        return
    table, where = facts.table("exchanges"), "tables/exchanges.csv"
    question, senses = Question(facts), _senses(facts)
    rows = []
    columns = (table["site_id"], table["closes"], table["goal"])
    for site_id, closes, goal in zip(*columns, strict=True):
        gone = [] if is_blank(closes) else facts.positions([closes])
        opened = sorted({*facts.opened, facts.site_row[str(site_id)]} - set(gone))
        try:
            before = value_at_nearest(facts, goal, facts.opened, question)
            after = value_at_nearest(facts, goal, opened, question)
        except LackingError as error:
            ledger.leave(f"Exchanges: {goal}", str(error), 3)
            continue
        gain = after - before if senses.get(goal, "most") == "most" else before - after
        rows.append(
            {"site_id": site_id, "goal": goal, "before": before, "after": after, "gain": gain}
        )
    if rows:
        recomputed = pd.DataFrame(rows)
        both = table.merge(recomputed[["site_id", "goal"]], on=["site_id", "goal"])
        ledger.table("Exchanges", where, both, recomputed, ["site_id", "goal"])
    check_proof_against_exchanges(facts, ledger)


def _losses(facts: Facts, ledger: Ledger) -> None:
    if not (facts.has("losses") and facts.has("loss_sites")):
        return
    table, where = facts.table("losses"), "tables/losses.csv"
    table = table[table["goal"].notna()]
    plans = facts.sites_of("loss_sites", "without") if len(facts.table("loss_sites")) else {}
    ids = facts.sites["site_id"].astype(str).tolist()
    question, senses = Question(facts), _senses(facts)
    rows = []
    for site_id, goal in zip(table["site_id"], table["goal"], strict=True):
        opened = plans.get(str(site_id), [])
        instead = ", ".join(ids[j] for j in opened if j not in facts.opened)
        row = {"site_id": site_id, "goal": goal, "instead": instead or None}
        try:
            here = value_at_nearest(facts, goal, opened, question)
            plan = value_at_nearest(facts, goal, facts.opened, question)
        except LackingError as error:
            ledger.leave(f"If a site is not available: {goal}", str(error), 1)
            continue
        row["lost"] = plan - here if senses.get(goal, "most") == "most" else here - plan
        rows.append(row)
    if rows:
        recomputed = pd.DataFrame(rows)
        both = table.merge(recomputed[["site_id", "goal"]], on=["site_id", "goal"])
        ledger.table("If a site is not available", where, both, recomputed, ["site_id", "goal"])
    ledger.column(
        "Without a site: the site is shut", "tables/loss_sites.csv", list(plans),
        [facts.site_row[name] in sites for name, sites in plans.items()], [False] * len(plans),
    )  # fmt: skip


def _waves(facts: Facts, ledger: Ledger) -> None:
    if not (facts.has("waves") and facts.has("wave_sites")):
        return
    table = facts.table("waves")
    table["wave"] = table["wave"].astype(str)
    new = facts.sites_of("wave_sites", "wave")
    alone = {}
    if facts.has("wave_afresh") and len(facts.table("wave_afresh")):
        alone = facts.sites_of("wave_afresh", "wave")
    opened = [site for site in range(len(facts.sites)) if must_open(facts, site)]
    rows = []
    for wave in table["wave"]:
        opened = sorted({*opened, *new.get(wave, [])})
        question = _question_of_wave(facts, wave)
        row = {"wave": wave, "centres": len(opened)}
        for name, kind, sites in (
            ("", "wave", opened), ("afresh", "wave afresh", alone.get(wave)),
        ):  # fmt: skip
            people, first = _first_and_all(question, sites, read_sending(facts, kind, wave))
            row |= {name or "people": people, "_".join(["first_band", name]).strip("_"): first}
        rows.append(row)
    ledger.table("Waves", "tables/waves.csv", table, pd.DataFrame(rows), ["wave"])


def _question_of_wave(facts: Facts, wave: str) -> Question:
    """Return the question with the people of a wave's year, if the plan is for a year."""
    year = re.search(r"\d{4}", wave)
    if facts.scenario.get("year") is None or year is None:
        return Question(facts)
    try:
        return Question(facts, people=people_in(facts, year[0]))
    except LackingError:
        return Question(facts)


def _first_and_all(
    question: Question, opened: Sequence[int] | None, sending: pd.DataFrame | None
) -> tuple[float, float]:
    """Return the people within reach of sites, all and those of band 1; NaN if not known."""
    if opened is None:
        return np.nan, np.nan
    reached = question.reached(opened, sending)
    first = question.band == 1
    return float(reached.sum()), float(reached[first].sum()) if first.any() else np.nan


def check_reasons(facts: Facts, ledger: Ledger) -> None:
    """Compare what each centre reaches alone, and what each other site would add."""
    question = Question(facts)
    rows, sites, minutes = facts.pairs("own")
    near = facts.inside(minutes) & (question.people[rows] > 0)
    here = question.inside(facts.opened)
    open_near = near & np.isin(sites, facts.opened)
    times = np.bincount(rows[open_near], minlength=len(question.people))
    for name in ("centres", "candidates"):
        if not facts.has(name):
            continue
        table = facts.table(name)
        table["band"] = table["band"].map(key_text)
        records = []
        for site_id in table["site_id"].astype(str).unique():
            site = facts.site_row[site_id]
            if site in facts.unlisted:
                continue
            mine = np.zeros(len(question.people), dtype=bool)
            mine[rows[near & (sites == site)]] = True
            other = _sums(question, mine & (times == 1) if name == "centres" else mine & ~here)
            for band, people in _sums(question, mine).items():
                record = {"site_id": site_id, "band": band, "reaches": people}
                if name == "centres":
                    record |= {"only": other[band], "must": must_open(facts, site)}
                else:
                    record["adds"] = other[band]
                records.append(record)
        title = {"centres": "Why each centre", "candidates": "What each other site would add"}
        third = ["only", "must"] if name == "centres" else ["adds"]
        recomputed = pd.DataFrame(records, columns=["site_id", "band", "reaches", *third])
        known = table["site_id"].astype(str).isin(recomputed["site_id"])
        if not known.all():
            ledger.leave(title[name], UNLISTED, int((~known).sum()))
        ledger.table(
            title[name], f"tables/{name}.csv", table[known], recomputed, ["site_id", "band"]
        )
    if facts.has("long_list"):
        _check_long_list(facts, ledger)


def _sums(question: Question, flags: np.ndarray) -> dict[str, float]:
    """People of some starting points by band, as text."""
    return {
        str(band): float(question.people[flags & (question.band == band)].sum())
        for band in np.unique(question.band)
    }


def _check_long_list(facts: Facts, ledger: Ledger) -> None:
    table, where = facts.table("long_list"), "tables/long_list.csv"
    ids = facts.sites["site_id"].astype(str).tolist()
    named = set()
    if facts.has("option_sites"):
        wanted = facts.sites_of("option_sites", "option")
        named = {ids[j] for sites in wanted.values() for j in sites}
    ledger.column("On the short list", where, table["site_id"].tolist(),
                  [str(flag) == "True" for flag in flag_text(table["short_listed"])],
                  [site in named for site in table["site_id"]])  # fmt: skip
    ledger.column("Sites on the long list", where, ["all"], [", ".join(table["site_id"])],
                  [", ".join(ids)])  # fmt: skip
    if not facts.has("candidates"):
        return
    adds = facts.table("candidates").groupby("site_id")["adds"].sum()
    keys, stated, recomputed = [], [], []
    for site, reason in zip(table["site_id"], as_words(table["reason"]), strict=True):
        if match := re.match(r"Would add ([\d,]+) people", reason):
            keys.append(site)
            stated.append(float(match[1].replace(",", "")))
            recomputed.append(round(float(adds.get(site, np.nan))))
    ledger.column("People that a site would add, in words", where, keys, stated, recomputed, 0.51)


DRAWN = (
    "its minutes are drawn at random and not in the hand-in, so that people and goal of both plans "
    "cannot be worked out: a new hand-in of the same plan draws the same minutes again"
)


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
        mode = _mode_of_case(facts, case)
        if mode not in facts.modes:
            ledger.leave(f"Other cases: {case}", "its minutes are not in minutes.csv", 6)
            continue
        try:
            people = _people_of_case(facts, case)
        except LackingError as error:
            ledger.leave(f"Other cases: {case}", str(error), 4)
            continue
        own_bands = bands is None and people is None and not case.startswith("HLE draw")
        if mode == "own" and reach is None and own_bands:
            why = (
                DRAWN if case.startswith("travel draw") else "what it changes is not in the hand-in"
            )
            ledger.leave(f"Other cases: {case}", why, 4)
            _check_unknown_case(facts, ledger, table[table["case"].astype(str) == case], plans)
            continue
        question = Question(facts, mode, float(reach[1]) if reach else None, bands, people)
        rows.append({"case": case} | _figures_of_case(facts, ledger, question, (case, goal), plans))
        if mode == "own" and reach is None and case in plans and facts.sends:
            sending = read_sending(facts, "case", case)  # the minutes are the plan's own
            rules = service_rules(facts, plans[case], sending, question)
            compare_part(ledger, rules, f"Rule in {case}", "tables/case_sites.csv")
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


def _mode_of_case(facts: Facts, case: str) -> str:
    """Return the name in minutes.csv of the minutes of a case; "own" if they are the plan's.

    A window of the day is "on Sunday ..." or, if the plan's minutes do not depend on it, "by
    transit on Sunday ...".
    """
    window = re.fullmatch(r"(?:by (\w+) )?on (.+)", case)
    if window:
        name = f"{window[1] or 'own'}, {window[2]}"
        return f"{name} (estimate)" if f"{name} (estimate)" in facts.modes else name
    return case.removeprefix("by ") if case.startswith("by ") else "own"


def _people_of_case(facts: Facts, case: str) -> np.ndarray | None:
    """Return the people of starting points in a case of growth; None in other cases."""
    year = re.fullmatch(r"people of (\d{4})", case)
    if year:
        return people_in(facts, year[1])
    return people_drawn(facts, case) if case.startswith("growth draw") else None


def _figures_of_case(
    facts: Facts,
    ledger: Ledger,
    question: Question,
    names: tuple[str, object],
    plans: dict[str, list[int]],
) -> dict[str, object]:
    """Return the figures of a case, by its name and the name of the goal."""
    case, goal = names
    best, total = plans.get(case, []), question.people.sum()
    reached = float(question.reached(facts.opened, facts.own_sending).sum())
    row: dict[str, object] = {
        "people": reached,
        "share": reached / total if total else np.nan,
        "best_people": float(question.reached(best, read_sending(facts, "case", case)).sum())
        if case in plans
        else np.nan,
        "stays": len(set(facts.opened) & set(best)) / max(len(facts.opened), 1),
    }
    if not is_blank(goal):
        try:
            row["goal_plan"] = value_at_nearest(facts, str(goal), facts.opened, question)
            row["goal_best"] = (
                value_at_nearest(facts, str(goal), best, question) if best else np.nan
            )
        except LackingError as error:
            ledger.leave(f"Other cases: {goal}", str(error), 2)
    return row


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
            pairs = [("goal_best", "goal_plan")]
            if not facts.sends:  # the plan for the case may send people elsewhere
                pairs.append(("best_people", "people"))
            for here, there in pairs:
                ledger.compare(f"Other cases: {here}, {case}", where, row[here], row[there])
