"""tests.unit.outputs.wording.test_terms"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import models
from nhcplanner.domain.plan import Allocation
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.wording.method import sentences
from nhcplanner.outputs.wording.terms import labels, reached, source, words


def test_every_goal_and_model_has_the_title_of_its_row():
    assert {terms.name(one).split(":")[0] for one in terms.GOALS} == set(models.GOALS)
    assert terms.MODELS["p_median"] == models.catalogue["p_median"].title


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cover_need", "Most need in reach"),
        ("least_percentile:75=2", "Shortest journey for the nearest 75% (may give up 2%)"),
        ("narrowest_gap:rural_urban", "Narrowest gap by rural or urban"),
        ("least_percentile", "Shortest journey for the nearest 90%"),
    ],
)
def test_a_goal_is_called_by_what_it_wants(text, said):
    assert terms.goal(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people_85_plus", "people: aged 85 and over"),
        ("no_car_share*people", "people: households without a car"),
        ("own_carers", "people: own: carers"),
        ("people", "people"),
    ],
)
def test_a_measure_of_need_is_called_by_its_column(text, said):
    assert terms.need(text) == said


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        (Scenario(), True),
        (Scenario(model="max_coverage"), False),
        (Scenario(goals=("cover_most",)), False),
        (Scenario(goals=("cover_bands=1", "cover_most")), True),
        (Scenario(model="max_coverage", band_edges=(55.0,)), True),
    ],
)
def test_bands_are_told_where_a_goal_or_the_planner_cares_for_them(scenario, told):
    assert any("band 1 has the lowest HLE" in one for one in sentences(scenario)) == told


def test_what_no_sentence_tells_is_told_as_the_file_writes_it():
    told = sentences(Scenario(walk_kmh=4.0, transit_rides=2, title="Ours", count=3))
    assert told[-1] == "Settings that differ from the default: walk_kmh = 4.0; transit_rides = 2."
    assert not any("Chosen" in one for one in sentences(Scenario(count=3, mode="drive")))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("lowest_hle_first", "areas with the lowest HLE first"),
        ("max_coverage", "most people live within a 15-minute drive"),
        ("set_cover", "as few as possible, so that all people live within a 15-minute drive"),
        ("p_median", "total travel is as short as possible"),
        ("fairest_journeys", "journeys are as short and as equal as possible"),
        ("p_centre", "the longest journey is as short as possible"),
        ("of_my_own", "by the model of_my_own (a 15-minute drive)"),
    ],
)
def test_each_model_is_a_question(model, said):
    assert said in words(Scenario(model=model, mode="drive", reach=15))


def test_every_rule_of_a_scenario_is_said():
    said = words(
        Scenario(
            count=1, budget=2_500_000, kinds=("gp_practice", "library"), keep=("A",), forbid=("B",)
        )
    )
    assert "at most 1 centre for at most £2,500,000" in said
    assert "Only sites of the kind gp practice or library may open." in said
    assert "A must open." in said
    assert "B must not open." in said


def test_need_is_named_and_weights_are_a_sentence_of_their_own():
    said = words(Scenario(need=("people_85_plus", "band:2=3"), count=1))
    assert said.endswith("Need counts people: aged 85 and over. Those of band 2 count 3 times.")
    only = words(Scenario(need=("band:2=3",), count=1))
    assert "counted by" not in only
    assert only.endswith(". Those of band 2 count 3 times.")


def test_set_cover_of_the_reachable_says_so():
    assert "everyone whom a site can reach" in words(
        Scenario(model="set_cover", everyone="reachable")
    )


def test_labels_name_what_is_invented_estimated_and_modelled(outcome):
    first, second, third = labels(outcome)
    assert first.startswith("SYNTHETIC")
    assert "estimate" in second
    assert third.startswith("HLE of 4 areas is modelled")


def test_measured_times_in_a_real_place_carry_no_label(outcome):
    areas = outcome.place.areas.assign(hle_basis="published")
    place = replace(outcome.place, synthetic=False, areas=areas)
    assert labels(replace(outcome, place=place, times=replace(outcome.times, estimate=False))) == ()


def test_people_reached_in_a_sentence(outcome, infeasible):
    assert reached(outcome) == "People within 20 minutes: 3,000 before, 9,000 after (48.4% of all)."
    assert reached(infeasible).endswith("no plan to compare with.")


def test_a_source_names_publisher_and_licence(outcome):
    assert source(outcome.place.sources[0]) == "areas: Squares, Tests, OGL v3"


def test_a_band_whose_areas_share_a_figure_has_that_figure():
    assert terms.span(pd.Series([47.2, 47.2, None])) == "47.2"
    assert terms.span(pd.Series([47.2, 54.7])) == "47.2 to 54.7"
    assert terms.span(pd.Series([float("nan")])) == "not known"


def test_minutes_of_a_plan_that_sends_people_are_to_that_centre(outcome):
    sent = Allocation(np.array([0]), np.array([0]), np.ones(1))
    plan = replace(outcome.plan, allocation=sent)
    assert terms.to_centre(replace(plan, allocation=None)) == "to the nearest centre"
    assert terms.to_centre(plan) == "to the centre that the plan sends people to"
    assert "nearest centre of today, however many people it has room for" in terms.served(plan)
