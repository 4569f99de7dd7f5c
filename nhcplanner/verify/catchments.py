"""Catchments recomputed: whom each centre serves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import Ledger


def check_service(facts: Facts, ledger: Ledger) -> None:
    """Compare whom each centre serves: by site, by area, and on the layers' wide tables."""
    if not facts.opened:
        return
    served = catchments(facts)
    if facts.has("catchments"):
        table = facts.table("catchments")
        ledger.table("Catchments", "tables/catchments.csv", table, served, ["site_id"])
    short = served.rename(columns={"people": "people_served"})
    columns = ["site_id", "role", "people_served", "people_nearest", "over_capacity"]
    fifths = [str(name) for name in short if str(name).startswith("people_q")]
    if facts.has("centres_wide"):
        table = facts.table("centres_wide")
        wanted = [*columns, *(name for name in fifths if name in table)]
        ledger.table("Centres", "tables/centres_wide.csv", table, short[wanted], ["site_id"])
    ids = facts.sites["site_id"].astype(str).tolist()
    every = pd.DataFrame({"site_id": ids}).merge(short[columns], on="site_id", how="left")
    ledger.table("Sites", "tables/sites_wide.csv", facts.sites, every, ["site_id"])
    if facts.has("assignment"):
        _check_assignment(facts, ledger)


def catchments(facts: Facts) -> pd.DataFrame:
    """Return whom each open centre serves, by fifth of deprivation."""
    given = facts.allocation
    sent = facts.people[given["row"]] * given["share"].to_numpy()
    nearest = facts.nearest_site(facts.opened)
    near = facts.inside(facts.nearest(facts.opened)) & (nearest >= 0)
    sites = given["site"].to_numpy()
    rows = []
    for site in facts.opened:
        mine = sites == site
        capacity = _cell(facts, "capacity", site)
        people = float(sent[mine].sum())
        status = facts.status[site]
        row = {
            "site_id": str(facts.sites["site_id"].iloc[site]),
            "role": status if status in ("existing", "committed") else "new",
            "people": people,
            "people_nearest": float(facts.people[near & (nearest == site)].sum()),
            "capacity": capacity,
            "over_capacity": np.nan if np.isnan(capacity) else max(people - capacity, 0.0),
        }
        for number in range(6):
            column = f"people_q{number}" if number else "people_q_unknown"
            row[column] = np.nan
            if facts.fifth is not None:
                fifth = facts.fifth[facts.area[given["row"]]]
                row[column] = float(sent[mine & (fifth == number)].sum())
        rows.append(row)
    return pd.DataFrame(rows)


def _cell(facts: Facts, column: str, site: int) -> float:
    """Return a number of a site; NaN where it is not known."""
    if column not in facts.sites:
        return float("nan")
    value = pd.to_numeric(facts.sites[column].iloc[[site]], errors="coerce").iloc[0]
    return float(value)


def _check_assignment(facts: Facts, ledger: Ledger) -> None:
    rows, sites, minutes = facts.pairs("own")
    own = pd.DataFrame({"row": rows, "site": sites, "m": minutes})
    given = facts.allocation.merge(own, on=["row", "site"], how="left")
    given["people"] = facts.people[given["row"]] * given["share"]
    given["total"] = given["people"] * given["m"]
    given["area"] = facts.area[given["row"]]
    sums = given[given["people"] > 0].groupby(["area", "site"], as_index=False).sum()
    ids = facts.sites["site_id"].astype(str).to_numpy()
    codes = facts.areas["area_code"].astype(str).to_numpy()
    recomputed = pd.DataFrame(
        {
            "area_code": codes[sums["area"].to_numpy(dtype=int)],
            "site_id": ids[sums["site"].to_numpy(dtype=int)],
            "people": sums["people"],
            "minutes": sums["total"] / sums["people"],
        }
    )
    table, where = facts.table("assignment"), "tables/assignment.csv"
    ledger.table("Assignment", where, table, recomputed, ["area_code", "site_id"])
    sent = float(table["people"].astype("float64").sum())
    ledger.compare(
        "People whom centres serve, in all", where, sent, float(recomputed["people"].sum())
    )
