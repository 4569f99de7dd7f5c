"""Options recomputed: their reach and cost, the price of priority, and areas that lose."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.verify.costs import costs, present_value
from nhcplanner.verify.facts import Facts, Floats, as_words, key_text
from nhcplanner.verify.goals import Question
from nhcplanner.verify.inequality import inequality
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.rules import breaks_rules, compare_rules
from nhcplanner.verify.scenario import most_of_priority
from nhcplanner.verify.trips import read_sending, trips_of

TODAY, MINIMUM, PLAN, FREE = "Business as usual", "Do minimum", "The plan", "Most people"
WITHOUT_PRIORITY = "the plan without priority"


def check_options(facts: Facts, ledger: Ledger) -> None:
    """Compare the options: their sites, whom they reach, and what they cost."""
    if not (facts.has("options") and facts.has("option_sites")):
        return
    wanted, where = facts.sites_of("option_sites", "option"), "tables/option_sites.csv"
    minimum = [j for j, status in enumerate(facts.status) if status in ("existing", "committed")]
    for name, sites in ((TODAY, facts.existing), (MINIMUM, minimum), (PLAN, facts.opened)):
        if name == PLAN and not facts.opened:
            continue
        ledger.compare(f"Sites of option: {name}", where, facts.name_sites(wanted.get(name, [])),
                   facts.name_sites(sites))  # fmt: skip
    spent, table = costs(facts), facts.table("options")
    rows = []
    for name in table["option"].astype(str):
        opened = wanted.get(name, [])
        reached = _reached(facts, opened, sending_of(facts, name))
        rows.append({"option": name} | reached | _cost(facts, name, opened, spent))
    _benefits(facts, rows)
    recomputed = pd.DataFrame(rows)
    shared = [column for column in recomputed if column in table]
    ledger.table("Options", "tables/options.csv", table, recomputed[shared], ["option"])
    _check_rules(facts, ledger, table, wanted)
    for column in sorted(set(map(str, table)) - set(map(str, recomputed)) - {"place", "words"}):
        ledger.leave(f"Options: {column}", "no rule to recompute it", len(table))


def _check_rules(
    facts: Facts, ledger: Ledger, table: pd.DataFrame, wanted: dict[str, list[int]]
) -> None:
    """Compare options with the rules of the scenario: kept, or the words name those that are not.

    A plan that was made by hand has no rules to keep.
    """
    if not facts.opened or facts.record["plan"].get("solver") == "by hand":
        return
    where = "tables/options.csv"
    for name, words in zip(table["option"].astype(str), as_words(table["words"]), strict=True):
        opened = wanted.get(name, [])
        if name in (TODAY, MINIMUM):
            if breaks_rules(facts, opened):
                named = "named" if "does not keep: " in words else "not named"
                ledger.compare(f"Rules that {name} does not keep", where, named, "named")
        elif name != PLAN:
            sending = sending_of(facts, name)
            compare_rules(facts, ledger, opened, sending, f"Rule of {name}", where)


def sending_of(facts: Facts, option: str) -> pd.DataFrame | None:
    """Return whom an option sends where; None if everyone goes to the nearest centre."""
    if option == PLAN:
        return facts.own_sending
    return None if option in (TODAY, MINIMUM) else read_sending(facts, "option", option)


def _reached(facts: Facts, opened: list[int], sending: pd.DataFrame | None) -> dict[str, object]:
    """Whom an option reaches."""
    trips = trips_of(facts, opened, sending)
    minutes, people = (trips[name].to_numpy(dtype=np.float64) for name in ("minutes", "people"))
    total, inside = people.sum(), people * facts.inside(minutes)
    band = facts.band[facts.area[trips["row"]]]
    known = bool((band > 0).any())
    first = band == (band[band > 0].min() if known else -1)
    return {
        "centres": len(opened),
        "new_centres": sum(facts.status[j] != "existing" for j in opened),
        "people_within": inside.sum(),
        "share_within": inside.sum() / total if total else np.nan,
        "first_band_within": inside[first].sum() if known else np.nan,
        "others_within": inside[~first].sum() if known else inside.sum(),
        "mean_minutes": (np.minimum(minutes, facts.horizon) * people).sum() / total,
        "sii": inequality(facts, opened, sending).get(
            (f"share within {facts.reach:g} minutes", "SII")
        ),
    }


def _cost(facts: Facts, name: str, opened: list[int], spent: pd.DataFrame) -> dict[str, object]:
    """What an option costs, with what it leaves of business as usual."""
    mine = spent[spent["site"].isin(opened)]
    new = mine[mine["status"] != "existing"]
    rate, years, base = facts.discounting
    figures: dict[str, object] = {
        "without_cost": int(new["capital"].isna().sum()),
        "running": float((mine["running"] * mine["rebased"]).sum(min_count=min(len(mine), 1))),
        "without_running": int(mine["running"].isna().sum()),
        "last_opens": int(new["opens"].max()) if len(new) else base,
    }
    for column in ("capital", "appraised", "capital_discounted", "undiscounted", "discounted"):
        figures[column] = float(mine[column].sum(skipna=False))
    left = {}
    for column, ended in (("backlog", "ends_backlog"), ("other_running", "ends_running")):
        given = facts.setting(column, np.nan)
        figures[column] = max(given - facts.setting(f"{ended}:{name}"), 0.0)
        left[column] = 0.0 if np.isnan(given) else float(str(figures[column]))
        if np.isnan(given):
            figures[column] = np.nan
    _, plain, worth = present_value(left["backlog"], left["other_running"], int(base),
                                    (rate, years, base))  # fmt: skip
    figures["undiscounted"] = float(str(figures["undiscounted"])) + plain
    figures["discounted"] = float(str(figures["discounted"])) + worth
    return figures


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


def _free(facts: Facts) -> tuple[list[int], pd.DataFrame | None]:
    """Return the sites of the plan without priority and whom they serve.

    They are the plan's own if it is the same plan.
    """
    wanted = facts.sites_of("option_sites", "option")
    if FREE in wanted:
        return wanted[FREE], sending_of(facts, FREE)
    return facts.opened, facts.own_sending


def check_price(facts: Facts, ledger: Ledger) -> None:
    """Compare the price of priority with what both plans reach."""
    if not facts.has("price"):
        return
    goals = [stage["goal"] for stage in facts.record["plan"]["stages"]]
    first = any(goal.startswith("people of band") for goal in goals)
    ledger.compare("The plan puts a band first", "tables/price.csv", first, True)
    question = Question(facts)
    here = question.reached(facts.opened, facts.own_sending)
    there = question.reached(*_free(facts))
    rows = []
    for band in [*sorted(set(question.band)), "all"]:
        mine = np.ones(len(here), dtype=bool) if band == "all" else question.band == band
        plan, without = float(here[mine].sum()), float(there[mine].sum())
        rows.append({"band": str(band), "people_plan": plan, "people_without": without,
                     "difference": without - plan})  # fmt: skip
    table = facts.table("price")
    table["band"] = table["band"].map(key_text)
    ledger.table("Price of priority", "tables/price.csv", table.drop(columns="place"),
                 pd.DataFrame(rows), ["band"])  # fmt: skip
    most = most_of_priority(facts)
    if most is not None:  # the bound rests on the search; it cannot be below what was found
        enough = most >= np.floor(without - plan)  # the last row is that of all bands
        ledger.compare("Most that priority may cost", "tables/notes.csv", enough, recomputed=True)


def check_losers(facts: Facts, ledger: Ledger) -> None:
    """Compare the areas that lose against today and against the plan without priority."""
    if not facts.has("losers"):
        return
    table = facts.table("losers")
    against = {"today": (facts.existing, None), WITHOUT_PRIORITY: _free(facts)}
    if not facts.has("price"):
        del against[WITHOUT_PRIORITY]
    here = _minutes_by_area(facts, facts.opened, facts.own_sending)
    noticed, horizon = float(facts.settings["noticed_minutes"]), facts.horizon
    parts = []
    for name, (opened, sending) in against.items():
        there = _minutes_by_area(facts, opened, sending)
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


def _minutes_by_area(facts: Facts, opened: list[int], sending: pd.DataFrame | None) -> Floats:
    trips = trips_of(facts, opened, sending)
    return facts.median_by_area(trips["minutes"].to_numpy(dtype=np.float64), trips)


def score_options(table: pd.DataFrame) -> pd.DataFrame:
    """Return scores of options: 0 for the worst, 100 for the best; 100 where all are alike.

    Parameters
    ----------
    table
        options.csv.

    Returns
    -------
    DataFrame
        Index: the option. A column for each criterion, NaN for one that is not known of every
        option, and `score`: their mean, as all weigh the same.
    """
    scores = pd.DataFrame(index=pd.Index(table["option"].astype(str)))
    known = table.reindex(columns=list(CRITERIA))
    for column, sign in CRITERIA.items():
        value = sign * pd.to_numeric(known[column], errors="coerce").to_numpy(dtype=np.float64)
        apart = value.max() - value.min()
        scores[column] = 100 * (value - value.min()) / apart if apart != 0 else 100.0
    scores["score"] = scores.mean(axis=1)
    return scores


def weight_of_first_band(scores: pd.DataFrame, option: str) -> float:
    """Return the weight of the first band at which the plan and an option score alike.

    The other criteria weigh 1. NaN where no weight of 0 or more does it.
    """
    rows = dict(zip(map(str, scores.index), scores.to_dict("records"), strict=True))
    apart = {name: float(rows[PLAN][name]) - float(rows[option][name]) for name in CRITERIA}
    first = apart.pop("first_band_within")
    rest = sum(value for value in apart.values() if np.isfinite(value))
    return -rest / first if first and -rest / first >= 0 else np.nan


CRITERIA = {"first_band_within": 1, "others_within": 1, "discounted": -1}
"""Columns of options.csv that are scored: 1 where more is better, -1 where less is."""
