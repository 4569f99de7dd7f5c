"""Sentences of documents compared with the tables: blanks, reasons, and all large figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nhcplanner.verify.facts import Facts, as_words
from nhcplanner.verify.goals import better_exchanges
from nhcplanner.verify.ledger import DIFFERENT, SAME, Figure, Ledger, as_text
from nhcplanner.verify.return_figures import FIT_WORDS, centres_with_blank, is_to_fill
from nhcplanner.verify.scenario import must_open, people_a_centre, spent, unreached, without_backup
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
_UNREACHED = re.compile(
    r"([\d,]+) (?:areas?|starting points?) \(([\d,.]+) people\) ha(?:s|ve) no allowed site "
    r"(?:within ([\d.]+) minutes|that they can travel to)"
)
_NOT_REACHED = re.compile(
    r"([\d,]+) starting points? \(([\d,.]+) people\) (?:is|are) reached by no allowed site"
)
_NO_BACKUP = re.compile(r"([\d,]+) people can't have two centres within ([\d.]+) minutes")
_EACH = re.compile(r"\(([\d,.]*\d) people a centre\)")
_MUST_OPEN = re.compile(r"([\d,]+) sites? must open but at most ([\d,]+) centres? may open")
_TOO_DEAR = re.compile(
    r"the ([\d,]+) sites? that must open cost (£[\d,.]*\d) but the budget is (£[\d,.]*\d)"
)
_BETTER = re.compile(
    r"A better plan is known: opening (?P<new>.+?) (?:as well|in place of .+?) betters "
    r"(?P<goal>.+?) by (?P<gain>[\d,.]*\d)\b"
)


class _Statement(NamedTuple):
    """A figure that a sentence states and that is worked out again.

    Parameters
    ----------
    what
        What it is.
    start, end
        Where it stands in the text.
    figure
        As the sentence prints it.
    value
        As it is worked out.
    """

    what: str
    start: int
    end: int
    figure: str
    value: float

    @classmethod
    def of(cls, what: str, match: re.Match[str], group: int, value: float) -> _Statement:
        """Return the figure of a group of a match."""
        return cls(what, *match.span(group), match[group], value)


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

        Counts of blank cells, and figures in the reasons why there is no plan, are worked out
        again. Other large numbers, and percentages with decimals, must be among the figures of
        the tables.

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
            statements = [
                *self._blank_cells(text, tables), *self._reasons(text), *self._better_plan(text)
            ]  # fmt: skip
            for stated in statements:
                _compare(stated, where, ledger)
            here = " ".join(words for words in self._quoted if words.rstrip(".") in text)
            for token in tokens(_without(text, statements)):
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
    def _blanks(self) -> dict[str, int]:
        return centres_with_blank(self._facts)

    def _blank_cells(
        self, text: str, tables: Sequence[Sequence[Sequence[Any]]]
    ) -> Iterator[_Statement]:
        """Yield the numbers of blanks that a sentence states."""
        if match := _MARKED.search(text):
            marked = sum(is_to_fill(cell) for rows in tables for row in rows for cell in row)
            yield _Statement.of("Cells still to be filled in", match, 1, marked)
        if _BLANKS not in text:
            return
        for words, counted in self._blanks.items():
            at = text.find(f"{words} ", text.index(_BLANKS))
            match = _COUNT.match(text, at + len(words)) if at >= 0 else None
            if match is not None:
                what = "Blank cells of the" if words == FIT_WORDS else "Centres with a blank:"
                yield _Statement.of(f"{what} {words}", match, 1, counted)

    @cached_property
    def _left_out(self) -> tuple[int, float]:
        """Return the starting points and people that the plan leaves out.

        Some models serve everyone within reach, others everyone who can travel to a site.
        """
        facts = self._facts
        limits = [unreached(facts, minutes) for minutes in (facts.reach, np.inf)]
        stated = facts.record["plan"].get("unreached")
        return next((limit for limit in limits if limit[0] == stated), limits[0])

    def _reasons(self, text: str) -> Iterator[_Statement]:
        """Yield the figures in the reasons why there is no plan."""
        facts = self._facts
        if facts.has("minutes") and facts.has("origins"):
            found = [
                (match, unreached(facts, float(match[3] or np.inf)))
                for match in _UNREACHED.finditer(text)
            ]
            found += [(match, self._left_out) for match in _NOT_REACHED.finditer(text)]
            for match, (rows, people) in found:
                yield _Statement.of("Starts that no allowed site reaches", match, 1, rows)
                yield _Statement.of("People whom no allowed site reaches", match, 2, people)
            for match in _EACH.finditer(text):
                people = people_a_centre(facts)
                yield _Statement.of("People a centre", match, 1, people)
            for match in _NO_BACKUP.finditer(text):
                people = without_backup(facts, float(match[2]))
                yield _Statement.of("People who can't have two centres", match, 1, people)
        if not facts.has("sites_wide"):
            return
        for pattern in (_MUST_OPEN, _TOO_DEAR):
            for match in pattern.finditer(text):
                sites = [site for site in range(len(facts.sites)) if must_open(facts, site)]
                yield _Statement.of("Sites that must open", match, 1, len(sites))
                if pattern is _TOO_DEAR:
                    yield _Statement.of("Cost of them", match, 2, spent(facts, sites))

    def _better_plan(self, text: str) -> Iterator[_Statement]:
        """Yield the gain of an exchange that betters the plan."""
        for match in _BETTER.finditer(text):
            site = match["new"].removesuffix(")").rpartition("(")[2]
            gain = better_exchanges(self._facts).get((site, match["goal"]), np.nan)
            yield _Statement.of("Gain of a better exchange", match, 3, gain)

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


def _compare(stated: _Statement, where: str, ledger: Ledger) -> None:
    """Compare a figure, as far as the sentence rounds it."""
    is_same = any(token.is_among([stated.value]) for token in tokens(stated.figure))
    worked_out = stated.figure if is_same else as_text(stated.value)
    result = SAME if is_same else DIFFERENT
    ledger.figures.append(Figure(stated.what, where, stated.figure, worked_out, result))


def _without(text: str, statements: Sequence[_Statement]) -> str:
    """Return a text without the figures of some statements."""
    for stated in statements:
        blank = " " * (stated.end - stated.start)
        text = text[: stated.start] + blank + text[stated.end :]
    return text


_SENTENCE_END = re.compile(r"(?<=[.!?:;]) +")
MOST_ROWS = 20_000
"""Rows of a table up to which its words are compared."""
LEAST_LETTERS = 20
"""Letters that a sentence must have to be the same sentence elsewhere."""
_NUMBERED = {
    "Number of a table": re.compile(r"Table (\d+)\. "),
    "Number of a figure": re.compile(r"Figure (\d+)\. "),
    "Number of a site": re.compile(r"Site (\d+): "),
    "Number of a section": re.compile(r"(\d+)\. (?=[A-Z][^.]{3,60}$)"),
}
"""What is numbered from 1 in a document, and how its headings and captions begin."""


def check_headings(paragraphs: Sequence[str], facts: Facts, where: str, ledger: Ledger) -> None:
    """Compare the numbers of captions and headings with their order, and names of sites.

    Parameters
    ----------
    paragraphs
        Text of a document, with its headings and captions.
    facts
        The hand-in's inputs.
    where, ledger
        The document, and where figures are written.
    """
    for what, pattern in _NUMBERED.items():
        found = [(match, text) for text in paragraphs if (match := pattern.match(text))]
        words = [text[match.end() :][:60] for match, text in found]
        numbers = [int(match[1]) for match, _ in found]
        ledger.column(what, where, words, numbers, range(1, len(numbers) + 1))
    headings = [match[1] for text in paragraphs if (match := re.match(r"Site \d+: (.*)", text))]
    if not headings or not facts.has("fit"):
        return
    names = as_words(facts.table("fit").drop_duplicates("site_id")["name"]).tolist()
    ledger.compare("Sites with a heading", where, len(headings), len(names))
    if len(headings) == len(names):
        stated, listed = (
            [" ".join(re.findall(r"\d+", text)) for text in of] for of in (headings, names)
        )
        ledger.column("Figures in the name of a site", where, names, stated, listed)


def from_first_difference(one: str, other: str) -> tuple[str, str]:
    """Return two texts from a little before the first place where they differ.

    Examples
    --------
    >>> from_first_difference("It opens 4 centres", "It opens 5 centres")
    ('It opens 4 centres', 'It opens 5 centres')
    """
    pairs = enumerate(zip(one, other, strict=False))
    first = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    first = max(first - 60, 0)
    return one[first : first + 200], other[first : first + 200]


def check_repeated(texts: Mapping[str, Iterable[str]], ledger: Ledger) -> None:
    """Compare the figures of sentences that several documents state in the same words.

    A document that states a sentence twice, with other figures, is passed over.

    Parameters
    ----------
    texts
        Paragraphs of each document.
    ledger
        Where figures are written.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for name, paragraphs in texts.items():
        for sentence in (part for text in paragraphs for part in _SENTENCE_END.split(text)):
            if re.search(r"\d", sentence):
                words, figures = _by_words(sentence)
                found.setdefault(words, {}).setdefault(name, set()).add(figures)
    same = 0
    for words, by_name in found.items():
        single = {name: next(iter(stated)) for name, stated in by_name.items() if len(stated) == 1}
        if len(words) < LEAST_LETTERS or len(single) < 2:
            continue
        usual, _ = Counter(single.values()).most_common(1)[0]
        for name, stated in single.items():
            if stated == usual:
                same += 1
            else:
                both = from_first_difference(stated, usual)
                ledger.compare(f"Sentence as elsewhere, '{words[:60]}'", name, *both)
    if same:
        count = f"{same:,} sentences"
        ledger.figures.append(
            Figure("Sentences that documents repeat", "documents", count, count, SAME, same)
        )


def _by_words(text: str) -> tuple[str, str]:
    """Return the words of a text alone, and the text with its figures, both without marks."""
    words = re.sub(r"[\W\d_]+", " ", text).strip()
    return words, re.sub(r"(?:[^\w.%-]|_)+", " ", text).strip(" .")


def check_cells(cells: Mapping[str, Iterable[str]], facts: Facts, ledger: Ledger) -> None:
    """Compare cells of words that hold figures with cells of the tables in the same words.

    Parameters
    ----------
    cells
        Cells of words of each document.
    facts
        The hand-in's inputs.
    ledger
        Where figures are written.
    """
    known: dict[str, set[str]] = {}
    for name, table in facts.files.tables.items():
        if len(table) <= MOST_ROWS and name != "columns":
            for text in {text for column in table for text in table[column].astype(str)}:
                words, figures = _by_words(text)
                if len(words) >= LEAST_LETTERS:
                    known.setdefault(words, set()).add(figures)
    for name, texts in cells.items():
        same = 0
        for text in texts:
            words, figures = _by_words(text)
            if figures in known.get(words, ()):
                same += 1
            elif words in known and re.search(r"\d", text):
                (near, *_) = sorted(known[words])
                both = from_first_difference(figures, near)
                ledger.compare(f"Cell as in the tables, '{words[:60]}'", name, *both)
        if same:
            count = f"{same:,} cells of words"
            ledger.figures.append(Figure("Cells of words", name, count, count, SAME, same))


def check_better_plan(texts: Mapping[str, Iterable[str]], facts: Facts, ledger: Ledger) -> None:
    """Check that each brief states a better plan where an exchange betters the plan.

    Parameters
    ----------
    texts
        Paragraphs of each document.
    facts
        The hand-in's inputs.
    ledger
        Where figures are written.
    """
    is_known = bool(better_exchanges(facts))
    for name, paragraphs in texts.items():
        if name.startswith("nhc-"):
            is_stated = any(_BETTER.search(text) for text in paragraphs)
            ledger.compare("A better plan is known", name, is_stated, is_known)
