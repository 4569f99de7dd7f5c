"""What a packed file may unpack to."""

import io
import zipfile

import pytest

from nhcplanner.base.archive import MOST_RATIO, feed_members, is_bomb, zip_problems


def test_small_files_may_be_packed_as_tightly_as_they_like():
    assert not is_bomb(10, 1_000_000)


def test_a_file_beyond_the_ratio_is_a_bomb():
    assert not is_bomb(10_000, MOST_RATIO * 10_000)
    assert is_bomb(10_000, MOST_RATIO * 10_000 + 1)


def members(*sizes, locked=False):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, size in enumerate(sizes):
            packed.writestr(f"in/{number}.txt", b"0" * size)
        packed.mkdir("folder")
    found = zipfile.ZipFile(written).infolist()
    for member in found:
        member.flag_bits |= int(locked)
    return found


def test_each_limit_of_a_zip_is_named():
    assert zip_problems(members(10, 20), 30, 2) == []
    assert zip_problems(members(10, 20), 29, 2) == ["unpacks to more than 2.9e-08 GB"]
    assert zip_problems(members(10, 20), 30, 1) == ["holds 2 files, more than 1"]
    assert zip_problems(members(10, locked=True), 30) == [
        "holds 0.txt, which is locked by a password"
    ]


def test_a_member_that_unpacks_to_far_more_is_named():
    (words,) = zip_problems(members(2_000_000), 10**9)
    assert words.startswith("holds 0.txt, which unpacks to ")
    assert zip_problems(members(2_000_000), 10**9, small=2_000_000) == []


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
        (["stops.txt", "Stops.txt"], "stops.txt stands in it 2 times"),
    ],
)
def test_what_is_ambiguous_is_a_fault(names, words):
    _, faults = members_feed_zip(*names)
    assert [words in str(fault) for fault in faults] == [True]
