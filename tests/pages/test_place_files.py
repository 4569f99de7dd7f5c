"""Own areas and tables on the page Start: checked on screen, mended, confirmed, then opened."""

import io

import openpyxl
import pytest

pytestmark = pytest.mark.pages
AREAS = "LSOA21CD,Residents,Easting,Northing\n" + "".join(
    f"E010000{n:02d},1500,{400_500 + 1000 * n},300500\n" for n in range(4)
)
SITES = (
    "Site id,Site,Kind,Status,Easting,Northing\n"
    "S1,Oak,clinic,Surplus,400600,300400\nS2,Elm,library,Candidate,402600,300400\n"
)
HLE = "lsoa21cd,HLE male,HLE female\n" + "".join(
    f"E010000{n:02d},{55 + n},{56 + n}\n" for n in range(4)
)


def button(app, label):
    return next(one for one in app.button if one.label.startswith(label))


def box(app, label):
    return next(one for one in (*app.selectbox, *app.radio, *app.checkbox) if label in one.label)


@pytest.fixture
def started(opened):
    app = opened("start")
    box(app, "Source").set_value("own").run()
    return app


def give(app, name, content, role=None):
    if role is not None:
        box(app, "Kind of file").set_value(role).run()
    content = content.encode() if isinstance(content, str) else content
    app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    assert not app.exception
    return app


def test_own_areas_tables_and_sites_make_a_place(started, said):
    app = started
    box(app, "What to make").set_value(True).run()
    give(app, "areas.csv", AREAS, "areas")
    give(app, "hle.csv", HLE, "table")
    give(app, "sites.csv", SITES, "sites")
    button(app, "Check the files").click().run()
    assert "sites.csv\\: say what the marked words mean" in said(app)
    assert button(app, "Open the place").disabled
    box(app, "Surplus means").set_value("forbidden").run()
    assert "4 areas, 6,000 people, 2 sites" in said(app)
    button(app, "Open the place").click().run()
    assert not app.exception
    assert [one.value for one in app.metric] == ["6,000", "4", "2", "0"]


def test_a_workbook_with_a_title_is_mapped_and_mended_before_it_is_added(started, said):
    """The place's people and sites stay; carers become a measure of its own, one row mended."""
    book = openpyxl.Workbook()
    book.active.append(["Carers of the council, 2026"])
    book.active.append(["LSOA21CD", "Carers", "Remarks"])
    for n in range(10):
        book.active.append([f"E010000{n:02d}", -5 if n == 3 else 100 + n, "x"])
    held = io.BytesIO()
    book.save(held)
    app = give(started, "carers.xlsx", held.getvalue())
    button(app, "Check the files").click().run()
    assert "headings in row 2, 10 rows, 3 columns" in said(app)
    box(app, "Use column Carers as").set_value("own").run()
    assert "carers.xlsx\\: correct or leave out the rows with problems" in said(app)
    problems = next(one.value for one in app.dataframe if "problem" in one.value)
    assert problems["row"].tolist() == [6]
    box(app, "Leave out 1 row with problems").set_value(True).run()
    button(app, "Open the place").click().run()
    assert not app.exception
    assert [one.value for one in app.metric] == ["15,000", "10", "5", "1"]
    assert "carers" in said(app)


def test_an_unclear_unit_is_asked_on_screen(started, said):
    rows = "".join(f"E010000{n:02d},{20 + n}\n" for n in range(10))
    app = give(started, "cars.csv", "LSOA21CD,no_car_share\n" + rows)
    button(app, "Check the files").click().run()
    assert "are these shares of 1, or per cent?" in said(app)
    box(app, "Your answer").set_value("percent").run()
    assert "10 areas, 15,000 people, 5 sites" in said(app)


def test_patient_data_are_refused_and_nothing_is_kept(started, said):
    text = "NHS number,Surname,Date of birth\n9434765919,A,1/1/1950\n"
    app = give(started, "list.csv", text)
    assert "look like data about patients" in said(app)
    assert not [one for one in app.button if one.label == "Check the files"]


def test_files_are_removed_and_the_steps_cancelled(started):
    app = give(started, "hle.csv", HLE)
    button(app, "Remove").click().run()
    assert not [one for one in app.button if one.label == "Check the files"]
    give(app, "hle.csv", HLE)
    button(app, "Check the files").click().run()
    button(app, "Cancel").click().run()
    assert not app.exception
    assert "Choose a place" in [one.value for one in app.subheader]


def test_a_file_that_cannot_be_read_says_why(started):
    app = give(started, "broken.xlsx", b"no workbook")
    assert any("broken.xlsx" in one.value for one in app.error)
    assert not [one for one in app.button if one.label == "Check the files"]


PROJECTION = "code,age,2024,2035\n" + "".join(
    f"E06000001,{age},{people},{2 * people}\n"
    for age, people in (("0-15", 3000), ("16-64", 9000), ("65-84", 2500), ("85+", 500))
)
HOMES = "name,homes,year,easting,northing\nMill,50,2030,400500,300500\n"


def test_a_projection_and_housing_sites_are_added_on_screen(started, said):
    codes = "".join(f"E010000{n:02d},E06000001\n" for n in range(10))
    app = give(started, "councils.csv", f"LSOA21CD,council_code\n{codes}", "table")
    give(app, "snpp.csv", PROJECTION, "projections")
    give(app, "homes.csv", HOMES, "housing")
    button(app, "Check the files").click().run()
    assert "snpp.csv\\: answer the questions" in said(app)
    next(one for one in app.text_input if one.label == "Answer").set_value("2024").run()
    assert "People of the year in the heading" in str(app.selectbox)
    assert "10 areas, 15,000 people, 5 sites" in said(app)
    button(app, "Open the place").click().run()
    assert not app.exception
    assert "people of 2024 to 2035" in said(app)
