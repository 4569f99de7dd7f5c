import pytest

from nhcplanner import workflow
from nhcplanner.domain.errors import Fault, InputError


@pytest.fixture
def planned(opened):
    def plan(**choices):
        app = opened("plan")
        for label, value in choices.items():
            widgets = [*app.selectbox, *app.radio, *app.slider, *app.number_input, *app.checkbox]
            next(w for w in widgets if w.label.startswith(label)).set_value(value)
        app.button[0].click().run()
        assert not app.exception
        return app

    return plan


def test_place_is_introduced_before_a_plan_is_made(opened, said):
    app = opened("plan")
    assert "15,000 people" in said(app)
    assert "SYNTHETIC: this place is invented" in said(app)
    assert not app.metric


def test_plan_shows_people_centres_and_proof(planned):
    app = planned(Centres=3)
    people, centres, proof = app.metric
    assert people.label == "People within 20 minutes"
    assert centres.value == "3"
    assert centres.delta == "2 new"
    assert proof.value == "Proved best"


def test_table_is_the_twin_of_the_map(planned):
    app = planned(Centres=3)
    table = app.dataframe[0].value
    assert table["number"].tolist() == [1, 2, 3]
    assert table["role"].tolist() == ["Existing centre", "New centre", "New centre"]
    assert table["name"].tolist()[0] == "House *0*"


def test_shares_by_band_before_and_after(planned):
    app = planned(Centres=3)
    shares = app.dataframe[1].value
    assert shares.index.name == "Band (1 = first)"
    assert (shares["after"] >= shares["before"]).all()
    assert shares["after"].max() == 100
    assert len(app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")) == 2


def test_estimate_and_modelled_hle_are_said(planned, said):
    words = said(planned())
    assert "Travel times are an estimate" in words
    assert "HLE of 10 areas is modelled" in words


def test_the_models_question_is_repeated_in_words(planned, said):
    assert "travel least in all" in said(planned(Aim="p_median", Centres=3))


def test_more_minutes_reach_no_fewer_people(planned):
    def people(reach):
        return int(planned(Reach=reach, Centres=2).metric[0].value.split()[0].replace(",", ""))

    assert people(10) <= people(20) <= people(60)


def test_impossible_question_gets_the_reason_and_no_figures(planned):
    app = planned(Aim="set_cover", Centres=1, Leave=False)
    assert "No plan keeps the rules" in app.error[0].value
    assert not app.metric


def test_any_number_of_centres_may_be_asked_for(planned):
    app = planned(Aim="set_cover", Any=True)
    assert any(one.value.startswith("Open centres, as few as can be") for one in app.markdown)
    assert app.metric[0].value.endswith(r"(100.0 %)")


def test_failure_is_words_and_no_traceback(monkeypatch, opened, said):
    def broken(place, scenario, progress):
        raise InputError([Fault("has no roads_x", "my_file.csv", mend="Add some")])

    monkeypatch.setattr(workflow, "planned", broken)
    app = opened("plan")
    app.button[0].click().run()
    assert r"my\_file.csv\: has no roads\_x. Add some" in said(app)
