"""Uploads of tables, layers and data about patients."""

import geopandas as gpd
import pytest
from shapely.geometry import Point

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import ADD, CHANGE, LEAVE_OUT, SAME_M, Decisions, patient_columns
from tests.unit.workflow.intake.lists import HEADINGS, ROW, receive, settle


@pytest.mark.parametrize("heading", ["NHS number", "Date of birth"])
def test_data_about_patients_are_not_read(heading):
    with pytest.raises(InputError) as raised:
        receive(f"Site id,Easting,Northing,{heading}\nN1,650000,400000,1\n")
    assert patient_columns(raised.value) == (heading,)


def test_a_layer_with_shapes_is_mapped_as_well(place, tmp_path):
    points = gpd.GeoDataFrame(
        {"ref": ["N1", "N2"], "name": ["Mill", "Hall"], "state": ["Surplus", "Candidate"]},
        geometry=[Point(650_000, 400_000), Point(651_000, 401_000)],
        crs=CRS,
    )
    points.to_file(tmp_path / "sites.gpkg", driver="GPKG")
    upload = intake.receive((tmp_path / "sites.gpkg").read_bytes(), "sites.gpkg")
    columns = (("ref", "site_id"), ("state", "status"))
    words = ((("status", "Surplus"), "candidate"),)
    _, preview = settle(place, upload, Decisions(columns=columns, words=words))
    assert preview.added == ("N1", "N2")
    assert preview.choices.edits[0].point == (650_000.0, 400_000.0)


def test_the_same_list_twice_adds_nothing(place):
    upload = receive(HEADINGS + ROW)
    _, first = settle(place, upload)
    again = workflow.with_edits(place, first.choices.edits, first.choices.records)
    review, second = settle(again, upload, now=first.choices, base=place)
    assert [one.sure for one in review.matches] == [True]
    assert (second.added, second.changed, second.unchanged) == ((), (), ("N1",))
    assert second.choices.edits == first.choices.edits


def test_the_same_list_twice_without_ids_is_asked_about(place):
    upload = receive((HEADINGS + ROW).replace("Site id,", "").replace("N1,", ""))
    _, first = settle(place, upload)
    assert first.added == ("list-2",)
    again = workflow.with_edits(place, first.choices.edits)
    review, second = settle(again, upload, now=first.choices, base=place)
    assert [(one.site_id, one.metres) for one in review.matches] == [("list-2", 0.0)]
    assert second.waiting == ("Say what to do with 1 row that may be in the place already.",)
    for action, added in ((LEAVE_OUT, ()), (CHANGE, ()), (ADD, ("list-2-2",))):
        _, each = settle(again, upload, Decisions(matches=((0, action),)), first.choices, place)
        assert each.added == added


def test_another_building_with_a_known_id_does_not_replace_it(place):
    old = place.sites.iloc[0]
    text = HEADINGS + ROW.replace("N1", old["site_id"])
    far = old.geometry.distance(Point(650_000, 400_000))
    assert far > SAME_M
    review, preview = settle(place, receive(text))
    assert review.matches[0].same_id
    assert preview.waiting
    _, preview = settle(place, receive(text), Decisions(matches=((0, ADD),)))
    assert preview.added == (f"{old['site_id']}-2",)


def test_two_rows_for_one_site_change_it_once(place):
    old = place.sites.iloc[0]
    name, point = place.site_names.iloc[0], old.geometry
    row = f"A,{name},{old['kind']},Candidate,{point.x},{point.y},900000\n"
    text = HEADINGS + row + row.replace("A,", "B,", 1).replace("900000", "800000")
    answers = (("duplicates", "keep"),)
    decisions = Decisions(matches=((0, CHANGE),), answers=answers)
    _, preview = settle(place, receive(text), decisions)
    assert preview.changed == (old["site_id"],)
    assert len(preview.left_out) == 1


def test_the_record_says_what_was_decided_and_reaches_the_place(place):
    upload = receive(HEADINGS + ROW.replace("Candidate", "Surplus"), "Estates 2026.csv")
    words = ((("status", "Surplus"), "candidate"), (("kind", "library"), "library"))
    _, preview = settle(place, upload, Decisions(words=words))
    made = workflow.with_edits(place, preview.choices.edits, preview.choices.records)
    record = made.intake[-1]
    assert (record.file, record.role, record.rows_read) == ("Estates 2026.csv", "sites", 1)
    assert len(record.sha256) == 64
    lines = record.lines()
    assert "- assumed: 1 word chosen on screen (status Surplus -> candidate)" in lines
    assert "- note: Sites of the app: 1 added" in lines
