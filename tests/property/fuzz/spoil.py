"""Spoil: a sound file damaged as files are in life, or as somebody who means harm would."""

import csv
import gzip
import io
import json
import sqlite3
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePath
from random import Random
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import tomli_w

from tests.property.fuzz import dictionary, gentle
from tests.property.fuzz.dictionary import CELLS, ENTITIES, LEAVES, NUMBERS, SHAPES, cell, filled

OUTSIDE = ("../out.txt", "/out.txt", "..\\out.txt", "a/../../out.txt", "C:/out.txt",
           "place.toml")  # fmt: skip
STARTS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"%PDF-1.4\n",
          b"<!DOCTYPE html><html>", b"<?xml version='1.0'?>", b"\x1f\x8b")  # fmt: skip
DEEP = 3_000
BOMB = 60_000_000
GENTLE = 0.4
"""Share of files that are changed and not damaged."""

Spoil = Callable[[bytes, Random], bytes]


def spoil(path: Path, chance: Random) -> None:
    """Change a file so that it stays sound, or damage it in its own kind's way or as bytes."""
    raw = path.read_bytes()
    name = path.name.lower()
    sound = next((way for ending, way in gentle.WAYS.items() if name.endswith(ending)), None)
    if sound is not None and chance.random() < GENTLE:
        path.write_bytes(sound(raw, chance))
        return
    own = next((way for ending, way in WAYS.items() if name.endswith(ending)), as_bytes)
    way = chance.choice((own, own, own, as_bytes))
    path.write_bytes(way(raw, chance))


def as_bytes(raw: bytes, chance: Random) -> bytes:
    """Flip, cut, double, overwrite, begin or end otherwise, or be another thing."""
    found, at = bytearray(raw), chance.randrange(len(raw) or 1)
    long = chance.choice((1, 1, 2, 8, 64, 1000))
    kind = chance.randrange(10)
    if kind <= 1 and found:
        for _ in range(chance.choice((1, 1, 5, 50))):
            found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    elif kind == 2:
        del found[at : at + long]
    elif kind == 3:
        found[at:at] = found[at : at + long]
    elif kind == 4:
        found[at : at + long] = chance.randbytes(long)
    elif kind == 5:
        del found[at:]
    elif kind == 6:
        short = (b"", b"\n", b"hello\n", chance.randbytes(500), ENTITIES)
        return chance.choice((dictionary.document(chance), chance.choice(short)))
    elif kind == 7:
        return chance.choice(STARTS) + raw
    elif kind == 8:
        coding = chance.choice(("utf-16", "cp037", "utf-32"))
        return raw.decode("utf-8", "replace").encode(coding, "replace")
    else:
        found += chance.choice((raw, b"\x00" * 1000, chance.randbytes(100)))
    return bytes(found)


def as_table(raw: bytes, chance: Random) -> bytes:
    """Cells, rows, columns and names of a CSV turned about; other separators and encodings."""
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig", "replace"))))
    for _ in range(chance.choice((1, 1, 2, 5))):
        rows = table(rows, chance)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=chance.choice(",,,,,,;\t")).writerows(rows)
    coding = chance.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"))
    return text.getvalue().encode(coding, "replace")


def table(rows: list[list[str]], chance: Random) -> list[list[str]]:
    """One change of a table whose first row has the names."""
    rows = [list(row) for row in rows] or [[""]]
    row, column = chance.randrange(len(rows)), chance.randrange(max(len(rows[0]), 1))
    kind = chance.randrange(12)
    if kind <= 3 and column < len(rows[row]):
        rows[row][column] = cell(chance)
    elif kind == 4 and column < len(rows[row]):
        other = chance.choice(rows)
        rows[row][column] = chance.choice(other) if other else ""
    elif kind == 5:
        rows = [one[:column] + one[column + 1 :] for one in rows]
    elif kind == 6:
        rows = [[*one, *one[column : column + 1]] for one in rows]
    elif kind == 7:
        rows.insert(chance.randrange(len(rows) + 1), list(rows[row]))
    elif kind == 8:
        rows = rows[: chance.choice((0, 1, len(rows) - 1))]
    elif kind == 9:
        rows[row] = rows[row][:column] + [""] * chance.choice((0, 1, 400))
    elif kind == 10:
        rows = [[*one, *["x"] * 400] for one in rows]
    else:
        value = cell(chance)
        rows[1:] = [[*one[:column], value, *one[column + 1 :]] for one in rows[1:]]
    return rows


def as_zip(raw: bytes, chance: Random) -> bytes:
    """Members spoilt, lost, doubled, renamed out of the folder, bombs or archives in archives."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        members = [(one.filename, packed.read(one)) for one in packed.infolist()]
    at = chance.randrange(len(members))
    name, content = members[at]
    kind = chance.randrange(10)
    if kind <= 4:
        ending = PurePath(name).suffix
        way = WAYS.get(".csv" if ending == ".txt" else ending, as_bytes)
        members[at] = (name, chance.choice((way, way, as_bytes))(content, chance))
    elif kind == 5:
        del members[at]
    elif kind == 6:
        members.append((name, as_bytes(content, chance)))
    elif kind == 7:
        members[at] = (chance.choice((*OUTSIDE, name.upper(), f"in/{name}", "x" * 300)), content)
    elif kind == 8:
        members[at] = (name, chance.choice((b"\x00" * BOMB, raw, b"a,b\n" * (BOMB // 40))))
    else:
        members += [(f"more/{n}.txt", b"") for n in range(chance.choice((1, 3_000)))]
    return _zipped(members, chance)


def _zipped(members: list[tuple[str, bytes]], chance: Random) -> bytes:
    made = io.BytesIO()
    method = chance.choice((zipfile.ZIP_DEFLATED,) * 4 + (zipfile.ZIP_STORED, zipfile.ZIP_LZMA))
    with zipfile.ZipFile(made, "w", method) as packed:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            if name not in packed.namelist():
                packed.writestr(info, content)
            else:
                packed.writestr(zipfile.ZipInfo(f"{name}.twice"), content)
    found = made.getvalue()
    twin = next((name for name, _ in members if f"{name}.twice".encode() in found), None)
    if twin is None:
        return found
    return found.replace(f"{twin}.twice".encode(), twin.encode() + b"\x00" * 6)


def as_tree(said: Any, chance: Random) -> Any:
    """One leaf or branch of nested tables and lists, as JSON and TOML have, made another."""
    if isinstance(said, dict) and said and chance.random() < 0.85:
        key = chance.choice(list(said))
        kind = chance.randrange(8)
        if kind == 0:
            return {k: v for k, v in said.items() if k != key}
        if kind == 1:
            return said | {chance.choice(("", "x", "__class__", key.upper(), key + " ")): said[key]}
        return said | {key: as_tree(said[key], chance)}
    if isinstance(said, list) and said and chance.random() < 0.85:
        at = chance.randrange(len(said))
        return [*said[:at], as_tree(said[at], chance), *said[at + chance.choice((0, 1)) :]]
    return filled(chance.choice(LEAVES))


def as_json(raw: bytes, chance: Random) -> bytes:
    """JSON with other values, names and nesting; or far too deep."""
    if chance.random() < 0.03:
        return chance.choice((b"[" * 100_000, b'{"a":' * 50_000, b"1" * 100_000, b"NaN"))
    said = json.loads(raw)
    for _ in range(chance.choice((1, 1, 3))):
        said = as_tree(said, chance)
    return json.dumps(said).encode()


def as_toml(raw: bytes, chance: Random) -> bytes:
    """TOML with other values, names and nesting; or far too deep."""
    if chance.random() < 0.05:
        deep = ("a = " + "[" * DEEP, "a = " + "[" * DEEP + "]" * DEEP, "a." * DEEP + "b = 1",
                "a = 1\na = 2", "[a]\n[a]", "a = " + "9" * 5_000)  # fmt: skip
        return chance.choice(deep).encode()
    said = tomllib.loads(raw.decode())
    for _ in range(chance.choice((1, 1, 3))):
        said = as_tree(said, chance)
    if not isinstance(said, dict):
        return str(said).encode("utf-8", "replace")
    try:
        return tomli_w.dumps(_without_none(said)).encode()
    except (TypeError, ValueError):
        return str(said).encode("utf-8", "replace")


def _without_none(said: Any) -> Any:
    if isinstance(said, dict):
        return {k: _without_none(v) for k, v in said.items() if v is not None}
    if isinstance(said, list):
        return [_without_none(v) for v in said if v is not None]
    return said


def frame(given: pd.DataFrame, chance: Random) -> pd.DataFrame:
    """One change of a layer: odd figures and shapes, columns and rows gone or twice."""
    found = given.copy()
    column = chance.choice(list(found.columns))
    kind = chance.randrange(9)
    if kind <= 3 and len(found):
        row = chance.randrange(len(found))
        if column == "geometry":
            shapes = found["geometry"].to_numpy().copy()
            shapes[slice(None) if kind == 3 else row] = chance.choice(SHAPES)
            return gpd.GeoDataFrame(
                found.drop(columns="geometry"), geometry=shapes, crs=getattr(given, "crs", None)
            )
        number = pd.api.types.is_numeric_dtype(found[column])
        values = found[column].astype(object)
        values.iloc[slice(None) if kind == 3 else row] = (
            chance.choice(NUMBERS) if number else cell(chance)
        )
        found[column] = values.astype(float) if number else values
    elif kind == 4 and column != "geometry":
        found = found.drop(columns=column)
    elif kind == 5:
        found = pd.concat([found, found.iloc[: chance.choice((1, 2))]], ignore_index=True)
    elif kind == 6:
        found = found.iloc[: chance.choice((0, 0, 1))]
    elif kind == 7 and column != "geometry":
        found[column] = chance.choice((None, True, "x", 0, -1, pd.Timestamp("2025-01-01")))
    else:
        name = chance.choice(("x", "", column.upper(), "geometry2"))
        found = found.rename(columns={column: name})
    return found


def as_parquet(raw: bytes, chance: Random) -> bytes:
    """GeoParquet of a spoilt layer, of another coordinate system, or Parquet without shapes."""
    try:
        given = gpd.read_parquet(io.BytesIO(raw))
    except ValueError:
        given = pd.read_parquet(io.BytesIO(raw))
    made = io.BytesIO()
    try:
        found = frame(given, chance)
        if isinstance(found, gpd.GeoDataFrame) and chance.random() < 0.1:
            found = chance.choice((found.set_crs(4326, allow_override=True), pd.DataFrame(found)))
        found.to_parquet(made)
    except (ValueError, TypeError, OSError, AttributeError, KeyError):  # no file can hold it
        return as_bytes(raw, chance)
    return made.getvalue()


def as_geopackage(raw: bytes, chance: Random) -> bytes:
    """A GeoPackage with other cells, or its own tables turned about, by plain SQL."""
    base = sqlite3.connect(":memory:")
    base.deserialize(raw)
    names = [row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for _ in range(chance.choice((1, 1, 3))):
        name = chance.choice(names)
        columns = [row[1] for row in base.execute(f'PRAGMA table_info("{name}")')]
        column = chance.choice(columns or ["gone"])
        value = filled(chance.choice((*CELLS, *NUMBERS, None, b"GP\x00\x01junk")))
        try:
            chance.choice((_update, _update, _update, _delete, _drop))(base, name, column, value)
        except sqlite3.Error:  # a table that does not let itself be changed so
            continue
    base.commit()
    return base.serialize()


def _update(base: sqlite3.Connection, name: str, column: str, value: object) -> None:
    base.execute(f'DROP TRIGGER IF EXISTS "rtree_{name}_geom_update1"')
    base.execute(f'UPDATE "{name}" SET "{column}" = ? WHERE rowid <= 2', (value,))


def _delete(base: sqlite3.Connection, name: str, column: str, value: object) -> None:
    base.execute(f'DELETE FROM "{name}"')


def _drop(base: sqlite3.Connection, name: str, column: str, value: object) -> None:
    base.execute(f'DROP TABLE "{name}"')


def as_arrays(raw: bytes, chance: Random) -> bytes:
    """An .npz whose arrays have other figures, lengths and kinds; or a pickle in it."""
    with np.load(io.BytesIO(raw)) as packed:
        arrays = dict(packed)
    name = chance.choice(list(arrays))
    one, kind = arrays[name], chance.randrange(7)
    if kind <= 1 and one.size:
        flat = one.ravel().copy()
        values = [0, 1, 255] if one.dtype == np.uint8 else [-1, 0, 2**31 - 1, -(2**31)]
        flat[chance.randrange(flat.size)] = chance.choice(values)
        arrays[name] = flat.reshape(one.shape)
    elif kind == 2 and one.dtype.kind == "f" and one.size:
        arrays[name] = np.full_like(one, chance.choice((np.nan, np.inf, -1.0, 1e30)))
    elif kind == 3:
        arrays[name] = one[: len(one) // 2] if one.ndim else one
    elif kind == 4:
        arrays[name] = one.astype(chance.choice(("f8", "i8", "U8", "c16")), casting="unsafe")
    elif kind == 5:
        del arrays[name]
    else:
        arrays[name] = np.array([{"a": 1}], dtype=object)
    made = io.BytesIO()
    np.savez(made, **arrays)
    return made.getvalue()


def as_gzip(raw: bytes, chance: Random) -> bytes:
    """A packed CSV that is spoilt, a bomb, or packed twice."""
    kind = chance.randrange(5)
    if kind == 0:
        return gzip.compress(b"a,b\n" * (BOMB // 4))
    return gzip.compress(raw if kind == 1 else as_table(gzip.decompress(raw), chance))


WAYS: dict[str, Spoil] = {
    ".csv": as_table, ".toml": as_toml, ".json": as_json, ".geojson": as_json,
    ".xlsx": as_zip, ".zip": as_zip, ".parquet": as_parquet, ".gpkg": as_geopackage,
    ".npz": as_arrays, ".csv.gz": as_gzip,
}  # fmt: skip
