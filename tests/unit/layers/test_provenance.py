"""Sources of streets and timetables."""

from nhcplanner.layers.provenance import street_source, timetable_source


def test_a_timetable_is_named_with_its_hash_and_its_dates(tmp_path):
    path = tmp_path / "feed.zip"
    path.write_bytes(b"feed")
    source = timetable_source(path, "until 2025-03-28 (from 2025-01-06)")
    assert (source.layer, source.file, len(source.sha256)) == ("timetable", "feed.zip", 64)
    assert source.vintage == "until 2025-03-28 (from 2025-01-06)"


def test_streets_carry_the_licence_of_openstreetmap(tmp_path):
    path = tmp_path / "streets.osm.pbf"
    path.write_bytes(b"streets")
    source = street_source(path, 12)
    assert (source.licence, source.rows) == ("ODbL 1.0", 12)
    assert "OpenStreetMap" in source.attribution
