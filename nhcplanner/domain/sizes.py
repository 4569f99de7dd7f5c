"""Sizes of centres: what a planner offers, and the options of each site in a problem."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.domain.centre_types import AS_IT_IS, SITE_ID, Size
from nhcplanner.domain.problem_inputs import LEAST, MOST

CHOSEN = "plan_size"
"""Column of the sites with the size that a plan chooses."""
LISTED = {"capacity": "listed_capacity", "cost": "listed_cost"}
"""Columns that keep the list's own figures where a plan has chosen a size."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class ChosenSize(NamedTuple):
    """Name, capacity (inf = no limit) and cost (NaN = not known) of the size of a centre."""

    name: str
    capacity: float
    cost: float


class Variant(NamedTuple):
    """Cost and capacity of each site if every site has one given size."""

    cost: Floats | None
    room: Floats


@dataclass(frozen=True, eq=False)
class SiteSizes:
    """The sizes that sites may have, one entry for each site and size.

    Parameters
    ----------
    site
        Position of the site (shape option), ascending.
    name
        Name of the size.
    capacity, cost, least
        People it can serve (inf = no limit), its pounds (NaN = not known), and the fewest people
        it must serve.
    """

    site: Ints
    name: tuple[str, ...]
    capacity: Floats
    cost: Floats
    least: Floats

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], sites: int) -> tuple[Self, list[str]]:
        """Return the options, and what is wrong with them in words.

        Parameters
        ----------
        rows
            `site` (position), `name`, and `capacity`, `cost` and `least_people` where known.
        sites
            Number of sites.
        """
        frame = pd.DataFrame(list(rows)).reindex(
            columns=["site", "name", "capacity", "cost", "least_people"]
        )
        faults = []
        figures = frame[["capacity", "cost", "least_people"]].apply(pd.to_numeric, errors="coerce")
        wrong = figures.lt(0) | (figures.gt(0) & (figures.lt(LEAST) | figures.gt(MOST)))
        if (wrong | np.isinf(figures)).any(axis=None):
            faults.append(f"sizes must be 0 or numbers from {LEAST:g} to {MOST:g}")
        place = pd.to_numeric(frame["site"], errors="coerce")
        if (~place.between(0, sites - 1) | (place % 1 != 0)).any():
            faults.append(f"sizes name sites outside 0 to {sites - 1}")
        if frame.duplicated(["site", "name"]).any():
            faults.append("sizes name the same size of a site twice")
        order = place.fillna(0).argsort(kind="stable").to_numpy()
        figures, frame = figures.iloc[order], frame.iloc[order]
        return cls(
            place.fillna(0).iloc[order].to_numpy(dtype=np.int64),
            tuple(frame["name"].astype(str)),
            figures["capacity"].fillna(np.inf).to_numpy(dtype=np.float64),
            figures["cost"].to_numpy(dtype=np.float64),
            figures["least_people"].fillna(0.0).to_numpy(dtype=np.float64),
        ), faults

    def options(self, site: int) -> Ints:
        """Return the entries of a site; none for a site of one size."""
        start, end = np.searchsorted(self.site, [site, site + 1])
        return np.arange(start, end)

    @property
    def sites(self) -> Ints:
        """Positions of the sites that have sizes to choose from."""
        return np.unique(self.site)

    def among(self, chosen: npt.NDArray[np.bool_]) -> SiteSizes:
        """Return only some entries (a mask)."""
        names = tuple(n for n, is_chosen in zip(self.name, chosen, strict=True) if is_chosen)
        return SiteSizes(
            self.site[chosen], names, self.capacity[chosen], self.cost[chosen], self.least[chosen]
        )

    def at_sites(self, sites: Ints) -> SiteSizes | None:
        """Return the sizes of some sites (ascending), which then count from 0; None if none has."""
        found = self.among(np.isin(self.site, sites))
        if not len(found.site):
            return None
        return replace(found, site=np.searchsorted(sites, found.site).astype(np.int64))

    def extremes(
        self, cost: Floats | None, room: Floats | None, sites: int
    ) -> tuple[Floats | None, Floats]:
        """Return the least cost and the largest capacity (NaN = no limit) of every site.

        Parameters
        ----------
        cost, room
            Those of sites without sizes (shape site); None = not known.
        sites
            Number of sites.
        """
        rooms = np.full(sites, np.nan) if room is None else room.copy()
        largest, least = np.zeros(sites), np.full(sites, np.inf)
        np.maximum.at(largest, self.site, self.capacity)
        np.minimum.at(least, self.site, self.pounds())
        rooms[self.sites] = np.where(np.isinf(largest), np.nan, largest)[self.sites]
        if cost is None and np.isnan(self.cost).all():
            return None, rooms
        pounds = np.zeros(sites) if cost is None else cost.copy()
        pounds[self.sites] = least[self.sites]
        return pounds, rooms

    def variants(self, cost: Floats | None, room: Floats) -> Iterator[Variant]:
        """Yield the costs and rooms of sites of one size each: the smallest first, to the largest.

        Parameters
        ----------
        cost, room
            Those of sites without sizes (shape site); None = not known.
        """
        rank = pd.Series(self.capacity).groupby(self.site).rank(method="first").to_numpy()
        for step in range(int(rank.max(initial=0))):
            entry = np.array(
                [
                    own[np.argsort(rank[own])][min(step, len(own) - 1)]
                    for own in map(self.options, self.sites.tolist())
                ]
            )
            rooms = room.copy()
            rooms[self.sites] = np.minimum(self.capacity[entry], room[self.sites])
            pounds = None
            if cost is not None:
                pounds = cost.copy()
                pounds[self.sites] = self.pounds()[entry]
            yield Variant(pounds, rooms)

    def pounds(self) -> Floats:
        """Return the cost of each entry, 0 where it is not known."""
        return np.nan_to_num(self.cost, nan=0.0)

    def fit(self, load: Floats) -> Ints:
        """Return the cheapest entry that suits the people whom each site serves; -1 for none.

        Of entries of the same cost the one with least room is taken.

        Parameters
        ----------
        load
            People of each site (shape site).
        """
        chosen = np.full(len(load), -1, dtype=np.int64)
        people = load[self.site]
        slack = ROUNDING * np.maximum(people, 1.0)
        fits = (self.capacity >= people - slack) & (self.least <= people + slack)
        order = np.lexsort((self.capacity, self.pounds(), self.site))
        for entry in order[fits[order]][::-1].tolist():
            chosen[self.site[entry]] = entry
        return chosen


ROUNDING = 1e-6
"""Share of a centre's people by which it may pass a limit, from rounding."""


def size_rows(sites: pd.DataFrame, sizes: Sequence[Size]) -> list[dict[str, Any]]:
    """Return the options of a place's sites: the sizes offered, and what stands already.

    A site's own capacity and cost are an option where it is open today, or where all its sizes
    are extensions.

    Parameters
    ----------
    sites
        `site_id`, `kind`, `status`, and `capacity` and `cost` where known.
    sizes
        The sizes offered.

    Returns
    -------
    list of dict
        As `SiteSizes.of` reads them.
    """
    rows: list[dict[str, Any]] = []
    for place, site in enumerate(sites.to_dict("records")):
        own_room, own_cost = _number(site.get("capacity")), _number(site.get("cost"))
        is_open = site.get("status") == "existing"
        offered = [size for size in sizes if _is_at(size, site, own_room)]
        if not offered:
            continue
        if is_open or all(size.adds for size in offered):
            cost = 0.0 if is_open else own_cost
            rows.append({"site": place, "name": AS_IT_IS, "capacity": own_room, "cost": cost})
        for size in offered:
            base = (own_room, 0.0 if is_open else own_cost) if size.adds else (0.0, 0.0)
            rows += [
                {"site": place, "name": name, "capacity": _sum(room, base[0]),
                 "cost": _sum(cost, base[1]), "least_people": size.least_people}
                for name, room, cost in size.steps()
            ]  # fmt: skip
    return rows


def unused(sites: pd.DataFrame, sizes: Sequence[Size]) -> list[str]:
    """Return the names of sizes that no site may have."""
    records = sites.to_dict("records")
    return [
        size.name
        for size in sizes
        if not any(_is_at(size, one, _number(one.get("capacity"))) for one in records)
    ]


def _is_at(size: Size, site: Mapping[Hashable, Any], own_room: float | None) -> bool:
    if size.adds and own_room is None:
        return False
    if not size.at:
        return size.adds or site.get("status") != "existing"
    return any(_is_named(text, site) for text in size.at)


def named_sites(sites: pd.DataFrame, lines: Sequence[str]) -> list[int]:
    """Return the positions of the sites that some lines name, by id or by a column's value."""
    return [
        place
        for place, site in enumerate(sites.to_dict("records"))
        if any(_is_named(text, site) for text in lines)
    ]


def _is_named(text: str, site: Mapping[Hashable, Any]) -> bool:
    group, _, label = text.partition(":")
    if not label:
        return bool(str(site.get(SITE_ID)) == text.strip())
    return str(site.get(group.strip())) == label.strip()


def _sum(one: float | None, other: float | None) -> float | None:
    """Return a sum; None if either is not known."""
    return None if one is None or other is None else one + other


def _number(value: object) -> float | None:
    number = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
    return None if pd.isna(number) else float(number)


def with_chosen(sites: pd.DataFrame, chosen: Mapping[int, ChosenSize]) -> Any:
    """Return the sites with the capacity and cost of the sizes that a plan chooses.

    The list's own figures move to the columns of `LISTED`.

    Parameters
    ----------
    sites
        The sites, with or without the sizes of another plan.
    chosen
        The size of each site that has one, by its position.
    """
    frame = as_listed(sites)
    if not chosen:
        return frame
    names = pd.Series("", index=frame.index, dtype="object")
    for column, original in LISTED.items():
        own = frame[column] if column in frame else pd.Series(np.nan, index=frame.index)
        frame[original] = own.astype("float64")
        frame[column] = frame[original]
    rooms, costs = frame["capacity"].to_numpy().copy(), frame["cost"].to_numpy().copy()
    for site, (name, room, cost) in chosen.items():
        names.iloc[site] = name
        rooms[site] = room if np.isfinite(room) else np.nan
        costs[site] = cost
    return frame.assign(**{CHOSEN: names, "capacity": rooms, "cost": costs})


def as_listed(sites: pd.DataFrame) -> Any:
    """Return the sites with the figures of their list, without the sizes of a plan."""
    if CHOSEN not in sites:
        return sites.copy()
    frame = sites.drop(columns=[CHOSEN, *LISTED.values()], errors="ignore")
    own = {column: sites[original] for column, original in LISTED.items() if original in sites}
    return frame.assign(**own)


def is_free(sites: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Flag sites that need no capital: open today, and not extended by the plan."""
    is_open = (sites["status"] == "existing").to_numpy(dtype=bool)
    if CHOSEN not in sites:
        return is_open
    is_extended: npt.NDArray[np.bool_] = (~sites[CHOSEN].fillna("").isin(["", AS_IT_IS])).to_numpy(
        dtype=bool
    )
    return is_open & ~is_extended
