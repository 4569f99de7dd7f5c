"""Lists of sites: an empty template made from the schema, and a place's sites as map and file."""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import folium
import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from nhcplanner.base.atomic import atomic_directory
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain import case
from nhcplanner.domain.columns import KINDS, SITES, WHEREABOUTS, Column
from nhcplanner.domain.place import Place
from nhcplanner.outputs.maps import panel, plan_map
from nhcplanner.outputs.maps.symbols import SYMBOLS
from nhcplanner.outputs.sanitise import csv_bytes, text
from nhcplanner.outputs.wording import terms

AFTER = "postcode"
LEFT_OUT = ("geometry", "listed_by", "plan_size", "listed_capacity", "listed_cost")
ROWS = 1_000
"""Rows with drop-downs and checks."""

SHEET, NOTES = "Sites", "Notes"
WIDTHS = (28, 62, 16, 60, 20)
"""Widths of the columns of the notes, in characters."""

LINE = 15
"""Height of a line, in points."""

ADVICE = """\
One row a building. Leave blank what you do not know: a blank stays blank, never 0.
Give its position as postcode, easting and northing, longitude and latitude, or grid reference.
Give each cost, floor area and capacity its date. Money may be written 1,200,000 or £1.2m.
"existing" is a neighbourhood health centre today; any other building is "candidate".
""".splitlines()


def write_template(path: Path) -> Path:
    """Write an empty list of sites, or an empty case: names, drop-downs, notes, no figures.

    Parameters
    ----------
    path
        File to write: .xlsx, .csv (names only), or .toml for an empty case.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the file exists, has another ending, or cannot be written.
    """
    path = Path(path).resolve()
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".csv", ".toml"):
        hint = "Name it sites.xlsx, or case.toml"
        raise InputError([Fault("is neither .xlsx nor .csv nor .toml", path.name, hint=hint)])
    if path.exists():
        hint = "Give another name, or move it away: a list may be in it"
        raise InputError([Fault("is there already", str(path), hint=hint)])
    with atomic_directory(path.parent) as folder:
        if ending == ".toml":
            (folder / path.name).write_text(case.TEMPLATE, encoding="utf-8", newline="\n")
        elif ending == ".csv":
            with (folder / path.name).open("w", encoding="utf-8-sig", newline="") as opened:
                csv.writer(opened).writerow([heading(column) for column in columns()])
        else:
            _write_workbook(folder / path.name)
    return path


def columns() -> tuple[Column, ...]:
    """Return the columns of the template: those of the schema, and those of a position."""
    columns_of_list = [column for column in SITES if column.name not in LEFT_OUT]
    cut = 1 + next(n for n, column in enumerate(columns_of_list) if column.name == AFTER)
    return (*columns_of_list[:cut], *WHEREABOUTS, *columns_of_list[cut:])


def heading(column: Column) -> str:
    """Name a column with its unit, as it is read again.

    Examples
    --------
    >>> heading(columns()[10])
    'Capacity (people)'
    """
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _write_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#003087",
             "font_color": "#FFFFFF", "border": 1}
        )  # fmt: skip
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet, notes = book.add_worksheet(SHEET), book.add_worksheet(NOTES)
        for number, column in enumerate(columns()):
            sheet.write_string(0, number, heading(column), head)
            form = dates if column.name.endswith("_date") else None
            sheet.set_column(number, number, max(12, len(column.label) + 4), form)
            _check(sheet, number, column)
        sheet.set_row(0, 2 * LINE)
        sheet.freeze_panes(1, 2)
        _write_notes(notes, head, wrap)
        for page in (sheet, notes):
            page.set_landscape()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)


def _check(sheet: Worksheet, number: int, column: Column) -> None:
    """Add a drop-down for words or a check for numbers; users may override either."""
    words = KINDS if column.name == "kind" else column.choices
    rule: dict[str, Any] = {}
    if words:
        rule = {"validate": "list", "source": list(words)}
    elif column.kind in ("whole", "number") and column.low is not None:
        rule = {"validate": "decimal", "criteria": ">=", "value": column.low}
    if rule:
        message = {"error_title": column.label, "error_message": column.hint[:255]}
        weight = "information" if column.name == "kind" else "warning"
        rule |= {"error_type": weight, "ignore_blank": True, **message}
        sheet.data_validation(1, number, ROWS, number, rule)


def _write_notes(notes: Worksheet, head: object, wrap: object) -> None:
    for row, words in enumerate(ADVICE):
        notes.write_string(row, 0, words)
    first = len(ADVICE) + 1
    titles = ("Column", "Meaning", "Unit", "Words", "Needed")
    for number, (title, width) in enumerate(zip(titles, WIDTHS, strict=True)):
        notes.set_column(number, number, width)
        notes.write_string(first, number, title, head)
    for row, column in enumerate(columns(), start=first + 1):
        lines = max(map(_lines, _note(column), WIDTHS))
        notes.set_row(row, lines * LINE)
        for number, words in enumerate(_note(column)):
            notes.write_string(row, number, words, wrap)


def _lines(words: str, width: int) -> int:
    """Return the number of lines of a text in a column of some width."""
    return len(textwrap.wrap(words, width)) or 1


def _note(column: Column) -> Sequence[str]:
    defaults: Mapping[str, str] = {"status": "blank = candidate", "kind": "blank = building"}
    words = ", ".join(KINDS) + ", or any other word" if column.name == "kind" else ""
    needed = defaults.get(column.name, "yes" if column.required else "")
    allowed = words or ", ".join(column.choices)
    return (heading(column), column.meaning, column.unit, allowed, needed)


LOOKS = {
    "existing": ("existing", "Existing"),
    "committed": ("committed", "Committed"),
    "Must open": ("must_open", "Must open"),
    "Available": ("available", "Available"),
    "Excluded": ("excluded", "Excluded"),
}
"""Symbol and words of each class of site."""


def classes(place: Place, choice: pd.Series) -> pd.Series:
    """Return the class of each site, a key of `LOOKS`."""
    status = place.sites["status"]
    return choice.where(~status.isin(["existing", "committed"]), status)


def layers(place: Place, choice: pd.Series) -> list[folium.FeatureGroup]:
    """Return a map layer for each class of site.

    Parameters
    ----------
    place
        Whose sites.
    choice
        "Available", "Must open" or "Excluded" for each.
    """
    of_site = classes(place, choice)
    site_names = place.site_names
    blank = pd.Series("", index=place.sites.index)
    hours = place.sites.get("opening_hours", blank).astype("object").fillna("")
    made = []
    for number, (key, (symbol, words)) in enumerate(reversed(LOOKS.items())):
        rows = of_site == key
        tips = [
            f"<b>{text(name)}</b><br>{text(site)}<br>{text(terms.kind(kind))}<br>{words}"
            + (f"<br>{text(opening)}" if opening else "")
            for name, site, kind, opening in zip(
                site_names[rows],
                place.sites["site_id"][rows],
                place.sites["kind"][rows],
                hours[rows],
                strict=True,
            )
        ]
        points = place.sites.geometry[rows]
        made.append(plan_map.symbol_layer(f"sites_{number}", points, tips, symbol))
    return made


def key(place: Place, choice: pd.Series) -> str:
    """Return the legend of the symbols with their number, as HTML."""
    counts = classes(place, choice).value_counts()
    sizes = {name: min(one.size, plan_map.LARGEST) for name, one in SYMBOLS.items()}
    rows = [
        f'<div style="display:flex;align-items:center;gap:8px">'
        f"{panel.icon(symbol, sizes[symbol])}{words} ({counts[name]:,})</div>"
        for name, (symbol, words) in LOOKS.items()
        if name in counts
    ]
    return f'<div style="display:flex;flex-wrap:wrap;gap:2px 18px">{"".join(rows)}</div>'


def summary(place: Place, choice: pd.Series) -> str:
    """Describe how many sites are in each class."""
    counts = classes(place, choice).value_counts()
    parts = [
        f"{counts[name]:,} {words.lower()}" for name, (_, words) in LOOKS.items() if name in counts
    ]
    return f"{len(place.sites):,} sites: {', '.join(parts)}."


def list_csv(place: Place) -> bytes:
    """Return the list under the headings of the template, with positions in metres."""
    sites = place.sites.assign(
        easting=place.sites.geometry.x.round(1), northing=place.sites.geometry.y.round(1)
    )
    frame = pd.DataFrame(
        {heading(one): sites[one.name] for one in columns() if one.name in sites.columns}
    )
    return csv_bytes(frame)


def template() -> bytes:
    """Return an empty list of sites as a workbook."""
    with TemporaryDirectory() as folder:
        return write_template(Path(folder) / "sites.xlsx").read_bytes()
