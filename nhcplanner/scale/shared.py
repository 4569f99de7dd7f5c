"""Shared: one question shared out among the parts of a place, and their plans put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nhcplanner import models
from nhcplanner.domain.errors import InputError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.words import some
from nhcplanner.scale.parts import Part, question_of
from nhcplanner.scale.shares import Limits
from nhcplanner.scale.solving import Question

SOLVER = "parts planned each by itself"
NO_PLAN = ("infeasible", "stopped")


@dataclass(frozen=True, eq=False)
class Shared:
    """One question shared out.

    Parameters
    ----------
    problem, scenario
        The whole question.
    parts, limits
        The parts, and the count and budget of each.
    """

    problem: Problem
    scenario: Scenario
    parts: Sequence[Part]
    limits: Sequence[Limits]

    def check(self) -> None:
        """Raise InputError where a part lacks what the scenario names: every fault at once."""
        faults = []
        for one in self.questions():
            try:
                models.ask(one.problem, one.scenario)
            except InputError as error:
                faults += [replace(fault, file=one.name) for fault in error.faults]
        if faults:
            raise InputError(faults)

    def questions(self) -> Iterator[Question]:
        """The question of each part, made when it is asked for."""
        for part, limits in zip(self.parts, self.limits, strict=True):
            yield Question(part.name, question_of(self.problem, part, *limits), self.scenario)

    def on_whole(self, plans: Mapping[str, Plan]) -> dict[str, Plan]:
        """Plans of the parts, opening only their own sites, as positions in the whole question."""
        placed = {}
        for part in self.parts:
            opened = part.sites[list(plans[part.name].opened)]
            own = tuple(np.intersect1d(opened, part.own).tolist())
            placed[part.name] = replace(plans[part.name], opened=own, unreached=(), assignment=None)
        return placed

    def together(self, plans: Mapping[str, Plan]) -> Plan:
        """All plans of `on_whole` as one; of the whole nothing is proved."""
        without = [name for name, plan in plans.items() if plan.status in NO_PLAN]
        one = next(iter(plans.values()))
        none = len(without) == len(plans)
        opened = set(self.problem.keep).union(*(plan.opened for plan in plans.values()))
        reason = f"No plan for {some(without)}; what is open there stays so" if without else ""
        return Plan(
            opened=() if none else tuple(sorted(map(int, opened))),
            status=one.status if none else "feasible",
            stages=(),
            model=one.model,
            solver=f"{SOLVER}: {one.solver}",
            seconds=sum(plan.seconds for plan in plans.values()),
            reason=reason,
        )

    def as_one(self) -> Scenario:
        """The scenario that asks the same of the whole place: count and budget of all parts."""
        sums = {
            name: None if None in column else sum(column)
            for name, column in zip(
                ("count", "budget"), zip(*self.limits, strict=True), strict=True
            )
        }
        return self.scenario.model_copy(update=sums)
