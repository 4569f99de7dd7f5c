"""The numerical problem that the models solve, without geometry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.display import Card, Display
from nhcplanner.domain.problem_inputs import (
    MOST_WHOLE,
    Ids,
    Labels,
    align,
    check_labels,
    check_limits,
    check_numbers,
    check_points,
    check_positions,
    odd_figures,
    positions,
    read_minutes,
)
from nhcplanner.domain.sizes import SiteSizes
from nhcplanner.domain.travel_times import as_minutes


@dataclass(frozen=True, eq=False, repr=False)
class Problem(Display):
    """Rows (areas or origins) with people, sites, and the minutes between them.

    Make one with `Problem.from_minutes`, which checks it.

    Parameters
    ----------
    minutes
        CSR, row x site, float32; a missing entry is out of reach.
    people
        People of each row.
    reach
        Minutes within which a row is covered.
    bands
        Band of each row, 1 = lowest HLE = first; 0 = in no band.
    cost, capacity
        Pounds and people for each site; None if unknown. NaN in capacity = no limit.
    keep, forbid
        Positions of sites that must open, and of sites that must not.
    count
        Largest number of open centres, including kept ones; None = no limit.
    budget
        Largest cost of all open sites in pounds, including kept ones; None = no limit.
    need
        Weight of each person of a row in goals that count need; None = equal weights. Rows with a
        negative weight count against a plan that reaches them: places to avoid.
    row_groups, site_groups
        By name (council, imd_quintile; kind, council, ...), the label of each row or site; "" =
        none.
    site_xy
        Site x 2, metres; None if no rule uses distances between sites.
    row_ids, site_ids
        Id of each row and site; None if they have none.
    row_name
        What a row is, in messages: "area", or "starting point" where areas have several.
    notes
        Notes on the minutes: pairs without minutes, journeys of less than a second.
    sizes
        Sizes that sites may have; None = each has one. `cost` is then the least cost of the
        site's sizes, and `capacity` the largest.
    near
        By kind of service, the number of its buildings near each site.
    today
        Positions of the sites that are open today, for rules on what people lose.
    staff
        Staff that each site needs for the services that it lacks; None = none.
    hubs, hub_minutes
        Positions of the sites that may be hubs, and minutes from each to every site (shape hub x
        site; inf = no journey); None without hubs.

    Examples
    --------
    >>> Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1).reach
    20.0
    """

    minutes: sparse.csr_array
    people: npt.NDArray[np.float64]
    reach: float
    bands: npt.NDArray[np.int64]
    cost: npt.NDArray[np.float64] | None
    capacity: npt.NDArray[np.float64] | None
    keep: tuple[int, ...]
    forbid: tuple[int, ...]
    count: int | None
    budget: float | None
    need: npt.NDArray[np.float64] | None = None
    row_groups: Labels = field(default_factory=dict)
    site_groups: Labels = field(default_factory=dict)
    site_xy: npt.NDArray[np.float64] | None = None
    row_ids: Ids | None = None
    site_ids: Ids | None = None
    row_name: str = "area"
    notes: tuple[str, ...] = ()
    sizes: SiteSizes | None = None
    near: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    today: tuple[int, ...] = ()
    staff: npt.NDArray[np.float64] | None = None
    hubs: tuple[int, ...] = ()
    hub_minutes: npt.NDArray[np.float64] | None = None

    @classmethod
    def from_minutes(  # noqa: PLR0913  (one call describes the whole problem)
        cls,
        minutes: object,
        *,
        people: npt.ArrayLike | None = None,
        reach: float = 20,
        bands: npt.ArrayLike | None = None,
        count: int | None = None,
        budget: float | None = None,
        cost: npt.ArrayLike | None = None,
        capacity: npt.ArrayLike | None = None,
        keep: Iterable[int | str] = (),
        forbid: Iterable[int | str] = (),
        need: npt.ArrayLike | None = None,
        row_groups: Mapping[str, npt.ArrayLike] | None = None,
        site_groups: Mapping[str, npt.ArrayLike] | None = None,
        site_xy: npt.ArrayLike | None = None,
        site_ids: Sequence[str] | None = None,
        sizes: Iterable[Mapping[str, Any]] = (),
        near: Mapping[str, npt.ArrayLike] | None = None,
        today: Iterable[int | str] = (),
        hubs: Mapping[int, npt.ArrayLike] | Mapping[str, npt.ArrayLike] | None = None,
        staff: npt.ArrayLike | None = None,
    ) -> Problem:
        """Make a problem from travel times.

        Parameters
        ----------
        minutes
            Area x site: dense, with inf for pairs out of reach; or scipy sparse, where only
            stored pairs are in reach (a stored 0 is zero minutes); or a DataFrame, wide (index =
            areas, columns = sites, NaN = out of reach) or long (a row a pair, with the headings of
            r5py, TravelTime or a table of one's own). A DataFrame gives areas and sites their ids.
        people
            People of each area; 1 by default. This and every other figure of areas or sites may
            be a Series, which is put in order by its index where minutes have ids.
        reach
            Minutes within which an area is covered.
        bands
            Band of each area, whole numbers, 1 first; all 1 by default, 0 = in no band.
        count
            Largest number of open centres, including kept ones.
        budget
            Largest cost of all open sites in pounds; needs `cost`. Give existing centres a cost
            of 0.
        cost, capacity
            Pounds and people for each site.
        keep, forbid
            Positions or ids of sites that must, or must not, be open.
        need
            Weight of each person of an area in goals that count need; negative for places to
            avoid.
        row_groups, site_groups
            By name, the label of each area or site; numbers become text, "" = in no group.
        site_xy
            Site x 2: eastings and northings in metres.
        site_ids
            Id of each site, where minutes are no DataFrame.
        sizes
            Sizes that sites may have, a mapping each: `site` (position or id), `name`, and
            `capacity`, `cost` and `least_people` where known. They replace the site's own
            capacity and cost.
        near
            By kind of service, the number of its buildings near each site.
        today
            Positions or ids of the sites that are open today, whether they may shut or not.
        hubs
            By position or id of each site that may be a hub, minutes from it to every site.
        staff
            Staff that each site needs for the services that it lacks.

        Returns
        -------
        Problem

        Raises
        ------
        InputError
            For wrong lengths, numbers that are negative, missing or far too large, positions
            outside the sites, a Series whose ids are not those of minutes, or a budget without
            costs; all faults together.

        Examples
        --------
        >>> problem = Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)
        >>> problem.areas, problem.sites
        (2, 2)

        >>> import pandas as pd
        >>> minutes = pd.DataFrame([[5, 30], [25, 8]], index=["A1", "A2"], columns=["S1", "S2"])
        >>> people = pd.Series({"A2": 50, "A1": 100})
        >>> problem = Problem.from_minutes(minutes, people=people, keep=["S2"])
        >>> problem.people.tolist(), problem.keep
        ([100.0, 50.0], (1,))
        """
        row_ids: Ids | None = None
        notes: tuple[str, ...] = ()
        if isinstance(minutes, pd.DataFrame):
            table = read_minutes(minutes)
            minutes, row_ids, site_ids = table.minutes, table.rows, table.sites
            notes = table.notes
        ids = None if site_ids is None else tuple(map(str, site_ids))
        matrix = as_minutes(minutes)
        rows, sites = matrix.shape
        faults: list[str] = []
        if ids is not None and (len(ids) != sites or len(set(ids)) != sites):
            faults.append(f"site_ids must hold {sites} ids that differ")
            ids = None
        people, bands, need = (
            align(name, values, row_ids, faults)
            for name, values in (("people", people), ("bands", bands), ("need", need))
        )
        cost, capacity = (
            align(name, values, ids, faults)
            for name, values in (("cost", cost), ("capacity", capacity))
        )
        row_groups = {
            name: align(f"row_groups {name}", values, row_ids, faults)
            for name, values in (row_groups or {}).items()
        }
        site_groups = {
            name: align(f"site_groups {name}", values, ids, faults)
            for name, values in (site_groups or {}).items()
        }
        if faults:
            raise InputError(faults)
        weights = check_numbers("people", people, rows, faults, default=1.0)
        order = check_numbers("bands", bands, rows, faults, default=1.0)
        prices = None if cost is None else check_numbers("cost", cost, sites, faults)
        rooms = (
            None
            if capacity is None
            else check_numbers("capacity", capacity, sites, faults, allowed="nan")
        )
        must_open = check_positions("keep", positions("keep", keep, ids, faults), sites, faults)
        needs = None if staff is None else check_numbers("staff", staff, sites, faults)
        hub_sites, hub_table = _hubs(hubs or {}, ids, sites, faults)
        now = check_positions("today", positions("today", today, ids, faults), sites, faults)
        must_stay_shut = check_positions(
            "forbid", positions("forbid", forbid, ids, faults), sites, faults
        )
        if (order != np.floor(order)).any() or order.max(initial=0) > MOST_WHOLE:
            faults.append(f"bands must be whole numbers up to {MOST_WHOLE:,}, 1 for the first")
        check_limits(matrix, reach, count, budget, faults)
        offered = [dict(row) for row in sizes]
        if budget is not None and cost is None and not offered:
            faults.append("a budget needs the cost of each site")
        options = _options(offered, ids, sites, budget is not None, faults)
        weight = (
            None if need is None else check_numbers("need", need, rows, faults, allowed="negative")
        )
        services = {
            kind: check_numbers(f"near {kind}", numbers, sites, faults).astype(np.int64)
            for kind, numbers in (near or {}).items()
        }
        of_row = check_labels("row_groups", row_groups, rows, faults)
        of_site = check_labels("site_groups", site_groups, sites, faults)
        points = None if site_xy is None else check_points("site_xy", site_xy, sites, faults)
        if faults:
            raise InputError(faults)
        if options is not None:
            prices, rooms = options.extremes(prices, rooms, sites)
        return cls(
            minutes=matrix,
            people=weights,
            reach=float(reach),
            bands=order.astype(np.int64),
            cost=prices,
            capacity=rooms,
            keep=must_open,
            forbid=must_stay_shut,
            count=None if count is None else int(count),
            budget=None if budget is None else abs(float(budget)),
            need=weight,
            row_groups=of_row,
            site_groups=of_site,
            site_xy=points,
            row_ids=row_ids,
            site_ids=ids,
            notes=(
                *notes,
                *odd_figures("people", weights, row_ids),
                *odd_figures("cost", prices, ids),
                *odd_figures("capacity", rooms, ids),
            ),
            sizes=options,
            near=services,
            today=now,
            staff=needs,
            hubs=hub_sites,
            hub_minutes=hub_table,
        )

    def _card(self) -> Card:
        title = (
            f"Problem: {self.areas:,} rows of {self.people.sum():,.0f} people, {self.sites:,} sites"
        )
        limits = {
            "reach": f"{self.reach:g} minutes",
            "centres": "no limit" if self.count is None else f"at most {self.count:,}",
            "pounds": "no limit" if self.budget is None else f"at most {self.budget:,.0f}",
            "bands": f"{len(np.unique(self.bands[self.bands > 0]))}",
            "must open": plural(len(self.keep), "site"),
            "must not open": plural(len(self.forbid), "site"),
            "rows that no site reaches": f"{len(self.unreached):,}",
        }
        return Card(
            title, [{"": name, "given": words} for name, words in limits.items()], self.notes
        )

    @property
    def areas(self) -> int:
        """Number of rows (areas, or origins where an area has several)."""
        return int(self.minutes.shape[0])

    @property
    def sites(self) -> int:
        """Number of sites."""
        return int(self.minutes.shape[1])

    @cached_property
    def covers(self) -> sparse.csr_array:
        """CSR of ones, row x site, where the site is allowed and within reach of the row."""
        is_allowed = np.ones(self.sites, dtype=bool)
        is_allowed[list(self.forbid)] = False
        is_covered = (self.minutes.data <= np.float32(self.reach)) & is_allowed[
            self.minutes.indices
        ]
        ends = np.concatenate([[0], np.cumsum(is_covered)])[self.minutes.indptr]
        return sparse.csr_array(
            (np.ones(int(ends[-1])), self.minutes.indices[is_covered], ends),
            shape=self.minutes.shape,
        )

    @cached_property
    def unreached(self) -> npt.NDArray[np.intp]:
        """Rows with people that have no allowed site within reach."""
        return np.flatnonzero((np.diff(self.covers.indptr) == 0) & (self.people > 0))

    def rows(self, selected: npt.ArrayLike) -> Problem:
        """Return the problem with only some rows (positions or a mask)."""
        selected = np.asarray(selected)
        return replace(
            self,
            minutes=sparse.csr_array(self.minutes[selected]),
            people=self.people[selected],
            bands=self.bands[selected],
            need=None if self.need is None else self.need[selected],
            row_groups={name: labels[selected] for name, labels in self.row_groups.items()},
            row_ids=None if self.row_ids is None else tuple(np.array(self.row_ids)[selected]),
        )


def _options(
    rows: list[dict[str, Any]],
    ids: Ids | None,
    sites: int,
    has_budget: bool,
    faults: list[str],
) -> SiteSizes | None:
    """Return the sizes of sites; under a budget those without a cost are left out."""
    if not rows:
        return None
    named = positions("sizes", [row.get("site") for row in rows], ids, faults)
    if len(named) < len(rows):
        return None
    for row, site in zip(rows, named, strict=True):
        row["site"] = site
    found, wrong = SiteSizes.of(rows, sites)
    faults += wrong
    if not has_budget or wrong:
        return found
    lacking = np.setdiff1d(found.site, found.site[np.isfinite(found.cost)])
    if len(lacking):
        faults.append(f"sizes of sites {shortened(lacking)} have no cost, which a budget needs")
    return found.among(np.isfinite(found.cost))


def _hubs(
    hubs: Mapping[Any, npt.ArrayLike], ids: Ids | None, sites: int, faults: list[str]
) -> tuple[tuple[int, ...], npt.NDArray[np.float64] | None]:
    """Return positions of hubs in order, and minutes from each to every site."""
    named = positions("hubs", hubs, ids, faults)
    places = check_positions("hubs", named, sites, faults)
    if not hubs or len(places) < len(hubs):
        return (), None
    table = np.array([np.asarray(one, dtype=np.float64) for one in hubs.values()])
    if table.shape != (len(hubs), sites):
        faults.append(f"hubs must hold {sites} minutes each")
        return (), None
    return places, table[np.argsort([int(str(one)) for one in named])]
