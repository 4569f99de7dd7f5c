"""Places built from tables of other years, life tables, own columns, and one council of many."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from shapely import box
from typer.testing import CliRunner

from nhcplanner.base.errors import InputError
from nhcplanner.cli.commands import app
from nhcplanner.domain.intake import questions_of
from nhcplanner.domain.need_measures import DEVIATIONS
from nhcplanner.layers import Extras, describe, read_place, write_place
from nhcplanner.layers.health.sullivan import healthy_years, life_table

AGES, DEATHS, PEOPLE = ["0", "1-64", "65+"], [5, 300, 3000], [1000, 64_000, 50_000]
HEALTHY, ASKED = [0.99, 0.9, 0.5], [100, 1000, 500]
LIFE, GOOD = (AGES, DEATHS, PEOPLE), (AGES, HEALTHY, ASKED)


def lives(files, *codes, asked=True, sexes=("Male", "Female")) -> Extras:
    """A life table and good health for some codes, on disk."""
    rows = [(code, sex) for code in codes for sex in sexes]
    life = [f"{c},{s},{a},{d},{p}" for c, s in rows for a, d, p in zip(*LIFE, strict=True)]
    good = [f"{c},{s},{a},{h},{n}" for c, s in rows for a, h, n in zip(*GOOD, strict=True)]
    header = "area_code,sex,age,good_health" + (",sample" if asked else ",other")
    return Extras(
        lives=files.text("life.csv", "area_code,sex,age_band,deaths,population", *life),
        health=files.text("health.csv", header, *good),
    )


def test_sullivan_s_method_gives_an_area_its_own_hle_with_an_interval(files):
    areas = files.build(extras=lives(files, "E01000001")).areas
    years = healthy_years(life_table([0, 1, 65], DEATHS, PEOPLE), HEALTHY, ASKED).iloc[0]
    assert areas["hle_basis"].tolist() == ["sullivan", *["national gradient"] * 3]
    assert areas["hle"][0] == areas["hle_male"][0] == pytest.approx(years["hle"])
    half = DEVIATIONS * np.sqrt(years["variance"] / 2)
    assert areas["hle_high"][0] - areas["hle"][0] == pytest.approx(half)


def test_by_council_it_takes_the_place_of_the_published_figure(files):
    hle = files.text("hle.csv", "utla_code,hle_male,hle_female", "E06000001,58,60")
    extras = lives(files, "E06000001")
    place = files.build(tables=[hle], extras=extras)
    areas = place.areas[place.areas["council_code"] == "E06000001"]
    years = healthy_years(life_table([0, 1, 65], DEATHS, PEOPLE), HEALTHY, ASKED).iloc[0]
    assert np.average(areas["hle"], weights=areas["people"]) == pytest.approx(years["hle"])
    assert set(areas["hle_basis"]) == {"modelled"}
    source = next(one for one in place.sources if one.layer == "life")
    assert "Sullivan's method" in source.notes[0]
    assert any("HLE of 1 council is by Sullivan's method" in note for note in place.notes)
    assert [one.file for one in place.sources if one.layer == "good_health"] == ["health.csv"]


def test_without_a_sample_size_there_is_no_interval_and_none_is_borrowed(files):
    hle = files.text("hle.csv", "area_code,sex,value,lower_ci,upper_ci",
                     "E06000001,Male,58,57,59", "E06000001,Female,60,59,61")  # fmt: skip
    areas = files.build(tables=[hle], extras=lives(files, "E06000001", asked=False)).areas
    assert areas["hle"][:2].notna().all()
    assert areas["hle_low"][:2].isna().all()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("65+,3000", "65+,0", "no deaths in its last band"),
        ("0,5,1000", "2,5,1000", "does not begin at age 0"),
        ("1-64,300,64000", "1-64,300,0", "has a band without people"),
        ("Male,65+", "Boy,65+", "is not a known sex"),
        ("65+,3000,50000", "65+,30,50000", "outside 40 to 90"),
        ("65+,3000,50000", "65+,50000,3000", "is more than the people"),
    ],
)
def test_a_life_table_that_cannot_be_is_refused(files, old, new, words):
    extras = lives(files, "E01000001")
    text = extras.lives.read_text()
    assert old in text
    extras.lives.write_text(text.replace(old, new))
    faults = files.faults(extras=extras)
    assert any(words in fault.problem for fault in faults), faults


def test_a_blank_sample_size_is_counted_and_another_text_is_refused(files):
    """Without the size of one band there is no interval: the record names the row."""
    extras = lives(files, "E01000001")
    sound = extras.health.read_text()
    extras.health.write_text(sound.replace("0.9,1000", "0.9,?", 1))
    place = files.build(extras=extras)
    assert np.isnan(place.areas["hle_low"][0])
    assert "'sample' blank in 1 row: HLE has no interval there (row 3)" in describe(place)
    for wrong in ("1000*", "-5", "0"):
        extras.health.write_text(sound.replace("0.9,1000", f"0.9,{wrong}", 1))
        assert files.fault(extras=extras).row == 3


def test_shares_over_one_and_bands_of_one_file_alone_are_told(files):
    extras = lives(files, "E01000001")
    extras.health.write_text(extras.health.read_text().replace("0.9,", "90,"))
    assert "is more than everyone" in files.faults(extras=extras)[0].problem
    extras = lives(files, "E01000001")
    extras.health.write_text("\n".join(extras.health.read_text().splitlines()[:-1]))
    assert "Female" in str(files.fault(extras=extras)) or "female" in str(
        files.fault(extras=extras)
    )


def test_one_table_without_the_other_is_told(files):
    extras = Extras(lives=lives(files, "E01000001").lives)
    assert "--prevalence" in files.fault(extras=extras).hint


def old_codes(files) -> Extras:
    """E01000155 of 2011 became two of the place's areas."""
    return Extras(lookups=(files.text(
        "lookup.csv", "LSOA11CD,LSOA21CD,CHGIND", "E01000155,E01000001,S",
        "E01000155,E01000002,S", "E01000003,E01000003,U",
    ),))  # fmt: skip


def test_a_table_of_2011_is_brought_to_2021_by_the_lookup(files):
    cars = files.text("cars.csv", "lsoa11cd,no_car_share", "E01000155,0.4", "E01000003,0.2")
    assert "--lookup" in files.fault(tables=[cars]).hint
    place = files.build(tables=[cars], extras=old_codes(files))
    assert place.areas["no_car_share"][:3].tolist() == pytest.approx([0.4, 0.4, 0.2])
    source = next(one for one in place.sources if one.layer == "cars")
    assert (source.matched, source.unmatched, source.unmatched_codes) == (3, 1, ("E01000005",))
    assert "by lookup.csv: 2 codes brought to 3 other codes" in source.notes
    assert any(one.layer == "lookup" for one in place.sources)


def test_figures_of_sheffield_by_its_new_code_are_found(files):
    files.areas["UTLA23CD"] = ["E08000019"] * 4
    hle = files.text("hle.csv", "utla_code,hle_male,hle_female", "E08000039,58,60")
    place = files.build(tables=[hle])
    assert set(place.areas["hle_basis"]) == {"modelled"}
    assert any("became E08000039 in 2025" in note for note in place.sources[2].notes)


def test_own_columns_stay_and_are_read_back(files, tmp_path):
    files.areas["own_carers"] = [1.0, 2.0, None, 4.0]
    more = files.text("more.csv", "lsoa21cd,veterans", *(f"{c},7" for c in ("E01000001",)))
    columns = files.text("map.toml", '[tables."more.csv"]', 'own_veterans = "veterans"')
    place = files.build(tables=[more], columns=columns)
    back = read_place(write_place(place, tmp_path / "out")).areas
    assert back["own_carers"].isna().tolist() == [False, False, True, False]
    assert back["own_veterans"][0] == 7
    files.areas["own_carers"] = [1.0, -2.0, None, 4.0]
    (files.folder / "areas.gpkg").unlink()
    assert "is below 0" in files.fault().problem


def test_one_council_is_cut_out_and_keeps_its_mean(files):
    hle = files.text("hle.csv", "utla_code,hle_male,hle_female", "E06000001,58,60")
    place = files.build(tables=[hle], extras=Extras(only=("hartlepool",)))
    assert place.areas["area_code"].tolist() == ["E01000001", "E01000002"]
    assert place.name == "Hartlepool"
    assert np.average(place.areas["hle"], weights=place.areas["people"]) == pytest.approx(59)
    assert "Only Hartlepool: 2 areas of 4" in place.notes
    assert place.sources[2].joined == "by council code: 1 of 1 councils, 2 of 2 areas"


def test_a_council_that_is_not_there_is_told_with_its_like(files):
    fault = files.fault(extras=Extras(only=("Hartlepol",)))
    assert "Did you mean Hartlepool?" in fault.hint


def test_distant_sites_are_left_out_with_the_areas(files):
    files.sites.loc[1, "easting"] = "600000"
    place = files.build(extras=Extras(only=("Hartlepool",)))
    assert place.sites["site_id"].tolist() == ["007"]
    assert "1 site farther than 20 km left out" in place.notes


def test_the_basis_is_told_by_check(files):
    said = describe(files.build(extras=lives(files, "E01000001")))
    assert "HLE by basis: sullivan 1, national gradient 3" in said
    assert pd.Series(said.splitlines()).str.contains("Sullivan's method").any()


def test_check_lists_blanks_by_area_and_the_pedigree_as_json(files, tmp_path):
    files.areas["no_car_share"] = [0.1, None, 0.3, None]
    files.build()
    out = str(tmp_path / "place")
    sources = [str(files.folder / name) for name in ("areas.gpkg", "sites.csv")]
    made = CliRunner().invoke(
        app, ["build", "--areas", sources[0], "--sites", sources[1], "--out", out]
    )
    assert made.exit_code == 0, made.output
    assert "blank in 2 of 4 areas: E01000002, E01000005" in made.stdout
    said = json.loads(CliRunner().invoke(app, ["check", out, "--json"]).stdout)
    assert said["blank_in_areas"]["no_car_share"] == ["E01000002", "E01000005"]
    assert len(said["sources"][0]["sha256"]) == 64
    assert said["sources"][0]["gives"][0] == "area_code"
    assert ["mid-2022" in line for line in said["warnings"]] == [True]


def test_build_takes_life_tables_lookups_and_one_council(files, tmp_path):
    extras = lives(files, "E06000001")
    files.build()
    options = {
        "--areas": files.folder / "areas.gpkg", "--sites": files.folder / "sites.csv",
        "--life-table": extras.lives, "--prevalence": extras.health,
        "--lookup": old_codes(files).lookups[0], "--only": "E06000001", "--out": tmp_path / "place",
    }  # fmt: skip
    made = CliRunner().invoke(app, ["build", *(str(x) for pair in options.items() for x in pair)])
    assert made.exit_code == 0, made.output
    assert "2 areas (LSOA 2021)" in made.stdout
    place = read_place(tmp_path / "place")
    assert set(place.areas["hle_basis"]) == {"modelled"}
    assert place.areas["hle_low"].notna().all()


def test_ranks_brought_from_2011_are_not_called_those_of_2025(files):
    files.areas = files.areas.drop(columns="IMD_rank")
    ranks = files.text("imd.csv", "lsoa11cd,IMD_rank", "E01000155,5", "E01000003,9")
    place = files.build(tables=[ranks], extras=old_codes(files))
    assert place.index_name == "IMD"
    unchanged = files.text("imd.csv", "lsoa11cd,IMD_rank", "E01000001,5", "E01000003,9")
    assert files.build(tables=[unchanged]).index_name == "IMD"
    named = files.text("imd2019.csv", "lsoa11cd,IMD_rank", "E01000001,5", "E01000003,9")
    assert files.build(tables=[named]).index_name == "IMD 2019"


def test_council_figures_in_area_rows_give_way_to_life_tables_of_that_council_alone(files):
    files.areas["hle_male_2022_24"] = [58.0, 58.0, 61.0, 61.0]
    files.areas["hle_female_2022_24"] = [60.0, 60.0, 61.0, 61.0]
    areas = files.build(extras=lives(files, "E06000001")).areas
    means = [np.average(areas["hle"][rows], weights=areas["people"][rows])
             for rows in (slice(0, 2), slice(2, 4))]  # fmt: skip
    years = healthy_years(life_table([0, 1, 65], DEATHS, PEOPLE), HEALTHY, ASKED).iloc[0]
    assert means == pytest.approx([years["hle"], 61])
    assert areas["hle_low"].isna().tolist() == [False, False, True, True]


def test_the_unit_of_good_health_is_a_question_where_the_heading_does_not_fit(files):
    extras = lives(files, "E06000001")
    text = extras.health.read_text()
    for share, percent in (("0.99", "99"), ("0.9,", "90,"), ("0.5", "50")):
        text = text.replace(f",{share}", f",{percent}")
    extras.health.write_text(text)
    with pytest.raises(InputError) as caught:
        files.build(extras=extras)
    assert [question.key for question in questions_of(caught.value)] == ["healthy.unit"]
    answered = files.build(extras=replace(extras, assume=("healthy.unit=percent",)))
    plain = files.build(extras=lives(files, "E06000001"))
    assert answered.areas["hle"].tolist() == plain.areas["hle"].tolist()


def test_good_health_as_shares_in_some_rows_and_per_cent_in_others_is_a_fault(files):
    extras = lives(files, "E06000001")
    text = extras.health.read_text().replace("good_health", "good_health_percent")
    extras.health.write_text(text.replace(",0.9,", ",90,"))
    found = files.faults(extras=extras)
    assert {fault.row for fault in found} == {2, 4, 5, 7}
    assert all("at most 1 per cent" in fault.problem for fault in found)


def test_columns_of_both_life_tables_are_named_by_the_map_and_faults_come_together(files):
    extras = lives(files, "E06000001")
    for path, old, new in (
        (extras.lives, "deaths", "Events"), (extras.health, "good_health", "Well"),
    ):  # fmt: skip
        path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(InputError) as caught:
        files.build(extras=extras)
    assert "life.csv: has no column of deaths" in str(caught.value)
    assert "health.csv: has no column of healthy" in str(caught.value)
    said = '[tables."life.csv"]\ndeaths = "Events"\n[tables."health.csv"]\nhealthy = "Well"\n'
    place = files.build(columns=files.text("map.toml", said), extras=extras)
    assert (place.areas["hle_basis"] != "missing").all()


def test_a_decile_of_one_file_that_contradicts_the_rank_of_another_is_asked_about(files):
    codes = list(files.areas["LSOA21CD"])
    turned = [f"{code},{decile}" for code, decile in zip(codes, (10, 1, 9, 4), strict=True)]
    table = files.text("dec.csv", "area_code,imd_decile", *turned)
    fault = files.fault(tables=[table])
    assert fault.key == "agree"
    assert "imd_decile is of dec.csv, imd_rank is of areas.gpkg" in fault.problem
    place = files.build(tables=[table], extras=Extras(assume=("dec.csv:agree=accept",)))
    assert any("rank 100 and decile 10 do not agree" in note for note in place.notes)


def test_quintiles_called_deciles_beside_ranks_of_another_file_are_noted(files):
    codes = list(files.areas["LSOA21CD"])
    fifths = [f"{code},{part}" for code, part in zip(codes, (1, 5, 1, 3), strict=True)]
    place = files.build(tables=[files.text("dec.csv", "area_code,imd_decile", *fifths)])
    assert any("rank 30,000 and decile 5 do not agree" in note for note in place.notes)


def doubts(place, file):
    record = next(one for one in place.intake if one.file == file)
    return [str(event) for event in record.events if event.kind == "doubt"]


@pytest.mark.parametrize(
    ("heading", "values", "words"),
    [
        ("no_car_share_percent", (25, 0.31, 40, 33), "below 1 per cent"),
        ("people_65_84", ("1.200", 120, 130, 140), "with decimals"),
    ],
)
def test_a_figure_of_another_unit_than_its_column_is_a_doubt(files, heading, values, words):
    codes = list(files.areas["LSOA21CD"])
    rows = [f"{code},{value}" for code, value in zip(codes, values, strict=True)]
    place = files.build(tables=[files.text("t.csv", f"area_code,{heading}", *rows)])
    (doubt,) = doubts(place, "t.csv")
    assert words in doubt
    assert "row " in doubt


def test_areas_on_another_and_areas_with_a_distant_part_are_doubts(files):
    shapes = list(files.areas.geometry)
    shapes[2] = shapes[1]
    shapes[3] = shapes[3].union(box(200_000, 500_000, 200_100, 500_100))
    files.areas = files.areas.set_geometry(shapes, crs=files.areas.crs)
    found = doubts(files.build(), "areas.gpkg")
    assert any("2 areas whose middle lies in another area" in words for words in found)
    assert any("1 area with parts far from each other" in words for words in found)


def test_unusual_life_expectancy_and_good_health_are_doubts(files):
    extras = lives(files, "E06000001")
    plain = files.build(extras=extras)
    extras.health.write_text(
        extras.health.read_text().replace(",0.9,", ",1,").replace(",0.5,", ",1,")
    )
    found = doubts(files.build(extras=extras), "life.csv")
    assert not any("good health" in words for words in doubts(plain, "life.csv"))
    assert any("share of life in good health is unusual" in words for words in found)
    text = extras.lives.read_text()
    extras.lives.write_text(text.replace(",300,", ",700,"))
    assert any("life expectancy at birth is unusual" in words
               for words in doubts(files.build(extras=extras), "life.csv"))  # fmt: skip


def test_a_death_rate_that_falls_with_age_is_a_doubt(files):
    ages, deaths, people = ["0", "1-39", "40-64", "65+"], [5, 60, 300, 3000], [1000, 40_000, 30_000,
                                                                              50_000]  # fmt: skip
    rows = [(sex, *row) for sex in ("male", "female") for row in zip(ages, deaths, people,
                                                                    strict=True)]  # fmt: skip
    lines = [f"E06000001,{sex},{age},{d},{p}" for sex, age, d, p in rows]
    good = [f"E06000001,{sex},{age},0.8" for sex, age, _, _ in rows]
    extras = Extras(
        lives=files.text("life.csv", "area_code,sex,age,deaths,people", *lines),
        health=files.text("health.csv", "area_code,sex,age,good_health", *good),
    )
    assert not any(
        "though older" in words for words in doubts(files.build(extras=extras), "life.csv")
    )
    lines[2] = "E06000001,male,40-64,300,3e7"
    files.text("life.csv", "area_code,sex,age,deaths,people", *lines)
    (found,) = [words for words in doubts(files.build(extras=extras), "life.csv")
                if "though older" in words]  # fmt: skip
    assert "E06000001, male, age 40: 300 deaths of 30,000,000 people" in found
