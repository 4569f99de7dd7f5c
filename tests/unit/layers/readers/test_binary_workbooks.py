"""Binary workbooks: XLS and XLSB show the same rows, errors and formats as their XLSX twins.

`marks.xls` is `twin()` saved as Excel 97 by LibreOffice 7; XLSB is written here record by record.
"""

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, questions_of
from nhcplanner.layers.readers.binary_workbooks import look_through_xls, look_through_xlsb
from nhcplanner.layers.readers.tables import Reading, read_table

XLS = Path(__file__).with_name("marks.xls")
HEAD = ["Site id", "Easting", "Northing", "Cost (£)", "Status"]
ROWS = [[n, 331_000 + n, 436_000 + n, 1_200_000 + n, None] for n in range(1, 6)]
STRUCK, ZEROS = 1, 2
"""Styles of the XLSB."""


def twin():
    """A list whose row 5 and column D are hidden, with merged, padded, failed and struck cells."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "List"
    for row in [["Estates register"], HEAD, *ROWS]:
        sheet.append(row)
    sheet["E3"] = "Ruled out"
    sheet.merge_cells("E3:E7")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True
    for row in range(3, 8):
        sheet[f"A{row}"].number_format = "0000"
    other = book.create_sheet("Failed")
    for row in [HEAD[:2], ["S1", 5], ["S2", 6]]:
        other.append(row)
    other["B2"].value, other["B2"].data_type = "#REF!", "e"
    for cell in other[3]:
        cell.font = Font(strike=True)
    return book


def record(kind, body=b""):
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 127 else 0)])
        length >>= 7
        if not length:
            return head + size + body


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cells(row, values, *, hidden=False, style=0):
    """Records of one row: its header, and text, numbers, or the code of an error as bytes."""
    out = record(0, struct.pack("<IIHBBB", row, 0, 300, 0, 0x10 if hidden else 0, 0))
    for column, value in enumerate(values):
        at = struct.pack("<II", column, style if column == 0 or style == STRUCK else 0)
        if isinstance(value, bytes):
            out += record(3, at + value)
        elif isinstance(value, str):
            out += record(6, at + wide(value))
        elif value is not None:
            out += record(5, at + struct.pack("<d", value))
    return out


def sheet(rows, columns=b"", merged=b""):
    size = record(148, struct.pack("<4I", 0, len(rows) - 1, 0, 4))
    return (record(129) + size + columns + record(145) + b"".join(rows) + record(146) + merged
            + record(130))  # fmt: skip


def styles():
    fonts = [struct.pack("<HH", 200, flags) + bytes(17) + wide("Arial") for flags in (0, 8)]
    looks = [(0, 0), (0, 1), (164, 0)]
    looks = [struct.pack("<HHH", 0, number, font) + bytes(10) for number, font in looks]
    one = struct.pack("<I", 1)
    return b"".join([
        record(278), record(615, one), record(44, struct.pack("<H", 164) + wide("0000")),
        record(616), record(611, struct.pack("<I", 2)), *(record(43, font) for font in fonts),
        record(612), record(626, one), record(47, looks[1]), record(627),
        record(617, struct.pack("<I", 3)), *(record(47, look) for look in looks), record(618),
        record(279),
    ])  # fmt: skip


def xlsb(path):
    """The workbook of `twin` as XLSB."""
    rows = [[*row[:4], "Ruled out" if n == 0 else None] for n, row in enumerate(ROWS)]
    data = [cells(2 + n, row, hidden=n == 2, style=ZEROS) for n, row in enumerate(rows)]
    listed = sheet(
        [cells(0, ["Estates register"]), cells(1, HEAD), *data],
        record(390) + record(60, struct.pack("<IIIIH", 3, 3, 2560, 0, 1)) + record(391),
        record(177, struct.pack("<I", 1))
        + record(176, struct.pack("<4I", 2, 6, 4, 4))
        + record(178),
    )  # fmt: skip
    failed = sheet(
        [cells(0, HEAD[:2]), cells(1, ["S1", b"\x17"]), cells(2, ["S2", 6], style=STRUCK)]
    )
    bundle = [record(156, struct.pack("<II", 0, n) + wide(f"rId{n}") + wide(name))
              for n, name in ((1, "List"), (2, "Failed"))]  # fmt: skip
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(f'<Relationship Id="rId{n}" Type="{kind}/worksheet" '
                    f'Target="worksheets/sheet{n}.bin"/>' for n in (1, 2))  # fmt: skip
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{links}</Relationships>")
        packed.writestr("xl/workbook.bin", record(131) + record(143) + b"".join(bundle)
                        + record(144) + record(132))  # fmt: skip
        packed.writestr("xl/styles.bin", styles())
        packed.writestr("xl/worksheets/sheet1.bin", listed)
        packed.writestr("xl/worksheets/sheet2.bin", failed)
    return path


@pytest.fixture(params=["xlsx", "xls", "xlsb"])
def path(request, tmp_path):
    if request.param == "xls":
        return XLS
    if request.param == "xlsb":
        return xlsb(tmp_path / "a.xlsb")
    twin().save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def read(path, **answers):
    return read_table(path, reading=Reading(kind="sites", answers=Answers(answers)))


def test_hidden_merged_and_padded_cells_are_read_alike_in_every_format(path):
    table = read(path, sheet="List")
    assert table.frame["Site id"].tolist() == ["0001", "0002", "0004", "0005"]
    assert table.frame["Status"].tolist() == ["Ruled out"] * 4
    assert table.rows == (3, 4, 6, 7)
    assert (table.intake.rows_hidden, table.intake.cells_merged) == (1, 4)
    assert "1 hidden column read" in [event.words for event in table.intake.events]
    assert len(read(path, sheet="List", hidden="read").frame) == 5


def test_errors_and_struck_rows_are_found_in_every_format(path):
    with pytest.raises(InputError) as caught:
        read(path, sheet="Failed")
    assert "row 2, column Easting: shows #REF!" in str(caught.value)
    assert questions_of(caught.value)[0].key == "struck"


@pytest.mark.parametrize("ending", ["xls", "xlsb"])
def test_what_a_binary_format_does_not_show_is_a_doubt(tmp_path, ending):
    path = XLS if ending == "xls" else xlsb(tmp_path / "a.xlsb")
    doubts = [
        event.words for event in read(path, sheet="List").intake.events if event.kind == "doubt"
    ]
    assert any("comments and formulas without a saved value" in words for words in doubts)


def words_of(raw):
    """What `look_through_xls` raises; "read" where it does not."""
    try:
        look_through_xls(raw)
    except ValueError as error:
        return str(error)
    return "read"


def test_xls_that_is_cut_short_says_so_or_is_read():
    raw = XLS.read_bytes()
    found = {words_of(raw[:end]).partition(":")[0] for end in range(0, len(raw), 97)}
    assert found == {"its records cannot be read", "read"}


def test_reading_ends_whichever_byte_of_the_container_is_wrong():
    raw = XLS.read_bytes()
    damaged = (raw[:at] + bytes([raw[at] ^ 0x41]) + raw[at + 1 :] for at in range(28, 512))
    assert {words_of(one).partition(":")[0] for one in damaged} == {
        "its records cannot be read",
        "read",
    }


def test_xlsb_whose_parts_are_cut_short_says_so(tmp_path):
    whole = xlsb(tmp_path / "a.xlsb")
    raw = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(raw, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:-40] if name.endswith("workbook.bin") else content)
    with zipfile.ZipFile(raw) as packed, pytest.raises(ValueError, match="cannot be read"):
        look_through_xlsb(packed)
