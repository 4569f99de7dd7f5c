"""Groups of areas and sites that goals and rules name, such as a council or a band."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from nhcplanner.base.arrays import Mask, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.choices import ALL, Choice
from nhcplanner.domain.problem import Labels, Problem

BAND = "band"
EVERYONE = "everyone"
SITE_ID = "site_id"
MOST_SHOWN = 12  # labels in a message

Level = Literal["areas", "sites"]


def has_label(problem: Problem, group: str, label: str) -> Mask:
    """Flag each row that has a label; every problem has `band` and `everyone`."""
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
    """Return a choice for each label that `*` stands for, or the choice itself.

    Raises
    ------
    InputError
        For a group or a label that the problem does not have.
    """
    if line.group == EVERYONE:
        return [replace(line, label="")]
    groups = _row_groups(problem) if level == "areas" else problem.site_groups
    if line.group not in groups:
        known = ", ".join(sorted(groups)) or "none"
        raise InputError(
            [Fault(f"nothing is grouped by '{line.group}'", "scenario", hint=f"Groups: {known}")]
        )
    labels = sorted(set(groups[line.group].tolist()) - {""})
    if line.label == ALL and labels:
        return [replace(line, label=label) for label in labels]
    if line.label not in labels:
        fault = f"no {line.group} is called '{line.label}'"
        hint = f"There are: {', '.join(labels[:MOST_SHOWN]) or 'none'}"
        raise InputError([Fault(fault, "scenario", hint=hint)])
    return [line]


def site_positions(problem: Problem, names: list[str]) -> Positions:
    """Return the positions of sites by their ids.

    Raises
    ------
    InputError
        For ids that no site has, all at once.
    """
    ids = problem.site_groups.get(SITE_ID, np.array([], dtype=np.str_)).tolist()
    faults = [Fault(f"no site is called '{name}'", "scenario") for name in names if name not in ids]
    if faults:
        raise InputError(faults)
    return np.array([ids.index(name) for name in names], dtype=np.intp)


def _row_groups(problem: Problem) -> Labels:
    bands = np.where(problem.bands > 0, problem.bands.astype(np.str_), "")
    return {**problem.row_groups, BAND: bands}
