import numpy as np

from nhcplanner.outputs.frames import areas, centres, shares, sites, sources, stages


def test_areas_keep_their_order_and_lose_infinity(outcome):
    found = areas(outcome)
    assert found["area_code"].tolist() == outcome.place.areas["area_code"].tolist()
    assert np.isnan(found["minutes_before"].iloc[-1])
    assert "minutes_before" not in outcome.place.areas


def test_sites_say_whom_they_serve(outcome):
    found = sites(outcome).set_index("site_id")
    assert found.loc["S0", "people_served"] == 6000
    assert found.loc["S0", "over_capacity"] == 1000
    assert np.isnan(found.loc["S2", "people_served"])
    assert found["place"].unique().tolist() == ["SYNTHETIC Row"]


def test_centres_are_numbered_with_names(outcome):
    found = centres(outcome)
    assert found["number"].tolist() == [1, 2, 3]
    assert found["role"].tolist() == ["existing", "new", "committed"]
    assert found["name"].tolist()[2] == "S3"


def test_shares_are_those_of_the_scenarios_reach(outcome):
    found = shares(outcome, "by_imd_quintile")
    assert found.columns.tolist() == ["people", "before", "after"]
    assert found.loc[1].tolist() == [1000, 0.2, 0.4]
    assert shares(outcome, "by_rural_urban") is None


def test_no_centres_is_an_empty_table(infeasible):
    assert centres(infeasible).empty


def test_stages_show_value_bound_and_how_sure_they_are(outcome):
    found = stages(outcome)
    assert found["Reached"].tolist() == [5000, 4000]
    assert found["Best possible"].tolist() == [5000, 4400]
    assert found["How sure"].tolist() == ["Proved best", "At most 9.1% from the best possible"]


def test_sources_leave_out_what_says_nothing(outcome):
    found = sources(outcome.place)
    assert found.columns.tolist() == ["layer", "title", "publisher", "vintage", "licence"]
