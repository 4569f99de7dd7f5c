"""Rule types: a rule of a plan, and the registry row of a rule that a scenario may name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from nhcplanner.base.arrays import Mask, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.choices import ALL, Choice, choice
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.problem_inputs import Labels
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models.program import Program

BAND = "band"
EVERYONE = "everyone"
SITE_ID = "site_id"
MOST_LABELS = 12  # labels in a message

Level = Literal["areas", "sites"]


def has_label(problem: Problem, group: str, label: str) -> Mask:
    """Flag the rows that have a label of a group; every problem has `band` and `everyone`."""
    if group == EVERYONE:
        return np.ones(problem.areas, dtype=bool)
    labels = problem.bands.astype(np.str_) if group == BAND else problem.row_groups[group]
    return np.asarray(labels == label, dtype=bool)


def labels_of_rows(problem: Problem, group: str) -> list[str]:
    """Return the labels of a group of areas, in order.

    Raises
    ------
    InputError
        For a group that the problem does not have, or one without labels.
    """
    return [one.label for one in expand(Choice(group, ALL), problem, "areas")]


def expand(line: Choice, problem: Problem, level: Level) -> list[Choice]:
    """Return the choice, or one choice for each label if its label is `*`.

    Raises
    ------
    InputError
        For a group or a label that the problem does not have.
    """
    if line.group == EVERYONE:
        return [replace(line, label="")]
    groups = _row_groups(problem) if level == "areas" else problem.site_groups
    if line.group not in groups:
        names = ", ".join(sorted(groups)) or "none"
        raise InputError(
            [Fault(f"nothing is grouped by '{line.group}'", "scenario", hint=f"Groups: {names}")]
        )
    labels = sorted(set(groups[line.group].tolist()) - {""})
    if line.label == ALL and labels:
        return [replace(line, label=label) for label in labels]
    if line.label not in labels:
        fault = f"no {line.group} is called '{line.label}'"
        hint = f"There are: {', '.join(labels[:MOST_LABELS]) or 'none'}"
        raise InputError([Fault(fault, "scenario", hint=hint)])
    return [line]


def site_positions(problem: Problem, names: list[str]) -> Positions:
    """Return the positions of sites by their ids.

    Raises
    ------
    InputError
        For ids that no site has, all together.
    """
    ids = problem.site_groups.get(SITE_ID, np.array([], dtype=np.str_)).tolist()
    faults = [Fault(f"no site is called '{name}'", "scenario") for name in names if name not in ids]
    if faults:
        raise InputError(faults)
    return np.array([ids.index(name) for name in names], dtype=np.intp)


def _row_groups(problem: Problem) -> Labels:
    bands = np.where(problem.bands > 0, problem.bands.astype(np.str_), "")
    return {**problem.row_groups, BAND: bands}


class Limits(Protocol):
    """Limits that the words of rules mention, as attributes of a problem or a scenario."""

    @property
    def count(self) -> int | None:
        """Largest number of centres that may open."""

    @property
    def budget(self) -> float | None:
        """Largest cost of all centres in pounds."""

    @property
    def reach(self) -> float:
        """Minutes that count as within reach."""

    @property
    def keep(self) -> Sized:
        """Sites that must stay open."""

    @property
    def forbid(self) -> Sized:
        """Sites that must stay shut."""


@dataclass(frozen=True)
class Rule:
    """A rule of a plan: in words, as rows of a program, and as a check of a plan.

    Parameters
    ----------
    words
        The rule in words for a problem or a scenario; "" if the rule does not apply to it.
    write
        Writes the rule into a program; called only if the rule applies.
    is_kept
        Whether a plan (positions opened) keeps the rule, from the problem's own numbers.
    by_reach
        Whether a plan still keeps the rule after a site is replaced by another (open or not) that
        reaches at least the same rows within `reach` and costs no more.
    is_of_sites
        Whether the rule depends only on the number and costs of sites, and on those that must
        stay open or shut.
    follows_from_reach
        Whether every plan that has a centre within some minutes of everyone keeps the rule.
    is_exact
        Whether a plan that fails `is_kept` is certain to break the rule.
    """

    words: Callable[[Limits], str]
    write: Callable[[Program], None]
    is_kept: Callable[[Problem, Positions], bool]
    by_reach: bool = False
    is_exact: bool = True
    is_of_sites: bool = False
    follows_from_reach: bool = False

    def __call__(self, program: Program) -> None:
        """Write the rule into a program, if it applies to the program's problem."""
        if self.words(program.problem):
            self.write(program)


@dataclass(frozen=True)
class NamedRule:
    """Registry row of a rule that a scenario may name: its name, lines and code.

    Parameters
    ----------
    name
        The scenario's key for the rule, or its name in the scenario's `rules`.
    make
        Returns the rule of a line of the scenario. The problem is None if only the words are
        needed.
    lines
        Returns the scenario's lines that name the rule; None reads the scenario's `rules`.
    level
        Whether a line names a group of areas or of sites, in which "*" stands for each label; ""
        if a line names no group.
    fault
        Returns what is wrong with a line, in words; "" if nothing is.
    note
        Returns what a reader must know of the rule in a problem, in words; "" if nothing.
    """

    name: str
    make: Callable[[Choice, Problem | None], Rule]
    lines: Callable[[Scenario], Iterable[Choice]] | None = None
    level: Level | Literal[""] = ""
    fault: Callable[[Choice], str] = lambda _: ""
    note: Callable[[Problem], str] | None = None

    def lines_in(self, scenario: Scenario) -> list[Choice]:
        """Return the scenario's lines that name the rule."""
        if self.lines is not None:
            return list(self.lines(scenario))
        return [line for line in map(choice, scenario.rules) if line.group == self.name]
