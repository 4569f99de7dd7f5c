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


def test_parts_of_a_place_are_its_councils_icbs_and_regions():
    place = workflow.england("Cornwall", "Plymouth")
    parts = workflow.parts_of(place)
    councils = place.areas["council_name"]
    assert (parts["Plymouth (council)"] == (councils == "Plymouth").to_numpy()).all()
    assert {name.rpartition("(")[2] for name in parts} == {"ICB)", "council)"}
    assert workflow.parts_of(workflow.england("Blackpool")) == {}


def test_parts_of_an_invented_place_are_its_councils():
    place = workflow.demo_place()
    parts = workflow.parts_of(place)
    assert len(parts) == place.areas["council_name"].nunique()
    assert sum(kept.astype(int) for kept in parts.values()).tolist() == [1] * len(place.areas)
