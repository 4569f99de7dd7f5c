"""Text that no spreadsheet, browser or terminal runs, and file names valid on every system."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


_HIDDEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Characters without width: soft hyphen, zero-width marks, and marks of direction."""
_FORMULA = re.compile(rf"[\t\r\n]|[\s\0{_HIDDEN}]*[=+\-@＝＋－＠]")  # noqa: RUF001
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Characters that change the order of letters on screen (Unicode Annex 9)."""
_RIGHT_TO_LEFT = {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDI", "PDF"}
_OPENS, _FIRST_STRONG, _CLOSES = "\u2066\u2067\u2068", "\u2068", "\u2069"
_NOT_ON_SCREEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_DIRECTIONS}]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_SEEN_IN_NAMES = re.compile(f"[\x80-\x9f{_HIDDEN}]")
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {f"{d}{n}" for d in ("COM", "LPT") for n in range(10)}
_LONGEST = 80


def sanitise(cell: object) -> object:
    """Put an apostrophe before text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> sanitise("=1+1"), sanitise(" =1+1"), sanitise(-2.5), sanitise("Mill St")
    ("'=1+1", "' =1+1", -2.5, 'Mill St')
    """
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def sanitise_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Apply `sanitise` to every cell and column name of a frame; the index is unchanged."""
    safe: pd.DataFrame = frame.apply(lambda column: column.map(sanitise))
    return safe.rename(columns=sanitise)


def write_safe_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV that spreadsheets read but do not run, without the index.

    It begins with the mark by which Excel recognises UTF-8, so that accents are right.
    """
    safe = sanitise_frame(frame)
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return such a CSV as bytes for a download."""
    text = sanitise_frame(frame).to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def text(value: object) -> str:
    """Return user's text that is safe in HTML, also beside text of another direction.

    Examples
    --------
    >>> text("<b>")
    '&lt;b&gt;'
    """
    return escape(isolated(str(value)))


def isolated(text: str) -> str:
    r"""Isolate the direction of a text from the words around it, by marks.

    Text of one direction without such marks stays unchanged. Marks that the text opens but does
    not close, or closes but does not open, are completed (Unicode Annex 9).

    Examples
    --------
    >>> isolated("Mill St"), isolated("\u202egnp.exe")
    ('Mill St', '\u2068\u202egnp.exe\u2069')
    """
    if text.isascii() or not any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in text):
        return text
    still_open = closed_too_often = 0
    for one in text:
        if one in _OPENS:
            still_open += 1
        elif one == _CLOSES:
            closed_too_often += not still_open
            still_open = max(still_open - 1, 0)
    return _FIRST_STRONG * (closed_too_often + 1) + text + _CLOSES * (still_open + 1)


def on_screen(text: str) -> str:
    r"""Return text for a terminal; control characters are shown as their number.

    Examples
    --------
    >>> print(on_screen("\x1b[31mMill \u202eSt\n"))
    \x1b[31mMill \u202eSt
    <BLANKLINE>
    """
    return _NOT_ON_SCREEN.sub(lambda found: _numbered(found.group()), text)


def _numbered(one: str) -> str:
    return f"\\x{ord(one):02x}" if ord(one) < 256 else f"\\u{ord(one):04x}"


def printable(text: str) -> str:
    r"""Remove the characters that XML forbids.

    Examples
    --------
    >>> printable("Mill\x01 Street")
    'Mill Street'
    """
    return _UNSEEN.sub("", text)


def file_name(text: str, ending: str = "") -> str:
    """Return a file name made from any text, valid on Windows, macOS and Linux.

    Characters without width are replaced by their number, so that they are visible.

    Parameters
    ----------
    text
        Text, for instance the name of a place.
    ending
        Ending, with its dot.

    Examples
    --------
    >>> file_name("Kent/Medway: west", ".xlsx"), file_name("CON"), file_name(" .. ")
    ('Kent-Medway- west.xlsx', '_CON', 'unnamed')
    """
    seen = _NOT_SEEN_IN_NAMES.sub(lambda found: f"U+{ord(found.group()):04X}", text)
    plain = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", seen))
    short = plain.encode("utf-8", "ignore")[:_LONGEST].decode("utf-8", "ignore")
    name = short.strip(" .")
    if name.split(".")[0].strip().upper() in _DEVICES:
        name = f"_{name}"
    return (name or "unnamed") + ending
