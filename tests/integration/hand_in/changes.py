"""One published figure of a hand-in changed, at a random position of a file of any kind."""

import json
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio

NUMBER = re.compile(r"(?<![\w.,/:-])£?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w/:-])|"
                    r"(?<![\w.,/:-])£?\d+(?:\.\d+)?(?![\w,/:-]|\.\d)")  # fmt: skip
"""A figure in text: no part of a code, a date or a version."""
DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}-\d\d(-\d\d)?|(?<!\d)(19|20)\d\d(?!\d)")
SILENT = re.compile(r"<(script|style|svg|head)\b.*?</\1>", re.DOTALL)


def change_one(folder: Path, kind: str, random: np.random.Generator) -> tuple[str, str]:
    """Change one figure of a file of a kind; return the file and what was changed.

    Parameters
    ----------
    folder
        The hand-in; its list of hashes is removed, so that figures alone must show the change.
    kind
        One of `KINDS`.
    random
        Chooses file, position and value.
    """
    (folder / "sha256.txt").unlink(missing_ok=True)
    return KINDS[kind](folder, random)


def _other(number: float, random: np.random.Generator) -> float:
    """Another number of the same kind: no figure that rounding could explain."""
    if number == round(number):
        return number + float(random.choice([-1, 1]) * random.integers(1, max(abs(number) / 10, 2)))
    return number * float(random.choice([0.9, 1.1]))


def _other_text(text: str, random: np.random.Generator) -> str:
    """The same figure as text, with another digit."""
    places = [n for n, sign in enumerate(text) if sign.isdigit()]
    place = places[int(random.integers(len(places)))]
    digit = str((int(text[place]) + int(random.integers(1, 10))) % 10)
    if place == places[0] and digit == "0" and len(places) > 1:
        digit = "1" if text[place] != "1" else "2"
    return text[:place] + digit + text[place + 1 :]


def _workbook(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    path = next(p for p in sorted(folder.glob("*.xlsx")))
    book = openpyxl.load_workbook(path, data_only=True)
    cells = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row
        if isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    ]  # fmt: skip
    cell = cells[int(random.integers(len(cells)))]
    was = cell.value
    cell.value = _other(was, random)
    book.save(path)
    return path.name, f"{cell.parent.title}!{cell.coordinate}: {was} to {cell.value}"


def _text(text: str, random: np.random.Generator, parts: list[tuple[int, int]]) -> tuple[str, str]:
    """Change one figure in some parts of a text; return the text and what was changed."""
    spans = [
        (first + a, first + b)
        for first, last in parts
        for a, b in (
            match.span()
            for match in NUMBER.finditer(DATE.sub(lambda d: "x" * len(d[0]), text[first:last]))
        )
    ]
    a, b = spans[int(random.integers(len(spans)))]
    new = _other_text(text[a:b], random)
    words = re.sub(r"<[^>]*>", " ", text[max(a - 150, 0) : a])[-60:]
    return text[:a] + new + text[b:], f"...{words}{text[a:b]} to {new}"


def _page(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    path = next(p for p in sorted(folder.glob("*.html")) if p.name != "map.html")
    text = path.read_text(encoding="utf-8")
    silent = [match.span() for match in SILENT.finditer(text)]
    parts = [
        match.span(1) for match in re.finditer(r">([^<]+)<", text)
        if not any(a <= match.start() < b for a, b in silent)
    ]  # fmt: skip
    text, words = _text(text, random, parts)
    path.write_text(text, encoding="utf-8")
    return path.name, words


def _document(path: Path, random: np.random.Generator) -> tuple[str, str]:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    text = members["word/document.xml"].decode()
    parts = [match.span(1) for match in re.finditer(r"<w:t(?: [^>]*)?>([^<]+)</w:t>", text)]
    text, words = _text(text, random, parts)
    members["word/document.xml"] = text.encode()
    path.unlink()  # copies may share the file
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path.name, words


def _brief(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    return _document(next(p for p in folder.glob("*.docx") if "return" not in p.name), random)


def _return(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    return _document(next(p for p in folder.glob("*.docx") if "return" in p.name), random)


def _table(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    paths = sorted(path for path in folder.rglob("*.csv") if path.parent.name != "shapefile")
    while True:
        path = paths[int(random.integers(len(paths)))]
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        numbers = frame.apply(pd.to_numeric, errors="coerce").notna().to_numpy()
        if numbers.any():
            break
    row, column = np.argwhere(numbers)[int(random.integers(numbers.sum()))]
    was = frame.iat[row, column]
    number = _other(float(was), random)
    frame.iat[row, column] = str(int(number) if number == round(number) else number)
    frame.to_csv(path, index=False, encoding="utf-8-sig")
    name = path.relative_to(folder).as_posix()
    return name, f"{frame.columns[column]}, row {row}: {was} to {frame.iat[row, column]}"


def _layer(path: Path, random: np.random.Generator, layer: str | None = None) -> str:
    """Change one number of a layer of a GIS file; return what was changed."""
    parquet = path.suffix == ".parquet"
    which = {"layer": layer} if layer else {}
    frame = gpd.read_parquet(path) if parquet else gpd.read_file(path, **which)
    columns = [c for c in frame.select_dtypes("number") if frame[c].notna().any()]
    column = columns[int(random.integers(len(columns)))]
    rows = np.flatnonzero(frame[column].notna())
    row = int(rows[int(random.integers(len(rows)))])
    was = frame.loc[row, column]
    frame.loc[row, column] = frame[column].dtype.type(_other(float(was), random))
    if parquet:
        frame.to_parquet(path)
    else:
        frame.to_file(path, **which)
    return f"{layer or path.stem}.{column}, row {row}: {was} to {frame.loc[row, column]}"


def _geopackage(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    layers = [name for name, kind in pyogrio.list_layers(folder / "plan.gpkg") if kind is not None]
    return "plan.gpkg", _layer(folder / "plan.gpkg", random, str(random.choice(sorted(layers))))


def _geojson(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    paths = sorted((folder / "geojson").glob("*.geojson"))
    path = paths[int(random.integers(len(paths)))]
    return path.name, _layer(path, random)


def _parquet(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    paths = sorted((folder / "parquet").glob("*.parquet"))
    path = paths[int(random.integers(len(paths)))]
    return path.name, _layer(path, random)


def _kml(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    paths = sorted((folder / "kml").glob("*.kml"))
    path = paths[int(random.integers(len(paths)))]
    text = path.read_text(encoding="utf-8")
    parts = [m.span(1) for m in re.finditer(r'<SimpleData name="[^"]*">([^<]+)</', text)]
    text, words = _text(text, random, parts)
    path.write_text(text, encoding="utf-8")
    return path.name, words


def _record(folder: Path, random: np.random.Generator) -> tuple[str, str]:
    path = folder / "plan.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    places = list(_numbers(record, ()))
    *keys, last = places[int(random.integers(len(places)))]
    at = record
    for key in keys:
        at = at[key]
    was = at[last]
    at[last] = type(was)(_other(was, random))
    path.write_text(json.dumps(record), encoding="utf-8")
    return path.name, f"{'.'.join(map(str, (*keys, last)))}: {was} to {at[last]}"


def _numbers(value, keys):
    """Keys of every number of a record."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in pairs:
            yield from _numbers(item, (*keys, key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield keys


KINDS = {
    "workbook": _workbook, "brief page": _page, "brief document": _brief, "return": _return,
    "table": _table, "GeoPackage": _geopackage, "GeoJSON": _geojson, "KML": _kml,
    "GeoParquet": _parquet, "record": _record,
}  # fmt: skip
"""Kinds of files, each with what changes one figure of a file of the kind."""
