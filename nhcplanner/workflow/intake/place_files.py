"""Uploaded areas, tables and sites that make a place, or add to one, under a user's decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import simple_name
from nhcplanner.domain.columns import OWN
from nhcplanner.domain.intake import FileIntake, Question, questions_of
from nhcplanner.domain.place import Place
from nhcplanner.layers.health.long_form import is_long
from nhcplanner.layers.readers.column_map import ColumnMap, Corrections
from nhcplanner.workflow.intake.columns import (
    FURTHER,
    OF_YEAR,
    ColumnChoice,
    WordChoice,
    build_column_map,
    is_word_question,
    is_year,
    list_words,
    sample,
    units_of,
)
from nhcplanner.workflow.intake.reading import NOT_USED, PASSES, Decisions
from nhcplanner.workflow.intake.upload import CHOOSE, FileReview, Upload
from nhcplanner.workflow.place import with_years

ROLES = {
    "areas": "Areas", "table": "Table by area or council code", "sites": "List of buildings",
    "projections": "Population projection", "housing": "Housing sites",
}  # fmt: skip
OWN_MEASURE = "own"
"""Choice for a column that is a measure of need of the user's own."""


@dataclass(frozen=True, eq=False)
class PlaceFile:
    """One uploaded file with the decisions about it.

    Parameters
    ----------
    upload, content
        Its rows, and the file.
    decisions
        Decisions of the user.
    """

    upload: Upload
    content: bytes
    decisions: Decisions

    @property
    def name(self) -> str:
        """The file's name."""
        return self.upload.table.file

    @property
    def chosen(self) -> dict[str, str]:
        """What each heading is used as; headings that are not used are left out."""
        uses = {**self.upload.guesses, **dict(self.decisions.columns)}
        used = {name: uses[name] for name in self.upload.columns if uses.get(name)}
        return {name: _own(name) if ours == OWN_MEASURE else ours for name, ours in used.items()}


@dataclass(frozen=True, eq=False)
class PlaceReview:
    """All files of a place after reading them with the decisions of a user.

    Parameters
    ----------
    files
        The review of each file, by name.
    blocking
        Faults that are not of one file.
    place
        The place without the rows that have problems; None until all questions have answers.
    records
        How the files were read.
    """

    files: Mapping[str, FileReview]
    blocking: tuple[Fault, ...]
    place: Place | None
    records: tuple[FileIntake, ...] = ()

    def waiting(self, is_without_faulty: Mapping[str, bool]) -> list[str]:
        """Return what remains to be done, by file, before the place can be made."""
        lines = [fault.problem for fault in self.blocking]
        for name, review in self.files.items():
            columns = [fault for fault in review.blocking if fault.column]
            unknown = [word for word in review.words if word.word and not word.ours]
            todo = [
                (len(columns), "settle the columns that are marked"),
                (len(review.blocking) - len(columns), "correct the file as described below"),
                (len(unknown), "say what the marked words mean"),
                (len(review.open_keys), "answer the questions"),
                (0 if is_without_faulty.get(name) else len(review.open_rows),
                 "correct or leave out the rows with problems"),
            ]  # fmt: skip
            lines += [f"{name}: {words}" for count, words in todo if count]
        return lines


@dataclass(eq=False)
class _Found:
    """Questions, answered or not, and faults of several passes."""

    questions: dict[tuple[str, str], tuple[Question, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    blocking: list[Fault] = field(default_factory=list)
    open_keys: tuple[tuple[str, str], ...] = ()
    place: Place | None = None


def review_place(files: Sequence[PlaceFile], base: Place | None = None) -> PlaceReview:
    """Read uploaded files of a place with the decisions of a user.

    Parameters
    ----------
    files
        One layer of areas, one list of buildings, tables, a projection and a list of housing
        sites; with `base` neither areas nor buildings.
    base
        The place that the tables are added to; None = the files make a new place.
    """
    words = {one.name: _words(one) for one in files}
    unsettled = [fault for one in files for fault in _unsettled(one)]
    found = _Found(blocking=unsettled)
    if not unsettled:
        _read(files, words, base, found)
    reviews = {one.name: _review_file(one, words[one.name], found) for one in files}
    others = [fault for fault in found.blocking if fault.file not in reviews]
    names = {one.name for one in files}
    place = None if found.blocking or found.open_keys else found.place
    records = () if place is None else tuple(one for one in place.intake if one.file in names)
    return PlaceReview(reviews, tuple(others), place, records)


def _own(heading: str) -> str:
    return f"{OWN}{simple_name(heading).removeprefix(OWN)}"


def _label_of(ours: str | None) -> str:
    """Return the choice on screen for a column of the schema."""
    if ours is None:
        return NOT_USED
    return OWN_MEASURE if ours.startswith(OWN) else ours


def _unsettled(one: PlaceFile) -> list[Fault]:
    """Columns that are not clear and that the user has not decided on, and doubled columns."""
    if _is_long(one):
        return []
    decided = {name for name, _ in one.decisions.columns}
    unclear = one.upload.guesses_and_problems[1]
    faults = [
        Fault(words, one.name, None, name, CHOOSE)
        for name, words in unclear.items()
        if name not in decided
    ]
    chosen = one.chosen
    for ours in (name for name in dict.fromkeys(chosen.values()) if name != OF_YEAR):
        both = [theirs for theirs, name in chosen.items() if name == ours]
        if len(both) > 1:
            words = f"{' and '.join(both)} are both used as {ours.replace('_', ' ')}"
            hint = "Set all but one of them to Not used"
            faults.append(Fault(words, one.name, None, both[0], hint))
    hint = "Name the column by its year, such as 2035, or set it to Not used"
    faults += [
        Fault(f"{name} is no year", one.name, None, name, hint)
        for name, ours in chosen.items() if ours == OF_YEAR and not is_year(name)
    ]  # fmt: skip
    return faults


def _is_long(one: PlaceFile) -> bool:
    return one.upload.role == "table" and is_long(one.upload.table.frame)


def _words(one: PlaceFile) -> tuple[WordChoice, ...]:
    if one.upload.role != "sites":
        return ()
    return list_words(one.upload.table, one.chosen, dict(one.decisions.words))


def _column_map(
    files: Sequence[PlaceFile],
    words: Mapping[str, tuple[WordChoice, ...]],
    left_out: Mapping[str, set[int]],
) -> ColumnMap:
    """State the decisions about all files to the readers."""
    column_map = ColumnMap(file="the choices above")
    tables: dict[str, dict[str, str]] = {}
    assume: dict[str, str] = {}
    ignore: list[str] = []
    for one in files:
        chosen, guesses = one.chosen, one.upload.guesses
        changed_uses = {o: t for t, o in chosen.items() if guesses.get(t, "") != o}
        if one.upload.role == "sites":
            own = build_column_map(guesses, chosen, words[one.name], one.decisions)
            column_map = replace(column_map, sites=own.sites, values=own.values)
            assume |= {f"{one.name}:{key}": answer for key, answer in own.assume.items()}
        elif one.upload.role == "areas":
            column_map = replace(column_map, areas=changed_uses)
        else:
            tables[one.name] = {o: t for o, t in changed_uses.items() if o != OF_YEAR}
        if not _is_long(one):
            ignore += [f"{one.name}:{name}" for name in one.upload.columns if name not in chosen]
        assume |= {f"{one.name}:{key}": answer for key, answer in one.upload.options}
    corrections = {
        one.name: Corrections(
            one.decisions.cells, one.decisions.left_out | frozenset(left_out[one.name])
        )
        for one in files
    }
    return replace(
        column_map,
        tables=tables,
        assume=assume,
        ignore=tuple(ignore),
        corrections=corrections,
    )


def _read(
    files: Sequence[PlaceFile],
    words: Mapping[str, tuple[WordChoice, ...]],
    base: Place | None,
    found: _Found,
) -> None:
    """Read all files until no question is open that the user has answered."""
    answers_so_far = {
        (one.name, key): answer for one in files for key, answer in one.decisions.answers
    }
    answers: dict[str, str] = {}
    with TemporaryDirectory() as scratch:
        paths = {one.name: Path(scratch) / one.name for one in files}
        for one in files:
            paths[one.name].write_bytes(one.content)
        while True:
            found.faults, found.blocking, found.place = [], [], None
            open_questions = _read_passes(files, paths, words, answers, base, found)
            new = {
                key: group for key, group in open_questions.items() if key not in found.questions
            }
            found.questions |= new
            found.open_keys = tuple(open_questions)
            more = {key: answers_so_far[key] for key in new if answers_so_far.get(key)}
            if not more:
                return
            for (file, key), answer in more.items():
                answers[key if is_word_question(key) else f"{file}:{key}"] = answer


def _read_passes(
    files: Sequence[PlaceFile],
    paths: Mapping[str, Path],
    words: Mapping[str, tuple[WordChoice, ...]],
    answers: Mapping[str, str],
    base: Place | None,
    found: _Found,
) -> dict[tuple[str, str], tuple[Question, ...]]:
    """Read in passes, each without the faulty rows of before; return the open questions."""
    left_out: dict[str, set[int]] = {name: set() for name in paths}
    questions: dict[tuple[str, str], tuple[Question, ...]] = {}
    for number in range(PASSES + 1):
        column_map = _column_map(files, words, left_out)
        column_map = replace(column_map, assume={**column_map.assume, **answers})
        questions = {}
        try:
            found.place = _make(files, paths, column_map, base)
        except InputError as error:
            for each in questions_of(error):
                key = (each.file, each.key)
                questions[key] = (*questions.get(key, ()), each)
            others = [f for f in error.faults if not isinstance(f, Question)]
            by_row = [f for f in others if f.row is not None and f.file in paths]
            if not by_row or number == PASSES:
                found.blocking = others
                break
            found.faults += by_row
            for fault in by_row:
                left_out[fault.file].add(fault.row or 0)
        else:
            break
    return questions


def _make(
    files: Sequence[PlaceFile], paths: Mapping[str, Path], column_map: ColumnMap, base: Place | None
) -> Place:
    by_role = {role: [paths[one.name] for one in files if one.upload.role == role]
               for role in ROLES}  # fmt: skip
    missing = [role for role in ("areas", "sites") if base is None and not by_role[role]]
    if missing:
        raise InputError([Fault(f"{ROLES[role]}: upload one as well") for role in missing])
    projections, housing = (next(iter(by_role[role]), None) for role in FURTHER)
    place, faults = base, list[Fault]()
    try:
        if base is None:
            place = layers.build_place(
                by_role["areas"][0], by_role["sites"], by_role["table"], column_map,
                extras=layers.Extras(further=(*by_role["projections"], *by_role["housing"])),
            )  # fmt: skip
        elif by_role["table"]:
            place = layers.with_tables(base, by_role["table"], column_map)
    except InputError as error:
        faults += error.faults
    for path, read in (
        (projections, layers.read_projection), (housing, layers.read_housing)
    ):  # fmt: skip
        try:
            if path is not None:
                read(path, column_map)
        except InputError as error:
            faults += error.faults
    if faults or place is None:
        raise InputError(faults)
    if projections is None and housing is None:
        return place
    made = with_years(place.in_year(None), projections or "", housing, column_map)
    return replace(made, folder=None, times=None)


def _review_file(one: PlaceFile, words: tuple[WordChoice, ...], found: _Found) -> FileReview:
    chosen, name = one.chosen, one.name
    blocking = [fault for fault in found.blocking if fault.file == name]
    problems = {fault.column: f"{fault.problem}. {fault.hint}" for fault in blocking}
    questions = {key: group for (file, key), group in found.questions.items() if file == name}
    return FileReview(
        columns=tuple(
            ColumnChoice(
                theirs, sample(one.upload.table.frame[theirs]), _label_of(chosen.get(theirs)),
                problems.get(theirs, ""),
            )
            for theirs in one.upload.columns
        ),
        words=words,
        units=units_of(chosen) if one.upload.role == "sites" else {},
        questions=questions,
        open_keys=tuple(key for file, key in found.open_keys if file == name),
        faults=tuple(fault for fault in found.faults if fault.file == name),
        blocking=tuple(blocking),
        is_long=_is_long(one),
    )  # fmt: skip
