import pytest

from nhcplanner.domain import choices
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import goal_words
from nhcplanner.outputs.sentences import sentences


def test_every_goal_that_a_scenario_knows_has_a_name():
    assert {goal_words.name(one).split(":")[0] for one in goal_words.GOALS} == set(choices.GOALS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cover_need", "Most need in reach"),
        ("least_percentile:75=2", "Shortest journey for the nearest 75 % (may give up 2 %)"),
        ("narrowest_gap:rural_urban", "Narrowest gap by rural or urban"),
        ("least_percentile", "Shortest journey for the nearest 90 %"),
    ],
)
def test_a_goal_is_called_by_what_it_wants(text, said):
    assert goal_words.goal(text) == said


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
    assert goal_words.need(text) == said


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
    assert told[-1] == "Chosen otherwise than usual: walk_kmh = 4.0; transit_rides = 2."
    assert not any("Chosen" in one for one in sentences(Scenario(count=3, mode="drive")))
