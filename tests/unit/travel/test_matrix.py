import geopandas as gpd
import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS, Place
from nhcplanner.travel import lacks, read_matrix, read_pairs

A, B = "E01000001", "E01000002"


@pytest.fixture
def place() -> Place:
    points = gpd.points_from_xy([0, 1, 2], [0, 0, 0], crs=CRS)
    areas = gpd.GeoDataFrame({"area_code": [A, B], "people": [10, 20]}, geometry=points[:2])
    origins = gpd.GeoDataFrame(
        {"origin_id": [A, "north", "south"], "area_code": [A, B, B], "people": [10.0, 5.0, 15.0]},
        geometry=points,
    )
    sites = gpd.GeoDataFrame({"site_id": ["s", "t"], "kind": "library"}, geometry=points[:2])
    return Place("Two", areas, sites, origins)


@pytest.fixture
def csv(tmp_path):
    def write(*lines: str):
        path = tmp_path / "tracc.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
        return path

    return write


def dense(times) -> list[list[float]]:
    full = np.full(times.minutes.shape, np.inf)
    pairs = times.minutes.tocoo()
    full[pairs.coords] = pairs.data
    return full.tolist()


WHOLE = [[0, 30], [5, np.inf], [5, np.inf]]


@pytest.mark.parametrize(
    ("lines", "unit"),
    [
        (["Origin,Destination,Minutes", f"{A},s,0", f"{A},t,30", f"{B},s,5", f"{B},t,"], ""),
        (["from_id,to_id,travel_time_seconds", f"{A},s,0", f"{A},t,1800", f"{B},s,300",
          f"{B},t,NA"], ""),
        (["lsoa21cd,site_id,travel_time", f"{A},s,0", f"{A},t,1800", f"{B},s,300",
          f"{B},t,9999"], "seconds"),
        (["lsoa21cd,s,t", f"{A},0,30", f"{B},5,-"], "minutes"),
        (["code,t,s", f"{B},,300", f"{A},1800,0"], "seconds"),
    ],
)  # fmt: skip
def test_long_and_wide_minutes_and_seconds_say_the_same(csv, place, lines, unit):
    times = read_matrix(csv(*lines), place, unit)
    assert dense(times) == WHOLE
    assert times.minutes.dtype == np.float32
    assert (times.engine, times.estimate) == ("matrix: tracc.csv", False)
    assert lacks(times) == ()


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
    assert "5 pairs of starting point and site are not in the matrix" in lacks(times)
    assert len(lacks(times)) == 5


def test_every_kind_of_fault_is_told_at_once_with_its_first_row(csv):
    path = csv("origin,destination,minutes", "a,s,1", "a,t,-4", "b,s,far", ",s,1", "a,s,2", "b,t,x")
    with pytest.raises(InputError) as caught:
        read_pairs(path)
    told = {fault.row: fault.problem for fault in caught.value.faults}
    assert set(told) == {3, 4, 5, 6}
    assert "2 cells or rows hold a time that is no number, first b to s (far)" in told[4]
    assert "a to s (2)" in told[6]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["origin,destination,time", "a,s,1"], "--matrix-unit"),
        (["origin,s,t", "a,1,2"], "--matrix-unit"),
        (["origin,destination,x,y", "a,s,1,2"], "no column of times"),
        (["origin", "a"], "no table of times"),
        (["origin,s"], "no table of times"),
        (["a,b", '"'], "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_understood_says_why(csv, lines, words):
    with pytest.raises(InputError, match=words):
        read_pairs(csv(*lines))


def test_a_matrix_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_pairs(tmp_path / "none.csv")


def test_a_matrix_of_another_place_is_refused(csv, place):
    path = csv("origin,destination,minutes", "E09000001,x,1")
    with pytest.raises(InputError) as caught:
        read_matrix(path, place)
    assert [fault.column for fault in caught.value.faults] == ["origin", "destination"]


@pytest.mark.parametrize(
    "lines",
    [
        ["site_id,E01000001,E01000002", "s,1,2", "t,3,4"],
        ["origin,destination,minutes", f"s,{A},1", f"t,{B},2"],
    ],
)
def test_a_matrix_that_lies_the_other_way_round_is_told_to_be_turned(csv, place, lines):
    with pytest.raises(InputError, match="other way round") as caught:
        read_matrix(csv(*lines), place, "minutes")
    (fault,) = caught.value.faults
    assert "Turn it" in fault.hint
