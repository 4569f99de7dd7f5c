"""Timetables show themselves to be GTFS before they are taken."""

import zipfile

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.provenance import TIMETABLE_FILES, street_source, timetable_source


def feed(path, names):
    with zipfile.ZipFile(path, "w") as packed:
        for name in names:
            packed.writestr(name, "")
    return path


def test_a_feed_is_named_with_its_hash(tmp_path):
    source = timetable_source(feed(tmp_path / "feed.zip", TIMETABLE_FILES))
    assert (source.layer, source.file, len(source.sha256)) == ("timetable", "feed.zip", 64)


def test_a_feed_with_a_missing_file_is_told(tmp_path):
    with pytest.raises(InputError, match=r"feed\.zip: has no stop_times\.txt"):
        timetable_source(
            feed(tmp_path / "feed.zip", [n for n in TIMETABLE_FILES if n != "stop_times.txt"])
        )


def test_what_is_no_zip_is_told(tmp_path):
    (tmp_path / "feed.zip").write_bytes(b"garbage")
    with pytest.raises(InputError, match="is no zip file"):
        timetable_source(tmp_path / "feed.zip")
    with pytest.raises(InputError, match="no such file"):
        timetable_source(tmp_path / "gone.zip")


def test_streets_carry_the_licence_of_openstreetmap(tmp_path):
    path = tmp_path / "streets.osm.pbf"
    path.write_bytes(b"streets")
    source = street_source(path, 12)
    assert (source.licence, source.rows) == ("ODbL 1.0", 12)
    assert "OpenStreetMap" in source.attribution
