"""Appraisal: the options that were weighed, and why each site is among them or not.

The hand-in: all evidence for a plan, in the time there is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nhcplanner import access, travel
from nhcplanner.base.errors import InputError, PlannerError, without_folders
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.case import Case
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.domain.verdict import Verdict
from nhcplanner.workflow.exploration import Effort, Exploration
from nhcplanner.workflow.named_places import name_of
from nhcplanner.workflow.plan import measure
from nhcplanner.workflow.problem import starts_of
from nhcplanner.workflow.progress import Progress, report_progress
from nhcplanner.workflow.robustness import REACHES

TODAY = "Business as usual"
MINIMUM = "Do minimum"
PLAN = "The plan"
FREE = "Most people"
LISTED = 12
MOST_PAIRS = 2_000_000
"""Pairs of a starting point and a site up to which all pairs are listed."""
SITES_OPEN = (
    "option_sites", "alternative_sites", "case_sites", "loss_sites", "wave_sites", "wave_afresh",
)  # fmt: skip
Wanted = dict[str, tuple[str, tuple[int, ...]]]


def unmatched(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Describe entries of a case that the documents of a plan cannot show, in sentences."""
    sites = outcome.place.sites.set_index("site_id")["status"]
    opened = {str(site) for site in sites.index[list(outcome.plan.opened)]}
    closed = {str(site) for site in sites.index[sites == "forbidden"]}
    return case.unmatched({*map(str, sites.index)}, opened, closed | {*outcome.scenario.forbid})


def shortlist(
    outcome: Outcome, without: tuple[int, ...] | None, others: list[tuple[int, ...]]
) -> Wanted:
    """Options by name: what each is in words, and positions of the sites open in it.

    Parameters
    ----------
    outcome
        The plan.
    without
        Sites of the plan without priority; None where it was not made.
    others
        Sites of further near-best alternatives.
    """
    status = outcome.place.sites["status"].to_numpy()
    today = tuple(outcome.place.existing.tolist())
    minimum = tuple(np.flatnonzero(np.isin(status, ["existing", "committed"])).tolist())
    found: Wanted = {TODAY: ("Existing centres only", today)}
    same = " (none is committed: the same as business as usual)" if minimum == today else ""
    found[MINIMUM] = (f"Existing and committed centres{same}", minimum)
    if outcome.plan.opened:
        found[PLAN] = ("The plan, by its goals in order", outcome.plan.opened)
    if without is not None and set(without) != set(outcome.plan.opened):
        words = f"The same rules without priority; {_instead(outcome, without)}"
        found[FREE] = (words, without)
    for number, opened in enumerate(others, 2):
        words = f"A different plan, nearly as good; {_instead(outcome, opened)}"
        found[f"Alternative {number}"] = (words, opened)
    return found


def _instead(outcome: Outcome, opened: tuple[int, ...]) -> str:
    """Which sites open, and which of the plan do not."""
    ids = outcome.place.sites["site_id"]
    new, gone = (
        ", ".join(ids.iloc[sorted(sites)[:LISTED]])
        + (f" and {len(sites) - LISTED} more" if len(sites) > LISTED else "")
        for sites in (
            set(opened) - set(outcome.plan.opened),
            set(outcome.plan.opened) - set(opened),
        )
    )
    return f"opens {new or 'nothing new'}, not {gone or 'fewer'}"


def long_list(
    outcome: Outcome, wanted: Wanted, adds: pd.DataFrame | None, exchanges: pd.DataFrame | None
) -> pd.DataFrame:
    """Every site, and in words why it is on the short list or not.

    Parameters
    ----------
    outcome
        The plan.
    wanted
        The options.
    adds, exchanges
        The evidence's `candidates` and `exchanges`, where they were made.
    """
    sites = outcome.place.sites
    why = _why_out(outcome, adds, exchanges)
    rows = []
    for position, site_id in enumerate(sites["site_id"]):
        among = [name for name, (_, opened) in wanted.items() if position in opened]
        reason = f"Open in: {', '.join(among)}" if among else why[position]
        rows.append({"site_id": site_id, "short_listed": bool(among), "reason": reason})
    found = pd.DataFrame(rows)
    for column, source in (("name", "site_name"), ("kind", "kind"), ("status", "status")):
        found[column] = sites[source].fillna("").to_numpy() if source in sites else ""
    return found[TABLES["long_list"].names]


def _why_out(
    outcome: Outcome, adds: pd.DataFrame | None, exchanges: pd.DataFrame | None
) -> dict[int, str]:
    """Reason for each site, by position, why no option opens it."""
    sites, scenario = outcome.place.sites, outcome.scenario
    gives = {} if adds is None else adds.groupby("site_id")["adds"].sum().to_dict()
    swaps = {} if exchanges is None else dict(iter(exchanges.groupby("site_id", sort=False)))
    found = {}
    for position, site in enumerate(sites.itertuples(index=False)):
        if site.status == "forbidden":
            found[position] = "Marked forbidden in the list of sites"
        elif site.site_id in scenario.forbid:
            found[position] = "Ruled out by the scenario (forbid)"
        elif scenario.kinds and site.kind not in scenario.kinds:
            found[position] = f"Of another kind than asked for ({', '.join(scenario.kinds)})"
        elif scenario.budget is not None and pd.isna(getattr(site, "cost", np.nan)):
            found[position] = "No cost is known, and the plan has a budget"
        elif site.site_id in gives:
            found[position] = _left_shut(gives[site.site_id], swaps.get(site.site_id))
        else:
            found[position] = "No option opens it; why was not worked out"
    return found


def _left_shut(adds: float, swap: pd.DataFrame | None) -> str:
    """Why a site that might open stays shut: what it adds, and what letting it in would change."""
    words = f"Would add {adds:,.0f} people to the plan's reach"
    if swap is None or swap.empty:
        return f"{words}; the rules leave no room for it"
    changed = swap[swap["gain"].abs() > 0]
    closes = swap["closes"].iloc[0]
    how = f"in place of {closes}" if closes else "beside the plan's centres"
    if changed.empty:
        return f"{words}; {how} no goal changes"
    goal, gain, unit = changed[["goal", "gain", "unit"]].iloc[0]
    turn = "better" if gain > 0 else "worse"
    return f"{words}; {how}, {goal} is {turn} by {abs(gain):,.0f} {unit}"


MINUTES = tuple(float(minute) for minute in range(1, 61))
AFTER = ("after", "change", "gained", "lost", "nearer", "farther", "centre")
"""Columns that speak of the plan, beside those whose name ends in _after."""
EVERY_MODE = ("walk", "cycle", "transit", "drive")


def gather_evidence(
    outcome: Outcome, effort: Effort | None = None, progress: Progress | None = None
) -> Evidence:
    """Gather all that a hand-in says of a plan.

    Parameters
    ----------
    outcome
        From `run` or `open_plan`.
    effort
        How much, and how long.
    progress
        Is told in words what is being done; returning False ends the search for more: what is
        there by then is handed back, and `reasons` says what is missing.

    Returns
    -------
    Evidence
        With a reason for each table that is not there.

    Raises
    ------
    InputError
        Where a mode is asked for that the place cannot be measured with, or for waves that
        cannot be.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, gather_evidence, run
    >>> from nhcplanner.workflow import PARTS, Effort
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> found = gather_evidence(outcome, Effort.with_options(seconds=1, without=PARTS))
    >>> "groups" in dict(found.tables())
    True
    """
    gathering = _Gathering(outcome, effort or Effort(), progress)
    times = gathering.modes()
    explored = Exploration(outcome, gathering.effort, times, progress)
    explored.run()
    gathering.counted(explored, times)
    gathering.inputs(explored, times)
    made: dict[str, Any] = {**explored.tables, **gathering.tables}
    return Evidence(
        outcome,
        **made,
        discounting=gathering.effort.discounting,
        case=gathering.effort.case,
        reasons=explored.reasons | gathering.reasons,
        words=explored.words | gathering.words,
        searches=tuple(explored.searches),
        place_name=_place_name(outcome.place),
    )


def _place_name(place: Place) -> str:
    """Name a place as another computer's commands accept it."""
    if place.folder is None:
        return ""
    return name_of(place.folder.name, place.name) or place.folder.name


class _Gathering:
    """What only counts: access, groups, options and costs."""

    def __init__(self, outcome: Outcome, effort: Effort, progress: Progress | None) -> None:
        self.outcome, self.effort, self.progress = outcome, effort, progress
        self.tables: dict[str, pd.DataFrame] = {}
        self.reasons: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.more_in_waves: float | None = None
        self.starts = starts_of(outcome.place, outcome.scenario)
        need, reach = outcome.assessment.need, outcome.scenario.reach
        self.ground = access.Ground(self.starts, outcome.times, need, reach)

    def modes(self) -> dict[str, TravelTimes]:
        """Minutes by each further mode; one that cannot be had is an error only if named."""
        place, scenario = self.outcome.place, self.outcome.scenario
        if "modes" not in self.effort.parts or scenario.engine == "matrix":
            why = "The matrix is of one mode" if scenario.engine == "matrix" else "Not requested"
            self.reasons["within: other modes"] = why
            return {}
        found = {}
        for mode in self.effort.modes or EVERY_MODE:
            asked = scenario.model_copy(update={"mode": mode, "modes": ()})
            if asked.journeys == scenario.journeys and not scenario.by_car:
                continue
            try:
                travel.measurable(place, asked)
            except InputError as error:
                if self.effort.modes:
                    raise
                self.reasons[f"within: {mode}"] = without_folders(str(error))
                continue
            one = self._measured(asked)
            if one is None:
                self.reasons[f"within: {mode}"] = "Stopped"
                continue
            found[f"{mode} (estimate)" if one.estimate else mode] = one
        return found

    def _measured(self, asked: Scenario) -> TravelTimes | None:
        """Minutes by one mode; None where the caller said stop."""
        try:
            return measure(self.outcome.place, asked, self.progress)
        except InputError:
            raise
        except PlannerError:
            return None

    def counted(self, explored: Exploration, times: dict[str, TravelTimes]) -> None:
        """Make every table that takes no optimiser."""
        opened = self.outcome.plan.opened
        report_progress(self.progress, "Evidence: who gains and who loses")
        journeys = self.ground.journeys(opened)
        groups = access.breakdown(self.starts, self.ground.need, journeys)
        self.tables |= {"groups": groups, "furthest": _furthest(groups)}
        for grouping, why in access.LACKING.items():
            if grouping not in set(groups["grouping"]):
                self.reasons[f"groups: {grouping}"] = why
        inequality = access.measure_inequality(self.starts, journeys)
        if inequality is None:
            self.reasons["inequality"] = "No area has a deprivation rank or decile"
        else:
            self.tables["inequality"] = inequality
        self.tables["areas"] = _areas(self.outcome)
        self._by_minute(times)
        if not Verdict.of(self.outcome.plan).has_plan:  # a plan that opens no centre has one
            self._today_only()
        self._options(explored)

    def inputs(self, explored: Exploration, times: dict[str, TravelTimes]) -> None:
        """Make the tables from which others can recompute the remaining tables."""
        place, outcome = self.starts, self.outcome
        home = place.origins
        self.tables["origins"] = pd.DataFrame(
            {
                "origin": home["origin_id"],
                "point": outcome.place.origins["origin_id"].to_numpy()[
                    np.arange(len(home)) % len(outcome.place.origins)
                ],
                "area_code": home["area_code"],
                "household": home.get("household", ""),
                "people": home["people"],
            }
        )
        ids = outcome.place.sites["site_id"].to_numpy()
        used = np.isin(ids, self._used(explored))
        every = np.ones(len(ids), dtype=bool)
        own = outcome.times
        if own.pairs > MOST_PAIRS:
            every = used
            self.words["minutes"] = (
                f"Of {own.pairs:,} pairs, those with a site that is open in some table are listed"
            )
        parts = [_pairs("own", own, home["origin_id"].to_numpy(), ids, every)]
        points = outcome.place.origins["origin_id"].to_numpy()
        parts += [_pairs(mode, travel, points, ids, used) for mode, travel in times.items()]
        self.tables["minutes"] = pd.concat(parts, ignore_index=True)
        self.tables["settings"] = self._settings()

    def _used(self, explored: Exploration) -> list[str]:
        """Return the ids of the sites that are open today or in a table."""
        place = self.outcome.place
        named = [place.sites["site_id"].iloc[[*place.existing, *self.outcome.plan.opened]]]
        every = self.tables | explored.tables
        named += [frame["site_id"] for name, frame in every.items() if name in SITES_OPEN]
        return sorted(set(pd.concat(named)))

    def _settings(self) -> pd.DataFrame:
        """Return the settings behind the figures that plan.json does not have."""
        discounting = self.effort.discounting
        rows: list[tuple[str, object, str]] = [
            ("discount_rate", discounting.rate, discounting.source),
            ("discount_years", discounting.years, "Years of running costs counted"),
            ("discount_base", discounting.base, "Year that is not discounted"),
            ("near_within", self.effort.near.within, "Share of the best that alternatives keep"),
            ("noticed_minutes", access.NOTICED, "Least change of a journey that counts"),
            ("horizon", self.outcome.times.horizon, "Minutes beyond which no journey is known"),
            ("index", self.outcome.place.index_name, "Index of deprivation of imd_rank"),
            ("bands_by", self.outcome.assessment.need.by, "What orders areas by need"),
        ]
        rows += _case_settings(self.effort.case, discounting.base)
        return pd.DataFrame(rows, columns=TABLES["settings"].names)

    def _today_only(self) -> None:
        """Without a plan there is no after: its figures are not known, and nobody has lost."""
        del self.tables["furthest"]
        self.reasons["furthest"] = "There is no plan"
        for name, frame in self.tables.items():
            columns = [str(c) for c in frame if c in AFTER or str(c).endswith("_after")]
            self.tables[name] = frame.assign(**dict.fromkeys(columns, np.nan))

    def _by_minute(self, times: dict[str, TravelTimes]) -> None:
        own, opened = self.outcome.times, self.outcome.plan.opened
        estimate = " (estimate)" if own.estimate else ""
        every = {f"the plan's own: {own.mode}{estimate}": (self.starts, own)}
        every |= {mode: (self.outcome.place, one) for mode, one in times.items()}
        for table, minutes in (("curve", MINUTES), ("within", REACHES)):
            parts = [
                access.by_minute(place, one, opened, minutes).assign(mode=mode)
                for mode, (place, one) in every.items()
            ]
            self.tables[table] = pd.concat(parts, ignore_index=True)[TABLES[table].names]

    def _options(self, explored: Exploration) -> None:
        outcome, opened = self.outcome, self.outcome.plan.opened
        report_progress(self.progress, "Evidence: options and costs")
        wanted = shortlist(outcome, explored.free, explored.others)
        spent = self._costs(explored, wanted)
        case, discounting = self.effort.case, self.effort.discounting
        self.tables["options"] = access.options(self.ground, wanted, spent, case, discounting)
        self._cost_in_waves(self.tables["options"])
        self._unmatched(set(wanted))
        self.tables["costs"] = spent[TABLES["costs"].names].reset_index(drop=True)
        rows = [
            {"option": name} | explored.names.of(site)
            for name, (_, sites) in wanted.items()
            for site in sites
        ]
        self.tables["option_sites"] = pd.DataFrame(rows, columns=TABLES["option_sites"].names)
        adds, exchanges = (explored.tables.get(name) for name in ("candidates", "exchanges"))
        self.tables["long_list"] = long_list(outcome, wanted, adds, exchanges)
        if not opened:
            self.reasons |= dict.fromkeys(
                ("losers", "catchments", "assignment"), "There is no plan"
            )
            return
        against = {"today": wanted[TODAY][1]}
        if explored.free is not None:
            against["the plan without priority"] = explored.free
        self.tables["losers"] = access.losers(self.ground, opened, against)
        self.tables["catchments"] = self._catchments(explored)
        self.tables["assignment"] = access.assignment(self.ground, self.outcome.plan)
        beyond, near = access.sent_beyond(self.ground, self.outcome.plan)
        if beyond:
            self.words["assignment"] = (
                f"The plan sends {beyond:,.0f} people to a centre that is more than "
                f"{self.outcome.scenario.reach:g} minutes away, so that every centre keeps its "
                f"capacity and its least and most people; {near:,.0f} of them have another centre "
                "within reach"
            )

    def _unmatched(self, options: set[str]) -> None:
        """Report entries of the case that the plan's documents do not show."""
        parts = list(unmatched(self.effort.case, self.outcome))
        unknown = set(self.effort.case.releases) - options
        if unknown:
            parts.append(f"Unknown options: {', '.join(sorted(unknown))}")
        if parts:
            self.reasons["case"] = f"Left out. {'; '.join(parts)}"

    def _costs(self, explored: Exploration, wanted: Wanted) -> pd.DataFrame:
        """Return costs of the sites that are open in an option, on the index of the place's sites.

        Like for like: every candidate opens in the same year, that of the last wave, whichever
        option opens it, so that no option is cheaper only because it opens later. Committed sites
        open in the first year.
        """
        sites, discounting = self.outcome.place.sites, self.effort.discounting
        appraisal = self.effort.case.appraisal
        used = sites.iloc[sorted({site for _, opened in wanted.values() for site in opened})]
        years = _years(explored.tables.get("wave_sites"))
        last = max(years.values(), default=discounting.base)
        soon = used["status"].isin(["existing", "committed"])
        opens = pd.Series(np.where(soon, discounting.base, last), used.index).astype("int64")
        costs = access.costs(used, opens, discounting, appraisal)
        words = (
            f"Options are compared like for like: every new centre opens in {last}, and committed "
            f"ones in {discounting.base}"
        )
        if years:
            own = used["site_id"].map(years).fillna(opens).astype("int64")
            phased = access.costs(used, own, discounting, appraisal)
            mine = used.index.isin(self.outcome.plan.opened)
            more = float((phased["discounted"] - costs["discounted"])[mine].sum(skipna=False))
            self.more_in_waves = None if np.isnan(more) else more
        self.words |= {"options": words, "costs": words}
        self.words["appraisal"] = ". ".join(access.statements(costs, self.effort.case, discounting))
        costs["in_the_plan"] = used.index.isin(self.outcome.plan.opened)
        for column in ("site_id", "name"):
            costs[column] = [str(explored.names.of(int(site))[column]) for site in used.index]
        unknown = [
            f"the {words} of {costs[column].isna().sum()} of {len(costs)} sites is not known"
            for column, words in (("capital", "capital"), ("running", "running cost"))
            if costs[column].isna().any()
        ]
        if unknown:
            self.reasons["costs"] = "; ".join(unknown)
        return costs

    def _cost_in_waves(self, options: pd.DataFrame) -> None:
        """Add the plan's whole cost in its own waves to the notes on options and costs."""
        plan = options.loc[options["option"] == PLAN, "discounted"]
        if self.more_in_waves is None or plan.empty or plan.isna().all():
            return
        total = plan.iloc[0] + self.more_in_waves
        for about in ("options", "costs"):
            self.words[about] += (
                f"; opened in its own waves the whole cost of the plan is £{total:,.0f}, discounted"
            )

    def _catchments(self, explored: Exploration) -> pd.DataFrame:
        opened = self.outcome.plan.opened
        catchments = access.by_fifth(self.ground, self.outcome.plan, self.outcome.assessment)
        status = self.outcome.place.sites["status"].iloc[list(opened)].to_numpy()
        catchments["role"] = np.where(np.isin(status, ["existing", "committed"]), status, "new")
        catchments["name"] = [str(explored.names.of(site)["name"]) for site in opened]
        return catchments[TABLES["catchments"].names]


def _case_settings(case: Case, base: int) -> list[tuple[str, object, str]]:
    """Return the user's prices, business as usual and benefits; blank = not stated."""
    wanted, now, gain = case.appraisal, case.business_as_usual, case.benefits
    vat = wanted.vat_rate if wanted.capital_includes_vat else 0.0
    rows: list[tuple[str, object, str]] = [
        ("price_base", wanted.price_base or base, "Year whose prices costs are stated in"),
        ("optimism_bias", wanted.optimism_bias, "Share added to capital"),
        ("vat_taken_off", vat, "Rate of VAT that is taken off capital"),
        ("backlog", now.backlog, "Backlog of today's estate, pounds"),
        ("other_running", now.running_cost, "Running cost of today's other estate, pounds a year"),
        ("benefit_per_person", gain.per_person, "Pounds a year for each further person in reach"),
        ("first_band_weight", gain.first_band_weight, "How often a person of band 1 counts"),
    ]
    rows += [
        (f"price_index:{year}", value, "Index of prices")
        for year, value in sorted(wanted.price_index.items())
    ]
    for name, ended in case.releases.items():
        rows.append((f"ends_backlog:{name}", ended.backlog, "Backlog that the option ends"))
        rows.append((f"ends_running:{name}", ended.running_cost, "Running cost that it ends"))
    return rows


def _pairs(
    mode: str, times: TravelTimes, origins: np.ndarray, sites: np.ndarray, wanted: np.ndarray
) -> pd.DataFrame:
    """Return minutes in long form, a row for each pair within the horizon and a wanted site."""
    pairs = times.minutes.tocoo()
    some = wanted[pairs.col]
    return pd.DataFrame(
        {
            "mode": mode,
            "origin": origins[pairs.row[some]],
            "site_id": sites[pairs.col[some]],
            "minutes": pairs.data[some],
        }
    )


def _areas(outcome: Outcome) -> pd.DataFrame:
    """Minutes before and after, a row an area; beyond the horizon is NaN."""
    areas = outcome.place.areas
    found = outcome.assessment.areas.reset_index(drop=True)
    found = found.replace([np.inf, -np.inf], np.nan)
    found["area_name"] = areas["area_name"].fillna("").to_numpy() if "area_name" in areas else ""
    found["change"] = found["minutes_after"] - found["minutes_before"]
    return found[TABLES["areas"].names]


def _furthest(groups: pd.DataFrame) -> pd.DataFrame:
    """Of each grouping with two groups or more, the one with the least share within reach."""
    some = groups[(groups["people"] > 0) & ~groups["group"].isin(["", access.NOT_KNOWN])]
    several = some[some.groupby("grouping")["group"].transform("size") > 1]
    order = several.sort_values(["share_after", "mean_minutes_after"], ascending=[True, False])
    return order.drop_duplicates("grouping").sort_index().reset_index(drop=True)


def _years(waves: pd.DataFrame | None) -> dict[str, int]:
    """Year in which each site opens, where waves are called by their years."""
    if waves is None:
        return {}
    named = waves[waves["wave"].str.fullmatch(r"20\d\d")]
    return dict(zip(named["site_id"], named["wave"].astype("int64"), strict=True))
