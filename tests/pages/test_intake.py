"""The mapping screen: a list is read, settled, confirmed, and only then added."""

import io

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import Point

from nhcplanner.domain.place import CRS
from nhcplanner.pages.intake import problems
from nhcplanner.workflow.intake import ADD, CHANGE

pytestmark = pytest.mark.pages
HEADINGS = "Site id,Site,Kind,Status,Easting,Northing,Capital cost\n"
ROWS = (
    "N1,Mill,library,Candidate,404000,300400,1200000\n"
    "N2,Hall,library,Candidate,406300,300400,900000\n"
)


def button(app, label):
    return next(one for one in app.button if one.label.startswith(label))


def labels(app):
    return [one.label for one in app.button]


def box(app, label):
    return next(one for one in (*app.selectbox, *app.radio, *app.checkbox) if label in one.label)


def frame(app, column):
    return next(one.value for one in app.dataframe if column in one.value)


def workbook(text, *more):
    """A workbook with a title above each of its sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in (("Estate", text), *more):
        sheet = book.create_sheet(name)
        sheet.append(["Estates of the council"])
        for row in content.strip().split("\n"):
            sheet.append([int(c) if c.isdigit() else c for c in row.split(",")])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def layer(tmp_path):
    frame = gpd.GeoDataFrame(
        {"Site id": ["N1", "N2"], "Site": ["Mill", "Hall"], "Kind": "library"},
        geometry=[Point(404_000, 300_400), Point(406_300, 300_400)],
        crs=CRS,
    )
    frame.to_file(tmp_path / "list.gpkg", driver="GPKG")
    return (tmp_path / "list.gpkg").read_bytes()


@pytest.fixture
def given(opened):
    """The page Sites after a file was uploaded."""

    def put(content, name="list.csv", app=None):
        app = app or opened("sites")
        content = content.encode() if isinstance(content, str) else content
        app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
        assert not app.exception
        return app

    return put


@pytest.mark.parametrize("ending", ["csv", "xlsx", "gpkg"])
def test_a_sound_list_is_confirmed_and_added(ending, given, said, tmp_path):
    content = {"csv": HEADINGS + ROWS, "xlsx": workbook(HEADINGS + ROWS), "gpkg": None}[ending]
    app = given(content or layer(tmp_path), f"list.{ending}")
    assert "Nothing is added until you confirm it" in said(app)
    if ending == "xlsx":
        assert "sheet Estate, headings in row 2" in said(app)
    button(app, "Add 2 sites").click().run()
    assert "7 sites" in said(app)
    assert "2 sites added, 0 changed" in said(app)
    assert frame(app, "what")["site_id"].tolist() == ["N1", "N2"]
    button(app, "Undo last change").click().run()
    assert "5 sites" in said(app)


def test_cancel_adds_nothing(given, said):
    app = given(HEADINGS + ROWS)
    button(app, "Cancel").click().run()
    assert "5 sites: 1 existing, 4 available" in said(app)
    assert "not added yet" not in said(app)


def test_each_column_is_shown_with_samples_and_can_be_changed(given, said):
    app = given((HEADINGS + ROWS).replace("Capital cost", "Outlay £"))
    assert "Mill; Hall" in said(app)
    assert box(app, "Outlay").value == ""
    box(app, "Outlay").select("cost").run()
    box(app, "Use column Kind as").select("").run()
    button(app, "Add 2 sites").click().run()
    what = frame(app, "what")["what"].tolist()
    assert "Cost: 1200000.0" in what[0]
    assert "Kind: building" in what[0]


def test_words_units_and_questions_are_answered(given, said):
    rows = ROWS.replace("Candidate", "Surplus", 1).replace("1200000", "1.2").replace("900000", "2")
    app = given(HEADINGS + rows)
    assert "Say what 1 word of the list mean" in said(app)
    assert "Answer 1 question" in said(app)
    assert button(app, "Add the sites").disabled
    box(app, "Surplus means").select("forbidden").run()
    box(app, "Your answer").set_value("millions").run()
    button(app, "Add 2 sites").click().run()
    what = frame(app, "what")["what"]
    assert "Status: forbidden" in what.iloc[0]
    assert "Cost: 1200000.0" in what.iloc[0]


def test_bad_rows_are_left_out_or_mended_in_the_table(given, said, monkeypatch):
    bad = "N3,Barn,library,Candidate,405000,300400,dear\n"
    bad += "N4,Hut,library,Candidate,500000,100000,50000\n"
    app = given(HEADINGS + ROWS + bad)
    shown = frame(app, "problem")
    assert shown["row"].tolist() == [4, 5]
    assert "dear is not one sum of money" in shown["problem"].iloc[0]
    box(app, "Leave out 1 row outside the place").check().run()
    assert frame(app, "problem")["row"].tolist() == [4]

    def typed(table, **_):
        if "problem" not in table:
            return table
        return table.replace("dear", "£0.5m")

    monkeypatch.setattr(problems.st, "data_editor", typed)
    button(app, "Save corrections").click().run()
    assert "1 cell corrected" in said(app)
    button(app, "Add 3 sites").click().run()
    what = frame(app, "what").set_index("site_id")["what"]
    assert sorted(what.index) == ["N1", "N2", "N3"]
    assert "Cost: 500000.0" in what["N3"]


def test_the_same_list_twice_is_not_doubled(given, said):
    text = (HEADINGS + ROWS).replace("Site id,", "").replace("N1,", "").replace("N2,", "")
    app = given(text)
    button(app, "Add 2 sites").click().run()
    assert "7 sites" in said(app)
    app = given(text, app=app)
    assert frame(app, "In the place")["Row"].tolist() == [2, 3]
    assert button(app, "Add the sites").disabled
    box(app, "What to do with 2 rows").set_value(CHANGE).run()
    assert "nothing to add" in said(app)
    box(app, "What to do with 2 rows").set_value(ADD).run()
    assert "Add 2 sites" in labels(app)


def test_data_about_patients_stop_the_upload(given, said):
    app = given("NHS number,Surname,Forename,Date of birth,Easting,Northing\n1,A,B,C,404000,1\n")
    assert "look like data about patients. Nothing was kept" in said(app)
    assert not [one for one in labels(app) if one.startswith("Add 1")]
    held = app.session_state["nhcplanner"].upload
    assert held.content == b""
    assert held.upload is None


def test_the_sheet_is_chosen(given, said):
    other = (HEADINGS + ROWS).replace("N1", "P1").replace("N2", "P2")
    app = given(workbook(HEADINGS + ROWS, ("Proposed", other)), "two.xlsx")
    assert "holds lists in several sheets: Estate, Proposed" in said(app) or [
        one for one in app.selectbox if "several sheets" in one.label
    ]
    box(app, "Which should be read").select("Proposed").run()
    assert "sheet Proposed" in said(app)
    button(app, "Add 2 sites").click().run()
    assert frame(app, "what")["site_id"].tolist() == ["P1", "P2"]


def test_a_sheet_and_a_table_beside_the_list_are_chosen_one_after_the_other(given, said):
    """The first answer stays while the second question is open."""
    lines = (HEADINGS + ROWS).splitlines()
    beside = [f"{lines[0]},,Ref,Capacity", *(f"{line},,X1,5" for line in lines[1:])]
    app = given(workbook(HEADINGS + ROWS, ("Proposed", "\n".join(beside))), "book.xlsx")
    box(app, "Which should be read").select("Proposed").run()
    box(app, "two tables beside each other").select("two").run()
    assert not app.exception
    assert "sheet Proposed" in said(app)
    assert "2 columns of a second table left out" in said(app)


def test_the_list_waits_while_another_page_is_open(opened, given, said):
    app = given(HEADINGS + ROWS.replace("Candidate", "Surplus"))
    box(app, "Surplus means").select("forbidden").run()
    app.run()
    assert "list.csv" in " ".join(one.value for one in app.subheader)
    button(app, "Add 2 sites").click().run()
    assert "Status: forbidden" in frame(app, "what")["what"].iloc[0]


def test_the_record_is_shown_with_the_method_and_saved(opened, given, said):
    app = given(HEADINGS + ROWS.replace("Candidate", "Surplus"), "estates.csv")
    box(app, "Surplus means").select("candidate").run()
    button(app, "Add 2 sites").click().run()
    session = app.session_state["nhcplanner"]
    assert session.records[-1].file == "estates.csv"
    again = opened("method", **app.query_params)
    words = " ".join(said(again).replace("\\", "").split())
    assert "estates.csv" in words
    assert "status Surplus -> candidate" in words


def test_hostile_text_is_shown_as_text(given, said):
    nasty = "<img src=x onerror=alert(1)>"
    text = (HEADINGS + ROWS).replace("Mill", nasty).replace("Kind", "[k](http://a.b)")
    app = given(text)
    assert "<img" not in said(app).replace("\\<img", "")
    assert "[k](http" not in said(app)


def test_a_wide_list_draws_a_box_for_each_column(given):
    more = "".join(f",Extra {n}" for n in range(53))
    values = ",x" * 53
    text = HEADINGS.replace("\n", f"{more}\n") + ROWS.replace("\n", f"{values}\n")
    app = given(text)
    assert sum("Use column" in one.label for one in app.selectbox) == 60
    assert "Add 2 sites" in labels(app)


def test_only_faulty_rows_are_in_the_table_of_a_long_list(given):
    rows = [
        f"M{n},House {n},library,Candidate,{400_000 + 20 * (n % 480)},{300_000 + n // 5},500000"
        for n in range(3_000)
    ]
    rows[1234] = rows[1234].replace("500000", "dear")
    app = given(HEADINGS + "\n".join(rows) + "\n")
    assert frame(app, "problem")["row"].tolist() == [1236]
    assert isinstance(frame(app, "problem"), pd.DataFrame)
