"""Columns of an uploaded list: guesses by heading, choices of the user, units and samples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, simple_name
from nhcplanner.domain.columns import KINDS, STATUSES, WORKS
from nhcplanner.layers.population import housing, published_projections
from nhcplanner.layers.population.housing import register_coordinates
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.column_map import UNIT_WORDS, ColumnMap
from nhcplanner.layers.readers.columns import fitting_headings, match_columns
from nhcplanner.layers.readers.tables import Table, is_sheet
from nhcplanner.layers.readers.vocabulary import coordinate_of
from nhcplanner.layers.sites import clean
from nhcplanner.layers.sites.own_list import report_unused
from nhcplanner.workflow.intake.reading import Decisions

FURTHER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "projections": published_projections.HEADINGS, "housing": housing.HEADINGS,
}  # fmt: skip
"""Kinds of files with columns of their own: our names, and their common names as patterns."""
OF_YEAR = "people_of_year"
"""Use of a column of people whose heading is their year; a file has several."""
WORD_COLUMNS: Mapping[str, tuple[str, ...]] = {"status": STATUSES, "works": WORKS, "kind": KINDS}
"""Columns whose words are mapped, with the words of the schema."""
MOST_WORDS = 40
"""Distinct words of a column that are offered for mapping, at most."""
BLANK_STATUS = "candidate"
"""Status of a row whose cell is blank, without a decision."""


@dataclass(frozen=True)
class WordChoice:
    """One word of a column of words.

    Parameters
    ----------
    column
        Our column: "status", "works" or "kind".
    word
        Word of the list; empty for blank cells.
    count
        Number of cells.
    guess
        Word of the schema without a decision; empty if the word is not known.
    ours
        Word of the schema that is used.
    """

    column: str
    word: str
    count: int
    guess: str
    ours: str


def is_word_question(key: str) -> bool:
    """Whether a question asks what a word of a column of words means."""
    column, _, word = key.partition(".")
    return column in WORD_COLUMNS and bool(word)


def list_words(
    table: Table, chosen: Mapping[str, str], decided: Mapping[tuple[str, str], str]
) -> tuple[WordChoice, ...]:
    """Return the distinct words of these columns, unknown words first, then by count."""
    choices: list[WordChoice] = []
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
        rows = [
            WordChoice(
                ours,
                word,
                number,
                read_word(ours, word),
                decided.get((ours, word)) or read_word(ours, word),
            )
            for word, number in counts.values()
            if word or ours == "status"
        ]
        rows.sort(key=lambda row: (bool(row.guess), -row.count))
        choices += rows
    return tuple(choices)


def fill_blanks(
    table: Table, chosen: Mapping[str, str], words: Iterable[WordChoice],
    decided: Mapping[tuple[str, str], str],
) -> Table:  # fmt: skip
    """Return the table with the word that the user chose for blank statuses."""
    for choice in words:
        if choice.word or decided.get((choice.column, ""), BLANK_STATUS) == BLANK_STATUS:
            continue
        theirs = next(name for name, used in chosen.items() if used == choice.column)
        cleaned = table.frame[theirs].astype("object").fillna("").astype("str")
        blank = cleaned.map(lambda word, column=choice.column: _is_blank(column, word.strip()))
        filled = cleaned.where(~blank, decided[choice.column, ""])
        heading = f"'{theirs}' blank in {plural(int(blank.sum()), 'row')}"
        table = table.with_event(
            "assumed", f"{heading}: taken as {decided[choice.column, '']}", int(blank.sum())
        ).with_frame(table.frame.assign(**{theirs: filled}))
    return table


def blank_rows(table: Table, chosen: Mapping[str, str], ours: str) -> frozenset[int]:
    """Return the numbers of the rows without a value in a column of words."""
    theirs = next((name for name, used in chosen.items() if used == ours), None)
    numbers = [table.row_number(n) for n in range(len(table.frame))]
    if theirs is None:
        return frozenset(numbers)
    cleaned = table.frame[theirs].astype("object").fillna("").astype("str")
    return frozenset(n for n, word in zip(numbers, cleaned, strict=True)
                     if _is_blank(ours, word.strip()))  # fmt: skip


def read_word(column: str, word: str) -> str:
    """Return the word of the schema for a word of the list; empty if it is not known."""
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


POSITIONS = ("easting", "northing", "lon", "lat", "grid_reference")
UNITS = {ours: UNIT_WORDS[ours] for ours in ("cost", "running_cost", "floor_area_m2")}
"""Columns of sites that have a unit, and the units."""
SAMPLES = 3


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
        Sentence on what is wrong with it; empty if nothing is.
    """

    theirs: str
    samples: tuple[str, ...]
    ours: str
    problem: str = ""


def guess_columns(table: Table, role: str = "sites") -> tuple[dict[str, str], dict[str, str]]:
    """Return the guess for each heading, and the problems of headings that are not clear.

    Parameters
    ----------
    table
        As read.
    role
        "sites", "areas", "table", or one of `FURTHER`.
    """
    if role in FURTHER:
        return _guess_further(table, role)
    layer = "sites" if role == "sites" else "areas"
    unsure: dict[str, str] = {}
    frame = table.frame
    while True:
        try:
            names = match_columns(frame, layer, {}, table.file, "", tuple(unsure))
            break
        except InputError as error:
            unsure |= {fault.column: fault.problem for fault in error.faults}
    for problem in set(unsure.values()):
        rest = [name for name in names.values() if f"{name} " in f"{problem} "]
        unsure |= dict.fromkeys(rest, problem)
    if role == "sites" and is_sheet(table.path):
        known = {ours: theirs for ours, theirs in names.items() if theirs not in unsure}
        near, _ = report_unused(table, known, ColumnMap(ignore=tuple(unsure)))
        unsure |= {fault.column: fault.problem for fault in near}
    guesses = {theirs: ours for ours, theirs in names.items() if theirs not in unsure}
    columns_so_far: set[str] = set()
    for theirs in map(str, frame.columns if role != "table" else ()):
        ours = coordinate_of(theirs)
        if ours in POSITIONS and theirs not in guesses and ours not in columns_so_far:
            guesses[theirs] = ours
            columns_so_far.add(ours)
    return guesses, unsure


def _guess_further(table: Table, role: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return guesses and problems for a projection or a list of housing sites."""
    headings = [str(name) for name in table.frame.columns if name != "geometry"]
    if role == "projections":
        guesses = dict.fromkeys(filter(is_year, headings), OF_YEAR)
    else:
        guesses = register_coordinates(table)
        for theirs in headings:
            ours = coordinate_of(theirs)
            if ours and ours not in guesses.values() and theirs not in guesses:
                guesses[theirs] = ours
    unsure: dict[str, str] = {}
    for ours, patterns in FURTHER[role].items():
        fits = fitting_headings([name for name in headings if name not in guesses], patterns)
        if len(fits) > 1:
            unsure |= dict.fromkeys(fits, f"{' and '.join(fits)} may each be {ours}")
        elif fits:
            guesses[fits[0]] = ours
    return guesses, unsure


def is_year(heading: str) -> bool:
    """Whether a heading is a year, as of a column of people."""
    return re.fullmatch(r"(19|20)\d\d", simple_name(heading)) is not None


def find_doubled(chosen: Mapping[str, str], file: str) -> list[Fault]:
    """Report columns of the schema that several headings are used as."""
    counts = Counter(ours for ours in chosen.values() if ours)
    faults = []
    for ours in (name for name, number in counts.items() if number > 1):
        both = [theirs for theirs, name in chosen.items() if name == ours]
        words = f"{' and '.join(both)} are both used as {ours.replace('_', ' ')}"
        faults.append(Fault(words, file, None, both[0], "Set all but one of them to Not used"))
    return faults


def build_column_map(
    guesses: Mapping[str, str], chosen: Mapping[str, str], words: Iterable[WordChoice],
    decisions: Decisions,
) -> ColumnMap:  # fmt: skip
    """Return the column map that states the decisions of the user to the readers."""
    chosen_map = {
        ours: theirs for theirs, ours in chosen.items() if ours and guesses.get(theirs, "") != ours
    }
    answers = dict(decisions.answers)
    units = {f"{ours}.unit": answers[f"{ours}.unit"] for ours in UNITS
             if answers.get(f"{ours}.unit") and ours in chosen.values()}  # fmt: skip
    size = chosen_map.get("floor_area_m2", "")
    unit_in_heading = units_of({size: "floor_area_m2"})["floor_area_m2"]
    if size and unit_in_heading:
        units.setdefault("floor_area_m2.unit", unit_in_heading)
    values: dict[str, dict[str, str]] = {}
    for choice in words:
        if choice.word and choice.ours and choice.ours != choice.guess:
            values.setdefault(choice.column, {})[choice.word] = choice.ours
    return ColumnMap(sites=chosen_map, values=values, assume=units)


def units_of(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the unit that each heading names, for columns that have one."""
    units = {}
    for theirs, ours in chosen.items():
        if ours == "floor_area_m2":
            feet, metres = cells.FEET2.search(theirs.lower()), cells.METRES2.search(theirs.lower())
            units[ours] = "sq ft" if feet else "m2" if metres else ""
        elif ours in UNITS:
            units[ours] = cells.money_unit(theirs)
    return units


def sample(column: pd.Series) -> tuple[str, ...]:
    """Return a few different cells of a column."""
    samples: dict[str, None] = {}
    for cell in column.dropna():
        samples.setdefault(str(cell)[:40])
        if len(samples) == SAMPLES:
            break
    return tuple(samples)
