"""Plan records: the one form of a plan on disk, in exports, in sweeps and in the app."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Allocation, Plan, Stage, Status
from nhcplanner.domain.scenario import Scenario

FORMAT = 1
"""Version of plan.json; older versions of the program cannot read a higher one."""


@dataclass(frozen=True)
class InputFile:
    """A file that a plan rests on.

    Parameters
    ----------
    layer
        What it is: "areas", "sites", "origins", "streets", "timetable", "matrix", "place"
        (place.toml) or "profile" (the user's own table of speeds).
    file
        Its name.
    sha256
        Its hash, in hex.
    """

    layer: str
    file: str
    sha256: str


class AllocatedShare(BaseModel):
    """Part of a row's people, and the site that serves them.

    Parameters
    ----------
    row
        Position of the starting point.
    site_id
        The open site.
    share
        Share of the starting point's people, 0 to 1.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    row: int = Field(ge=0)
    site_id: str
    share: float = Field(ge=0, le=1 + 1e-6)


class PlanRecord(BaseModel):
    """A plan in plain values, its sites by id.

    Parameters
    ----------
    opened
        Ids of the open sites.
    status, stages, model, solver, seconds, reason
        As in `Plan`.
    unreached
        Rows that no allowed site reaches; in plan.json their number.
    assignment
        As in `Plan`, by the site's id; "" = none.
    allocation
        As in `Plan`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    opened: tuple[str, ...]
    status: Status
    stages: tuple[Stage, ...]
    model: str
    solver: str
    seconds: float
    reason: str = ""
    unreached: tuple[int, ...] | int = ()
    assignment: tuple[str, ...] | None = None
    allocation: tuple[AllocatedShare, ...] | None = None

    @classmethod
    def of(cls, plan: Plan, sites: Place | Sequence[str], **more: Any) -> Self:
        """The record of a plan.

        Parameters
        ----------
        plan
            The plan.
        sites
            The place that it is for, or the ids of its sites in order.
        more
            Further fields, for a record that has them.
        """
        ids = _ids(sites)
        shared = plan.allocation
        parts = (
            None
            if shared is None
            else tuple(
                AllocatedShare(row=int(row), site_id=ids[site], share=float(share))
                for row, site, share in zip(shared.rows, shared.sites, shared.shares, strict=True)
            )
        )
        named = plan.assignment
        return cls(
            opened=tuple(ids[site] for site in plan.opened),
            status=plan.status,
            stages=plan.stages,
            model=plan.model,
            solver=plan.solver,
            seconds=plan.seconds,
            reason=plan.reason,
            unreached=plan.unreached,
            assignment=None
            if named is None
            else tuple(ids[site] if site >= 0 else "" for site in named.tolist()),
            allocation=parts,
            **more,
        )

    def to_plan(self, sites: Place | Sequence[str], file: str = "") -> Plan:
        """The plan for a place, or for sites given by their ids in order.

        Where the record holds only the number of unreached rows, `unreached` is empty.

        Raises
        ------
        InputError
            Where the place lacks sites of the plan: all of them at once.
        """
        ids = _ids(sites)
        known = {site: position for position, site in enumerate(ids)}
        wanted = {*self.opened, *(one.site_id for one in self.allocation or ())}
        wanted |= {one for one in self.assignment or () if one}
        place = f"{sites.name} has" if isinstance(sites, Place) else "there is"
        lost = [
            Fault(f"{place} no site '{site}', which the plan opens", file, hint=_ELSEWHERE)
            for site in sorted(wanted - known.keys())
        ]
        if lost:
            raise InputError(lost)
        return Plan(
            opened=tuple(sorted(known[site] for site in self.opened)),
            status=self.status,
            stages=self.stages,
            model=self.model,
            solver=self.solver,
            seconds=self.seconds,
            reason=self.reason,
            unreached=self.unreached if isinstance(self.unreached, tuple) else (),
            assignment=None
            if self.assignment is None
            else np.array([known.get(site, -1) for site in self.assignment], dtype=np.int64),
            allocation=_allocation(self.allocation, known),
        )


class PlaceName(BaseModel):
    """What a plan's file says of its place.

    Parameters
    ----------
    name
        The place's title.
    folder
        Name of the place folder without its path, because a record goes to other people;
        "" = the place was made in memory.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    folder: str = ""

    @field_validator("folder")
    @classmethod
    def _last_part(cls, folder: str) -> str:
        return folder.replace("\\", "/").rstrip("/").rpartition("/")[2]


class SiteFacts(BaseModel):
    """What a plan rested on of one site, so that a later change can be named.

    Parameters
    ----------
    site_id, status, kind
        As in the place; "" = blank.
    cost, running_cost, capacity
        As in the place; None = not known.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    site_id: str
    status: str = ""
    kind: str = ""
    cost: float | None = None
    running_cost: float | None = None
    capacity: float | None = None

    @classmethod
    def all_of(cls, place: Place) -> tuple[Self, ...]:
        """The facts of every site of a place, in order."""
        names = [name for name in cls.model_fields if name in place.sites]
        rows = place.sites[names].astype(object)
        rows = rows.where(rows.notna(), None)
        return tuple(
            cls(**{str(k): v for k, v in row.items() if v is not None})
            for row in rows.to_dict("records")
        )


class PlanFile(BaseModel):
    """What plan.json holds to open a plan again and to make it again.

    Parameters
    ----------
    format
        Version of the file.
    scenario
        The choices.
    plan
        The plan.
    place
        The place it is for.
    sites
        What it rested on of each site; empty in records of 0.1.
    inputs
        Files that it rests on.
    versions
        Name and version of what computed it.
    date
        Day of the plan (ISO).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int = FORMAT
    scenario: Scenario
    plan: PlanRecord
    place: PlaceName
    sites: tuple[SiteFacts, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    versions: dict[str, str] = Field(default_factory=dict)
    date: str = ""


_ELSEWHERE = "Name the place folder, or make the plan again"


def _ids(sites: Place | Sequence[str]) -> list[str]:
    return sites.sites["site_id"].tolist() if isinstance(sites, Place) else list(sites)


def _allocation(parts: Iterable[AllocatedShare] | None, known: dict[str, int]) -> Allocation | None:
    if parts is None:
        return None
    listed = tuple(parts)
    return Allocation(
        np.array([one.row for one in listed], dtype=np.int64),
        np.array([known[one.site_id] for one in listed], dtype=np.int64),
        np.array([one.share for one in listed], dtype=np.float64),
    )
