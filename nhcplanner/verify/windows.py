"""Windows of the day recomputed: people within reach in each, and centres that are closed."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from opening_hours import OpeningHours

from nhcplanner.verify.facts import NOT_KNOWN, OWN, Facts, Floats, LackingError, as_words
from nhcplanner.verify.groups import groupings
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.trips import trips_of

WHERE = "tables/windows.csv"
COMPARED = ("everyone", "band", "imd_quintile", "household")
"""Groupings of the table."""


def check_windows(facts: Facts, ledger: Ledger) -> None:
    """Compare who is within reach in each window, and the centres that are open in it."""
    if not facts.has("windows"):
        return
    table = facts.table("windows")
    rows: list[dict[str, Any]] = []
    for window, part in table.groupby("window", sort=False):
        mode = _mode(facts, str(part["mode"].iloc[0]), str(window))
        split = len(facts.points(mode)[0]) != len(facts.people)
        if split:
            ledger.leave(
                f"Hours: {window}", "its minutes are not of people by household", len(part)
            )
            table = table[table["window"] != window]
            continue
        trips = trips_of(facts, facts.opened, facts.own_sending, mode)
        trips["before"] = facts.nearest(facts.existing, mode)[trips["row"]]
        closed, unknown = _count_closed(facts, str(part["day"].iloc[0]), str(part["hours"].iloc[0]))
        counts = {"window": window, "closed": closed, "unknown": unknown}
        rows += [counts | row for row in _groups(facts, trips)]
    keys = ["window", "grouping", "group"]
    published = table.assign(group=as_words(table["group"]))
    ledger.table("Hours", WHERE, published, pd.DataFrame(rows), keys)
    _compare_mix(facts, table, ledger)


def _mode(facts: Facts, journeys: str, window: str) -> str:
    """Return the name of a window's minutes in minutes.csv."""
    name = f"{journeys}, {window}"
    for mode in (name, f"{name} (estimate)"):
        if mode in facts.modes:
            return mode
    raise LackingError(f"minutes.csv has no minutes of {window}")


def _groups(facts: Facts, trips: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the people of each group and those within reach, before and after."""
    of_row = trips["row"].to_numpy(dtype=np.int64)
    part = np.zeros(len(trips))
    np.divide(trips["people"], facts.people[of_row], out=part, where=facts.people[of_row] > 0)
    near = {
        when: facts.inside(trips[name].to_numpy(dtype=np.float64))
        for when, name in (("before", "before"), ("after", "minutes"))
    }
    groups: list[tuple[str, str, Floats]] = []
    left: dict[str, Floats] = {}
    for grouping, group, heads in groupings(facts):
        if grouping in COMPARED:
            groups.append((grouping, group, heads))
            left[grouping] = left.get(grouping, facts.people) - heads
    for grouping, rest in left.items():
        heads = np.where(rest > 1e-9 * facts.people, rest, 0.0)
        if heads.any():
            groups.append((grouping, NOT_KNOWN, heads))
    rows = []
    for grouping, group, of_origin in groups:
        heads = of_origin[of_row] * part
        row: dict[str, Any] = {"grouping": grouping, "group": group, "people": heads.sum()}
        for when, inside in near.items():
            none = when == "after" and not facts.has_plan
            within = np.nan if none else heads[inside].sum()
            row[f"within_{when}"] = within
            row[f"share_{when}"] = within / heads.sum() if heads.sum() > 0 else np.nan
        rows.append(row)
    return rows


def _count_closed(facts: Facts, day: str, hours: str) -> tuple[int, int]:
    """Return the number of the plan's centres that are closed, and of those without hours."""
    midnight = datetime.fromisoformat(day)
    start, end = (
        midnight + timedelta(hours=int(hour), minutes=int(minute))
        for hour, minute in (time.split(":") for time in hours.split(" to "))
    )
    ids, read = facts.sites["site_id"].astype(str), _read_hours(facts)
    closed = unknown = 0
    for site in ids.iloc[facts.opened]:
        spans = _open_spans(read.get(site, ""), start, end)
        unknown += spans is None
        open_time = sum(((last - first) for first, last in spans or ()), timedelta())
        closed += spans is not None and open_time < (end - start) / 2
    return closed, unknown


_SUGGESTED = re.compile(
    r"(?:met|gap|not known): Opening hours (?:are not certain: )?(?P<hours>.*?)"
    r"(?: \(written: (?P<written>.*)\))?(?:: 12 hours or more on .*)?",
    re.DOTALL,
)
"""Evidence that opening hours suggest: hours as they were read, and as the list has them."""


def _read_hours(facts: Facts) -> dict[str, str]:
    """Return the opening hours of each centre as they were read, by site; "" = not known."""
    if not facts.has("fit") or "suggested" not in facts.table("fit"):
        raise LackingError("tables/fit.csv does not say how opening hours were read")
    table = facts.table("fit")
    hours = {}
    for site, words in zip(table["site_id"], as_words(table["suggested"]), strict=True):
        match = _SUGGESTED.fullmatch(words)
        if match and not match["hours"].startswith("are not understood"):
            hours[str(site)] = match["hours"]
    return hours


def _open_spans(
    text: str, start: datetime, end: datetime
) -> list[tuple[datetime, datetime]] | None:
    """Return when a site is open between two times; None where that is not known."""
    if not text:
        return None
    spans = []
    for first, last, state, comment in OpeningHours(text).intervals(start, end):
        if str(state) == "unknown" or (str(state) == "open" and comment):
            return None
        if str(state) == "open":
            spans.append((max(first, start), min(last, end)))
    return spans


def _compare_mix(facts: Facts, table: pd.DataFrame, ledger: Ledger) -> None:
    """Compare the plan's own minutes with those of its windows, mixed as the scenario says."""
    if table.empty or table["mode"].iloc[0] != OWN:
        return
    mix = facts.scenario.get("transit_mix", "worst")
    weights = list(facts.scenario.get("transit_weights") or [])
    names = [_mode(facts, OWN, str(window)) for window in table["window"].unique()]
    rows, sites, minutes = facts.pairs(OWN)
    listed = np.isin(sites, np.unique(np.concatenate([facts.pairs(name)[1] for name in names])))
    own = pd.Series(minutes[listed], pd.MultiIndex.from_arrays([rows[listed], sites[listed]]))
    parts = []
    for name in names:
        some = facts.pairs(name)
        parts.append(pd.Series(some[2], pd.MultiIndex.from_arrays([some[0], some[1]])))
    every = pd.concat(parts, axis=1)
    if mix == "worst":
        mixed = every[every.notna().all(axis=1)].max(axis=1)
    elif mix == "best":
        mixed = every.min(axis=1)
    else:
        share = np.array(weights or [1.0] * len(names))
        reached = every.loc[:, share > 0].notna().any(axis=1)
        capped = every.fillna(facts.horizon).clip(upper=facts.horizon)
        mixed = (capped @ (share / share.sum()))[reached]
    both = pd.concat([own, mixed], axis=1)
    far = int((~np.isclose(both[0], both[1], rtol=1e-5, atol=1e-4, equal_nan=True)).sum())
    ledger.compare("Own minutes that are not those of their hours", "tables/minutes.csv", far, 0)


MONDAY, WEEKS = datetime.fromisoformat("2026-06-01"), 52
"""First day and number of the weeks in which opening hours are counted."""


def check_suggestions(facts: Facts, ledger: Ledger) -> None:
    """Compare the evidence that opening hours suggest with the list's hours and their length."""
    if not facts.has("fit") or "suggested" not in facts.table("fit"):
        return
    table, where = facts.table("fit"), "tables/fit.csv"
    suggested = as_words(table["suggested"])
    given = pd.Series("", index=facts.sites["site_id"].astype(str))
    if "opening_hours" in facts.sites:
        given[:] = as_words(facts.sites["opening_hours"]).to_numpy()
    for site, words in zip(table["site_id"].astype(str), suggested, strict=True):
        match = _SUGGESTED.fullmatch(words)
        if match is None:
            continue
        mine = match["written"] or match["hours"]
        mine = mine.removeprefix("are not understood: ")
        if ": 12 hours or more" in words:
            ledger.compare(f"Opening hours of {site}", where, mine, given[site].strip())
            state = words.partition(":")[0]
            ledger.compare(f"12 hours on six days, {site}", where, state, _state(match["hours"]))


def _state(hours: str) -> str:
    """Return whether hours are 12 a day on six days in most weeks."""
    spans = _open_spans(hours, MONDAY, MONDAY + timedelta(weeks=WEEKS))
    if spans is None:
        return "not known"
    of_day = np.zeros(7 * WEEKS)
    for first, last in spans:
        for number in range((first - MONDAY).days, min((last - MONDAY).days + 1, len(of_day))):
            day = MONDAY + timedelta(days=number)
            time = min(last, day + timedelta(days=1)) - max(first, day)
            of_day[number] += time.total_seconds() / 3600
    long_days = (of_day.reshape(-1, 7) >= 12).sum(axis=1)
    return "met" if (long_days >= 6).sum() > WEEKS / 2 else "gap"
