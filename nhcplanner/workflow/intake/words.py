"""Words of an uploaded list for status, works and kind, mapped to the words of the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nhcplanner.base.text import plural, simple_name
from nhcplanner.domain.columns import KINDS, STATUSES, WORKS
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites import clean

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
