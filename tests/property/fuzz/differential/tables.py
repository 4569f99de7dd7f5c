"""Sound tables of a small place, and damage in one place of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

Rows = list[list[str]]
CODES = [f"E0100{1000 + n}" for n in (1, 2, 3, 5, 6, 7)]
X, Y = 486_000, 308_500
AREAS: Rows = [
    ["LSOA21CD", "LSOA name", "People", "Easting", "Northing", "UTLA23CD", "IMD rank",
     "IMD decile", "Households without a car (%)"],
    *([code, f"Square {n}", str(1100 + 137 * n), str(X + 700 * n + 13), str(Y + 17), "E06000017",
       str(2500 + 5000 * n), str(int((2500 + 5000 * n) * 10 / 33755) + 1), str(12.5 + n)]
      for n, code in enumerate(CODES)),
]  # fmt: skip
SITES: Rows = [
    ["Site id", "Site", "Kind", "Status", "Easting", "Northing", "Capital cost", "Cost date",
     "Floor area (m2)", "Capacity"],
    ["S1", "Oak House", "clinic", "candidate", "486213", "308511", "1200000", "2025-04-01", "1200",
     "9000"],
    ["S2", "Elm Hall", "library", "candidate", "487411", "308611", "850000", "2025-04-01", "900",
     "7000"],
    ["S3", "Ash Court", "town hall", "forbidden", "488521", "308409", "2400000", "2025-04-01",
     "2100", "12000"],
    ["S4", "Yew Place", "pharmacy", "existing", "489333", "308577", "640000", "2025-04-01", "450",
     "5000"],
]  # fmt: skip
TABLE: Rows = [
    ["lsoa21cd", "HLE male", "HLE female"],
    *([code, str(55.5 + n), str(56.25 + n)] for n, code in enumerate(CODES)),
]
MATRIX: Rows = [
    ["from_id", "to_id", "minutes"],
    *([code, site[0], str(4 + 6 * a + 5 * b)] for a, code in enumerate(CODES)
      for b, site in enumerate(SITES[1:])),
]  # fmt: skip
AGES = ["<1", "1-4", *(f"{age}-{age + 4}" for age in range(5, 90, 5)), "90+"]
LIVES: Rows = [
    ["area_code", "sex", "age", "deaths", "people"],
    *(["E06000017", sex, age, str(round(2 + 0.9 * 1.33**n + more)),
       str(21_000 - 950 * n + 40 * more)]
      for more, sex in enumerate(("Male", "Female")) for n, age in enumerate(AGES)),
]  # fmt: skip
HEALTH: Rows = [
    ["area_code", "sex", "age", "good_health_percent", "asked"],
    *(["E06000017", sex, age, f"{97 - 2.9 * n - more:.1f}", str(310 - 11 * n)]
      for more, sex in enumerate(("Male", "Female")) for n, age in enumerate(AGES)),
]  # fmt: skip
NUMBERS = {"cost", "floor_area_m2", "capacity", "imd_rank", "imd_decile", "no_car_share",
           "hle_male", "hle_female", "hle", "deaths", "people", "good_health_percent", "asked",
           "People", "IMD rank", "IMD decile", "Households without a car (%)", "Capital cost",
           "Floor area (m2)", "Capacity", "HLE male", "HLE female", "minutes"}  # fmt: skip
PLACES = {"Easting", "Northing", "easting", "northing"}
KEYS = {
    "area_code",
    "site_id",
    "origin_id",
    "council_code",
    "LSOA21CD",
    "UTLA23CD",
    "lsoa21cd",
    "from_id",
    "to_id",
    "Site id",
}


@dataclass(frozen=True)
class Damage:
    """One place of one file, damaged.

    Parameters
    ----------
    file
        The file's name.
    content
        What it holds now.
    words
        What was done.
    names
        Words of which a line must hold one to name the place: a row, a heading, an id, a value.
    """

    file: str
    content: bytes
    words: str
    names: tuple[str, ...]


Harm = Callable[[Rows, Random], tuple[str, tuple[str, ...]]]
"""Damages rows in place; gives what was done and what names the place."""


def text_of(rows: Rows) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _spot(rows: Rows, chance: Random, among: Iterable[str] | None = None) -> tuple[int, int]:
    wanted = set(among) if among is not None else set(rows[0])
    columns = [n for n, name in enumerate(rows[0]) if name in wanted] or [0]
    return chance.randrange(1, len(rows)), chance.choice(columns)


def _named(rows: Rows, row: int, column: int, *more: str) -> tuple[str, ...]:
    kept = [word for word in (rows[0][column], *more) if word.strip(" \u00a0\u200b?-*'")]
    return (f"row {row + 1}", *kept, rows[row][0])


def _cell(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    """A cell typed as nobody should."""
    row, column = _spot(rows, chance)
    heading, old = rows[0][column], rows[row][column]
    ways = list(ANYTHING)
    ways += NUMERIC if heading in NUMBERS else []
    ways += POSITION if heading in PLACES else []
    ways += CODED if heading in KEYS else []
    ways += AGED if heading == "age" else []
    ways += WORDED if heading in ("Status", "Kind", "status", "kind", "sex") else []
    new = chance.choice(ways)(old)
    names = _named(rows, row, column, new, old)
    rows[row][column] = new
    return f"row {row + 1}, {heading}: {old!r} -> {new!r}", names


ANYTHING: list[Callable[[str], str]] = [
    lambda t: "", lambda t: "N/A", lambda t: "TBC", lambda t: "?", lambda t: "#REF!",
    lambda t: "see note", lambda t: f"{t}\u00a0", lambda t: f"\u200b{t}", lambda t: f"  {t} ",
    lambda t: f"'{t}", lambda t: f"={t}", lambda t: "not avail.", lambda t: "-",
]  # fmt: skip
NUMERIC: list[Callable[[str], str]] = [
    lambda t: f"{float(t):,.10g}", lambda t: f"{float(t):,.10g}".replace(",", " "),
    lambda t: f"{float(t):.2e}", lambda t: f"{float(t):.12e}", lambda t: f"{t} approx",
    lambda t: f"~{t}", lambda t: f"{t}*", lambda t: f"-{t}", lambda t: f"({t})",
    lambda t: t.replace("0", "O").replace("1", "l", 1), lambda t: f"{float(t) * 1e6:.10g}",
    lambda t: f"{float(t) / 1e6:.10g}", lambda t: f"{t},5", lambda t: f"{t}-{t}",
    lambda t: f"${t}", lambda t: f"{t} m2 each",
]  # fmt: skip
POSITION: list[Callable[[str], str]] = [
    lambda t: t[:-1], lambda t: f"{t}0", lambda t: "0", lambda t: f"-{t}", lambda t: "-0.72",
    lambda t: f"{float(t):.2e}", lambda t: f"{t[:3]},{t[3:]}", lambda t: "SK 861 085",
    lambda t: t[::-1],
]  # fmt: skip
CODED: list[Callable[[str], str]] = [
    lambda t: t.lower(), lambda t: t[:-1], lambda t: f"{t}1", lambda t: t.replace("0", "O"),
    lambda t: f"{t} ", lambda t: "Oct-14", lambda t: "1.01E+07", lambda t: "E01099999",
]  # fmt: skip
AGED: list[Callable[[str], str]] = [
    lambda t: "Oct-14", lambda t: t.replace("-", " to "), lambda t: t.split("-")[0],
    lambda t: f"{t} years", lambda t: "All ages", lambda t: t.replace("-", ""), lambda t: "10-Oct",
]  # fmt: skip
WORDED: list[Callable[[str], str]] = [
    str.upper, str.title, lambda t: t[:-1], lambda t: "Closed 2019", lambda t: "Not available",
    lambda t: "Open", lambda t: f"{t} (tbc)", lambda t: t.replace("a", "\u0430"),
]  # fmt: skip


def _swap_cells(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]) - 1)
    names = _named(rows, row, column, rows[0][column + 1])
    if {rows[0][column], rows[0][column + 1]} <= {"HLE male", "HLE female"}:
        return "nothing", names
    cells = rows[row]
    cells[column], cells[column + 1] = cells[column + 1], cells[column]
    return f"row {row + 1}: columns {column} and {column + 1} swapped", names


def _shift(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row, column = _spot(rows, chance)
    names = _named(rows, row, column)
    rows[row] = [*rows[row][:column], "", *rows[row][column:-1]]
    return f"row {row + 1} shifted from column {column}", names


def _cut(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row, column = _spot(rows, chance)
    names = _named(rows, row, column)
    rows[row] = rows[row][: max(1, column)]
    return f"row {row + 1} cut at column {column}", names


def _longer(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row, column = _spot(rows, chance)
    names = _named(rows, row, column)
    rows[row].insert(column, chance.choice(["5", "x", "1.2"]))
    return f"row {row + 1} with a cell more at column {column}", names


def _again(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row = chance.randrange(1, len(rows))
    rows.insert(chance.randrange(1, len(rows) + 1), list(rows[row]))
    return f"row {row + 1} twice", ("row", rows[row][0])


def _again_renamed(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row = chance.randrange(1, len(rows))
    rows.append(
        [
            "S99" if rows[0][0] == "Site id" or rows[0][0] == "site_id" else rows[row][0],
            *rows[row][1:],
        ]
    )
    return f"row {row + 1} again under another id", ("S99", rows[row][0], rows[row][1])


def _between(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    """A row that is none: a total, a caption, a note, the headings, blanks."""
    width, at = len(rows[0]), chance.randrange(1, len(rows) + 1)
    more = chance.choice([
        ["Total", *[""] * (width - 2), "99999"], ["North locality", *[""] * (width - 1)],
        list(rows[0]), [""] * width, ["* provisional"], ["Sub-total", "12", *[""] * (width - 2)],
        ["Average", *["5"] * (width - 1)], ["Source: our own list", *[""] * (width - 1)],
    ])  # fmt: skip
    rows.insert(at, more)
    names = (f"row {at + 1}", *(cell for cell in more if len(cell) > 3), "blank row")
    return f"row {at + 1} put in: {more[:2]}", names


def _heading(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    column = chance.randrange(len(rows[0]))
    old = rows[0][column]
    new = chance.choice([
        "Remarks", "", rows[0][column - 1], f"{old} 2", f"{old} (old)", old.upper(), f" {old} ",
        f"{old} (\u00a3m)", f"{old} per year", f"{old} 2011", f"{old}\n(note 1)", f"Not {old}",
        f"{old} change since 2019", f"{old} (000s)", f"{old} rank",
    ])  # fmt: skip
    rows[0][column] = new
    return f"heading {old!r} -> {new!r}", tuple(filter(None, (
        new.strip(), old, " ".join(new.split()), f"column {chr(65 + column)}", LABELS.get(old, ""),
    )))  # fmt: skip


LABELS = {"Capacity": "Capacity", "Capital cost": "Cost", "Cost date": "date", "Kind": "kinds",
          "Status": "status", "Site id": "ids", "UTLA23CD": "Council", "IMD rank": "Deprivation",
          "IMD decile": "decile"}  # fmt: skip
"""What the description of a place calls a column that is not there."""


def _as_text(rows: Rows, chance: Random) -> tuple[bytes, str, tuple[str, ...]]:
    """The file's text damaged, not its cells."""
    text = text_of(rows)
    lines = text.splitlines()
    at = chance.randrange(1, len(lines))
    kind = chance.randrange(8)
    if kind == 0:
        lines[at] = lines[at].replace(",", ";")
    elif kind == 1:
        lines[at] = f'"{lines[at]}'
    elif kind == 2:
        lines[at] = lines[at].replace(",", ",,", 1)
    elif kind == 3:
        lines[at] = lines[at].replace(",", "\n", 1)
    elif kind == 4:
        lines.insert(0, chance.choice(["sep=;", "Our list, 2026", "sep=,", "\ufeff", ",,"]))
    elif kind == 5:
        coded = chance.choice(["utf-16", "utf-8-sig", "utf-16-le", "cp1252"])
        return "\n".join(lines).encode(coded), f"in {coded}", (coded,)
    elif kind == 6:
        lines[at] = lines[at].replace(",", "\t")
    else:
        lines[at] += chance.choice([",", ",,", ",x", '"', "\x00", " "])
    names = (f"row {at + 1}", rows[at][0], "title row", "above the headings", "column")
    return "\n".join(lines).encode(), f"line {at + 1}, way {kind}", names


HARMS: list[Harm] = [_cell] * 8 + [_swap_cells, _shift, _cut, _longer, _again, _again_renamed,
                                   _between, _between, _heading, _heading]  # fmt: skip
TABLES = {"areas.csv": AREAS, "sites.csv": SITES, "table.csv": TABLE, "matrix.csv": MATRIX,
          "lives.csv": LIVES, "health.csv": HEALTH}  # fmt: skip


def damage_table(file: str, chance: Random) -> Damage:
    """Damage one place of a sound table."""
    return damage_rows([list(row) for row in TABLES[file]], file, chance)


def damage_rows(rows: Rows, file: str, chance: Random) -> Damage:
    """Damage one place of a table, in its cells or in its text."""
    if chance.random() < 0.15:
        return Damage(file, *_as_text(rows, chance))
    words, names = chance.choice(HARMS)(rows, chance)
    return Damage(file, text_of(rows).encode(), words, names)
