"""Finished: plans kept on disk as they come, each by a hash of all that it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from uuid import uuid4

import numpy as np
from pydantic import ConfigDict, ValidationError

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
UNASKED = {"title", "count", "budget"}
"""What of a scenario says nothing of its plan, or stands in the problem."""


def key_of(problem: Problem, scenario: Scenario, versions: Mapping[str, str]) -> str:
    """Hash of a question: every number in it, the choices, and what would answer it.

    Examples
    --------
    >>> one = Problem.from_minutes([[5, 30]], people=[100], count=1)
    >>> key_of(one, Scenario(), {}) == key_of(one, Scenario(title="Again"), {})
    True
    >>> key_of(one, Scenario(), {}) == key_of(one, Scenario(slack=1), {})
    False
    """
    told = hashlib.sha256()
    asked = scenario.model_dump(mode="json", exclude=UNASKED)
    rest = {name: versions[name] for name in SOLVERS if name in versions}
    told.update(json.dumps([FORMAT, asked, rest], sort_keys=True).encode())
    for field in fields(Problem):
        told.update(field.name.encode())
        feed_hash(told.update, getattr(problem, field.name))
    return told.hexdigest()


class _CachedPlan(PlanRecord):
    """A plan in the cache; its sites are named by their positions in the problem."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    name: str
    number_of_sites: int


class PlanCache:
    """Plans of a folder.

    Parameters
    ----------
    folder
        Where they lie; made where it is missing. None keeps nothing.

    Raises
    ------
    InputError
        Where it cannot be made.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        if folder is not None:
            with _writing(folder):
                folder.mkdir(parents=True, exist_ok=True)

    def read(self, key: str) -> Plan | None:
        """The plan with this key; None where it is not there, or damaged."""
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

    def keep(self, key: str, name: str, plan: Plan) -> None:
        """Write a plan, whole or not at all; a search that ended without one is tried again.

        Raises
        ------
        InputError
            Where it cannot be written.
        """
        if self._folder is None or plan.status == "stopped":
            return
        sites = 1 + _last_site(plan)
        record = _CachedPlan.of(plan, _positions(sites), name=name, number_of_sites=sites)
        part = self._folder / f".{key[:16]}.{uuid4().hex[:8]}.part"
        with _writing(self._folder):
            try:
                part.write_text(record.model_dump_json(), encoding="utf-8")
                part.replace(self._folder / f"{key}.json")
            finally:
                part.unlink(missing_ok=True)


def _positions(sites: int) -> list[str]:
    return [str(position) for position in range(sites)]


def _last_site(plan: Plan) -> int:
    """The highest position of a site that a plan names; -1 for none."""
    named = [np.asarray(plan.opened, dtype=np.int64)]
    if plan.assignment is not None:
        named.append(plan.assignment)
    if plan.allocation is not None:
        named.append(plan.allocation.sites)
    return int(np.concatenate(named).max(initial=-1))


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say in words that a folder cannot be written to."""
    try:
        yield
    except OSError as error:
        raise InputError([write_fault(folder, error)]) from None
