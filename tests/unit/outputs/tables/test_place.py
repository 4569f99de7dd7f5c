"""Data that a place includes, in a few lines."""

from dataclasses import replace

from nhcplanner.outputs.tables.place import list_data


def test_measures_and_buildings_are_listed(outcome):
    areas, basis, sites = list_data(outcome.place)
    assert "Healthy life expectancy (HLE), Deprivation (IMD decile), People" in areas
    assert basis.startswith("HLE of 4 areas is modelled")
    assert sites == "4 sites: Library 2, Health centre 1, GP practice 1"


def test_travel_data_are_listed_where_there_are_any(outcome, tmp_path):
    place = replace(outcome.place, streets=tmp_path, timetable=tmp_path)
    assert list_data(place)[-1] == "For travel times: streets and a timetable of public transport"
