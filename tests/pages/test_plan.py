from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from nhcplanner import workflow
from nhcplanner.domain.errors import Fault, InputError

PAGE = "from nhcplanner.pages import plan; plan.show()"


def opened():
    return AppTest.from_string(PAGE, default_timeout=60).run()


def planned(**choices):
    app = opened()
    for label, value in choices.items():
        widgets = [*app.selectbox, *app.radio, *app.slider, *app.number_input, *app.checkbox]
        next(w for w in widgets if w.label.startswith(label)).set_value(value)
    app.button[0].click().run()
    assert not app.exception
    return app


def text(app):
    return " ".join(one.value for one in [*app.markdown, *app.header, *app.error, *app.info])


def test_place_is_introduced_before_a_plan_is_made():
    app = opened()
    assert app.header[0].value == "SYNTHETIC Row"
    assert "15,000 people" in text(app)
    assert "SYNTHETIC: this place is invented" in text(app)
    assert not app.metric


def test_plan_shows_people_centres_and_proof():
    app = planned(Centres=3)
    people, centres, proof = app.metric
    assert people.label == "People within 20 minutes"
    assert centres.value == "3"
    assert centres.delta == "2 new"
    assert proof.value == "Proved best"


def test_table_is_the_twin_of_the_map():
    app = planned(Centres=3)
    table = app.dataframe[0].value
    assert table["number"].tolist() == [1, 2, 3]
    assert table["role"].tolist() == ["Existing centre", "New centre", "New centre"]
    assert table["name"].tolist()[0] == "House *0*"


def test_shares_by_band_before_and_after():
    app = planned(Centres=3)
    shares = app.dataframe[1].value
    assert shares.index.name == "Band (1 = first)"
    assert (shares["after"] >= shares["before"]).all()
    assert shares["after"].max() == 100
    assert len(app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")) == 2


def test_estimate_and_modelled_hle_are_said():
    said = text(planned())
    assert "Travel times are an estimate" in said
    assert "HLE of 10 areas is modelled" in said


def test_the_models_question_is_repeated_in_words():
    assert "travel least in all" in text(planned(Aim="p_median", Centres=3))


def test_more_minutes_reach_no_fewer_people():
    def people(reach):
        return int(planned(Reach=reach, Centres=2).metric[0].value.split()[0].replace(",", ""))

    assert people(10) <= people(20) <= people(60)


def test_impossible_question_gets_the_reason_and_no_figures():
    app = planned(Aim="set_cover", Centres=1, Leave=False)
    assert "No plan keeps the rules" in app.error[0].value
    assert not app.metric


def test_any_number_of_centres_may_be_asked_for():
    app = planned(Aim="set_cover", Any=True)
    assert app.markdown[0].value.startswith("Open centres, as few as can be")
    assert app.metric[0].value.endswith(r"(100.0 %)")


def test_failure_is_words_and_no_traceback(monkeypatch):
    def broken(place, scenario, progress=None):
        raise InputError([Fault("has no roads_x", "my_file.csv", mend="Add some")])

    monkeypatch.setattr(workflow, "run", broken)
    app = opened()
    app.button[0].click().run()
    assert not app.exception
    assert app.error[0].value == r"my\_file.csv\: has no roads\_x. Add some"


def test_own_folder_is_read(monkeypatch, tmp_path):
    other = replace(workflow.demo_place(), name="Elsewhere", synthetic=False)
    monkeypatch.setattr(workflow, "load", {tmp_path: other}.__getitem__)
    app = opened()
    app.radio[0].set_value("My place folder").run()
    app.text_input[0].set_value(str(tmp_path)).run()
    assert app.header[0].value == "Elsewhere"
    assert "SYNTHETIC" not in text(app)


def test_folder_that_is_not_there_is_said(tmp_path: Path):
    app = opened()
    app.radio[0].set_value("My place folder").run()
    assert "path of a place folder" in app.info[0].value
    app.text_input[0].set_value(str(tmp_path / "nowhere")).run()
    assert not app.exception
    assert "nowhere" in app.error[0].value.replace("\\", "")
