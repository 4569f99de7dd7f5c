"""What a packed file may unpack to."""

from nhcplanner.base.archive import MOST_RATIO, is_bomb


def test_small_files_may_be_packed_as_tightly_as_they_like():
    assert not is_bomb(10, 1_000_000)


def test_a_file_beyond_the_ratio_is_a_bomb():
    assert not is_bomb(10_000, MOST_RATIO * 10_000)
    assert is_bomb(10_000, MOST_RATIO * 10_000 + 1)
