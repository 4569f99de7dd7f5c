"""The projection of a place folder: read back equal, and refused where it is damaged."""

from dataclasses import replace

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.projection import AGES, Projection
from nhcplanner.layers.england.place import Choices, england
from nhcplanner.layers.place_folder.folder import read_place, write_place
from nhcplanner.layers.place_folder.manifest import ProjectionFacts
from nhcplanner.layers.place_folder.projections import read_projection, write_projection

FACTS = ProjectionFacts(title="T", kind="2022-based", base_year=2022, by_age=True)


def made() -> Projection:
    table = pd.DataFrame(
        {"code": "U", "name": "Unit", "age": [*AGES, "people"], "basis": 1.0, "areas": 2,
         "2022": 10.0, "2030": 11.5}
    )  # fmt: skip
    homes = pd.DataFrame(
        {"name": ["Mill"], "area_code": "E1", "homes": 10, "year": 2025, "people_per_home": 2.4,
         "easting": 1.0, "northing": 2.0}
    )  # fmt: skip
    return Projection(**FACTS.model_dump(), table=table, homes=homes)


def test_a_projection_and_its_homes_read_back_equal(tmp_path):
    write_projection(made(), tmp_path)
    found = read_projection(tmp_path, FACTS)
    pd.testing.assert_frame_equal(found.table, made().table)
    pd.testing.assert_frame_equal(found.homes, made().homes)
    assert (found.title, found.base_year, found.years) == ("T", 2022, (2022, 2030))
    assert read_projection(tmp_path, None) is None
    write_projection(None, tmp_path / "nowhere")


def test_a_place_keeps_its_projection_and_is_written_with_its_own_people(tmp_path):
    place = england("Rutland", choices=Choices(origins="areas"))
    again = read_place(write_place(place.in_year(2035), tmp_path / "rutland"))
    assert again.people == place.people
    pd.testing.assert_frame_equal(
        again.in_year(2035).areas, place.in_year(2035).areas, check_dtype=False
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda table: table.drop(columns="basis"), "has no column basis"),
        (lambda table: table.assign(**{"2030": -1.0}), "is not a number of 0 or more in 2030"),
        (lambda table: table.assign(**{"2030": "many"}), "is not a number of 0 or more in 2030"),
        (lambda table: table.drop(columns="2022"), "has no people of 2022"),
    ],
)
def test_damaged_tables_are_refused(tmp_path, change, words):
    write_projection(replace(made(), table=change(made().table)), tmp_path)
    with pytest.raises(InputError, match=words):
        read_projection(tmp_path, FACTS)


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"which place\.toml speaks of"):
        read_projection(tmp_path, FACTS)
