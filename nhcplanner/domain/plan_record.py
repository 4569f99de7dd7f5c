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
from nhcplanner.domain.sizes import as_listed

FORMAT = 1
"""Version of plan.json; older versions of the program cannot read a higher one."""


@dataclass(frozen=True)
class InputFile:
    """An input file of a plan.

    Parameters
    ----------
    layer
        Layer of the file: "areas", "sites", "origins", "streets", "timetable", "matrix", "place"
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
    """A plan in plain values, with sites by id.

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
    sizes
        Size of each open site, by its id; empty if the scenario offers none.
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
    sizes: dict[str, str] = Field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, sites: Place | Sequence[str], **more: Any) -> Self:
        """Return the record of a plan.

        Parameters
        ----------
        plan
            The plan.
        sites
            Place of the plan, or the ids of its sites in order.
        more
            Further fields of a subclass.
        """
        ids = _ids(sites)
        allocation = plan.allocation
        parts = (
            None
            if allocation is None
            else tuple(
                AllocatedShare(row=int(row), site_id=ids[site], share=float(share))
                for row, site, share in zip(
                    allocation.rows, allocation.sites, allocation.shares, strict=True
                )
            )
        )
        assignment = plan.assignment
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
            if assignment is None
            else tuple(ids[site] if site >= 0 else "" for site in assignment.tolist()),
            allocation=parts,
            sizes={
                ids[site]: size
                for site, size in zip(plan.opened, plan.sizes, strict=bool(plan.sizes))
                if size
            },
            **more,
        )

    def to_plan(self, sites: Place | Sequence[str], file: str = "") -> Plan:
        """Return the plan for a place, or for the ids of sites in order.

        If the record holds only the number of unreached rows, `unreached` is empty.

        Raises
        ------
        InputError
            If the place lacks sites of the plan: all of them at once.
        """
        ids = _ids(sites)
        position_of = {site: position for position, site in enumerate(ids)}
        sites_of_plan = {*self.opened, *(one.site_id for one in self.allocation or ())}
        sites_of_plan |= {one for one in self.assignment or () if one}
        place = f"{sites.name} has" if isinstance(sites, Place) else "there is"
        faults = [
            Fault(f"{place} no site '{site}', which the plan opens", file, hint=_ELSEWHERE)
            for site in sorted(sites_of_plan - position_of.keys())
        ]
        if faults:
            raise InputError(faults)
        return Plan(
            opened=tuple(sorted(position_of[site] for site in self.opened)),
            status=self.status,
            stages=self.stages,
            model=self.model,
            solver=self.solver,
            seconds=self.seconds,
            reason=self.reason,
            unreached=self.unreached if isinstance(self.unreached, tuple) else (),
            assignment=None
            if self.assignment is None
            else np.array([position_of.get(site, -1) for site in self.assignment], dtype=np.int64),
            allocation=_allocation(self.allocation, position_of),
        )


class PlaceName(BaseModel):
    """Title and folder of a plan's place.

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
    """Facts of one site when a plan was made, so that a later change can be named.

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
        """Return the facts of every site of a place, in order."""
        sites = as_listed(place.sites)
        names = [name for name in cls.model_fields if name in sites]
        rows = sites[names].astype(object)
        rows = rows.where(rows.notna(), None)
        return tuple(
            cls(**{str(k): v for k, v in row.items() if v is not None})
            for row in rows.to_dict("records")
        )


class PlanFile(BaseModel):
    """Content of plan.json, from which a plan can be opened or made again.

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
        Facts of each site; empty in records of 0.1.
    inputs
        Input files.
    versions
        Name and version of the software.
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


def _allocation(
    parts: Iterable[AllocatedShare] | None, position_of: dict[str, int]
) -> Allocation | None:
    if parts is None:
        return None
    entries = tuple(parts)
    return Allocation(
        np.array([one.row for one in entries], dtype=np.int64),
        np.array([position_of[one.site_id] for one in entries], dtype=np.int64),
        np.array([one.share for one in entries], dtype=np.float64),
    )
