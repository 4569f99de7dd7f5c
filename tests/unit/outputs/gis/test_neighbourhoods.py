import geopandas as gpd
import pandas as pd

from nhcplanner import workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import write_neighbourhoods


def test_files_read_back_equal_the_division(tmp_path):
    place = workflow.demo_place()
    division = workflow.build_neighbourhoods(place, scenario=Scenario(engine="estimate"))
    files = write_neighbourhoods(place, division, tmp_path / "out")
    assert {path.name for path in files} == {
        "neighbourhoods.csv", "footprints.csv", "parts.csv", "notes.txt", "footprints.geojson",
        "footprints.gpkg",
    }  # fmt: skip
    lookup = pd.read_csv(tmp_path / "out" / "neighbourhoods.csv")
    assert lookup["neighbourhood"].tolist() == division.names.tolist()
    layer = gpd.read_file(tmp_path / "out" / "footprints.gpkg", layer="footprints")
    assert layer["people"].tolist() == division.footprints["people"].tolist()
    assert layer.crs.to_epsg() == 27700
    assert "SYNTHETIC" in (tmp_path / "out" / "notes.txt").read_text(encoding="utf-8")
