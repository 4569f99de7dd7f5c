"""Evidence for a plan: every table and note of a hand-in, within a time limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from nhcplanner import access, travel
from nhcplanner.base.errors import InputError, PlannerError, without_folders
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.journeys import on_points
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.domain.verdict import Verdict
from nhcplanner.workflow.effort import Effort
from nhcplanner.workflow.exploration import Exploration
from nhcplanner.workflow.named_places import portable_name
from nhcplanner.workflow.options import (
    FREE,
    PLAN,
    TODAY,
    Options,
    long_list,
    other_assignments,
    settings_table,
    shortlist,
    unmatched_words,
)
from nhcplanner.workflow.patients import NO_PATIENTS, patient_evidence
from nhcplanner.workflow.plan import measure
from nhcplanner.workflow.problem import starts_of
from nhcplanner.workflow.progress import Progress, report_progress
from nhcplanner.workflow.results import areas_table, furthest_groups, list_pairs
from nhcplanner.workflow.robustness import REACHES
from nhcplanner.workflow.waves import opening_years
from nhcplanner.workflow.windows import PlanWindows, plan_windows
from nhcplanner.workflow.years import origin_table, projection_words, year_tables, years_of

MOST_PAIRS = 2_000_000
"""Pairs of a starting point and a site up to which all pairs are listed."""
SITES_OPEN = (
    "option_sites", "alternative_sites", "case_sites", "loss_sites", "wave_sites", "wave_afresh",
)  # fmt: skip
"""Tables that list the sites open in a plan."""
MINUTES = tuple(float(minute) for minute in range(1, 61))
AFTER = ("after", "change", "gained", "lost", "nearer", "farther", "centre")
"""Columns about the plan, besides those whose name ends in `_after`."""
EVERY_MODE = ("walk", "cycle", "transit", "drive")


def gather_evidence(
    outcome: Outcome, effort: Effort | None = None, progress: Progress | None = None
) -> Evidence:
    """Gather the evidence for a plan: all tables and notes of a hand-in.

    Parameters
    ----------
    outcome
        From `run` or `open_plan`.
    effort
        What to gather, and the time limit of the searches.
    progress
        Receives a sentence about the current step; returning False stops the searches. The
        evidence then has what was found so far, and `reasons` names what is missing.

    Returns
    -------
    Evidence
        With a reason for each missing table.

    Raises
    ------
    InputError
        If `effort` names a mode that the place cannot be measured with, or impossible waves.

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
    gathering.measure_windows()
    explored = Exploration(outcome, gathering.effort, times, progress, gathering.windows)
    explored.run()
    gathering.add_results(explored, times)
    gathering.add_inputs(explored, times)
    made: dict[str, Any] = {**explored.tables, **gathering.tables}
    return Evidence(
        outcome,
        **made,
        discounting=gathering.effort.discounting,
        case=gathering.effort.case,
        reasons=explored.reasons | gathering.reasons,
        words=explored.words | gathering.words,
        searches=tuple(explored.searches),
        place_name=portable_name(outcome.place),
    )


class _Gathering:
    """Tables that need no optimiser: access, groups, options and costs."""

    def __init__(self, outcome: Outcome, effort: Effort, progress: Progress | None) -> None:
        self.outcome, self.effort, self.progress = outcome, effort, progress
        self.tables: dict[str, pd.DataFrame] = {}
        self.reasons: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.more_in_waves: float | None = None
        self.windows: PlanWindows | None = None
        self.starts = starts_of(outcome.place, outcome.scenario)
        need, reach = outcome.assessment.need, outcome.scenario.reach
        self.ground = access.Ground(self.starts, outcome.times, need, reach)

    def modes(self) -> dict[str, TravelTimes]:
        """Measure every other mode; a mode that cannot be measured is an error only if named."""
        place, scenario = self.outcome.place, self.outcome.scenario
        if "modes" not in self.effort.parts or scenario.engine == "matrix":
            why = "The matrix is of one mode" if scenario.engine == "matrix" else "Not requested"
            self.reasons["within: other modes"] = why
            return {}
        minutes = {}
        every = EVERY_MODE if place.zones is None else (*EVERY_MODE, "on_demand")
        for mode in self.effort.modes or every:
            variant = scenario.model_copy(update={"mode": mode, "modes": ()})
            if variant.journeys == scenario.journeys and not scenario.by_car:
                continue
            try:
                travel.measurable(place, variant)
            except InputError as error:
                if self.effort.modes:
                    raise
                self.reasons[f"within: {mode}"] = without_folders(str(error))
                continue
            one = self._measure(variant)
            if one is None:
                self.reasons[f"within: {mode}"] = "Stopped"
                continue
            minutes[f"{mode} (estimate)" if one.estimate else mode] = one
        return minutes

    def _measure(self, variant: Scenario) -> TravelTimes | None:
        """Measure minutes by one mode; return None if the caller asks to stop."""
        try:
            return measure(self.outcome.place, variant, self.progress)
        except InputError:
            raise
        except PlannerError:
            return None

    def add_results(self, explored: Exploration, times: dict[str, TravelTimes]) -> None:
        """Add every table of results."""
        plan = self.outcome.plan
        report_progress(self.progress, "Evidence: who gains and who loses")
        place, journeys = self.ground.journeys(plan.opened, plan.allocation)
        groups = access.breakdown(place, self.ground.need, journeys)
        self.tables |= {"groups": groups, "furthest": furthest_groups(groups)}
        for grouping, why in access.LACKING.items():
            if grouping not in set(groups["grouping"]):
                self.reasons[f"groups: {grouping}"] = why
        self.tables["inequality"] = access.measure_inequality(place, journeys)
        self.words["inequality"] = access.fairness_note(
            place, journeys.after, journeys.reach, journeys.horizon
        )
        self.tables["areas"] = areas_table(self.outcome)
        self._by_practice()
        self._by_minute(times)
        self._by_window()
        if not Verdict.of(self.outcome.plan).has_plan:  # a plan that opens no centre has one
            self._blank_after()
        self._options(explored)

    def add_inputs(self, explored: Exploration, times: dict[str, TravelTimes]) -> None:
        """Add the tables from which others can recompute the results."""
        home, outcome = self.starts.origins, self.outcome
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
        is_used = np.isin(ids, self._sites_open(explored))
        every = np.ones(len(ids), dtype=bool)
        own = outcome.times
        if own.pairs > MOST_PAIRS:
            every = is_used
            self.words["minutes"] = (
                f"Of {own.pairs:,} pairs, those with a site that is open in some table are listed"
            )
        parts = [list_pairs("own", own, home["origin_id"].to_numpy(), ids, every)]
        points = outcome.place.origins["origin_id"].to_numpy()
        parts += [list_pairs(mode, travel, points, ids, is_used) for mode, travel in times.items()]
        if self.windows is not None:
            starts = self.windows.starts.origins["origin_id"].to_numpy()
            by_window = self.windows.times().items()
            parts += [list_pairs(mode, travel, starts, ids, is_used) for mode, travel in by_window]
        self.tables["minutes"] = pd.concat(parts, ignore_index=True)
        self._add_years(explored)
        self.tables["settings"] = settings_table(self.outcome, self.effort)

    def _add_years(self, explored: Exploration) -> None:
        """Add people by year, and those of starting points in the years of waves and cases."""
        place, scenario = self.outcome.place, self.outcome.scenario
        projection = place.projection
        if projection is None:
            self.reasons["years"] = "The place has no population projection"
            return
        waves = (wave.name for wave in self.effort.waves)
        self.tables |= year_tables(place, scenario, years_of(place, scenario, waves))
        self.words["years"] = projection_words(projection)
        if explored.years:
            years = [None if year == projection.base_year else year
                     for year in sorted(explored.years)]  # fmt: skip
            self.tables["origin_years"] = origin_table(place, scenario, years)

    def _sites_open(self, explored: Exploration) -> list[str]:
        """Return the ids of the sites that are open today or in a table."""
        place = self.outcome.place
        listed = [place.sites["site_id"].iloc[[*place.existing, *self.outcome.plan.opened]]]
        every = self.tables | explored.tables
        listed += [frame["site_id"] for name, frame in every.items() if name in SITES_OPEN]
        return sorted(set(pd.concat(listed)))

    def _blank_after(self) -> None:
        """Blank the figures after the plan, because there is no plan."""
        del self.tables["furthest"]
        self.reasons["furthest"] = "There is no plan"
        for name, frame in self.tables.items():
            columns = [str(c) for c in frame if c in AFTER or str(c).endswith("_after")]
            self.tables[name] = frame.assign(**dict.fromkeys(columns, np.nan))

    def measure_windows(self) -> None:
        """Measure minutes in each window of the scenario, or note why there are none."""
        try:
            windows = plan_windows(self.outcome, self.progress)
        except InputError:
            raise
        except PlannerError:
            windows = "Stopped"
        if isinstance(windows, str):
            self.reasons["windows"] = windows
        else:
            self.windows = windows

    def _by_window(self) -> None:
        """Add people within reach in each window, and its rows to the table by time band."""
        if self.windows is None:
            return
        self.tables["windows"] = self.windows.table(self.outcome)
        parts = [self.tables["within"], self.windows.by_minute(self.outcome, REACHES)]
        self.tables["within"] = pd.concat(parts, ignore_index=True)

    def _by_minute(self, times: dict[str, TravelTimes]) -> None:
        own, plan, place = self.outcome.times, self.outcome.plan, self.outcome.place
        estimate = " (estimate)" if own.estimate else ""
        sent = of_points = plan.allocation
        if sent is not None:
            people = self.starts.origins["people"].to_numpy(dtype=np.float64)
            of_points = on_points(sent, people, len(place.origins))
        every = {f"the plan's own: {own.mode}{estimate}": (self.starts, own, sent)}
        every |= {mode: (place, one, of_points) for mode, one in times.items()}
        for table, minutes in (("curve", MINUTES), ("within", REACHES)):
            parts = [
                access.by_minute(start, one, plan.opened, minutes, whom).assign(mode=mode)
                for mode, (start, one, whom) in every.items()
            ]
            self.tables[table] = pd.concat(parts, ignore_index=True)[TABLES[table].names]

    def _options(self, explored: Exploration) -> None:
        outcome, opened = self.outcome, self.outcome.plan.opened
        report_progress(self.progress, "Evidence: options and costs")
        free = None if explored.free is None else explored.on_all_rows(explored.free)
        others = [explored.on_all_rows(plan) for plan in explored.others]
        options = shortlist(outcome, free, others, explored.broken_rules)
        sent = other_assignments(self.starts, outcome, explored.allocations, options)
        if sent is None:
            self.reasons["other_assignments"] = "No other plan has rules on whom each centre serves"
        else:
            self.tables["other_assignments"] = sent
        costs = self._costs(explored, options)
        case, discounting = self.effort.case, self.effort.discounting
        self.tables["options"] = access.options(self.ground, options, costs, case, discounting)
        self._cost_in_waves(self.tables["options"])
        if left_out := unmatched_words(self.effort.case, outcome, options):
            self.reasons["case"] = left_out
        self.tables["costs"] = costs[TABLES["costs"].names].reset_index(drop=True)
        rows = [
            {"option": name} | explored.names.of(site)
            for name, option in options.items()
            for site in option.opened
        ]
        self.tables["option_sites"] = pd.DataFrame(rows, columns=TABLES["option_sites"].names)
        adds, exchanges = (explored.tables.get(name) for name in ("candidates", "exchanges"))
        self.tables["long_list"] = long_list(outcome, options, adds, exchanges)
        if not opened:
            self.reasons |= dict.fromkeys(
                ("losers", "catchments", "competition", "assignment"), "There is no plan"
            )
            return
        against = {"today": options[TODAY]}
        if free is not None:
            against["the plan without priority"] = options.get(FREE, options[PLAN])
        self.tables["losers"] = access.losers(self.ground, options[PLAN], against)
        self.tables["catchments"] = self._catchments(explored)
        self.tables["competition"] = access.competition(self.ground, outcome.plan)
        self.tables["assignment"] = access.assignment(self.ground, self.outcome.plan)
        beyond, near = access.sent_beyond(self.ground, self.outcome.plan)
        if beyond:
            self.words["assignment"] = (
                f"The plan sends {beyond:,.0f} people to a centre that is more than "
                f"{self.outcome.scenario.reach:g} minutes away, so that every centre keeps its "
                f"capacity and its least and most people; {near:,.0f} of them have another centre "
                "within reach, and the goals count them"
            )

    def _by_practice(self) -> None:
        """Add registered patients within reach, if the place folder has a file of them."""
        found = patient_evidence(self.outcome.place, self.tables["areas"])
        if found is None:
            self.reasons["patients"] = NO_PATIENTS
            return
        self.tables["patients"], self.tables["patients_by_area"], self.words["patients"] = found

    def _costs(self, explored: Exploration, options: Options) -> pd.DataFrame:
        """Return costs of the sites that are open in an option, on the index of the place's sites.

        Every candidate opens in the year of the last wave, whichever option opens it, so that no
        option is cheaper only because it opens later. Committed sites open in the first year.
        """
        sites, discounting = self.outcome.place.sites, self.effort.discounting
        appraisal = self.effort.case.appraisal
        used = sites.iloc[sorted({site for one in options.values() for site in one.opened})]
        years = opening_years(explored.tables.get("wave_sites"))
        last = max(years.values(), default=discounting.base)
        soon = used["status"].isin(["existing", "committed"])
        opens = pd.Series(np.where(soon, discounting.base, last), used.index).astype("int64")
        costs = access.costs(used, opens, discounting, appraisal)
        words = (
            f"Options are compared like for like: every new centre opens in {last}, and committed "
            f"ones in {discounting.base}"
            if years
            else "No opening years were given: for comparison alone, every centre opens in "
            f"{discounting.base}"
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
