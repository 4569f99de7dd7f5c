"""Groups recomputed: who gains and loses, who is left furthest, and each neighbourhood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import NOT_KNOWN, Facts, Floats, as_words
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.trips import own_trips

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


def check_groups(facts: Facts, ledger: Ledger) -> None:
    """Compare who gains and loses by group, the groups left furthest, and the sums of groups."""
    recomputed = group_table(facts)
    keys = ["grouping", "group"]
    if facts.has("groups"):
        table = facts.table("groups")
        ledger.table("Groups", "tables/groups.csv", table.drop(columns="place"), recomputed, keys)
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
        some = recomputed[(recomputed["people"] > 0) & (recomputed["group"] != NOT_KNOWN)]
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
        ledger.compare("Groupings without a furthest group", "tables/furthest.csv",
                   ", ".join(lacking) or "none", "none")  # fmt: skip


def group_table(facts: Facts) -> pd.DataFrame:
    """Return who gains and loses by group, with a row "not known" for the rest of everyone."""
    trips = own_trips(facts)
    before, after = (trips[name].to_numpy(dtype=np.float64) for name in ("before", "minutes"))
    of_row = trips["row"].to_numpy(dtype=np.int64)
    part = np.zeros(len(trips))
    np.divide(trips["people"], facts.people[of_row], out=part, where=facts.people[of_row] > 0)
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
    records = []
    for grouping, group, of_origin in rows:
        heads = of_origin[of_row] * part
        total = heads.sum()
        record: dict[str, Any] = {"grouping": grouping, "group": group, "people": total}
        for n, when in enumerate(("before", "after")):
            record[f"within_{when}"] = heads[near[n]].sum()
            record[f"share_{when}"] = record[f"within_{when}"] / total if total > 0 else np.nan
            record[f"mean_minutes_{when}"] = (heads * capped[n]).sum() / total if total else np.nan
            record[f"beyond_{when}"] = heads[~np.isfinite((before, after)[n])].sum()
        record["gained"] = heads[near[1] & ~near[0]].sum()
        record["lost"] = heads[near[0] & ~near[1]].sum()
        record["nearer"] = heads[capped[0] - capped[1] >= noticed].sum()
        record["farther"] = heads[capped[1] - capped[0] >= noticed].sum()
        if not facts.has_plan:
            record |= dict.fromkeys(AFTER, np.nan)
        records.append(record)
    return pd.DataFrame(records)[["grouping", "group", *GAINS]]


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
            labels = as_words(areas[column]).to_numpy()[area]
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
    household = as_words(facts.origins["household"]).to_numpy()
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


NOT_GIVEN = "not given"
"""Row of the sites and areas that name no neighbourhood."""


def check_neighbourhoods(facts: Facts, ledger: Ledger) -> None:
    """Compare sites, centres, people served and people of each neighbourhood."""
    published = facts.table("neighbourhoods")
    sites = facts.sites
    if "neighbourhood" in sites:
        name = as_words(sites["neighbourhood"]).replace("", NOT_GIVEN)
    else:
        name = pd.Series(NOT_GIVEN, index=sites.index)
    role = as_words(sites["role"])
    additional = role.isin(["committed", "new"])
    columns = ["neighbourhood", "listed", "existing", "additional", "served", "none_yet"]
    rows = []
    for one in published["neighbourhood"].astype(str):
        here = name == one
        served = sites.loc[here, "people_served"].sum(min_count=1)
        centres = int((here & (role == "existing")).sum()), int((here & additional).sum())
        none = "" if sum(centres) or one == NOT_GIVEN else "none yet"
        rows.append((one, int(here.sum()), *centres, served, none))
    mine = pd.DataFrame(rows, columns=columns)
    ledger.table(
        "Neighbourhoods", "tables/neighbourhoods.csv", published[columns], mine, ["neighbourhood"]
    )
    if "neighbourhood" in facts.areas:
        _check_people(facts, ledger, published)


def _check_people(facts: Facts, ledger: Ledger, published: pd.DataFrame) -> None:
    """Compare people, need and the share within reach where areas name their neighbourhood."""
    areas = facts.areas
    name = as_words(areas["neighbourhood"], NOT_GIVEN)
    people = areas["people"].astype("float64")
    rows = []
    for one in published["neighbourhood"].astype(str):
        here = name == one
        heads = float(people[here].sum()) if here.any() else np.nan
        within = float((people * areas["share_after"])[here].sum()) / heads if heads else np.nan
        first = float(people[here & (areas["band"] == 1)].sum()) if here.any() else np.nan
        rows.append((one, heads, first, within))
    columns = ["neighbourhood", "people", "first_band", "within"]
    mine = pd.DataFrame(rows, columns=columns)
    ledger.table(
        "People of neighbourhoods", "tables/neighbourhoods.csv", published[columns], mine,
        ["neighbourhood"],
    )  # fmt: skip


_COLUMN_OF = {
    "neighbourhood": "neighbourhood", "multi-neighbourhood area": "multi_neighbourhood",
    "place": "place_area", "system": "system_area",
}  # fmt: skip
"""Column of the areas for each level, the smallest first."""


def check_levels(facts: Facts, ledger: Ledger) -> None:
    """Compare people, need, centres and order of neighbourhoods and larger areas."""
    published = facts.table("levels")
    if published.empty:
        return
    areas, sites = facts.areas, facts.sites
    known = [name for name in _COLUMN_OF if _COLUMN_OF[name] in areas]
    role, home = as_words(sites["role"]), as_words(sites["neighbourhood"])
    rows = []
    for level in known:
        labels = as_words(areas[_COLUMN_OF[level]])
        inside = {}
        for name in sorted(set(labels) - {""}):
            here = (labels == name).to_numpy()
            people, bands = areas["people"].to_numpy(dtype=float)[here], facts.band[here]
            ranked = people[bands > 0]
            band = (ranked @ bands[bands > 0]) / ranked.sum() if ranked.sum() else np.nan
            mine = home.isin(set(as_words(areas["neighbourhood"])[here]))
            existing = int((mine & (role == "existing")).sum())
            more = int((mine & role.isin(["committed", "new"])).sum())
            closed = mine & (role == "") & (as_words(sites["status"]) != "forbidden")
            upper = _COLUMN_OF[known[known.index(level) + 1]] if level != known[-1] else ""
            parent = as_words(areas[upper])[here].iloc[0] if upper else ""
            inside[name] = (
                level, name, parent, people.sum(), people[bands == 1].sum(), band,
                existing, more, int(closed.sum()), "" if existing + more else "none yet",
            )  # fmt: skip
        rows += sorted(inside.values(), key=lambda row: (not row[-1], row[5], -row[3], row[1]))
    columns = ["level", "name", "part_of", "people", "first_band", "band", "existing",
               "additional", "could_open", "none_yet"]  # fmt: skip
    levels = pd.DataFrame(rows, columns=columns)
    ledger.table("Levels", "tables/levels.csv", published[columns], levels, ["level", "name"])
    same = published["name"].astype(str).tolist() == levels["name"].tolist()
    ledger.compare("Order of levels by need", "tables/levels.csv", same, recomputed=True)
