"""Record: what a plan left on disk says of itself, so that it can be opened and made again."""

from __future__ import annotations

from dataclasses import dataclass

from nhcplanner.domain.plan import Stage, Status
from nhcplanner.domain.scenario import Scenario

FORMAT = 1
"""Of plan.json; a number higher means that older versions cannot read it."""


@dataclass(frozen=True)
class InputFile:
    """A file that a plan rests on.

    Parameters
    ----------
    layer
        What it is: "areas", "sites", "origins", "streets", "timetable", "matrix", "place"
        (place.toml) or "profile" (a table of speeds of one's own).
    file
        Its name.
    sha256
        Its hash, in hex.
    """

    layer: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Record:
    """A plan as plan.json has it.

    Parameters
    ----------
    scenario
        The choices.
    opened
        Ids of the sites open in the plan.
    status, stages, model, solver, seconds, reason
        As in `Plan`.
    unreached
        Whether some rows were reached by no allowed site.
    place
        The place's title.
    folder
        Name of the place folder, without where it lies: a record goes to other people. "" = the
        place was made in memory.
    inputs
        Files that it rests on.
    versions
        Name and version of what computed it.
    date
        Day of the plan (ISO).
    """

    scenario: Scenario
    opened: tuple[str, ...]
    status: Status
    stages: tuple[Stage, ...]
    model: str
    solver: str
    seconds: float
    reason: str
    unreached: bool
    place: str
    folder: str
    inputs: tuple[InputFile, ...]
    versions: dict[str, str]
    date: str
