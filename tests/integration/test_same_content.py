"""The same content in another form gives the same place, byte for byte apart from the record."""

import random
from dataclasses import dataclass

import pandas as pd
import pytest
import xlsxwriter

from nhcplanner.base import limited_reader
from nhcplanner.layers import Extras, build_place, write_place
from nhcplanner.layers.place_folder.folder import KEYS

AREAS = pd.DataFrame({
    "lsoa21cd": ["E01013787", "E01013788", "E01013789"],
    "people": ["1465", "1980", "1200"],
    "easting": ["486000", "487000", "490000"],
    "northing": ["308500", "308500", "308500"],
    "utla_code": ["E06000017"] * 3,
})  # fmt: skip
SITES = pd.DataFrame({
    "Site id": ["S1", "S2", "S3"],
    "Site": ["Oakham Café", "North Hall", "East Library"],
    "Kind": ["Clinic", "Town hall", "Library"],
    "Status": ["Candidate", "Ruled out", "Proposed"],
    "Easting": ["486100", "487300", "490100"],
    "Northing": ["308500", "308900", "308500"],
    "Capital cost": ["1200000", "850000", "2500000"],
    "Cost date": ["2025-04-01", "2025-04-01", "2025-04-01"],
})  # fmt: skip
TABLE = pd.DataFrame({
    "lsoa21cd": ["E01013787", "E01013788", "E01013789"],
    "imd_rank": ["5000", "15000", "30000"],
    "no_car_share": ["0.25", "0.1", "0.05"],
})  # fmt: skip
BANDS = ("<1", "1-4", *(f"{age}-{age + 4}" for age in range(5, 90, 5)), "90+")
LIVES = pd.DataFrame([
    {"council_code": "E06000017", "sex": sex, "age": age, "deaths": str(5 + int(2 * 1.5**n)),
     "people": str(100_000 - 4_000 * n)}
    for sex in ("male", "female") for n, age in enumerate(BANDS)
])  # fmt: skip
HEALTH = pd.DataFrame([
    {"council_code": "E06000017", "sex": sex, "age": age,
     "good_health": str(round(0.98 - 0.03 * n, 2))}
    for sex in ("male", "female") for n, age in enumerate(BANDS)
])  # fmt: skip
DOORS = {"areas": AREAS, "sites": SITES, "table": TABLE, "lives": LIVES, "health": HEALTH}
TITLES = "Rutland estate,,\n,,\n"


@dataclass(frozen=True)
class Form:
    """How a table is written: ending, separator, encoding, lines above and below."""

    ending: str = ".csv"
    separator: str = ","
    encoding: str = "utf-8"
    before: str = ""
    after: str = ""
    is_shuffled: bool = False

    def write(self, frame, stem):
        path = stem.with_suffix(self.ending)
        if self.is_shuffled:
            names = list(frame.columns)
            random.Random(7).shuffle(names)
            frame = frame[names]
        if self.ending == ".xlsx":
            write_workbook(path, frame, self.before)
        elif self.ending == ".parquet":
            frame.to_parquet(path)
        else:
            text = self.before + frame.to_csv(index=False, sep=self.separator) + self.after
            path.write_bytes(text.encode(self.encoding))
        return path


def write_workbook(path, frame, before):
    """Numbers as numbers, on the second of two sheets, below a title where one is asked for."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write(0, 0, "Contents")
        sheet = book.add_worksheet("List")
        first = 2 if before else 0
        if before:
            sheet.write(0, 0, "Rutland estate")
        for column, name in enumerate(frame.columns):
            sheet.write(first, column, name)
            for row, cell in enumerate(frame[name], start=first + 1):
                number = cell.replace(".", "", 1).isdigit()
                sheet.write(row, column, float(cell) if number else cell)


FORMS = {
    "columns shuffled": Form(is_shuffled=True),
    "semicolons": Form(separator=";"),
    "tabs": Form(separator="\t"),
    "bars": Form(separator="|"),
    "UTF-8 with its mark": Form(encoding="utf-8-sig"),
    "UTF-16": Form(encoding="utf-16"),
    "Windows-1252": Form(encoding="cp1252"),
    "a line that names the separator": Form(separator=";", before="sep=;\n"),
    "titles above": Form(before=TITLES),
    "a note below": Form(after="\nSource: the council's own list\n"),
    "a workbook": Form(ending=".xlsx"),
    "a workbook with a title": Form(ending=".xlsx", before=TITLES),
    "Parquet": Form(ending=".parquet"),
}


def layers_of(folder, paths):
    """The layers of the place as the bytes of their files."""
    extras = Extras(lives=paths["lives"], health=paths["health"])
    with limited_reader.in_process():
        place = build_place(paths["areas"], paths["sites"], [paths["table"]], None, "x", extras)
    written = write_place(place, folder)
    return {layer: (written / f"{layer}.parquet").read_bytes() for layer in KEYS}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    paths = {name: Form().write(frame, folder / name) for name, frame in DOORS.items()}
    return paths, layers_of(folder / "place", paths)


SOME = ("columns shuffled", "semicolons", "UTF-16", "a note below", "a workbook with a title")
CASES = [(door, form) for door in DOORS for form in (FORMS if door == "sites" else SOME)]
"""Every form at one way in; at the others, which share the reader, one of each kind."""


@pytest.mark.parametrize(("door", "form"), CASES)
def test_the_same_content_in_another_form_is_the_same_place(plain, tmp_path, door, form):
    paths, expected = plain
    changed = {**paths, door: FORMS[form].write(DOORS[door], tmp_path / door)}
    assert layers_of(tmp_path / "place", changed) == expected


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Capital cost (£m)", ["1.2", "0.85", "2.5"]),
        ("Capital cost (£000s)", ["1,200", "850", "2,500"]),
        ("Capital cost", ["£1.2m", "850k", '"£2,500,000"']),
    ],
)
def test_a_unit_in_the_heading_or_the_cell_is_the_same_place(plain, tmp_path, heading, cells):
    paths, expected = plain
    sites = SITES.assign(**{"Capital cost": [cell.strip('"') for cell in cells]})
    sites = sites.rename(columns={"Capital cost": heading})
    changed = {**paths, "sites": Form().write(sites, tmp_path / "sites")}
    assert layers_of(tmp_path / "place", changed) == expected


def test_per_cent_in_the_heading_is_the_same_place(plain, tmp_path):
    paths, expected = plain
    table = TABLE.drop(columns="no_car_share").assign(
        **{"Households without a car (%)": ["25", "10", "5"]}
    )
    changed = {**paths, "table": Form().write(table, tmp_path / "table")}
    assert layers_of(tmp_path / "place", changed) == expected
