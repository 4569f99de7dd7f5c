"""Codes of a matrix are matched with those of a place, and what it lacks is counted."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import lacks, read_matrix

A, B = "E01000001", "E01000002"


def dense(times) -> list[list[float]]:
    full = np.full(times.minutes.shape, np.inf)
    pairs = times.minutes.tocoo()
    full[pairs.coords] = pairs.data
    return full.tolist()


def test_an_origin_of_its_own_goes_before_its_area(csv, place):
    path = csv("origin,destination,mins", f"{B},s,5", "north,s,9", "north,t,1", f"{A},s,2")
    assert dense(read_matrix(path, place)) == [[2, np.inf], [9, 1], [5, np.inf]]


def test_a_horizon_leaves_out_what_is_beyond_but_not_missing(csv, place):
    path = csv("origin,s,t", f"{A},1,20.5", f"{B},20,60")
    times = read_matrix(path, place, "minutes", horizon=20)
    assert dense(times) == [[1, np.inf], [20, np.inf], [20, np.inf]]
    assert lacks(times) == ()


def test_what_is_missing_or_strange_is_counted(csv, place):
    path = csv("origin,destination,minutes", f"{A},s,4", "E01000009,s,4", f"{A},u,1", f"{A},v,1")
    times = read_matrix(path, place)
    assert times.parameters == {
        "matrix": "tracc.csv", "pairs_missing": 5, "origins_missing": 2, "sites_missing": 1,
        "origins_unknown": 1, "sites_unknown": 2,
    }  # fmt: skip
    line = "5 pairs of starting point and site are not in the matrix and count as unreachable"
    assert line in lacks(times)
    assert len(lacks(times)) == 5


def test_a_matrix_of_another_place_is_refused(csv, place):
    path = csv("origin,destination,minutes", "E09000001,x,1")
    with pytest.raises(InputError) as caught:
        read_matrix(path, place)
    assert [fault.column for fault in caught.value.faults] == ["origin", "destination"]


def test_a_wide_matrix_with_a_row_a_site_is_turned_with_a_line(csv, place):
    times = read_matrix(csv("site_id,E01000001,E01000002", "s,1,2", "t,3,4"), place, "minutes")
    assert dense(times) == [[1, 3], [2, 4], [2, 4]]
    assert lacks(times) == ("tracc.csv has a row a site and a column an area: it was turned",)


def test_a_long_matrix_from_sites_to_areas_is_refused(csv, place):
    lines = ["origin,destination,minutes", f"s,{A},1", f"t,{B},2"]
    with pytest.raises(InputError, match="other way round") as caught:
        read_matrix(csv(*lines), place, "minutes")
    (fault,) = caught.value.faults
    assert "Turn it" in fault.hint
