"""The model that a scenario asks for: its base model, goals, slack and rules."""

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
from nhcplanner.models import fairness, rules
from nhcplanner.models.capacity.rule import AssignmentRule, allocation_of, served
from nhcplanner.models.catalogue import Model, catalogue, model_of_goals, within_capacity
from nhcplanner.models.goal_types import AnyGoal
from nhcplanner.models.goals import GOALS
from nhcplanner.models.rule_types import NamedRule, Rule, expand, has_label

RULES: tuple[NamedRule, ...] = (*rules.RULES, *fairness.RULES)
"""Every rule that a scenario may ask for, in the order in which documents list them."""

T = TypeVar("T")


def build_model(problem: Problem, scenario: Scenario) -> tuple[Problem, Model]:
    """Return the scenario's model with the goals, slack and rules that it names.

    Parameters
    ----------
    problem
        What is to be planned; goals and rules may name its groups.
    scenario
        The choices.

    Returns
    -------
    tuple of Problem and Model
        The problem with the scenario's need weights, and the model to solve it by.

    Raises
    ------
    InputError
        For a model, goal, rule, group, label or site that does not exist, all at once.
    """
    check_names(scenario)
    faults: list[Fault] = []
    more = _collect(faults, (_made(row, line, problem) for row, line in _lines(scenario)))
    wanted = _collect(faults, (_wanted(line, scenario, problem) for line in scenario.goals))
    weighted = _collect(faults, (_weighted(line, problem) for line in _weights(scenario)))
    if scenario.exactly and problem.count is None:
        faults.append(Fault("exactly needs a count", "scenario"))
    if faults:
        raise InputError(faults)
    posed = replace(problem, need=_need(problem, weighted)) if scenario.need else problem
    base = _with_service(catalogue[scenario.model], scenario)
    if scenario.goals:
        named = [(GOALS[read.group], read) for read in map(choice, scenario.goals)]
        needed = [rule for row, read in named for rule in row.rules(read.label)]
        base = replace(base, rules=(*base.rules, *needed))
        base = model_of_goals(base, tuple(wanted), tuple(row for row, _ in named))
    else:
        base = _loosened(base, scenario.slack / 100)
    return posed, replace(base, rules=(*base.rules, *more))


def check_names(scenario: Scenario) -> None:
    """Refuse a model, goals or rules that do not exist, before anything is measured.

    Raises
    ------
    InputError
        For all of them at once.
    """
    faults = []
    if scenario.model not in catalogue:
        hint = f"Use one of {', '.join(catalogue)}"
        faults.append(Fault(f"there is no model '{scenario.model}'", "scenario", hint=hint))
    for text in scenario.goals:
        read = choice(text)
        if read.group not in GOALS:
            faults.append(_unknown("goal", text, read.group, GOALS))
        elif fault := GOALS[read.group].fault(read.label):
            faults.append(Fault(f"goals: '{text}' {fault}", "scenario"))
    further = {row.name: row for row in RULES if row.lines is None}
    for text in scenario.rules:
        read = choice(text)
        if read.group not in further:
            faults.append(_unknown("rule", text, read.group, further))
        elif fault := further[read.group].fault(read):
            faults.append(Fault(f"rules: '{text}' {fault}", "scenario"))
    service = scenario.model in catalogue and catalogue[scenario.model].service
    if scenario.over_capacity_price is not None and (scenario.goals or not service):
        able = ", ".join(name for name, model in catalogue.items() if model.service)
        faults.append(
            Fault(
                "over_capacity_price needs a model that sends people", "scenario",
                hint=f"Use one of {able}",
            )
        )  # fmt: skip
    if faults:
        raise InputError(faults)


def rule_words(scenario: Scenario) -> tuple[str, ...]:
    """Return each rule that a scenario asks for beside its limits, in the rule's own words.

    Examples
    --------
    >>> rule_words(Scenario(floors=("imd_quintile:*=50",)))
    ('at least 50% of the people of each IMD quintile must have a centre within 20 minutes',)
    """
    words = [row.make(line, None).words(scenario) for row, line in _lines(scenario)]
    base = catalogue.get(scenario.model)
    if scenario.least_people or scenario.most_people is not None:
        service = (base.service if base else None) or AssignmentRule(everyone=True)
        words.append(_service(service, scenario).words)
    return tuple(one for one in words if one)


def _lines(scenario: Scenario) -> Iterator[tuple[NamedRule, Choice]]:
    return ((row, line) for row in RULES for line in row.asked_of(scenario))


def _made(row: NamedRule, line: Choice, problem: Problem) -> Callable[[], Iterable[Rule]]:
    def make() -> Iterable[Rule]:
        lines = expand(line, problem, row.level) if row.level else [line]
        return [row.make(one, problem) for one in lines]

    return make


def _wanted(text: str, scenario: Scenario, problem: Problem) -> Callable[[], Iterable[AnyGoal]]:
    def make() -> Iterable[AnyGoal]:
        read = choice(text)
        slack = (scenario.slack if read.number is None else read.number) / 100
        return [replace(goal, slack=slack) for goal in GOALS[read.group].make(problem, read.label)]

    return make


def _weights(scenario: Scenario) -> list[Choice]:
    return [choice(line) for line in scenario.need if not measures_of(line)]


def _weighted(line: Choice, problem: Problem) -> Callable[[], Iterable[Choice]]:
    return lambda: expand(line, problem, "areas")


def _need(problem: Problem, lines: Iterable[Choice]) -> Floats:
    """What a person of each row counts: by measure, where the problem has one, and by group."""
    weights = np.ones(problem.areas)
    for line in lines:
        weights[has_label(problem, line.group, line.label)] = line.number or 0.0
    return weights if problem.need is None else weights * problem.need


def _collect(faults: list[Fault], parts: Iterable[Callable[[], Iterable[T]]]) -> list[T]:
    """Return all that the parts give, and add the faults of those that fail."""
    found: list[T] = []
    for part in parts:
        try:
            found += part()
        except InputError as error:
            faults += error.faults
    return found


def _unknown(kind: str, text: str, name: str, known: Iterable[str]) -> Fault:
    near = suggest(name, list(known))
    words = f"{kind}s: '{text}' names no {kind}"
    return Fault(words, "scenario", hint=near)


def _with_service(base: Model, scenario: Scenario) -> Model:
    """The model with the scenario's footprints; a model without its own then sends everyone."""
    service = base.service or AssignmentRule(everyone=True)
    wanted = _service(service, scenario)
    if wanted == service:
        return base
    if base.service is not None:
        return replace(
            within_capacity(base.name, base.words, wanted),
            title=base.title,
            wish=base.wish,
            literature=base.literature,
        )
    if wanted.least or wanted.most is not None:
        return replace(base, rules=(*base.rules, served(wanted)), footprint=wanted)
    return base


def with_allocation(problem: Problem, scenario: Scenario, plan: Plan) -> Plan:
    """Return the plan with the people whom each centre serves, where a limit decides it.

    A plan that has its allocation, or opens nothing, is returned unchanged. Where no way to
    assign people to the centres is known, the plan has no allocation.

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


def _service(service: AssignmentRule, scenario: Scenario) -> AssignmentRule:
    return replace(
        service,
        split=scenario.split,
        least=scenario.least_people,
        most=scenario.most_people,
        price=scenario.over_capacity_price,
    )


def _loosened(model: Model, slack: float) -> Model:
    if not slack:
        return model

    def loosened(problem: Problem) -> tuple[AnyGoal, ...]:
        return tuple(replace(goal, slack=slack) for goal in model.goals(problem))

    return replace(model, goals=loosened)
