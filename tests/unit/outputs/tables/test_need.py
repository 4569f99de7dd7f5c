from dataclasses import replace

import numpy as np

from nhcplanner.outputs.tables import need


def with_columns(outcome, **columns):
    return replace(outcome.place, areas=outcome.place.areas.assign(**columns))


def test_only_what_the_place_tells_is_offered(outcome):
    assert set(need.measures(outcome.place)) == {"hle", "imd", "people"}
    assert "Households without a car" in need.lacking(outcome.place)
    place = with_columns(outcome, no_car_share=0.5, disabled_share=np.nan)
    assert "no_car" in need.measures(place)
    assert "disabled" not in need.measures(place)


def test_an_areas_hle_carries_its_basis_and_its_interval(outcome):
    hle = need.measures(outcome.place)["hle"]
    assert "no interval is known (modelled" in need.tips(outcome.place, hle)(11)
    place = with_columns(outcome, hle_low=49.0, hle_high=71.5)
    said = need.tips(place, hle)(0)
    assert "95% interval 49.0 to 71.5 (" in said
    assert "as published)" in said


def test_the_first_line_of_a_tip_is_the_name_as_it_is(outcome):
    place = with_columns(outcome, area_name="<b>x</b>")
    for measure in need.measures(place).values():
        assert need.tips(place, measure)(0).startswith("<b>x</b>\n")


def test_the_summary_gives_the_ends_and_the_middle_by_people(outcome):
    people = [1] * 11 + [10_000]
    place = with_columns(outcome, people=people)
    said = need.summary(place, need.measures(place)["hle"])
    assert "From 50.0 years (Area 0) to 70.0 years (Area 11)" in said
    assert "areas with 70.0 years or less" in said


def test_areas_without_a_figure_are_counted(outcome):
    hle = outcome.place.areas["hle"].where(outcome.place.areas.index > 1)
    place = with_columns(outcome, hle=hle)
    assert "2 areas have no figure" in need.summary(place, need.measures(place)["hle"])
    one = with_columns(outcome, hle=hle.fillna({0: 55.0}))
    assert "1 area has no figure" in need.summary(one, need.measures(one)["hle"])
    assert need.measures(place)["hle"].written(place)[0] == "no figure"


def test_facts_have_units_and_sources_and_no_blanks(outcome):
    facts = need.facts(with_columns(outcome, imd_rank=np.nan), 0).set_index("Fact")
    assert facts.loc["HLE, persons", ["Value", "Unit"]].tolist() == ["50.0", "years"]
    assert facts["Usual source"].ne("").all()
    assert "IMD rank" not in facts.index


def test_facts_give_shares_in_per_cent_and_credit_nobody_for_invented_figures(outcome):
    place = with_columns(outcome, no_car_share=0.3127)
    fact = need.facts(replace(place, synthetic=False), 0).set_index("Fact")
    row = fact.loc["Households without a car"]
    assert row.tolist() == ["31.3", "%", "Census 2021 TS045"]
    assert set(need.facts(replace(place, synthetic=True), 0)["Usual source"]) == {"Invented"}
