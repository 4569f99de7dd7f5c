"""Ask: a scenario's goals and rules, in any sensible mix, as one model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.choices import ALL, Choice, choice, measures_of
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Labels, Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import fairness, goals, rules
from nhcplanner.models.bounds.lagrangian import LagrangianBound
from nhcplanner.models.capacity.rule import AssignmentRule, allocation_of, served
from nhcplanner.models.catalogue import Model, catalogue, within_capacity
from nhcplanner.models.goals import AnyGoal, Goal
from nhcplanner.models.rules import Rule
from nhcplanner.models.search.p_median import least_travel
from nhcplanner.models.search.start import SearchState, Start, fewest, most_covered

PLAIN: dict[str, Callable[[], AnyGoal]] = {
    "cover_most": goals.cover_most,
    "cover_need": goals.cover_need,
    "least_travel": goals.least_travel,
    "least_worst": goals.least_worst,
    "least_cost": goals.least_cost,
    "fewest_centres": goals.fewest_centres,
}
SITE_ID = "site_id"


def build_model(problem: Problem, scenario: Scenario) -> tuple[Problem, Model]:
    """The scenario's model with the goals, slack and rules that it names.

    Parameters
    ----------
    problem
        What is to be planned; its groups are those that goals and rules may name.
    scenario
        The choices.

    Returns
    -------
    tuple of Problem and Model
        The problem with the scenario's need weights, and what to solve it by.

    Raises
    ------
    InputError
        For a model, group, label or site that is not there, all at once.
    """
    if scenario.model not in catalogue:
        known = ", ".join(catalogue)
        words = f"there is no model '{scenario.model}'"
        raise InputError([Fault(words, "scenario", hint=f"Use one of {known}")])
    asker = _ModelBuilder(problem, scenario)
    more = (*asker.numbers(), *asker.either_or(), *asker.shares(), *asker.plain())
    wanted, needed = asker.goals()
    posed = replace(problem, need=asker.need()) if scenario.need else problem
    if asker.faults:
        raise InputError(asker.faults)
    base = catalogue[scenario.model]
    base = _with_service(base, scenario)
    base = _with_goals(base, wanted, needed) if wanted else _loosened(base, scenario.slack / 100)
    return posed, replace(base, rules=(*base.rules, *more))


class _ModelBuilder:
    """Reads a scenario's lines against a problem and notes what is not there."""

    def __init__(self, problem: Problem, scenario: Scenario) -> None:
        self.problem, self.scenario = problem, scenario
        self.faults: list[Fault] = []

    def plain(self) -> Iterator[Rule]:
        """Rules that are one number."""
        if self.scenario.exactly:
            if self.problem.count is None:
                self._fault("exactly needs a count")
            yield rules.open_exactly()
        if self.scenario.min_distance_m is not None:
            yield rules.apart(self.scenario.min_distance_m)
        if self.scenario.backup is not None:
            yield fairness.backup(self.scenario.backup / 100)
        priced = self.scenario.over_capacity_price is not None
        if priced and (self.scenario.goals or catalogue[self.scenario.model].service is None):
            able = ", ".join(name for name, model in catalogue.items() if model.service)
            self._fault("over_capacity_price needs a model that sends people", f"Use one of {able}")

    def numbers(self) -> Iterator[Rule]:
        """At most and at least so many where sites are alike."""
        for lines, rule in (
            (self.scenario.at_most, rules.at_most_of),
            (self.scenario.at_least, rules.at_least_of),
        ):
            for read in map(choice, lines):
                for label in self._labels(read, self.problem.site_groups):
                    yield rule(read.group, label, int(read.number or 0))

    def either_or(self) -> Iterator[Rule]:
        """At most, or exactly, one of some sites."""
        for lines, rule in (
            (self.scenario.at_most_one_of, rules.at_most_one),
            (self.scenario.exactly_one_of, rules.exactly_one),
        ):
            for line in lines:
                names = [name.strip() for name in line.split("|")]
                yield rule(self._positions(names), " or ".join(names))

    def shares(self) -> Iterator[Rule]:
        """Floors."""
        for read in map(choice, self.scenario.floors):
            share = (read.number or 0) / 100
            if read.group == fairness.EVERYONE:
                yield fairness.floor(fairness.EVERYONE, "", share)
                continue
            for label in self._labels(read, self._row_groups()):
                yield fairness.floor(read.group, label, share)

    def goals(self) -> tuple[tuple[AnyGoal, ...], tuple[Rule, ...]]:
        """Goals named, and the rules without which they mean nothing."""
        made: list[AnyGoal] = []
        needed: list[Rule] = []
        for line in self.scenario.goals:
            read = choice(line)
            slack = (self.scenario.slack if read.number is None else read.number) / 100
            found = self._goal(read)
            made += [replace(goal, slack=slack) for goal in found]
            if read.group == "least_travel":
                needed.append(rules.everyone_served())
            elif read.group == "least_worst":
                needed.append(rules.everyone_has_a_way())
            elif read.group == "least_percentile":
                needed.append(fairness.way_for(_share(read)))
        return tuple(made), tuple(needed)

    def need(self) -> Floats:
        """What a person of each row counts: by measure, where the problem has one, and group."""
        weights = np.ones(self.problem.areas)
        lines = [line for line in self.scenario.need if not measures_of(line)]
        for read in map(choice, lines):
            if self._labels(read, self._row_groups()):
                weights[fairness.of_label(self.problem, read.group, read.label)] = (
                    read.number or 0.0
                )
        return weights if self.problem.need is None else weights * self.problem.need

    def _goal(self, read: Choice) -> tuple[AnyGoal, ...]:
        if read.group == "cover_bands":
            return catalogue["lowest_hle_first"].goals(self.problem)
        if read.group == "least_percentile":
            return (goals.least_percentile(100 * _share(read)),)
        if read.group == "narrowest_gap":
            group = read.label or "imd_quintile"
            labels = self._labels(Choice(group, ALL), self._row_groups())
            return (fairness.narrowest_gap(group, labels[0], labels[-1]),) if labels else ()
        return (PLAIN[read.group](),)

    def _row_groups(self) -> Labels:
        bands = np.where(self.problem.bands > 0, self.problem.bands.astype(np.str_), "")
        return {**self.problem.row_groups, fairness.BAND: bands}

    def _labels(self, read: Choice, groups: Labels) -> list[str]:
        if read.group not in groups:
            known = ", ".join(sorted(groups)) or "none"
            self._fault(f"nothing is grouped by '{read.group}'", f"Groups: {known}")
            return []
        there = sorted(set(groups[read.group].tolist()) - {""})
        if read.label == ALL:
            return there
        if read.label not in there:
            shown = ", ".join(there[:12])
            self._fault(f"no {read.group} is called '{read.label}'", f"There are: {shown}")
            return []
        return [read.label]

    def _positions(self, names: Sequence[str]) -> list[int]:
        ids = self.problem.site_groups.get(SITE_ID, np.array([], dtype=np.str_)).tolist()
        for name in names:
            if name not in ids:
                self._fault(f"no site is called '{name}'")
        return [ids.index(name) for name in names if name in ids]

    def _fault(self, words: str, hint: str = "") -> None:
        self.faults.append(Fault(words, "scenario", hint=hint))


def _share(read: Choice) -> float:
    return float(read.label or 90) / 100


def _with_goals(base: Model, wanted: tuple[AnyGoal, ...], needed: tuple[Rule, ...]) -> Model:
    everyone = base.everyone
    names = {goal.name for goal in wanted}
    if everyone is None and {goals.least_travel().name, goals.least_worst().name} & names:
        everyone = _any_minutes
    return replace(
        base,
        goals=lambda _: wanted,
        rules=(*base.rules, *needed),
        start=_start(base, wanted),
        everyone=everyone,
        assigns=base.assigns or goals.least_travel().name in names,
        prices=LagrangianBound
        if [goal.name for goal in wanted] == [goals.least_travel().name]
        else None,
    )


def _with_service(base: Model, scenario: Scenario) -> Model:
    """The model with the scenario's footprints; a model without its own then sends everyone."""
    service = base.service or AssignmentRule(everyone=True)
    asked = replace(
        service,
        split=scenario.split,
        least=scenario.least_people,
        most=scenario.most_people,
        price=scenario.over_capacity_price,
    )
    if asked == service:
        return base
    if base.service is not None:
        return within_capacity(base.name, base.words, asked)
    if asked.least or asked.most is not None:
        return replace(base, rules=(*base.rules, served(asked)), footprint=asked)
    return base


def with_allocation(problem: Problem, scenario: Scenario, plan: Plan) -> Plan:
    """The plan with whom each centre serves, where capacity, least or most people decide it.

    A plan that has its allocation, or opens nothing, comes back as it is. Where no way to send
    people to the centres is known the plan has no allocation.

    Parameters
    ----------
    problem, scenario
        What the plan was made for.
    plan
        The plan.
    """
    base = _with_service(catalogue[scenario.model], scenario)
    rule = base.service or base.footprint
    if rule is None or plan.allocation is not None or not plan.opened:
        return plan
    opened = np.array(plan.opened, dtype=np.intp)
    if scenario.everyone == "all" or not len(problem.unreached):
        return replace(plan, allocation=allocation_of(problem, rule, opened))
    rows = np.setdiff1d(np.arange(problem.areas), problem.unreached)
    found = allocation_of(problem.rows(rows), rule, opened)
    return replace(plan, allocation=None if found is None else found.on_rows(rows))


def _any_minutes(_: Problem) -> float:
    return np.inf


def _start(base: Model, wanted: tuple[AnyGoal, ...]) -> Start:
    """A search for the goals of coverage that come first; else for all in reach, or near."""
    leading = 0
    for goal in wanted:
        if not isinstance(goal, Goal) or goal.weights is None:
            break
        leading += 1
    if not leading:
        return fewest if base.start is fewest else least_travel

    def start(problem: Problem, hunt: SearchState) -> Positions | None:
        if hunt.clock.stage > leading:
            return hunt.opened
        return most_covered(
            problem, replace(hunt, goals=wanted[:leading], enough=hunt.enough[:leading])
        )

    return start


def _loosened(model: Model, slack: float) -> Model:
    if not slack:
        return model

    def loosened(problem: Problem) -> tuple[AnyGoal, ...]:
        return tuple(replace(goal, slack=slack) for goal in model.goals(problem))

    return replace(model, goals=loosened)
