"""Explored: what the questions over `solve` add to a plan's evidence, in the time there is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner import explore, models
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.times import TravelTimes
from nhcplanner.workflow.effort import SOLVED, Effort
from nhcplanner.workflow.posing import starts_of
from nhcplanner.workflow.told import Progress, Told, spoken

REACHES = (10.0, 15.0, 20.0, 30.0)
DRAWS = 5
MANY_SITES = 400
"""For more sites than this, exchanges are worked out only where goals count people in reach."""


class Explored:
    """Questions over `solve`, asked one after the other.

    Parameters
    ----------
    outcome
        The plan.
    effort
        Which parts, and how long.
    modes
        Minutes by other modes: cases that the plan is tried in.
    progress
        Told what is being done; returning False ends it.

    Attributes
    ----------
    tables, reasons
        As in `Evidence`.
    free
        Sites of the plan without priority; None where it was not made.
    others
        Sites of each near-best alternative but the plan.
    stopped
        Whether the caller said stop.
    """

    def __init__(
        self,
        outcome: Outcome,
        effort: Effort,
        modes: Mapping[str, TravelTimes],
        progress: Progress | None,
    ) -> None:
        self.outcome, self.effort, self.modes = outcome, effort, modes
        self.tables: dict[str, pd.DataFrame] = {}
        self.reasons: dict[str, str] = {}
        self.free: tuple[int, ...] | None = None
        self.others: list[tuple[int, ...]] = []
        self.stopped = False
        self._progress = progress
        self._end = time.monotonic() + effort.seconds
        self._near: explore.Alternatives | None = None
        self.names = site_names(outcome)
        self.problem, self.model, self.rows = _asked(outcome)

    def ask(self) -> None:
        """Ask every part wanted, each with its share of the time left."""
        if not self.outcome.plan.opened:
            why = self.outcome.plan.reason or "no centre opens"
            self.reasons |= dict.fromkeys(("centres", *SOLVED), f"There is no plan: {why}")
            return
        if "explain" in self.effort.parts:
            self._explain()
        else:
            self.reasons["centres"] = "Not asked for"
        steps: dict[str, Callable[[float], None]] = {
            "price": self._price,
            "alternatives": self._alternatives,
            "roles": self._roles,
            "losses": self._losses,
            "waves": self._waves,
            "robustness": self._robustness,
        }
        wanted = [name for name in SOLVED if name in self.effort.parts]
        self.reasons |= {name: "Not asked for" for name in SOLVED if name not in wanted}
        for number, name in enumerate(wanted):
            left = self._end - time.monotonic()
            if self.stopped or left <= 0 or not self.told(f"Evidence: {name}"):
                self.reasons[name] = "Stopped" if self.stopped else "The time was up"
                continue
            steps[name](left / (len(wanted) - number))

    def told(self, words: str) -> bool:
        """Say what is being done; False where the caller said stop."""
        if self._progress is not None and self._progress(words) is False:
            self.stopped = True
        return not self.stopped

    @property
    def _spoken(self) -> Told | None:
        return spoken(self.told)

    def _explain(self) -> None:
        self.told("Evidence: why each centre")
        counts_people = self.problem.sites <= MANY_SITES or all(
            stage.unit == "people" for stage in self.outcome.plan.stages
        )
        found = explore.explain(
            self.problem,
            self.model,
            self.outcome.plan,
            None if counts_people else self.outcome.plan.opened,
        )
        frames = explore.explanation_frames(found, self.names)
        self.tables |= dict(zip(("centres", "candidates", "exchanges"), frames, strict=True))
        if not counts_people:
            self.reasons["exchanges"] = f"Not worked out for more than {MANY_SITES} sites"

    def _price(self, seconds: float) -> None:
        plan = self.outcome.plan
        found = explore.price_of_priority(self.problem, plan, seconds, self._spoken)
        if found is None:
            self.reasons["price"] = "There is nothing to compare with, or the time was too short"
            return
        self.free = found.without.opened
        self.tables["price"] = explore.price_frame(found)
        if found.without.status != "optimal":
            most = f"{found.at_most:,.0f}"
            self.reasons["price"] = f"Not proved: priority may cost up to {most} people's reach"

    def _alternatives(self, seconds: float) -> None:
        self._near = explore.alternatives(
            self.problem,
            self.model,
            self.effort.near,
            best=self.outcome.plan,
            time_limit=seconds,
            progress=self._spoken,
        )
        frames = explore.alternative_frames(self._near, self.names)
        self.tables |= dict(zip(("alternatives", "alternative_sites"), frames, strict=True))
        self.others = [plan.opened for plan in self._near.plans[1:]]
        self.reasons["alternatives"] = self._near.words

    def _roles(self, seconds: float) -> None:
        if self._near is None or not self._near.plans:
            self.reasons["roles"] = "They need alternatives, and there are none"
            return
        found = explore.roles(
            self.problem, self.model, self._near, time_limit=seconds, progress=self._spoken
        )
        self.tables["roles"] = explore.role_frame(found, self.names)

    def _losses(self, seconds: float) -> None:
        plan = self.outcome.plan
        found = explore.losses(
            self.problem, self.model, plan, time_limit=seconds, progress=self._spoken
        )
        self.tables["losses"] = explore.loss_frame(found, self.names)
        if len(found) < len(plan.opened):
            missing = f"{len(found):,} of {len(plan.opened):,} centres"
            self.reasons["losses"] = f"The time sufficed for {missing}"

    def _waves(self, seconds: float) -> None:
        if not self.effort.waves:
            self.reasons["waves"] = "No waves were given"
            return
        found = explore.plan_in_waves(
            self.problem,
            self.model,
            self.effort.waves,
            order="backwards",
            time_limit=seconds,
            progress=self._spoken,
        )
        frames = explore.wave_frames(found, self.problem, self.names)
        self.tables |= dict(zip(("waves", "wave_sites"), frames, strict=True))
        if found.reason or not found.complete:
            self.reasons["waves"] = found.reason or "The time was too short to compare all waves"

    def _robustness(self, seconds: float) -> None:
        cases, plan = self._cases(), self.outcome.plan
        found = explore.robustness(
            cases, self.model, plan, time_limit=seconds, progress=self._spoken
        )
        frames = explore.robustness_frames(found, cases, plan, self.names)
        self.tables |= dict(zip(("robustness", "stays"), frames, strict=True))
        if not found.complete:
            self.reasons["robustness"] = f"{len(found.tried)} of {len(cases)} cases were tried"
        elif not any(name.startswith("HLE") for name in cases):
            self.reasons["robustness"] = "HLE was not varied: the place has no interval of it"

    def _cases(self) -> dict[str, Problem]:
        """Other reaches, other modes, and HLE as it might truly be."""
        problem, scenario = self.problem, self.outcome.scenario
        near = [r for r in REACHES if r != scenario.reach and r <= scenario.horizon]
        cases = explore.other_reach(problem, near)
        for name, times in self.modes.items():
            if times.minutes.shape[0] == self.outcome.problem.areas:
                minutes = times.minutes[self.rows]
                cases[f"by {name}"] = replace(problem, minutes=minutes)
        return cases | self._draws()

    def _draws(self) -> dict[str, Problem]:
        """Bands by HLE drawn from its interval; none where there is no interval."""
        areas, scenario = self.outcome.place.areas, self.outcome.scenario
        known = all(column in areas for column in ("hle", "hle_low", "hle_high"))
        if not known or self.outcome.assessment.need.by != "hle":
            return {}
        starts = starts_of(self.outcome.place, scenario)
        rows = areas.iloc[starts.area_of_origin[self.rows]]
        council = rows["council_code"] if "council_code" in rows else rows["area_code"]
        rank = rows.get("imd_rank")
        interval = explore.HleInterval(
            rows["hle"], rows["hle_low"], rows["hle_high"], council.tolist(), rank
        )
        return explore.hle_draws(self.problem, interval, scenario.cut, DRAWS)


def site_names(outcome: Outcome) -> explore.Names:
    """Ids and names of a place's sites; the id where a site has no name."""
    sites = outcome.place.sites
    ids = sites["site_id"]
    names = sites["site_name"].fillna(ids) if "site_name" in sites else ids
    return explore.Names(ids.tolist(), names.tolist())


def _asked(outcome: Outcome) -> tuple[Problem, models.Model, npt.NDArray[np.intp]]:
    """What the plan was made for: all rows, or those that someone can reach; and which rows."""
    problem, model = models.ask(outcome.problem, outcome.scenario)
    rows = np.arange(problem.areas)
    if outcome.scenario.everyone == "reachable" and outcome.plan.unreached:
        rows = np.setdiff1d(rows, outcome.plan.unreached)
        problem = problem.rows(rows)
    return problem, model, rows
