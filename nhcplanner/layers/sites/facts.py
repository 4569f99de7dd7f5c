"""Facts of sites: the words, money, sizes and dates of a list, read by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault
from nhcplanner.base.text import plural, simple_name
from nhcplanner.domain.columns import OWN, STATUSES, WORKS, columns_of
from nhcplanner.domain.intake import Question
from nhcplanner.layers.geocoding.postcodes import normal
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import (
    figure_questions,
    record_columns,
    rename_columns,
    report_proportions,
)
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites import clean

MONEY = ("cost", "running_cost")
CHOICES: Mapping[str, tuple[str, ...]] = {"status": STATUSES, "works": WORKS}
AMBIGUOUS = {"existing", "existing_centre", "existing_site", "open"}
"""Statuses that may mean an existing building or an NHC that is open today."""
MANY, CROWD = 3, 10
"""Existing sites from which the list raises a question: MANY and over half of it, or CROWD."""
UNMAPPED = "in the column map"


def read_facts(
    table: Table, names: Mapping[str, str], column_map: ColumnMap
) -> tuple[Table, list[Fault]]:
    """Return the table with our column names, each cell read as its column needs.

    Parameters
    ----------
    table
        With the user's names and points.
    names
        Schema column -> the user's column.
    column_map
        Words, units and answers of the user.

    Returns
    -------
    tuple
        The table, its record of columns filled in, and every fault and question of its cells.
    """
    frame = rename_columns(table.frame, "sites", names)
    columns = {column.name: column for column in columns_of("sites", names)}
    units = _units(table, names, column_map)
    faults: list[Fault] = _identifier_faults(table, names)
    for ours in MONEY:
        faults += cells.currency_faults(table, names[ours]) if ours in names else []
    for ours, read in _readers(names, units, column_map).items():
        blank = clean.BLANK_STATUS if ours == "status" else cells.BLANK
        values, own, blanks = cells.read_cells(table, names[ours], read, columns[ours].hint, blank)
        faults += _as_questions(own, table, ours)
        if blanks:
            words = f"{plural(len(blanks), 'cell')} of '{names[ours]}' say TBC or the like: blank"
            rows = [f"row {table.row_number(n)}" for n in blanks]
            table = table.with_event("became blank", words, len(blanks), rows)
            table = table.with_frame(table.frame, words)
        if columns[ours].kind == "number":
            frame[ours] = values.astype("float64")
            table = _report_own_units(table, names[ours], ours)
            faults += figure_questions(
                table, names[ours], ours, frame[ours], column_map.answers, units.get(ours, "")
            )
        else:
            frame[ours] = values.astype("str").where(values.notna())
    if "postcode" in frame:
        frame["postcode"] = frame["postcode"].map(lambda text: normal(text) or text)
    stated = {**_heading_units(names), **{ours: unit for ours, unit in units.items() if unit}}
    table = report_proportions(record_columns(table, names, frame, stated), frame)
    table = _report_zeros(_report_alike_ids(table, frame), frame, names)
    table = _report_parking(table, frame, names)
    notes = list(_unit_notes(names, units))
    for words in notes:
        table = table.with_event("converted", words, 1)
    return table.with_frame(frame, *notes), faults


def _report_own_units(table: Table, column: str, ours: str) -> Table:
    """Report cells whose own unit overrides the unit of their heading."""
    unit = cells.money_unit(column) if ours in MONEY else _area_words(column)
    own = [n for n, cell in enumerate(table.frame[column]) if cells.has_own_unit(cell)]
    if ours not in (*MONEY, "floor_area_m2") or not own or not unit or len(own) == len(table.frame):
        return table
    words = f"{plural(len(own), 'cell')} of '{column}' with a unit of their own, which is used"
    rows = [f"row {table.row_number(n)}: {table.frame[column].iloc[n]}" for n in own]
    return table.with_event("converted", words, len(own), rows)


PARKING = ("parking_spaces", "blue_badge_spaces")
FIGURES = (*MONEY, "capacity", "floor_area_m2", "list_size")


def _report_zeros(table: Table, frame: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Report figures of 0, as an unknown cost written as 0 makes its site free of charge."""
    for ours in (one for one in FIGURES if one in names):
        zeros = np.flatnonzero((frame[ours] == 0).to_numpy())
        if len(zeros):
            words = f"'{names[ours]}' is 0 in {plural(len(zeros), 'row')}: leave the cell blank"
            rows = [f"row {table.row_number(int(n))}" for n in zeros]
            table = table.with_event("doubt", f"{words} if it is not known", len(zeros), rows)
    return table


def _report_parking(table: Table, frame: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Report sites with more blue badge spaces than spaces in all."""
    if not set(PARKING) <= set(names):
        return table
    more = np.flatnonzero((frame["blue_badge_spaces"] > frame["parking_spaces"]).to_numpy())
    if not len(more):
        return table
    words = f"{plural(len(more), 'site')} with more blue badge spaces than parking spaces"
    rows = [f"row {table.row_number(int(n))}" for n in more]
    return table.with_event("doubt", words, len(more), rows)


def _report_alike_ids(table: Table, frame: pd.DataFrame) -> Table:
    """Report ids that differ only in capitals, leading zeros or a decimal point."""
    if "site_id" not in frame:
        return table
    ids = frame["site_id"].dropna().astype("str").drop_duplicates()
    bare = ids.str.lower().str.replace(r"\.0+$", "", regex=True)
    bare = bare.str.replace(r"^0+(?=.)", "", regex=True)
    alike = ids[bare.duplicated(keep=False)]
    if alike.empty:
        return table
    pairs = [" and ".join(group) for _, group in alike.groupby(bare)]
    words = f"{plural(len(alike), 'id')} differ in capitals, leading zeros or decimals only"
    return table.with_event("doubt", words, len(alike), pairs)


def settle_existing(
    table: Table, before: pd.Series, names: Mapping[str, str], column_map: ColumnMap
) -> tuple[Table, list[Fault]]:
    """Ask whether a list of mostly existing sites names buildings or open NHCs, and apply it.

    Parameters
    ----------
    table
        With statuses of the schema, none blank.
    before
        The statuses before blanks were filled.
    names, column_map
        As for `read_facts`.
    """
    frame = table.frame
    blank = [f"row {table.row_number(n)}" for n in range(len(before)) if pd.isna(before.iloc[n])]
    if blank:
        words = f"status blank in {plural(len(blank), 'row')}: taken as candidate"
        table = table.with_event("default", words, len(blank), blank)
    exist = (frame["status"] == "existing").to_numpy()
    heading = simple_name(names["status"])
    is_mapped = any(simple_name(word) in AMBIGUOUS for word in column_map.values.get("status", {}))  # noqa: PD011  (a field)
    answer = column_map.answers.find("existing", table.file)
    if answer == "building":
        frame = frame.assign(status=frame["status"].mask(exist, "candidate"))
        words = "rows that exist are buildings, not NHCs open today: taken as candidates"
        return table.with_event("assumed", words, int(exist.sum())).with_frame(frame, words), []
    count = int(exist.sum())
    if (
        answer == "nhc"
        or is_mapped
        or "nhc" in heading
        or count < MANY
        or (count < CROWD and 2 * count <= len(frame))
    ):
        return table, []
    words = (
        f"says Existing in {count:,} of {plural(len(frame), 'row')}: are these NHCs open today, "
        "or existing buildings that may become one?"
    )
    row = int(exist.argmax()) + table.first_row
    question = Question(words, table.file, row, names["status"], "", "existing",
                        ("building", "nhc"))  # fmt: skip
    return table, [question]


def _identifier_faults(table: Table, names: Mapping[str, str]) -> list[Fault]:
    """Return faults of ids that Excel has rounded or made into dates."""
    if "site_id" not in names:
        return []
    column = names["site_id"]
    faults = cells.rounded_faults(table.frame[column], table, column)
    return faults + cells.date_faults(table.frame[column], table, column)


def _units(table: Table, names: Mapping[str, str], column_map: ColumnMap) -> dict[str, str]:
    """Return the unit that the user named for each column."""
    answers = column_map.answers
    units = {ours: answers.find(f"{ours}.unit", table.file) for ours in (*MONEY, "floor_area_m2")}
    if "floor_area_m2" in column_map.sites and not units["floor_area_m2"]:
        units["floor_area_m2"] = "m2"
    return {ours: unit for ours, unit in units.items() if ours in names}


def _readers(
    names: Mapping[str, str], units: Mapping[str, str], column_map: ColumnMap
) -> dict[str, cells.Read]:
    readers: dict[str, cells.Read] = {"capacity": cells.people, "list_size": cells.people}
    readers |= dict.fromkeys(PARKING, _spaces)
    readers |= dict.fromkeys(
        ("staff", "rooms", *(ours for ours in names if ours.startswith(OWN))), _number
    )
    readers["void_m2"] = cells.square_metres(names.get("void_m2", ""))
    readers |= {ours: _mapped(ours, read, column_map) for ours, read in clean.WORDS.items()}
    readers |= dict.fromkeys(("cost_date", "size_date"), cells.iso_date)
    readers |= {o: cells.pounds(names.get(o, ""), units.get(o, "")) for o in MONEY}
    size = f"{names.get('floor_area_m2', '')} {units.get('floor_area_m2', '')}"
    readers["floor_area_m2"] = cells.square_metres(size)
    return {ours: read for ours, read in readers.items() if ours in names}


def _spaces(text: str) -> float:
    """Read a number of parking spaces; "none" is 0."""
    if text.strip().lower() in ("none", "no"):
        return 0.0
    try:
        number = cells.people(text)
    except ValueError:
        number = -1.0
    if number < 0 or number % 1:
        raise ValueError("is not a number of spaces")
    return number


def _number(text: str) -> float:
    """Read a number of the user's own: 1,234.5."""
    value = float(cells.numbers(pd.Series([text])).iloc[0])
    if np.isnan(value):
        raise ValueError("is not a number")
    return value


def _mapped(ours: str, read: cells.Read, column_map: ColumnMap) -> cells.Read:
    """Return a reader of words that uses the user's own words before ours."""

    def find(text: str) -> str:
        answer = column_map.answers.find(f"{ours}.{simple_name(text)}", "")
        chosen = column_map.word(ours, text) or answer
        return str(read(chosen or text))

    return find


def _as_questions(faults: list[Fault], table: Table, ours: str) -> list[Fault]:
    """Return a question for each unknown word, and one for a missing unit."""
    if ours == "floor_area_m2":
        bare = [fault for fault in faults if "has no unit" in fault.problem]
        rest = [fault for fault in faults if fault not in bare]
        if not bare:
            return faults
        more = f" ({plural(len(bare), 'cell')} like this)" if len(bare) > 1 else ""
        words = f"{bare[0].problem}{more}"
        hint = 'Write the unit in the heading, say [units] floor_area_m2 = "m2" in the column map, '
        hint += "or --assume floor_area_m2.unit=m2"
        question = Question(words, table.file, bare[0].row, bare[0].column, hint,
                         "floor_area_m2.unit", ("m2", "sq ft"))  # fmt: skip
        return [*rest, question]
    if ours not in CHOICES:
        return faults
    by_word: dict[str, list[Fault]] = {}
    for fault in faults:
        word = fault.problem.removesuffix(f" is not one of {', '.join(CHOICES[ours])}")
        by_word.setdefault(word, []).append(fault)
    return [_word_question(word, rows, ours) for word, rows in by_word.items()]


def _word_question(word: str, faults: list[Fault], ours: str) -> Question:
    first = faults[0]
    more = f" ({len(faults):,} rows)" if len(faults) > 1 else ""
    key = f"{ours}.{simple_name(word)}"
    example = f'"{word}" = "{CHOICES[ours][2]}"'
    hint = f"{first.hint}; or say what it means {UNMAPPED}: [values.{ours}] {example}, "
    hint += f"or --assume {key}={CHOICES[ours][2]}"
    return Question(f"{first.problem}{more}", first.file, first.row, first.column, hint, key,
                    CHOICES[ours])  # fmt: skip


def _heading_units(names: Mapping[str, str]) -> dict[str, str]:
    """Return the units in headings."""
    units = {ours: cells.money_unit(names[ours]) for ours in MONEY if ours in names}
    if "floor_area_m2" in names:
        units["floor_area_m2"] = _area_words(names["floor_area_m2"])
    return {ours: unit for ours, unit in units.items() if unit}


def _area_words(heading: str) -> str:
    feet = cells.FEET2.search(heading.lower().replace("_", " "))
    net = {"nia", "net"} & set(simple_name(heading).split("_"))
    gross = {"gia", "gross"} & set(simple_name(heading).split("_"))
    kind = "net " if net else "gross " if gross else ""
    return f"{kind}{'sq ft' if feet else 'm2'}"


def _unit_notes(names: Mapping[str, str], units: Mapping[str, str]) -> Iterable[str]:
    """Return notes on columns in another unit than ours."""
    for ours in MONEY:
        if ours in names and cells.pounds(names[ours], units.get(ours, ""))("1") != 1:
            yield f"'{names[ours]}' turned into pounds"
    size = f"{names.get('floor_area_m2', '')} {units.get('floor_area_m2', '')}"
    if "floor_area_m2" in names and cells.FEET2.search(size.lower()):
        yield f"'{names['floor_area_m2']}' turned from square feet into m2"


def kind_note(table: Table) -> Table:
    """Return the table with a note on kinds of buildings that are not ours."""
    known = set(clean.KINDS) | {clean.UNKNOWN_KIND}
    other = Counter(kind for kind in table.frame["kind"] if kind not in known)
    if not other:
        return table
    words = "unusual kinds of buildings, which keep their names"
    examples = [f"{kind} ({number:,})" for kind, number in other.most_common()]
    return table.with_event("note", words, sum(other.values()), examples)


def with_role(table: Table, role: str) -> Table:
    """Return the table with the role it was read in, in its record."""
    return replace(table, intake=replace(table.intake, role=role))
