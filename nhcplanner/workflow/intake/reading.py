"""Reading of an uploaded list in several passes, so that all its problems appear at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain import column_checks
from nhcplanner.domain.intake import Question, questions_of
from nhcplanner.domain.place import Place
from nhcplanner.layers.readers.column_map import UNIT_WORDS, ColumnMap, Corrections, drop_rows
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.own_list import settle_sites
from nhcplanner.layers.validate import far_sites

NOT_USED = ""
"""Choice for a column that is not read."""
CHANGE, ADD, LEAVE_OUT = "change", "add", "leave out"
MATCHES = (CHANGE, LEAVE_OUT, ADD)
"""What to do with a row that may be a site of the place already."""


@dataclass(frozen=True)
class Decisions:
    """Decisions about an upload; tuples of pairs, so that two can be compared.

    Parameters
    ----------
    columns
        Heading -> column of the schema, or `NOT_USED`; others are used as guessed.
    words
        (column of the schema, word of the list) -> word of the schema.
    answers
        Key of a question, or "COLUMN.unit" -> answer.
    cells
        (row, heading) -> corrected text.
    left_out
        Numbers of the rows to leave out.
    no_faulty, no_far
        Whether to leave out all rows with problems, and all rows outside the place.
    matches
        Row number -> one of `MATCHES`, for rows that may be in the place already; row 0 means
        all that have no entry.
    """

    columns: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[tuple[str, str], str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    cells: tuple[tuple[tuple[int, str], str], ...] = ()
    left_out: frozenset[int] = frozenset()
    no_faulty: bool = False
    no_far: bool = False
    matches: tuple[tuple[int, str], ...] = ()

    @property
    def corrections(self) -> Corrections:
        """The corrected cells and the rows left out."""
        return Corrections(self.cells, self.left_out)


PASSES = 4
"""Times that a list is read, each time without the rows that had faults before."""


@dataclass(eq=False)
class Reading:
    """Sites, questions and faults of a list after several passes."""

    table: Table | None = None
    names: dict[str, str] = field(default_factory=dict)
    questions: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    far: list[Fault] = field(default_factory=list)
    blocking: list[Fault] = field(default_factory=list)


def read_rows(place: Place, table: Table, column_map: ColumnMap) -> Reading:
    """Read a list in passes, each without the faulty rows of before, until all faults are known."""
    reading = Reading(faults=[f for f in table.faults if not f.column or f.column in table.frame])
    table = drop_rows(table, {fault.row for fault in reading.faults})
    for number in range(PASSES + 1):
        if table.frame.empty:
            break
        try:
            sites, reading.names = settle_sites(table, column_map)
        except InputError as error:
            rest = _sort(error, reading, last=number == PASSES)
            if not rest:
                break
            table = drop_rows(table, rest)
            continue
        frame = gpd.GeoDataFrame(sites.frame)
        reading.far = sites.numbered(far_sites(place.areas, frame, sites.file, sites.first_row))
        near = drop_rows(sites, {fault.row for fault in reading.far})
        reading.table, reading.questions = None if near.frame.empty else near, {}
        break
    if "floor_area_m2" in column_map.sites and not column_map.assume.get("floor_area_m2.unit"):
        words = "is used as floor area, and neither heading nor choice names its unit"
        column = column_map.sites["floor_area_m2"]
        key = "floor_area_m2.unit"
        reading.questions[key] = (
            Question(words, table.file, None, column, "", key, UNIT_WORDS["floor_area_m2"]),
        )
    return reading


def _sort(error: InputError, reading: Reading, *, last: bool) -> set[int | None]:
    """Sort the faults of one reading; return the rows to leave out of the next."""
    questions: dict[str, list[Question]] = {}
    for question in questions_of(error):
        questions.setdefault(question.key, []).append(question)
    reading.questions = {key: tuple(group) for key, group in questions.items()}
    others = [fault for fault in error.faults if not isinstance(fault, Question)]
    by_row = [fault for fault in others if fault.row is not None and not last]
    reading.faults += by_row
    if not by_row and others:
        _settle_blocking(reading, others)
    return {fault.row for fault in by_row}


def _settle_blocking(reading: Reading, others: list[Fault]) -> None:
    """Report a fault that recurs row after row only once, as a fault of its column."""
    columns = {fault.column for fault in others if fault.column}
    first = {fault.column: fault for fault in reversed(reading.faults) if fault.column in columns}
    reading.faults = [fault for fault in reading.faults if fault.column not in columns]
    reading.blocking = [first.get(fault.column, fault) for fault in others]


def index_by_row(table: Table) -> gpd.GeoDataFrame:
    """Return sites of the schema, indexed by the list's row numbers."""
    sites = column_checks.typed(gpd.GeoDataFrame(table.frame), "sites")
    numbers = [table.row_number(n) for n in range(len(sites))]
    return sites.set_axis(pd.Index(numbers, name="row"))
