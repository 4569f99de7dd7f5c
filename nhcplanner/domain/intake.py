"""Intake records: content of each file, how it was read, and open questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, simple_name

EventKind = Literal[
    "became blank", "default", "converted", "duplicate", "left out", "doubt", "assumed", "note"
]
EXAMPLES = 3
"""Examples kept of each conversion and event, at most."""
TITLES: Mapping[str, str] = {
    "became blank": "cells became blank",
    "default": "defaults filled in",
    "converted": "values converted",
    "duplicate": "possible duplicates",
    "left out": "rows or columns left out",
    "doubt": "doubts",
    "assumed": "answers given",
}
"""Words for each kind of event in a one-line summary."""


@dataclass(frozen=True)
class ColumnIntake:
    """One column of a file, and the column that it was read as.

    Parameters
    ----------
    theirs
        The file's own heading.
    ours
        The schema's column; empty if the column is not used.
    unit
        Unit in the file; empty if it has none.
    examples
        Up to three cells and the values read from them, e.g. "£1.2m -> 1200000".
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}

    theirs: str
    ours: str = ""
    unit: str = ""
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        unit = f" ({self.unit})" if self.unit else ""
        examples = f": {', '.join(self.examples)}" if self.examples else ""
        return f"{self.theirs} -> {self.ours or 'not used'}{unit}{examples}"


@dataclass(frozen=True)
class IntakeEvent:
    """A change that was made while a file was read, or a finding.

    Parameters
    ----------
    kind
        Kind of event.
    words
        What happened, in a sentence without a full stop.
    count
        How many cells, rows or columns it concerns.
    examples
        Up to three of them, e.g. "row 7, column Status".
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}

    kind: EventKind
    words: str
    count: int = 1
    examples: tuple[str, ...] = ()

    def __str__(self) -> str:
        examples = f" ({'; '.join(self.examples)})" if self.examples else ""
        return f"{self.words}{examples}"


@dataclass(frozen=True)
class FileIntake:
    """The record of one file that was read or not used.

    Parameters
    ----------
    file, sha256
        The file's name and its hash.
    role
        Role of the file: "areas", "sites", "table", "life table", "streets", ...
    sheet, heading_row
        Sheet or layer that was read; number of the row of headings, as a spreadsheet counts.
    columns
        Every column, used or not.
    rows_read, rows_skipped, rows_hidden, rows_blank, cells_merged
        Counts of rows read; of titles, notes, totals and other rows left out; of hidden or
        filtered rows; of blank rows between others; and of cells filled from a merged range.
    events
        Changes and findings, in order.
    passed_over
        Why the file was not used; empty if it was.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}

    file: str
    role: str = ""
    sha256: str = ""
    sheet: str = ""
    heading_row: int | None = None
    columns: tuple[ColumnIntake, ...] = ()
    rows_read: int = 0
    rows_skipped: int = 0
    rows_hidden: int = 0
    rows_blank: int = 0
    cells_merged: int = 0
    events: tuple[IntakeEvent, ...] = ()
    passed_over: str = ""

    def with_event(
        self, kind: EventKind, words: str, count: int = 1, examples: Iterable[str] = ()
    ) -> FileIntake:
        """Return the record with one more event, with its first three examples.

        Examples
        --------
        >>> print(FileIntake("a.csv").with_event("default", "1 status is blank").events[0])
        1 status is blank
        """
        event = IntakeEvent(kind, words, count, tuple(examples)[:EXAMPLES])
        return replace(self, events=(*self.events, event))

    def summary(self) -> str:
        """Return one line with rows, columns used, and counts of events by kind.

        Examples
        --------
        >>> columns = (ColumnIntake("Site", "site_name"), ColumnIntake("Remarks"))
        >>> FileIntake("a.csv", columns=columns, rows_read=17, rows_hidden=2).summary()
        'a.csv: 17 rows read, 2 hidden; 1 of 2 columns used'
        """
        if self.passed_over:
            return f"{self.file}: not used, {self.passed_over}"
        where = f" (sheet {self.sheet})" if self.sheet else ""
        return f"{self.file}{where}: {'; '.join([self._rows(), *self._columns(), *self._counts()])}"

    def _rows(self) -> str:
        counts = {"left out": self.rows_skipped, "hidden": self.rows_hidden,
                  "blank": self.rows_blank}  # fmt: skip
        rest = [f"{number:,} {words}" for words, number in counts.items() if number]
        return ", ".join([f"{plural(self.rows_read, 'row')} read", *rest])

    def _columns(self) -> list[str]:
        used = sum(bool(column.ours) for column in self.columns)
        return [f"{used} of {plural(len(self.columns), 'column')} used"] if self.columns else []

    def _counts(self) -> list[str]:
        cells = [f"{plural(self.cells_merged, 'merged cell')} filled"] if self.cells_merged else []
        totals = {kind: sum(e.count for e in self.events if e.kind == kind) for kind in TITLES}
        return cells + [f"{number:,} {TITLES[kind]}" for kind, number in totals.items() if number]

    def column_lines(self) -> tuple[str, ...]:
        """Return lines on columns with another name or unit, and on columns not used.

        Examples
        --------
        >>> columns = (ColumnIntake("Cost per year", "running_cost"), ColumnIntake("Remarks"))
        >>> FileIntake("a.csv", columns=columns).column_lines()
        ('columns read: Cost per year -> running_cost', 'columns not used: Remarks')
        """
        if self.passed_over:
            return ()
        columns_read = [
            f"{one.theirs} -> {one.ours}{f' ({one.unit})' if one.unit else ''}"
            for one in self.columns
            if one.ours and (one.unit or simple_name(one.theirs) != one.ours)
        ]
        unused = [one.theirs for one in self.columns if not one.ours]
        lines = [f"columns read: {shortened(columns_read, 40)}"] if columns_read else []
        return (*lines, *([f"columns not used: {shortened(unused, 40)}"] if unused else []))

    def lines(self) -> tuple[str, ...]:
        """Return the whole record: the summary, then each column and each event."""
        if self.passed_over:
            return (self.summary(),)
        heading = [f"headings in row {self.heading_row}"] if self.heading_row else []
        unused = [column.theirs for column in self.columns if not column.ours]
        columns = [str(column) for column in self.columns if column.ours]
        columns += [f"columns not used: {shortened(unused, 40)}"] if unused else []
        events = [f"{event.kind}: {event}" for event in self.events]
        return (self.summary(), *(f"- {line}" for line in (*heading, *columns, *events)))


@dataclass(frozen=True)
class Question(Fault):
    """A fault that the user may answer instead of changing the file.

    Parameters
    ----------
    problem, file, row, column, hint
        As for any fault; an empty hint becomes the option that answers the question.
    key
        Key of `--assume KEY=VALUE`, or of the column map's section `[assume]`.
    answers
        Values allowed; empty = any.
    """

    key: str = ""
    answers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.hint and self.key:
            options = " or ".join(self.option(answer) for answer in self.answers[:4])
            object.__setattr__(self, "hint", f"Say {options or self.option('...')}")

    def option(self, answer: str) -> str:
        """Return the command-line option that gives an answer.

        Examples
        --------
        >>> Question("?", "a b.csv", key="sheet").option("Sheet 1")
        '--assume "sheet=Sheet 1"'
        """
        text = f"{self.key}={answer}"
        return f'--assume "{text}"' if " " in text else f"--assume {text}"


@dataclass(frozen=True)
class Answers:
    """A user's answers to questions, by key.

    A key may be limited to one file: `estates.csv:existing` takes precedence over `existing`.

    Parameters
    ----------
    by_key
        Key -> answer.
    """

    by_key: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_options(cls, options: Sequence[str]) -> Answers:
        """Read KEY=VALUE options.

        Raises
        ------
        InputError
            For every option without a key and a value.

        Examples
        --------
        >>> Answers.from_options(["existing=building"]).find("existing", "a.csv")
        'building'
        """
        pairs = [option.partition("=") for option in options]
        faults = [
            Fault(f"'{option}' is not KEY=VALUE", "--assume", hint="Give e.g. existing=building")
            for option, (key, _, value) in zip(options, pairs, strict=True)
            if not key.strip() or not value.strip()
        ]
        if faults:
            raise InputError(faults)
        return cls({key.strip(): value.strip() for key, _, value in pairs})

    def find(self, key: str, file: str) -> str:
        """Return the answer to a key for a file; empty if there is none."""
        return self.by_key.get(f"{file}:{key}", self.by_key.get(key, ""))

    def merged(self, other: Answers) -> Answers:
        """Return these answers updated with those of another set."""
        return Answers({**self.by_key, **other.by_key})


def questions_of(error: InputError) -> tuple[Question, ...]:
    """Return the faults of an error that a user may answer."""
    return tuple(fault for fault in error.faults if isinstance(fault, Question))
