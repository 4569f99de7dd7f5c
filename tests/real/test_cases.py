"""Small inputs that were once read wrongly, each through the command line at its right value."""

import json
import shutil
from pathlib import Path

import pytest

from nhcplanner.base import limited_reader
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow import load, measure
from tests.integration.command import run

QUIET = ("--streets", "none", "--no-timetable")


@pytest.fixture(scope="module")
def cases(real: Path) -> Path:
    folder = real.parent / "cases"
    if not folder.is_dir():
        pytest.skip("no folder of cases beside the real layers")
    return folder


@pytest.fixture
def build(capsys, tmp_path):
    def build(*words):
        with limited_reader.in_process():
            code, out, err = run(capsys, "build", *words, "--out", tmp_path / "place")
        return code, " ".join((out + err).split()), tmp_path / "place"

    return build


@pytest.fixture
def build_list(build, cases):
    lists = cases / "lists"

    def build_list(*names, more=()):
        sites = [word for name in names for word in ("--sites", lists / name)]
        table = ("--table", lists / "hle.csv")
        return build("--areas", lists / "areas.gpkg", *table, *sites, *more)

    return build_list


def statuses(folder):
    return load(folder).sites["status"].value_counts().to_dict()


def test_not_available_is_forbidden_and_no_blank(build_list):
    code, _, folder = build_list("01_not_available.csv")
    assert code == 0
    assert statuses(folder) == {"forbidden": 4, "candidate": 1, "existing": 1}


def test_a_merged_status_holds_for_all_its_rows(build_list):
    code, output, folder = build_list("02_merged_status.xlsx")
    assert code == 0
    assert statuses(folder) == {"forbidden": 4, "candidate": 5}
    assert "merged cells filled" in output


def test_costs_of_a_pound_or_two_are_asked_about(build_list):
    code, output, _ = build_list("03_cost_1.2.csv")
    assert code == 2
    assert "1.2 pounds" in output
    assert "--assume cost.unit=millions" in output
    code, output, folder = build_list("03_cost_1.2.csv", more=("--assume", "cost.unit=millions"))
    assert code == 0
    assert load(folder).sites.set_index("site_id")["cost"]["S1"] == 1_200_000
    assert "Capital cost -> cost (millions)" in output


def test_a_cost_per_year_is_no_capital(build_list):
    code, output, folder = build_list("04_cost_per_year.csv")
    assert code == 0
    sites = load(folder).sites.set_index("site_id")
    assert sites["running_cost"]["S1"] == 85_000
    assert "cost" not in sites or sites["cost"].isna().all()
    assert "Cost per year -> running_cost" in output


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param(
            "05_000s.csv", ["row 3", "1,200,000,000 pounds"], id="a_million_under_thousands"
        ),
        pytest.param(
            "08_existing_and_duplicate.csv",
            [
                "18 of 19 rows",
                "existing=building",
                "WATERLOO MEDICAL CENTRE",
                "Waterloo Med. Ctr.",
            ],
            id="all_existing_with_a_duplicate",
        ),
        pytest.param(
            "09_sci_coordinates.csv",
            ["3.31E+05 is rounded", "17 cells"],
            id="rounded_coordinates",
        ),
        pytest.param("13_locked.xlsx", ["password", "Encrypt with Password"], id="locked_workbook"),
        pytest.param(
            "14_formula_no_value.xlsx", ["H2", "D3", "save it"], id="formula_without_a_value"
        ),
    ],
)
def test_a_doubtful_list_stops_with_the_reason(build_list, name, words):
    code, output, _ = build_list(name)
    assert code == 2
    assert [text for text in words if text not in output] == []


def test_one_building_in_two_lists_with_two_statuses_is_refused(build_list):
    code, output, _ = build_list("06_list_a.csv", "06_list_b.csv")
    assert code == 2
    assert output.count("looks like the building in 06_list_a.csv") == 6


def test_two_lists_in_a_workbook_are_a_choice(build_list):
    code, output, _ = build_list("07_two_sheets.xlsx")
    assert code == 2
    assert "Proposed schemes" in output
    assert "Existing estate" in output
    more = ("--assume", "sheet=Proposed schemes")
    assert build_list("07_two_sheets.xlsx", more=more)[0] == 0


def test_an_estates_export_with_semicolons_is_read_whole(build_list):
    code, output, folder = build_list("10_semicolon.csv")
    assert code == 0
    sites = load(folder).sites.set_index("site_id")
    assert len(sites) == 17
    first = sites.loc["1000"]
    assert (first["cost"], first["floor_area_m2"], first["kind"]) == (1.2e6, 1000, "health_centre")
    assert "caf\N{LATIN SMALL LETTER E WITH ACUTE}" in sites["site_name"]["1001"].lower()
    assert "columns not used: Remarks" in output


def test_hidden_rows_are_left_out_and_counted(build_list):
    code, output, folder = build_list("12_hidden_rows.xlsx")
    assert (code, len(load(folder).sites)) == (0, 14)
    assert "3 hidden" in output
    assert "Archive" in output


@pytest.fixture
def build_table(build, cases):
    folder = cases / "tables"

    def build_table(*names, more=()):
        tables = [word for name in names for word in ("--table", name)]
        areas = ("--areas", folder / "areas.csv", "--sites", folder / "sites.csv")
        return build(*areas, *tables, *more)

    return build_table


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("02_ragged_table.csv", ["row 2", "465"], id="row_longer_than_headings"),
        pytest.param("19_double_heading.csv", ["appears twice"], id="heading_twice"),
    ],
)
def test_a_damaged_table_stops_with_the_reason(build_table, cases, name, words):
    code, output, _ = build_table(cases / "tables" / name)
    assert code == 2
    assert [text for text in words if text not in output] == []


def test_shapes_in_degrees_are_recognised(build, cases, tmp_path):
    sites = tmp_path / "near.csv"
    sites.write_text("site_id,kind,lon,lat\nS1,library,1.2,52.6\nS2,library,1.4,52.6\n")
    code, output, folder = build("--areas", cases / "tables/03_wkt_degrees.csv", "--sites", sites)
    assert code == 0
    width = load(folder).areas.total_bounds
    assert width[2] - width[0] == pytest.approx(28_400, abs=300)  # 0.42 degrees, 67.7 km each
    assert "holds degrees" in output


@pytest.mark.parametrize("kind", ["gap", "full"])
def test_life_tables_with_a_gap_are_refused_and_whole_ones_read(build, cases, kind):
    folder = cases / "tables"
    code, output, place = build(
        "--areas", folder / "11_areas.csv", "--sites", folder / "11_sites.csv",
        "--life-table", folder / f"11_{kind}_life.csv",
        "--prevalence", folder / f"11_{kind}_health.csv",
    )  # fmt: skip
    if kind == "gap":
        assert code == 2
        assert "ages do not meet between 60-64 and 75" in output
        return
    assert code == 0
    areas = load(place).areas
    mean = (areas["hle"] * areas["people"]).sum() / areas["people"].sum()
    assert mean == pytest.approx(67.09, abs=0.05)


def test_another_index_is_not_taken_for_deprivation(build_table, cases, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("lsoa21cd,people\nE01013787,1000\nE01013788,2000\nE01013789,1500\n")
    code, output, folder = build_table(people, cases / "tables/12_other_index.csv")
    assert code == 0
    assert not {"imd_rank", "imd_decile"} & set(load(folder).areas.columns)
    assert "'rank' is not used" in output
    assert "'decile' is not used" in output


def test_headings_are_found_below_title_rows(build_table, cases, tmp_path):
    rest = tmp_path / "rest.csv"
    rest.write_text("lsoa21cd,people\nE01013788,2000\nE01013789,1500\n")
    code, output, folder = build_table(cases / "tables/21_title_rows.csv", rest)
    assert code == 0
    assert load(folder).areas.set_index("area_code")["people"]["E01013787"] == 100
    assert "title row" in output


def minutes(folder, mode, *settings):
    """Minutes from each area to the nearest site, by area code; inf where none is within 60."""
    scenario = Scenario().with_settings([*settings, f"mode={mode}"])
    place = load(folder)
    times = measure(place, scenario, keep=False)
    nearest = times.nearest(range(len(place.sites)))
    return dict(zip(place.areas["area_code"], nearest.tolist(), strict=True))


def people_within(folder, most, mode, *settings):
    """People whose nearest site is at most so many minutes away."""
    people = load(folder).areas.set_index("area_code")["people"]
    return sum(people[code] for code, at in minutes(folder, mode, *settings).items() if at <= most)


def test_percentiles_of_a_matrix_are_a_choice(build, cases):
    folder = cases / "matrix"
    words = ("--areas", folder / "areas.csv", "--sites", folder / "sites.csv",
             "--matrix", folder / "07_percentiles.csv")  # fmt: skip
    code, output, _ = build(*words)
    assert code == 2
    assert "travel_time_p25, travel_time_p50, travel_time_p75" in output
    code, output, place = build(*words, "--assume", "matrix.minutes=p50")
    assert code == 0
    assert people_within(place, 20, "drive", "engine=matrix") == 2_500
    assert "travel_time_p50" in output


def streets(build, cases, number, name):
    folder = cases / "streets"
    words = ("--areas", folder / f"{number}_areas.csv", "--sites", folder / f"{number}_sites.csv")
    return build(*words, "--streets", folder / f"{name}.osm")


def test_a_way_with_missing_points_is_cut_there(build, cases):
    code, output, folder = streets(build, cases, "08", "08_simple")
    assert code == 0
    assert people_within(folder, 20, "walk") == 0
    assert "cut there" in output


def test_nobody_walks_over_a_river_without_a_bridge(build, cases):
    code, output, folder = streets(build, cases, "09", "09_river")
    assert code == 0
    walks = minutes(folder, "walk")
    own = load(folder).sites.distance(load(folder).areas.geometry[2]).min()
    assert own < 300  # metres, on the same side of the river as the third and the fourth area
    assert walks["E01013782"] < 20
    assert walks["E01013783"] < 20
    assert "nobody crosses between them" in output


@pytest.mark.parametrize("name", ["13_norel", "13_rel"])
def test_doubts_about_streets_reach_build_and_check(build, cases, capsys, name):
    code, output, folder = streets(build, cases, "13", name)
    assert code == 0
    assert ("may have been cut short" in output) == (name == "13_norel")
    assert "cut there" in output
    code, checked, _ = run(capsys, "check", folder)
    assert code == 0
    assert "way 13" in checked


def test_two_points_off_the_streets_are_no_farther_than_the_straight_walk(build, cases):
    code, _, folder = streets(build, cases, "14", "14_s")
    assert code == 0
    assert min(minutes(folder, "walk").values()) < 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("15_overlapping_revisions", "far above the median"), ("16_block_through", "ended")],
)
def test_timetables_with_revisions_and_blocks(build, cases, name, words):
    folder = cases / "timetables"
    code, output, place = build(
        "--areas", folder / "15_areas.csv", "--sites", folder / "15_sites.csv",
        "--gtfs", folder / f"{name}.zip",
    )  # fmt: skip
    assert code == 0
    assert words in output
    assert minutes(place, "transit")["E01013787"] == pytest.approx(34, abs=0.6)


OFFICIAL = {
    "base": "",
    "indicators-CountyUApre419.data.csv": "has no healthy life expectancy",
    "census2021-ts007a-msoa.csv": "by MSOA, not by LSOA",
    "Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5_1.csv": "has no shapes",
    "LSOA_PopCentroids_EW_2021_V4_degrees.csv": "converted from degrees",
    "epraccur_saved_by_excel.csv": "1 row with fewer cells",
    "consol_pharmacy_list_202425q4.csv": "consol_pharmacy_list_202425q4.csv: 3 rows read",
    "TS045-2021-3-filtered.csv": "gives no_car_share",
}


@pytest.mark.parametrize("name", OFFICIAL)
def test_official_files_as_published(cases, capsys, tmp_path, name):
    downloads = tmp_path / "downloads"
    shutil.copytree(cases / "official/base", downloads, copy_function=shutil.copyfile)
    downloads.chmod(0o755)
    if name != "base":
        target = "epraccur.csv" if "epraccur" in name else name
        shutil.copyfile(cases / "official/files" / name, downloads / target)
    words = ("fetch", "Plymouth", "--from-files", downloads, "--out", tmp_path / "place", *QUIET)
    with limited_reader.in_process():
        code, out, err = run(capsys, *words)
    output = " ".join((out + err).split())
    assert code == 0, output
    assert OFFICIAL[name] in output
    code, out, _ = run(capsys, "check", tmp_path / "place", "--json")
    assert code == 0
    files = {record["file"] for record in json.loads(out)["intake"]}
    assert {path.name for path in downloads.iterdir()} <= files
