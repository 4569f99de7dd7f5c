"""Real layers become sound places, their joins and HLE bases counted."""

import numpy as np
import pandas as pd

from nhcplanner.layers.place_folder.folder import read_place, write_place

COUNTIES = 21  # two-tier counties that the stored table of HLE lacks


def test_rutland_is_modelled_from_its_council(rutland_place):
    areas = rutland_place.areas
    assert (len(areas), rutland_place.people) == (26, 41_151)
    assert (areas["hle_basis"] == "modelled").all()
    assert np.isclose(np.average(areas["hle_male"], weights=areas["people"]), 65.0)
    assert rutland_place.name == "Rutland"
    assert rutland_place.index_name == "IMD 2025"
    assert rutland_place.origins_basis == "weighted centroid"


def test_newport_has_the_welsh_index_and_no_hle(newport_place):
    assert len(newport_place.areas) == 95
    assert newport_place.index_name == "WIMD 2019"
    assert (newport_place.areas["hle_basis"] == "missing").all()
    assert "hle" not in newport_place.areas


def test_cheshire_keeps_sites_beyond_its_border_and_says_so(cheshire_place):
    assert len(cheshire_place.sites) == 258
    assert "115 of 258 sites outside the areas, within 20 km of them" in cheshire_place.notes


def test_england_counts_every_join_and_basis(england_place):
    assert (len(england_place.areas), england_place.people) == (33_755, 57_106_398)
    counts = england_place.areas["hle_basis"].value_counts().to_dict()
    assert counts == {"modelled": 22_186, "national gradient": 11_569}
    joined = {source.layer: source.joined for source in england_place.sources}
    assert joined["imd2025_lsoa21"].startswith("by area code: 33,755 of 33,755 areas")
    hle = joined["hle_birth_utla_2015-17_to_2022-24"]
    assert hle.startswith("by council code: 132 of 153 councils")


def test_england_names_the_councils_without_a_figure(england_place):
    note = next(n for n in england_place.notes if "councils without an HLE figure" in n)
    assert note.startswith(f"{COUNTIES + 2} councils")
    assert "City of London" in note
    assert "Worcestershire" in note


def test_england_means_are_the_published_figures(england_place, real):
    table = pd.read_csv(real / "england" / "hle_birth_utla_2015-17_to_2022-24.csv.gz")
    now = table[table["period"] == "2022 - 24"].dropna(subset="value")
    published = now[now["sex"] == "Male"].set_index("area_code")["value"]
    areas = england_place.areas[england_place.areas["hle_basis"] == "modelled"]
    sums = (areas["hle_male"] * areas["people"]).groupby(areas["council_code"]).sum()
    means = sums / areas.groupby("council_code")["people"].sum()
    assert len(means) == 130
    assert np.allclose(means, published.loc[means.index], atol=1e-9)


def test_a_place_folder_of_england_reads_back_equal(england_place, tmp_path):
    place = read_place(write_place(england_place, tmp_path / "england"))
    for layer in ("areas", "sites", "origins"):
        pd.testing.assert_frame_equal(getattr(place, layer), getattr(england_place, layer))
