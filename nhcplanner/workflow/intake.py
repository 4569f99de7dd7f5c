"""Uploaded lists of sites: what each column, word and row means, settled before sites are added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain import schema
from nhcplanner.domain.columns import KINDS, SITES, STATUSES, WORKS
from nhcplanner.domain.intake import ColumnIntake, FileIntake, Question, questions_of
from nhcplanner.domain.place import Fact, Place, SiteEdit
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.columns import UNIT_WORDS, ColumnMap, match_columns
from nhcplanner.layers.readers.patients import REMOVE
from nhcplanner.layers.readers.tables import Table, is_sheet
from nhcplanner.layers.readers.vocabulary import coordinate_of
from nhcplanner.layers.sites import clean
from nhcplanner.layers.sites.clean import apart_note
from nhcplanner.layers.sites.duplicates import find_duplicates, is_alike
from nhcplanner.layers.sites.own_list import read_upload, report_unused, settle_sites
from nhcplanner.layers.validate import far_sites
from nhcplanner.workflow.sites import Choices, fact

NOT_USED = ""
"""Chosen for a column that is not read."""
POSITIONS = ("easting", "northing", "lon", "lat", "grid_reference")
FIELDS = (*(column.name for column in SITES if column.name != "geometry"), *POSITIONS)
"""What a column of a list may be."""
WORD_COLUMNS: Mapping[str, tuple[str, ...]] = {"status": STATUSES, "works": WORKS, "kind": KINDS}
"""Columns whose words are mapped to ours, and our words."""
MOST_WORDS = 40
"""Distinct words of a column that are offered for mapping, at most."""
UNITS = {ours: UNIT_WORDS[ours] for ours in ("cost", "running_cost", "floor_area_m2")}
"""Columns of sites that have a unit, and the units."""
SAMPLES = 3
MOST_LINES = 10
CHOOSE = "Choose what the column is, or Not used"
PASSES = 4
"""Times that a list is read, each time without the rows found faulty before."""
SAME_M = 500.0
"""A row with the id of a site farther away than this, and of another name, may be another site."""
BLANK_STATUS = "candidate"
"""What a blank status is read as without a decision."""
CHANGE, ADD, LEAVE_OUT = "change", "add", "leave out"
MATCHES = (CHANGE, LEAVE_OUT, ADD)
"""What to do with a row that may be a site of the place already."""


@dataclass(frozen=True, eq=False)
class Upload:
    """An uploaded list, as it is.

    Parameters
    ----------
    table
        Its rows, with the list's own columns.
    sha256
        Hash of the file.
    options
        Answers that the file was read with, such as which sheet.
    """

    table: Table
    sha256: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> list[str]:
        """Headings of the columns."""
        return [str(name) for name in self.table.frame.columns if name != "geometry"]

    @cached_property
    def taken_for(self) -> tuple[dict[str, str], dict[str, str]]:
        """What each column is taken for by its name, and why some may be several things."""
        return _guesses(self.table)

    @property
    def guesses(self) -> dict[str, str]:
        """What each column is taken for by its name; columns that are not clear are left out."""
        guesses, unsure = self.taken_for
        return {name: guesses.get(name, NOT_USED) for name in self.columns if name not in unsure}

    def cells(
        self, rows: Iterable[int], columns: Iterable[str], mended: Mapping[tuple[int, str], str]
    ) -> list[list[str]]:
        """Text of some cells, by numbers of rows and headings, with corrections."""
        at = {self.table.row_number(n): n for n in range(len(self.table.frame))}
        names = list(columns)
        found = []
        for row in rows:
            given = self.table.frame.iloc[at[row]]
            found.append(
                [mended.get((row, n), "" if pd.isna(given[n]) else str(given[n])) for n in names]
            )
        return found


@dataclass(frozen=True)
class Decisions:
    """What a user decided about an upload; each is a tuple of pairs, so that it can be compared.

    Parameters
    ----------
    columns
        Heading -> our column, or `NOT_USED`; columns without an entry are what they are taken for.
    words
        (our column, word of the list) -> our word.
    answers
        Key of a question, or "COLUMN.unit" -> answer.
    cells
        (row, heading) -> text instead of the cell's.
    left_out
        Numbers of rows that are left out.
    no_faulty, no_far
        Whether all rows with problems, and all rows outside the place, are left out.
    matches
        Row number -> one of `MATCHES`, for rows that may be in the place already; row 0 stands for
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


@dataclass(frozen=True)
class ColumnChoice:
    """One column of an upload.

    Parameters
    ----------
    theirs
        The heading.
    samples
        Up to three different cells.
    ours
        What it is used as.
    problem
        What is wrong with it, in words; empty where it is settled.
    """

    theirs: str
    samples: tuple[str, ...]
    ours: str
    problem: str = ""


@dataclass(frozen=True)
class WordChoice:
    """One word of a column of words.

    Parameters
    ----------
    column
        Our column: "status", "works" or "kind".
    word
        As the list has it; empty for blank cells.
    count
        Number of cells.
    guess
        What it is read as without a decision; empty where it is not known.
    ours
        What it is read as.
    """

    column: str
    word: str
    count: int
    guess: str
    ours: str


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
        Whether the row has the site's id, and nothing speaks against it.
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


@dataclass(frozen=True, eq=False)
class Review:
    """An upload read under a user's decisions.

    Parameters
    ----------
    columns, words
        Its columns and the words of columns of words.
    units
        Our column -> the unit that the heading names, for columns that have one.
    questions
        Every question asked, answered or not, by key.
    open_keys
        Keys of those that have no answer yet.
    faults
        Faults of single rows.
    far
        Faults of rows that lie outside the place.
    blocking
        Faults of the file or of columns.
    sites
        The sound rows as sites, index = row numbers; None while something is open.
    matches
        Rows that may be in the place already.
    intake
        The record of how the list was read.
    has_ids
        Whether the list gives ids.
    defaulted
        "status" and "kind" -> numbers of the rows whose own cell is blank.
    exact
        Numbers of the rows that give coordinates, not only a postcode.
    """

    columns: tuple[ColumnChoice, ...]
    words: tuple[WordChoice, ...]
    units: Mapping[str, str]
    questions: Mapping[str, tuple[Question, ...]]
    open_keys: tuple[str, ...]
    faults: tuple[Fault, ...]
    far: tuple[Fault, ...]
    blocking: tuple[Fault, ...]
    sites: gpd.GeoDataFrame | None
    matches: tuple[Match, ...]
    intake: FileIntake
    has_ids: bool
    defaulted: Mapping[str, frozenset[int]]
    exact: frozenset[int]

    @property
    def open_rows(self) -> tuple[int, ...]:
        """Numbers of the rows with problems."""
        return tuple(sorted({fault.row for fault in self.faults if fault.row is not None}))


def receive(content: bytes, name: str, options: Mapping[str, str] | None = None) -> Upload:
    """Read an uploaded list of sites as it is.

    Parameters
    ----------
    content, name
        The file and its name.
    options
        Answers about the file: "sheet", "hidden".

    Raises
    ------
    InputError
        If it cannot be read, or looks like data about patients.
    """
    options = {key: answer for key, answer in (options or {}).items() if answer}
    table = read_upload(content, name, ColumnMap(assume=options))
    return Upload(table, sha256(content).hexdigest(), tuple(sorted(options.items())))


def patient_columns(error: InputError) -> tuple[str, ...]:
    """Return the columns that look like data about patients; empty for other errors."""
    return tuple(fault.column for fault in error.faults if fault.hint == REMOVE)


def review(place: Place, upload: Upload, decisions: Decisions) -> Review:
    """Read an upload under a user's decisions.

    Parameters
    ----------
    place
        The place with the edits so far.
    upload
        The list.
    decisions
        What the user decided so far.
    """
    guesses, unsure = upload.taken_for
    chosen = {**guesses, **dict(decisions.columns)}
    chosen = {name: chosen[name] for name in upload.columns if chosen.get(name)}
    decided = {name for name, _ in decisions.columns}
    unsettled = {name: words for name, words in unsure.items() if name not in decided}
    table = _mended(upload.table, decisions)
    words = _words(table, chosen, dict(decisions.words))
    table = _filled(table, chosen, words, dict(decisions.words))
    unused = [name for name in upload.columns if name not in chosen]
    table = table.with_frame(table.frame.drop(columns=unused))
    blocking = [
        *(Fault(words, table.file, None, name, CHOOSE) for name, words in unsettled.items()),
        *_doubled(chosen, table.file),
    ]
    column_map = _column_map(guesses, chosen, words, decisions)
    answers, found = dict(decisions.answers), _Found()
    questions: dict[str, tuple[Question, ...]] = {}
    given = {} if blocking else {"": ""}
    while given:
        found = _read(place, table, column_map)
        new = {key: asked for key, asked in found.questions.items() if key not in questions}
        questions |= new
        given = {key: answers[key] for key in new if answers.get(key)}
        column_map = replace(column_map, assume={**column_map.assume, **given})
    blocking += found.blocking
    if blocking:  # what is asked now may be due to a column that is not settled
        questions = {key: asked for key, asked in questions.items() if is_word_question(key)}
    problems = {fault.column: f"{fault.problem}. {fault.hint}" for fault in blocking}
    sites = None
    if found.table is not None and not blocking and not found.questions:
        sites = _by_row(found.table)
        found.table = found.table.with_frame(found.table.frame, *apart_note(sites))
    return Review(
        columns=tuple(
            ColumnChoice(
                name, _samples(upload.table.frame[name]), chosen.get(name, NOT_USED),
                problems.get(name, ""),
            )
            for name in upload.columns
        ),
        words=words,
        units=_units(chosen),
        questions=questions,
        open_keys=tuple(found.questions),
        faults=tuple(found.faults),
        far=tuple(found.far),
        blocking=tuple(blocking),
        sites=sites,
        matches=() if sites is None else _matches(place, sites, "site_id" in found.names),
        intake=_record(upload, found.table or table, unused, decisions),
        has_ids="site_id" in found.names,
        defaulted={name: _defaulted(table, chosen, name) for name in ("status", "kind")},
        exact=_exact(table, chosen),
    )  # fmt: skip


@dataclass(eq=False)
class _Found:
    """What reading a list in several passes found."""

    table: Table | None = None
    names: dict[str, str] = field(default_factory=dict)
    questions: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    far: list[Fault] = field(default_factory=list)
    blocking: list[Fault] = field(default_factory=list)


def _read(place: Place, table: Table, column_map: ColumnMap) -> _Found:
    """Read a list again and again without its faulty rows, until all faults are known."""
    found = _Found(faults=[f for f in table.faults if not f.column or f.column in table.frame])
    table = _without(table, {fault.row for fault in found.faults})
    for number in range(PASSES + 1):
        if table.frame.empty:
            break
        try:
            sites, found.names = settle_sites(table, column_map)
        except InputError as error:
            rest = _sort(error, found, last=number == PASSES)
            if not rest:
                break
            table = _without(table, rest)
            continue
        frame = gpd.GeoDataFrame(sites.frame)
        found.far = sites.numbered(far_sites(place.areas, frame, sites.file, sites.first_row))
        near = _without(sites, {fault.row for fault in found.far})
        found.table, found.questions = None if near.frame.empty else near, {}
        break
    if "floor_area_m2" in column_map.sites and not column_map.assume.get("floor_area_m2.unit"):
        words = "is used as floor area, and neither heading nor choice names its unit"
        column = column_map.sites["floor_area_m2"]
        key = "floor_area_m2.unit"
        found.questions[key] = (
            Question(words, table.file, None, column, "", key, UNIT_WORDS["floor_area_m2"]),
        )
    return found


def _sort(error: InputError, found: _Found, *, last: bool) -> set[int | None]:
    """Sort the faults of one reading; return the rows to leave out of the next."""
    questions: dict[str, list[Question]] = {}
    for question in questions_of(error):
        questions.setdefault(question.key, []).append(question)
    found.questions = {key: tuple(asked) for key, asked in questions.items()}
    others = [fault for fault in error.faults if not isinstance(fault, Question)]
    by_row = [fault for fault in others if fault.row is not None and not last]
    found.faults += by_row
    if not by_row and others:
        _settle_blocking(found, others)
    return {fault.row for fault in by_row}


def _settle_blocking(found: _Found, others: list[Fault]) -> None:
    """Report faults that turn up row after row once, as faults of their columns."""
    columns = {fault.column for fault in others if fault.column}
    first = {fault.column: fault for fault in reversed(found.faults) if fault.column in columns}
    found.faults = [fault for fault in found.faults if fault.column not in columns]
    found.blocking = [first.get(fault.column, fault) for fault in others]


def _without(table: Table, rows: Iterable[int | None]) -> Table:
    gone = set(rows)
    if not gone:
        return table
    numbers = [table.row_number(n) for n in range(len(table.frame))]
    return table.kept(np.array([number not in gone for number in numbers], dtype=bool))


def _by_row(table: Table) -> gpd.GeoDataFrame:
    """Sites of the schema, indexed by the list's row numbers."""
    sites = schema.typed(gpd.GeoDataFrame(table.frame), "sites")
    numbers = [table.row_number(n) for n in range(len(sites))]
    return sites.set_axis(pd.Index(numbers, name="row"))


def _mended(table: Table, decisions: Decisions) -> Table:
    """The table with a user's corrections, without the rows that they leave out."""
    frame = table.frame.copy()
    rows = {table.row_number(n): n for n in range(len(frame))}
    done = set()
    for (row, heading), text in decisions.cells:
        if row in rows and heading in frame:
            if frame[heading].dtype != "object":
                frame[heading] = frame[heading].astype("object")
            frame.loc[rows[row], heading] = text.strip() or None
            done.add((row, heading))
    mended = {row for row, _ in done}
    faults = tuple(
        fault
        for fault in table.faults
        if fault.row not in decisions.left_out
        and ((fault.row, fault.column) not in done if fault.column else fault.row not in mended)
    )
    return _without(replace(table, frame=frame, faults=faults), decisions.left_out)


def _guesses(table: Table) -> tuple[dict[str, str], dict[str, str]]:
    """What each column is taken for, and the problems of columns that may be several things."""
    unsure: dict[str, str] = {}
    frame = table.frame
    while True:
        try:
            names = match_columns(frame, "sites", {}, table.file, "", tuple(unsure))
            break
        except InputError as error:
            unsure |= {fault.column: fault.problem for fault in error.faults}
    for problem in set(unsure.values()):
        rest = [name for name in names.values() if f"{name} " in f"{problem} "]
        unsure |= dict.fromkeys(rest, problem)
    if is_sheet(table.path):
        known = {ours: theirs for ours, theirs in names.items() if theirs not in unsure}
        near, _ = report_unused(table, known, ColumnMap(ignore=tuple(unsure)))
        unsure |= {fault.column: fault.problem for fault in near}
    guesses = {theirs: ours for ours, theirs in names.items() if theirs not in unsure}
    taken: set[str] = set()
    for theirs in map(str, frame.columns):
        ours = coordinate_of(theirs)
        if ours in POSITIONS and theirs not in guesses and ours not in taken:
            guesses[theirs] = ours
            taken.add(ours)
    return guesses, unsure


def _doubled(chosen: Mapping[str, str], file: str) -> list[Fault]:
    counts = Counter(ours for ours in chosen.values() if ours)
    found = []
    for ours in (name for name, number in counts.items() if number > 1):
        both = [theirs for theirs, name in chosen.items() if name == ours]
        words = f"{' and '.join(both)} are both used as {ours.replace('_', ' ')}"
        found.append(Fault(words, file, None, both[0], "Set all but one of them to Not used"))
    return found


def _column_map(
    guesses: Mapping[str, str], chosen: Mapping[str, str], words: Iterable[WordChoice],
    decisions: Decisions,
) -> ColumnMap:  # fmt: skip
    said = {
        ours: theirs for theirs, ours in chosen.items() if ours and guesses.get(theirs, "") != ours
    }
    answers = dict(decisions.answers)
    units = {f"{ours}.unit": answers[f"{ours}.unit"] for ours in UNITS
             if answers.get(f"{ours}.unit") and ours in chosen.values()}  # fmt: skip
    size = said.get("floor_area_m2", "")
    named = _units({size: "floor_area_m2"})["floor_area_m2"]
    if size and named:
        units.setdefault("floor_area_m2.unit", named)
    values: dict[str, dict[str, str]] = {}
    for each in words:
        if each.word and each.ours and each.ours != each.guess:
            values.setdefault(each.column, {})[each.word] = each.ours
    return ColumnMap(sites=said, values=values, assume=units)


def _read_as(column: str, word: str) -> str:
    """What a word is read as without a decision; empty where it is not known."""
    text = " ".join(word.split()).lower()
    blank = clean.BLANK_STATUS if column == "status" else cells.BLANK
    if text in blank:
        return ""
    try:
        return str(clean.WORDS[column](text))
    except ValueError:
        return ""


def _is_blank(column: str, word: str) -> bool:
    blank = clean.BLANK_STATUS if column == "status" else cells.BLANK
    return not word or " ".join(word.split()).lower() in blank


def _words(
    table: Table, chosen: Mapping[str, str], decided: Mapping[tuple[str, str], str]
) -> tuple[WordChoice, ...]:
    """Each distinct word of a column of words, the unknown ones and then the commonest first."""
    found: list[WordChoice] = []
    for ours in WORD_COLUMNS:
        theirs = next((name for name, used in chosen.items() if used == ours), None)
        if theirs not in table.frame:
            continue
        cleaned = table.frame[theirs].astype("object").fillna("").astype("str").str.strip()
        counts: dict[str, tuple[str, int]] = {}
        for word, number in cleaned.value_counts().items():
            key = "" if _is_blank(ours, str(word)) else simple_name(str(word)) or str(word)
            first, so_far = counts.get(key, (str(word) if key else "", 0))
            counts[key] = (first, so_far + int(number))
        each = [
            WordChoice(
                ours,
                word,
                number,
                _read_as(ours, word),
                decided.get((ours, word)) or _read_as(ours, word),
            )
            for word, number in counts.values()
            if word or ours == "status"
        ]
        each.sort(key=lambda one: (bool(one.guess), -one.count))
        found += each
    return tuple(found)


def _filled(
    table: Table, chosen: Mapping[str, str], words: Iterable[WordChoice],
    decided: Mapping[tuple[str, str], str],
) -> Table:  # fmt: skip
    """The table with the user's word for blank cells of a status."""
    for each in words:
        if each.word or decided.get((each.column, ""), BLANK_STATUS) == BLANK_STATUS:
            continue
        theirs = next(name for name, used in chosen.items() if used == each.column)
        cleaned = table.frame[theirs].astype("object").fillna("").astype("str")
        blank = cleaned.map(lambda word, column=each.column: _is_blank(column, word.strip()))
        filled = cleaned.where(~blank, decided[each.column, ""])
        heading = f"'{theirs}' blank in {plural(int(blank.sum()), 'row')}"
        table = table.with_event(
            "assumed", f"{heading}: taken as {decided[each.column, '']}", int(blank.sum())
        ).with_frame(table.frame.assign(**{theirs: filled}))
    return table


def _units(chosen: Mapping[str, str]) -> dict[str, str]:
    """The unit that each heading names, for columns that have one."""
    found = {}
    for theirs, ours in chosen.items():
        if ours == "floor_area_m2":
            feet, metres = cells.FEET2.search(theirs.lower()), cells.METRES2.search(theirs.lower())
            found[ours] = "sq ft" if feet else "m2" if metres else ""
        elif ours in UNITS:
            found[ours] = cells.money_unit(theirs)
    return found


def _samples(column: pd.Series) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for cell in column.dropna():
        found.setdefault(str(cell)[:40])
        if len(found) == SAMPLES:
            break
    return tuple(found)


def _matches(place: Place, sites: gpd.GeoDataFrame, has_ids: bool) -> tuple[Match, ...]:
    """Rows that may be sites of the place: by id, or alike in name and close."""
    here = place.sites
    names = place.site_names.astype("str").tolist()
    rows = {str(site): n for n, site in enumerate(here["site_id"])}
    own = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"]).astype("str").tolist()
    found: dict[int, Match] = {}
    if has_ids:
        for n, site in enumerate(sites["site_id"]):
            at = rows.get(str(site))
            if at is None:
                continue
            metres = float(sites.geometry.iloc[n].distance(here.geometry.iloc[at]))
            alike = _alike(own[n], names[at]) or own[n] == str(site)
            found[n] = Match(int(sites.index[n]), own[n], str(site), names[at], metres,
                             sure=alike or metres <= SAME_M, same_id=True)  # fmt: skip
    keep = ["site_name", "postcode", "status", "geometry"]
    both = gpd.GeoDataFrame(
        pd.concat([here, sites], ignore_index=True).reindex(columns=keep), crs=here.crs
    ).assign(kind="")
    pairs = [p for p in find_duplicates(both) if p.first < len(here) <= p.second]
    for pair in sorted(pairs, key=lambda one: one.metres):
        n = pair.second - len(here)
        if n not in found or not found[n].sure:
            site = str(here["site_id"].iloc[pair.first])
            found[n] = Match(int(sites.index[n]), own[n], site, names[pair.first], pair.metres,
                             sure=False, same_id=False)  # fmt: skip
    return tuple(found[n] for n in sorted(found))


def _alike(one: str, other: str) -> bool:
    first, second = simple_name(one), simple_name(other)
    return bool(first and second) and (first == second or is_alike(first, second))


def _defaulted(table: Table, chosen: Mapping[str, str], ours: str) -> frozenset[int]:
    """Numbers of the rows where a column of words is blank or missing."""
    theirs = next((name for name, used in chosen.items() if used == ours), None)
    numbers = [table.row_number(n) for n in range(len(table.frame))]
    if theirs is None:
        return frozenset(numbers)
    cleaned = table.frame[theirs].astype("object").fillna("").astype("str")
    return frozenset(n for n, word in zip(numbers, cleaned, strict=True)
                     if _is_blank(ours, word.strip()))  # fmt: skip


def _exact(table: Table, chosen: Mapping[str, str]) -> frozenset[int]:
    """Numbers of the rows that give coordinates."""
    frame = table.frame
    columns = [name for name, ours in chosen.items() if ours in POSITIONS]
    columns += [name for name in frame.columns if simple_name(str(name)) in ("geometry", "wkt")]
    filled = frame[columns].notna().any(axis=1) if columns else pd.Series(False, frame.index)
    return frozenset(table.row_number(n) for n, is_filled in enumerate(filled) if is_filled)


def _record(
    upload: Upload, table: Table, unused: Iterable[str], decisions: Decisions
) -> FileIntake:
    """The record of an upload, with what the user decided."""
    record = replace(
        table.intake, file=upload.table.file, sha256=upload.sha256, role="sites",
        rows_read=len(upload.table.frame),
        columns=(*table.intake.columns, *map(ColumnIntake, unused)),
    )  # fmt: skip
    told = " ".join(event.words for event in record.events)
    for note in table.notes:
        if note.partition(":")[0] not in told and not note.startswith("columns not used"):
            record = record.with_event("note", note)
    events = [
        ("column", "chosen on screen",
         [f"{theirs} -> {ours or 'not used'}" for theirs, ours in decisions.columns]),
        ("word", "chosen on screen",
         [f"{column} {word or 'blank'} -> {ours}" for (column, word), ours in decisions.words
                if ours != (_read_as(column, word) if word else BLANK_STATUS)]),
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


@dataclass(frozen=True, eq=False)
class Preview:
    """What adding an upload does.

    Parameters
    ----------
    actions
        Row number -> one of `MATCHES`; "" where the user has not decided yet.
    left_out
        Numbers of the rows that are left out, with the reason.
    waiting
        What keeps the list from being added, in sentences.
    choices
        The choices with the list; those of before while something is waiting.
    added, changed, unchanged
        Ids of sites that are added, changed, and named by the list without a change.
    record
        The record of the list.
    """

    actions: Mapping[int, str]
    left_out: Mapping[int, str]
    waiting: tuple[str, ...]
    choices: Choices
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    record: FileIntake


def preview(
    base: Place, place: Place, found: Review, decisions: Decisions, now: Choices
) -> Preview:
    """Return what adding an upload does to the sites.

    Parameters
    ----------
    base, place
        The place without and with the edits so far.
    found
        The upload, read under the decisions.
    decisions
        What the user decided.
    now
        The choices so far.
    """
    actions = _actions(found, decisions)
    left_out = _left_out(found, decisions, actions)
    waiting = tuple(_waiting(found, decisions, actions))
    record = found.intake
    if left_out:
        rows = [f"row {row}: {reason}" for row, reason in sorted(left_out.items())]
        more = {row for row in left_out if row not in decisions.left_out}
        if more:
            words = f"{plural(len(more), 'row')} with problems or already in the place left out"
            record = record.with_event("left out", words, len(more), rows)
    if waiting or found.sites is None:
        return Preview(actions, left_out, waiting, now, (), (), (), record)
    edits = {one.site_id: one for one in now.edits}
    known = set(base.sites["site_id"])
    ids = _ids(found, place, actions)
    here = place.sites.set_index("site_id")
    groups: dict[str, list[str]] = {"added": [], "changed": [], "unchanged": []}
    for row, given in _rows(found.sites):
        if row not in ids:
            continue
        site, shape = ids[row], found.sites.geometry[row]
        point: tuple[float, float] | None = (shape.x, shape.y)
        is_new, values = site not in here.index, given
        if not is_new:
            values = {
                name: value
                for name, value in given.items()
                if row not in found.defaulted.get(name, ())
                and not _is_same(here, site, name, value)
            }
            moved = row in found.exact and here.geometry[site].distance(shape) > 1
            point = point if moved else None
            if not values and point is None:
                groups["unchanged"].append(site)
                continue
        one = edits.get(site, SiteEdit(site)).with_facts(**values)
        edits[site] = replace(one, added=site not in known, point=point or one.point)
        groups["added" if is_new else "changed"].append(site)
    words = ", ".join(f"{len(sites):,} {what}" for what, sites in groups.items() if sites)
    record = record.with_event("note", f"Sites of the app: {words or 'none'}", 1)
    choices = replace(
        now,
        edits=tuple(edits[site] for site in sorted(edits)),
        records=(*now.records, record),
    )
    return Preview(
        actions, left_out, (), choices, tuple(groups["added"]), tuple(groups["changed"]),
        tuple(groups["unchanged"]), record,
    )  # fmt: skip


def _actions(found: Review, decisions: Decisions) -> dict[int, str]:
    decided = dict(decisions.matches)
    actions: dict[int, str] = {}
    changed: set[str] = set()
    for one in sorted(found.matches, key=lambda match: (not match.sure, match.metres)):
        action = CHANGE if one.sure else decided.get(one.row) or decided.get(0, "")
        if action == CHANGE and one.site_id in changed:
            action = LEAVE_OUT
        changed |= {one.site_id} if action == CHANGE else set()
        actions[one.row] = action
    return actions


def _left_out(found: Review, decisions: Decisions, actions: Mapping[int, str]) -> dict[int, str]:
    reasons = dict.fromkeys(decisions.left_out, "left out by you")
    if decisions.no_faulty:
        reasons |= {f.row: f.problem for f in found.faults if f.row is not None}
    if decisions.no_far:
        reasons |= {f.row: f.problem for f in found.far if f.row is not None}
    for one in found.matches:
        if actions[one.row] == LEAVE_OUT:
            reasons[one.row] = f"already in the place as {one.site_name}"
    return reasons


def _waiting(found: Review, decisions: Decisions, actions: Mapping[int, str]) -> Iterable[str]:
    """What the user has still to do, in sentences."""
    if found.blocking:
        yield f"Settle {plural(len(found.blocking), 'problem')} of columns or of the file."
        return
    words = [key for key in found.open_keys if is_word_question(key)]
    if words:
        yield f"Say what {plural(len(words), 'word')} of the list mean."
    rest = len(found.open_keys) - len(words)
    if rest:
        yield f"Answer {plural(rest, 'question')} about the list."
    if found.faults and not decisions.no_faulty:
        yield f"Correct or leave out {plural(len(found.open_rows), 'row')} with problems."
    if found.far and not decisions.no_far:
        yield f"Correct or leave out {plural(len(found.far), 'row')} outside the place."
    undecided = sum(not action for action in actions.values())
    if undecided:
        yield f"Say what to do with {plural(undecided, 'row')} that may be in the place already."
    if found.sites is None and not found.open_keys:
        yield "No row can be added."


def is_word_question(key: str) -> bool:
    """Whether a question asks what a word of a column of words means."""
    column, _, word = key.partition(".")
    return column in WORD_COLUMNS and bool(word)


def _ids(found: Review, place: Place, actions: Mapping[int, str]) -> dict[int, str]:
    """Id of the site that each row is about; rows that are left out have none."""
    if found.sites is None:
        return {}
    matched = {one.row: one.site_id for one in found.matches}
    taken = set(place.sites["site_id"]) | (set(found.sites["site_id"]) if found.has_ids else set())
    stem = simple_name(found.intake.file.rpartition(".")[0])[:20] or "list"
    ids = {}
    for row, site in found.sites["site_id"].items():
        action = actions.get(row, ADD)
        if action == LEAVE_OUT:
            continue
        if action == CHANGE:
            ids[row] = matched[row]
        elif found.has_ids and (row not in matched or matched[row] != site):
            ids[row] = str(site)
        else:
            start = str(site) if found.has_ids else f"{stem}-{row}"
            names = (start if n == 1 else f"{start}-{n}" for n in range(1, len(taken) + 3))
            ids[row] = next(name for name in names if name not in taken)
            taken.add(ids[row])
    return ids


def _rows(sites: gpd.GeoDataFrame) -> Iterable[tuple[int, dict[str, Fact]]]:
    """Number and filled facts of each row."""
    facts = sites.drop(columns=["geometry", "site_id"]).to_dict("records")
    for row, values in zip(sites.index, facts, strict=True):
        filled = {str(name): fact(value) for name, value in values.items()}
        yield int(row), {name: value for name, value in filled.items() if value is not None}


def _is_same(here: pd.DataFrame, site: str, name: str, value: object) -> bool:
    return name in here and fact(here.loc[site, name]) == value


def summary(seen: Preview) -> list[tuple[str, tuple[str, ...]]]:
    """Return what was read and what is going to happen: titles, each with its lines."""
    record = seen.record
    kinds: dict[str, list[str]] = {"assumed": [], "converted": [], "other": []}
    for event in record.events:
        kind = event.kind if event.kind in kinds else "other"
        if event.kind != "left out" or not str(event).endswith("left out on screen"):
            kinds[kind].append(str(event))
    changed = [f"{column.theirs}: {', '.join(column.examples)}" for column in record.columns
               if column.ours and column.examples]  # fmt: skip
    unused = [column.theirs for column in record.columns if not column.ours]
    rows = [
        f"{plural(record.rows_read, 'row')} read",
        f"{plural(len(seen.added), 'site')} added",
        *([f"{plural(len(seen.changed), 'site')} of the place changed"] if seen.changed else []),
        *([f"{plural(len(seen.unchanged), 'site')} of the place already as the list says"]
          if seen.unchanged else []),
        *([f"{plural(len(seen.left_out), 'row')} left out"] if seen.left_out else []),
    ]  # fmt: skip
    reasons = [f"row {row}: {reason}" for row, reason in sorted(seen.left_out.items())]
    sections = [
        ("Rows", rows),
        ("Rows left out", [*reasons[:MOST_LINES], *_rest(reasons)]),
        ("Columns not used", [shortened(unused, 20)] if unused else []),
        ("Conversions", [*kinds["converted"], *changed]),
        ("Your answers", kinds["assumed"]),
        ("Also", kinds["other"]),
    ]
    return [(title, tuple(lines)) for title, lines in sections if lines]


def _rest(lines: list[str]) -> list[str]:
    return [f"and {len(lines) - MOST_LINES:,} more"] if len(lines) > MOST_LINES else []
