"""Sentences of documents compared with the tables: counts of blanks, and all large figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import DIFFERENT, SAME, Figure, Ledger
from nhcplanner.verify.return_figures import FIT_WORDS, centres_with_blank, is_to_fill
from nhcplanner.verify.sentence_figures import (
    Token,
    every_figure,
    is_distinctive,
    quotations,
    tokens,
)

_MARKED = re.compile(r"([\d,]+) cells? of this return (?:is|are) still to be filled in")
_BLANKS = "(number of centres with a blank)"
_COUNT = re.compile(r" ([\d,]+)(?: cells?)?(?=,| and |\.)")


class _Count(NamedTuple):
    """A count that a sentence states.

    Parameters
    ----------
    what
        What is counted.
    start, end
        Where its figure stands in the text.
    stated, counted
        Its two values.
    """

    what: str
    start: int
    end: int
    stated: int
    counted: int


class Sentences:
    """Check of sentences against the tables of a hand-in.

    Parameters
    ----------
    facts
        The hand-in's inputs.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._figures = every_figure(facts)
        self._quoted = [words for words in quotations(facts) if any(map(str.isdigit, words))]

    def check(
        self,
        paragraphs: Sequence[str],
        tables: Sequence[Sequence[Sequence[Any]]],
        where: str,
        ledger: Ledger,
    ) -> None:
        """Compare the figures of sentences.

        Counts of blank cells are counted again. Other large numbers, and percentages with
        decimals, must be among the figures of the tables.

        Parameters
        ----------
        paragraphs
            Sentences of a document.
        tables
            Its tables, whose cells to fill a sentence may count.
        where, ledger
            The document, and where figures are written.
        """
        good = small = 0
        for text in paragraphs:
            counts = list(self._counts(text, tables))
            for count in counts:
                ledger.compare(count.what, where, count.stated, count.counted)
            here = " ".join(words for words in self._quoted if words.rstrip(".") in text)
            for token in tokens(_without(text, counts)):
                if not is_distinctive(token):
                    small += 1
                elif self._is_known(token) or token.text in here or self._is_class(text, token):
                    good += 1
                elif not self._facts.files.tables:
                    why = "there are no tables (CSV)"
                    ledger.leave(f"{where}: figures in sentences", why, 1)
                else:
                    at = max(text.find(token.text) - 50, 0)
                    words = f"In '...{text[at : at + 110]}...'"
                    ledger.figures.append(
                        Figure(words, where, token.text, "in no table", DIFFERENT)
                    )
        if small:
            words = "too small or round to be told apart, so that any table may hold them"
            ledger.leave(f"{where}: small figures in sentences", words, small)
        if good:
            count = f"{good:,} figures in sentences"
            ledger.figures.append(Figure("Figures in sentences", where, count, count, SAME, good))

    @cached_property
    def _blank(self) -> dict[str, int]:
        return centres_with_blank(self._facts)

    def _counts(self, text: str, tables: Sequence[Sequence[Sequence[Any]]]) -> Iterator[_Count]:
        """Yield the counts of blank cells that a sentence states, each counted again."""
        if match := _MARKED.search(text):
            marked = sum(is_to_fill(cell) for rows in tables for row in rows for cell in row)
            yield _Count("Cells still to be filled in", *match.span(1), _whole(match[1]), marked)
        if _BLANKS not in text:
            return
        for words, counted in self._blank.items():
            at = text.find(f"{words} ", text.index(_BLANKS))
            match = _COUNT.match(text, at + len(words)) if at >= 0 else None
            if match is not None:
                what = "Blank cells of the" if words == FIT_WORDS else "Centres with a blank:"
                yield _Count(f"{what} {words}", *match.span(1), _whole(match[1]), counted)

    def _is_known(self, token: Token) -> bool:
        """Whether a figure is among those of the tables, as far as it is rounded."""
        room = token.room * (1 + 1e-6) + 1e-9 * abs(token.value)
        place = int(np.searchsorted(self._figures, token.value - room))
        return bool(place < len(self._figures) and self._figures[place] <= token.value + room)

    def _is_class(self, text: str, token: Token) -> bool:
        """Whether a figure is the people of a class of HLE that the sentence states."""
        facts = self._facts
        pattern = rf"([\d.]+) to ([\d.]+)(?: years)?: {re.escape(token.text)}"
        match = re.search(pattern, text)
        if match is None or not facts.has("areas_wide") or "hle" not in facts.areas:
            return False
        hle, heads = (_numbers(facts, name) for name in ("hle", "people"))
        low, high = float(match[1]), float(match[2])
        least = heads[(hle >= low + 0.05) & (hle <= high - 0.05)].sum()
        most = heads[(hle >= low - 0.05) & (hle <= high + 0.05)].sum()
        return bool(least <= token.value <= most)


def _numbers(facts: Facts, column: str) -> npt.NDArray[np.float64]:
    return facts.areas[column].to_numpy(dtype=np.float64)


def _whole(text: str) -> int:
    return int(text.replace(",", ""))


def _without(text: str, counts: Sequence[_Count]) -> str:
    """Return a text without the figures of some counts."""
    for count in counts:
        text = text[: count.start] + " " * (count.end - count.start) + text[count.end :]
    return text
