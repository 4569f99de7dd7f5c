"""Real places built from the real layers, the same for every test that needs one."""

from pathlib import Path

import pandas as pd
import pytest

from nhcplanner.domain.place import Place
from nhcplanner.layers.build import build_place

ENGLAND_TABLES = (
    "imd2025_lsoa21.csv.gz",
    "population_lsoa21_ew.csv.gz",
    "lookup_lsoa21.csv.gz",
    "centroids_lsoa21_postcode_proxy.csv.gz",
    "hle_birth_utla_2015-17_to_2022-24.csv.gz",
)


def small_place(real: Path, folder: str) -> Place:
    """Rutland, Newport or Cheshire: one GeoPackage and one CSV."""
    place = real / "places" / folder
    return build_place(place / "lsoa.gpkg", place / "sites.csv")


def england(real: Path, scratch: Path) -> Place:
    """All of England: GP practices, NHS hospitals and open libraries as sites."""
    tables = [real / "england" / name for name in ENGLAND_TABLES]
    areas = real / "england" / "lsoa21_boundaries_bsc.parquet"
    return build_place(areas, england_sites(real, scratch), tables, name="England")


def england_sites(real: Path, scratch: Path) -> Path:
    """One CSV of sites out of three lists; rows without coordinates in Britain left out."""
    practices = _list(real, "sites_gp_practices_epraccur_2023-12", "gp_practice", "ods_code")
    hospitals = _list(real, "sites_hospitals_nhschoices_2022", "hospital", "OrganisationCode")
    hospitals = hospitals[hospitals["Sector"] == "NHS Sector"]
    hospitals = hospitals.rename(columns={"OrganisationName": "name", "Postcode": "postcode"})
    libraries = _list(real, "sites_libraries_2023", "library", None)
    fixed = libraries["type"].str.lower() == "static library"
    libraries = libraries[fixed & (libraries["open_2023"] == "True")]
    libraries = libraries.assign(id=[f"LIB{n:05d}" for n in libraries.index])
    kept = ["id", "name", "kind", "postcode", "easting", "northing"]
    together = pd.concat([each[kept] for each in (practices, hospitals, libraries)])
    together = together[pd.to_numeric(together["easting"]).between(0, 700_000)]
    path = scratch / "england_sites.csv"
    together.to_csv(path, index=False)
    return path


def _list(real: Path, name: str, kind: str, key: str | None) -> pd.DataFrame:
    table = pd.read_csv(real / "england" / f"{name}.csv.gz", dtype=str)
    table["kind"] = kind
    return table if key is None else table.rename(columns={key: "id"})


@pytest.fixture(scope="session")
def rutland_place(real: Path) -> Place:
    return small_place(real, "rutland")


@pytest.fixture(scope="session")
def newport_place(real: Path) -> Place:
    return small_place(real, "newport_wales")


@pytest.fixture(scope="session")
def cheshire_place(real: Path) -> Place:
    return small_place(real, "cheshire_west_chester")


@pytest.fixture(scope="session")
def england_place(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return england(real, tmp_path_factory.mktemp("england"))
