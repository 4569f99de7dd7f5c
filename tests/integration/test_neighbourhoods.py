"""Neighbourhoods from the command line to a plan and its return."""

import json

import geopandas as gpd
import pandas as pd
import pytest

from nhcplanner import layers, workflow
from tests.integration.command import run

DEMO = layers.demo_folder()
FAST = ["--set", "engine=estimate", "--set", "time_limit=20"]


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """The demo place with neighbourhoods, as the command wrote it."""
    place = workflow.demo_place()
    division = workflow.build_neighbourhoods(place)
    folder = tmp_path_factory.mktemp("named") / "place"
    return layers.write_place(workflow.with_neighbourhoods(place, division), folder)


def test_the_command_writes_a_lookup_that_it_takes_back(capsys, tmp_path):
    out = tmp_path / "out"
    code, told, _ = run(capsys, "neighbourhoods", DEMO, *FAST, "--out", out, "--json")
    built = json.loads(told)
    assert code == 0
    assert all(row["pieces"] == 1 and row["in_bounds"] for row in built["footprints"])
    lookup = out / "neighbourhoods.csv"
    code, told, _ = run(capsys, "neighbourhoods", DEMO, *FAST, "--from", lookup, "--json")
    taken = json.loads(told)
    assert code == 0
    heads = [{row["neighbourhood"]: row["people"] for row in one["footprints"]}
             for one in (built, taken)]  # fmt: skip
    assert heads[0] == heads[1]
    assert any("250 rows read" in note for note in taken["notes"])


def test_moves_by_hand_are_shown_with_their_figures(capsys):
    code, told, _ = run(
        capsys, "neighbourhoods", DEMO, *FAST, "--move", "X01000001=Harbour", "--json"
    )
    said = json.loads(told)
    assert code == 0
    assert "Harbour" in {row["neighbourhood"] for row in said["changed"]}
    code, _, words = run(capsys, "neighbourhoods", DEMO, *FAST, "--move", "X01000001")
    assert code == 2
    assert "is not AREA=NEIGHBOURHOOD" in words


def test_one_centre_in_each_neighbourhood_is_a_plan(capsys, tmp_path, named):
    place = workflow.load(named)
    number = place.areas["neighbourhood"].nunique()
    code, told, _ = run(
        capsys, "plan", named, "--set", f"count={number + 3}", "--set", "engine=estimate",
        "--set", "at_least=neighbourhood:*=1", "--set", "mode=drive", "--out", tmp_path / "p",
        "--json",
    )  # fmt: skip
    assert code == 0
    opened = json.loads(told)["plan"]["opened"]
    chosen = place.sites[place.sites["site_id"].isin(opened)][["geometry"]]
    nearest = chosen.sjoin_nearest(place.areas[["neighbourhood", "geometry"]])
    assert nearest["neighbourhood"].nunique() == number


def test_each_neighbourhood_is_planned_by_itself(capsys, tmp_path, named):
    code, told, _ = run(
        capsys, "everywhere", named, "--by", "neighbourhood", "--set", "count=1", "--jobs", "1",
        "--set", "engine=estimate", "--out", tmp_path / "all", "--json",
    )  # fmt: skip
    rows = pd.DataFrame(json.loads(told)["rows"])
    assert code == 0
    assert len(rows) == workflow.load(named).areas["neighbourhood"].nunique()
    assert rows["people"].sum() == 350_000


def test_the_column_is_read_from_a_table(capsys, tmp_path, named):
    place = workflow.load(named)
    table = tmp_path / "hubs.csv"
    place.areas[["area_code", "neighbourhood"]].to_csv(table, index=False)
    sources = DEMO.parent / "sources"
    code, _, words = run(
        capsys, "build", "--areas", sources / "areas.gpkg", "--sites", sources / "sites.csv",
        "--columns", sources / "columns.toml", "--table", table, "--out", tmp_path / "built",
    )  # fmt: skip
    assert code == 0, words
    again = workflow.load(tmp_path / "built")
    assert again.areas["neighbourhood"].tolist() == place.areas["neighbourhood"].tolist()


def test_levels_are_columns_tables_and_layers_and_wrong_ones_are_explained(capsys, tmp_path):
    out, folder = tmp_path / "out", tmp_path / "place"
    words = ["neighbourhoods", DEMO, *FAST]
    code, told, _ = run(
        capsys, *words, "--level", "multi=150000-200000", "--out", out, "--place-out", folder,
        "--json",
    )  # fmt: skip
    assert code == 0
    said = json.loads(told)
    heads = [row["people"] for row in said["levels"]["multi"]["footprints"]]
    assert sum(heads) == 350_000
    assert all(150_000 <= one <= 200_000 for one in heads)
    lookup = pd.read_csv(out / "neighbourhoods.csv")
    assert (lookup.groupby("neighbourhood")["multi_neighbourhood"].nunique() == 1).all()
    assert len(pd.read_csv(out / "footprints-multi.csv")) == len(heads)
    layers_there = gpd.list_layers(out / "footprints.gpkg")["name"].tolist()
    assert layers_there[:2] == ["footprints", "multi"]
    saved = workflow.load(folder).areas["multi_neighbourhood"]
    assert saved.tolist() == lookup["multi_neighbourhood"].tolist()
    for text, problem in (("region", "no level is called region"), ("multi=few", "LEAST-MOST")):
        code, _, error = run(capsys, *words, "--level", text)
        assert code == 2
        assert problem in error


def test_areas_go_to_the_network_of_most_of_their_patients(capsys, tmp_path):
    areas = workflow.demo_place().areas
    patients, networks = tmp_path / "patients.csv", tmp_path / "networks.csv"
    halves = ["A1" if row % 2 else "B1" for row in range(len(areas))]
    pd.DataFrame({"practice_code": halves, "lsoa_code": areas["area_code"], "patients": 5}).to_csv(
        patients, index=False
    )
    networks.write_text("practice_code,pcn_name\nA1,North\nB1,South\n")
    code, told, error = run(
        capsys, "neighbourhoods", DEMO, *FAST, "--patients", patients, "--networks", networks,
        "--json",
    )  # fmt: skip
    assert code == 0, error
    found = {row["neighbourhood"]: row["areas"] for row in json.loads(told)["footprints"]}
    assert found == {"North": 125, "South": 125}


def test_networks_stay_whole_where_asked_and_options_are_checked_together(capsys, tmp_path):
    areas = workflow.demo_place().areas
    patients, networks = tmp_path / "patients.csv", tmp_path / "networks.csv"
    pairs = areas["area_name"].str.rsplit(" ", n=1).str[0]  # districts of towns
    codes = {name: f"P{n}" for n, name in enumerate(sorted(set(pairs)))}
    pd.DataFrame(
        {"practice_code": pairs.map(codes), "lsoa_code": areas["area_code"], "patients": 5}
    ).to_csv(patients, index=False)
    pd.DataFrame({"practice_code": codes.values(), "pcn_name": codes.keys()}).to_csv(
        networks, index=False
    )
    code, told, error = run(
        capsys, "neighbourhoods", DEMO, *FAST, "--patients", patients, "--networks", networks,
        "--keep-whole", "networks", "--json",
    )  # fmt: skip
    assert code == 0, error
    said = json.loads(told)
    assert all(row["in_bounds"] for row in said["footprints"])
    assert any("as 100.0% of patients do" in note for note in said["notes"])
    taken = pd.DataFrame(said["areas"]).set_index("area_code")["neighbourhood"]
    whole = taken.groupby(pairs.to_numpy()).nunique()
    assert (whole == 1).all(), whole[whole > 1]
    code, _, words = run(
        capsys, "neighbourhoods", DEMO, "--networks", networks, "--keep-whole", "networks"
    )
    assert code == 2
    assert words.count("registered patients by practice and area") == 2
    code, _, words = run(capsys, "neighbourhoods", DEMO, "--from", "column", "--patients", patients)
    assert code == 2
    assert "either taken or built" in words
