"""Contents of a publisher's file: tables, layers and feeds, packed or not.

A zip is unpacked within limits, a workbook is looked at sheet by sheet, and delimited text is read
with whichever separator it has. `open_parts` gives each table, layer or feed a sample of its first
rows, by which it is recognised; `as_csv` writes one as the plain CSV that its parser reads.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path, PurePosixPath

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import UNPACKING, zip_problems
from nhcplanner.layers.readers.delimited import CSV, csv_text
from nhcplanner.layers.readers.gis import BROKEN, GIS, read_layer

TEXT = (*CSV, ".tab")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
STREETS = (".osm.pbf", ".pbf", ".osm", ".osm.bz2", ".osm.gz")
SIDECARS = (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".shp.xml")
"""Files that belong to a Shapefile."""
SEPARATORS = ",;\t|¬"
SAMPLED = 80
"""Number of rows by which a table is recognised."""
MOST_UNPACKED = 2_000_000_000
"""Bytes that the files of one zip may unpack to."""
MOST_MEMBERS = 500
"""Files that one zip may hold."""
SMALL = 50_000_000
"""Bytes up to which any ratio is allowed for a file of a zip."""

TAKE = "take the GeoPackage, GeoJSON or Shapefile of the same page"
REFUSED = {
    ".kml": f"KML is not read, as it drops the codes of areas: {TAKE}",
    ".kmz": f"KML is not read, as it drops the codes of areas: {TAKE}",
    ".gdb": f"a file geodatabase is not read: {TAKE}",
    ".sqlite": f"an SQLite database is not read: {TAKE}",
    ".lpk": f"a layer package is not read: {TAKE}",
    ".7z": "a 7z archive is not read: unpack it, and give the files",
    ".rar": "a RAR archive is not read: unpack it, and give the files",
    ".pdf": "a PDF holds no table that can be read: take the CSV or Excel file",
    ".crdownload": "the browser had not finished this download: download it again",
    ".part": "the browser had not finished this download: download it again",
}
"""Ending -> why such a file is skipped, and what to use instead."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One table, layer or feed of a file.

    Parameters
    ----------
    path
        The file to read: as given, or as unpacked.
    name
        How it is named to the user: "ts045.zip: census2021-ts045-lsoa.csv".
    kind
        "table", "layer", "streets", "timetable", or "" where it cannot be used.
    rows
        Its first rows as text. The first row of a layer is its columns.
    sheet
        The sheet of a workbook.
    separator
        What separates the cells of delimited text.
    shapes
        "(Polygon)", "(Point)" ... of a layer.
    why_not
        Why it cannot be used, in words.
    """

    path: Path
    name: str
    kind: str = ""
    rows: tuple[Row, ...] = ()
    sheet: str = ""
    separator: str = ""
    shapes: tuple[str, ...] = ()
    why_not: str = ""

    def columns(self, row: int) -> set[str]:
        """Headings, where a row is the heading row; with the kinds of shapes of a layer."""
        return {*filter(None, self.rows[row]), *self.shapes}


def open_parts(path: Path, scratch: Path) -> list[Part]:
    """Find the tables, layers and feeds of a file.

    Parameters
    ----------
    path
        A file as downloaded.
    scratch
        An empty folder in which a zip is unpacked.

    Returns
    -------
    list of Part
        One at least. What cannot be used says why.
    """
    try:
        return list(_open(path, path.name, scratch))
    except InputError as error:
        return [Part(path, path.name, why_not=_in_short(error, path.name))]
    except (*BROKEN, *UNPACKING, CalamineError, UnicodeDecodeError, csv.Error) as error:
        first = str(error).partition("\n")[0]
        return [Part(path, path.name, why_not=f"cannot be read: {first}")]


def _in_short(error: InputError, name: str) -> str:
    fault = error.faults[0]
    words = f"{fault.problem}. {fault.hint}" if fault.hint else fault.problem
    return words.replace(f"{name}: ", "")


def _open(path: Path, name: str, scratch: Path) -> Iterator[Part]:
    lower = path.name.lower()
    refused = next((why for ending, why in REFUSED.items() if lower.endswith(ending)), "")
    if refused:
        yield Part(path, name, why_not=refused)
    elif path.stat().st_size == 0:
        yield Part(path, name, why_not="is empty")
    elif lower.endswith(STREETS):
        yield Part(path, name, "streets")
    elif lower.endswith(WORKBOOKS):
        yield from _sheets(path, name)
    elif lower.endswith(".zip"):
        yield from _members(path, name, scratch)
    elif lower.endswith(GIS):
        yield _layer(path, name)
    elif lower.endswith(TEXT):
        yield _text(path, name)
    else:
        yield Part(path, name, why_not="its format is not one of official tables")


def _members(path: Path, name: str, scratch: Path) -> Iterator[Part]:
    """Return the parts of a zip: one feed, or the content of each of its files."""
    with zipfile.ZipFile(path) as packed:
        entries = [
            entry
            for entry in packed.infolist()
            if not entry.is_dir() and not PurePosixPath(entry.filename).name.startswith(".")
        ]
        names = {entry.filename for entry in entries}
        if "stops.txt" in names:
            yield Part(path, name, "timetable")
            return
        if any(".gdb/" in entry.lower() for entry in names):
            yield Part(path, name, why_not=REFUSED[".gdb"])
            return
        problems = zip_problems(entries, MOST_UNPACKED, MOST_MEMBERS, SMALL)
        if problems:
            yield Part(path, name, why_not=f"{problems[0]}: unpack it, and give the files needed")
            return
        paths = [_unpack(packed, entry, scratch) for entry in entries]
    shapes = {one.stem.lower() for one in paths if one.suffix.lower() == ".shp"}
    for one in paths:
        if _is_sidecar(one, shapes):
            continue
        inner = f"{name}: {one.name}"
        if one.suffix.lower() == ".zip":
            yield Part(one, inner, why_not="a zip in a zip is not read: unpack it first")
            continue
        for part in open_parts(one, scratch):
            yield Part(part.path, inner, part.kind, part.rows, part.sheet, part.separator,
                       part.shapes, part.why_not)  # fmt: skip


def _unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, scratch: Path) -> Path:
    """Unpack one file under its own name, in its own folder.

    Raises
    ------
    InputError
        If the file is larger than the zip states.
    """
    inside = PurePosixPath(entry.filename.replace("\\", "/"))
    folder = scratch / _harmless(str(inside.parent))
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / _harmless(inside.name)
    with packed.open(entry) as opened, out.open("wb") as target:
        left = entry.file_size
        while chunk := opened.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise InputError([Fault("holds a file larger than it says", packed.filename or "")])
            target.write(chunk)
    return out


def _harmless(name: str) -> str:
    """Return a file's name in a zip without parts that lead out of a folder."""
    return re.sub(r"[^\w() .-]+", "_", name).strip(". ")[-80:] or "file"


def _is_sidecar(path: Path, shapes: set[str]) -> bool:
    """Whether a file belongs to a Shapefile that is there."""
    lower = path.name.lower()
    ending = next((one for one in SIDECARS if lower.endswith(one)), "")
    return bool(ending) and lower.removesuffix(ending) in shapes


def only_whole(paths: list[Path]) -> list[Path]:
    """Return the files of a folder without the parts of Shapefiles."""
    shapes = {one.stem.lower() for one in paths if one.suffix.lower() == ".shp"}
    return [one for one in paths if not _is_sidecar(one, shapes)]


def _layer(path: Path, name: str) -> Part:
    """Return a layer; a table of rows without shapes, as a service gives it, is one too."""
    head = path.read_bytes()[:4096] if path.suffix.lower() == ".json" else b""
    if b'"layerDefinition"' in head:
        return Part(path, name, why_not=f"an ArcGIS feature collection is not read: {TAKE}")
    frame, _ = read_layer(path, most=SAMPLED)
    kinds = set(getattr(frame, "geom_type", [])) - {None}
    shapes = tuple(sorted(f"({kind.removeprefix('Multi')})" for kind in kinds))
    plain = pd.DataFrame(frame).drop(columns="geometry", errors="ignore")
    rows = [tuple(map(str, plain.columns))]
    rows += [tuple(map(_as_text, cells)) for cells in plain.itertuples(index=False)]
    return Part(path, name, "layer", tuple(rows), shapes=tuple(dict.fromkeys(shapes)))


def _text(path: Path, name: str) -> Part:
    text, _ = csv_text(path)
    separator = find_separator(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return Part(path, name, "table", tuple(map(tuple, islice(rows, SAMPLED))), separator=separator)


def find_separator(text: str) -> str:
    r"""Return the separator that divides the first lines of a text evenly into most cells.

    Examples
    --------
    >>> find_separator("a;b;c\n1,5;2,5;3,5\n"), find_separator("a,b\n1,2\n")
    (';', ',')
    """
    lines = [line for line in text[:65_536].splitlines()[:20] if line.strip()]

    def evenness(separator: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        even = widths.count(usual) / max(len(widths), 1)
        return (even, usual) if usual > 1 else (0.0, 0)

    return max(SEPARATORS, key=evenness)


def _sheets(path: Path, name: str) -> Iterator[Part]:
    book = CalamineWorkbook.from_path(str(path))
    several = len(book.sheet_names) > 1
    for sheet in book.sheet_names:
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=SAMPLED)
        rows = tuple(tuple(map(_as_text, row)) for row in cells)
        if any(map(any, rows)):
            yield Part(path, f"{name}, sheet {sheet}" if several else name, "table", rows, sheet)


def _as_text(cell: object) -> str:
    """Return a cell as in the CSV of the same table: whole numbers without a point, ISO dates."""
    if cell is None or (isinstance(cell, float) and cell != cell):  # noqa: PLR0124  (not a number)
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not cell.time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()


def as_csv(path: Path, sheet: str, separator: str, skip: int, out: Path) -> None:
    """Write a sheet or a delimited text as comma-separated UTF-8.

    Parameters
    ----------
    path, sheet, separator
        As `Part` has them.
    skip
        Rows above the headings, which are left out.
    out
        The file to write.
    """
    if sheet:
        cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet)
        rows: Iterator[Row] = (
            tuple(map(_as_text, row)) for row in cells.to_python(skip_empty_area=False)
        )
    else:
        text, _ = csv_text(path)
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator or ",")
        rows = (tuple(row) for row in read)
    with out.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target, lineterminator="\n").writerows(islice(rows, skip, None))
