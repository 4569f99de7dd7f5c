"""What was explored beyond the plan, recomputed from the sites of each other plan."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from nhcplanner.verify.access import inequality
from nhcplanner.verify.decision import Question, must_open, numbers_of
from nhcplanner.verify.facts import Facts, LackingError, present_value
from nhcplanner.verify.ledger import Ledger, is_blank

TODAY, MINIMUM, PLAN, FREE = "Business as usual", "Do minimum", "The plan", "Most people"
WITHOUT_PRIORITY = "the plan without priority"


def sites_of(facts: Facts, table: str, column: str) -> dict[str, list[int]]:
    """Return positions of the sites of each plan that a table lists."""
    frame = facts.table(table)
    return {
        _key(name): sorted(facts.positions(part["site_id"]))
        for name, part in frame.groupby(column, sort=False)
    }


def _key(name: object) -> str:
    return f"{name:g}" if isinstance(name, float) else str(name)


def check_options(facts: Facts, ledger: Ledger) -> None:
    """Compare the options: their sites, whom they reach, and what they cost."""
    if not (facts.has("options") and facts.has("option_sites")):
        return
    wanted, where = sites_of(facts, "option_sites", "option"), "tables/option_sites.csv"
    minimum = [j for j, one in enumerate(facts.status) if one in ("existing", "committed")]
    for name, sites in ((TODAY, facts.existing), (MINIMUM, minimum), (PLAN, facts.opened)):
        if name == PLAN and not facts.opened:
            continue
        ledger.one(f"Sites of option: {name}", where, _ids(facts, wanted.get(name, [])),
                   _ids(facts, sites))  # fmt: skip
    spent, table = costs(facts), facts.table("options")
    rows = []
    for name in table["option"].astype(str):
        opened = wanted.get(name, [])
        rows.append({"option": name} | _reached(facts, opened) | _cost(facts, name, opened, spent))
    _benefits(facts, rows)
    found = pd.DataFrame(rows)
    kept = [column for column in found if column in table]
    ledger.table("Options", "tables/options.csv", table, found[kept], ["option"])
    for column in sorted(set(map(str, table)) - set(map(str, found)) - {"place", "words"}):
        ledger.leave(f"Options: {column}", "no rule to recompute it")


def _reached(facts: Facts, opened: list[int]) -> dict[str, object]:
    """Whom an option reaches."""
    minutes, total = facts.nearest(opened), facts.people.sum()
    inside = facts.people * facts.inside(minutes)
    band = facts.band[facts.area]
    known = bool((band > 0).any())
    first = band == (band[band > 0].min() if known else -1)
    return {
        "centres": len(opened),
        "new_centres": sum(facts.status[j] != "existing" for j in opened),
        "people_within": inside.sum(),
        "share_within": inside.sum() / total if total else np.nan,
        "first_band_within": inside[first].sum() if known else np.nan,
        "others_within": inside[~first].sum() if known else inside.sum(),
        "mean_minutes": (np.minimum(minutes, facts.horizon) * facts.people).sum() / total,
        "sii": inequality(facts, opened).get((f"share within {facts.reach:g} minutes", "SII")),
    }


def _cost(facts: Facts, name: str, opened: list[int], spent: pd.DataFrame) -> dict[str, object]:
    """What an option costs, with what it leaves of business as usual."""
    mine = spent[spent["site"].isin(opened)]
    new = mine[mine["status"] != "existing"]
    rate, years, base = facts.discounting
    found: dict[str, object] = {
        "without_cost": int(new["capital"].isna().sum()),
        "running": float((mine["running"] * mine["rebased"]).sum()),
        "without_running": int(mine["running"].isna().sum()),
        "last_opens": int(new["opens"].max()) if len(new) else base,
    }
    for column in ("capital", "appraised", "capital_discounted", "undiscounted", "discounted"):
        found[column] = float(mine[column].sum(skipna=False))
    left = {}
    for column, ended in (("backlog", "ends_backlog"), ("other_running", "ends_running")):
        given = facts.setting(column, np.nan)
        found[column] = max(given - facts.setting(f"{ended}:{name}"), 0.0)
        left[column] = 0.0 if np.isnan(given) else float(str(found[column]))
        if np.isnan(given):
            found[column] = np.nan
    _, plain, worth = present_value(left["backlog"], left["other_running"], int(base),
                                    (rate, years, base))  # fmt: skip
    found["undiscounted"] = float(str(found["undiscounted"])) + plain
    found["discounted"] = float(str(found["discounted"])) + worth
    return found


def _benefits(facts: Facts, rows: list[dict[str, object]]) -> None:
    """Add monetised benefits beyond the first option, and net present value."""
    given = facts.setting("benefit_per_person", np.nan)
    rate, years, base = facts.discounting
    today: dict[str, float] = {}
    for row in rows:
        first = float(str(row["first_band_within"]))
        extra = (facts.setting("first_band_weight", 1.0) - 1) * (0 if np.isnan(first) else first)
        people = float(str(row["people_within"])) + extra
        cost, opens = float(str(row["discounted"])), int(str(row["last_opens"]).split(".")[0])
        today = today or {"people": people, "cost": cost}
        later = max(opens - int(base), 0)
        yearly = sum((1 + rate) ** -year for year in range(later + 1, int(years) + 1))
        worth = given * (people - today["people"]) * yearly
        row |= {"benefits": worth, "net_value": worth - (cost - today["cost"])}


def _ids(facts: Facts, sites: Sequence[int]) -> str:
    ids = facts.sites["site_id"].astype(str)
    return ", ".join(ids.iloc[sorted(sites)]) or "none"


def costs(facts: Facts) -> pd.DataFrame:
    """Return the whole cost of each site of costs.csv, rebased and discounted anew.

    Capital is rebased to the price base, VAT is taken off and optimism bias added; a centre that
    is open today needs none. Running costs are rebased.
    """
    frame = facts.table("costs")
    capital, running = numbers_of(facts, "cost"), numbers_of(facts, "running_cost")
    dates = facts.sites.get("cost_date")
    bias, vat = facts.setting("optimism_bias"), facts.setting("vat_taken_off")
    rows = []
    for site_id, opens in zip(frame["site_id"], frame["opens"], strict=True):
        site = facts.site_row[str(site_id)]
        given = 0.0 if facts.status[site] == "existing" else capital[site]
        factor = _rebasing(facts, None if dates is None else dates.iloc[site])
        appraised = given * factor / (1 + vat) * (1 + bias)
        spent, plain, worth = present_value(
            appraised, running[site] * factor, int(opens), facts.discounting
        )
        rows.append(
            {
                "site": site, "site_id": str(site_id), "status": facts.status[site],
                "opens": opens, "capital": given, "rebased": factor, "running": running[site],
                "appraised": appraised, "capital_discounted": spent, "undiscounted": plain,
                "discounted": worth, "in_the_plan": site in facts.opened,
            }
        )  # fmt: skip
    names = [
        "site", "site_id", "status", "opens", "capital", "rebased", "running", "appraised",
        "capital_discounted", "undiscounted", "discounted", "in_the_plan",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _rebasing(facts: Facts, date: object) -> float:
    """Return what pounds of a date are worth in pounds of the price base, as far as known."""
    year = str(date)[:4]
    base = f"{facts.setting('price_base'):.0f}"
    then, now = (facts.setting(f"price_index:{one}", np.nan) for one in (year, base))
    return 1.0 if np.isnan(then) or np.isnan(now) else now / then


def check_costs(facts: Facts, ledger: Ledger) -> None:
    """Compare the cost of each site, and that every option's new sites open in the same year."""
    if not facts.has("costs"):
        return
    frame, found = facts.table("costs"), costs(facts)
    kept = [column for column in found if column in frame and column != "opens"]
    ledger.table("Costs", "tables/costs.csv", frame, found[kept], ["site_id"])
    base = facts.discounting[2]
    soon = frame["status"].isin(["existing", "committed"])
    ledger.one("Opening years of options' new sites", "tables/costs.csv",
               max(frame.loc[~soon, "opens"].nunique(), 1), 1)  # fmt: skip
    ledger.column("Opening year of centres that stay or are committed", "tables/costs.csv",
                  frame.loc[soon, "site_id"].tolist(), frame.loc[soon, "opens"].tolist(),
                  [base] * int(soon.sum()))  # fmt: skip
    if facts.has("option_sites"):
        named = {s for sites in sites_of(facts, "option_sites", "option").values() for s in sites}
        listed = sorted(found["site"].tolist())
        ledger.one("Sites with a cost row", "tables/costs.csv", _ids(facts, listed),
                   _ids(facts, sorted(named)))  # fmt: skip


def _free(facts: Facts) -> list[int]:
    """Positions of the sites of the plan without priority; the plan's own where it is the same."""
    wanted = sites_of(facts, "option_sites", "option")
    return wanted.get(FREE, facts.opened)


def check_price(facts: Facts, ledger: Ledger) -> None:
    """Compare the price of priority with what both plans reach."""
    if not facts.has("price"):
        return
    goals = [stage["goal"] for stage in facts.record["plan"]["stages"]]
    first = any(goal.startswith("people of band") for goal in goals)
    ledger.one("The plan puts a band first", "tables/price.csv", first, True)
    question, free = Question(facts), _free(facts)
    here, there = question.inside(facts.opened), question.inside(free)
    rows = []
    for band in [*sorted(set(question.band)), "all"]:
        heads = question.people * (True if band == "all" else question.band == band)
        plan, without = float(heads[here].sum()), float(heads[there].sum())
        rows.append({"band": str(band), "people_plan": plan, "people_without": without,
                     "difference": without - plan})  # fmt: skip
    table = facts.table("price")
    table["band"] = table["band"].map(_key)
    ledger.table("Price of priority", "tables/price.csv", table.drop(columns="place"),
                 pd.DataFrame(rows), ["band"])  # fmt: skip


def check_losers(facts: Facts, ledger: Ledger) -> None:
    """Compare the areas that lose against today and against the plan without priority."""
    if not facts.has("losers"):
        return
    table = facts.table("losers")
    against = {"today": facts.existing, WITHOUT_PRIORITY: _free(facts)}
    if not facts.has("price"):
        del against[WITHOUT_PRIORITY]
    here = facts.median_by_area(facts.nearest(facts.opened))
    noticed, horizon = float(facts.settings["noticed_minutes"]), facts.horizon
    parts = []
    for name, opened in against.items():
        there = facts.median_by_area(facts.nearest(opened))
        frame = pd.DataFrame(
            {
                "against": name,
                "area_code": facts.areas["area_code"].astype(str),
                "people": facts.areas["people"],
                "minutes_there": np.where(np.isfinite(there), there, np.nan),
                "minutes_here": np.where(np.isfinite(here), here, np.nan),
                "worse": np.minimum(here, horizon) - np.minimum(there, horizon),
                "out_of_reach": facts.inside(there) & ~facts.inside(here),
            }
        )
        parts.append(frame[(frame["worse"] >= noticed) & (frame["people"] > 0)])
    ledger.table("Areas that lose", "tables/losers.csv", table, pd.concat(parts),
                 ["against", "area_code"])  # fmt: skip


def _sums(question: Question, flags: np.ndarray) -> dict[str, float]:
    """People of some starting points by band, as text."""
    return {
        str(band): float(question.people[flags & (question.band == band)].sum())
        for band in np.unique(question.band)
    }


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
        table["band"] = table["band"].map(_key)
        found = []
        for site_id in table["site_id"].astype(str).unique():
            site = facts.site_row[site_id]
            mine = np.zeros(len(question.people), dtype=bool)
            mine[rows[near & (sites == site)]] = True
            other = _sums(question, mine & (times == 1) if name == "centres" else mine & ~here)
            for band, people in _sums(question, mine).items():
                one = {"site_id": site_id, "band": band, "reaches": people}
                if name == "centres":
                    one |= {"only": other[band], "must": must_open(facts, site)}
                else:
                    one["adds"] = other[band]
                found.append(one)
        title = {"centres": "Why each centre", "candidates": "What each other site would add"}
        ledger.table(title[name], f"tables/{name}.csv", table, pd.DataFrame(found),
                     ["site_id", "band"])  # fmt: skip
    if facts.has("long_list"):
        _check_long_list(facts, ledger)


def _check_long_list(facts: Facts, ledger: Ledger) -> None:
    table, where = facts.table("long_list"), "tables/long_list.csv"
    ids = facts.sites["site_id"].astype(str).tolist()
    named = set()
    if facts.has("option_sites"):
        wanted = sites_of(facts, "option_sites", "option")
        named = {ids[j] for sites in wanted.values() for j in sites}
    ledger.column("On the short list", where, table["site_id"].tolist(),
                  [str(one) == "True" for one in typed_flags(table["short_listed"])],
                  [one in named for one in table["site_id"]])  # fmt: skip
    ledger.column("Sites on the long list", where, ["all"], [", ".join(table["site_id"])],
                  [", ".join(ids)])  # fmt: skip
    if not facts.has("candidates"):
        return
    adds = facts.table("candidates").groupby("site_id")["adds"].sum()
    keys, said, found = [], [], []
    for site, reason in zip(table["site_id"], table["reason"].fillna(""), strict=True):
        if match := re.match(r"Would add ([\d,]+) people", reason):
            keys.append(site)
            said.append(float(match[1].replace(",", "")))
            found.append(round(float(adds.get(site, np.nan))))
    ledger.column("People that a site would add, in words", where, keys, said, found, 0.51)


def typed_flags(column: pd.Series) -> list[str]:
    """Return a column of flags as "True" or "False"."""
    return ["True" if str(one) in ("True", "1.0", "1") else "False" for one in column]


def check_other_plans(facts: Facts, ledger: Ledger) -> None:
    """Compare alternatives, exchanges, losses and waves goal by goal."""
    for check in (_alternatives, _exchanges, _losses, _waves):
        check(facts, ledger)


def _goal(facts: Facts, goal: str, opened: Sequence[int], question: Question) -> float:
    """What sites reach of a goal that counts the nearest centre."""
    model = facts.scenario["model"]
    if goal.startswith("people served") or (
        model.endswith("within_capacity") and not facts.scenario["goals"]
    ):
        raise LackingError("whom each centre serves is listed for the plan alone")
    return question.value(goal, opened)


def _alternatives(facts: Facts, ledger: Ledger) -> None:
    if not (facts.has("alternatives") and facts.has("alternative_sites")):
        return
    table, where = facts.table("alternatives"), "tables/alternatives.csv"
    plans, question = sites_of(facts, "alternative_sites", "plan"), Question(facts)
    rows, own = [], facts.record["plan"]["stages"]
    for plan, goal in zip(table["plan"].map(_key), table["goal"], strict=True):
        try:
            value = _goal(facts, goal, plans[plan], question)
        except LackingError as error:
            if sorted(plans[plan]) != facts.opened:
                ledger.leave(f"Alternatives: {goal}", str(error))
                continue
            value = next(one["value"] for one in own if one["goal"] == goal)
        rows.append({"plan": plan, "goal": goal, "value": value})
    if rows:
        table["plan"] = table["plan"].map(_key)
        found = pd.DataFrame(rows)
        both = table.merge(found[["plan", "goal"]], on=["plan", "goal"])
        ledger.table("Alternatives", where, both, found, ["plan", "goal"])
    listed = facts.table("alternative_sites")
    ledger.column(
        "Also in the plan", "tables/alternative_sites.csv",
        [f"plan {_key(n)}, {s}" for n, s in zip(listed["plan"], listed["site_id"], strict=True)],
        typed_flags(listed["in_the_plan"]),
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
    return {one["goal"]: one["sense"] for one in facts.record["plan"]["stages"]}


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
            before = _goal(facts, goal, facts.opened, question)
            after = _goal(facts, goal, opened, question)
        except LackingError as error:
            ledger.leave(f"Exchanges: {goal}", str(error))
            continue
        gain = after - before if senses.get(goal, "most") == "most" else before - after
        rows.append(
            {"site_id": site_id, "goal": goal, "before": before, "after": after, "gain": gain}
        )
    if rows:
        found = pd.DataFrame(rows)
        both = table.merge(found[["site_id", "goal"]], on=["site_id", "goal"])
        ledger.table("Exchanges", where, both, found, ["site_id", "goal"])


def _losses(facts: Facts, ledger: Ledger) -> None:
    if not (facts.has("losses") and facts.has("loss_sites")):
        return
    table, where = facts.table("losses"), "tables/losses.csv"
    table = table[table["goal"].notna()]
    plans = sites_of(facts, "loss_sites", "without") if len(facts.table("loss_sites")) else {}
    ids = facts.sites["site_id"].astype(str).tolist()
    question, senses = Question(facts), _senses(facts)
    rows = []
    for site_id, goal in zip(table["site_id"], table["goal"], strict=True):
        opened = plans.get(str(site_id), [])
        instead = ", ".join(ids[j] for j in opened if j not in facts.opened)
        one = {"site_id": site_id, "goal": goal, "instead": instead or None}
        try:
            here = _goal(facts, goal, opened, question)
            plan = _goal(facts, goal, facts.opened, question)
        except LackingError as error:
            ledger.leave(f"If a site cannot be had: {goal}", str(error))
            continue
        one["lost"] = plan - here if senses.get(goal, "most") == "most" else here - plan
        rows.append(one)
    if rows:
        found = pd.DataFrame(rows)
        both = table.merge(found[["site_id", "goal"]], on=["site_id", "goal"])
        ledger.table("If a site cannot be had", where, both, found, ["site_id", "goal"])
    ledger.column(
        "Without a site: the site is shut", "tables/loss_sites.csv", list(plans),
        [facts.site_row[name] in sites for name, sites in plans.items()], [False] * len(plans),
    )  # fmt: skip


def _waves(facts: Facts, ledger: Ledger) -> None:
    if not (facts.has("waves") and facts.has("wave_sites")):
        return
    table, question = facts.table("waves"), Question(facts)
    table["wave"] = table["wave"].astype(str)
    new = sites_of(facts, "wave_sites", "wave")
    alone = {}
    if facts.has("wave_afresh") and len(facts.table("wave_afresh")):
        alone = sites_of(facts, "wave_afresh", "wave")
    opened = [site for site in range(len(facts.sites)) if must_open(facts, site)]
    rows = []
    for wave in table["wave"]:
        opened = sorted({*opened, *new.get(wave, [])})
        people = float(question.people[question.inside(opened)].sum())
        one = {"wave": wave, "centres": len(opened), "people": people, "afresh": np.nan}
        if wave in alone:
            one["afresh"] = float(question.people[question.inside(alone[wave])].sum())
        rows.append(one)
    ledger.table("Waves", "tables/waves.csv", table, pd.DataFrame(rows), ["wave"])


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
            ledger.one(f"Other cases: share, {case}", where, row["share"], row["people"] / total)
        best = plans.get(case, [])
        both = len(set(facts.opened) & set(best)) / max(len(facts.opened), 1)
        ledger.one(f"Other cases: stays, {case}", where, row["stays"], both)
        if case in plans and sorted(best) == facts.opened:
            for here, there in (("best_people", "people"), ("goal_best", "goal_plan")):
                ledger.one(f"Other cases: {here}, {case}", where, row[here], row[there])


def check_cases(facts: Facts, ledger: Ledger) -> None:  # noqa: C901
    """Compare the plan in other cases with the plan made for each, and how often sites open."""
    if not (facts.has("robustness") and facts.has("case_sites")):
        return
    table, where = facts.table("robustness"), "tables/robustness.csv"
    plans = sites_of(facts, "case_sites", "case") if len(facts.table("case_sites")) else {}
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
            ledger.leave(f"Other cases: {case}", "its minutes are not in minutes.csv")
            continue
        own_bands = bands is None and not case.startswith("HLE draw")
        if mode == "own" and reach is None and own_bands:
            ledger.leave(f"Other cases: {case}", "what it changes is not in the hand-in")
            _check_unknown_case(facts, ledger, table[table["case"].astype(str) == case], plans)
            continue
        question = Question(facts, mode, float(reach[1]) if reach else None, bands)
        best = plans.get(case, [])
        total = question.people.sum()
        people = float(question.people[question.inside(facts.opened)].sum())
        one = {
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
                one["goal_plan"] = _goal(facts, goal, facts.opened, question)
                one["goal_best"] = _goal(facts, goal, best, question) if best else np.nan
            except LackingError as error:
                ledger.leave(f"Other cases: {goal}", str(error))
        rows.append(one)
    found = pd.DataFrame(rows)
    for column in ("goal_plan", "goal_best"):
        if column in found and found[column].isna().all():
            found = found.drop(columns=column)
    both = table[table["case"].astype(str).isin(found["case"])] if len(found) else table
    if len(found):
        ledger.table("Other cases", where, both, found, ["case"])
    if facts.has("stays"):
        stays = facts.table("stays")
        count = facts.table("case_sites")["site_id"].astype(str).value_counts()
        shares = [count.get(str(s), 0) / max(len(table), 1) for s in stays["site_id"]]
        ledger.column("Share of cases that open it", "tables/stays.csv",
                      stays["site_id"].tolist(), stays["share"].tolist(), shares)  # fmt: skip
