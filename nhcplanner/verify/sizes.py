"""Sizes of centres recomputed: which sizes a site may have, and what each plan's sizes allow.

A size replaces a site's own capacity and cost, or adds to them; a site that is open today may also
stay as it is. A plan gives each centre the cheapest size that suits the people whom it serves.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, as_words
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.scenario import Option, numbers_of, options_of

ROUNDING = 1e-6


def check_sizes(facts: Facts, ledger: Ledger) -> None:
    """Compare the size of each centre with those offered, its people and its cheapest size."""
    if "plan_size" not in facts.sites or not facts.opened or not facts.sends:
        return
    given = facts.allocation
    sent = facts.people[given["row"]] * given["share"].to_numpy()
    load = np.bincount(given["site"], sent, len(facts.sites))
    names = as_words(facts.sites["plan_size"]).tolist()
    capacity, cost = numbers_of(facts, "capacity"), numbers_of(facts, "cost")
    rows = []
    for site in facts.opened:
        best = min(_suitable(facts, site, float(load[site])), key=_rank, default=None)
        row = {"site_id": str(facts.sites["site_id"].iloc[site]), "plan_size": names[site]}
        if best is not None:
            room = best.room if np.isfinite(best.room) else np.nan
            row |= {"capacity": room, "cost": best.pounds, "plan_size": best.name}
            row["room_left"] = max(room - load[site], 0.0)
        else:
            row |= {"capacity": capacity[site], "cost": cost[site], "room_left": np.nan}
            row["plan_size"] = "" if not options_of(facts, site) else "no size suits"
            row["room_left"] = max(capacity[site] - load[site], 0.0)
        rows.append(row)
    recomputed = pd.DataFrame(rows)
    for name in ("sites_wide", "centres_wide"):
        table = facts.sites if name == "sites_wide" else facts.table(name)
        columns = [column for column in recomputed if column in table]
        chosen = table[table["site_id"].astype(str).isin(recomputed["site_id"])]
        chosen = chosen.assign(
            site_id=chosen["site_id"].astype(str), plan_size=as_words(chosen["plan_size"])
        )
        ledger.table(
            "Sizes of centres", f"tables/{name}.csv", chosen[columns], recomputed[columns],
            ["site_id"],
        )  # fmt: skip
    stated = facts.record["plan"].get("sizes") or {}
    by_id = {row["site_id"]: row["plan_size"] for row in rows if row["plan_size"]}
    ledger.compare("Sizes of centres", "plan.json", _listed(stated), _listed(by_id))


def _suitable(facts: Facts, site: int, people: float) -> Iterator[Option]:
    slack = ROUNDING * max(people, 1.0)
    for one in options_of(facts, site):
        if one.least - slack <= people <= one.room + slack:
            yield one


def _rank(option: Option) -> tuple[float, float]:
    return (0.0 if np.isnan(option.pounds) else option.pounds), option.room


def _listed(sizes: dict[str, str]) -> str:
    return "; ".join(f"{site}: {size}" for site, size in sorted(sizes.items())) or "none"
