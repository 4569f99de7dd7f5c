"""Uploads of tables, layers and data about patients."""

import geopandas as gpd
import pytest
from shapely.geometry import Point

from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import Decisions, patient_columns
from tests.unit.workflow.intake.lists import receive, settle


@pytest.mark.parametrize("heading", ["NHS number", "Date of birth"])
def test_data_about_patients_are_not_read(heading):
    with pytest.raises(InputError) as raised:
        receive(f"Site id,Easting,Northing,{heading}\nN1,650000,400000,1\n")
    assert patient_columns(raised.value) == (heading,)


def test_a_layer_with_shapes_is_mapped_as_well(place, tmp_path):
    points = gpd.GeoDataFrame(
        {"ref": ["N1", "N2"], "name": ["Mill", "Hall"], "state": ["Surplus", "Candidate"]},
        geometry=[Point(650_000, 400_000), Point(651_000, 401_000)],
        crs=CRS,
    )
    points.to_file(tmp_path / "sites.gpkg", driver="GPKG")
    upload = intake.receive((tmp_path / "sites.gpkg").read_bytes(), "sites.gpkg")
    columns = (("ref", "site_id"), ("state", "status"))
    words = ((("status", "Surplus"), "candidate"),)
    _, preview = settle(place, upload, Decisions(columns=columns, words=words))
    assert preview.added == ("N1", "N2")
    assert preview.choices.edits[0].point == (650_000.0, 400_000.0)
