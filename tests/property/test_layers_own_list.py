"""A list of buildings, however damaged or odd, is read or refused in words: never a traceback."""

import io
import random
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.base.errors import InputError
from nhcplanner.layers import read_estates

NAMES = ["Site ID", "Name", "Type", "Status", "Easting", "Northing", "Grid ref", "Longitude",
         "Latitude", "Cost (£m)", "Cost date", "GIA (sq ft)", "Capacity", "Works"]  # fmt: skip
ROW = ["S1", "Hall", "Library", "candidate", "485700", "308600", "SK 857 086", "-0.7", "52.6",
       "1.2", "1/4/2025", "1000", "5k", "refurb"]  # fmt: skip
TRIALS = 70


def workbook(rows) -> bytes:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return raw.getvalue()


def text(rows) -> bytes:
    return "\r\n".join(",".join(row) for row in rows).encode("utf-8-sig")


def read_or_refused(content: bytes, name: str) -> bool:
    """True where it was read; False where it was refused in words that name the file."""
    try:
        found = read_estates(content, name)
    except InputError as error:
        refused = str(error)
    else:
        refused = ""
        assert found.sites["site_id"].is_unique
        assert found.sites.geometry.notna().all()
    assert not refused or name in refused
    return not refused


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Flip, cut out, double or overwrite a stretch of bytes."""
    raw = bytearray(content)
    at = chance.randrange(len(raw))
    length = chance.choice((1, 1, 2, 8, 64))
    kind = chance.randrange(4)
    if kind == 0:
        raw[at] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del raw[at : at + length]
    elif kind == 2:
        raw[at:at] = raw[at : at + length]
    else:
        raw[at : at + length] = chance.randbytes(length)
    return bytes(raw[: chance.randrange(len(raw))] if chance.random() < 0.1 else raw)


def inside(content: bytes, chance: random.Random) -> bytes:
    """Mutate one member of a zip file and pack it soundly again, so that XML is what is damaged."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        unlucky = chance.choice(old.namelist())
        for name in old.namelist():
            member = old.read(name)
            new.writestr(name, mutated(member, chance) if name == unlucky else member)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "damage"),
    [
        ("list.csv", text, mutated),
        ("list.xlsx", workbook, mutated),
        ("list.xlsx", workbook, inside),
    ],
    ids=["csv", "xlsx", "xml"],
)
def test_damaged_files_never_end_in_a_traceback(name, make, damage):
    chance = random.Random(20260401)
    content = make([NAMES, ROW, ["S2", *ROW[1:]]])
    assert read_or_refused(content, name)
    ends = [read_or_refused(damage(content, chance), name) for _ in range(TRIALS)]
    assert not all(ends)


odd = st.one_of(
    st.sampled_from(["", "TBC", "=1+1", "-1", "1e400", "nan", "inf", "£", "0", "99999999999999",
                     "1,2", "31/2/2025", "SK", "none", "٣", "1/1/1", "5 bn", "x" * 300]),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=12),
    st.floats(allow_nan=False).map(str),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(odd, min_size=len(NAMES), max_size=len(NAMES)), min_size=1, max_size=3))
def test_odd_cells_never_end_in_a_traceback(rows):
    read_or_refused(workbook([NAMES, ROW, *rows]), "list.xlsx")


@settings(max_examples=60, deadline=None)
@given(st.lists(odd, min_size=1, max_size=8), st.lists(odd, min_size=1, max_size=8))
def test_odd_names_of_columns_never_end_in_a_traceback(names, row):
    read_or_refused(workbook([names, row]), "list.xlsx")
