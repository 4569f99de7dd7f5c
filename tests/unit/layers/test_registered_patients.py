import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.registered_patients import read_registered_patients

PUBLISHED = """PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,LSOA_CODE,SEX,NUMBER_OF_PATIENTS
GP_PRAC_PAT_LIST,01JUL2026,A81001,ONE SURGERY,E01000001,ALL,10
GP_PRAC_PAT_LIST,01JUL2026,A81001,ONE SURGERY,E01000001,MALE,6
GP_PRAC_PAT_LIST,01JUL2026,A81001,ONE SURGERY,E01000001,FEMALE,4
GP_PRAC_PAT_LIST,01JUL2026,A81001,ONE SURGERY,W01000002,ALL,3
GP_PRAC_PAT_LIST,01JUL2026,A81002,TWO SURGERY,S01000003,ALL,2
GP_PRAC_PAT_LIST,01JUL2026,A81002,TWO SURGERY,CLOSED,ALL,5
GP_PRAC_PAT_LIST,01JUL2026,A81002,TWO SURGERY,E01000001,ALL,7
GP_PRAC_PAT_LIST,01JUL2026,A81002,TWO SURGERY,,ALL,1
"""


def read(tmp_path, text):
    (tmp_path / "patients.csv").write_text(text, encoding="utf-8")
    return read_registered_patients(tmp_path / "patients.csv")


def test_the_published_file_is_read_with_a_line_for_each_row_left_out(tmp_path):
    found = read(tmp_path, PUBLISHED)
    assert found.table.to_dict("records") == [
        {"practice": "A81001", "area_code": "E01000001", "patients": 10},
        {"practice": "A81002", "area_code": "E01000001", "patients": 7},
    ]
    words = " ".join(found.notes)
    assert "2 rows of single sexes left out" in words
    assert "3 patients in Wales" in words
    assert "2 patients in Scotland" in words
    assert "5 patients of practices or areas marked CLOSED" in words
    assert "1 patient without a known area" in words
    assert found.date == "01JUL2026"
    assert found.elsewhere["patients"].sum() + found.table["patients"].sum() == 28


def test_sexes_are_added_where_there_is_no_row_of_all(tmp_path):
    rows = [row for row in PUBLISHED.splitlines() if ",ALL," not in row]
    found = read(tmp_path, "\n".join(rows))
    assert found.table["patients"].tolist() == [10]
    assert any("1 row added to another of the same pair" in note for note in found.notes)


@pytest.mark.parametrize("cell", ["many", "-1", "2.5", ""])
def test_a_count_that_is_none_is_a_fault(tmp_path, cell):
    text = f"practice_code,lsoa_code,patients\nA,E01000001,{cell}\nB,E01000001,3\n"
    with pytest.raises(InputError, match="without a whole number of patients"):
        read(tmp_path, text)


def test_a_file_of_something_else_is_refused(tmp_path):
    with pytest.raises(InputError, match="has no column of patients"):
        read(
            tmp_path, pd.DataFrame({"lsoa_code": ["E01000001"], "people": [3]}).to_csv(index=False)
        )


def test_the_column_map_names_columns_and_answers_questions(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("Surgery,LSOA,Heads\nA81001,E01000001,4\n", encoding="utf-8")
    said = ColumnMap(tables={"list.csv": {"practice": "Surgery", "patients": "Heads"}})
    found = read_registered_patients(path, said)
    assert found.table["patients"].tolist() == [4]


def test_counts_with_a_point_have_a_note(tmp_path):
    found = read(tmp_path, "practice_code,lsoa_code,patients\nA,E01000001,1.000\nB,E01000001,3\n")
    assert any("1 count with decimals: is a point a thousands separator? row 2" in note
               for note in found.notes)  # fmt: skip
