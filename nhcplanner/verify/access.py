"""Access recomputed: areas, time bands, certainty of band 1, and the figures of plan.json."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, Floats, as_words
from nhcplanner.verify.ledger import Ledger, as_text
from nhcplanner.verify.scenario import services_near, services_to_add
from nhcplanner.verify.trips import own_trips, trips_of


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
    if "services_to_add" in facts.sites:
        lacks = services_to_add(facts)
        stated = facts.sites.assign(services_to_add=as_words(facts.sites["services_to_add"]))
        ledger.table("Services to add", "tables/sites_wide.csv", stated, lacks, ["site_id"])
    if "services_near" in facts.sites:
        near = services_near(facts)[["site_id", "services_near"]]
        ledger.table("Services near", "tables/sites_wide.csv", facts.sites, near, ["site_id"])
    if facts.has("assignment"):
        _check_assignment(facts, ledger)
    if facts.has("competition"):
        _check_competition(facts, ledger)


def _check_competition(facts: Facts, ledger: Ledger) -> None:
    """Compare where people of new centres would otherwise go, a centre at a time."""
    given, status = facts.allocation, facts.status
    rows_of, sites_of, minutes_of = facts.pairs("own")
    own = pd.DataFrame({"row": rows_of, "site": sites_of, "here": minutes_of})
    ids = facts.sites["site_id"].astype(str).tolist()
    parts = []
    for site in facts.opened:
        if status[site] == "existing":
            continue
        mine = given[given["site"] == site].merge(own, on=["row", "site"], how="left")
        others = [other for other in facts.opened if other != site]
        near, where = facts.nearest(others), facts.nearest_site(others)
        mine["people"] = facts.people[mine["row"]] * mine["share"]
        mine["there"] = near[mine["row"]]
        inside = facts.inside(mine["there"].to_numpy(dtype=np.float64))
        mine["from_site_id"] = [
            ids[where[row]] if flag else "" for row, flag in zip(mine["row"], inside, strict=True)
        ]
        mine = mine[mine["people"] > 0]
        for other, part in mine.groupby("from_site_id"):
            people = float(part["people"].sum())
            sums = {name: float((part["people"] * part[name]).sum()) for name in ("here", "there")}
            parts.append(
                {
                    "site_id": ids[site],
                    "from_site_id": other,
                    "people": people,
                    "share": people / float(mine["people"].sum()),
                    "minutes_here": sums["here"] / people,
                    "minutes_there": sums["there"] / people if other else np.nan,
                }
            )
    keys = ["site_id", "from_site_id"]
    columns = [*keys, "people", "share", "minutes_here", "minutes_there"]
    recomputed = pd.DataFrame(parts, columns=columns)
    table = facts.table("competition")
    table["from_site_id"] = as_words(table["from_site_id"])
    ledger.table("Competition", "tables/competition.csv", table[columns], recomputed, keys)


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
            "headroom": capacity - people,
            "utilisation": people / capacity if capacity > 0 else np.nan,
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
    """Return a number of a site; NaN if it is not known."""
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


def check_areas(facts: Facts, ledger: Ledger) -> None:
    """Compare minutes, shares, bands and centres of every area."""
    before, trips = facts.nearest(facts.existing), own_trips(facts)
    after = trips["minutes"].to_numpy(dtype=np.float64)
    recomputed = pd.DataFrame({"area_code": facts.areas["area_code"].astype(str)})
    recomputed["people"] = facts.areas["people"]
    recomputed["band"] = facts.band
    for when, minutes, of in (("before", before, None), ("after", after, trips)):
        recomputed[f"minutes_{when}"] = _blank_beyond(facts.median_by_area(minutes, of))
        recomputed[f"share_{when}"] = facts.share_by_area(facts.inside(minutes), of)
    recomputed["change"] = recomputed["minutes_after"] - recomputed["minutes_before"]
    recomputed["nearest_centre"] = _commonest(facts, facts.nearest_site(facts.opened))
    given = facts.allocation
    weight = facts.weight()[given["row"]] * given["share"].to_numpy()
    rows = given["row"].to_numpy(dtype=np.int64)
    recomputed["centre"] = _commonest(facts, given["site"].to_numpy(), rows, weight)
    if not facts.has_plan:
        recomputed[["minutes_after", "share_after", "change", "centre", "nearest_centre"]] = np.nan
    own = [*recomputed.columns]
    for name in ("areas", "areas_wide"):
        if facts.has(name):
            table = facts.table(name)
            published = table[[column for column in own if column in table]]
            ledger.table("Areas", f"tables/{name}.csv", published, recomputed, ["area_code"])
    if facts.has("areas_long"):
        long = facts.table("areas_long")
        wide = recomputed.melt(["area_code"], sorted(set(long["figure"])), "figure", "value")
        ledger.table(
            "Areas, long", "tables/areas_long.csv",
            long[["area_code", "figure", "value"]], wide, ["area_code", "figure"],
        )  # fmt: skip
    heads = np.bincount(facts.area, facts.people, len(facts.areas))
    ledger.column(
        "People of each area's starting points", "tables/origins.csv",
        recomputed["area_code"].tolist(), heads.tolist(), facts.areas["people"].tolist(), 1e-6,
    )  # fmt: skip
    ledger.compare(
        "Order of need", "tables/settings.csv", facts.settings["bands_by"], facts.bands_by
    )


def _blank_beyond(minutes: Floats) -> Floats:
    return np.where(np.isfinite(minutes), minutes, np.nan)


def _commonest(
    facts: Facts, sites: Any, rows: Any = None, weight: Floats | None = None
) -> list[str | None]:
    """Id of the site of most of each area's people; None = none."""
    rows = np.arange(len(facts.people)) if rows is None else rows
    weight = facts.weight()[rows] if weight is None else weight
    frame = pd.DataFrame({"area": facts.area[rows], "site": sites, "w": weight})
    frame = frame[(frame["site"] >= 0) & (frame["w"] > 0)]
    sums = frame.groupby(["area", "site"])["w"].sum().reset_index()
    most = sums.sort_values(["area", "w", "site"], ascending=[True, False, True])
    best = most.drop_duplicates("area").set_index("area")["site"]
    ids = facts.sites["site_id"].astype(str).tolist()
    return [ids[int(best[row])] if row in best.index else None for row in range(len(facts.areas))]


def check_record(facts: Facts, ledger: Ledger) -> None:
    """Compare the figures of plan.json."""
    record, where = facts.record, "plan.json"
    place, assessment = record.get("place", {}), record.get("assessment", {})
    for name, value in (
        ("areas", len(facts.areas)),
        ("sites", len(facts.sites)),
        ("people", float(np.floor(facts.areas["people"].sum()))),
    ):
        ledger.compare(f"Place: {name}", where, place.get(name), value)
    if "own" in facts.modes and record.get("times", {}).get("pairs") is not None:
        pairs, listed = record["times"]["pairs"], len(facts.pairs("own")[0])
        if pairs == listed or not facts.unlisted:
            ledger.compare("Pairs within the horizon", where, pairs, listed)
        else:
            ledger.leave("Pairs within the horizon", "only pairs of sites in use are listed", 1)
    trips = own_trips(facts)
    total = facts.people.sum()
    for limit, pair in assessment.get("people_within", {}).items():
        shares = assessment.get("share_within", {}).get(limit, {})
        for when, minutes in _both(trips):
            people = float(trips["people"][facts.inside(minutes, float(limit))].sum())
            none = when == "after" and not facts.has_plan
            ledger.compare(
                f"People within {limit} minutes {when}", where,
                pair.get(when), None if none else people,
            )  # fmt: skip
            ledger.compare(
                f"Share within {limit} minutes {when}", where,
                shares.get(when), None if none or not total else people / total,
            )  # fmt: skip
    noted = pd.DataFrame(record.get("sites") or [])
    if len(noted):
        shared = [column for column in noted if column in facts.sites]
        own = facts.sites.copy()
        for name in ("capacity", "cost"):  # the record has the list's figures, not the sizes'
            own[name] = own.get(f"listed_{name}", own.get(name))
        ledger.table("Sites", where, noted[shared], own[shared], ["site_id"])
    _check_shares(facts, ledger, assessment)
    served = catchments(facts)
    published = pd.DataFrame(assessment.get("catchments") or [], columns=None)
    if facts.opened and len(published):
        columns = ["site_id", "people", "people_nearest", "capacity", "over_capacity"]
        ledger.table(
            "Catchments", where, published.reindex(columns=columns), served[columns], ["site_id"]
        )
    centres = pd.DataFrame(assessment.get("centres") or [])
    if facts.opened and len(centres):
        mine = served.rename(columns={"people": "people_served"})
        columns = ["site_id", "role", "people_served", "people_nearest"]
        ledger.table("Centres", where, centres[columns], mine[columns], ["site_id"])


def _both(trips: pd.DataFrame) -> tuple[tuple[str, Floats], tuple[str, Floats]]:
    """Return minutes of each trip, before and after."""
    before, after = (trips[name].to_numpy(dtype=np.float64) for name in ("before", "minutes"))
    return ("before", before), ("after", after)


def _check_shares(facts: Facts, ledger: Ledger, assessment: dict[str, Any]) -> None:
    """Compare shares within each limit by band, fifth, class and household."""
    groups: dict[str, tuple[str, Any]] = {"by_band": ("band", facts.band[facts.area])}
    if facts.fifth is not None:
        groups["by_imd_quintile"] = ("imd_quintile", facts.fifth[facts.area])
    if "rural_urban" in facts.areas:
        label = as_words(facts.areas["rural_urban"]).to_numpy()
        groups["by_rural_urban"] = ("rural_urban", label[facts.area])
    households = as_words(facts.origins["household"])
    if (households != "").any():
        groups["by_car"] = ("household", households.to_numpy())
    trips = own_trips(facts)
    heads = trips["people"].to_numpy(dtype=np.float64)
    for name, (key, of_row) in groups.items():
        rows = []
        for row in assessment.get(name) or []:
            mine = (of_row == row[key])[trips["row"]]
            people = float(heads[mine].sum())
            for when, minutes in _both(trips):
                for limit, share in (row.get(f"share_{when}") or {}).items():
                    near = facts.inside(minutes, float(limit))
                    none = not people or (when == "after" and not facts.has_plan)
                    value = None if none else float(heads[mine & near].sum()) / people
                    rows.append((f"{row[key]}, {limit} minutes {when}", share, value))
            rows.append((f"{row[key]}, people", row["people"], people))
        keys, published, recomputed = zip(*rows, strict=True) if rows else ((), (), ())
        ledger.column(f"Shares {name}", "plan.json", keys, published, recomputed)


def check_minutes(facts: Facts, ledger: Ledger) -> None:
    """Compare people by minute and by time band, for every mode."""
    for name in ("within", "curve"):
        if not facts.has(name):
            continue
        table = facts.table(name)
        rows = []
        for mode_label in table["mode"].unique():
            mode = "own" if str(mode_label).startswith("the plan's own") else str(mode_label)
            if mode not in facts.modes:
                some = int((table["mode"] == mode_label).sum()) * 4
                ledger.leave(f"{name}: {mode_label}", "its minutes are not in minutes.csv", some)
                continue
            trips = trips_of(facts, facts.opened, facts.own_sending, mode)
            trips["before"] = facts.nearest(facts.existing, mode)[trips["row"]]
            people = trips["people"].to_numpy(dtype=np.float64)
            total = people.sum()
            for limit in table.loc[table["mode"] == mode_label, "minutes"]:
                row = {"mode": mode_label, "minutes": limit}
                for when, minutes in _both(trips):
                    heads = float(people[facts.inside(minutes, limit)].sum())
                    none = when == "after" and not facts.has_plan
                    row[f"people_{when}"] = np.nan if none else heads
                    row[f"share_{when}"] = np.nan if none or not total else heads / total
                rows.append(row)
        if not rows:
            continue
        recomputed = pd.DataFrame(rows)
        table = table[table["mode"].isin(recomputed["mode"])].copy()  # the others are left
        for frame in (table, recomputed):
            frame["minutes"] = frame["minutes"].map(as_text)
        ledger.table(
            "People by minutes", f"tables/{name}.csv", table, recomputed, ["mode", "minutes"]
        )


SURELY_LOWEST = 0.8
"""Probability from which on an area counts as surely in the lowest band."""
CHANCE_COLUMN = "lowest_band_probability"
_SENTENCE = re.compile(
    r"of the ([\d,]+) people in band 1, ([\d,]+) live .* ([\d,]+) are expected .* and ([\d,]+) "
    r"people of other bands"
)
_FIGURES = (
    "People in band 1",
    "People surely in the lowest fifth",
    "People of band 1 expected in the lowest fifth",
    "People of other bands expected in the lowest fifth",
)


def band_figures(facts: Facts) -> list[float]:
    """People in band 1; of these surely and expected in the lowest fifth; and others expected.

    Returns
    -------
    list of float
        Empty where the areas have no probabilities.
    """
    areas = facts.areas
    if CHANCE_COLUMN not in areas or "band" not in areas:
        return []
    chance = areas[CHANCE_COLUMN].fillna(0.0)
    people, first = areas["people"], areas["band"] == 1
    likely = people * chance
    return [
        float(people[first].sum()),
        float(people[first & (chance >= SURELY_LOWEST)].sum()),
        float(likely[first].sum()),
        float(likely[~first].sum()),
    ]


def check_certainty(facts: Facts, ledger: Ledger) -> None:
    """Compare the sentence of notes.csv on the lowest band with the areas' probabilities."""
    notes = facts.files.tables.get("notes")
    if notes is None or not facts.has("areas_wide"):
        return
    for words in notes["words"].astype(str):
        match = _SENTENCE.search(words)
        if match is not None:
            stated = [float(figure.replace(",", "")) for figure in match.groups()]
            right: list[float | None] = [*band_figures(facts)] or [None] * len(_FIGURES)
            ledger.column(
                "Certainty of band 1", "tables/notes.csv", _FIGURES, stated, right, within=0.5
            )
