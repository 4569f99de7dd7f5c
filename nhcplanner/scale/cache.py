"""Finished plans on disk, each under a hash of everything that it depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
from pydantic import ConfigDict, ValidationError

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.errors import InputError, write_fault
from nhcplanner.base.hashing import feed_hash
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.plan_record import PlanRecord
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario

FORMAT = 2
FOLDER = "finished"
SOLVERS = ("nhcplanner", "pulp", "highspy", "numpy", "scipy", "random seed")
"""Versions that may change a plan."""
IGNORED = {"title", "count", "budget"}
"""Keys of a scenario that do not change its plan, or are part of the problem."""


def key_of(problem: Problem, scenario: Scenario, versions: Mapping[str, str]) -> str:
    """Hash a problem, a scenario's choices and the versions of the solvers.

    Examples
    --------
    >>> one = Problem.from_minutes([[5, 30]], people=[100], count=1)
    >>> key_of(one, Scenario(), {}) == key_of(one, Scenario(title="Again"), {})
    True
    >>> key_of(one, Scenario(), {}) == key_of(one, Scenario(slack=1), {})
    False
    """
    key = hashlib.sha256()
    choices = scenario.model_dump(mode="json", exclude=IGNORED)
    solvers = {name: versions[name] for name in SOLVERS if name in versions}
    key.update(json.dumps([FORMAT, choices, solvers], sort_keys=True).encode())
    for field in fields(Problem):
        key.update(field.name.encode())
        feed_hash(key.update, getattr(problem, field.name))
    return key.hexdigest()


class _CachedPlan(PlanRecord):
    """A plan in the cache; its sites are named by their positions in the problem."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    name: str
    number_of_sites: int


class PlanCache:
    """A folder of finished plans.

    Parameters
    ----------
    folder
        The folder; it is created if it is missing. None stores nothing.

    Raises
    ------
    InputError
        If it cannot be created.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise InputError([write_fault(folder, error)]) from None

    def read(self, key: str) -> Plan | None:
        """Read the plan with this key; None if it is missing or damaged."""
        if self._folder is None:
            return None
        try:
            content = (self._folder / f"{key}.json").read_bytes()
            record = _CachedPlan.model_validate_json(content)
            return (
                record.to_plan(_positions(record.number_of_sites))
                if record.format == FORMAT
                else None
            )
        except (OSError, ValidationError, InputError):
            return None

    def write(self, key: str, name: str, plan: Plan) -> None:
        """Write a plan atomically; a search that was stopped without a plan is not stored.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        if self._folder is None or plan.status == "stopped":
            return
        sites = 1 + _last_site(plan)
        record = _CachedPlan.of(plan, _positions(sites), name=name, number_of_sites=sites)
        write_whole(self._folder / f"{key}.json", record.model_dump_json().encode())


def _positions(sites: int) -> list[str]:
    return [str(position) for position in range(sites)]


def _last_site(plan: Plan) -> int:
    """The highest position of a site that a plan names; -1 for none."""
    positions = [np.asarray(plan.opened, dtype=np.int64)]
    if plan.assignment is not None:
        positions.append(plan.assignment)
    if plan.allocation is not None:
        positions.append(plan.allocation.sites)
    return int(np.concatenate(positions).max(initial=-1))
