"""Rules on sites and costs, and rules that everyone must be served.

To add a rule on sites, write its function and its row in `RULES`; nothing else needs to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pulp
import scipy

from nhcplanner.base.arrays import Positions
from nhcplanner.base.text import plural
from nhcplanner.domain.choices import Choice, choice, in_words
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models.program import Program
from nhcplanner.models.rule_types import Limits, NamedRule, Rule, site_positions

BUDGET_ROUNDING = 1e-12


def open_at_most() -> Rule:
    """Return the rule that at most `count` centres open, including those that must stay open."""

    def write(program: Program) -> None:
        count = program.problem.count
        if count is not None:
            program.at_most([(v, 1.0) for v in program.opens.values()], count)

    return Rule(
        lambda problem: (
            "" if problem.count is None else f"at most {plural(problem.count, 'centre')} may open"
        ),
        write,
        lambda problem, opened: problem.count is None or len(opened) <= problem.count,
        by_reach=True,
        is_of_sites=True,
    )


def within_budget() -> Rule:
    """Return the rule that all centres together cost at most `budget`."""

    def write(program: Program) -> None:
        budget, cost = program.problem.budget, program.problem.cost
        if budget is None or cost is None:
            return
        most = with_rounding(budget)
        for j, variable in program.opens.items():
            if cost[j] > most:
                variable.upBound = 0
        some = [(v, float(cost[j])) for j, v in program.opens.items() if 0 < cost[j] <= most]
        program.at_most(some, most)

    def is_kept(problem: Problem, opened: Positions) -> bool:
        if problem.budget is None or problem.cost is None:
            return True
        return total_cost(problem, opened) <= with_rounding(problem.budget)

    return Rule(
        lambda p: "" if p.budget is None else f"centres may cost at most {pounds(p.budget)}",
        write,
        is_kept,
        by_reach=True,
        is_of_sites=True,
    )


def keep_open() -> Rule:
    """Return the rule that the sites of `keep` are open."""

    def write(program: Program) -> None:
        for j in program.problem.keep:
            program.opens[j].lowBound = 1

    return Rule(
        lambda p: f"{plural(len(p.keep), 'site')} must open" if p.keep else "",
        write,
        lambda problem, opened: set(problem.keep) <= set(opened.tolist()),
        by_reach=True,
        is_of_sites=True,
    )


def stay_shut() -> Rule:
    """Return the rule that the sites of `forbid` do not open."""

    def write(program: Program) -> None:
        for j in program.problem.forbid:
            if j in program.opens:
                program.opens[j].upBound = 0

    return Rule(
        lambda p: f"{plural(len(p.forbid), 'site')} must not open" if p.forbid else "",
        write,
        lambda problem, opened: not set(problem.forbid) & set(opened.tolist()),
        by_reach=True,
        is_of_sites=True,
    )


def everyone_in_reach() -> Rule:
    """Return the rule that each row with people has a centre within reach."""
    return Rule(
        lambda p: f"everyone must have a centre within {p.reach:g} minutes",
        lambda program: program.everyone_within(program.problem.reach),
        lambda problem, opened: _farthest(problem, opened) <= float(np.float32(problem.reach)),
        by_reach=True,
    )


def everyone_served() -> Rule:
    """Return the rule that each row with people is assigned to one centre it can travel to."""

    def write(program: Program) -> None:
        rows = program.arcs.rows.tolist()
        some = np.flatnonzero(program.problem.people > 0).tolist()
        by_row: dict[int, list[tuple[pulp.LpVariable, float]]] = {i: [] for i in some}
        for i, variable in zip(rows, program.assigned, strict=True):
            by_row[i].append((variable, 1.0))
        for terms in by_row.values():
            program.exactly(terms, 1.0)

    return Rule(_travel_words, write, _all_can_travel, follows_from_reach=True)


def everyone_has_a_way() -> Rule:
    """Return the rule that each row with people can travel to some centre."""
    return Rule(
        _travel_words,
        lambda program: program.everyone_within(np.inf),
        _all_can_travel,
        follows_from_reach=True,
    )


def total_cost(problem: Problem, opened: Positions) -> float:
    """Return the cost of the opened sites in pounds; 0 if no costs are known."""
    return 0.0 if problem.cost is None else float(problem.cost[opened].sum())


def with_rounding(budget: float) -> float:
    """Return a budget with an allowance for the rounding of sums of pounds and pence."""
    return budget * (1 + BUDGET_ROUNDING)


def pounds(amount: float) -> str:
    """Return an amount of money as text."""
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"


def _travel_words(_: Limits) -> str:
    return "everyone must have a centre they can travel to"


def _all_can_travel(problem: Problem, opened: Positions) -> bool:
    return bool(np.isfinite(_farthest(problem, opened)))


def _farthest(problem: Problem, opened: Positions) -> float:
    minutes = nearest_minutes(problem.minutes, opened)[problem.people > 0]
    return float(minutes.max(initial=0.0))


def open_exactly() -> Rule:
    """Return the rule that exactly `count` centres open, whether each is needed or not."""

    def write(program: Program) -> None:
        if program.problem.count is not None:
            program.exactly([(v, 1.0) for v in program.opens.values()], program.problem.count)

    return Rule(
        lambda p: "" if p.count is None else f"exactly {plural(p.count, 'centre')} must open",
        write,
        lambda problem, opened: problem.count is None or len(opened) == problem.count,
    )


def at_most_of(group: str, label: str, number: int) -> Rule:
    """Return the rule that at most `number` centres open in a group of sites, such as a kind."""
    return _number_among(
        lambda problem: of_group(problem, group, label),
        (0, number),
        f"at most {plural(number, 'centre')} may open in {in_words(group, label)}",
    )


def at_least_of(group: str, label: str, number: int) -> Rule:
    """Return the rule that at least `number` centres open in a group of sites, such as a kind."""
    return _number_among(
        lambda problem: of_group(problem, group, label),
        (number, None),
        f"at least {plural(number, 'centre')} must open in {in_words(group, label)}",
    )


def at_most_one(positions: Iterable[int], name: str = "") -> Rule:
    """Return the rule that at most one of some sites opens (either-or)."""
    sites = np.unique(np.fromiter(positions, dtype=np.intp))
    words = f"at most one may open of {name or 'sites ' + _join_positions(sites)}"
    return _number_among(lambda _: sites, (0, 1), words)


def exactly_one(positions: Iterable[int], name: str = "") -> Rule:
    """Return the rule that exactly one of some sites opens."""
    sites = np.unique(np.fromiter(positions, dtype=np.intp))
    words = f"exactly one must open of {name or 'sites ' + _join_positions(sites)}"
    return _number_among(lambda _: sites, (1, 1), words)


def apart(metres: float) -> Rule:
    """Return the rule that centres are at least some metres apart, unless both must stay open.

    The anti-covering condition of Moon and Chaudhry (1984), Management Science 30(3).
    """

    def write(program: Program) -> None:
        for i, j in _too_near(program.problem, metres):
            program.at_most([(program.opens[i], 1.0), (program.opens[j], 1.0)], 1.0)

    def is_kept(problem: Problem, opened: Positions) -> bool:
        open_sites = set(opened.tolist())
        return not any(i in open_sites and j in open_sites for i, j in _too_near(problem, metres))

    return Rule(
        lambda _: f"centres must be at least {metres:,.10g} m apart in a straight line",
        write,
        is_kept,
    )


def of_group(problem: Problem, group: str, label: str) -> Positions:
    """Return the positions of the sites that have a label."""
    return np.flatnonzero(problem.site_groups[group] == label)


def _number_among(
    sites_of: Callable[[Problem], Positions], limits: tuple[int, int | None], words: str
) -> Rule:
    low, high = limits

    def write(program: Program) -> None:
        terms = [(program.opens[j], 1.0) for j in sites_of(program.problem).tolist()]
        if high is not None:
            program.at_most(terms, high)
        if low:
            program.at_least(terms, low)

    def is_kept(problem: Problem, opened: Positions) -> bool:
        number = len(np.intersect1d(sites_of(problem), opened))
        return low <= number and (high is None or number <= high)

    return Rule(lambda _: words, write, is_kept)


def _too_near(problem: Problem, metres: float) -> list[tuple[int, int]]:
    if problem.site_xy is None:
        raise ValueError("a least distance between centres needs site_xy")
    if problem.sites < 2:
        return []
    pairs = scipy.spatial.cKDTree(problem.site_xy).query_pairs(metres, output_type="ndarray")
    far = np.hypot(*(problem.site_xy[pairs[:, 0]] - problem.site_xy[pairs[:, 1]]).T)
    both_required = np.isin(pairs, problem.keep).all(axis=1)
    near: list[tuple[int, int]] = [
        (int(i), int(j)) for i, j in pairs[(far < metres) & ~both_required]
    ]
    return sorted(near)


def _join_positions(positions: Positions) -> str:
    return ", ".join(map(str, positions.tolist()))


def _one_of(rule: Callable[[Iterable[int], str], Rule]) -> Callable[[Choice, Problem | None], Rule]:
    def make(line: Choice, problem: Problem | None) -> Rule:
        names = [name.strip() for name in line.label.split("|")]
        positions = [] if problem is None else site_positions(problem, names).tolist()
        return rule(positions, " or ".join(names))

    return make


RULES = (
    NamedRule(
        "exactly",
        lambda *_: open_exactly(),
        lambda scenario: [Choice("")] if scenario.exactly else [],
    ),
    NamedRule(
        "min_distance_m",
        lambda line, _: apart(line.number or 0.0),
        lambda scenario: (
            [Choice("", "", scenario.min_distance_m)] if scenario.min_distance_m else []
        ),
    ),
    NamedRule(
        "at_most",
        lambda line, _: at_most_of(line.group, line.label, int(line.number or 0)),
        lambda scenario: map(choice, scenario.at_most),
        "sites",
    ),
    NamedRule(
        "at_least",
        lambda line, _: at_least_of(line.group, line.label, int(line.number or 0)),
        lambda scenario: map(choice, scenario.at_least),
        "sites",
    ),
    NamedRule(
        "at_most_one_of",
        _one_of(at_most_one),
        lambda scenario: [Choice("", line) for line in scenario.at_most_one_of],
    ),
    NamedRule(
        "exactly_one_of",
        _one_of(exactly_one),
        lambda scenario: [Choice("", line) for line in scenario.exactly_one_of],
    ),
)
"""Rules on sites that a scenario may ask for."""
