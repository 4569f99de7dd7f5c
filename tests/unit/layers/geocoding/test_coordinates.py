"""Coordinate systems that a column map names."""

from pathlib import Path

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.geocoding.coordinates import to_shapes
from nhcplanner.layers.readers.tables import Table

POINTS = Table(Path("a.csv"), pd.DataFrame({"wkt": ["POINT (450000 520000)"]}), 2)


@pytest.mark.parametrize(
    "name",
    [
        "+init=file:/etc/passwd",
        "+init=epsg:27700",
        "+proj=longlat +nadgrids=/etc/passwd",
        "+proj=longlat +geoidgrids = x.gtx",
        'BOUNDCRS[PARAMETERFILE["x","/etc/passwd"]]',
        "http://127.0.0.1:9/crs",
    ],
)
def test_a_coordinate_system_that_names_a_file_is_refused(name):
    with pytest.raises(InputError, match="names a file"):
        to_shapes(POINTS, {"crs": name})


@pytest.mark.parametrize("name", ["EPSG:27700", "epsg:27700", "OSGB36 / British National Grid"])
def test_a_coordinate_system_by_code_or_name_is_used(name):
    assert to_shapes(POINTS, {"crs": name}).frame.crs.to_epsg() == 27700


def test_an_unknown_coordinate_system_is_refused():
    with pytest.raises(InputError, match="is not a coordinate reference system"):
        to_shapes(POINTS, {"crs": "EPSG:99999"})
