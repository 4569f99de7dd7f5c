"""Columns: which of a user's columns is which, by the column map or by common names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import simple_name
from nhcplanner.base.validation import read_toml
from nhcplanner.domain.columns import LAYERS, STATUSES, WORKS
from nhcplanner.domain.intake import EXAMPLES, Answers, ColumnIntake
from nhcplanner.layers.readers.cells import numbers_where_sound
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.readers.vocabulary import COMMON, OWN_NAME, coordinate_of

LONGEST = 2_000
"""Signs of a text in a column map, at most."""
OPTIONS = ("layer", "crs", "easting", "northing", "lon", "lat")
PLACE = {"name": str, "index_name": str, "vintage": str, "synthetic": bool, "notes": list}
HLE = {"period": str, "level": str}
SOURCE = ("title", "publisher", "address", "licence", "attribution", "vintage", "retrieved")


VALUE_WORDS: Mapping[str, tuple[str, ...]] = {"status": STATUSES, "works": WORKS, "kind": ()}
"""Columns of words that a map may translate, and the words allowed; empty = any."""
UNIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "cost": ("pounds", "thousands", "millions"),
    "running_cost": ("pounds", "thousands", "millions"),
    "floor_area_m2": ("m2", "sq ft"),
    "no_car_share": ("share", "percent"),
    "disabled_share": ("share", "percent"),
}
"""Columns whose unit a map may name, and the units."""

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "sheet|matrix[.]minutes": (),
    "hidden|struck": ("read", "leave"),
    "existing": ("building", "nhc"),
    "duplicates": ("keep",),
    "one_point|agree": ("accept",),
    "status[.].+": STATUSES,
    "works[.].+": WORKS,
    "kind[.].+": (),
    "matrix[.]unit": ("minutes", "seconds", "hours"),
    "(cost|running_cost|capacity|floor_area_m2)[.]check": ("accept",),
}
"""Keys of answers as patterns, and the answers allowed; empty = any."""
KEYS = (
    *("sheet", "hidden", "struck", "existing", "duplicates", "one_point", "agree"),
    *("matrix.minutes", "matrix.unit", "COLUMN.unit", "COLUMN.check"),
    *("status.WORD", "works.WORD", "kind.WORD"),
)


@dataclass(frozen=True)
class ColumnMap:
    """What a user says of their files, from one TOML file.

    Parameters
    ----------
    file
        The map's own name, for the messages.
    place
        `name`, `index_name`, `vintage`, `synthetic`, `notes`.
    areas, sites
        Schema column = the file's column; for areas also `own_...` = a column of one's own; also
        `layer`, `crs`, `easting`, `northing`, `lon`,
        `lat`, and for areas `centroid_x`, `centroid_y`.
    tables
        The same for each further file, by its name.
    source
        `title`, `publisher`, `address`, `licence`, `attribution`, `vintage`, `retrieved` of
        "areas", "sites" or a file.
    hle
        `period`: which of a long table's periods; `level`: "area" or "council", whose figure
        an HLE column of the areas is.
    values
        For "status", "kind" and "works": a word of the file = a word of the schema.
    units
        For a column of money "pounds", "thousands" or "millions"; for floor areas "m2" or
        "sq ft"; for shares "share" or "percent".
    assume
        Answers to questions, by key.
    ignore
        Headings of columns that are not used.
    """

    file: str = ""
    place: Mapping[str, Any] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hle: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    assume: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()

    @property
    def answers(self) -> Answers:
        """Answers to questions; units count as such."""
        units = {f"{column}.unit": unit for column, unit in self.units.items()}
        return Answers({**units, **self.assume})

    def with_answers(self, options: Sequence[str]) -> ColumnMap:
        """The map with further answers, each KEY=VALUE, which go before its own.

        Raises
        ------
        InputError
            For options without a key and a value, and for keys and answers that nothing asks for.
        """
        given = Answers.from_options(options).given
        faults = [Fault(words, "--assume", hint=hint) for words, hint in _answer_faults(given)]
        if faults:
            raise InputError(faults)
        return replace(self, assume={**self.assume, **given})

    def word(self, column: str, text: str) -> str:
        """What the map's `[values.COLUMN]` takes a word for; empty where it says nothing."""
        words = {simple_name(word): ours for word, ours in self.values.get(column, {}).items()}
        return words.get(simple_name(text), "")


def read_map(path: Path | None) -> ColumnMap:
    """Read a column map; without a path, one that says nothing.

    Raises
    ------
    InputError
        For broken TOML, unknown sections and keys, and values of a wrong kind, all at once.
    """
    if path is None:
        return ColumnMap()
    path = Path(path)
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path of --columns")])
    try:
        said = read_toml(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise InputError([Fault("is not text in UTF-8", path.name)]) from None
    faults = [Fault(words, path.name, hint=hint) for words, hint in _map_faults(said)]
    if faults:
        raise InputError(faults)
    return ColumnMap(file=path.name, **{**said, "ignore": tuple(said.get("ignore", ()))})


def _map_faults(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    texts: dict[str, type] = dict.fromkeys(SOURCE, str)
    area_keys: dict[str, type] = dict.fromkeys((*COMMON["areas"], *OPTIONS, "key"), str)
    allowed: dict[str, dict[str, type]] = {
        "place": PLACE,
        "areas": area_keys,
        "sites": dict.fromkeys((*COMMON["sites"], *OPTIONS), str),
        "hle": HLE,
    }
    found = []
    for section, content in said.items():
        if section == "ignore":
            if not _is_a(content, list):
                found.append(("ignore must be a list of texts", 'Write ignore = ["Remarks"]'))
        elif section in ("units", "assume", "values") and isinstance(content, dict):
            found += _word_faults(section, content)
            if section == "assume" and not _word_faults(section, content):
                found += [(f"[assume] {words}", hint) for words, hint in _answer_faults(content)]
        elif section in ("tables", "source") and isinstance(content, dict):
            for name, entry in content.items():
                keys = area_keys | _own(entry) if section == "tables" else texts
                found += _section_faults(f'{section}."{name}"', entry, keys)
        elif section in allowed:
            own = _own(content) if section == "areas" else {}
            found += _section_faults(section, content, allowed[section] | own)
        else:
            known = ", ".join((*allowed, 'tables."file.csv"', 'source."file.csv"'))
            found.append((f"unknown section [{section}]", f"Known sections: {known}"))
    level = said.get("hle", {}).get("level") if isinstance(said.get("hle"), dict) else None
    if level not in (None, "area", "council"):
        found.append((f"[hle] level is {level!r}", 'Use "area" or "council"'))
    return found


def _word_faults(section: str, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is wrong in a section whose keys are words of the user."""
    if section != "values":
        known = UNIT_WORDS if section == "units" else {}
        texts: dict[str, type] = dict.fromkeys(known or content, str)
        found = _section_faults(section, content, texts)
        return found + [
            (f"[units] {column} is {unit!r}", f"Use one of {', '.join(known[column])}")
            for column, unit in content.items()
            if column in known and isinstance(unit, str) and unit not in known[column]
        ]
    found = []
    for column, words in content.items():
        if column not in VALUE_WORDS:
            hint = f"Known: {', '.join(VALUE_WORDS)}"
            found.append((f"[values.{column}] names no column of words", hint))
            continue
        keys: dict[str, type] = dict.fromkeys(words if isinstance(words, dict) else (), str)
        found += _section_faults(f"values.{column}", words, keys)
        allowed = VALUE_WORDS[column]
        found += [
            (f"[values.{column}] {word} is {ours!r}", f"Use one of {', '.join(allowed)}")
            for word, ours in (words.items() if isinstance(words, dict) else ())
            if allowed and isinstance(ours, str) and ours not in allowed
        ]
    return found


def _answer_faults(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Answers whose key nothing asks for, or that are none of the answers allowed."""
    known = dict(ANSWERS) | {rf"{name}[.]unit": units for name, units in UNIT_WORDS.items()}
    found = []
    for key, answer in given.items():
        bare = key.rpartition(":")[2]
        allowed = next((a for pattern, a in known.items() if re.fullmatch(pattern, bare)), None)
        if allowed is None:
            found.append((f"unknown key '{bare}'", f"Known keys: {', '.join(KEYS)}"))
        elif allowed and answer not in allowed:
            found.append((f"{key} is '{answer}'", f"Use one of {', '.join(allowed)}"))
    return found


def _own(names: object) -> dict[str, type]:
    """Names of columns of one's own among names, each to be text."""
    listed = names if isinstance(names, Iterable) else ()
    return {name: str for name in listed if re.fullmatch(OWN_NAME, str(name))}


def _section_faults(
    section: str, content: object, keys: Mapping[str, type]
) -> list[tuple[str, str]]:
    if not isinstance(content, dict):
        return [(f"[{section}] must hold keys and values", 'Write name = "..."')]
    found = []
    for key, value in content.items():
        if key not in keys:
            found.append((f"[{section}] unknown key '{key}'", f"Known keys: {', '.join(keys)}"))
        elif not _is_a(value, keys[key]):
            words = f"[{section}] {key} is {value!r}"
            found.append((words, f"Give {_WORDS[keys[key]]}"))
    return found


def _is_a(value: object, kind: type) -> bool:
    """Whether a value is of a kind: texts are short, and a list is one of texts."""
    if isinstance(value, list):
        return kind is list and all(_is_a(one, str) for one in value)
    return isinstance(value, kind) and not (isinstance(value, str) and len(value) > LONGEST)


_WORDS = {
    str: f'text, "...", of at most {LONGEST:,} signs',
    bool: "true or false",
    list: 'a list of texts, ["..."]',
}


def match_columns(
    frame: pd.DataFrame,
    layer: str,
    said: Mapping[str, str],
    file: str,
    map_file: str,
    ignore: Sequence[str] = (),
) -> dict[str, str]:
    """Which column of a frame is which column of the schema.

    Parameters
    ----------
    frame
        With the user's names.
    layer
        "areas", "sites" or "origins".
    said
        What the column map says of this file.
    file, map_file
        Names of the file and of the map, for the messages.
    ignore
        Headings that are not to be used.

    Returns
    -------
    dict
        Schema column -> the user's column; `centroid_x` and `centroid_y` count as columns.

    Raises
    ------
    InputError
        Where the map names a column that is not there, or a common name fits several.
    """
    there = ", ".join(map(str, frame.columns.drop("geometry", errors="ignore")))
    taken: dict[str, str] = {}
    faults: list[Fault] = []
    for ours, theirs in said.items():
        if ours in ("layer", "crs"):
            continue
        if theirs not in frame.columns:
            words = f'{map_file} says {ours} = "{theirs}", but there is no such column'
            faults.append(Fault(words, file, None, theirs, f"There are: {there}"))
        elif ours in COMMON[layer] or re.fullmatch(OWN_NAME, ours):
            taken[ours] = theirs
    free = [c for c in frame.columns if c not in {"geometry", *said.values(), *ignore}]
    free = [c for c in free if not is_nameless_index(c, file)]
    for ours, patterns in COMMON[layer].items():
        if ours in said:
            continue
        fits = _fits(free, patterns)
        if len(fits) > 1:
            words = f"{' and '.join(fits)} may each be {ours}"
            hint = f'Say which in the column map: {ours} = "{fits[0]}"'
            faults.append(Fault(words, file, None, fits[0], hint))
        elif fits:
            taken[ours] = fits[0]
    if faults:
        raise InputError(faults)
    return taken | ({name: name for name in _own(free)} if layer == "areas" else {})


def is_nameless_index(column: str, file: str) -> bool:
    """Whether a column is a rank or decile of an index that neither it nor its file names.

    Other indices have 10 = worst, so such a column is used only where the column map says so.

    Examples
    --------
    >>> is_nameless_index("decile", "ahah.csv"), is_nameless_index("decile", "IoD2025.csv")
    (True, False)
    """
    bare = re.fullmatch(r"(rank|decile)", simple_name(column))
    return bare is not None and re.search(r"imd|iod|depriv", file.lower()) is None


def rename_columns(frame: pd.DataFrame, layer: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Give a frame the schema's names; numbers are read as people type them.

    Parameters
    ----------
    frame
        With the user's names.
    layer
        "areas", "sites" or "origins".
    names
        Schema column -> the user's column.

    Returns
    -------
    DataFrame
        Only the columns named, and "geometry" where there is one.
    """
    kinds = {column.name: column.kind for column in LAYERS[layer]}
    taken = {}
    for ours, theirs in names.items():
        cells = frame[theirs]
        if kinds.get(ours, "number") == "text":
            taken[ours] = _text(cells)
        else:
            taken[ours] = numbers_where_sound(cells)
    if "geometry" in frame:
        taken["geometry"] = frame["geometry"]
    return type(frame)(taken, index=frame.index)


def in_their_words(faults: list[Fault], names: Mapping[str, str]) -> list[Fault]:
    """Name in each fault the column as the user's file calls it."""
    return [replace(f, column=names.get(f.column, f.column)) for f in faults]


def record_columns(
    table: Table, names: Mapping[str, str], after: pd.DataFrame, units: Mapping[str, str]
) -> Table:
    """Give a table the record of its columns: theirs, ours, the unit, and examples.

    Parameters
    ----------
    table
        With the user's names.
    names
        Schema column -> the user's column.
    after
        The same rows with the schema's names, as they were read.
    units
        Schema column -> the unit of the user's column, where it has one of its own.
    """
    ours = {theirs: name for name, theirs in names.items()}
    columns = []
    for theirs in table.frame.columns.drop("geometry", errors="ignore"):
        name = ours.get(theirs, "") or coordinate_of(str(theirs))
        examples = _examples(table.frame[theirs], after[name]) if name in after else ()
        unit = units.get(name, "")
        columns.append(ColumnIntake(str(theirs), name, unit, examples))
    return replace(table, intake=replace(table.intake, columns=tuple(columns)))


def _examples(before: pd.Series, after: pd.Series) -> tuple[str, ...]:
    """Up to three different cells that reading changed, and what they became."""
    found: dict[str, str] = {}
    for cell, value in zip(before.astype("object"), after.astype("object"), strict=True):
        if pd.isna(cell) or pd.isna(value) or cell == value:
            continue
        text = f"{value:.10g}" if isinstance(value, float) else str(value)
        if text != str(cell).strip():
            found.setdefault(str(cell)[:40], text[:40])
        if len(found) == EXAMPLES:
            break
    return tuple(f"{cell} -> {value}" for cell, value in found.items())


def _fits(free: list[str], patterns: tuple[str, ...]) -> list[str]:
    for pattern in patterns:
        fits = [column for column in free if re.fullmatch(pattern, simple_name(column))]
        if fits:
            return fits
    return []


def _text(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(cells) and (cells.dropna() % 1 == 0).all():
        cells = cells.astype("Int64")
    text = cells.astype("str").str.strip()
    return text.where(cells.notna() & (text != ""))
