"""The form of rules and the scenario file say the same: nothing is lost on the way."""

from dataclasses import replace

import pandas as pd
import pytest
import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.projection import Projection
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.wording.method import scenario_lines
from nhcplanner.pages import session
from nhcplanner.pages.plan import form as plan_form
from nhcplanner.pages.session import owner

WHOLE = Scenario(
    title="Ours",
    model="max_coverage",
    modes=("walk", "cycle"),
    reach=17.5,
    horizon=45,
    count=3,
    budget=2e6,
    band_edges=(55.0, 60.0),
    kinds=("library", "barn"),
    keep=("S1",),
    goals=("cover_need=2", "narrowest_gap:band", "fewest_centres"),
    slack=1.5,
    at_most=("kind:library=3",),
    at_most_one_of=("S1|S2", "S2|S3"),
    exactly_one_of=("S3|S4",),
    floors=("everyone=10", "band:1=20"),
    need=("people_85_plus", "disabled_share*people", "imd_quintile:1=3", "imd_quintile:2=2"),
    walk_kmh=4.0,
    transit_window=("08:00", "09:30"),
    time_limit=2.5,
)


@pytest.fixture
def filled(opened, monkeypatch):
    """The form on the page, and what it asked for when its button was pressed."""
    asked = []

    def form(place, start, name):
        found = draw(place, start, name)
        if found is not None:
            asked.append(found.scenario)

    draw = plan_form.form
    monkeypatch.setattr(plan_form, "form", form)

    def press(start, change=lambda app: None):
        monkeypatch.setattr(session, "scenario", lambda: start)
        app = opened("plan")
        change(app)
        app.button[0].click().run()
        assert not app.exception
        return app, (asked[-1] if asked else None)

    return press


def field(kind, label):
    return next(one for one in kind if one.label == label)


@pytest.mark.parametrize("start", [WHOLE, Scenario(), Scenario(count=8, everyone="reachable")])
def test_a_scenario_goes_through_the_form_unchanged(filled, start):
    _, asked = filled(start)
    assert asked == start


def test_each_field_has_a_sentence_and_an_example(opened):
    app = opened("plan")
    repeated = ("Flexibility after goal", "Goal ")  # the first of them explains the others
    fields = (app.number_input, app.selectbox, app.multiselect, app.checkbox)
    for kind in fields:
        for one in kind:
            if one.label.startswith(repeated) and not one.label.endswith(("1", "1 (%)")):
                continue
            assert "xample" in one.proto.help, one.label


def test_a_reach_beyond_what_is_measured_is_refused_in_words(filled):
    app, asked = filled(
        Scenario(), lambda app: field(app.number_input, "Reach (minutes)").set_value(120.0)
    )
    assert asked is None
    assert "Reach is 120 minutes" in app.error[0].value
    assert "longer journeys are not measured" in app.error[0].value


def test_the_app_starts_from_the_settings_of_the_command_line():
    assert Scenario(count=8) == owner.START


def test_own_goals_are_asked_in_order_with_what_they_give_up(filled):
    def change(app):
        field(app.selectbox, "Goal 1").select("cover_need")
        field(app.number_input, "Flexibility after goal 1 (%)").set_value(2.0)
        field(app.selectbox, "Goal 2").select("fewest_centres")

    _, asked = filled(Scenario(), change)
    assert asked.goals == ("cover_need=2", "fewest_centres")


def test_bands_may_begin_at_years_of_hle(filled):
    def change(app):
        field(app.text_input, "Or bands that start at these years of HLE").set_value("55, 60,65")

    assert filled(Scenario(), change)[1].band_edges == (55.0, 60.0, 65.0)


def test_need_may_weigh_the_most_deprived_fifth(filled):
    label = "Weight of people in the most deprived fifth"
    _, asked = filled(Scenario(), lambda app: field(app.number_input, label).set_value(3.0))
    assert asked.need == ("imd_quintile:1=3",)


def test_either_or_is_chosen_among_the_sites(filled):
    def change(app):
        field(app.multiselect, "Exactly one of these opens").set_value(["S1", "S3"])

    assert filled(Scenario(), change)[1].exactly_one_of == ("S1|S3",)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("walk_kmh = ", "Other settings"),
        ("count = 3", "has a field of its own"),
        ("walk_kph = 3", "unknown key"),
    ],
)
def test_other_choices_that_cannot_be_used_are_told(filled, said, lines):
    def change(app):
        app.text_area[0].set_value(lines)

    app, asked = filled(Scenario(), change)
    assert asked is None
    told = " ".join(one.value for one in [*app.error, *app.warning]).replace("\\", "")
    assert said in told


def test_other_choices_are_taken_and_taken_back(filled):
    def change(app):
        assert app.text_area[0].value == scenario_lines(Scenario(walk_kmh=4.0))
        app.text_area[0].set_value('at_most = ["kind:library=2"]')

    _, asked = filled(Scenario(walk_kmh=4.0), change)
    assert asked == Scenario(at_most=("kind:library=2",))


def test_the_first_aim_is_named_by_what_orders_the_areas(opened, monkeypatch):
    place = workflow.demo_place()
    bare = replace(place, areas=place.areas.drop(columns="hle"))
    for shown, name in ((place, "Lowest HLE first"), (bare, "Most deprived first")):
        monkeypatch.setattr(workflow, "demo_place", lambda shown=shown: shown)
        st.cache_resource.clear()
        aim = next(one for one in opened("plan").selectbox if one.label == "Aim")
        assert aim.options[0] == name


def test_the_year_of_the_people_and_new_homes_are_fields_where_a_projection_is_known(
    filled, monkeypatch
):
    place = workflow.demo_place()
    table = pd.DataFrame({"code": "U", "name": "U", "age": "people", "basis": [15_000.0],
                          "areas": 10, "2022": 15_000.0, "2035": 18_000.0})  # fmt: skip
    homes = pd.DataFrame(
        {"name": ["Mill"], "area_code": "E01000000", "homes": 10, "year": 2030,
         "people_per_home": 2.0, "easting": 400_500.0, "northing": 300_500.0}
    )  # fmt: skip
    projection = Projection("T", "2022-based", 2022, by_age=False, table=table, homes=homes)
    grown = replace(place, areas=place.areas.assign(projection_code="U"), projection=projection)
    monkeypatch.setattr(workflow, "demo_place", lambda: grown)
    _, chosen = filled(Scenario(count=2, year=2035, housing="on_top"))
    assert (chosen.year, chosen.housing) == (2035, "on_top")
