from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.districting.divisions import elsewhere
from nhcplanner.domain.neighbourhoods import Bounds
from nhcplanner.domain.projection import Projection
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.tables.neighbourhoods import footprints, lookup
from tests.unit.workflow.test_division import squares

ESTIMATE = Scenario(engine="estimate")


@pytest.fixture(scope="module")
def division(place):
    return workflow.build_neighbourhoods(place, scenario=ESTIMATE)


def test_neighbourhoods_keep_bounds_borders_and_pieces(place, division):
    table = division.footprints
    assert table["people"].between(30_000, 70_000).all()
    assert table["people"].sum() == place.people
    assert (table["pieces"] == 1).all()
    councils = place.areas["council_code"].groupby(division.names.to_numpy()).nunique()
    assert (councils == 1).all()
    assert set(division.parts["status"]) <= {"proved", "not proved"}


def test_minutes_are_those_of_people_to_the_best_area_of_their_footprint(place, division):
    row = division.footprints.iloc[0]
    inside = np.flatnonzero(division.names == row["neighbourhood"])
    minutes = division.minutes.toarray()[np.ix_(inside, inside)]
    people = place.areas["people"].to_numpy()[inside]
    assert row["minutes"] == pytest.approx((people @ minutes / people.sum()).min(), rel=1e-5)


def test_the_same_place_gives_the_same_neighbourhoods(place, division):
    again = workflow.build_neighbourhoods(place, scenario=ESTIMATE)
    assert again.names.tolist() == division.names.tolist()


def test_moving_an_area_moves_its_people_and_ends_the_proof(place, division):
    table = division.footprints
    one, other = table["neighbourhood"].iloc[0], table["neighbourhood"].iloc[1]
    area = division.areas.loc[division.names == one, "area_code"].iloc[0]
    heads = int(place.areas.set_index("area_code").loc[area, "people"])
    after = workflow.move_area(division, area, other)
    people = after.footprints.set_index("neighbourhood")["people"]
    assert people[one] == table["people"].iloc[0] - heads
    assert people[other] == table["people"].iloc[1] + heads
    assert "changed by hand" in set(after.parts["status"])
    assert workflow.move_area(after, area, one).footprints.equals(table)


def test_moves_that_cannot_be_are_refused(division):
    with pytest.raises(InputError, match="has no area X99"):
        workflow.move_area(division, "X99", "A")


def test_given_neighbourhoods_are_taken_as_they_are(place):
    names = pd.Series("West", place.areas["area_code"])
    names[place.areas.centroid.x.to_numpy() > place.areas.centroid.x.median()] = "East"
    found = workflow.take_neighbourhoods(place, names, scenario=ESTIMATE)
    heads = place.areas["people"].groupby(names.to_numpy()).sum()
    assert found.footprints.set_index("neighbourhood")["people"].to_dict() == heads.to_dict()
    assert not found.footprints["in_bounds"].any()
    assert set(found.parts["status"]) == {"given"}
    with pytest.raises(InputError, match="1 area without a neighbourhood"):
        workflow.take_neighbourhoods(place, names.iloc[1:], scenario=ESTIMATE)


def test_groups_stay_whole_where_asked(place):
    groups = place.areas["area_name"].str.rsplit(" ", n=1).str[0]
    groups.index = place.areas["area_code"]
    found = workflow.build_neighbourhoods(place, scenario=ESTIMATE, keep_whole=groups)
    split = found.names.groupby(found.areas["block"].to_numpy()).nunique()
    pieces = found.areas.groupby("block")["people"].sum()
    assert len(pieces) < 100
    assert (split == 1).mean() > 0.9  # a group in several pieces may be split


def test_alternatives_differ_and_are_no_better(place, division):
    best, others = workflow.neighbourhood_alternatives(place, 1, scenario=ESTIMATE)
    assert best.names.tolist() == division.names.tolist()
    assert others[0].share_moved > 0
    changed = others[0].division.parts["minutes"] != best.parts["minutes"]
    for part in best.parts.loc[changed, "part"]:
        mine = (best.areas["part"] == part).to_numpy()
        people = best.areas["people"].to_numpy(float)[mine]
        assert elsewhere(people, best.labels[mine], others[0].division.labels[mine]) >= 0.1
    assert others[0].division.mean_minutes >= best.mean_minutes - 1e-6
    assert (others[0].division.footprints["pieces"] == 1).all()


def test_a_place_with_neighbourhoods_can_be_planned_by_them(place, division):
    named = workflow.with_neighbourhoods(place, division)
    lies_in = named.sites[["geometry"]].sjoin(named.areas[["neighbourhood", "geometry"]])
    lies_in = lies_in[~lies_in.index.duplicated()]
    own = place.sites["neighbourhood"].drop(lies_in.index)
    assert named.sites["neighbourhood"].dropna().to_dict() == {
        **own.dropna().to_dict(),
        **lies_in["neighbourhood"].to_dict(),
    }
    assert any("had another in their list" in note for note in named.notes)
    asked = Scenario(
        engine="estimate", mode="drive", count=len(division.footprints), model="max_coverage",
        at_least=("neighbourhood:*=1",), at_most=("neighbourhood:*=1",), time_limit=20,
    )  # fmt: skip
    plan = workflow.run(replace(named, sites=named.sites.assign(status="candidate")), asked)
    of_site = workflow.neighbourhoods_without_centre(named, asked, plan)
    assert len(plan.plan.opened) == len(division.footprints)
    assert len(of_site) <= 1  # a site beside the place counts for the nearest neighbourhood


def test_borders_that_are_not_there_are_refused(place):
    with pytest.raises(InputError, match="no column 'ward'"):
        workflow.build_neighbourhoods(place, Bounds(within=("ward",)))


def test_people_of_a_later_year_change_the_footprints():
    # six areas of 20,000 people in a row are two threes; in 2035 the first has 60,000 people
    row = squares([20_000] * 6, ["a"] * 6)
    table = pd.DataFrame(
        {"code": ["grows", "stays"], "name": ["Grows", "Stays"], "age": "people",
         "basis": [20_000.0, 100_000.0], "areas": [1, 5], "2024": [20_000.0, 100_000.0],
         "2035": [60_000.0, 100_000.0]}
    )  # fmt: skip
    projection = Projection("T", "2022-based", 2024, by_age=False, table=table)
    codes = ["grows", *["stays"] * 5]
    place = replace(row, areas=row.areas.assign(projection_code=codes), projection=projection)
    bounds = Bounds(55_000, 40_000, 60_000, blocks="area")
    today = workflow.build_neighbourhoods(place, bounds, ESTIMATE)
    assert today.footprints["people"].tolist() == [60_000, 60_000]
    later = ESTIMATE.model_copy(update={"year": 2035})
    then = workflow.build_neighbourhoods(place, bounds, later)
    assert sorted(then.footprints["people"]) == [40_000, 60_000, 60_000]
    assert (then.names == then.names[0]).sum() == 1
    assert "people of 2035: all within" in then.summary
    assert any("in 2024" in note for note in then.notes)
    assert footprints(then)["year"].tolist() == [2035] * 3
    assert "year" not in footprints(today)
    assert lookup(then)["people_2035"].sum() == 160_000
    groups = workflow.group_neighbourhoods(place, then, Bounds(150_000, 100_000, 200_000), ESTIMATE)
    assert groups.footprints["people"].tolist() == [160_000]
    named = workflow.with_neighbourhoods(place.in_year(2035), then)
    assert named.people == 120_000
    assert named.areas["neighbourhood"].tolist() == then.names.tolist()
