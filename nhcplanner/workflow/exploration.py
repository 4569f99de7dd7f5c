"""Exploration of a plan within a time limit: alternatives, losses, waves and robustness."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from nhcplanner import explore
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import count_free_exchanges
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Allocation, Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.domain.verdict import Search, percent
from nhcplanner.workflow.effort import SOLVED, Effort
from nhcplanner.workflow.problem import starts_of
from nhcplanner.workflow.progress import Progress, ProgressCallback, worded_progress
from nhcplanner.workflow.robustness import Sensitivity, cases_of, on_problem_rows, problem_of
from nhcplanner.workflow.waves import plan_waves
from nhcplanner.workflow.windows import PlanWindows
from nhcplanner.workflow.years import (
    GROWTH_WORDS,
    change_in_words,
    growth_errors,
    growth_table,
    year_of,
)

NO_PRIORITY = (
    "The plan puts no band of need first, so priority has no price in it; plan with the model "
    "lowest_hle_first to see what putting the worst-off first would cost"
)
MANY_SITES = 400
"""With more sites than this, exchanges are computed only if all goals count people."""


class Exploration:
    """Explorations of one plan, run one after the other.

    Parameters
    ----------
    outcome
        The plan.
    effort
        Parts and time limit.
    modes
        Travel times by other modes, each a case for robustness.
    windows
        Minutes in each window of the day, each a case for robustness.
    progress
        Receives a sentence about the current step; returning False ends it.

    Attributes
    ----------
    tables, reasons, words
        As in `Evidence`.
    plan
        The plan, with whom each centre serves on the rows of the problem.
    free
        The plan without priority; None if it was not made.
    others
        Each near-best alternative but the plan.
    allocations
        Whom the centres of other plans serve, on the rows of the outcome, by kind and name of the
        plan; only where rules decide it.
    searches
        What was searched beyond the plan, and what that shows.
    years
        Years whose people waves and cases are for.
    is_stopped
        Whether the caller asked to stop.
    """

    def __init__(
        self,
        outcome: Outcome,
        effort: Effort,
        modes: Mapping[str, TravelTimes],
        progress: Progress | None,
        windows: PlanWindows | None = None,
    ) -> None:
        self.outcome, self.effort, self.modes, self.windows = outcome, effort, modes, windows
        self.tables: dict[str, pd.DataFrame] = {}
        self.reasons: dict[str, str] = {}
        self.words: dict[str, str] = {}
        self.free: Plan | None = None
        self.others: list[Plan] = []
        self.searches: list[Search] = []
        self.is_stopped = False
        self.years: set[int] = set()
        self._progress = progress
        self._end = time.monotonic() + effort.seconds
        self._near: explore.Alternatives | None = None
        self.allocations: dict[tuple[str, str], Allocation] = {}
        self.names = site_names(outcome.place)
        self.problem, self.model, self.rows = problem_of(outcome)
        self.plan = on_problem_rows(outcome.plan, self.rows)

    def run(self) -> None:
        """Run every part of the effort, each with its share of the remaining time."""
        if not self.outcome.plan.opened:
            why = self.outcome.plan.reason or "no centre opens"
            self.reasons |= dict.fromkeys(("centres", *SOLVED), f"There is no plan: {why}")
            return
        if "explain" in self.effort.parts:
            self._explain()
        else:
            self.reasons["centres"] = "Not requested"
        steps: dict[str, Callable[[float], None]] = {
            "price": self._price,
            "alternatives": self._alternatives,
            "roles": self._roles,
            "losses": self._losses,
            "waves": self._waves,
            "robustness": self._robustness,
        }
        requested = [name for name in SOLVED if name in self.effort.parts]
        self.reasons |= {name: "Not requested" for name in SOLVED if name not in requested}
        for number, name in enumerate(requested):
            left = self._end - time.monotonic()
            if self.is_stopped or left <= 0 or not self.report(f"Evidence: {name}"):
                self.reasons[name] = "Stopped" if self.is_stopped else "The time limit was reached"
                continue
            steps[name](left / (len(requested) - number))

    def report(self, words: str) -> bool:
        """Report the current step; return False if the caller asked to stop."""
        if self._progress is not None and self._progress(words) is False:
            self.is_stopped = True
        return not self.is_stopped

    @property
    def _report_figures(self) -> ProgressCallback | None:
        return worded_progress(self.report)

    def _explain(self) -> None:
        self.report("Evidence: why each centre")
        counts_people = self.problem.sites <= MANY_SITES or all(
            stage.unit == "people" for stage in self.outcome.plan.stages
        )
        exchanges = counts_people and self.problem.sizes is None
        found = explore.explain(
            self.problem,
            self.model,
            self.outcome.plan,
            None if exchanges else self.outcome.plan.opened,
        )
        frames = explore.explanation_frames(found, self.names)
        self.tables |= dict(zip(("centres", "candidates", "exchanges"), frames, strict=True))
        is_better = self._better_exchange(found)
        if is_better:
            self.searches.append(Search("exchanges", False, is_better))
        if counts_people and not exchanges:
            self.reasons["exchanges"] = (
                "Not computed where the plan chooses sizes: each exchange needs sizes of its own"
            )
        if not counts_people:
            self.reasons["exchanges"] = f"Not computed for more than {MANY_SITES} sites"

    def _better_exchange(self, found: explore.Explanation) -> str:
        """Return, in words, an exchange that betters a plan that is not proved; "" if none.

        Goals of plans that assign people are compared by the nearest centre, so that an
        exchange need not be better under the assignment.
        """
        plan = self.outcome.plan
        has_slack = any(goal.slack for goal in self.model.goals(self.problem))
        better = explore.better_exchange(found, has_slack=has_slack)
        if plan.status == "optimal" or plan.allocation is not None or better is None:
            return ""
        changes = () if better.exchange is None else better.exchange.changes
        change = next(change for change in changes if change.gain > 0)
        out = None if better.exchange is None else better.exchange.out
        place = "as well" if out is None else f"in place of {self._name(out)}"
        return (
            f"opening {self._name(better.site)} {place} betters {change.goal} by "
            f"{change.gain:,.10g} {change.unit}"
        )

    def _name(self, site: int) -> str:
        site_id, name = self.names.ids[site], self.names.names[site]
        return name if name == site_id else f"{name} ({site_id})"

    def _price(self, seconds: float) -> None:
        plan = self.plan
        if not has_priority(plan):
            self.reasons["price"] = NO_PRIORITY
            return
        found = explore.price_of_priority(
            self.problem, self.model, plan, seconds, self._report_figures
        )
        if found is None:
            self.reasons["price"] = (
                "No plan without priority that keeps the same rules was found in the time"
            )
            return
        self.free = found.without
        self.tables["price"] = explore.price_frame(found)
        if found.without.status != "optimal":
            most = f"{found.at_most:,.0f}"
            self.reasons["price"] = f"Not proved: priority may cost up to {most} people's reach"

    def _alternatives(self, seconds: float) -> None:
        found = explore.alternatives(
            self.problem,
            self.model,
            self.effort.near,
            best=self.plan,
            time_limit=seconds,
            progress=self._report_figures,
        )
        if not found.plans:
            self.reasons["alternatives"] = found.words
            return
        self._near = found
        words = _others_in_words(found, count_free_exchanges(self.tables.get("exchanges")))
        self.searches.append(Search("alternatives", found.complete, words))
        self.others = list(found.plans[1:])
        self.words["alternatives"] = words
        frames = explore.alternative_frames(found, self.names)
        self.tables |= dict(zip(("alternatives", "alternative_sites"), frames, strict=True))
        if not found.complete:
            self.reasons["alternatives"] = "The time limit was reached: there may be more"

    def _roles(self, seconds: float) -> None:
        if self._near is None:
            self.reasons["roles"] = "There are no alternatives to compare"
            return
        found = explore.roles(
            self.problem, self.model, self._near, time_limit=seconds, progress=self._report_figures
        )
        self.tables["roles"] = explore.role_frame(found, self.names)
        doubts = sum(not role.proved for role in found)
        words = f"Of {plural(doubts, 'site')} its use in good plans is not proved"
        if not doubts:
            words = "How good plans use each site is proved"
        self.searches.append(Search("roles", not doubts, words))

    def _losses(self, seconds: float) -> None:
        plan = self.outcome.plan
        found = explore.losses(
            self.problem, self.model, plan, time_limit=seconds, progress=self._report_figures
        )
        self.tables["losses"] = explore.loss_frame(found, self.names)
        without = ((self.names.ids[one.site], one.plan) for one in found)
        self.tables["loss_sites"] = explore.plan_sites("loss_sites", without, self.names)
        if len(found) < len(plan.opened):
            missing = f"{len(found):,} of {len(plan.opened):,} centres"
            self.reasons["losses"] = f"The time limit was reached after {missing}"

    def _waves(self, seconds: float) -> None:
        if not self.effort.waves:
            self.reasons["waves"] = "No waves were given"
            return
        waves = list(self.effort.waves)
        if self._ends_with_plan():
            waves[-1] = replace(waves[-1], plan=self.plan)
        found = plan_waves(
            self.outcome.place, self.outcome.scenario, self.problem, self.model, waves,
            rows=self.rows, order="backwards", time_limit=seconds, progress=self._report_figures,
        )  # fmt: skip
        for one in found.waves:
            self._record("wave", one.wave.name, one.plan)
            if one.afresh is not None:
                self._record("wave afresh", one.wave.name, one.afresh)
        frames = explore.wave_frames(found, self.problem, self.names)
        self.tables |= dict(zip(("waves", "wave_sites"), frames, strict=True))
        alone = ((one.wave.name, one.afresh) for one in found.waves if one.afresh is not None)
        self.tables["wave_afresh"] = explore.plan_sites("wave_afresh", alone, self.names)
        if found.reason or not found.complete:
            self.reasons["waves"] = found.reason or "Not all waves were compared in the time"
        words = (
            "The last wave is the plan, each earlier one a part of it"
            if self._ends_with_plan()
            else "The last wave has another limit than the plan. It was planned first, each "
            "earlier one as a part of it"
        )
        limits = ", ".join(
            f"{one.name}: {'no limit' if one.count is None else plural(one.count, 'centre')}"
            for one in waves
        )
        limited = f"Most centres by each wave, as asked for: {limits}"
        self.words["waves"] = ". ".join((words, limited, *found.notes))
        if self.outcome.scenario.year is not None:
            years = (year_of(self.outcome.place, one.name) for one in waves)
            self.years |= {year for year in years if year is not None}

    def _ends_with_plan(self) -> bool:
        """Whether the last wave has the plan's own limits, so that it is the plan."""
        last, plan, problem = self.effort.waves[-1], self.outcome.plan, self.problem
        counts, budgets = (None, problem.count, len(plan.opened)), (None, problem.budget)
        year = year_of(self.outcome.place, last.name)
        same_people = self.outcome.scenario.year in (None, year) or year is None
        fits = last.count in counts and last.budget in budgets
        return bool(plan.opened) and fits and same_people

    def _robustness(self, seconds: float) -> None:
        worlds, plan = cases_of(self.outcome, Sensitivity(), self.modes, self.windows), self.plan
        found = explore.robustness(
            worlds, self.model, plan, time_limit=seconds, progress=self._report_figures
        )
        frames = explore.robustness_frames(found, worlds, plan, self.names)
        self.tables |= dict(zip(("robustness", "stays"), frames, strict=True))
        for one in found.tried:
            self._record("case", one.name, one.best)
        made = ((one.name, one.best) for one in found.tried)
        self.tables["case_sites"] = explore.plan_sites("case_sites", made, self.names)
        self.tables["case_bands"] = self._case_bands(worlds, [one.name for one in found.tried])
        errors = growth_errors(self.outcome, Sensitivity().draws)
        if errors:
            self.tables["case_growth"] = growth_table(errors)
        self.years |= {int(name[-4:]) for name in worlds if name.startswith("people of ")}
        started = {name.rpartition(" ")[0] for name in worlds}
        explanations = [words for start, words in _DRAWS.items() if start in started]
        projection = self.outcome.place.projection
        own = next(
            (one.best for one in found.tried
             if projection is not None and one.name == f"people of {projection.base_year}"), None,
        )  # fmt: skip
        if own is not None:
            explanations.append(change_in_words(self.outcome, own.opened))
        if explanations:
            self.words["robustness"] = ". ".join(explanations)
        if not found.complete:
            self.reasons["robustness"] = f"{len(found.tried)} of {len(worlds)} cases were tried"
        elif not any(name.startswith("HLE") for name in worlds):
            self.reasons["robustness"] = "HLE was not varied: the place has no interval of it"

    def _record(self, kind: str, name: str, plan: Plan) -> None:
        """Keep whom the centres of another plan serve, if its rules decide it."""
        if plan.allocation is not None and plan.opened:
            self.allocations[kind, name] = plan.allocation.on_rows(self.rows)

    def broken_rules(self, opened: tuple[int, ...]) -> tuple[str, ...]:
        """Return the rules of the scenario that some open sites do not keep, in words."""
        return explore.broken_rules(self.problem, self.model, opened)

    def on_all_rows(self, plan: Plan) -> Plan:
        """Return a plan of the problem with its allocation on the rows of the outcome."""
        if plan.allocation is None:
            return plan
        return replace(plan, allocation=plan.allocation.on_rows(self.rows))

    def _case_bands(self, cases: Mapping[str, Problem], names: list[str]) -> pd.DataFrame:
        """Band of each starting point in the cases whose bands are not the plan's own."""
        outcome = self.outcome
        starts = starts_of(outcome.place, outcome.scenario).origins["origin_id"]
        origins = starts.to_numpy()[problem_of(outcome)[2]]
        parts = [
            pd.DataFrame({"case": name, "origin": origins, "band": cases[name].bands})
            for name in names
            if not np.array_equal(cases[name].bands, self.problem.bands)
        ]
        columns = TABLES["case_bands"].names
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


_DRAWS = {
    "HLE draw": "HLE draw: HLE of each area is drawn at random from its 95% interval",
    "travel draw": "travel draw: estimated minutes are drawn at random from their error",
    "growth draw": GROWTH_WORDS,
}
"""Describe the cases with drawn figures."""


def has_priority(plan: Plan) -> bool:
    """Whether a plan puts some band of need before others."""
    return sum(stage.goal.startswith("people of band") for stage in plan.stages) > 0


def _others_in_words(found: explore.Alternatives, free: int = 0) -> str:
    """Describe what the searches for other plans show."""
    if len(found.plans) != 1:
        return found.words
    near = found.near
    such = (
        f"within {percent(near.within)} of the best possible on every goal and without at least "
        f"{near.differ} of the plan's centres"
    )
    if found.complete:
        return f"There is no other plan {such} (proved)"
    if free:
        return (
            f"The search for other plans {such} was cut short. Single exchanges show that there "
            f"are some: {plural(free, 'site')} may take the place of a centre with no goal changing"
        )
    return f"No other plan {such} was found before the search was cut short; there may be some"


def site_names(place: Place) -> explore.Names:
    """Return the ids and names of a place's sites; a site without a name has its id."""
    return explore.Names(place.sites["site_id"].tolist(), place.site_names.tolist())
