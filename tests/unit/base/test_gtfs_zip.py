"""The files of a feed are found in a zip, and what is ambiguous is a fault."""

import io
import zipfile

import pytest

from nhcplanner.base.gtfs_zip import feed_members


def members_feed_zip(*names):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for name in names:
            packed.writestr(name, "")
        return feed_members(packed, "feed.zip")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["stops.txt", "trips.txt"], {"stops.txt": "stops.txt", "trips.txt": "trips.txt"}),
        (["x/Stops.TXT", "x/trips.txt"], {"stops.txt": "x/Stops.TXT", "trips.txt": "x/trips.txt"}),
        (["stops.txt", "old/stops.txt", "old/trips.txt"], {"stops.txt": "stops.txt"}),
        (["stops.txt", "__MACOSX/stops.txt", "._trips.txt"], {"stops.txt": "stops.txt"}),
        (["readme.md"], {"readme.md": "readme.md"}),
    ],
)
def test_the_files_of_a_feed_are_found_wherever_they_lie(names, found):
    assert members_feed_zip(*names) == (found, [])


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a/stops.txt", "b/stops.txt"], "holds 2 timetables (a, b)"),
        (["stops.txt", "Stops.txt"], "stops.txt is in it 2 times"),
    ],
)
def test_what_is_ambiguous_is_a_fault(names, words):
    _, faults = members_feed_zip(*names)
    assert [words in str(fault) for fault in faults] == [True]
