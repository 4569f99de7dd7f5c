"""Laws: small places with sound content, whose published figures must be the right ones.

The right figures are worked out here from what the files say, by trying every set of sites; nothing
of the package takes part in that. Rows in another order must change nothing, and twice the people
must give the same shares.

    python -m tests.property.fuzz.laws [--cases 20] [--seed 1]
"""

# ruff: noqa: T201 - it prints

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from tests.property.fuzz.content import RANKS, THRESHOLDS, Content, draw, permuted, publish

NEAR = {"matrix": 1e-6, "estimate": 1e-3, "streets": 4e-3}
"""How near minutes come, as a share: degrees in a file and scale on the grid cost a little."""
LEAST = ("p_median", "p_centre", "set_cover")


def judge(folder: Path, chance: Random) -> None:
    """Plan a place of chance content, and demand that every figure published of it is right.

    Raises
    ------
    AssertionError
        Where one is not.
    """
    content = draw(chance)
    room = folder / "laws"
    try:
        found = publish(content, room / "one")
        check(content, found)
        turned = permuted(content, chance)
        check_alike(content, found, publish(turned, room / "two"), 1.0)
        twice = replace(content, areas=content.areas.assign(people=content.areas["people"] * 2))
        check_alike(content, found, publish(twice, room / "three"), 2.0)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def check(content: Content, found: dict[str, Any]) -> None:
    """Demand that the plan is as good as any, and that its figures follow from the content."""
    best = _best(content)
    status = found["plan"]["status"]
    assert (status == "infeasible") == (best is None), f"{status}, and the best is {best}"
    if best is None:
        return
    opened = _opened(content, found)
    assert _is_allowed(content, opened), f"{opened} breaks a rule"
    values = values_of(content, opened)
    _same(values, best, content, "what the plan reaches and what can be reached")
    recorded = tuple(stage["value"] for stage in found["plan"]["stages"])
    _same(recorded, best, content, "what the record says and what can be reached")
    _check_bounds(content, found, best)
    existing = np.flatnonzero(content.sites["status"] == "existing").tolist()
    before, after = (_nearest(content, rows) for rows in (existing, opened))
    _check_within(content, found, before, after)
    _check_bands(content, found, before, after)
    _check_areas(content, found, opened, after)
    _check_sites(content, found, opened, after)


def _check_bounds(content: Content, found: dict[str, Any], best: tuple[float, ...]) -> None:
    """Demand that no set of sites passes a bound: the limit that the plan is proved against."""
    room = NEAR[content.engine]
    for stage, value in zip(found["plan"]["stages"], best, strict=True):
        bound = stage["bound"]
        passed = (
            bound is not None and bound > value * (1 + room) + 1e-6
            if content.scenario.model in LEAST
            else bound is not None and bound < value * (1 - room) - 1e-6
        )
        assert not passed, f"{stage['goal']}: the bound is {bound:g}, but a plan reaches {value:g}"


def values_of(content: Content, opened: list[int]) -> tuple[float, ...] | None:
    """What a set of sites reaches for each goal of the scenario; None where it leaves people out.

    Parameters
    ----------
    opened
        Rows of `content.sites`.
    """
    people, near = content.areas["people"].to_numpy(float), _nearest(content, opened)
    model, reached = content.scenario.model, near <= content.scenario.reach
    if model == "max_coverage":
        return (float(people[reached].sum()),)
    if model == "lowest_hle_first":
        band = bands_of(content)
        return tuple(float(people[reached & (band == n)].sum()) for n in sorted(set(band)))
    if model == "set_cover":
        return (float(len(opened)),) if reached.all() else None
    if np.isinf(near).any():
        return None
    return (float(people @ near),) if model == "p_median" else (float(near.max()),)


def bands_of(content: Content) -> np.ndarray:
    """Band of each area: most deprived first, cut where the middle one of its people falls."""
    order = np.argsort(content.areas["rank"].to_numpy())
    people, count = content.areas["people"].to_numpy(float), content.scenario.bands
    band, before = np.zeros(len(order), dtype=int), 0.0
    for row in order:
        middle = before + people[row] / 2
        band[row] = min(int(middle * count / people.sum()) + 1, count)
        before += people[row]
    return band


def _best(content: Content) -> tuple[float, ...] | None:
    count = len(content.sites)
    every = [list(s) for n in range(count + 1) for s in combinations(range(count), n)]
    values = [values_of(content, s) for s in every if _is_allowed(content, s)]
    there = [value for value in values if value is not None]
    if not there:
        return None
    return min(there) if content.scenario.model in LEAST else max(there)


def _is_allowed(content: Content, opened: list[int]) -> bool:
    existing = set(np.flatnonzero(content.sites["status"] == "existing"))
    return existing <= set(opened) and len(opened) <= (content.scenario.count or 0)


def _nearest(content: Content, opened: list[int]) -> np.ndarray:
    return content.minutes[:, opened].min(axis=1, initial=np.inf)


def _opened(content: Content, found: dict[str, Any]) -> list[int]:
    ids = content.sites["site_id"].tolist()
    return sorted(ids.index(one) for one in found["plan"]["opened"])


def _same(found: Any, right: Any, content: Content, about: str) -> None:
    near = NEAR[content.engine]
    assert np.allclose(found, right, rtol=near, atol=1e-6), f"{about}: {found} and {right}"


def _check_within(
    content: Content, found: dict[str, Any], before: np.ndarray, after: np.ndarray
) -> None:
    people, said = content.areas["people"].to_numpy(float), found["assessment"]
    for limit in (*THRESHOLDS, content.scenario.reach):
        for when, minutes in (("before", before), ("after", after)):
            if _is_near(minutes, limit, content.engine):
                continue
            right = float(people[minutes <= limit].sum())
            about = f"within {limit:g} minutes {when}"
            _same(said["people_within"][f"{limit:g}"][when], right, content, f"people {about}")
            share = said["share_within"][f"{limit:g}"][when]
            _same(share, right / people.sum(), content, f"share {about}")


def _is_near(minutes: np.ndarray, limit: float, engine: str) -> bool:
    """Whether minutes that are not exact come so near to a limit that either side is right."""
    finite = minutes[np.isfinite(minutes)]
    return engine != "matrix" and bool((np.abs(finite - limit) <= NEAR[engine] * limit).any())


def _check_bands(
    content: Content, found: dict[str, Any], before: np.ndarray, after: np.ndarray
) -> None:
    people, reach = content.areas["people"].to_numpy(float), content.scenario.reach
    quintile = np.ceil(np.ceil(content.areas["rank"].to_numpy() * 10 / RANKS) / 2)
    groups = (("by_band", "band", bands_of(content)), ("by_imd_quintile", "imd_quintile", quintile))
    for table, column, group in groups:
        rows = {row[column]: row for row in found["assessment"][table]}
        assert sorted(rows) == sorted(set(group)), f"{table} has {sorted(rows)}"
        for number, row in rows.items():
            inside = group == number
            total = people[inside].sum()
            _same(row["people"], total, content, f"people of {column} {number}")
            for when, minutes in (("before", before), ("after", after)):
                right = people[inside & (minutes <= reach)].sum() / total
                share = row[f"share_{when}"][f"{reach:g}"]
                _same(share, right, content, f"share of {column} {number} {when}")


def _check_areas(
    content: Content, found: dict[str, Any], opened: list[int], after: np.ndarray
) -> None:
    table = found["areas.csv"].set_index("area_code")
    assert sorted(table.index) == sorted(content.areas["code"]), "other areas than were given"
    for row, code in enumerate(content.areas["code"]):
        said = table.loc[code]
        _same(
            float(said["people"]), content.areas["people"].iloc[row], content, f"people of {code}"
        )
        if np.isinf(after[row]):
            assert said["minutes_after"] == "", f"minutes of {code}, which reaches nothing"
            continue
        assert said["minutes_after"] != "", f"no minutes of {code}, which has {after[row]:g}"
        _same(float(said["minutes_after"]), after[row], content, f"minutes of {code}")
        reached = float(after[row] <= content.scenario.reach)
        _same(float(said["share_after"]), reached, content, f"share of {code}")
        near = content.minutes[row, opened] <= after[row] * (1 + NEAR[content.engine])
        nearest = content.sites["site_id"].iloc[np.array(opened)[near]].tolist()
        closest, serves = said["nearest_centre"], said["centre"]
        assert closest in nearest, f"{code} is near {nearest}, not {closest}"
        wanted = closest if reached else ""
        assert serves == wanted, f"{code} is served by '{serves}', not '{wanted}'"


def _check_sites(
    content: Content, found: dict[str, Any], opened: list[int], after: np.ndarray
) -> None:
    table = found["sites.csv"].set_index("site_id")
    people = content.areas["people"].to_numpy(float)
    for row, one in content.sites.iterrows():
        said = table.loc[one["site_id"]]
        name = said["site_name"].removeprefix("'")
        assert name == one["site_name"], f"{one['site_id']} is called {name!r}"
        if row not in opened:
            continue
        others = _nearest(content, [other for other in opened if other != row])
        reached = after <= content.scenario.reach
        alone = people[reached & (content.minutes[:, row] < others * (1 - 1e-6))].sum()
        shared = people[reached & (content.minutes[:, row] <= others * (1 + 1e-6))].sum()
        served = float(said["people_served"])
        assert alone - 1e-6 <= served <= shared + 1e-6, (
            f"{one['site_id']} serves {served:g} people; right are {alone:g} to {shared:g}"
        )
    total = float(table["people_served"].fillna(0).sum())
    _same(total, people[after <= content.scenario.reach].sum(), content, "people served in all")


def check_alike(
    content: Content, found: dict[str, Any], other: dict[str, Any], times: float
) -> None:
    """Demand that the same content in another order, or with more people, gives the same plan.

    Parameters
    ----------
    found, other
        What was published of the content, and of the changed content.
    times
        How many times the people there are in the other.
    """
    assert found["plan"]["status"] == other["plan"]["status"]
    if found["plan"]["status"] == "infeasible":
        return
    one, two = _opened(content, found), _opened(content, other)
    _same(values_of(content, two), values_of(content, one), content, "what two orders reach")
    if one != two:  # as good; their other figures may well differ
        return
    first, second = found["assessment"], other["assessment"]
    for limit, shares in first["share_within"].items():
        for when, share in shares.items():
            _same(second["share_within"][limit][when], share, content, f"share within {limit}")
            more = second["people_within"][limit][when]
            _same(more, times * first["people_within"][limit][when], content, f"within {limit}")
    left, right = (one["areas.csv"].sort_values("area_code") for one in (found, other))
    for column in ("people", "minutes_before", "minutes_after", "share_after", "band"):
        grows = times if column == "people" else 1.0
        numbers = [pd.to_numeric(one[column]).fillna(-1).to_numpy(float) for one in (left, right)]
        _same(numbers[1], grows * numbers[0], content, f"{column} by area")


def main() -> int:
    """Judge places of chance content; 1 at the first whose figures are wrong."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--cases", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with TemporaryDirectory() as folder:
        for number in range(given.cases):
            try:
                judge(Path(folder), Random(f"{given.seed} laws {number}"))
            except AssertionError as error:
                print(f"case {number}: {error}")
                return 1
    print(f"{given.cases} places: every figure is right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
