from dataclasses import replace

import pytest

from nhcplanner import layers, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers import england
from nhcplanner.pages.session import files, storage, trash
from tests.pages.conftest import OURS


def button(app, label):
    return next(one for one in app.button if one.label == label)


def test_the_place_says_at_once_what_it_holds_and_lacks(opened, said):
    app = opened("start")
    assert [one.value for one in app.metric] == ["15,000", "10", "5", "1"]
    words = said(app)
    assert "No streets\\: minutes are an estimate from straight lines" in words
    assert "SYNTHETIC: this place is invented" in words


def test_a_place_of_the_apps_list_is_opened_by_its_name(opened, said, monkeypatch, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "place.toml").touch()
    other = replace(workflow.demo_place(), name="Elsewhere", synthetic=False)
    monkeypatch.setattr(workflow, "load", {folder: other}.__getitem__)
    monkeypatch.setenv("NHCPLANNER_PLACES", str(tmp_path))
    app = opened("start")
    app.radio[0].set_value("place").run()
    button(app, "Open").click().run()
    assert "Elsewhere" in [one.value for one in app.subheader]
    assert "elsewhere" in app.query_params["place"]
    assert "SYNTHETIC" not in said(app)


def test_a_place_of_one_area_given_as_a_point_is_opened(opened, monkeypatch, tmp_path):
    place = replace(workflow.demo_place(), streets=None, timetable=None)
    code = place.areas["area_code"][0]
    one = place.areas.iloc[:1]
    origins = place.origins[place.origins["area_code"] == code].reset_index(drop=True)
    areas = one.set_geometry(one.geometry.representative_point(), crs=one.crs)
    dot = replace(place, name="Dot", areas=areas, origins=origins, synthetic=False)
    layers.write_place(dot, tmp_path / "dot")
    monkeypatch.setenv("NHCPLANNER_PLACES", str(tmp_path))
    app = opened("start")
    app.radio[0].set_value("place").run()
    button(app, "Open").click().run()
    assert not app.exception
    assert "Dot" in [one.value for one in app.subheader]
    assert [one.value for one in app.metric][:2] == [f"{int(one['people'].iloc[0]):,}", "1"]


def test_a_part_of_england_is_searched_and_opened(opened, said, monkeypatch, tmp_path):
    monkeypatch.setattr(england, "cache_folder", lambda: tmp_path / "england")
    app = opened("start")
    assert app.text_input[0].label.startswith("Council, ICB")
    app.text_input[0].set_value("barrow").run()
    button(app, "Open Barrow\\-in\\-Furness \\(former council\\)").click().run()
    assert not app.exception
    assert "Barrow" in app.subheader[1].value
    assert app.query_params["place"] == "Barrow-in-Furness (former council)"
    again = opened("start", place="Barrow-in-Furness (former council)")
    assert "Barrow" in again.subheader[1].value


@pytest.mark.parametrize("name", ["../../etc", "/etc/passwd", "Barrow", "E06000009", "'; --"])
def test_an_address_opens_no_place_that_is_not_in_the_list(opened, name, monkeypatch, tmp_path):
    monkeypatch.setattr(england, "cache_folder", lambda: tmp_path / "england")
    app = opened("start", place=name)
    assert "no place of that name" in app.error[0].value
    assert not (tmp_path / "england").exists()


def test_a_search_without_a_match_says_so(opened):
    app = opened("start")
    app.text_input[0].set_value("zzyzx").run()
    assert "No place of England" in app.info[0].value


def test_where_no_place_is_offered_the_page_says_how(opened):
    app = opened("start")
    app.radio[0].set_value("place").run()
    assert "--places" in app.info[0].value
    assert not app.selectbox


def test_saved_work_is_listed_thrown_away_and_deleted(opened, said):
    app = opened("start")
    assert "open here" not in said(app)
    session_save(app)
    app = opened("start")
    button(app, "Move to trash").click().run()
    assert "deleted on" in said(app)
    button(app, "Delete now").click().run()
    assert "Your saved work" not in [one.label for one in app.expander]
    assert not trash.items(OURS)


def session_save(app):
    """Save what a page works on, as any change does; the page is then closed."""
    storage.save(app.session_state["nhcplanner"])
    files.release(app.session_state["nhcplanner"].key)


def test_patients_have_no_place_here(opened, said):
    app = opened("start")
    app.radio[0].set_value("upload").run()
    assert "Never upload anything about patients" in said(app)


@pytest.mark.parametrize(
    "error", [InputError([Fault("is broken_x", "a_file.csv")]), KeyError("areas")]
)
def test_whatever_fails_is_a_sentence(opened, said, monkeypatch, error):
    def broken():
        raise error

    monkeypatch.setattr(workflow, "demo_place", broken)
    app = opened("start")
    assert not app.exception
    assert len(app.error) == 1
    assert "Traceback" not in said(app)


def test_the_tour_has_four_steps_and_does_not_return(opened, said):
    app = opened("start")
    assert "(step 1 of 4)" in said(app)
    for step in (2, 3, 4):
        next(one for one in app.button if one.label == "Next step").click().run()
        assert f"(step {step} of 4)" in said(app)
    next(one for one in app.button if one.label == "End the tour").click().run()
    assert "of 4)" not in said(app)
    again = opened("start", work=app.query_params["work"][0])
    assert "of 4)" not in said(again)
    assert "of 4)" not in said(opened("start"))  # other work of the same browser


def test_the_tour_can_be_skipped_at_once(opened, said):
    app = opened("start")
    next(one for one in app.button if one.label == "Skip the tour").click().run()
    assert "of 4)" not in said(app)
