"""People within some minutes of a centre, and gains and losses of each group by a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.access.groups import HOUSEHOLD, imd_quintile
from nhcplanner.base.arrays import Floats
from nhcplanner.domain.assessment import Need
from nhcplanner.domain.journeys import Journeys, journeys_of
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Allocation
from nhcplanner.domain.travel_times import TravelTimes


def within(minutes: Floats, people: Floats, thresholds: Iterable[float]) -> pd.Series[float]:
    """Return the people within each threshold of minutes.

    Parameters
    ----------
    minutes
        Minutes from each row to its centre; inf = none.
    people
        People of each row.
    thresholds
        Minutes; a journey of exactly a threshold is within it.

    Returns
    -------
    Series of float
        People, indexed by the minutes.
    """
    limits = list(thresholds)
    people_within = [float(people[minutes <= np.float32(limit)].sum()) for limit in limits]
    return pd.Series(people_within, index=pd.Index(limits, name="minutes"), name="people")


def before_and_after(
    people: Floats, before: Floats, after: Floats, thresholds: Iterable[float]
) -> pd.DataFrame:
    """Return the people within each threshold, before and after, and their share.

    Parameters
    ----------
    people, before, after
        People of each row, and its minutes to its centre before and after.
    thresholds
        Minutes.

    Returns
    -------
    DataFrame
        Indexed by the minutes: `people_before`, `people_after`, `share_before`, `share_after` (NaN
        where there are no people).
    """
    limits = list(thresholds)
    frame = pd.DataFrame(
        {
            "people_before": within(before, people, limits),
            "people_after": within(after, people, limits),
        }
    )
    total = people.sum()
    for when in ("before", "after"):
        frame[f"share_{when}"] = frame[f"people_{when}"] / total if total else np.nan
    return frame


def by_group(
    groups: pd.Series[int] | pd.Series[str],
    people: Floats,
    before: Floats,
    after: Floats,
    thresholds: Sequence[float],
) -> pd.DataFrame:
    """Return the share of each group's people within some minutes, before and after.

    Parameters
    ----------
    groups
        Group of each row; rows in group 0 or "" are left out.
    people, before, after
        People of each row, and its minutes to its centre before and after.
    thresholds
        Minutes.

    Returns
    -------
    DataFrame
        Rows = groups in order; columns `people`, then `share_before_N` and `share_after_N`.
    """
    frame = pd.DataFrame({"people": people})
    for limit in thresholds:
        frame[f"share_before_{limit:g}"] = people * (before <= np.float32(limit))
        frame[f"share_after_{limit:g}"] = people * (after <= np.float32(limit))
    labels = groups.to_numpy()
    has_group = (labels != 0) & (labels != "")
    sums: pd.DataFrame = frame[has_group].groupby(labels[has_group], sort=True).sum()
    shares = sums.columns.drop("people").tolist()
    sums[shares] = sums[shares].div(sums["people"].where(sums["people"] > 0), axis=0)
    sums.index.name = groups.name
    return sums


def by_minute(
    place: Place,
    times: TravelTimes,
    opened: Sequence[int],
    minutes: Iterable[float],
    allocation: Allocation | None = None,
) -> pd.DataFrame:
    """Return the people within each limit of existing centres, and of the centres of a plan.

    Parameters
    ----------
    place
        With a row of its origins for each row of the minutes.
    times
        Minutes, origin x site.
    opened
        Positions of the sites open in the plan.
    minutes
        Limits in minutes; limits beyond the horizon of the times are left out.
    allocation
        People whom each centre serves; None = everyone goes to the nearest centre.

    Returns
    -------
    DataFrame
        `minutes`, `people_before`, `people_after`, `share_before`, `share_after`.
    """
    limits = [limit for limit in minutes if limit <= times.horizon]
    parts, journeys = journeys_of(place, times, opened, times.horizon, allocation)
    people = parts.origins["people"].to_numpy(dtype=np.float64)
    return before_and_after(people, journeys.before, journeys.after, limits).reset_index()


NOTICED = 0.1
"""Minutes by which a journey must change to count as nearer or farther."""
NOT_KNOWN = "not known"
"""Name of the group of people whose group is not known."""
ROUNDING = 1e-9
COLUMNS = (
    "people", "within_before", "within_after", "mean_minutes_before", "mean_minutes_after",
    "beyond_before", "beyond_after", "gained", "lost", "nearer", "farther",
)  # fmt: skip


def gains(groups: pd.Series, people: npt.ArrayLike, journeys: Journeys) -> pd.DataFrame:
    """Return who is within reach before and after, and who gains and loses, by group.

    Parameters
    ----------
    groups
        Group of each row; rows in group 0 or "" are left out.
    people
        People of each row.
    journeys
        Journeys of each row.

    Returns
    -------
    DataFrame
        Rows = groups in order. `people`; `within_before`, `within_after` (people within reach);
        `mean_minutes_before`, `mean_minutes_after` (those beyond the horizon count as the
        horizon, so the mean is a lower bound; NaN if the group has no people); `beyond_before`,
        `beyond_after` (people beyond the horizon); `gained`, `lost` (people who come within reach
        or fall out of it); `nearer`, `farther` (people whose journey changes by 0.1 minutes or
        more).
    """
    heads = np.asarray(people, dtype=np.float64)
    reach = np.float32(journeys.reach)
    inside = [minutes <= reach for minutes in (journeys.before, journeys.after)]
    capped = [np.minimum(m, journeys.horizon) for m in (journeys.before, journeys.after)]
    parts = {
        "people": np.ones(len(heads)),
        "within_before": inside[0],
        "within_after": inside[1],
        "mean_minutes_before": capped[0],
        "mean_minutes_after": capped[1],
        "beyond_before": np.isinf(journeys.before),
        "beyond_after": np.isinf(journeys.after),
        "gained": ~inside[0] & inside[1],
        "lost": inside[0] & ~inside[1],
        "nearer": capped[0] - capped[1] >= NOTICED,
        "farther": capped[1] - capped[0] >= NOTICED,
    }
    frame = pd.DataFrame({name: heads * part for name, part in parts.items()})
    labels = groups.to_numpy()
    has_group = (labels != 0) & (labels != "")
    table: pd.DataFrame = frame[has_group].groupby(labels[has_group], sort=True).sum()
    means = ["mean_minutes_before", "mean_minutes_after"]
    table[means] = table[means].div(table["people"].where(table["people"] > 0), axis=0)
    table.index.name = groups.name
    return table.loc[:, list(COLUMNS)]


AGES = {
    "0 to 15": "people_0_15",
    "16 to 64": "people_16_64",
    "65 to 84": "people_65_84",
    "85 and over": "people_85_plus",
}
LABELS = {
    "rural_urban": "rural_urban",
    "coastal": "coastal",
    "council": "council_name",
    "district": "district_name",
    "icb": "icb_name",
}
LACKING = {
    "band": "areas are in no bands",
    "imd_quintile": "the place has no deprivation decile, and no rank of a known index",
    "age": f"the place lacks people by age ({', '.join(AGES.values())})",
    "disability": "the place has no share of disabled people (disabled_share)",
    "household": "the place has no share of households without a car (no_car_share)",
    "rural_urban": "the place does not say which areas are rural or urban (rural_urban)",
    "coastal": "the place does not say which areas are coastal (coastal)",
    "council": "the place does not name councils (council_name)",
    "district": "the place does not name districts (district_name)",
    "icb": "the place does not name ICBs (icb_name)",
}
"""Every grouping except `everyone`, and the reason why a place lacks it."""


def breakdown(place: Place, need: Need, journeys: Journeys) -> pd.DataFrame:
    """Return who gains and who loses, for every group of the place.

    Parameters
    ----------
    place
        The place, with an origin for each row of `journeys`. If people are split by car
        (`part_by_car`), each row has the people of one kind of household.
    need
        Band of each area.
    journeys
        Journeys of each row.

    Returns
    -------
    DataFrame
        `grouping`, `group` (text), then the columns of `gains` with `share_before` and
        `share_after` after `within_after`. People by age, disability and household are their
        share of the area's people, the same at each of its origins. People whose group is not
        known form the last group of a grouping, "not known", so that groups sum to everyone.
    """
    parts: list[pd.DataFrame] = []
    everybody = place.origins["people"].to_numpy(dtype=np.float64)
    without_group: dict[str, Floats] = {}
    for grouping, labels, people in _groupings(place, need):
        rows = gains(labels, people, journeys).reset_index(names="group")
        rows["group"] = rows["group"].astype("str")
        parts.append(rows.assign(grouping=grouping))
        row_labels = labels.to_numpy()
        people_in_groups = np.where((row_labels != 0) & (row_labels != ""), people, 0.0)
        without_group[grouping] = without_group.get(grouping, everybody) - people_in_groups
    for grouping, people in without_group.items():
        rest = np.where(people > ROUNDING * everybody, people, 0.0)
        if rest.any():
            rows = gains(_all(NOT_KNOWN, len(rest)), rest, journeys).reset_index(names="group")
            last = max(n for n, part in enumerate(parts) if part["grouping"].iloc[0] == grouping)
            parts.insert(last + 1, rows.assign(grouping=grouping))
    frame = pd.concat(parts, ignore_index=True)
    some = frame["people"].where(frame["people"] > 0)
    for when in ("before", "after"):
        frame[f"share_{when}"] = frame[f"within_{when}"] / some
    at = COLUMNS.index("within_after") + 1
    return frame[["grouping", "group", *COLUMNS[:at], "share_before", "share_after", *COLUMNS[at:]]]


OF_WINDOWS = ("everyone", "band", "imd_quintile", "household")
"""Groupings that are compared by window of the day."""


def window_groups(place: Place, need: Need, journeys: Journeys) -> pd.DataFrame:
    """Return who is within reach in one window, for the groupings `OF_WINDOWS`.

    Parameters
    ----------
    place, need, journeys
        As in `breakdown`.

    Returns
    -------
    DataFrame
        `grouping`, `group`, `people`, `within_before`, `within_after`, `share_before`,
        `share_after`.
    """
    table = breakdown(place, need, journeys)
    names = ["grouping", "group", "people"]
    names += [f"{what}_{when}" for what in ("within", "share") for when in ("before", "after")]
    return table.loc[table["grouping"].isin(OF_WINDOWS), names].reset_index(drop=True)


def _groupings(place: Place, need: Need) -> Iterator[tuple[str, pd.Series, Floats]]:
    """Yield the name of each grouping, with the label and the people of each row."""
    areas, area = place.areas, place.area_of_origin
    people = place.origins["people"].to_numpy(dtype=np.float64)
    yield "everyone", _all("everyone", len(people)), people
    if (need.band > 0).any():
        yield "band", need.band.iloc[area], people
    fifth = imd_quintile(areas, place.index_name)
    if fifth is not None:
        yield "imd_quintile", fifth.iloc[area], people
    for group, share in _shares(areas).items():
        yield group.split(":")[0], _all(group.split(":")[1], len(people)), people * share[area]
    yield from _households(place, people)
    for grouping, column in LABELS.items():
        if column in areas and areas[column].notna().any():
            yield grouping, areas[column].fillna("").astype("str").iloc[area], people


def _shares(areas: pd.DataFrame) -> dict[str, Floats]:
    """Return the share of each area's people in groups that every area has."""
    by_group: dict[str, Floats] = {}
    if all(column in areas for column in AGES.values()):
        ages = areas[list(AGES.values())].to_numpy(dtype=np.float64)
        total = ages.sum(axis=1)
        shares = np.divide(ages, total[:, None], where=total[:, None] > 0, out=np.zeros_like(ages))
        by_group |= {f"age:{name}": np.nan_to_num(shares[:, n]) for n, name in enumerate(AGES)}
    if "disabled_share" in areas and areas["disabled_share"].notna().any():
        share = areas["disabled_share"].to_numpy(dtype=np.float64)
        by_group["disability:disabled people"] = np.nan_to_num(share)
        by_group["disability:other people"] = np.nan_to_num(1 - share)
    return by_group


def _households(place: Place, people: Floats) -> Iterator[tuple[str, pd.Series, Floats]]:
    """Yield people by car availability, from the split origins or the area's share."""
    if HOUSEHOLD in place.origins:
        yield "household", place.origins[HOUSEHOLD], people
    elif place.knows_cars:
        share = place.areas["no_car_share"].to_numpy(dtype=np.float64)[place.area_of_origin]
        yield "household", _all("without a car", len(people)), people * np.nan_to_num(share)
        yield "household", _all("with a car", len(people)), people * np.nan_to_num(1 - share)


def _all(name: str, length: int) -> pd.Series:
    return pd.Series(np.full(length, name, dtype=object))
