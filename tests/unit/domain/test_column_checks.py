"""The schema finds every fault, and types what is sound."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, Point, box

from nhcplanner.domain import column_checks
from nhcplanner.domain.columns import LAYERS
from nhcplanner.domain.place import CRS


def areas(**changed) -> gpd.GeoDataFrame:
    columns = {"area_code": ["E01000001", "E01000002"], "people": [5, 6], **changed}
    shapes = columns.pop("geometry", [box(0, 0, 1, 1), box(1, 0, 2, 1)])
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def problems(frame: pd.DataFrame, layer: str = "areas", **given) -> list[tuple]:
    return [
        (f.row, f.column, f.problem) for f in column_checks.faults(frame, layer, "f.csv", **given)
    ]


def test_a_sound_layer_has_no_fault():
    assert problems(areas(hle=[60.5, None], council_code=["E06000001", None])) == []


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"area_code": ["E01000001"] * 2}, (3, "area_code", "appears twice")),
        ({"area_code": ["E01000001", "E1"]}, (3, "area_code", "E1 is malformed")),
        ({"area_code": ["E01000001", "  "]}, (3, "area_code", "is empty")),
        ({"people": [5, None]}, (3, "people", "is empty")),
        ({"people": [5, -1]}, (3, "people", "is below 0")),
        ({"people": [5, 1.5]}, (3, "people", "is not a whole number")),
        ({"people": ["5", "six"]}, (3, "people", "six is not a number")),
        ({"people": [5, float("inf")]}, (3, "people", "is not a number")),
        ({"hle": [60, 39.9]}, (3, "hle", "is below 40")),
        ({"hle": [60, 90.1]}, (3, "hle", "is above 90")),
        ({"hle_basis": ["given", "guessed"]}, (3, "hle_basis", "guessed is not one of the words")),
        ({"geometry": [box(0, 0, 1, 1), None]}, (3, "geometry", "has no place on the map")),
        (
            {"geometry": [box(0, 0, 1, 1), LineString([(0, 0), (1, 1)])]},
            (3, "geometry", "is not a Polygon"),
        ),
        (
            {"geometry": [box(0, 0, 1, 1), Point(800_000, 5)]},
            (3, "geometry", "outside Great Britain's grid"),
        ),
    ],
)
def test_each_fault_names_its_row_and_column(changed, fault):
    row, column, words = fault
    found = problems(areas(**changed))
    assert any(f[:2] == (row, column) and words in f[2] for f in found), found


def test_all_faults_come_together():
    found = problems(areas(people=[-1, None], hle=[10, 100]))
    assert len(found) == 4


def test_an_absent_column_is_told_unless_it_comes_from_elsewhere():
    frame = areas().drop(columns="people")
    assert [f[1] for f in problems(frame)] == ["people"]
    assert problems(frame, lacking=("people",)) == []


def test_an_empty_layer_is_told():
    assert problems(areas().iloc[:0]) == [(None, "", "has no rows")]


def test_another_reference_system_is_told_and_so_is_none():
    assert "WGS 84" in problems(areas().to_crs("EPSG:4326"))[0][2]
    assert "unknown" in problems(areas().set_crs(None, allow_override=True))[0][2]


def test_a_layer_without_shapes_is_told():
    found = problems(pd.DataFrame(areas().drop(columns="geometry")))
    assert found == [(None, "geometry", "has no shapes and no coordinates")]


def test_typed_keeps_the_schema_s_columns_in_its_order_and_types():
    frame = areas(imd_rank=["7", None], area_name=["a", None], other=[1, 2], people=["5", "6"])
    told = column_checks.typed(frame, "areas")
    assert list(told) == ["area_code", "area_name", "people", "imd_rank", "geometry"]
    assert [str(kind) for kind in told.dtypes] == ["str", "str", "int64", "float64", "geometry"]
    assert told["area_name"].isna().tolist() == [False, True]


def test_every_column_says_what_it_means_and_where_it_comes_from():
    for columns in LAYERS.values():
        assert all(column.label and column.meaning and column.source for column in columns)
        assert len({column.name for column in columns}) == len(columns)
