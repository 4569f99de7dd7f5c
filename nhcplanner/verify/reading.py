"""Reading of the files of a hand-in, as plain tables; for a reading process with limits."""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from xml.parsers import expat

import pandas as pd

from nhcplanner.base.archive import UNPACKING, is_bomb
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import DoctypeError, refuse_doctype
from nhcplanner.base.hashing import hash_file

MOST_FILES = 2_000
MOST_BYTES = 2_000_000_000
"""Files of a hand-in, and bytes of all of them unpacked."""
MOST_CELLS = 5_000_000
"""Cells of one document."""
_GUARDED = re.compile(r"'[\s\0]*[=+\-@\t\r\n]")
_CSV_GUARD = "'"


@dataclass
class Page:
    """The text and tables of a document.

    Parameters
    ----------
    tables
        Rows of cells as text.
    paragraphs
        Text outside tables.
    """

    tables: list[list[list[str]]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class Files:
    """What a hand-in holds.

    Parameters
    ----------
    names
        Every file.
    record
        plan.json; None where it is missing.
    tables
        CSV tables by name, every cell as text.
    books
        Workbooks: file -> sheet -> rows of cells.
    pages
        Documents: file -> text and tables.
    layers
        GIS layers: format -> layer -> attributes, under their full names.
    near
        Area in or next to which each site stands, by site_id; empty where no format has shapes.
    faults
        Files that could not be read, and why.
    hashes
        Files that sha256.txt lists, their hash there and now ("" = missing).
    """

    names: list[str] = field(default_factory=list)
    record: dict[str, Any] | None = None
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    books: dict[str, dict[str, list[list[Any]]]] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    layers: dict[str, dict[str, pd.DataFrame]] = field(default_factory=dict)
    near: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    hashes: list[tuple[str, str, str]] = field(default_factory=list)


def read_files(path: Path) -> Files:
    """Read every known file of a hand-in.

    Parameters
    ----------
    path
        A folder, or a zip of one.

    Raises
    ------
    InputError
        Where there is no such folder or zip, or it is no hand-in.
    """
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise InputError([Fault("there is no such folder or file", str(path))])
    with tempfile.TemporaryDirectory(prefix="nhcplanner-") as made:
        _unpack(path, Path(made))
        return _folder(Path(made))


def _unpack(path: Path, into: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            total = sum(one.file_size for one in members)
            if len(members) > MOST_FILES or total > MOST_BYTES:
                words = f"unpacks to {len(members):,} files of {total / 1e9:.1f} GB"
                raise InputError([Fault(words, path.name, hint="Give its folder instead")])
            for one in members:
                name = PurePosixPath(one.filename.replace("\\", "/"))
                if name.is_absolute() or ".." in name.parts or ":" in one.filename:
                    raise InputError([Fault(f"names a file outside itself: {name}", path.name)])
                if is_bomb(one.compress_size, one.file_size):
                    raise InputError([Fault(f"{name} unpacks to far too much", path.name)])
                target = into.joinpath(*name.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(one) as source, target.open("xb") as sink:
                    shutil.copyfileobj(_Bounded(source, one.file_size), sink)
    except (*UNPACKING, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError([Fault("is not a zip file that can be unpacked", path.name)]) from None


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where it holds more than it stated."""

    def __init__(self, source: Any, most: int) -> None:
        self._source, self._left = source, most

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        found: bytes = self._source.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise zipfile.BadZipFile
        return found


def _folder(path: Path) -> Files:
    found = Files()
    every = [one for one in sorted(path.rglob("*")) if one.is_file() and not one.is_symlink()]
    if len(every) > MOST_FILES:
        raise InputError([Fault(f"holds more than {MOST_FILES:,} files", path.name)])
    records = [one for one in every if one.name == "plan.json"]
    if not records:
        words = "holds no plan.json, so it is not a hand-in"
        raise InputError([Fault(words, path.name, hint="Name the folder that hand-in --out wrote")])
    home = min((one.parent for one in records), key=lambda one: len(one.parts))
    for one in every:
        if not one.is_relative_to(home):
            continue
        name = one.relative_to(home).as_posix()
        found.names.append(name)
        reader = _READERS.get(one.suffix.lower())
        if reader is None:
            continue
        try:
            reader(found, one, name)
        except (ValueError, KeyError, OSError, RuntimeError, IndexError, TypeError) as error:
            words = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            found.faults.append((name, words))
    if found.record is None:
        raise InputError([Fault("cannot be read", "plan.json", hint="Export the hand-in again")])
    _find_councils(found, home)
    _compare_hashes(found, home)
    return found


def _compare_hashes(found: Files, home: Path) -> None:
    listed = home / "sha256.txt"
    if not listed.is_file():
        return
    for line in listed.read_text(encoding="utf-8").splitlines()[:MOST_FILES]:
        stated, _, name = line.partition("  ")
        now = hash_file(home / name) if name in found.names else ""
        found.hashes.append((name, stated, now))


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it."""
    return cell[1:] if cell.startswith(_CSV_GUARD) and _GUARDED.match(cell) else cell


def _csv(found: Files, path: Path, name: str) -> None:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    frame = frame.map(unguarded).rename(columns=unguarded)
    if path.parent.name == "tables":
        found.tables[path.stem] = frame
    elif name == f"{path.stem}.csv" and path.stem in ("areas", "sites"):
        found.tables[f"{path.stem}_wide"] = frame
    else:
        found.tables[name.removesuffix(".csv")] = frame


def _json(found: Files, path: Path, name: str) -> None:
    if name != "plan.json":
        return
    value = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(value, dict) or "plan" not in value or "scenario" not in value:
        raise InputError([Fault("is not the record of a plan", name)])
    found.record = value


def _layer_file(found: Files, path: Path, _: str) -> None:
    import pyogrio  # noqa: PLC0415  (slow)

    kind = {".geojson": "GeoJSON", ".shp": "Shapefile"}[path.suffix.lower()]
    frame = pyogrio.read_dataframe(path, read_geometry=False, use_arrow=False)
    if kind == "Shapefile":
        frame = _full_names(frame, path)
    found.layers.setdefault(kind, {})[path.stem] = frame


def _full_names(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Give a shapefile's columns the names that `columns.csv` beside it states."""
    words = path.with_name("columns.csv")
    if not words.is_file():
        return frame
    known = pd.read_csv(words, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    known = known[known["layer"] == path.stem]
    return frame.rename(columns=dict(zip(known["column"], known["full_name"], strict=True)))


def _geopackage(found: Files, path: Path, _: str) -> None:
    import pyogrio  # noqa: PLC0415

    for layer, kind in pyogrio.list_layers(path).tolist():
        if kind is None:
            continue
        frame = pyogrio.read_dataframe(path, layer=layer, read_geometry=False, use_arrow=False)
        found.layers.setdefault("GeoPackage", {})[layer] = frame


def _parquet(found: Files, path: Path, _: str) -> None:
    from pyarrow import parquet  # noqa: PLC0415

    names = [one for one in parquet.read_schema(path).names if one != "geometry"]
    found.layers.setdefault("GeoParquet", {})[path.stem] = pd.read_parquet(path, columns=names)


def _kml(found: Files, path: Path, _: str) -> None:
    rows: list[dict[str, str]] = []
    state = {"column": "", "text": "", "direct": ""}

    def start(tag: str, attributes: dict[str, str]) -> None:
        state["text"] = ""
        if tag == "Placemark":
            rows.append({})
        state["column"] = attributes.get("name", "") if tag in ("SimpleData", "Data") else tag

    def end(tag: str) -> None:
        if rows and (tag in ("SimpleData", "value") or (tag == "name" and "name" not in rows[-1])):
            key = "name" if tag == "name" else state["column"]
            rows[-1].setdefault(key, state["text"])

    def data(text: str) -> None:
        state["text"] += text

    _parse(path.read_bytes(), start, end, data)
    found.layers.setdefault("KML", {})[path.stem] = pd.DataFrame(rows)


def _parse(content: bytes, start: Any, end: Any, data: Any) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, DoctypeError) as error:
        raise ValueError(str(error)) from None


def _book(found: Files, path: Path, name: str) -> None:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    _check_packed(path)
    book = CalamineWorkbook.from_path(str(path))
    sheets: dict[str, list[list[Any]]] = {}
    cells = 0
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        cells += sum(map(len, rows))
        if cells > MOST_CELLS:
            raise ValueError(f"holds more than {MOST_CELLS:,} cells")
        sheets[sheet] = rows
    found.books[name] = sheets


def _check_packed(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for one in archive.infolist():
                if is_bomb(one.compress_size, one.file_size, 200_000_000):
                    raise ValueError(f"{one.filename} unpacks to far too much")
    except UNPACKING:
        raise ValueError("is not a sound file of its kind") from None


def _word(found: Files, path: Path, name: str) -> None:  # noqa: C901  (a branch an element)
    _check_packed(path)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("word/document.xml")
    page = Page()
    depth = 0
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if tag == "w:tbl":
            depth += 1
            if depth == 1:
                page.tables.append([])
        elif tag == "w:tr" and depth == 1:
            page.tables[-1].append([])
        elif (tag == "w:tc" and depth == 1) or (tag == "w:p" and not depth):
            text.clear()
        elif tag in ("w:br", "w:tab"):
            text.append(" ")
        elif tag == "wp:docPr" and (words := tidy(attributes.get("descr", ""))):
            page.paragraphs.append(words)

    def end(tag: str) -> None:
        nonlocal depth
        if tag == "w:tbl":
            depth -= 1
        elif tag == "w:tc" and depth == 1:
            page.tables[-1][-1].append(tidy("".join(text)))
        elif tag == "w:p":
            if depth:
                text.append(" ")
            elif said := tidy("".join(text)):
                page.paragraphs.append(said)

    def data(words: str) -> None:
        text.append(words)

    _parse(content, start, end, data)
    found.pages[name] = page


class _Html(HTMLParser):
    """Tables and paragraphs of a page; pictures, scripts and styles are passed over."""

    SILENT = frozenset({"script", "style", "svg", "head", "title"})
    BLOCKS = frozenset(
        {"p", "li", "h1", "h2", "h3", "h4", "div", "section", "figcaption", "caption", "summary",
         "dt", "dd", "br", "main", "nav", "details", "figure", "header", "footer", "ul", "ol",
         "article", "aside", "body"}
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._silent: list[str] = []
        self._depth = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Open an element."""
        if tag in self.SILENT:
            self._silent.append(tag)
        elif tag == "table":
            self._flush()
            self._depth += 1
            if self._depth == 1:
                self.page.tables.append([])
        elif tag == "tr" and self._depth == 1:
            self.page.tables[-1].append([])
        elif tag in ("td", "th") and self._depth == 1:
            self._text.clear()
        elif tag in self.BLOCKS and not self._depth:
            self._flush()
        elif tag in self.BLOCKS:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == "table":
            self._depth = max(self._depth - 1, 0)
            self._text.clear()
        elif tag in ("td", "th") and self._depth == 1 and self.page.tables[-1]:
            self.page.tables[-1][-1].append(tidy("".join(self._text)))
            self._text.clear()
        elif tag in self.BLOCKS and not self._depth:
            self._flush()

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._silent:
            self._text.append(data)

    def _flush(self) -> None:
        if said := tidy("".join(self._text)):
            self.page.paragraphs.append(said)
        self._text.clear()


def _html(found: Files, path: Path, name: str) -> None:
    if path.name == "map.html":
        return
    parser = _Html()
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    found.pages[name] = parser.page


def tidy(text: str) -> str:
    """Return text with single spaces, and without marks of direction."""
    plain = re.sub("[\u2066-\u2069\u200b-\u200f\u202a-\u202e\u00ad]", "", text)
    return re.sub(r"\s+", " ", plain.replace("\u00a0", " ").replace("\u2212", "-")).strip()


def _find_councils(found: Files, home: Path) -> None:
    """Name the area in or next to which each site stands, for rules on councils and ICBs."""
    import geopandas as gpd  # noqa: PLC0415

    choices = [
        (home / "plan.gpkg", {"layer": "areas"}, {"layer": "sites"}),
        (home / "geojson" / "areas.geojson", {}, {}),
        (home / "areas.geojson", {}, {}),
    ]
    for path, areas_at, sites_at in choices:
        other = path if areas_at else path.with_name("sites.geojson")
        if not (path.is_file() and other.is_file()):
            continue
        try:
            areas = gpd.read_file(path, **areas_at).to_crs("EPSG:27700")
            sites = gpd.read_file(other, **sites_at).to_crs("EPSG:27700")
        except (ValueError, OSError, RuntimeError):
            continue
        if "area_code" not in areas or "site_id" not in sites:
            continue
        row = areas.sindex.nearest(sites.geometry, return_all=False)
        found.near = dict(
            zip(sites["site_id"].iloc[row[0]], areas["area_code"].iloc[row[1]], strict=True)
        )
        return


_READERS = {
    ".csv": _csv,
    ".json": _json,
    ".geojson": _layer_file,
    ".shp": _layer_file,
    ".gpkg": _geopackage,
    ".parquet": _parquet,
    ".kml": _kml,
    ".xlsx": _book,
    ".docx": _word,
    ".html": _html,
}


def files_of(found: Files, ending: str) -> Iterator[str]:
    """Names of the files with an ending."""
    return (name for name in found.names if name.lower().endswith(ending))
