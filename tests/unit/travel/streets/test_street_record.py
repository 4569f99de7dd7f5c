from nhcplanner.travel import Network, describe_streets, street_notes
from tests.unit.travel.conftest import RING, SQUARE


def test_what_was_left_out_and_assumed_is_in_the_record(town):
    nodes = SQUARE | {5: (3000, 0), 6: (3000, 900), 7: (3000, 3000), 8: (3000, 3050)}
    ways = [
        RING,
        ([3, 77, 4], {"highway": "path"}),
        ([5, 6], {"highway": "footway"}),
        ([7, 8], {"highway": "footway"}),
        ([1, 3], {"route": "ferry"}),
        ([2, 4], {"highway": "service", "access": "members"}),
        ([2, 4], {"highway": "path", "access:conditional": "no @ (Su)"}),
        ([2, 4], {"highway": "proposed"}),
    ]
    network = Network.read(town(ways, nodes, {3: {"barrier": "gate", "access": "secret"}}))
    record = describe_streets(network, "town.osm")
    found = {event.words.split(":")[0]: event for event in record.events}
    assert record.rows_read == 6
    holes = found["1 way without 1 point that the file does not hold"]
    assert (holes.kind, holes.examples) == ("doubt", ("way 101",))
    unread = found["Tags of 2 ways with a value that is not known"]
    assert unread.examples == ("access=members, 1 times", "access=secret, 1 times")
    assert "no @ (Su)" in found["Tags of 1 way or turn that hold at some times only"].examples[0]
    assert found["1 ferry route without a duration"].kind == "default"
    assert found["1 left out"].words.endswith("highway=proposed")
    parts = [event for event in record.events if event.words.startswith("On foot")]
    assert "another part of the streets (0.9 km)" in parts[0].words
    assert "0.1 km of streets in short fragments" in parts[1].words
    notes = street_notes(record)
    assert "Streets: 1 ferry route without a duration: 5 km/h" in notes
    assert not any("proposed" in note for note in notes)


def test_streets_without_a_fault_have_no_events(town):
    turn = (101, ("node", 3), 102, {"restriction": "no_left_turn"})
    network = Network.read(town([RING, ([1, 3], RING[1]), ([3, 2], RING[1])], turns=(turn,)))
    assert describe_streets(network, "town.osm").events == ()
