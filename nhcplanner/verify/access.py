"""Access recomputed: areas, time bands, groups, inequality, and whom each centre serves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import NOT_KNOWN, Facts, Floats, concentration, line
from nhcplanner.verify.ledger import Ledger, shown

AGES = {
    "0 to 15": "people_0_15", "16 to 64": "people_16_64",
    "65 to 84": "people_65_84", "85 and over": "people_85_plus",
}  # fmt: skip
LABELS = {
    "rural_urban": "rural_urban", "coastal": "coastal", "council": "council_name",
    "district": "district_name", "icb": "icb_name",
}  # fmt: skip
GAINS = [
    "people", "within_before", "within_after", "share_before", "share_after",
    "mean_minutes_before", "mean_minutes_after", "beyond_before", "beyond_after",
    "gained", "lost", "nearer", "farther",
]  # fmt: skip
AFTER = {"within_after", "share_after", "mean_minutes_after", "beyond_after", "gained", "lost",
         "nearer", "farther"}  # fmt: skip


def check_areas(facts: Facts, ledger: Ledger) -> None:
    """Compare minutes, shares, bands and centres of every area."""
    before = facts.nearest(facts.existing)
    after = facts.nearest(facts.opened)
    found = pd.DataFrame({"area_code": facts.areas["area_code"].astype(str)})
    found["people"] = facts.areas["people"]
    found["band"] = facts.band
    for when, minutes in (("before", before), ("after", after)):
        found[f"minutes_{when}"] = _blank_beyond(facts.median_by_area(minutes))
        found[f"share_{when}"] = facts.share_by_area(facts.inside(minutes))
    found["change"] = found["minutes_after"] - found["minutes_before"]
    found["nearest_centre"] = _commonest(facts, facts.nearest_site(facts.opened))
    given = facts.allocation
    weight = facts.weight()[given["row"]] * given["share"].to_numpy()
    rows = given["row"].to_numpy(dtype=np.int64)
    found["centre"] = _commonest(facts, given["site"].to_numpy(), rows, weight)
    if not facts.has_plan:
        found[["minutes_after", "share_after", "change", "centre", "nearest_centre"]] = np.nan
    own = [*found.columns]
    for name in ("areas", "areas_wide"):
        if facts.has(name):
            table = facts.table(name)
            published = table[[column for column in own if column in table]]
            ledger.table("Areas", f"tables/{name}.csv", published, found, ["area_code"])
    if facts.has("areas_long"):
        long = facts.table("areas_long")
        wide = found.melt(["area_code"], sorted(set(long["figure"])), "figure", "value")
        ledger.table(
            "Areas, long", "tables/areas_long.csv",
            long[["area_code", "figure", "value"]], wide, ["area_code", "figure"],
        )  # fmt: skip
    heads = np.bincount(facts.area, facts.people, len(facts.areas))
    ledger.column(
        "People of each area's starting points", "tables/origins.csv",
        found["area_code"].tolist(), heads.tolist(), facts.areas["people"].tolist(), 1e-6,
    )  # fmt: skip
    ledger.one("Order of need", "tables/settings.csv", facts.settings["bands_by"], facts.bands_by)


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
    place, said = record.get("place", {}), record.get("assessment", {})
    for name, value in (
        ("areas", len(facts.areas)),
        ("sites", len(facts.sites)),
        ("people", float(np.floor(facts.areas["people"].sum()))),
    ):
        ledger.one(f"Place: {name}", where, place.get(name), value)
    if "own" in facts.modes and record.get("times", {}).get("pairs") is not None:
        pairs, listed = record["times"]["pairs"], len(facts.pairs("own")[0])
        if pairs == listed or not _is_cut(facts):
            ledger.one("Pairs within the horizon", where, pairs, listed)
        else:
            ledger.leave("Pairs within the horizon", "only pairs of sites in use are listed")
    before, after = facts.nearest(facts.existing), facts.nearest(facts.opened)
    total = facts.people.sum()
    for limit, pair in said.get("people_within", {}).items():
        shares = said.get("share_within", {}).get(limit, {})
        for when, minutes in (("before", before), ("after", after)):
            people = float(facts.people[facts.inside(minutes, float(limit))].sum())
            none = when == "after" and not facts.has_plan
            ledger.one(
                f"People within {limit} minutes {when}", where,
                pair.get(when), None if none else people,
            )  # fmt: skip
            ledger.one(
                f"Share within {limit} minutes {when}", where,
                shares.get(when), None if none or not total else people / total,
            )  # fmt: skip
    noted = pd.DataFrame(record.get("sites") or [])
    if len(noted):
        kept = [column for column in noted if column in facts.sites]
        ledger.table("Sites", where, noted[kept], facts.sites[kept], ["site_id"])
    _check_shares(facts, ledger, said, before, after)
    served = catchments(facts)
    published = pd.DataFrame(said.get("catchments") or [], columns=None)
    if facts.opened and len(published):
        columns = ["site_id", "people", "people_nearest", "capacity", "over_capacity"]
        ledger.table(
            "Catchments", where, published.reindex(columns=columns), served[columns], ["site_id"]
        )
    centres = pd.DataFrame(said.get("centres") or [])
    if facts.opened and len(centres):
        mine = served.rename(columns={"people": "people_served"})
        columns = ["site_id", "role", "people_served", "people_nearest"]
        ledger.table("Centres", where, centres[columns], mine[columns], ["site_id"])


def _is_cut(facts: Facts) -> bool:
    """Whether notes.csv says that not all pairs are listed."""
    notes = facts.files.tables.get("notes")
    return notes is not None and bool((notes["about"] == "minutes").any())


def _check_shares(
    facts: Facts, ledger: Ledger, said: dict[str, Any], before: Floats, after: Floats
) -> None:
    """Compare shares within each limit by band, fifth, class and household."""
    groups: dict[str, tuple[str, Any]] = {"by_band": ("band", facts.band[facts.area])}
    if facts.fifth is not None:
        groups["by_imd_quintile"] = ("imd_quintile", facts.fifth[facts.area])
    if "rural_urban" in facts.areas:
        label = facts.areas["rural_urban"].fillna("").astype(str).to_numpy()
        groups["by_rural_urban"] = ("rural_urban", label[facts.area])
    households = facts.origins["household"].fillna("").astype(str)
    if (households != "").any():
        groups["by_car"] = ("household", households.to_numpy())
    for name, (key, of_row) in groups.items():
        rows = []
        for row in said.get(name) or []:
            mine = of_row == row[key]
            people = float(facts.people[mine].sum())
            for when, minutes in (("before", before), ("after", after)):
                for limit, share in (row.get(f"share_{when}") or {}).items():
                    near = facts.inside(minutes, float(limit))
                    none = not people or (when == "after" and not facts.has_plan)
                    value = None if none else float(facts.people[mine & near].sum()) / people
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
        for shown_mode in table["mode"].unique():
            mode = "own" if str(shown_mode).startswith("the plan's own") else str(shown_mode)
            if mode not in facts.modes:
                ledger.leave(f"{name}: {shown_mode}", "its minutes are not in minutes.csv")
            people = facts.points(mode)[1]
            before, after = (facts.nearest(o, mode) for o in (facts.existing, facts.opened))
            total = people.sum()
            for limit in table.loc[table["mode"] == shown_mode, "minutes"]:
                one = {"mode": shown_mode, "minutes": limit}
                for when, minutes in (("before", before), ("after", after)):
                    heads = float(people[facts.inside(minutes, limit)].sum())
                    none = when == "after" and not facts.has_plan
                    one[f"people_{when}"] = np.nan if none else heads
                    one[f"share_{when}"] = np.nan if none or not total else heads / total
                rows.append(one)
        found = pd.DataFrame(rows)
        for frame in (table, found):
            frame["minutes"] = frame["minutes"].map(shown)
        ledger.table("People by minutes", f"tables/{name}.csv", table, found, ["mode", "minutes"])


def groupings(facts: Facts) -> Iterator[tuple[str, str, Floats]]:
    """Grouping, group, and people of each starting point in it."""
    people, area, areas = facts.people, facts.area, facts.areas
    yield "everyone", "everyone", people
    for grouping, parts in (("band", facts.band), ("imd_quintile", facts.fifth)):
        if parts is not None:
            for part in sorted(set(parts[parts > 0].tolist())):
                yield grouping, str(part), people * (parts[area] == part)
    yield from _ages(facts)
    yield from _halves(facts)
    for grouping, column in LABELS.items():
        if column in areas and areas[column].notna().any():
            labels = areas[column].fillna("").astype(str).to_numpy()[area]
            for name in sorted(set(labels) - {""}):
                yield grouping, name, people * (labels == name)


def _ages(facts: Facts) -> Iterator[tuple[str, str, Floats]]:
    """People by age: the share of their area that each age makes up."""
    if not all(column in facts.areas for column in AGES.values()):
        return
    ages = facts.areas[list(AGES.values())].astype("float64")
    total = ages.sum(axis=1, skipna=False)
    for name, column in AGES.items():
        share = (ages[column] / total.where(total > 0)).fillna(0.0).to_numpy()
        yield "age", name, facts.people * share[facts.area]


def _halves(facts: Facts) -> Iterator[tuple[str, str, Floats]]:
    """Disabled people and others; people in households without a car and with one."""
    people, areas = facts.people, facts.areas
    household = facts.origins["household"].fillna("").astype(str).to_numpy()
    parted = bool((household != "").any())
    for grouping, column, names in (
        ("disability", "disabled_share", ("disabled people", "other people")),
        ("household", "no_car_share", ("without a car", "with a car")),
    ):
        if grouping == "household" and parted:
            for name in reversed(names):
                yield grouping, name, people * (household == name)
        elif column in areas and areas[column].notna().any():
            share = areas[column].to_numpy(dtype=np.float64)[facts.area]
            yield grouping, names[0], people * np.nan_to_num(share)
            yield grouping, names[1], people * np.nan_to_num(1 - share)


def group_table(facts: Facts) -> pd.DataFrame:
    """Return who gains and loses by group, with a row "not known" for the rest of everyone."""
    before, after = facts.nearest(facts.existing), facts.nearest(facts.opened)
    near = [facts.inside(minutes) for minutes in (before, after)]
    capped = [np.minimum(minutes, facts.horizon) for minutes in (before, after)]
    noticed = float(facts.settings["noticed_minutes"])
    rows: list[tuple[str, str, Floats]] = []
    left: dict[str, Floats] = {}
    for grouping, group, heads in groupings(facts):
        rows.append((grouping, group, heads))
        left[grouping] = left.get(grouping, facts.people) - heads
    for grouping, rest in left.items():
        heads = np.where(rest > 1e-9 * facts.people, rest, 0.0)
        if heads.any():
            rows.append((grouping, NOT_KNOWN, heads))
    found = []
    for grouping, group, heads in rows:
        total = heads.sum()
        one: dict[str, Any] = {"grouping": grouping, "group": group, "people": total}
        for n, when in enumerate(("before", "after")):
            one[f"within_{when}"] = heads[near[n]].sum()
            one[f"share_{when}"] = one[f"within_{when}"] / total if total > 0 else np.nan
            one[f"mean_minutes_{when}"] = (heads * capped[n]).sum() / total if total else np.nan
            one[f"beyond_{when}"] = heads[~np.isfinite((before, after)[n])].sum()
        one["gained"] = heads[near[1] & ~near[0]].sum()
        one["lost"] = heads[near[0] & ~near[1]].sum()
        one["nearer"] = heads[capped[0] - capped[1] >= noticed].sum()
        one["farther"] = heads[capped[1] - capped[0] >= noticed].sum()
        if not facts.has_plan:
            one |= dict.fromkeys(AFTER, np.nan)
        found.append(one)
    return pd.DataFrame(found)[["grouping", "group", *GAINS]]


def check_groups(facts: Facts, ledger: Ledger) -> None:
    """Compare who gains and loses by group, the groups left furthest, and the sums of groups."""
    found = group_table(facts)
    keys = ["grouping", "group"]
    if facts.has("groups"):
        table = facts.table("groups")
        ledger.table("Groups", "tables/groups.csv", table.drop(columns="place"), found, keys)
        everyone = table.loc[table["grouping"] == "everyone"].iloc[0]
        counts = ["people", "within_before", "within_after", "beyond_before", "beyond_after",
                  "gained", "lost", "nearer", "farther"]  # fmt: skip
        for grouping, part in table.groupby("grouping", sort=False):
            ledger.column(
                f"Groups by {grouping} sum to everyone", "tables/groups.csv", counts,
                [part[name].sum(min_count=1) for name in counts],
                [everyone[name] for name in counts],
                1e-6 * max(float(everyone["people"]), 1.0),
            )  # fmt: skip
    if facts.has("furthest"):
        some = found[(found["people"] > 0) & (found["group"] != NOT_KNOWN)]
        several = some[some.groupby("grouping")["group"].transform("size") > 1]
        table = facts.table("furthest")
        picked = table[keys].merge(several, on=keys, how="left")
        ledger.table(
            "Groups left furthest", "tables/furthest.csv", table.drop(columns="place"), picked, keys
        )
        least = several.groupby("grouping")["share_after"].min()
        ledger.column(
            "Least share within reach of the grouping", "tables/furthest.csv",
            table["grouping"].tolist(), table["share_after"].tolist(),
            [least.get(name) for name in table["grouping"]],
        )  # fmt: skip
        lacking = sorted(set(least.index) - set(table["grouping"]))
        ledger.one("Groupings without a furthest group", "tables/furthest.csv",
                   ", ".join(lacking) or "none", "none")  # fmt: skip


def rank_of(facts: Facts) -> Floats | None:
    """Return the rank of each area, the most deprived lowest; None where none is known."""
    for column in ("imd_rank", "imd_decile"):
        if column in facts.areas and facts.areas[column].notna().any():
            return facts.areas[column].to_numpy(dtype=np.float64)
    return None


def inequality(facts: Facts, opened: list[int]) -> dict[tuple[str, str], float]:
    """Return every measure of inequality for some open centres: of what, and measure."""
    ranks = rank_of(facts)
    if ranks is None:
        return {}
    rank = ranks[facts.area]
    some = np.isfinite(rank)
    minutes = facts.nearest(opened)
    values = {
        f"share within {facts.reach:g} minutes": facts.inside(minutes).astype(np.float64),
        "mean minutes": np.minimum(minutes, facts.horizon),
    }
    found: dict[tuple[str, str], float] = {}
    for of, value in values.items():
        people, y, x = facts.people[some], value[some], rank[some]
        if facts.fifth is not None:
            fifth = facts.fifth[facts.area][some]
            means = {
                int(n): float((y * people)[fifth == n].sum() / people[fifth == n].sum())
                for n in np.unique(fifth[fifth > 0])
                if people[fifth == n].sum() > 0
            }
            first, last = (means[min(means)], means[max(means)]) if means else (np.nan, np.nan)
            several = len(means) > 1
            found[of, "absolute gap"] = last - first if several else np.nan
            found[of, "relative gap"] = last / first if several and first > 0 else np.nan
        found[of, "SII"], found[of, "RII"] = line(y, x, people)
        found[of, "concentration index"] = concentration(y, x, people)
    return found


def check_inequality(facts: Facts, ledger: Ledger) -> None:
    """Compare gaps, slope, relative and concentration index."""
    if not facts.has("inequality"):
        return
    before, after = inequality(facts, facts.existing), inequality(facts, facts.opened)
    rows = [
        {
            "of": of,
            "measure": measure,
            "before": before[of, measure],
            "after": after[of, measure] if facts.has_plan else np.nan,
            "change": after[of, measure] - before[of, measure] if facts.has_plan else np.nan,
        }
        for of, measure in before
    ]
    table = facts.table("inequality")[["of", "measure", "before", "after", "change"]]
    ledger.table(
        "Inequality", "tables/inequality.csv", table, pd.DataFrame(rows), ["of", "measure"],
    )  # fmt: skip


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
        one = {
            "site_id": str(facts.sites["site_id"].iloc[site]),
            "role": status if status in ("existing", "committed") else "new",
            "people": people,
            "people_nearest": float(facts.people[near & (nearest == site)].sum()),
            "capacity": capacity,
            "over_capacity": np.nan if np.isnan(capacity) else max(people - capacity, 0.0),
        }
        for number in range(6):
            column = f"people_q{number}" if number else "people_q_unknown"
            one[column] = np.nan
            if facts.fifth is not None:
                fifth = facts.fifth[facts.area[given["row"]]]
                one[column] = float(sent[mine & (fifth == number)].sum())
        rows.append(one)
    return pd.DataFrame(rows)


def _cell(facts: Facts, column: str, site: int) -> float:
    """Return a number of a site; NaN where it is not known."""
    if column not in facts.sites:
        return float("nan")
    value = pd.to_numeric(facts.sites[column].iloc[[site]], errors="coerce").iloc[0]
    return float(value)


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
    found = pd.DataFrame(
        {
            "area_code": codes[sums["area"].to_numpy(dtype=int)],
            "site_id": ids[sums["site"].to_numpy(dtype=int)],
            "people": sums["people"],
            "minutes": sums["total"] / sums["people"],
        }
    )
    table, where = facts.table("assignment"), "tables/assignment.csv"
    ledger.table("Assignment", where, table, found, ["area_code", "site_id"])
    sent = float(table["people"].astype("float64").sum())
    ledger.one("People whom centres serve, in all", where, sent, float(found["people"].sum()))
