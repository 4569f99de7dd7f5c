from dataclasses import replace

from nhcplanner.outputs.holds import holds


def test_what_a_place_holds_is_told_in_plain_words(outcome):
    areas, basis, sites = holds(outcome.place)
    assert "Healthy life expectancy (HLE), Deprivation (IMD decile), People" in areas
    assert basis.startswith("HLE of 4 areas is modelled")
    assert sites == "4 sites: Library 2, Health centre 1, GP practice 1"


def test_ways_of_travelling_are_told_where_there_are_any(outcome, tmp_path):
    place = replace(outcome.place, streets=tmp_path, timetable=tmp_path)
    assert holds(place)[-1] == "For travel times: streets and a timetable of public transport"
