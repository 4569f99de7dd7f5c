"""Minutes in frames keep their ids; figures are put in their order, or refused."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner import InputError, Problem, solve

WIDE = pd.DataFrame([[5, 30], [25, 8], [np.nan, 19]], ["A1", "A2", "A3"], ["S1", "S2"])
LONG = [("A1", "S1", 5), ("A1", "S2", 30), ("A2", "S1", 25), ("A2", "S2", 8), ("A3", "S2", 19)]


def test_wide_frames_keep_ids_and_blank_cells_are_out_of_reach():
    problem = Problem.from_minutes(WIDE)
    assert problem.row_ids == ("A1", "A2", "A3")
    assert problem.site_ids == ("S1", "S2")
    assert problem.minutes.nnz == 5


@pytest.mark.parametrize(
    ("headings", "factor"),
    [
        (["from_id", "to_id", "travel_time"], 1),
        (["from_id", "to_id", "travel_time_p50"], 1),
        (["search_id", "id", "travel_time"], 60),
        (["origin", "destination", "minutes"], 1),
        (["OriginID", "DestinationID", "Total_TravelTime"], 1),
    ],
)
def test_long_frames_are_read_by_the_headings_of_their_tools(headings, factor):
    frame = pd.DataFrame(LONG, columns=headings)
    frame[headings[2]] *= factor
    problem = Problem.from_minutes(frame)
    assert problem.row_ids == ("A1", "A2", "A3")
    assert problem.minutes.toarray().tolist() == [[5, 30], [25, 8], [0, 19]]


def test_series_are_put_in_order_by_their_index():
    people = pd.Series({"A3": 3, "A1": 1, "A2": 2})
    cost = pd.Series({"S2": 20, "S1": 10})
    problem = Problem.from_minutes(WIDE, people=people, cost=cost, bands=people, need=people)
    assert problem.people.tolist() == [1, 2, 3] == problem.bands.tolist()
    assert problem.cost.tolist() == [10, 20]


def test_an_array_or_a_numbered_series_is_taken_in_order():
    assert Problem.from_minutes(WIDE, people=pd.Series([7, 8, 9])).people.tolist() == [7, 8, 9]
    assert Problem.from_minutes(WIDE, people=[7, 8, 9]).people.tolist() == [7, 8, 9]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"people": pd.Series({"A1": 1, "A2": 2})}, "people has no figure for A3"),
        ({"people": pd.Series({"A1": 1, "A2": 2, "A3": 3, "A4": 4})}, "minutes lacks: A4"),
        ({"people": pd.Series([1, 2, 3, 4], ["A1", "A2", "A3", "A3"])}, "several figures for A3"),
        ({"cost": pd.Series({"A1": 1, "A2": 2})}, "cost has no figure for S1, S2"),
        ({"keep": ["S1", "S9"]}, "keep names S9, but minutes has no such site"),
    ],
)
def test_what_does_not_align_is_refused(given, words):
    with pytest.raises(InputError, match=words):
        Problem.from_minutes(WIDE, **given)


def test_series_with_ids_are_refused_where_minutes_have_none():
    with pytest.raises(InputError, match="people is a Series with ids, but minutes has none"):
        Problem.from_minutes([[5, 30], [25, 8]], people=pd.Series({"A2": 1, "A1": 2}))


def test_repeated_ids_and_text_are_refused():
    twice = WIDE.set_axis(["A1", "A1", "A3"])
    with pytest.raises(InputError, match="rows with the same id: A1"):
        Problem.from_minutes(twice)
    with pytest.raises(InputError, match="columns that hold no numbers: S2"):
        Problem.from_minutes(WIDE.assign(S2=["near", "far", "far"]))


def test_sites_are_named_by_id_in_the_plan():
    problem = Problem.from_minutes(WIDE, people=[10, 1, 1], count=1)
    assert solve(problem, "max_coverage").opened_ids == ("S1",)
    kept = Problem.from_minutes(WIDE, people=[10, 1, 1], count=1, keep=["S2"])
    assert solve(kept, "max_coverage").opened_ids == ("S2",)
    assert kept.rows([2, 0]).row_ids == ("A3", "A1")


def test_a_plan_without_ids_says_how_to_get_them():
    plan = solve(Problem.from_minutes([[5, 30], [25, 8]], count=1), "max_coverage")
    with pytest.raises(InputError, match=r"give Problem\.from_minutes a DataFrame or site_ids"):
        _ = plan.opened_ids


def test_pairs_without_minutes_are_named_by_site_and_by_area():
    """A misspelt site has minutes from one area only."""
    frame = pd.DataFrame(LONG, columns=["from_id", "to_id", "minutes"])
    frame.loc[0, "to_id"] = "S1x"
    notes = Problem.from_minutes(frame).notes
    assert "S1x (1 of 3 areas)" in notes[0]
    assert "S1 (1 of 3 areas)" in notes[0]
    assert "A3 (1 of 3 sites)" in notes[1]
    assert Problem.from_minutes(WIDE.fillna(9)).notes == ()


def test_journeys_of_less_than_a_second_are_named():
    frame = WIDE.fillna(9).replace(30, 3e-5)
    assert Problem.from_minutes(frame).notes == (
        "1 journey of less than 0.01 minutes: A1 to S2: 3e-05",
    )


def test_a_journey_of_days_is_reported():
    """It is out of reach, which a figure in another unit or with zeros too many is by mistake."""
    frame = WIDE.fillna(9).astype(float)
    frame.iloc[1, 0] = 32_000_000
    assert Problem.from_minutes(frame).notes == ("1 journey of a day or more: A2 to S1: 3.2e+07",)


def test_people_far_from_the_others_are_named():
    """1.7 million residents among areas of 1,500, and a hundredth of a person."""
    frame = pd.DataFrame([[5, 30], [25, 8], [9, 19]], ["A1", "A2", "A3"], ["S1", "S2"])
    people = pd.Series({"A1": 1500.0, "A2": 1.7e6, "A3": 0.01})
    notes = Problem.from_minutes(frame, people=people).notes
    assert notes == (
        "people of A2 (1,700,000) is 1,000 times the median or more",
        "people of A3 (0.01) is 1,000 times less than the median",
    )


def test_an_index_of_several_levels_is_refused():
    frame = pd.DataFrame([[5], [9]], pd.MultiIndex.from_product([["x"], ["A1", "A2"]]), ["S1"])
    with pytest.raises(InputError, match="several levels"):
        Problem.from_minutes(frame)
