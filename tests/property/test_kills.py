"""A write that is killed at any of its steps leaves what was there, or what was to be there."""

import multiprocessing

import pytest

from tests.property.fuzz.kills import WRITES_TRIED, kill

STRIDE = 3  # `make fuzz` kills at every step
SLOW = {"plan files"}  # many files by the way of "files of a hand-in"; `make fuzz` kills it too


@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(),
    reason="no process can be ended here at a step of its own",
)
@pytest.mark.parametrize("name", sorted(WRITES_TRIED.keys() - SLOW))
def test_old_or_new_is_there(name, tmp_path):
    found = kill(name, tmp_path, STRIDE)
    assert not found.wrong
    assert found.points >= 3
    assert found.old
    assert found.new
