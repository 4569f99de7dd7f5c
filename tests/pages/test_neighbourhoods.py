"""The page Neighbourhoods, on a row of ten areas of 1,500 people."""

import pytest

from nhcplanner import workflow
from tests.pages.test_need import with_projection


@pytest.fixture
def built(opened):
    app = opened("neighbourhoods")
    for number, value in enumerate((5000, 3000, 6000)):
        app.number_input[number].set_value(value)
    app.run()
    next(one for one in app.button if one.label == "Show neighbourhoods").click().run()
    assert not app.exception
    return app


def test_footprints_are_built_within_the_bounds_asked_for(built, said):
    assert "3 neighbourhoods of 4,500 to 6,000 people" in said(built)
    table = next(one.value for one in built.dataframe if "Size within limits" in one.value)
    assert set(table["Size within limits"]) == {"yes"}
    assert table["People"].sum() == 15_000


def test_bounds_in_the_wrong_order_are_refused_in_words(opened, said):
    app = opened("neighbourhoods")
    app.number_input[1].set_value(90_000).run()
    assert "are no bounds of a neighbourhood" in said(app)


def test_neighbourhoods_without_a_centre_leave_out_the_one_with_it(built):
    table = next(one.value for one in built.dataframe if "first_band_people" in one.value)
    assert len(table) == 2


def _set(app, label, value):
    kinds = [*app.selectbox, *app.radio, *app.multiselect]
    next(one for one in kinds if one.label == label).set_value(value).run()
    assert not app.exception


def _press(app, label):
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception


def _people(app):
    table = next(one.value for one in app.dataframe if "Size within limits" in one.value)
    return dict(zip(table["Neighbourhood"], table["People"], strict=True))


def test_an_area_is_moved_and_the_move_is_undone(built):
    before = _people(built)
    first, second = sorted(before)[:2]
    options = next(one for one in built.selectbox if one.label.startswith("Move the area"))
    assert len(options.options) == len(before) + 1
    _set(built, options.label, second)
    _press(built, "Move it")
    after = _people(built)
    assert (before[first] - after[first], after[second] - before[second]) == (1500, 1500)
    _press(built, "Undo the last move")
    assert _people(built) == before


def test_neighbourhoods_are_grouped_into_larger_areas(built, said):
    _set(built, "Group them into", ["multi"])
    assert "neighbourhood area of 15,000 to 15,000 people" in said(built)


def test_alternatives_differ_and_can_be_used(opened, said):
    app = opened("neighbourhoods")
    for number, value in enumerate((4000, 1500, 9000)):
        app.number_input[number].set_value(value)
    app.run()
    _press(app, "Show neighbourhoods")
    names = next((one for one in app.radio if one.label == "Division in use"), None)
    assert names is not None, said(app)
    best = _people(app)
    _set(app, "Division in use", "Alternative 1")
    assert _people(app) != best
    next(one for one in app.toggle if "side by side" in one.label).set_value(True).run()
    table = next(one.value for one in app.dataframe if "outside_bounds" in one.value)
    assert (table["elsewhere"].iloc[1:] >= 10).all()


def test_groups_of_a_file_stay_whole_and_can_be_taken(opened, said):
    rows = [f"E010000{number:02d},G{number // 2}" for number in range(10)]
    table = "area_code,pcn_name\n" + "\n".join(rows)
    app = opened("neighbourhoods")
    for number, value in enumerate((4500, 3000, 6000)):
        app.number_input[number].set_value(value)
    _set(app, "Stay whole", "Groups of a file")
    app.file_uploader[0].set_value(("groups.csv", table.encode(), "text/csv")).run()
    assert "5 groups of 10 areas in use" in said(app)
    _press(app, "Show neighbourhoods")
    assert all(people % 3000 == 0 for people in _people(app).values())  # pairs of 1,500 people
    _set(app, "Source", "Use those of a file")
    _press(app, "Show neighbourhoods")
    assert _people(app) == {f"G{number}": 3000 for number in range(5)}


def test_files_of_groups_that_hold_patients_are_refused(opened, said):
    app = opened("neighbourhoods")
    _set(app, "Stay whole", "Groups of a file")
    table = b"area_code,pcn_name,nhs_number\nE01000000,G,1\n"
    app.file_uploader[0].set_value(("groups.csv", table, "text/csv")).run()
    assert "looks like data about patients" in said(app)
    assert not [one for one in app.button if one.label == "Show neighbourhoods"]


def test_people_of_a_later_year_are_divided_and_the_table_says_so(opened, monkeypatch, said):
    place = with_projection(workflow.demo_place())
    monkeypatch.setattr(workflow, "demo_place", lambda: place)
    app = opened("neighbourhoods")
    for number, value in enumerate((6000, 3000, 9000)):
        app.number_input[number].set_value(value)
    _set(app, "People of the year", 2030)
    _press(app, "Show neighbourhoods")
    table = next(one.value for one in app.dataframe if "Size within limits" in one.value)
    assert table["People of 2030"].sum() == 16_500
    assert "people of 2030" in said(app)
