"""Comparison of two outcomes: centres, costs, people by group, and minutes by area."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from nhcplanner import access
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Comparison, Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan_record import SiteFacts
from nhcplanner.domain.sizes import is_free
from nhcplanner.workflow.problem import starts_of

NOTICED = 0.1
"""Minutes by which a journey must change to count."""
_GROUPS = {
    "band": "of band",
    "imd_quintile": "of IMD quintile",
    "rural_urban": "of the class",
    "age": "aged",
    "household": "in households",
}
"""Groupings whose losers are described in sentences, and their words; the table has all groups."""
_KEYS = {"count": "centres at most", "reach": "minutes of reach", "mode": "travel", "model": "aim"}
"""Words for the settings that planners change most; other settings are shown by their key."""
_MOST = 5


def compare_plans(a: Outcome, b: Outcome, called: tuple[str, str] = ("a", "b")) -> Comparison:
    """Compare two outcomes: centres, people by group, minutes by area.

    Parameters
    ----------
    a, b
        The outcomes.
    called
        Names of the outcomes in the sentences.

    Returns
    -------
    Comparison
        Tables of centres, groups and areas, and the differences in sentences.

    Raises
    ------
    InputError
        If the two have no area in common.

    Examples
    --------
    >>> from nhcplanner import Scenario, compare_plans, demo_place, run
    >>> place, scenario = demo_place(), Scenario(model="max_coverage", engine="estimate")
    >>> few, more = (run(place, scenario.with_settings([f"count={n}"])) for n in (4, 5))
    >>> compare_plans(few, more).same_centres
    False
    """
    areas = _areas(a, b)
    if areas.empty:
        words = f"{a.place.title} and {b.place.title} have no area in common"
        raise InputError([Fault(words, hint="Compare plans of the same place")])
    centres, groups = _centres(a, b), _groups(a, b)
    return Comparison(centres, groups, areas, _words((a, b), called, centres, groups, areas))


_MONEY = ("cost", "running_cost")
_MOST_CHANGES = 20


def changed_sites(then: Sequence[SiteFacts], now: Sequence[SiteFacts]) -> tuple[str, ...]:
    """Describe the changes of each site, with money in full.

    Parameters
    ----------
    then, now
        From `SiteFacts.all_of`, or a plan's record; if either is empty, nothing is returned.

    Examples
    --------
    >>> one = SiteFacts(site_id="C88076", cost=1.8e6)
    >>> changed_sites([one], [one.model_copy(update={"cost": 9.8e6})])
    ('C88076: cost £1,800,000 to £9,800,000',)
    """
    if not then or not now:
        return ()
    old, new = ({one.site_id: one for one in some} for some in (then, now))
    found = [f"{name}: new in the list of sites" for name in new if name not in old]
    found += [f"{name}: no longer in the list of sites" for name in old if name not in new]
    for name, before in old.items():
        after = new.get(name, before)
        parts = [
            f"{field.replace('_', ' ')} {_fact(field, before)} to {_fact(field, after)}"
            for field in SiteFacts.model_fields
            if getattr(before, field) != getattr(after, field)
        ]
        found += [f"{name}: {', '.join(parts)}"] if parts else []
    more = len(found) - _MOST_CHANGES
    return (*found[:_MOST_CHANGES], *([f"and {more:,} more sites"] if more > 0 else []))


_OF_AREAS = {"people": ("people", 0), "hle": ("HLE", 1), "imd_rank": ("IMD rank", 0),
             "no_car_share": ("share without a car", 3)}  # fmt: skip
"""Columns of areas that decide a plan, with their words and decimals."""


def changed_areas(then: pd.DataFrame | None, now: pd.DataFrame) -> tuple[str, ...]:
    """Describe the changes of each area: people, HLE, IMD rank, households without a car.

    Parameters
    ----------
    then
        Areas of the plan's folder as text; if there are none, nothing is returned.
    now
        Areas of the place.

    Examples
    --------
    >>> then = pd.DataFrame({"area_code": ["E01000001"], "people": ["1200"]})
    >>> changed_areas(then, pd.DataFrame({"area_code": ["E01000001"], "people": [1340]}))
    ('1 of 1 area changed', 'E01000001: people 1,200 to 1,340')
    """
    if then is None:
        return ()
    old = then.drop_duplicates("area_code").set_index("area_code")
    new = now.drop_duplicates("area_code").set_index("area_code")
    found = [f"{code}: new in the areas" for code in new.index.difference(old.index)]
    found += [f"{code}: no longer in the areas" for code in old.index.difference(new.index)]
    both = new.index.intersection(old.index, sort=False)
    parts: dict[str, list[str]] = {}
    for column, (words, decimals) in _OF_AREAS.items():
        if column not in old or column not in new:
            continue
        before, after = (
            pd.to_numeric(side.loc[both, column], errors="coerce").to_numpy(dtype=np.float64)
            for side in (old, new)
        )
        for row in np.flatnonzero(~np.isclose(before, after, rtol=1e-6, equal_nan=True)):
            figures = (
                "not known" if np.isnan(side[row]) else f"{side[row]:,.{decimals}f}"
                for side in (before, after)
            )
            parts.setdefault(str(both[int(row)]), []).append(f"{words} {' to '.join(figures)}")
    found += [f"{code}: {', '.join(changes)}" for code, changes in parts.items()]
    if not found:
        return ()
    more = len(found) - _MOST_CHANGES
    count = f"{len(found):,} of {plural(len(old.index.union(new.index)), 'area')} changed"
    return (count, *found[:_MOST_CHANGES], *([f"and {more:,} more areas"] if more > 0 else []))


def _fact(field: str, one: SiteFacts) -> str:
    value = getattr(one, field)
    if value in (None, ""):
        return "not known"
    if field in _MONEY:
        return f"£{value:,.0f}"
    return f"{value:,.0f}" if isinstance(value, float) else str(value)


def _capital(place: Place, opened: Sequence[int]) -> tuple[float, int, int]:
    """Return the cost of a plan's new centres, their number, and the number without a cost."""
    sites = place.sites.iloc[list(opened)]
    new = sites[~is_free(sites)]
    cost = new["cost"] if "cost" in new else pd.Series(np.nan, index=new.index)
    return float(cost.sum()), len(cost), int(cost.isna().sum())


def capital_words(
    a: tuple[Place, Sequence[int]], b: tuple[Place, Sequence[int]], plan_names: tuple[str, str]
) -> str:
    """Return the capital of two plans in a sentence, and the difference if all of it is known.

    Parameters
    ----------
    a, b
        Place and positions of the open sites of each plan.
    plan_names
        Names of the plans.
    """
    (one, many, lost), (two, others, missing_now) = _capital(*a), _capital(*b)
    if lost + missing_now and (lost, missing_now) == (many, others):
        return "Capital of new and committed centres: not known"
    parts = []
    for name, pounds, unknown in zip(plan_names, (one, two), (lost, missing_now), strict=True):
        more = f" and {plural(unknown, 'cost')} not known" if unknown else ""
        parts.append(f"£{pounds:,.0f}{more} in {name}")
    turn = "more" if two >= one else "less"
    apart = "" if lost or missing_now else f" (£{abs(two - one):,.0f} {turn})"
    return f"Capital of new and committed centres: {', '.join(parts)}{apart}"


def _centres(a: Outcome, b: Outcome) -> pd.DataFrame:
    names: dict[str, str] = {}
    opened = []
    for one in (a, b):
        sites = one.place.sites.iloc[list(one.plan.opened)]
        names |= dict(zip(sites["site_id"], one.place.site_names[sites.index], strict=True))
        opened.append(set(sites["site_id"]))
    rows = [
        {"site_id": site, "name": names[site], "in_a": site in opened[0], "in_b": site in opened[1]}
        for site in sorted(names)
    ]
    return pd.DataFrame(rows, columns=["site_id", "name", "in_a", "in_b"])


def _groups(a: Outcome, b: Outcome) -> pd.DataFrame:
    keys = ["grouping", "group"]
    found = []
    for one, letter in ((a, "a"), (b, "b")):
        starts = starts_of(one.place, one.scenario)
        reach = one.scenario.reach
        ground = access.Ground(starts, one.times, one.assessment.need, reach)
        parts, journeys = ground.journeys(one.plan.opened, one.plan.allocation)
        table = access.breakdown(parts, ground.need, journeys)
        columns = {
            "within_after": f"within_{letter}",
            "mean_minutes_after": f"mean_minutes_{letter}",
        }
        names = [*keys, *(["people"] if letter == "a" else []), *columns]
        found.append(table[names].rename(columns=columns))
    both = found[0].merge(found[1], on=keys, how="inner", sort=False)
    both["difference"] = both["within_b"] - both["within_a"]
    return both[
        [*keys, "people", "within_a", "within_b", "difference", "mean_minutes_a", "mean_minutes_b"]
    ]


def _areas(a: Outcome, b: Outcome) -> pd.DataFrame:
    names = a.place.areas.get("area_name")
    here = pd.DataFrame(
        {
            "area_code": a.assessment.areas["area_code"],
            "area_name": "" if names is None else names.fillna(""),
            "people": a.assessment.areas["people"],
            "minutes_a": a.assessment.areas["minutes_after"],
        }
    )
    there = b.assessment.areas[["area_code", "minutes_after"]]
    found = here.merge(there.rename(columns={"minutes_after": "minutes_b"}), on="area_code")
    one, two = np.isfinite(found["minutes_a"]), np.isfinite(found["minutes_b"])
    found = found.replace([np.inf, -np.inf], np.nan)
    found["change"] = found["minutes_b"] - found["minutes_a"]
    found["verdict"] = np.select(
        [~one & two, one & ~two, found["change"] <= -NOTICED, found["change"] >= NOTICED],
        ["comes within the horizon", "falls beyond it", "nearer", "farther"],
        "same",
    )
    return found


def _words(
    both: tuple[Outcome, Outcome],
    plan_names: tuple[str, str],
    centres: pd.DataFrame,
    groups: pd.DataFrame,
    areas: pd.DataFrame,
) -> tuple[str, ...]:
    (a, b), (first, second) = both, plan_names
    sentences = []
    only_a = centres.loc[~centres["in_b"], "name"].tolist()
    only_b = centres.loc[~centres["in_a"], "name"].tolist()
    if only_a or only_b:
        sentences.append(f"Only in {first}: {_listed(only_a)}. Only in {second}: {_listed(only_b)}")
    else:
        sentences.append(f"Same centres: all {len(centres)}")
    sentences += [
        f"There is no plan in {name}: {one.plan.reason or 'no centre opens'}"
        for name, one in zip(plan_names, both, strict=True)
        if not one.plan.opened
    ]
    changed = _changed(a, b, plan_names)
    sentences += [f"Settings that differ: {changed}"] if changed else []
    if not (a.plan.opened and b.plan.opened):
        return tuple(sentences)
    all_people = groups[groups["grouping"] == "everyone"].iloc[0]
    sentences.append(
        f"People within reach: {all_people.within_a:,.0f} in {first}, "
        f"{all_people.within_b:,.0f} in {second} "
        f"({all_people.difference:+,.0f})"
    )
    money = [(one.place, one.plan.opened) for one in both]
    sentences.append(capital_words(money[0], money[1], plan_names))
    nearer = areas["verdict"].isin(["nearer", "comes within the horizon"])
    farther = areas["verdict"].isin(["farther", "falls beyond it"])
    sentences += [
        f"{areas.loc[rows, 'people'].sum():,} people in {plural(int(rows.sum()), 'area')} are "
        f"{word} in {second}"
        if rows.any()
        else f"Nobody is {word} in {second}"
        for rows, word in ((nearer, "nearer"), (farther, "farther"))
    ]
    fewer = groups[groups["grouping"].isin(_GROUPS.keys()) & (groups["difference"] < 0)]
    fewer = fewer.sort_values("difference").head(_MOST)[["grouping", "group", "difference"]]
    sentences += [
        f"{-difference:,.0f} fewer people {_GROUPS[grouping]} {group} within reach in {second}"
        for grouping, group, difference in fewer.itertuples(index=False, name=None)
    ]
    lost = len(a.place.areas) - len(areas), len(b.place.areas) - len(areas)
    if any(lost):
        sentences.append(f"Areas not in both: {lost[0]:,} of {first}, {lost[1]:,} of {second}")
    return tuple(sentences)


def _changed(a: Outcome, b: Outcome, plan_names: tuple[str, str]) -> str:
    one, two = a.scenario.all_values(), b.scenario.all_values()
    return "; ".join(
        f"{_KEYS.get(key, key.replace('_', ' '))} {one[key]} in {plan_names[0]}, {two[key]} in "
        f"{plan_names[1]}"
        for key in one
        if one[key] != two[key]
    )


def _listed(names: list[str], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "none") + more
