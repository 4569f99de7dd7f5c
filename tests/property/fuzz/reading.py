"""Reading: every text in a file of any kind that goes in or comes out, to look for names in it."""

from __future__ import annotations

import gzip
import io
import lzma
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

LONGEST = 5_000_000
"""Bytes beyond which a part of an archive is filler, and holds no names."""
_BINARY = (".png", ".npz", ".npy", ".shx", ".shp", ".pbf", ".pdf", ".ttf", ".woff2")

FAILURES = (
    zipfile.BadZipFile, OSError, EOFError, ValueError, sqlite3.Error, pa.ArrowException,
    NotImplementedError, RuntimeError, MemoryError, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What libraries raise for a file that is not sound."""


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of a file, or of each of its parts, tables and members."""
    name = path.name
    yield from _of(name, path.read_bytes())


def _of(name: str, raw: bytes) -> Iterator[tuple[str, str]]:
    ending = Path(name).suffix.lower()
    if ending in _BINARY or len(raw) > 10 * LONGEST:
        return
    try:
        if raw.startswith(b"PK\x03\x04"):
            yield from _members(name, raw)
        elif raw.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(raw)) as packed:
                yield from _of(name.removesuffix(".gz"), packed.read(LONGEST))
        elif raw.startswith(b"SQLite format 3"):
            yield name, "\n".join(_cells(raw))
        elif raw.startswith(b"PAR1"):
            yield name, "\n".join(_columns(raw))
        else:
            yield name, _decoded(raw)
    except FAILURES:
        yield name, _decoded(raw)  # its own kind of reader fails


def _decoded(raw: bytes) -> str:
    coding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return raw.decode(coding, "replace")


def _members(name: str, raw: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        for one in packed.infolist()[:200]:
            if one.file_size <= LONGEST:
                yield from _of(f"{name}/{one.filename}", packed.read(one))


def _cells(raw: bytes) -> Iterator[str]:
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(raw)
        tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            quoted = str(table).replace('"', '""')
            try:
                rows = base.execute(f'SELECT * FROM "{quoted}" LIMIT 2000').fetchall()
            except sqlite3.Error:  # a virtual table of a module that is not there
                continue
            yield from (cell for row in rows for cell in row if isinstance(cell, str))
    finally:
        base.close()


def _columns(raw: bytes) -> Iterator[str]:
    table = pq.read_table(io.BytesIO(raw))
    for value in (table.schema.metadata or {}).values():
        yield value.decode("utf-8", "replace")
    for column in table.columns:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            yield from (str(cell) for cell in column.to_pylist() if cell is not None)
