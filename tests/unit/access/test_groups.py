import pandas as pd

from nhcplanner.access import imd_quintile


def test_two_deciles_make_a_quintile():
    areas = pd.DataFrame({"imd_decile": [1, 2, 3, 10]})
    assert imd_quintile(areas).tolist() == [1, 1, 2, 5]


def test_ranks_of_a_known_index_make_quintiles():
    areas = pd.DataFrame({"imd_rank": [1, 381, 382, 1909]})
    assert imd_quintile(areas, "WIMD 2019").tolist() == [1, 1, 2, 5]


def test_ranks_of_an_unknown_index_make_none():
    assert imd_quintile(pd.DataFrame({"imd_rank": [1, 2]}), "my own") is None


def test_an_area_without_a_figure_is_in_group_nought():
    assert imd_quintile(pd.DataFrame({"imd_decile": [None, 5.0]})).tolist() == [0, 3]
