"""Uploaded lists: columns, words, problems and duplicates settled before sites are added."""

import geopandas as gpd
import pytest
from shapely.geometry import Point

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import ADD, CHANGE, LEAVE_OUT, NOT_USED, Decisions
from nhcplanner.workflow.sites import Choices

NOTHING = Choices((), (), ())
HEADINGS = "Site id,Site,Kind,Status,Easting,Northing,Capital cost\n"
ROW = "N1,Mill House,library,Candidate,650000,400000,1200000\n"


@pytest.fixture(scope="module")
def place():
    return workflow.demo_place()


def received(text, name="list.csv", **options):
    return intake.receive(text.encode(), name, options)


def seen(place, upload, decisions=None, now=NOTHING, base=None):
    decisions = decisions or Decisions()
    found = intake.review(place, upload, decisions)
    return found, intake.preview(base or place, place, found, decisions, now)


def facts(preview, site_id):
    return dict(next(one for one in preview.choices.edits if one.site_id == site_id).facts)


def test_columns_are_guessed_with_samples(place):
    upload = received(HEADINGS + ROW + ROW.replace("N1", "N2").replace("Mill", "Far Hill"))
    found, _ = seen(place, upload)
    assert [(one.theirs, one.ours) for one in found.columns][:2] == [
        ("Site id", "site_id"), ("Site", "site_name"),
    ]  # fmt: skip
    assert found.columns[1].samples == ("Mill House", "Far Hill House")
    assert found.units == {"cost": ""}


def test_a_column_that_is_not_known_can_be_used_and_a_known_one_not(place):
    upload = received(
        "Ref,Site,Easting,Northing,Est. capital (£000s),Cost\nN1,Mill,650000,400000,1200,5\n"
    )
    assert upload.guesses["Est. capital (£000s)"] == NOT_USED
    columns = (("Ref", "site_id"), ("Est. capital (£000s)", "cost"), ("Cost", NOT_USED))
    found, preview = seen(place, upload, Decisions(columns=columns))
    assert preview.added == ("N1",)
    assert facts(preview, "N1")["cost"] == 1_200_000
    unused = [one.theirs for one in found.intake.columns if not one.ours]
    assert unused == ["Cost"]


def test_two_columns_for_one_of_ours_stop_the_list(place):
    upload = received(HEADINGS.replace("\n", ",Old cost\n") + ROW.replace("\n", ",900000\n"))
    found, preview = seen(place, upload, Decisions(columns=(("Old cost", "cost"),)))
    assert "Capital cost and Old cost are both used as cost" in str(found.blocking[0])
    assert preview.waiting
    assert preview.choices is NOTHING


def test_a_misspelt_column_must_be_settled(place):
    upload = received(HEADINGS.replace("Status", "Statuss") + ROW)
    found, preview = seen(place, upload)
    assert "did you mean 'Status'" in found.blocking[0].problem
    assert preview.waiting
    _, preview = seen(place, upload, Decisions(columns=(("Statuss", "status"),)))
    assert preview.added == ("N1",)


def test_words_are_counted_and_mapped(place):
    rows = [ROW.replace("N1", f"N{n}").replace("650000", f"65{n}000") for n in range(1, 5)]
    rows[1] = rows[1].replace("Candidate", "Surplus")
    rows[2] = rows[2].replace("Candidate", "SURPLUS ")
    rows[3] = rows[3].replace("Candidate", "")
    upload = received(HEADINGS + "".join(rows))
    found, preview = seen(place, upload)
    counts = {(one.column, one.word): (one.count, one.ours) for one in found.words}
    assert counts["status", "Surplus"] == (2, "")
    assert counts["status", "Candidate"] == (1, "candidate")
    assert counts["status", ""] == (1, "")
    assert preview.waiting == ("Say what 1 word of the list mean.",)
    words = ((("status", "Surplus"), "forbidden"), (("status", ""), "committed"))
    _, preview = seen(place, upload, Decisions(words=words))
    got = {one.site_id: dict(one.facts)["status"] for one in preview.choices.edits}
    assert got == {"N1": "candidate", "N2": "forbidden", "N3": "forbidden", "N4": "committed"}


def test_a_unit_that_is_doubtful_is_asked_for_and_chosen(place):
    upload = received(HEADINGS + ROW.replace("1200000", "1.2"))
    found, preview = seen(place, upload)
    assert list(found.questions) == ["cost.unit"]
    assert preview.waiting == ("Answer 1 question about the list.",)
    found, preview = seen(place, upload, Decisions(answers=(("cost.unit", "millions"),)))
    assert facts(preview, "N1")["cost"] == 1_200_000
    cost = next(one for one in found.intake.columns if one.ours == "cost")
    assert cost.unit == "millions"
    assert cost.examples == ("1.2 -> 1200000",)


def test_square_feet_become_metres_only_where_somebody_says_feet(place):
    upload = received("Site id,Easting,Northing,Size\nN1,650000,400000,10000\n")
    columns = (("Size", "floor_area_m2"),)
    found, preview = seen(place, upload, Decisions(columns=columns))
    assert list(found.questions) == ["floor_area_m2.unit"]
    assert preview.waiting
    answers = (("floor_area_m2.unit", "sq ft"),)
    _, preview = seen(place, upload, Decisions(columns=columns, answers=answers))
    assert facts(preview, "N1")["floor_area_m2"] == pytest.approx(929.0304)  # 0.3048 squared


def test_faulty_rows_are_corrected_or_left_out_and_the_rest_is_added(place):
    bad = "N2,Hall,library,Candidate,651000,400000,dear\nN3,Barn,library,Candidate,,,5000000\n"
    upload = received(HEADINGS + ROW + bad)
    found, preview = seen(place, upload)
    assert found.open_rows == (3, 4)
    assert preview.waiting == ("Correct or leave out 2 rows with problems.",)
    _, preview = seen(place, upload, Decisions(no_faulty=True))
    assert preview.added == ("N1",)
    assert set(preview.left_out) == {3, 4}
    cells = (((3, "Capital cost"), "£1.5m"),)
    found, preview = seen(place, upload, Decisions(cells=cells, left_out=frozenset({4})))
    assert preview.added == ("N1", "N2")
    assert facts(preview, "N2")["cost"] == 1_500_000
    words = [str(event) for event in preview.record.events]
    assert "1 cell corrected on screen (row 3, Capital cost: £1.5m)" in words
    assert "1 row left out on screen (row 4)" in words


def test_faults_of_every_stage_are_shown_at_once(place):
    text = HEADINGS + ROW
    text += "N2,Hall,library,Candidate,651000,400000,dear\n"
    text += "N3,Barn,library,Candidate,100000,100000,500000\n"
    found, _ = seen(place, received(text))
    assert found.open_rows == (3,)
    assert [fault.row for fault in found.far] == [4]


def test_a_column_of_faults_is_one_problem_of_the_column(place):
    rows = "".join(f"N{n},Mill {n},library,Candidate,6.5E+05,4.0E+05,\n" for n in range(9))
    found, preview = seen(place, received(HEADINGS + rows))
    assert [fault.column for fault in found.blocking] == ["Easting", "Northing"]
    assert "9 cells like this" in found.blocking[0].problem
    assert not found.faults
    assert preview.waiting


def test_a_formula_without_a_value_is_a_row_to_correct(place, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (HEADINGS + ROW).strip().split("\n"):
        book.active.append(row.split(","))
    book.active["G2"] = "=1+1"
    book.save(tmp_path / "list.xlsx")
    upload = intake.receive((tmp_path / "list.xlsx").read_bytes(), "list.xlsx")
    found, _ = seen(place, upload)
    assert found.open_rows == (2,)
    assert "formula without a saved value" in found.faults[0].problem
    _, preview = seen(place, upload, Decisions(cells=(((2, "Capital cost"), "750000"),)))
    assert facts(preview, "N1")["cost"] == 750_000
    _, preview = seen(place, upload, Decisions(columns=(("Capital cost", NOT_USED),)))
    assert preview.added == ("N1",)


def test_the_same_list_twice_adds_nothing(place):
    upload = received(HEADINGS + ROW)
    _, first = seen(place, upload)
    again = workflow.with_edits(place, first.choices.edits, first.choices.records)
    found, second = seen(again, upload, now=first.choices, base=place)
    assert [one.sure for one in found.matches] == [True]
    assert (second.added, second.changed, second.unchanged) == ((), (), ("N1",))
    assert second.choices.edits == first.choices.edits


def test_the_same_list_twice_without_ids_is_asked_about(place):
    upload = received((HEADINGS + ROW).replace("Site id,", "").replace("N1,", ""))
    _, first = seen(place, upload)
    assert first.added == ("list-2",)
    again = workflow.with_edits(place, first.choices.edits)
    found, second = seen(again, upload, now=first.choices, base=place)
    assert [(one.site_id, one.metres) for one in found.matches] == [("list-2", 0.0)]
    assert second.waiting == ("Say what to do with 1 row that may be in the place already.",)
    for action, added in ((LEAVE_OUT, ()), (CHANGE, ()), (ADD, ("list-2-2",))):
        _, each = seen(again, upload, Decisions(matches=((0, action),)), first.choices, place)
        assert each.added == added


def test_another_building_with_a_known_id_does_not_replace_it(place):
    old = place.sites.iloc[0]
    text = HEADINGS + ROW.replace("N1", old["site_id"])
    far = old.geometry.distance(Point(650_000, 400_000))
    assert far > intake.SAME_M
    found, preview = seen(place, received(text))
    assert found.matches[0].same_id
    assert preview.waiting
    _, preview = seen(place, received(text), Decisions(matches=((0, ADD),)))
    assert preview.added == (f"{old['site_id']}-2",)


def test_what_a_list_leaves_blank_does_not_change_a_site(place):
    old = place.sites[place.sites["status"] == "existing"].iloc[0]
    text = f"Site id,Easting,Northing,Capacity\n{old['site_id']},{old.geometry.x},"
    text += f"{old.geometry.y},900\n"
    _, preview = seen(place, received(text))
    assert preview.changed == (old["site_id"],)
    assert facts(preview, old["site_id"]) == {"capacity": 900.0}
    made = workflow.with_edits(place, preview.choices.edits)
    assert made.sites.set_index("site_id").loc[old["site_id"], "status"] == "existing"


def test_two_rows_for_one_site_change_it_once(place):
    old = place.sites.iloc[0]
    name, point = place.site_names.iloc[0], old.geometry
    row = f"A,{name},{old['kind']},Candidate,{point.x},{point.y},900000\n"
    text = HEADINGS + row + row.replace("A,", "B,", 1).replace("900000", "800000")
    answers = (("duplicates", "keep"),)
    decisions = Decisions(matches=((0, CHANGE),), answers=answers)
    _, preview = seen(place, received(text), decisions)
    assert preview.changed == (old["site_id"],)
    assert len(preview.left_out) == 1


@pytest.mark.parametrize("heading", ["NHS number", "Date of birth"])
def test_data_about_patients_are_not_read(heading):
    with pytest.raises(InputError) as raised:
        received(f"Site id,Easting,Northing,{heading}\nN1,650000,400000,1\n")
    assert intake.patient_columns(raised.value) == (heading,)


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
    _, preview = seen(place, upload, Decisions(columns=columns, words=words))
    assert preview.added == ("N1", "N2")
    assert preview.choices.edits[0].point == (650_000.0, 400_000.0)


def test_the_record_says_what_was_decided_and_reaches_the_place(place):
    upload = received(HEADINGS + ROW.replace("Candidate", "Surplus"), "Estates 2026.csv")
    words = ((("status", "Surplus"), "candidate"), (("kind", "library"), "library"))
    _, preview = seen(place, upload, Decisions(words=words))
    made = workflow.with_edits(place, preview.choices.edits, preview.choices.records)
    record = made.intake[-1]
    assert (record.file, record.role, record.rows_read) == ("Estates 2026.csv", "sites", 1)
    assert len(record.sha256) == 64
    lines = record.lines()
    assert "- assumed: 1 word chosen on screen (status Surplus -> candidate)" in lines
    assert "- note: Sites of the app: 1 added" in lines
    titles = [title for title, _ in intake.summary(preview)]
    assert titles[0] == "Rows"
