import os

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import cache
from nhcplanner.workflow import demo_place


def test_a_network_is_read_once_and_again_when_its_file_changes(tmp_path):
    path = tmp_path / "streets.npz"
    path.write_bytes(demo_place().streets.read_bytes())
    first = cache.network(path)
    assert cache.network(str(path)) is first
    os.utime(path, ns=(1, 1))
    assert cache.network(path) is not first
    assert cache.network(path).report == first.report


def test_timetables_are_held_for_the_windows_read_last():
    path = demo_place().timetable
    morning = (None, ("07:00", "10:00"))
    first = cache.timetables(path, (morning,))
    assert cache.timetables(path, (morning,)) is first
    later = cache.timetables(path, (morning, (None, ("08:00", "09:00"))))
    assert later[1].window == (28_800, 32_400)


def test_a_file_that_is_not_there_is_said_as_ever(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        cache.network(tmp_path / "streets.npz")
