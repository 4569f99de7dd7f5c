"""An uploaded file: its rows and first guesses, and its review under a user's decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, simple_name
from nhcplanner.domain.intake import ColumnIntake, FileIntake, Question
from nhcplanner.domain.place import Place
from nhcplanner.layers.readers.column_map import ColumnMap, correct
from nhcplanner.layers.readers.patients import REMOVE
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.clean import apart_note
from nhcplanner.layers.sites.duplicates import find_duplicates, is_alike
from nhcplanner.layers.sites.own_list import read_upload
from nhcplanner.workflow.intake.columns import (
    BLANK_STATUS,
    FURTHER,
    POSITIONS,
    ColumnChoice,
    WordChoice,
    blank_rows,
    build_column_map,
    fill_blanks,
    find_doubled,
    guess_columns,
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


@dataclass(frozen=True, eq=False)
class Upload:
    """An uploaded file, unchanged.

    Parameters
    ----------
    table
        Rows, with the columns of the list.
    sha256
        Hash of the file.
    options
        Answers that the file was read with, such as which sheet.
    role
        "sites", "areas", "table", "projections" or "housing".
    """

    table: Table
    sha256: str
    options: tuple[tuple[str, str], ...] = ()
    role: str = "sites"

    @property
    def columns(self) -> list[str]:
        """Headings of the columns."""
        return [str(name) for name in self.table.frame.columns if name != "geometry"]

    @cached_property
    def guesses_and_problems(self) -> tuple[dict[str, str], dict[str, str]]:
        """Guess for each heading, and the problems of headings that are not clear."""
        return guess_columns(self.table, self.role)

    @property
    def guesses(self) -> dict[str, str]:
        """Guess for each heading; headings that are not clear are left out."""
        guesses, unsure = self.guesses_and_problems
        return {name: guesses.get(name, NOT_USED) for name in self.columns if name not in unsure}

    def cells(
        self,
        rows: Iterable[int],
        columns: Iterable[str],
        corrections: Mapping[tuple[int, str], str],
    ) -> list[list[str]]:
        """Return the text of cells by row number and heading, with corrections."""
        at = {self.table.row_number(n): n for n in range(len(self.table.frame))}
        names = list(columns)
        table = []
        for row in rows:
            cells = self.table.frame.iloc[at[row]]
            table.append(
                [
                    corrections.get((row, n), "" if pd.isna(cells[n]) else str(cells[n]))
                    for n in names
                ]
            )
        return table


def receive(
    content: bytes, name: str, options: Mapping[str, str] | None = None, role: str = "sites"
) -> Upload:
    """Read an uploaded file without changes.

    Parameters
    ----------
    content, name
        The file and its name.
    options
        Answers about the file: "sheet", "hidden".
    role
        "sites", "areas", "table", "projections" or "housing".

    Raises
    ------
    InputError
        If it cannot be read, or looks like data about patients.
    """
    options = {key: answer for key, answer in (options or {}).items() if answer}
    is_list = role == "sites"
    patterns = tuple(one for each in FURTHER.get(role, {}).values() for one in each)
    column_map = ColumnMap(assume=options)
    table = read_upload(content, name, column_map, is_list=is_list, looked_for=patterns)
    return Upload(table, sha256(content).hexdigest(), tuple(sorted(options.items())), role)


def patient_columns(error: InputError) -> tuple[str, ...]:
    """Return the columns that look like data about patients; empty for other errors."""
    return tuple(fault.column for fault in error.faults if fault.hint == REMOVE)


SAME_M = 500.0
"""Beyond this distance, a row with a site's id but another name may be another site."""


@dataclass(frozen=True)
class Match:
    """A row of an upload that may be a site of the place already.

    Parameters
    ----------
    row, name
        The row's number, and the name it gives.
    site_id, site_name
        The site of the place.
    metres
        Distance between the two.
    sure
        Whether the row has the site's id, with a similar name or within `SAME_M`.
    same_id
        Whether the row has the site's id.
    """

    row: int
    name: str
    site_id: str
    site_name: str
    metres: float
    sure: bool
    same_id: bool


def find_matches(place: Place, sites: gpd.GeoDataFrame, has_ids: bool) -> tuple[Match, ...]:
    """Return rows that may be sites of the place: same id, or similar name and close by."""
    here = place.sites
    names = place.site_names.astype("str").tolist()
    rows = {str(site): n for n, site in enumerate(here["site_id"])}
    own = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"]).astype("str").tolist()
    matches: dict[int, Match] = {}
    if has_ids:
        for n, site in enumerate(sites["site_id"]):
            at = rows.get(str(site))
            if at is None:
                continue
            metres = float(sites.geometry.iloc[n].distance(here.geometry.iloc[at]))
            alike = _is_same_name(own[n], names[at]) or own[n] == str(site)
            matches[n] = Match(int(sites.index[n]), own[n], str(site), names[at], metres,
                                 sure=alike or metres <= SAME_M, same_id=True)  # fmt: skip
    columns = ["site_name", "postcode", "status", "geometry"]
    both = gpd.GeoDataFrame(
        pd.concat([here, sites], ignore_index=True).reindex(columns=columns), crs=here.crs
    ).assign(kind="")
    pairs = [p for p in find_duplicates(both) if p.first < len(here) <= p.second]
    for pair in sorted(pairs, key=lambda pair: pair.metres):
        n = pair.second - len(here)
        if n not in matches or not matches[n].sure:
            site = str(here["site_id"].iloc[pair.first])
            matches[n] = Match(int(sites.index[n]), own[n], site, names[pair.first], pair.metres,
                                 sure=False, same_id=False)  # fmt: skip
    return tuple(matches[n] for n in sorted(matches))


def _is_same_name(name: str, other: str) -> bool:
    first, second = simple_name(name), simple_name(other)
    return bool(first and second) and (first == second or is_alike(first, second))


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
