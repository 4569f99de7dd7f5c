import pandas as pd
import pytest

from nhcplanner import workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.tables import neighbourhoods


@pytest.fixture(scope="module")
def place():
    return workflow.demo_place()


@pytest.fixture(scope="module")
def division(place):
    return workflow.build_neighbourhoods(place, scenario=Scenario(engine="estimate"))


def test_the_lookup_has_each_area_once(place, division):
    frame = neighbourhoods.lookup(division)
    assert frame["area_code"].tolist() == place.areas["area_code"].tolist()
    assert frame["people"].sum() == place.people


def test_footprints_are_the_union_of_their_areas(place, division):
    shapes = neighbourhoods.shapes(place, division)
    assert shapes.area.sum() == pytest.approx(place.areas.area.sum(), rel=1e-6)
    one = shapes["neighbourhood"].iloc[0]
    mine = place.areas.area[(division.names == one).to_numpy()].sum()
    assert shapes.area.iloc[0] == pytest.approx(mine, rel=1e-6)


def test_only_neighbourhoods_that_changed_are_listed(division):
    first, second = division.footprints["neighbourhood"].iloc[:2]
    area = division.areas.loc[division.names == first, "area_code"].iloc[0]
    frame = neighbourhoods.changes(division, workflow.move_area(division, area, second))
    assert frame["neighbourhood"].tolist() == [first, second]
    assert frame["people_before"].sum() == frame["people_after"].sum()
    assert neighbourhoods.changes(division, division).empty


def test_headings_are_for_people(division):
    assert "Mean minutes to the middle" in neighbourhoods.for_reading(division)


def test_footprints_beside_each_other_have_different_colours(division):
    shade = neighbourhoods.shading(division)
    pairs = division.contact.tocoo()
    other = division.labels[pairs.row] != division.labels[pairs.col]
    assert other.any()
    assert (shade.of_area[pairs.row] != shade.of_area[pairs.col])[other].all()
    same = pd.Series(shade.of_area).groupby(division.names.to_numpy()).nunique()
    assert (same == 1).all()


def test_the_first_line_of_a_tip_is_the_name_as_it_is(division):
    area = division.areas["area_code"].iloc[0]
    tip = neighbourhoods.tips(workflow.move_area(division, area, "<b>x"))(0)
    assert tip.startswith("<b>x\n")


def test_the_quality_of_divisions_stands_side_by_side(division):
    first, second = division.footprints["neighbourhood"].iloc[:2]
    area = division.areas.loc[division.names == first, "area_code"].iloc[0]
    other = workflow.move_area(division, area, second)
    frame = neighbourhoods.quality((division, other), (0.0, 0.01), ("Best", "Other"))
    assert frame["division"].tolist() == ["Best", "Other"]
    assert frame["elsewhere"].tolist() == [0, 1]
    assert frame["minutes"].iloc[0] == pytest.approx(division.mean_minutes)
    assert frame["in_pieces"].iloc[1] == (other.footprints["pieces"] > 1).sum()


def test_the_lookup_names_the_groups_of_each_area(division):
    frame = neighbourhoods.lookup(division, {"place": division})
    assert frame["place_area"].tolist() == frame["neighbourhood"].tolist()
