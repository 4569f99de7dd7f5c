"""Looks: whether a file is what it says, by its first bytes and its end."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from pathlib import Path

from nhcplanner.layers.web.request import Kind, in_one_line

HEAD = 4096
NAMES: dict[Kind, str] = {
    "csv": "CSV", "json": "JSON", "xlsx": "an Excel workbook", "zip": "a zip file",
    "pbf": "an OpenStreetMap extract (.osm.pbf)", "osm": "OpenStreetMap XML", "text": "plain text",
}  # fmt: skip


def unlike(path: Path, looks: Kind) -> str:
    """Say in words why a file is not what it should be; "" where it is.

    Parameters
    ----------
    path
        The file.
    looks
        What it should be.
    """
    with path.open("rb") as opened:
        head = opened.read(HEAD)
    if not head.strip():
        return "is empty"
    found = _page(head) or _UNLIKE[looks](path, head)
    return f"should be {NAMES[looks]}, but {found}" if found else ""


def _page(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith((b"<!doctype html", b"<html", b"<head")):
        return ""
    title = re.search(rb"<title[^>]*>\s*(.*?)\s*</title", head, re.IGNORECASE | re.DOTALL)
    words = in_one_line(title[1].decode("utf-8", "replace"), 80) if title else ""
    return f'is a web page titled "{words}"' if words else "is a web page"


def _unlike_zip(path: Path, head: bytes) -> str:
    if not head.startswith(b"PK"):
        return "does not begin like one"
    return "" if _names(path) is not None else "has no end: it was cut short"


def _unlike_xlsx(path: Path, head: bytes) -> str:
    wrong = _unlike_zip(path, head)
    if wrong:
        return wrong
    workbook = "[Content_Types].xml" in (_names(path) or ())
    return "" if workbook else "is another kind of zip file"


def _names(path: Path) -> list[str] | None:
    """Names in a zip file; None where its list at the end cannot be read."""
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None


def _unlike_pbf(path: Path, head: bytes) -> str:  # noqa: ARG001  (one shape for all kinds)
    return "" if b"OSMHeader" in head[:64] else "does not begin like one"


def _unlike_json(path: Path, head: bytes) -> str:  # noqa: ARG001
    try:
        json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        return "is no text"
    except json.JSONDecodeError as error:
        return f"cannot be read as such: {error.msg} in line {error.lineno}"
    except RecursionError:
        return "it is nested too deeply"
    except ValueError:  # a number of thousands of digits
        return "it holds a number that is too long"
    return ""


def _unlike_osm(path: Path, head: bytes) -> str:  # noqa: ARG001
    return "" if re.search(rb"<osm[\s>]", head) else "does not begin like one"


def _unlike_text(path: Path, head: bytes) -> str:  # noqa: ARG001
    return "is no text" if b"\x00" in head else ""


def _unlike_csv(path: Path, head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"\x00" in head:
        return "is no text"
    if start.startswith((b"{", b"[{")):
        return f"is JSON: {in_one_line(start.decode('utf-8', 'replace'), 120)}"
    if start.startswith(b"<"):
        return f"is XML: {in_one_line(start.decode('utf-8', 'replace'), 120)}"
    return "breaks off in its last row: it was cut short" if _breaks_off(path, head) else ""


def _breaks_off(path: Path, head: bytes) -> bool:
    """True where the last row has no end and fewer cells than the first."""
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - 16 * HEAD))
        tail = opened.read()
    if tail.endswith((b"\n", b"\r")):
        return False
    first, last = (_cells(part) for part in (head.splitlines()[0], tail.splitlines()[-1]))
    return len(last) < len(first)


def _cells(line: bytes) -> list[str]:
    return next(csv.reader([line.decode("utf-8", "replace")]), [])


_UNLIKE = {
    "csv": _unlike_csv, "json": _unlike_json, "xlsx": _unlike_xlsx, "zip": _unlike_zip,
    "pbf": _unlike_pbf, "osm": _unlike_osm, "text": _unlike_text,
}  # fmt: skip
