from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS, Place
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.registered_patients import (
    RegisteredPatients,
    find_patients_file,
    network_lookup,
    networks_of_areas,
    read_networks,
    read_registered_patients,
    receive_networks,
    receive_registered_patients,
)

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


TABLE = pd.DataFrame({
    "practice": ["A", "B", "C", "A", "X", "B"],
    "area_code": ["E01", "E01", "E01", "E02", "E02", "E02"],
    "patients": [40, 35, 30, 10, 90, 10],
})  # fmt: skip


def _row() -> Place:
    """Four squares in a row; no patients of the last are known."""
    areas = gpd.GeoDataFrame(
        {"area_code": ["E01", "E02", "E03", "E04"]},
        geometry=[box(n, 0, n + 1, 1) for n in range(4)], crs=CRS,
    )  # fmt: skip
    sites = gpd.GeoDataFrame(
        {"site_id": ["A", "B", "C"], "kind": "gp_practice",
         "neighbourhood": ["West", "East", "East"]},
        geometry=[Point(0, 0)] * 3, crs=CRS,
    )  # fmt: skip
    return Place("Row", areas, sites, areas)


def test_an_area_belongs_to_the_network_of_most_of_its_patients():
    registered = RegisteredPatients(TABLE, TABLE[:0], (), "", "p.csv")
    found, notes = networks_of_areas(_row(), registered)
    # Of E01: 40 West, 65 East. Of E02: 10 each, and 90 of no known network.
    assert found.to_dict() == dict.fromkeys(["E01", "E02", "E03", "E04"], "East")
    assert "as 60.0% of patients do" in notes[0]
    assert notes[1:] == (
        "90 patients of 215 at practices of no known network",
        "2 areas without such patients joined the network of the nearest area",
    )
    other = pd.Series({"A": "West", "B": "West", "C": "East", "X": "Far"})
    found, _ = networks_of_areas(_row(), registered, other)
    assert found.tolist() == ["West", "Far", "Far", "Far"]
    with pytest.raises(InputError, match="of a known network"):
        networks_of_areas(_row(), registered, pd.Series({"Z": "West"}))


def test_networks_are_read_and_a_practice_in_two_is_a_fault(tmp_path):
    path = tmp_path / "networks.csv"
    path.write_text("ODS code,PCN name\na1,North\nB2,South\nC3,\n")
    assert read_networks(path).to_dict() == {"A1": "North", "B2": "South"}
    path.write_text("ODS code,PCN name\nA1,North\nA1,South\n")
    with pytest.raises(InputError, match="A1 in several networks"):
        read_networks(path)


def test_the_file_of_a_place_folder_is_found(tmp_path):
    place = replace(_row(), folder=tmp_path)
    assert find_patients_file(place) is None
    (tmp_path / "registered_patients_2026.csv").write_text("a")
    assert find_patients_file(place).name == "registered_patients_2026.csv"


def test_an_upload_keeps_its_name_and_only_rows_of_the_place(tmp_path):
    content = b"practice_code,lsoa_code,patients\nA,E01000001,5\nZ,E01000002,7\n"
    found = receive_registered_patients(content, "mine.csv")
    assert found.file == "mine.csv"
    assert found.notes[0].startswith("mine.csv: 2 rows read")
    assert found.of_place(_row()).table["practice"].tolist() == ["A"]


def test_patients_and_networks_with_faults_are_reported_together(tmp_path):
    patients, networks = tmp_path / "patients.csv", tmp_path / "networks.csv"
    patients.write_text("practice_code,lsoa_code\nA,E01000001\n")
    networks.write_text("practice_code,pcn_name\nA,North\nA,South\n")
    with pytest.raises(InputError) as error:
        network_lookup(patients, networks, _row())
    assert "has no column of patients" in str(error.value)
    assert "A in several networks" in str(error.value)


def test_networks_are_read_as_uploaded_and_patient_records_are_refused():
    table = b"practice_code,pcn_name\na1,North\n"
    assert receive_networks(table, "pcn.csv").to_dict() == {"A1": "North"}
    with pytest.raises(InputError, match="looks like data about patients"):
        receive_networks(b"practice_code,pcn_name,nhs_number\nA,North,1\n", "mine.csv")
