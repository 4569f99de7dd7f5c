"""Population projection and new homes of a place folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain import projection as domain
from nhcplanner.domain.projection import Projection
from nhcplanner.layers.place_folder.manifest import ProjectionFacts
from nhcplanner.layers.readers.tables import read_table

PROJECTION, HOMES = "projection.parquet", "homes.parquet"
TEXTS = ("code", "name", "age", "area_code")
AGAIN = "Build the place again"


def write_projection(projection: Projection | None, folder: Path) -> None:
    """Write a projection's tables into a new place folder; nothing if there is none."""
    if projection is None:
        return
    projection.table.to_parquet(folder / PROJECTION)
    if len(projection.homes):
        projection.homes.to_parquet(folder / HOMES)


def read_projection(folder: Path, facts: ProjectionFacts | None) -> Projection | None:
    """Read a place's population projection and new homes; None where place.toml names none.

    Raises
    ------
    InputError
        For a missing file, and for one whose columns are not those of a projection.
    """
    if facts is None:
        return None
    if not (folder / PROJECTION).is_file():
        words = f"has no {PROJECTION}, which place.toml speaks of"
        raise InputError([Fault(words, folder.name, hint=AGAIN)])
    table = _read(folder / PROJECTION, domain.KEYS)
    projection = Projection(**facts.model_dump(), table=table)
    if not projection.years or str(facts.base_year) not in table:
        words = f"has no people of {facts.base_year}, the year of the areas' people"
        raise InputError([Fault(words, PROJECTION, hint=AGAIN)])
    if not (folder / HOMES).is_file():
        return projection
    return replace(projection, homes=_read(folder / HOMES, domain.HOMES))


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """Read a table with its columns, whose figures are numbers of 0 or more."""
    frame = pd.DataFrame(read_table(path).frame)
    lost = [name for name in columns if name not in frame]
    if lost:
        raise InputError([Fault(f"has no column {', '.join(lost)}", path.name, hint=AGAIN)])
    figures = [name for name in frame if name not in TEXTS]
    numbers = frame[figures].apply(pd.to_numeric, errors="coerce")
    wrong = [str(name) for name in figures if not (numbers[name] >= 0).all()]
    if wrong:
        words = f"holds what is not a number of 0 or more in {', '.join(wrong[:5])}"
        raise InputError([Fault(words, path.name, hint=AGAIN)])
    return frame
