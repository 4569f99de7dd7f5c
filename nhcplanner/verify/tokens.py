"""Figures as documents print them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

LEAST_IN_PROSE, LEAST_IN_WORDS = 1_000, 100
"""Least number that is compared in a sentence, and in a cell that holds words."""
_TOKEN = re.compile(
    r"(?<![\w.,/-])(?P<sign>[-+]?)£?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?"
    r"(?P<unit>%| ?million\b| ?bn\b)?(?![\w/-]|\.\d)"
)
_FACTOR = {"%": 0.01, "million": 1e6, "bn": 1e9, "": 1.0}
_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b\d{4}-\d{2}(-\d{2})?\b|\b(19|20)\d\d\b")


@dataclass(frozen=True)
class Token:
    """A figure as a document prints it.

    Parameters
    ----------
    text
        As printed.
    value
        Its number; a percentage as a share.
    room
        Half of its last digit.
    """

    text: str
    value: float
    room: float

    def is_among(self, figures: Iterable[float]) -> bool:
        """Whether any of the figures is the same as far as this one is rounded."""
        room = self.room * (1 + 1e-6) + 1e-9 * abs(self.value)
        return any(abs(figure - self.value) <= room for figure in figures)


def tokens(text: str) -> Iterator[Token]:
    """Yield the figures of a text; years and dates are passed over."""
    for match in _TOKEN.finditer(_DATE.sub(" ", text)):
        part = match["part"] or ""
        unit = (match["unit"] or "").strip()
        value = float(match["digits"].replace(",", "") + part) * _FACTOR[unit]
        room = 0.5 * 10.0 ** -max(len(part) - 1, 0) * _FACTOR[unit]
        yield Token(match[0].strip(), -value if match["sign"] == "-" else value, room)


def figures_of(cell: Any) -> list[Token]:
    """Return the figures of a cell: its number as it is, or those of its text."""
    if isinstance(cell, bool) or cell is None:
        return []
    if isinstance(cell, (int, float)):
        return [Token(f"{cell:,.10g}", float(cell), 1e-9 * max(abs(float(cell)), 1e-3))]
    text = str(cell)
    figures = list(tokens(text))
    if re.search(r"[^\W\d_]{3}", text.replace("million", "")):  # words: small numbers are names
        figures = [
            token
            for token in figures
            if is_distinctive(token) or abs(token.value) >= LEAST_IN_WORDS
        ]
    return figures


def is_distinctive(token: Token) -> bool:
    """Whether a figure in a sentence is large or precise enough to be identified."""
    if token.text.endswith("%"):
        return "." in token.text
    return abs(token.value) >= LEAST_IN_PROSE and "," in token.text
