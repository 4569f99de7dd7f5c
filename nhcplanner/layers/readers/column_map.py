"""A user's statements about a file: its columns and units, and corrected cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, simple_name
from nhcplanner.base.validation import read_toml
from nhcplanner.domain.columns import STATUSES, WORKS
from nhcplanner.domain.intake import Answers
from nhcplanner.layers.readers.tables import Reading, Table, read_table
from nhcplanner.layers.readers.vocabulary import COMMON, OWN_NAME


@dataclass(frozen=True)
class Corrections:
    """A user's corrections of one file.

    Parameters
    ----------
    cells
        (row, heading) -> text, as pairs, so that two corrections can be compared.
    left_out
        Numbers of the rows to leave out.
    """

    cells: tuple[tuple[tuple[int, str], str], ...] = ()
    left_out: frozenset[int] = field(default_factory=frozenset)


def correct(table: Table, corrections: Corrections) -> Table:
    """Return a table with the cells corrected and without the rows left out.

    Faults of corrected cells and of rows left out are removed.
    """
    frame = table.frame.copy()
    rows = {table.row_number(n): n for n in range(len(frame))}
    corrected = set()
    for (row, heading), text in corrections.cells:
        if row in rows and heading in frame:
            if frame[heading].dtype != "object":
                frame[heading] = frame[heading].astype("object")
            frame.loc[rows[row], heading] = text.strip() or None
            corrected.add((row, heading))
    corrected_rows = {row for row, _ in corrected}
    faults = tuple(
        fault
        for fault in table.faults
        if fault.row not in corrections.left_out
        and (
            (fault.row, fault.column) not in corrected
            if fault.column
            else fault.row not in corrected_rows
        )
    )
    return drop_rows(replace(table, frame=frame, faults=faults), corrections.left_out)


def drop_rows(table: Table, rows: Iterable[int | None]) -> Table:
    """Return a table without some rows, by their numbers."""
    excluded = set(rows)
    if not excluded:
        return table
    numbers = [table.row_number(n) for n in range(len(table.frame))]
    return table.select_rows(np.array([number not in excluded for number in numbers], dtype=bool))


def read_corrected(path: Path, reading: Reading, corrections: Corrections | None) -> Table:
    """Read a table with the corrections of a user, which its record lists.

    Raises
    ------
    InputError
        As `read_table`; faults of single rows only if the corrections do not remove them.
    """
    if corrections is None or corrections == Corrections():
        return read_table(path, reading=reading)
    table = correct(read_table(path, reading=replace(reading, lenient=True)), corrections)
    if table.faults and not reading.lenient:
        raise InputError(table.faults)
    if corrections.cells:
        cells = [f"row {row}, {heading}: {text[:40]}" for (row, heading), text in corrections.cells]
        words = f"{plural(len(cells), 'cell')} corrected on screen"
        table = table.with_event("assumed", words, len(cells), cells)
    if corrections.left_out:
        rows = [f"row {row}" for row in sorted(corrections.left_out)]
        words = f"{plural(len(rows), 'row')} left out on screen"
        table = table.with_event("left out", words, len(rows), rows)
    return table


LONGEST = 2_000
"""Most characters of a text in a column map."""
OPTIONS = ("layer", "crs", "easting", "northing", "lon", "lat")
PLACE = {"name": str, "index_name": str, "vintage": str, "synthetic": bool, "notes": list}
HLE: dict[str, type] = {"period": str, "level": str}
SOURCE = ("title", "publisher", "address", "licence", "attribution", "vintage", "retrieved")
VALUE_WORDS: Mapping[str, tuple[str, ...]] = {"status": STATUSES, "works": WORKS, "kind": ()}
"""Columns of words that a map may translate, and the words allowed; empty = any."""
UNIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "cost": ("pounds", "thousands", "millions"),
    "running_cost": ("pounds", "thousands", "millions"),
    "floor_area_m2": ("m2", "sq ft"),
    "no_car_share": ("share", "percent"),
    "disabled_share": ("share", "percent"),
    "healthy": ("share", "percent"),
}
"""Columns whose unit a map may name, and the units."""
TABLE_KEYS = (
    "key", "code", "sex", "age", "deaths", "healthy", "asked", "practice", "patients", "date",
    "name", "component", "year", "homes", "minimum", "maximum", "people_per_home", "postcode",
    "zone", "hours", "wait_minutes", "speed_kmh", "detour", "origin_id", "lsoa_2011",
    "lsoa_2021", "msoa_2011", "msoa_2021",
)  # fmt: skip
"""Keys of a further file beside those of areas: life tables, patients, projections, housing sites,
origins and lookups."""
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "sheet|matrix[.]minutes": (),
    "hidden|struck": ("read", "leave"),
    "beside": ("one", "two"),
    "existing": ("building", "nhc"),
    "duplicates": ("keep",),
    "one_point|agree": ("accept",),
    "status[.].+": STATUSES,
    "works[.].+": WORKS,
    "kind[.].+": (),
    "matrix[.]unit": ("minutes", "seconds", "hours"),
    "people_year": (),
    "projection[.]check": ("accept",),
    "homes[.](year|people)": (),
    "homes[.]range": ("minimum", "maximum"),
    "(cost|running_cost|capacity|floor_area_m2)[.]check": ("accept",),
    "(parking_spaces|blue_badge_spaces)[.]check": ("accept",),
}
"""Keys of answers as patterns, and the answers allowed; empty = any."""
KEYS = (
    *("sheet", "hidden", "struck", "beside", "existing", "duplicates", "one_point", "agree"),
    *("people_year", "projection.check", "homes.year", "homes.range", "homes.people"),
    *("matrix.minutes", "matrix.unit", "COLUMN.unit", "COLUMN.check"),
    *("status.WORD", "works.WORD", "kind.WORD"),
)


@dataclass(frozen=True)
class ColumnMap:
    """A user's statements about their files, from one TOML file.

    Parameters
    ----------
    file
        The map's own name, for the messages.
    place
        `name`, `index_name`, `vintage`, `synthetic`, `notes`.
    areas, sites
        Schema column = the file's column; for areas also `own_...` = the user's own column; also
        `layer`, `crs`, `easting`, `northing`, `lon`,
        `lat`, and for areas `centroid_x`, `centroid_y`.
    tables
        The same for each further file, by its name.
    source
        `title`, `publisher`, `address`, `licence`, `attribution`, `vintage`, `retrieved` of
        "areas", "sites" or a file.
    hle
        `period`: the period of a long table; `level`: "area" or "council", for an HLE column of
        the areas.
    values
        For "status", "kind" and "works": a word of the file = a word of the schema.
    units
        For a column of money "pounds", "thousands" or "millions"; for floor areas "m2" or
        "sq ft"; for shares "share" or "percent".
    assume
        Answers to questions, by key.
    ignore
        Headings of columns that are not used; "FILE:HEADING" limits one to a file.
    corrections
        File -> cells and rows that were corrected on screen.
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
    corrections: Mapping[str, Corrections] = field(default_factory=dict)

    def ignored(self, file: str) -> tuple[str, ...]:
        """Return the headings of a file that are not used.

        Examples
        --------
        >>> ColumnMap(ignore=("Notes", "a.csv:Sum")).ignored("a.csv")
        ('Notes', 'a.csv:Sum', 'Sum')
        """
        own = [name.removeprefix(f"{file}:") for name in self.ignore if name.startswith(f"{file}:")]
        return (*self.ignore, *own)

    @property
    def answers(self) -> Answers:
        """Answers to questions; units count as such."""
        units = {f"{column}.unit": unit for column, unit in self.units.items()}
        return Answers({**units, **self.assume})

    def with_answers(self, options: Sequence[str]) -> ColumnMap:
        """Return the map with further answers, each KEY=VALUE; they replace its own.

        Raises
        ------
        InputError
            For options without a key and a value, and for unknown keys and answers.
        """
        answers = Answers.from_options(options).by_key
        faults = [Fault(words, "--assume", hint=hint) for words, hint in _answer_faults(answers)]
        if faults:
            raise InputError(faults)
        return replace(self, assume={**self.assume, **answers})

    def word(self, column: str, text: str) -> str:
        """Return the schema's word for a word of the file; empty where the map has none."""
        words = {simple_name(word): ours for word, ours in self.values.get(column, {}).items()}
        return words.get(simple_name(text), "")


def read_map(path: Path | ColumnMap | None) -> ColumnMap:
    """Read a column map; without a path, an empty one. A map that is read is returned as it is.

    Raises
    ------
    InputError
        For broken TOML, unknown sections and keys, and values of a wrong kind, all at once.
    """
    if path is None:
        return ColumnMap()
    if isinstance(path, ColumnMap):
        return path
    path = Path(path)
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path of --columns")])
    try:
        sections = read_toml(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise InputError([Fault("is not text in UTF-8", path.name)]) from None
    faults = [Fault(words, path.name, hint=hint) for words, hint in _map_faults(sections)]
    if faults:
        raise InputError(faults)
    return ColumnMap(file=path.name, **{**sections, "ignore": tuple(sections.get("ignore", ()))})


def _map_faults(sections: Mapping[str, Any]) -> list[tuple[str, str]]:
    texts: dict[str, type] = dict.fromkeys(SOURCE, str)
    area_keys: dict[str, type] = dict.fromkeys((*COMMON["areas"], *OPTIONS), str)
    table_keys = area_keys | dict.fromkeys(TABLE_KEYS, str)
    allowed: dict[str, dict[str, type]] = {
        "place": PLACE,
        "areas": area_keys,
        "sites": dict.fromkeys((*COMMON["sites"], *OPTIONS), str),
        "hle": HLE,
    }
    faults = []
    for section, content in sections.items():
        if section == "ignore":
            if not _is_a(content, list):
                faults.append(("ignore must be a list of texts", 'Write ignore = ["Remarks"]'))
        elif section in ("units", "assume", "values") and isinstance(content, dict):
            faults += _word_faults(section, content)
            if section == "assume" and not _word_faults(section, content):
                faults += [(f"[assume] {words}", hint) for words, hint in _answer_faults(content)]
        elif section in ("tables", "source") and isinstance(content, dict):
            for name, entry in content.items():
                keys = table_keys | _own(entry) if section == "tables" else texts
                faults += _section_faults(f'{section}."{name}"', entry, keys)
        elif section in allowed:
            own = _own(content) if section == "areas" else {}
            faults += _section_faults(section, content, allowed[section] | own)
        else:
            known = ", ".join((*allowed, 'tables."file.csv"', 'source."file.csv"'))
            faults.append((f"unknown section [{section}]", f"Known sections: {known}"))
    level = sections.get("hle", {}).get("level") if isinstance(sections.get("hle"), dict) else None
    if level not in (None, "area", "council"):
        faults.append((f"[hle] level is {level!r}", 'Use "area" or "council"'))
    return faults


def _word_faults(section: str, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the faults of a section whose keys are the user's words."""
    if section != "values":
        known = UNIT_WORDS if section == "units" else {}
        texts: dict[str, type] = dict.fromkeys(known or content, str)
        faults = _section_faults(section, content, texts)
        return faults + [
            (f"[units] {column} is {unit!r}", f"Use one of {', '.join(known[column])}")
            for column, unit in content.items()
            if column in known and isinstance(unit, str) and unit not in known[column]
        ]
    faults = []
    for column, words in content.items():
        if column not in VALUE_WORDS:
            hint = f"Known: {', '.join(VALUE_WORDS)}"
            faults.append((f"[values.{column}] names no column of words", hint))
            continue
        keys: dict[str, type] = dict.fromkeys(words if isinstance(words, dict) else (), str)
        faults += _section_faults(f"values.{column}", words, keys)
        allowed = VALUE_WORDS[column]
        faults += [
            (f"[values.{column}] {word} is {ours!r}", f"Use one of {', '.join(allowed)}")
            for word, ours in (words.items() if isinstance(words, dict) else ())
            if allowed and isinstance(ours, str) and ours not in allowed
        ]
    return faults


def _answer_faults(answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return faults of unknown keys and of answers that are not allowed."""
    known = dict(ANSWERS) | {rf"{name}[.]unit": units for name, units in UNIT_WORDS.items()}
    faults = []
    for key, answer in answers.items():
        bare = key.rpartition(":")[2]
        allowed = next((a for pattern, a in known.items() if re.fullmatch(pattern, bare)), None)
        if allowed is None:
            faults.append((f"unknown key '{bare}'", f"Known keys: {', '.join(KEYS)}"))
        elif allowed and answer not in allowed:
            faults.append((f"{key} is '{answer}'", f"Use one of {', '.join(allowed)}"))
    return faults


def _own(names: object) -> dict[str, type]:
    """Return the names of the user's own columns, each of which must be text."""
    listed = names if isinstance(names, Iterable) else ()
    return {name: str for name in listed if re.fullmatch(OWN_NAME, str(name))}


def _section_faults(
    section: str, content: object, keys: Mapping[str, type]
) -> list[tuple[str, str]]:
    if not isinstance(content, dict):
        return [(f"[{section}] must hold keys and values", 'Write name = "..."')]
    faults = []
    for key, value in content.items():
        if key not in keys:
            faults.append((f"[{section}] unknown key '{key}'", f"Known keys: {', '.join(keys)}"))
        elif not _is_a(value, keys[key]):
            words = f"[{section}] {key} is {value!r}"
            faults.append((words, f"Give {_WORDS[keys[key]]}"))
    return faults


def _is_a(value: object, kind: type) -> bool:
    """Whether a value is of a kind; texts are short, and lists hold texts."""
    if isinstance(value, list):
        return kind is list and all(_is_a(text, str) for text in value)
    return isinstance(value, kind) and not (isinstance(value, str) and len(value) > LONGEST)


_WORDS = {
    str: f'text, "...", of at most {LONGEST:,} signs',
    bool: "true or false",
    list: 'a list of texts, ["..."]',
}


def without_unused(table: Table, column_map: ColumnMap) -> Table:
    """Return a table without the columns that the user does not use, with a line about them."""
    unused = [name for name in map(str, table.frame) if name in column_map.ignored(table.file)]
    if not unused:
        return table
    words = f"{plural(len(unused), 'column')} not used, as stated"
    table = table.with_event("left out", words, len(unused), unused)
    return table.with_frame(table.frame.drop(columns=unused))
