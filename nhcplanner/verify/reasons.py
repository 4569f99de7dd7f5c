"""Reasons for sites recomputed: what each reaches alone, and what others would add."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, flag_text, key_text
from nhcplanner.verify.goals import Question
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.scenario import must_open


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
        ledger.table(title[name], f"tables/{name}.csv", table, pd.DataFrame(records),
                     ["site_id", "band"])  # fmt: skip
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
    for site, reason in zip(table["site_id"], table["reason"].fillna(""), strict=True):
        if match := re.match(r"Would add ([\d,]+) people", reason):
            keys.append(site)
            stated.append(float(match[1].replace(",", "")))
            recomputed.append(round(float(adds.get(site, np.nan))))
    ledger.column("People that a site would add, in words", where, keys, stated, recomputed, 0.51)
