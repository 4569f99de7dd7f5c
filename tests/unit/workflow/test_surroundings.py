from dataclasses import replace

from nhcplanner import workflow


def test_an_invented_place_has_none():
    found = workflow.surroundings(workflow.demo_place())
    assert found.areas.empty
    assert found.names.empty
    assert not found.has_sea


def test_a_real_place_has_neighbours_towns_and_sea():
    place = workflow.england("Blackpool")
    found = workflow.surroundings(place)
    assert "Blackpool" in set(found.names["name"])
    assert not set(found.areas["area_code"]) & set(place.areas["area_code"])
    west, south, east, north = place.areas.total_bounds
    extent = max(east - west, north - south)
    assert (found.areas.bounds["maxx"] >= west - extent).all()
    assert (found.areas.bounds["minx"] <= east + extent).all()
    assert found.has_sea
    assert workflow.surroundings(replace(place, name="Another")) is found
