"""Matrix files of other tools are read as tables of text."""

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel.matrix_file import read_table

LINES = ["origin;destination;minutes", "A;s;0", "A;t;30", "B;t;"]
CELLS = [["A", "s", "0"], ["A", "t", "30"], ["B", "t", ""]]


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_table(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("separator", "encoding"), [(";", "utf-8"), ("\t", "utf-16"), ("|", "utf-8-sig")]
)
def test_separators_and_encodings_are_recognised(tmp_path, separator, encoding):
    path = tmp_path / "m.csv"
    path.write_text("\n".join(LINES).replace(";", separator), encoding=encoding)
    table = read_table(path)
    assert list(table.columns) == ["origin", "destination", "minutes"]
    assert table.to_numpy().tolist() == CELLS


def test_parquet_of_another_tool_becomes_text_and_a_place_folder_s_keeps_numbers(tmp_path):
    path = tmp_path / "m.parquet"
    rows = {"from_id": ["A", "B"], "to_id": ["s", "t"], "travel_time": [1.5, None]}
    pd.DataFrame(rows).to_parquet(path)
    assert read_table(path).to_numpy().tolist() == [["A", "s", "1.5"], ["B", "t", ""]]
    pd.DataFrame({"minutes": [1.5], "origin": ["A"], "destination": ["s"]}).to_parquet(path)
    assert read_table(path).to_numpy().tolist() == [["A", "s", 1.5]]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["origin,s,s", "A,1,2"], "s heads several columns"),
        (["origin,destination,minutes", "A,s,1,4"], "more cells than headings"),
    ],
)
def test_ambiguous_tables_are_refused(csv, lines, words):
    with pytest.raises(InputError, match=words):
        read_table(csv(*lines))
