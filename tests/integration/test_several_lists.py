"""Several lists of buildings in one build: one layer, each fault by its own list's row."""

import pandas as pd
import pytest

from nhcplanner import layers
from nhcplanner.base.errors import InputError
from nhcplanner.cli.commands import app


@pytest.fixture
def lists(files):
    """The areas and two lists: one with ids, one without."""
    files.areas.to_file(files.folder / "areas.gpkg")
    first, second = files.folder / "nhs.csv", files.folder / "council.csv"
    files.sites.to_csv(first, index=False)
    hall = {"Building": "Hall", "Easting": 451_500, "Northing": 520_500, "Capacity": "5,000"}
    pd.DataFrame([hall]).to_csv(second, index=False)
    return files.folder / "areas.gpkg", first, second


def test_the_sites_of_all_lists_are_in_the_place_and_say_which_list_names_them(lists, tmp_path):
    areas, first, second = lists
    out = tmp_path / "place"
    app(
        ["build", "--areas", str(areas), "--sites", str(first), "--sites", str(second),
         "--out", str(out)], standalone_mode=False,
    )  # fmt: skip
    place = layers.read_place(out)
    sites = place.sites.set_index("site_id")
    assert sites["listed_by"].to_dict() == {"007": "nhs", "008": "nhs", "council-0001": "council"}
    assert sites.loc["council-0001", "capacity"] == 5_000
    assert sites.loc[["007", "008"], "capacity"].isna().all()
    of_sites = [source for source in place.sources if source.layer == "sites"]
    assert [(source.file, source.rows) for source in of_sites] == [
        ("nhs.csv", 2), ("council.csv", 1),
    ]  # fmt: skip
    assert "capacity" in of_sites[1].gives
    assert "capacity" not in of_sites[0].gives


def test_one_id_in_two_lists_is_told_by_both_lists_and_their_rows(lists):
    areas, first, second = lists
    other = {"Site ref": ["A", "007"], "Easting": [450_600, 450_700],
             "Northing": [520_500, 520_500]}  # fmt: skip
    pd.DataFrame(other).to_csv(second, index=False)
    with pytest.raises(InputError) as caught:
        layers.build_place(areas, [first, second])
    told = {(fault.file, fault.row, fault.column) for fault in caught.value.faults}
    assert told == {("nhs.csv", 2, "id"), ("council.csv", 3, "Site ref")}


def test_the_faults_of_all_lists_are_told_together(lists):
    areas, first, second = lists
    first.write_text("id,easting,northing\n1,450500,\n")
    second.write_text("Building,Easting,Northing,Capacity\nHall,451500,520500,many\n")
    with pytest.raises(InputError) as caught:
        layers.build_place(areas, [first, second])
    assert {fault.file for fault in caught.value.faults} == {"nhs.csv", "council.csv"}


def test_a_site_far_away_is_told_by_its_own_list(lists):
    areas, first, second = lists
    text = second.read_text()
    second.write_text(f"{text},,,\nFar hall,251500,520500,\n")
    with pytest.raises(InputError, match="council-0002 lies") as caught:
        layers.build_place(areas, [first, second])
    assert [(fault.file, fault.row) for fault in caught.value.faults] == [("council.csv", 4)]
