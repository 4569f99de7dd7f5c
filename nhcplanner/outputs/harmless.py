"""Harmless: text that no spreadsheet and no browser runs, and names that every disk takes."""

from __future__ import annotations

import re
import unicodedata
from html import escape
from pathlib import Path

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {f"{d}{n}" for d in ("COM", "LPT") for n in range(10)}
_LONGEST = 80


def harmless(cell: object) -> object:
    """The cell as it is; text that a spreadsheet would take for a formula behind an apostrophe.

    Examples
    --------
    >>> harmless("=1+1"), harmless(-2.5), harmless("Mill St")
    ("'=1+1", -2.5, 'Mill St')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def harmless_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every cell and column name `harmless`; its index is left as it is."""
    safe = frame.apply(lambda column: column.map(harmless))
    return safe.rename(columns=harmless)


def harmless_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write the frame as a CSV that every spreadsheet reads and none runs, without its index."""
    safe = harmless_frame(frame)
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """The same to hand over a browser; it begins as Excel wants text of every alphabet to begin."""
    text = harmless_frame(frame).to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def text(value: object) -> str:
    """What a user wrote, made safe to stand in HTML.

    Examples
    --------
    >>> text("<b>")
    '&lt;b&gt;'
    """
    return escape(str(value))


def printable(text: str) -> str:
    r"""The text without the characters that XML forbids.

    Examples
    --------
    >>> printable("Mill\x01 Street")
    'Mill Street'
    """
    return _UNSEEN.sub("", text)


def file_name(text: str, ending: str = "") -> str:
    """A file name made from any text, which Windows, macOS and Linux take.

    Parameters
    ----------
    text
        For instance a place's name.
    ending
        Put behind it, with its dot.

    Examples
    --------
    >>> file_name("Kent/Medway: west", ".xlsx"), file_name("CON"), file_name(" .. ")
    ('Kent-Medway- west.xlsx', '_CON', 'unnamed')
    """
    plain = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", text))
    short = plain.encode("utf-8", "ignore")[:_LONGEST].decode("utf-8", "ignore")
    name = short.strip(" .")
    if name.split(".")[0].strip().upper() in _DEVICES:
        name = f"_{name}"
    return (name or "unnamed") + ending
