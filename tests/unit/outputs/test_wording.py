from dataclasses import replace

import pytest

from nhcplanner.domain.plan import Stage
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.wording import labels, reached, source, stage, words


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("lowest_hle_first", "areas with the lowest HLE first"),
        ("max_coverage", "most people live within a 15-minute drive"),
        ("set_cover", "as few as can be, so that all people live within a 15-minute drive"),
        ("p_median", "travel least in all"),
        ("p_centre", "the longest journey is as short as can be"),
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
    assert said.endswith(
        "Need is counted by people: aged 85 and over. Those of band 2 count 3 times."
    )
    only = words(Scenario(need=("band:2=3",), count=1))
    assert "counted by" not in only
    assert only.endswith(". Those of band 2 count 3 times.")


def test_set_cover_of_the_reachable_says_so():
    assert "all whom some site can reach" in words(
        Scenario(model="set_cover", everyone="reachable")
    )


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (Stage("cover_band_1", 10.0, 10.0, 1), "cover band 1: 10 people, proved best"),
        (
            Stage("travel", 12.0, 9.0, 1, "least", "minutes"),
            "travel: 12.0 minutes, at least 9.0 minutes possible, gap 25 %",
        ),
        (Stage("cover", 10.0, None, 1), "cover: 10 people, gap unknown"),
        (Stage("cover", None, None, 1), "cover: no value found"),
    ],
)
def test_a_stage_claims_no_more_than_its_bound_proves(one, said):
    assert stage(one) == said


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
    assert (
        reached(outcome) == "People within 20 minutes: 3,000 before, 9,000 after (48.4 % of all)."
    )
    assert reached(infeasible).endswith("no plan to compare with.")


def test_a_source_names_publisher_and_licence(outcome):
    assert source(outcome.place.sources[0]) == "areas: Squares, Tests, OGL v3"
