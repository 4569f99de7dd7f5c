"""fetch: from names to a place folder, through a local server in the publishers' layouts."""

import zipfile
from importlib import import_module

import pytest
from typer.testing import CliRunner

from nhcplanner import layers, workflow
from nhcplanner.base.errors import FetchError, InputError
from nhcplanner.cli.commands import app
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.gathering import FromWeb
from nhcplanner.layers.sources import geography, ods, statistics
from nhcplanner.layers.web import CachedWeb
from nhcplanner.travel import Network

NO_NETWORKS = {"streets": "none", "timetable": False}
NETWORKS = {"streets": "geofabrik", "timetable": True}


@pytest.fixture
def fetched(served, web, tmp_path):
    def fetch(*names, progress=None, **how):
        how = NO_NETWORKS | how
        folder = workflow.fetch(
            names, tmp_path / "out", workflow.Fetching(**how), progress, FromWeb(web)
        )
        return workflow.load(folder)

    return fetch


def test_a_council_becomes_a_whole_place(fetched):
    place = fetched("Plymouth")
    areas = place.areas.set_index("area_code")
    assert place.name == "Plymouth"
    assert list(areas.index) == ["E01015003", "E01015004", "E01015005"]
    assert areas["people"].tolist() == [1820] * 3
    assert areas["people_65_84"].tolist() == [400] * 3
    assert areas["people_85_plus"].tolist() == [120] * 3
    assert areas["imd_rank"].tolist() == [1, 8001, 16001]
    assert areas["disabled_share"].tolist() == [0.25] * 3
    assert areas["no_car_share"].tolist() == [0.25] * 3
    assert areas["rural_urban"].tolist() == ["Urban", "Urban", "Rural"]
    assert set(areas["icb_name"]) == {"NHS Devon Integrated Care Board"}
    assert set(areas["council_name"]) == {"Plymouth"}
    assert set(areas["hle_basis"]) == {"modelled"}
    assert areas["hle_low"].notna().all()
    weighted = (areas["hle"] * areas["people"]).sum() / areas["people"].sum()
    assert weighted == pytest.approx(61.0)  # the published mean of men (60) and women (62)
    first = place.origins.geometry.iloc[0]
    assert (first.x, first.y) == (248_400, 55_600)
    assert place.index_name == "IMD 2025"


def test_every_source_says_where_it_came_from(fetched):
    sources = {source.layer: source for source in fetched("Plymouth", **NETWORKS).sources}
    expected = {"areas", "sites", "lookup", "population", "imd", "cars", "disability", "hle",
                "centroids", "rural_urban", "streets", "timetable"}  # fmt: skip
    assert expected <= set(sources)
    for layer in expected:
        source = sources[layer]
        assert source.publisher
        assert source.address.startswith("https://")
        assert source.licence
        assert source.attribution
        assert source.vintage
        assert len(source.sha256) == 64
        assert source.retrieved
    assert sources["imd"].matched == 3
    assert sources["streets"].notes == ("clipped to the place and 5 km around it",)
    assert "Open Government Licence" in sources["hle"].attribution


def test_only_the_place_s_own_buildings_in_use(fetched):
    sites = fetched("Plymouth").sites
    assert sites["site_id"].tolist() == ["L83000"]
    assert sites["kind"].tolist() == ["gp_practice"]
    assert sites["status"].tolist() == ["candidate"]


def test_an_icb_holds_councils_of_both_kinds(fetched):
    place = fetched("NHS Devon ICB")
    councils = dict(zip(place.areas["area_code"], place.areas["council_code"], strict=True))
    assert councils["E01019998"] == "E10000008"
    assert len(councils) == 4
    assert place.streets is None


def test_codes_are_names_too(fetched):
    place = fetched("e01015003", "E08000035")
    assert place.areas["area_code"].tolist() == ["E01011229", "E01015003"]
    leeds = place.areas.set_index("area_code").loc["E01011229"]
    assert leeds["council_code"] == "E08000035"  # its own upper tier, in no lookup
    assert leeds["hle_basis"] == "national gradient"


def test_unknown_names_are_told_with_those_near(fetched):
    with pytest.raises(InputError) as caught:
        fetched("Plimouth", "Atlantis")
    assert "Plimouth is not a known council, ICB or area of England. Did you mean Plymouth?" in str(
        caught.value
    )
    assert "Atlantis" in str(caught.value)


def test_what_is_not_needed_is_a_note(fetched, publisher, answer):
    for source in (statistics.HLE, statistics.MID_YEAR):
        publisher.says(source.address, answer(b"", 403))
    place = fetched("Plymouth")
    assert place.areas["people"].tolist() == [1800] * 3  # the census instead
    assert place.areas["people_85_plus"].tolist() == [100] * 3
    assert set(place.areas["hle_basis"]) == {"national gradient"}
    notes = "\n".join(place.notes)
    assert "Not had: HLE of men and women" in notes
    assert "refuses this machine (403)" in notes
    assert "Not had: public libraries" in notes


def test_without_buildings_there_is_no_place_but_an_own_list_is_enough(
    fetched, publisher, answer, tmp_path
):
    publisher.says(ods.PRACTICES.address, answer(b"", 403))
    with pytest.raises(FetchError, match="Give your own list with --sites"):
        fetched("Plymouth")
    own = tmp_path / "own.csv"
    own.write_text("site_id,name,type,easting,northing\nA1,Town hall,civic,248500,55500\n")
    place = fetched("Plymouth", sites=(own,))
    assert place.sites["site_id"].tolist() == ["A1"]
    assert "own.csv" in {source.file for source in place.sources}


def test_a_question_about_an_own_list_is_answered_by_assume(
    served, web, publisher, tmp_path, monkeypatch
):
    """Costs of 850 may be thousands of pounds; nothing is fetched before that is answered."""
    place = import_module("nhcplanner.workflow.official_sources")
    monkeypatch.setattr(place, "_finder", lambda *_: FromWeb(web))
    own = tmp_path / "own.csv"
    own.write_text(
        "site_id,name,type,easting,northing,cost,cost_date\n"
        "A1,Town hall,civic,248500,55500,850,2025-04-01\n"
    )
    command = ["fetch", "Plymouth", "--sites", str(own), "--out", str(tmp_path / "out"),
               "--streets", "none", "--no-timetable"]  # fmt: skip
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code == 1
    assert "--assume cost.unit=thousands" in str(refused.exception)
    assert not (tmp_path / "out").exists()
    assert publisher.asked == []
    answered = CliRunner().invoke(app, [*command, "--assume", "cost.unit=thousands"])
    assert answered.exit_code == 0, answered.output
    sites = workflow.load(tmp_path / "out").sites.set_index("site_id")
    assert sites.at["A1", "cost"] == 850_000
    assert "850 -> 850000" in layers.describe(workflow.load(tmp_path / "out"))


def test_a_table_whose_columns_moved_is_a_note_that_names_them(fetched, england, publisher):
    body = england.files[statistics.IMD_2025.address].replace(b"IMD) Decile", b"IMD) Tenth")
    publisher.says(statistics.IMD_2025.address, body)
    notes = "\n".join(fetched("Plymouth").notes)
    assert "Decile (where 1 is most deprived 10% of LSOAs): Ministry" in notes
    assert "column is missing" in notes


def test_imd_2019_stands_in_brought_to_the_areas_of_2021(
    fetched, england, publisher, feature_service, answer
):
    publisher.says(statistics.IMD_2025.address, answer(b"", 404))
    old = england.files[statistics.IMD_2025.address].replace(b"(2021)", b"(2011)")
    publisher.says(statistics.IMD_2019.address, old.replace(b"E01015003", b"E01000010"))
    links = [{"LSOA11CD": "E01000010" if code == "E01015003" else code, "LSOA21CD": code,
              "CHGIND": "U"} for code in england.shapes]  # fmt: skip
    links.append({"LSOA11CD": "E01000010", "LSOA21CD": "E01015004", "CHGIND": "S"})
    links.sort(key=lambda link: (link["LSOA11CD"], link["LSOA21CD"]))
    publisher.serves(geography.CHANGE_LOOKUP.address, feature_service(links))
    place = fetched("Plymouth")
    assert place.index_name == "IMD 2019"
    assert place.areas["imd_rank"].tolist()[0] == 1
    assert place.areas["people"].tolist() == [1820] * 3
    sources = {source.file: source for source in place.sources}
    assert "LSOA11_LSOA21_LAD22_EW_LU_v5.json" in sources


def test_without_shapes_there_is_no_place(fetched, publisher, answer, tmp_path):
    publisher.says(geography.BOUNDARIES.address, answer(b"", 404))
    with pytest.raises(FetchError, match="no such file"):
        fetched("Plymouth")
    assert not (tmp_path / "out").exists()


def test_a_later_run_fetches_only_what_is_missing(fetched, publisher, served, answer, web, client):
    publisher.says(geography.BOUNDARIES.address, answer(b"", 500))
    with pytest.raises(FetchError, match="run the same command again"):
        fetched("Plymouth")
    kept = {asked.host + asked.path for asked in publisher.asked}
    assert _path(geography.AREA_LOOKUP) in kept
    publisher.asked.clear()
    publisher.says(geography.BOUNDARIES.address, answer(b"", 404))
    with pytest.raises(FetchError):
        fetched("Plymouth")
    assert {asked.host + asked.path for asked in publisher.asked} == {_path(geography.BOUNDARIES)}


def _path(source):
    return source.address.removeprefix("https://")


def test_offline_makes_the_same_place_of_the_cache(fetched, publisher, web, tmp_path, client):
    online = fetched("Plymouth")
    publisher.asked.clear()
    offline = FromWeb(CachedWeb(web.cache, client, offline=True))
    how = workflow.Fetching(**NO_NETWORKS)
    folder = workflow.fetch(["Plymouth"], tmp_path / "again", how, None, offline)
    again = workflow.load(folder)
    assert publisher.asked == []
    assert again.areas.equals(online.areas)
    assert again.sites.equals(online.sites)
    assert [source.sha256 for source in again.sources] == [s.sha256 for s in online.sources]


def test_streets_and_buses_are_clipped_to_the_place_and_serve_a_plan(fetched):
    place = fetched("Plymouth", **NETWORKS)
    network = Network.load(place.streets)
    assert network.xy[:, 0].min() >= 248_000 - 10
    assert network.xy[:, 0].max() <= 250_010
    assert network.report["turn_restrictions"] == 1
    assert len(network.barriers) == 1
    with zipfile.ZipFile(place.timetable) as feed:
        stops, trips, calls = (
            feed.read(f"{name}.txt").decode() for name in ("stops", "trips", "stop_times")
        )
    assert "p1" in stops
    assert "far" not in stops
    assert "t2" not in trips
    assert len(calls.splitlines()) == 3
    told = workflow.run(place, Scenario(count=1, mode="walk", reach=30))
    assert told.assessment is not None


def test_a_region_that_is_not_known_leaves_the_timetable_out(fetched, publisher, answer):
    publisher.says(geography.REGION_LOOKUP.address, answer(b"", 404))
    place = fetched("Plymouth", timetable=True)
    assert place.timetable is None
    assert "the place's region is not known" in "\n".join(place.notes)


def test_a_folder_of_other_things_is_left_alone_before_anything_is_asked(
    fetched, publisher, tmp_path
):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="not a place folder"):
        fetched("Plymouth")
    assert publisher.asked == []


def test_public_buildings_of_the_extract_become_candidates_marked_so(fetched):
    said = []
    place = fetched("Plymouth", **NETWORKS, amenities=True, progress=said.append)
    added = place.sites[place.sites["listed_by"] == "OpenStreetMap"]
    assert added[["site_id", "site_name", "kind", "status"]].to_numpy().tolist() == [
        ["osm_n12", "Invented Library", "library", "candidate"]
    ]
    of_osm = [source for source in place.sources if "OpenStreetMap" in source.publisher]
    assert {source.layer: source.rows for source in of_osm}["sites"] == 1
    assert len({(source.file, source.sha256) for source in of_osm}) == 1
    assert "Clipping streets" in said


def test_public_buildings_need_the_extract(tmp_path):
    how = workflow.Fetching(streets="overpass", amenities=True)
    with pytest.raises(InputError, match="come with the county's extract"):
        workflow.fetch(["Plymouth"], tmp_path / "out", how)
    assert not (tmp_path / "out").exists()
