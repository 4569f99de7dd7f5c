"""Evidence: what a hand-in is made from; an outcome and the tables that stand beside it."""

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
    """How costs of later years are made comparable.

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

    Columns, words and units of every table stand in `nhcplanner.domain.evidence_tables.TABLES`,
    by the names below. A table is None where it was not asked for or cannot be had; `reasons`
    then says why, and also where a table is there but not complete. What is not known is NaN.

    Parameters
    ----------
    outcome
        The plan and all it rests on.
    options, option_sites
        Business as usual, do minimum, the plan, and what else is on the short list.
    long_list
        Every site, and why it is on the short list or not.
    price
        What putting the worst-off first costs the rest, by band and for all.
    waves, wave_sites, wave_afresh
        Sites open at the end of each wave, sites that open in it, and sites that open if it is
        planned alone.
    alternatives, alternative_sites
        Different plans nearly as good.
    roles
        Which sites every good plan needs and which none can afford.
    losses, loss_sites
        The loss if a site of the plan is not available, and the best plan without it.
    centres, candidates, exchanges
        Why each centre is in the plan; what each site left shut would add; the best exchange.
    robustness, case_sites, case_bands, stays
        The plan in other cases, the sites of the plan made for each, the bands of cases that draw
        HLE anew, and how often sites open.
    areas
        Minutes before and after, and their change.
    curve, within
        People by minute, 1 to 60, and by time band, for the plan's own journeys and each mode.
    groups, furthest
        Who gains and who loses, by group; of each grouping the group with the smallest share
        within reach after the plan.
    losers
        Areas whose minutes are worse than today, or than in the plan without priority.
    inequality
        Gaps, slope and relative index, concentration index, by deprivation.
    catchments
        Whom each centre serves, by fifth of deprivation (NaN where the place tells none).
    assignment
        People of each area whom each centre serves, and their minutes to it.
    costs
        Of each site that is open in some option, undiscounted and discounted.
    origins, minutes, settings
        What an outsider needs to compute the other tables again: starting points with their
        people, minutes to sites, and the settings of the appraisal.
    isochrones
        From where each centre is reached: `site_id`, `mode`, `minutes`, `cell_m` and polygons
        in EPSG:27700.
    discounting
        At which rate.
    case
        Figures that only people can give: price base, optimism bias, benefits, criteria.
    date
        Day of the plan (ISO); "" = not recorded.
    reasons
        By the name of a table, or "groups: age" and the like for part of one: why it is not
        there, or not complete.
    words
        By the name of a table: what holds for all of it.
    searches
        What was searched beyond the plan, and what that shows.

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
    curve: pd.DataFrame | None = None
    within: pd.DataFrame | None = None
    groups: pd.DataFrame | None = None
    furthest: pd.DataFrame | None = None
    losers: pd.DataFrame | None = None
    inequality: pd.DataFrame | None = None
    catchments: pd.DataFrame | None = None
    assignment: pd.DataFrame | None = None
    costs: pd.DataFrame | None = None
    origins: pd.DataFrame | None = None
    minutes: pd.DataFrame | None = None
    settings: pd.DataFrame | None = None
    isochrones: gpd.GeoDataFrame | None = None
    discounting: Discounting = field(default_factory=Discounting)
    case: Case = field(default_factory=Case)
    date: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    searches: tuple[Search, ...] = ()

    def _card(self) -> Card:
        found = dict(self.tables())
        rows = [
            {
                "table": name,
                "rows": len(found[name]) if name in found else None,
                "": "; ".join(self.notes_on(name)),
            }
            for name in TABLES
        ]
        return Card(f"Evidence for a plan of {self.outcome.place.title}", rows)

    @property
    def verdict(self) -> Verdict:
        """What is known of how good the plan is."""
        return Verdict.of(self.outcome.plan, self.searches)

    def notes_on(self, name: str) -> tuple[str, ...]:
        """Return notes on a table: what holds for it, and why it is missing or not complete."""
        return tuple(notes[name] for notes in (self.words, self.reasons) if notes.get(name))

    def table(self, name: str) -> pd.DataFrame | None:
        """The table of that name, with the columns that `TABLES` states."""
        found: pd.DataFrame | None = getattr(self, name)
        return found

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Names and frames of all tables that there are."""
        for name in TABLES:
            frame = self.table(name)
            if frame is not None:
                yield name, frame
