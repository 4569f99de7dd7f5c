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
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from nhcplanner.base.errors import InputError, write_fault
from nhcplanner.base.hashing import feed_hash
from nhcplanner.domain.plan import Plan, Stage, Status
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario

FORMAT = 1
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


class _Kept(BaseModel):
    """A plan as it is kept; positions are those of the question with this key."""

    model_config = ConfigDict(extra="forbid")

    format: int = FORMAT
    name: str
    opened: tuple[int, ...]
    status: Status
    stages: tuple[Stage, ...]
    model: str
    solver: str
    seconds: float
    reason: str = ""
    unreached: tuple[int, ...] = ()
    assignment: tuple[int, ...] | None = None


_FILE = TypeAdapter(_Kept)


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
            kept = _FILE.validate_json((self._folder / f"{key}.json").read_bytes())
        except (OSError, ValidationError):
            return None
        said = {name: getattr(kept, name) for name in _Kept.model_fields}
        del said["format"], said["name"]
        if kept.assignment is not None:
            said["assignment"] = np.array(kept.assignment, dtype=np.int64)
        return Plan(**said) if kept.format == FORMAT else None

    def keep(self, key: str, name: str, plan: Plan) -> None:
        """Write a plan, whole or not at all; a search that ended without one is tried again.

        Raises
        ------
        InputError
            Where it cannot be written.
        """
        if self._folder is None or plan.status == "stopped":
            return
        said = {field.name: getattr(plan, field.name) for field in fields(Plan)}
        if plan.assignment is not None:
            said["assignment"] = plan.assignment.tolist()
        part = self._folder / f".{key[:16]}.{uuid4().hex[:8]}.part"
        with _writing(self._folder):
            try:
                part.write_bytes(_FILE.dump_json(_Kept(name=name, **said)))
                part.replace(self._folder / f"{key}.json")
            finally:
                part.unlink(missing_ok=True)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say in words that a folder cannot be written to."""
    try:
        yield
    except OSError as error:
        raise InputError([write_fault(folder, error)]) from None
