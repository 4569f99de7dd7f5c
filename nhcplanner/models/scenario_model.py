"""The model of a scenario: its base model, goals, slack and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np

from nhcplanner.base.arrays import Floats
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.domain.choices import Choice, choice, measures_of
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.sizes import ChosenSize
from nhcplanner.models import closing, colocation, fairness, hubs, rules, staff
from nhcplanner.models.capacity.assignment import AssignmentRule
from nhcplanner.models.capacity.rule import (
    allocation_of,
    assignment_within_limits,
    cost_with_sizes,
)
from nhcplanner.models.catalogue import Model, catalogue, model_of_goals, within_capacity
from nhcplanner.models.goal_types import AnyGoal
from nhcplanner.models.goals import GOALS
from nhcplanner.models.rule_types import NamedRule, Rule, expand, has_label
from nhcplanner.models.solvers import check_solver

RULES: tuple[NamedRule, ...] = (
    *rules.RULES, *fairness.RULES, colocation.SERVICES_NEAR, closing.NO_FARTHER, hubs.NEAR_HUB,
    staff.STAFF,
)  # fmt: skip
"""Every rule that a scenario may name, in the order in which documents list them."""

T = TypeVar("T")


def build_model(problem: Problem, scenario: Scenario) -> tuple[Problem, Model]:
    """Return the scenario's model with the goals, slack and rules that it names.

    Parameters
    ----------
    problem
        The problem to plan; goals and rules may name its groups.
    scenario
        The user's choices.

    Returns
    -------
    tuple of Problem and Model
        The problem with the scenario's need weights, and the model to solve it with.

    Raises
    ------
    InputError
        For models, goals, rules, groups, labels or sites that do not exist, all together.
    """
    check_names(scenario)
    faults: list[Fault] = []
    rules_of_lines = _collect(
        faults, (_rule_maker(row, line, problem) for row, line in _lines(scenario))
    )
    weights = _collect(faults, (_weight_maker(line, problem) for line in _weights(scenario)))
    weighted_problem = replace(problem, need=_need(problem, weights)) if scenario.need else problem
    goals = _collect(
        faults, (_goal_maker(line, scenario, weighted_problem) for line in scenario.goals)
    )
    if scenario.exactly and problem.count is None:
        faults.append(Fault("exactly needs a count", "scenario"))
    if faults:
        raise InputError(faults)
    base = _with_service(catalogue[scenario.model], scenario)
    if scenario.goals:
        rows = [(GOALS[read.group], read) for read in map(choice, scenario.goals)]
        service = base.service or base.footprint
        if problem.sizes is not None and service is not None:
            cost = cost_with_sizes(replace(service, reach_first=False))
            goals = [
                replace(cost, slack=goal.slack) if goal.name == "cost" else goal for goal in goals
            ]
        goal_rules = [rule for row, read in rows for rule in row.rules(read.label)]
        base = replace(base, rules=(*base.rules, *goal_rules))
        base = model_of_goals(base, tuple(goals), tuple(row for row, _ in rows))
    else:
        base = _with_slack(base, scenario.slack / 100)
    rules_of_model = (*base.rules, *rules_of_lines)
    return weighted_problem, replace(base, rules=rules_of_model, solver=scenario.solver)


def check_names(scenario: Scenario) -> None:
    """Refuse a model, goals or rules that do not exist, before travel times are measured.

    Raises
    ------
    InputError
        For unknown names, all together.
    """
    faults = []
    if scenario.model not in catalogue:
        hint = f"Use one of {', '.join(catalogue)}"
        faults.append(Fault(f"there is no model '{scenario.model}'", "scenario", hint=hint))
    for text in scenario.goals:
        line = choice(text)
        if line.group not in GOALS:
            faults.append(_unknown("goal", text, line.group, GOALS))
        elif fault := GOALS[line.group].fault(line.label):
            faults.append(Fault(f"goals: '{text}' {fault}", "scenario"))
    further = {row.name: row for row in RULES if row.lines is None}
    for text in scenario.rules:
        line = choice(text)
        if line.group not in further:
            faults.append(_unknown("rule", text, line.group, further))
        elif fault := further[line.group].fault(line):
            faults.append(Fault(f"rules: '{text}' {fault}", "scenario"))
    faults += _price_faults(scenario)
    if faults:
        raise InputError(faults)
    check_solver(scenario.solver)


def _price_faults(scenario: Scenario) -> list[Fault]:
    """Return what the price of people beyond a centre's room cannot go with."""
    faults = []
    service = scenario.model in catalogue and catalogue[scenario.model].service
    if scenario.over_capacity_price is not None and (scenario.goals or not service):
        models_that_send = ", ".join(name for name, model in catalogue.items() if model.service)
        faults.append(
            Fault(
                "over_capacity_price needs a model that sends people", "scenario",
                hint=f"Use one of {models_that_send}",
            )
        )  # fmt: skip
    if scenario.over_capacity_price is not None and scenario.sizes:
        hint = "Offer larger sizes instead"
        faults.append(Fault("over_capacity_price cannot go with sizes", "scenario", hint=hint))
    return faults


def rule_words(scenario: Scenario) -> tuple[str, ...]:
    """Return the words of each rule that a scenario names, without its limits.

    Examples
    --------
    >>> rule_words(Scenario(floors=("imd_quintile:*=50",)))
    ('at least 50% of the people of each IMD quintile must have a centre within 20 minutes',)
    """
    words = [row.make(line, None).words(scenario) for row, line in _lines(scenario)]
    base = catalogue.get(scenario.model)
    if scenario.least_people or scenario.most_people is not None or scenario.sizes:
        service = (base.service if base else None) or AssignmentRule(everyone=True)
        words.append(_service(service, scenario).words)
    return tuple(one for one in words if one)


def has_notes(scenario: Scenario) -> bool:
    """Whether a goal or rule of a scenario has something that a reader must know."""
    return bool(_notes(scenario))


def scenario_notes(problem: Problem, scenario: Scenario) -> tuple[str, ...]:
    """Return what a reader must know of a scenario's goals and rules in a problem, in words."""
    return tuple(words for note in _notes(scenario) if (words := note(problem)))


def _notes(scenario: Scenario) -> list[Callable[[Problem], str]]:
    goals = (GOALS.get(choice(text).group) for text in scenario.goals)
    rows = [*goals, *(row for row, _ in _lines(scenario))]
    return list(dict.fromkeys(row.note for row in rows if row is not None and row.note))


def _lines(scenario: Scenario) -> Iterator[tuple[NamedRule, Choice]]:
    return ((row, line) for row in RULES for line in row.lines_in(scenario))


def _rule_maker(row: NamedRule, line: Choice, problem: Problem) -> Callable[[], Iterable[Rule]]:
    def make() -> Iterable[Rule]:
        lines = expand(line, problem, row.level) if row.level else [line]
        return [row.make(one, problem) for one in lines]

    return make


def _goal_maker(text: str, scenario: Scenario, problem: Problem) -> Callable[[], Iterable[AnyGoal]]:
    def make() -> Iterable[AnyGoal]:
        line = choice(text)
        slack = (scenario.slack if line.number is None else line.number) / 100
        return [replace(goal, slack=slack) for goal in GOALS[line.group].make(problem, line.label)]

    return make


def _weights(scenario: Scenario) -> list[Choice]:
    return [choice(line) for line in scenario.need if not measures_of(line)]


def _weight_maker(line: Choice, problem: Problem) -> Callable[[], Iterable[Choice]]:
    return lambda: expand(line, problem, "areas")


def _need(problem: Problem, lines: Iterable[Choice]) -> Floats:
    """Return the weight of a person of each row, by the scenario's measure and groups."""
    weights = np.ones(problem.areas)
    for line in lines:
        weights[has_label(problem, line.group, line.label)] = line.number or 0.0
    return weights if problem.need is None else weights * problem.need


def _collect(faults: list[Fault], parts: Iterable[Callable[[], Iterable[T]]]) -> list[T]:
    """Return the results of all parts, and add the faults of parts that fail."""
    results: list[T] = []
    for part in parts:
        try:
            results += part()
        except InputError as error:
            faults += error.faults
    return results


def _unknown(kind: str, text: str, name: str, names: Iterable[str]) -> Fault:
    near = suggest(name, list(names))
    words = f"{kind}s: '{text}' names no {kind}"
    return Fault(words, "scenario", hint=near)


def _with_service(base: Model, scenario: Scenario) -> Model:
    """Return the model with the scenario's limits on people a centre, for everyone by default."""
    service = base.service or AssignmentRule(everyone=True)
    service_of_scenario = _service(service, scenario)
    if service_of_scenario == service:
        return base
    if base.service is not None:
        return replace(
            within_capacity(base.name, base.words, service_of_scenario),
            title=base.title,
            wish=base.wish,
            literature=base.literature,
        )
    if service_of_scenario.decides:
        return replace(
            base,
            rules=(*base.rules, assignment_within_limits(service_of_scenario)),
            footprint=replace(service_of_scenario, reach_first=True),
        )
    return base


def sends_people(scenario: Scenario) -> bool:
    """Whether rules of a scenario decide whom each centre serves.

    Examples
    --------
    >>> sends_people(Scenario()), sends_people(Scenario(most_people=50_000))
    (False, True)
    """
    base = _with_service(catalogue[scenario.model], scenario)
    return base.service is not None or base.footprint is not None


def with_allocation(problem: Problem, scenario: Scenario, plan: Plan) -> Plan:
    """Return the plan with the people whom each centre serves, if a limit decides it.

    A plan that has an allocation, or opens no sites, is returned unchanged. If no assignment of
    people to the centres is known, the plan has no allocation.

    Parameters
    ----------
    problem, scenario
        Problem and scenario of the plan.
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
    allocation = allocation_of(problem.rows(rows), rule, opened)
    return replace(plan, allocation=None if allocation is None else allocation.on_rows(rows))


def with_sizes(problem: Problem, plan: Plan) -> tuple[Plan, dict[int, ChosenSize]]:
    """Return the plan with the size of each open site, and the figures of those sizes.

    Each site has the cheapest size that suits the people whom the plan sends there. If the plan
    sends nobody, as no assignment is known, no size is stated.

    Parameters
    ----------
    problem
        Problem of the plan; its `sizes` are the options.
    plan
        The plan, with its allocation.

    Returns
    -------
    tuple of Plan and dict
        Name, capacity (inf = no limit) and cost (NaN = not known) by the site's position.
    """
    sizes = problem.sizes
    if sizes is None or plan.allocation is None or not plan.opened:
        return plan, {}
    load = plan.allocation.people_at(problem.people, problem.sites)
    entries = sizes.fit(load)
    chosen = {
        site: ChosenSize(
            sizes.name[entries[site]],
            float(sizes.capacity[entries[site]]),
            float(sizes.cost[entries[site]]),
        )
        for site in plan.opened
        if entries[site] >= 0
    }
    names = tuple(chosen[site].name if site in chosen else "" for site in plan.opened)
    return replace(plan, sizes=names), chosen


def _service(service: AssignmentRule, scenario: Scenario) -> AssignmentRule:
    return replace(
        service,
        split=scenario.split,
        least=scenario.least_people,
        most=scenario.most_people,
        price=scenario.over_capacity_price,
        sized=bool(scenario.sizes),
        by_cost=bool(scenario.sizes)
        and any(choice(line).group == "least_cost" for line in scenario.goals),
    )


def _with_slack(model: Model, slack: float) -> Model:
    if not slack:
        return model

    def goals_with_slack(problem: Problem) -> tuple[AnyGoal, ...]:
        return tuple(replace(goal, slack=slack) for goal in model.goals(problem))

    return replace(model, goals=goals_with_slack)
