"""Loss of access by closing: nobody, or few people, much farther from a centre than today."""

from __future__ import annotations

import numpy as np
import pulp
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.choices import Choice
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.travel_times import nearest_minutes
from nhcplanner.models.coverage import Groups, group_rows, within
from nhcplanner.models.goal_types import SHARE_ROUNDING
from nhcplanner.models.program import Program, columns
from nhcplanner.models.rule_types import NamedRule, Rule

MOST_MINUTES = 60.0


def limits_of_rows(problem: Problem, more: float) -> Floats:
    """Return the farthest minutes of each row to a centre: those of today and some more.

    Rows that reach no centre today have no limit (inf).
    """
    today = nearest_minutes(problem.minutes, np.array(problem.today, dtype=np.intp))
    limits: Floats = today.astype(np.float64) + more
    return limits


def no_farther(more: float, share: float = 1.0) -> Rule:
    """Return the rule that a share (0 to 1) of people is at most some minutes farther than today.

    Parameters
    ----------
    more
        Minutes that the nearest centre may be farther than the nearest centre of today.
    share
        Share of the people who reach a centre today.
    """

    def write(program: Program) -> None:
        problem = program.problem
        is_concerned = _concerned(problem, more)
        groups = group_rows(_near_enough(problem, more), is_concerned)
        if share == 1:
            _write_for_all(program, groups, is_concerned)
            return

        def make() -> list[pulp.LpVariable]:
            variables = []
            for number, each in enumerate(columns(groups.sites)):
                is_within = program.lp.add_variable(f"near_{more:g}_{number}", 0, 1)
                program.at_least([*((program.opens[j], 1.0) for j in each), (is_within, -1.0)], 0.0)
                variables.append(is_within)
            return variables

        def value(mask: Mask) -> Floats:
            return np.asarray(groups.sites @ mask.astype(np.float64) > 0, dtype=np.float64)

        variables = program.own(f"near {more:g} {share:g}", make, value)
        people = groups.total(problem.people).tolist()
        program.at_least(list(zip(variables, people, strict=True)), _least(problem, more, share))

    def is_kept(problem: Problem, opened: Positions) -> bool:
        after = nearest_minutes(problem.minutes, opened)
        is_near = after <= _single(limits_of_rows(problem, more))
        people = float(problem.people[_concerned(problem, more) & is_near].sum())
        return people >= _least(problem, more, share)

    whom = "nobody" if share == 1 else f"at most {100 * (1 - share):.10g}% of people"
    words = f"{whom} may be more than {more:,.10g} minutes farther from a centre than today"
    return Rule(lambda _: words, write, is_kept)


def _near_enough(problem: Problem, more: float) -> sparse.csr_array:
    """Return the allowed sites within the limit of each row, row x site (CSR)."""
    table = within(problem)
    limits = np.repeat(_single(limits_of_rows(problem, more)), np.diff(table.indptr))
    is_near = table.data <= limits
    ends = np.concatenate([[0], np.cumsum(is_near)])[table.indptr]
    data = np.ones(int(ends[-1]))
    return sparse.csr_array((data, table.indices[is_near], ends), shape=table.shape)


def _concerned(problem: Problem, more: float) -> Mask:
    """Flag the rows with people who reach a centre today."""
    return np.asarray(np.isfinite(limits_of_rows(problem, more)) & (problem.people > 0))


def _least(problem: Problem, more: float, share: float) -> float:
    people = problem.people[_concerned(problem, more)]
    return share * float(people.sum()) * (1 - SHARE_ROUNDING)


def _write_for_all(program: Program, groups: Groups, is_concerned: Mask) -> None:
    """Require an open site within its limit of every row concerned."""
    keep = set(program.problem.keep)
    for sites in columns(groups.sites):
        if not set(sites) & keep:
            program.at_least([(program.opens[j], 1.0) for j in sites], 1.0)
    if (is_concerned & (groups.of_row < 0)).any():
        program.at_least([], 1.0)  # a row has no allowed site within its limit


def _single(minutes: Floats) -> Floats:
    """Round minutes up to the single precision of travel times."""
    return minutes.astype(np.float32).astype(np.float64)


def _rule(line: Choice, _: Problem | None) -> Rule:
    return no_farther(float(line.label), (100 if line.number is None else line.number) / 100)


def _fault(line: Choice) -> str:
    try:
        fits = 0 <= float(line.label) <= MOST_MINUTES
    except ValueError:
        fits = False
    fits = fits and (line.number is None or 0 < line.number <= 100)
    return "" if fits else "should be like no_farther:10 or no_farther:10=95 (minutes, per cent)"


NO_FARTHER = NamedRule("no_farther", _rule, fault=_fault)
