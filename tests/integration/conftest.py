"""Small own files on disk, for tests to build places from and to spoil."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import CRS, Place
from nhcplanner.layers import build_place

CODES = ("E01000001", "E01000002", "E01000003", "E01000005")


class Files:
    """Two councils of two square areas each, and two sites, on disk to be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.areas = gpd.GeoDataFrame(
            {
                "LSOA21CD": list(CODES),
                "pop_mid2022": [1000, 2000, 3000, 4000],
                "UTLA23CD": ["E06000001", "E06000001", "E06000002", "E06000002"],
                "UTLA23NM": ["Hartlepool", "Hartlepool", "Middlesbrough", "Middlesbrough"],
                "IMD_rank": [100, 30_000, 5_000, 20_000],
            },
            geometry=[box(450_000 + 1000 * n, 520_000, 451_000 + 1000 * n, 521_000)
                      for n in range(4)],
            crs=CRS,
        )  # fmt: skip
        self.sites = pd.DataFrame(
            {
                "id": ["007", "008"],
                "name": ["Library", "Clinic"],
                "type": ["library", "clinic"],
                "easting": ["450,500", "452500"],
                "northing": ["520500", "520500"],
            }
        )

    def build(self, areas: str = "areas.gpkg", **others) -> Place:
        areas_path, sites_path = self.folder / areas, self.folder / "sites.csv"
        if not areas_path.exists():
            self.areas.to_file(areas_path)
        if not sites_path.exists():
            self.sites.to_csv(sites_path, index=False)
        return build_place(areas_path, sites_path, **others)

    def text(self, name: str, *lines: str) -> Path:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def faults(self, **given) -> tuple[Fault, ...]:
        with pytest.raises(InputError) as caught:
            self.build(**given)
        return caught.value.faults

    def fault(self, **given) -> Fault:
        found = self.faults(**given)
        assert len(found) == 1, found
        assert found[0].hint
        return found[0]


@pytest.fixture
def files(tmp_path) -> Files:
    return Files(tmp_path)
