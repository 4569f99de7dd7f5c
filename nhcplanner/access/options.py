"""Comparison of options: people within reach, costs, and areas that lose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner.access.assessment import minutes_by_area
from nhcplanner.access.costs import annuity
from nhcplanner.access.coverage import NOTICED
from nhcplanner.access.fairness import measure_inequality
from nhcplanner.access.groups import imd_quintile, site_labels
from nhcplanner.domain.assessment import Assessment, Need
from nhcplanner.domain.case import Case
from nhcplanner.domain.evidence import Discounting
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.journeys import Journeys, journeys_of
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Allocation, Plan
from nhcplanner.domain.travel_times import TravelTimes, nearest_site


@dataclass(frozen=True, eq=False)
class Ground:
    """Place, minutes and need that are common to all options.

    Parameters
    ----------
    place
        The place, with an origin for each row of the minutes.
    times, need
        Minutes, and band of each area.
    reach
        Minutes that count as within reach.
    """

    place: Place
    times: TravelTimes
    need: Need
    reach: float

    def journeys(
        self, opened: tuple[int, ...], allocation: Allocation | None = None
    ) -> tuple[Place, Journeys]:
        """Return journeys before and after, and the place with an origin for each of them.

        Parameters
        ----------
        opened
            Positions of the open sites.
        allocation
            People whom each serves; None = everyone goes to the nearest.
        """
        return journeys_of(self.place, self.times, opened, self.reach, allocation)


@dataclass(frozen=True, eq=False)
class Option:
    """Open sites that are compared with others.

    Parameters
    ----------
    words
        What the option is.
    opened
        Positions of the open sites.
    allocation
        People whom each serves; None = everyone goes to the nearest, however many that are.
    """

    words: str
    opened: tuple[int, ...]
    allocation: Allocation | None = None


def options(
    ground: Ground,
    plans: Mapping[str, Option],
    cost_table: pd.DataFrame,
    case: Case | None = None,
    discounting: Discounting | None = None,
) -> pd.DataFrame:
    """Return options compared by the people whom they reach and by their costs.

    Parameters
    ----------
    ground
        Place, minutes and need.
    plans
        Options by name. The first one is business as usual, against which benefits are counted.
    cost_table
        Table from `costs`, with a row for each site that is open in an option, on the index of
        the place's sites.
    case, discounting
        The user's figures of business as usual and of benefits; rate and years.

    Returns
    -------
    DataFrame
        A row an option: `option`, `words`, `centres`, `new_centres`, `people_within`,
        `share_within`, `first_band_within`, `others_within`, `mean_minutes`, `sii`,
        `without_cost` (new centres whose cost is not known), `capital` (as given), `appraised`
        (rebased, without VAT, with optimism bias), `running` (a year, of its centres as far as
        known; NaN if it is known for no centre) and `without_running`,
        `backlog` and `other_running` (costs of business as usual that remain), `last_opens`,
        `capital_discounted`, `undiscounted`, `discounted` (pounds; NaN if the capital of a new
        centre is not known), `benefits` and `net_value` (NaN if no benefits are given).
    """
    rows = []
    for name, option in plans.items():
        opened = option.opened
        place, journeys = ground.journeys(opened, option.allocation)
        people = place.origins["people"].to_numpy(dtype=np.float64)
        band = ground.need.band.to_numpy()[place.area_of_origin]
        first = band == band[band > 0].min(initial=band.max(initial=0))
        inside = people * (journeys.after <= np.float32(ground.reach))
        total = people.sum()
        rows.append(
            {
                "option": name,
                "words": option.words,
                "centres": len(opened),
                "people_within": inside.sum(),
                "share_within": inside.sum() / total if total else np.nan,
                "first_band_within": inside[first].sum() if (band > 0).any() else np.nan,
                "others_within": inside[~first].sum() if (band > 0).any() else inside.sum(),
                "mean_minutes": _mean(np.minimum(journeys.after, journeys.horizon), people),
                "sii": _sii(place, journeys),
            }
            | _cost_sums(cost_table, opened)
        )
    table = pd.DataFrame(rows)
    table = _with_today(table, case or Case(), discounting or Discounting())
    return table[TABLES["options"].names]


def _with_today(table: pd.DataFrame, case: Case, discounting: Discounting) -> pd.DataFrame:
    """Return options with the costs of business as usual that remain, and with benefits."""
    now, releases = case.business_as_usual, case.releases
    rate, last = discounting.rate, discounting.years
    for column, amount in (("backlog", now.backlog), ("other_running", now.running_cost)):
        field = column.removeprefix("other_").replace("running", "running_cost")
        savings = [getattr(releases.get(name), field, 0.0) for name in table["option"]]
        table[column] = np.nan if amount is None else np.maximum(amount - np.array(savings), 0.0)
    backlog, running = (table[name].fillna(0.0) for name in ("backlog", "other_running"))
    table["undiscounted"] += backlog + running * last
    table["discounted"] += backlog + running * annuity([1], last, rate)[0]
    table["last_opens"] = table["last_opens"].fillna(discounting.base).astype("int64")
    amount, weight = case.benefits.per_person, case.benefits.first_band_weight
    if amount is None:
        return table.assign(benefits=np.nan, net_value=np.nan)
    first = table["first_band_within"].fillna(0.0)
    people = table["people_within"] + (weight - 1) * first
    later = (table["last_opens"] - discounting.base).clip(lower=0).to_numpy(dtype=np.int64)
    worth = amount * (people - people.iloc[0]) * annuity(later + 1, last, rate)
    value = worth - (table["discounted"] - table["discounted"].iloc[0])
    return table.assign(benefits=worth, net_value=value)


def losers(ground: Ground, plan: Option, against: Mapping[str, Option]) -> pd.DataFrame:
    """Return areas whose minutes are worse in a plan than with other centres.

    Parameters
    ----------
    ground
        Place, minutes and need.
    plan
        The sites open in the plan.
    against
        Options to compare with, by name.

    Returns
    -------
    DataFrame
        `against`, `area_code`, `area_name`, `people`, `minutes_there`, `minutes_here` (NaN =
        beyond the horizon), `worse` (minutes; beyond the horizon counts as the horizon),
        `out_of_reach`; the worst first.
    """
    here = _minutes(ground, plan)
    horizon = ground.times.horizon
    areas = ground.place.areas
    names = areas["area_name"] if "area_name" in areas else pd.Series("", index=areas.index)
    parts = []
    for name, option in against.items():
        there = _minutes(ground, option)
        worse = np.minimum(here, horizon) - np.minimum(there, horizon)
        frame = pd.DataFrame(
            {
                "against": name,
                "area_code": areas["area_code"],
                "area_name": names.fillna(""),
                "people": areas["people"],
                "minutes_there": np.where(np.isfinite(there), there, np.nan),
                "minutes_here": np.where(np.isfinite(here), here, np.nan),
                "worse": worse,
                "out_of_reach": (there <= np.float32(ground.reach))
                & ~(here <= np.float32(ground.reach)),
            }
        )
        rows = (frame["worse"] >= NOTICED) & (frame["people"] > 0)
        parts.append(frame[rows].sort_values(["worse", "area_code"], ascending=[False, True]))
    return pd.concat(parts, ignore_index=True)


def _minutes(ground: Ground, option: Option) -> np.ndarray:
    place, journeys = ground.journeys(option.opened, option.allocation)
    return minutes_by_area(place, journeys.after)


def _sii(place: Place, journeys: Journeys) -> float:
    table = measure_inequality(place, journeys)
    slopes = table.loc[table["measure"] == "SII", "after"]
    return float(slopes.iloc[0]) if len(slopes) else np.nan


def _mean(minutes: np.ndarray, people: np.ndarray) -> float:
    return float(np.average(minutes, weights=people)) if people.sum() else np.nan


def _cost_sums(cost_table: pd.DataFrame, opened: tuple[int, ...]) -> dict[str, float]:
    """Return the option's costs; NaN if the capital of a new centre is not known."""
    rows = cost_table[cost_table.index.isin(opened)]
    new = rows[rows["status"] != "existing"]
    sums = ("capital", "appraised", "capital_discounted", "undiscounted", "discounted")
    return {
        "new_centres": len(new),
        "without_cost": int(new["capital"].isna().sum()),
        "running": float((rows["running"] * rows["rebased"]).sum(min_count=min(len(rows), 1))),
        "without_running": int(rows["running"].isna().sum()),
        "last_opens": new["opens"].max() if len(new) else np.nan,
        **{name: float(rows[name].sum(skipna=False)) for name in sums},
    }


def allocation_of(ground: Ground, plan: Plan) -> Allocation:
    """Return whom each centre serves: by the plan's allocation, else the nearest within reach."""
    if plan.allocation is not None:
        return plan.allocation
    within = ground.times.nearest(plan.opened) <= np.float32(ground.reach)
    return Allocation.to_nearest(nearest_site(ground.times.minutes, plan.opened), within)


def sent_beyond(ground: Ground, plan: Plan) -> tuple[float, float]:
    """Return people whom the plan sends beyond reach, and those who have a centre within reach.

    A plan that keeps capacity or the least people of a centre may send people past a nearer one.

    Parameters
    ----------
    ground
        Place, minutes and need.
    plan
        The plan.

    Returns
    -------
    tuple of float
        People sent to a centre that is not within reach; those of them whom another open centre
        is within reach of. Zeros where the plan sends nobody.
    """
    if plan.allocation is None:
        return 0.0, 0.0
    allocation, reach = plan.allocation, np.float32(ground.reach)
    heads = ground.place.origins["people"].to_numpy(dtype=np.float64)
    people = heads[allocation.rows] * allocation.shares
    minutes = np.asarray(ground.times.minutes[allocation.rows, allocation.sites]).ravel()
    beyond = minutes > reach
    near = ground.times.nearest(plan.opened)[allocation.rows] <= reach
    return float(people[beyond].sum()), float(people[beyond & near].sum())


def assignment(ground: Ground, plan: Plan) -> pd.DataFrame:
    """Return the people of each area whom each centre serves, and their mean minutes to it.

    Parameters
    ----------
    ground
        Place, minutes and need.
    plan
        The plan.

    Returns
    -------
    DataFrame
        `area_code`, `area_name`, `site_id`, `people`, `minutes`: a row for each pair of an area
        and a centre that serves somebody in it; areas in order. People whom no centre serves have
        no row.
    """
    place, allocation = ground.place, allocation_of(ground, plan)
    people = place.origins["people"].to_numpy(dtype=np.float64)[allocation.rows] * allocation.shares
    minutes = np.asarray(ground.times.minutes[allocation.rows, allocation.sites]).ravel()
    pairs = pd.DataFrame(
        {
            "area": place.area_of_origin[allocation.rows],
            "site": allocation.sites,
            "people": people,
            "person_minutes": people * minutes,
        }
    )
    sums = pairs[pairs["people"] > 0].groupby(["area", "site"]).sum().reset_index()
    areas, sites = place.areas.iloc[sums["area"]], place.sites.iloc[sums["site"]]
    names = areas["area_name"].fillna("") if "area_name" in areas else pd.Series("", areas.index)
    return pd.DataFrame(
        {
            "area_code": areas["area_code"].to_numpy(),
            "area_name": names.to_numpy(),
            "site_id": sites["site_id"].to_numpy(),
            "name": place.site_names.iloc[sums["site"]].to_numpy(),
            "people": sums["people"],
            "minutes": sums["person_minutes"] / sums["people"],
        }
    )


def by_fifth(ground: Ground, plan: Plan, assessment: Assessment) -> pd.DataFrame:
    """Count the people whom each centre serves, by fifth of deprivation.

    Parameters
    ----------
    ground
        Place, minutes and need.
    plan
        The plan.
    assessment
        Its assessment.

    Returns
    -------
    DataFrame
        A row for each open centre, in order: `site_id`, `council` (of its area, "" =
        unknown), `people`, `people_q1` (most deprived) to `people_q5` and `people_q_unknown`,
        which together are `people` (NaN if the place has no fifths), `people_nearest`,
        `capacity`, `over_capacity`, `headroom` (capacity less people), `utilisation` (people over
        capacity; NaN without a capacity).
    """
    place, rows = ground.place, np.asarray(plan.opened, dtype=np.intp)
    table = assessment.catchments.reset_index(drop=True).copy()
    council = site_labels(place.sites, place.areas).get("council")
    table["council"] = "" if council is None else council.to_numpy()[rows]
    table["headroom"] = table["capacity"] - table["people"]
    table["utilisation"] = table["people"] / table["capacity"].where(table["capacity"] > 0)
    fifth = imd_quintile(place.areas, place.index_name)
    allocation = allocation_of(ground, plan)
    people = place.origins["people"].to_numpy(dtype=np.float64)
    for number in range(6):
        column = f"people_q{number}" if number else "people_q_unknown"
        if fifth is None:
            table[column] = np.nan
            continue
        mine = np.where(fifth.to_numpy()[place.area_of_origin] == number, people, 0.0)
        table[column] = allocation.people_at(mine, len(place.sites))[rows]
    return table
