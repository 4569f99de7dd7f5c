"""Review of an uploaded list under the decisions of a user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault
from nhcplanner.base.text import plural, simple_name
from nhcplanner.domain.intake import ColumnIntake, FileIntake, Question
from nhcplanner.domain.place import Place
from nhcplanner.layers.readers.column_map import correct
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.clean import apart_note
from nhcplanner.workflow.intake.columns import (
    BLANK_STATUS,
    POSITIONS,
    ColumnChoice,
    WordChoice,
    blank_rows,
    build_column_map,
    fill_blanks,
    find_doubled,
    is_word_question,
    list_words,
    read_word,
    sample,
    units_of,
)
from nhcplanner.workflow.intake.reading import (
    NOT_USED,
    Decisions,
    Reading,
    index_by_row,
    read_rows,
)
from nhcplanner.workflow.intake.upload import Match, Upload, find_matches

CHOOSE = "Choose what the column is, or Not used"


@dataclass(frozen=True, eq=False, kw_only=True)
class FileReview:
    """An uploaded file after reading it with the decisions of a user.

    Parameters
    ----------
    columns, words
        Its columns, and the words for status, works and kind.
    units
        Our column -> the unit that the heading names, for columns that have one.
    questions
        All questions by key, answered or not.
    open_keys
        Keys of the questions without an answer.
    faults
        Faults of single rows.
    far
        Faults of rows that lie outside the place.
    blocking
        Faults of the file or of columns.
    is_long
        Whether it is a long table, whose columns are recognised by their headings alone.
    """

    columns: tuple[ColumnChoice, ...]
    words: tuple[WordChoice, ...]
    units: Mapping[str, str]
    questions: Mapping[str, tuple[Question, ...]]
    open_keys: tuple[str, ...]
    faults: tuple[Fault, ...]
    far: tuple[Fault, ...] = ()
    blocking: tuple[Fault, ...]
    is_long: bool = False

    @property
    def open_rows(self) -> tuple[int, ...]:
        """Numbers of the rows with problems."""
        return tuple(sorted({fault.row for fault in self.faults if fault.row is not None}))


@dataclass(frozen=True, eq=False, kw_only=True)
class Review(FileReview):
    """An uploaded list of sites after reading it with the decisions of a user.

    Parameters
    ----------
    sites
        Rows without problems as sites, index = row numbers; None until all questions have answers.
    matches
        Rows that may be sites of the place already.
    intake
        Record of how the list was read.
    has_ids
        Whether the list gives ids.
    defaulted
        "status" and "kind" -> numbers of the rows whose own cell is blank.
    exact
        Numbers of the rows that give coordinates, not only a postcode.
    """

    sites: gpd.GeoDataFrame | None
    matches: tuple[Match, ...]
    intake: FileIntake
    has_ids: bool
    defaulted: Mapping[str, frozenset[int]]
    exact: frozenset[int]


def review(place: Place, upload: Upload, decisions: Decisions) -> Review:
    """Read an upload with the decisions of a user.

    Parameters
    ----------
    place
        The place with the edits so far.
    upload
        The list.
    decisions
        Decisions so far.
    """
    guesses, unclear = upload.guesses_and_problems
    chosen = {**guesses, **dict(decisions.columns)}
    chosen = {name: chosen[name] for name in upload.columns if chosen.get(name)}
    decided = {name for name, _ in decisions.columns}
    unsettled = {name: words for name, words in unclear.items() if name not in decided}
    table = correct(upload.table, decisions.corrections)
    words = list_words(table, chosen, dict(decisions.words))
    table = fill_blanks(table, chosen, words, dict(decisions.words))
    unused = [name for name in upload.columns if name not in chosen]
    table = table.with_frame(table.frame.drop(columns=unused))
    blocking = [
        *(Fault(words, table.file, None, name, CHOOSE) for name, words in unsettled.items()),
        *find_doubled(chosen, table.file),
    ]
    column_map = build_column_map(guesses, chosen, words, decisions)
    answers, reading = dict(decisions.answers), Reading()
    questions: dict[str, tuple[Question, ...]] = {}
    new_answers = {} if blocking else {"": ""}
    while new_answers:
        reading = read_rows(place, table, column_map)
        new = {key: group for key, group in reading.questions.items() if key not in questions}
        questions |= new
        new_answers = {key: answers[key] for key in new if answers.get(key)}
        column_map = replace(column_map, assume={**column_map.assume, **new_answers})
    blocking += reading.blocking
    if blocking:  # a column that is not settled may cause the other questions
        questions = {key: group for key, group in questions.items() if is_word_question(key)}
    problems = {fault.column: f"{fault.problem}. {fault.hint}" for fault in blocking}
    sites = None
    if reading.table is not None and not blocking and not reading.questions:
        sites = index_by_row(reading.table)
        reading.table = reading.table.with_frame(reading.table.frame, *apart_note(sites))
    return Review(
        columns=tuple(
            ColumnChoice(
                name, sample(upload.table.frame[name]), chosen.get(name, NOT_USED),
                problems.get(name, ""),
            )
            for name in upload.columns
        ),
        words=words,
        units=units_of(chosen),
        questions=questions,
        open_keys=tuple(reading.questions),
        faults=tuple(reading.faults),
        far=tuple(reading.far),
        blocking=tuple(blocking),
        sites=sites,
        matches=() if sites is None else find_matches(place, sites, "site_id" in reading.names),
        intake=_record(upload, reading.table or table, unused, decisions),
        has_ids="site_id" in reading.names,
        defaulted={name: blank_rows(table, chosen, name) for name in ("status", "kind")},
        exact=_exact(table, chosen),
    )  # fmt: skip


def _exact(table: Table, chosen: Mapping[str, str]) -> frozenset[int]:
    """Return the numbers of the rows that give coordinates."""
    frame = table.frame
    columns = [name for name, ours in chosen.items() if ours in POSITIONS]
    columns += [name for name in frame.columns if simple_name(str(name)) in ("geometry", "wkt")]
    filled = frame[columns].notna().any(axis=1) if columns else pd.Series(False, frame.index)
    return frozenset(table.row_number(n) for n, is_filled in enumerate(filled) if is_filled)


def _record(
    upload: Upload, table: Table, unused: Iterable[str], decisions: Decisions
) -> FileIntake:
    """Return the record of an upload with the decisions of the user."""
    record = replace(
        table.intake, file=upload.table.file, sha256=upload.sha256, role="sites",
        rows_read=len(upload.table.frame),
        columns=(*table.intake.columns, *map(ColumnIntake, unused)),
    )  # fmt: skip
    recorded = " ".join(event.words for event in record.events)
    for note in table.notes:
        if note.partition(":")[0] not in recorded and not note.startswith("columns not used"):
            record = record.with_event("note", note)
    events = [
        ("column", "chosen on screen",
         [f"{theirs} -> {ours or 'not used'}" for theirs, ours in decisions.columns]),
        ("word", "chosen on screen",
         [f"{column} {word or 'blank'} -> {ours}" for (column, word), ours in decisions.words
                if ours != (read_word(column, word) if word else BLANK_STATUS)]),
        ("answer", "given on screen", [f"{key} = {answer}" for key, answer in decisions.answers]),
        ("cell", "corrected on screen",
         [f"row {row}, {heading}: {text[:40]}" for (row, heading), text in decisions.cells]),
    ]  # fmt: skip
    for noun, words, examples in events:
        if examples:
            record = record.with_event(
                "assumed", f"{plural(len(examples), noun)} {words}", len(examples), examples
            )
    if decisions.left_out:
        rows = [f"row {row}" for row in sorted(decisions.left_out)]
        words = f"{plural(len(rows), 'row')} left out on screen"
        record = record.with_event("left out", words, len(rows), rows)
    return record
