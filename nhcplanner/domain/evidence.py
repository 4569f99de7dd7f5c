"""Evidence for a hand-in: an outcome, and the tables about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import InputError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.case import Case
from nhcplanner.domain.display import Card, Display
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.verdict import Search, Verdict

GREEN_BOOK_RATE = 0.035
GREEN_BOOK_YEARS = 30
GREEN_BOOK = (
    "HM Treasury, The Green Book (2026 edition): 3.5% a year in real terms for the first 30 years"
)
OTHER_RATE = f"Chosen for this plan; {GREEN_BOOK}"
"""Source of a rate that is not the Green Book's, where the user names none."""


@dataclass(frozen=True)
class Discounting:
    """Discount rate and years by which costs of later years are compared.

    Parameters
    ----------
    rate
        A year, in real terms, 0 to 1.
    years
        Years of running costs, counted from `base`; at most 30, for which the one rate holds.
    base
        The year that is not discounted.
    source
        Where rate and years come from.

    Raises
    ------
    InputError
        For a rate or years out of range.
    """

    rate: float = GREEN_BOOK_RATE
    years: int = GREEN_BOOK_YEARS
    base: int = 2026
    source: str = GREEN_BOOK

    def __post_init__(self) -> None:
        faults = []
        if not 0 <= self.rate < 1:
            faults.append(f"the discount rate must be a share from 0 to below 1, not {self.rate}")
        if not 1 <= self.years <= GREEN_BOOK_YEARS:
            faults.append(f"years must be from 1 to {GREEN_BOOK_YEARS}, not {self.years}")
        if faults:
            raise InputError(faults)
        if self.source == GREEN_BOOK and self.rate != GREEN_BOOK_RATE:
            object.__setattr__(self, "source", OTHER_RATE)  # documents print it beside the rate


@dataclass(frozen=True, eq=False, repr=False)
class Evidence(Display):
    """An outcome and the tables that a hand-in is made from.

    `nhcplanner.domain.evidence_tables.TABLES` defines the columns, words and units of every table,
    by the names below. A table is None if it was not requested or cannot be made; `reasons` says
    why, and also why a table is not complete. Unknown figures are NaN.

    Parameters
    ----------
    outcome
        The plan with its inputs and assessment.
    options, option_sites
        Business as usual, do minimum, the plan, and what else is on the short list.
    long_list
        Every site, and why it is on the short list or not.
    price
        Cost of putting the worst-off first, by band and for all.
    waves, wave_sites, wave_afresh
        Sites open at the end of each wave, sites that open in it, and sites that open if it is
        planned alone.
    alternatives, alternative_sites
        Different plans nearly as good.
    roles
        How good plans use each site.
    losses, loss_sites
        The loss if a site of the plan is not available, and the best plan without it.
    centres, candidates, exchanges
        Why each centre is in the plan; what each site left shut would add; the best exchange.
    robustness, case_sites, case_bands, stays
        The plan in other cases, the sites of the plan made for each, the bands of cases that draw
        HLE anew, and how often sites open.
    areas
        Minutes before and after, and their change.
    years, area_years
        People by year and age of the place, its projected units and its areas.
    curve, within
        People by minute, 1 to 60, and by time band, for the plan's own journeys and each mode.
    windows
        People within reach in each window of the day, by band, deprivation and household.
    groups, furthest
        Who gains and who loses, by group; of each grouping the group with the smallest share
        within reach after the plan.
    losers
        Areas whose minutes are worse than today, or than in the plan without priority.
    inequality
        Measures of fairness: by deprivation, and of the spread of minutes, with intervals.
    catchments
        People whom each centre serves, by fifth of deprivation (NaN if the place has none).
    competition
        People of each new centre by the open centre that they would use instead.
    patients, patients_by_area
        Registered patients of each practice of the place, and how many of them are within reach;
        where they live. None if the place folder has no file of them.
    assignment
        People of each area whom each centre serves, and their minutes to it.
    other_assignments
        Whom the centres of other plans serve, where rules decide it: options, plans made for other
        cases, and waves.
    costs
        Costs of each site that is open in some option, undiscounted and discounted.
    origin_years, case_growth
        People of starting points in the years of waves and cases, and factors on people in cases
        that draw growth.
    origins, minutes, settings
        Inputs from which the other tables can be computed again: starting points with their
        people, minutes to sites, and the settings of the appraisal.
    isochrones
        Areas from which each centre is reached: `site_id`, `mode`, `minutes`, `cell_m` and
        polygons in EPSG:27700.
    discounting
        Discount rate and years.
    case
        Figures that only people can give: price base, optimism bias, benefits, criteria.
    date
        Day of the plan (ISO); "" = not recorded.
    place_name
        By what commands name the place: a folder, or a part of England; "" = made in memory.
    reasons
        Why a table is missing or not complete, by its name, or by a name such as "groups: age" for
        part of a table.
    words
        Notes on whole tables, by name.
    searches
        Searches beyond the plan, and their results.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, gather_evidence, run
    >>> from nhcplanner.workflow import PARTS, Effort
    >>> outcome = run(demo_place(), Scenario(model="max_coverage", count=4, engine="estimate"))
    >>> found = gather_evidence(outcome, Effort.with_options(seconds=1, without=PARTS))
    >>> found.outcome is outcome
    True
    """

    outcome: Outcome
    options: pd.DataFrame | None = None
    option_sites: pd.DataFrame | None = None
    long_list: pd.DataFrame | None = None
    price: pd.DataFrame | None = None
    waves: pd.DataFrame | None = None
    wave_sites: pd.DataFrame | None = None
    wave_afresh: pd.DataFrame | None = None
    alternatives: pd.DataFrame | None = None
    alternative_sites: pd.DataFrame | None = None
    roles: pd.DataFrame | None = None
    losses: pd.DataFrame | None = None
    loss_sites: pd.DataFrame | None = None
    centres: pd.DataFrame | None = None
    candidates: pd.DataFrame | None = None
    exchanges: pd.DataFrame | None = None
    robustness: pd.DataFrame | None = None
    case_sites: pd.DataFrame | None = None
    case_bands: pd.DataFrame | None = None
    stays: pd.DataFrame | None = None
    areas: pd.DataFrame | None = None
    years: pd.DataFrame | None = None
    area_years: pd.DataFrame | None = None
    curve: pd.DataFrame | None = None
    within: pd.DataFrame | None = None
    windows: pd.DataFrame | None = None
    groups: pd.DataFrame | None = None
    furthest: pd.DataFrame | None = None
    losers: pd.DataFrame | None = None
    inequality: pd.DataFrame | None = None
    catchments: pd.DataFrame | None = None
    competition: pd.DataFrame | None = None
    patients: pd.DataFrame | None = None
    patients_by_area: pd.DataFrame | None = None
    assignment: pd.DataFrame | None = None
    other_assignments: pd.DataFrame | None = None
    costs: pd.DataFrame | None = None
    origin_years: pd.DataFrame | None = None
    case_growth: pd.DataFrame | None = None
    origins: pd.DataFrame | None = None
    minutes: pd.DataFrame | None = None
    settings: pd.DataFrame | None = None
    isochrones: gpd.GeoDataFrame | None = None
    discounting: Discounting = field(default_factory=Discounting)
    case: Case = field(default_factory=Case)
    date: str = ""
    place_name: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    searches: tuple[Search, ...] = ()

    def _card(self) -> Card:
        tables = dict(self.tables())
        rows = [
            {
                "table": name,
                "rows": len(tables[name]) if name in tables else None,
                "": "; ".join(self.notes_on(name)),
            }
            for name in TABLES
        ]
        return Card(f"Evidence for a plan of {self.outcome.place.title}", rows)

    @property
    def verdict(self) -> Verdict:
        """Verdict on the quality of the plan."""
        return Verdict.of(self.outcome.plan, self.searches)

    def notes_on(self, name: str) -> tuple[str, ...]:
        """Return the notes on a table, and why it is missing or not complete."""
        return tuple(notes[name] for notes in (self.words, self.reasons) if notes.get(name))

    def table(self, name: str) -> pd.DataFrame | None:
        """Return the table of a name, with the columns that `TABLES` defines; None if missing."""
        frame: pd.DataFrame | None = getattr(self, name)
        return frame

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Yield the name and frame of each table that exists."""
        for name in TABLES:
            frame = self.table(name)
            if frame is not None:
                yield name, frame


def count_free_exchanges(exchanges: pd.DataFrame | None) -> int:
    """Return the number of sites that may take the place of a centre with no goal changing.

    Parameters
    ----------
    exchanges
        The evidence's `exchanges`; None where they were not made.
    """
    if exchanges is None or exchanges.empty:
        return 0
    swaps = exchanges[exchanges["closes"].fillna("") != ""]
    return int((swaps["gain"].abs().groupby(swaps["site_id"]).max() == 0).sum())
