"""Places that are named by a folder, the word demo, or a part of England."""

import shutil
from pathlib import Path

import pytest

from nhcplanner import england, layers, list_places, workflow
from nhcplanner.base.errors import InputError, PlannerWarning
from nhcplanner.layers import england as packaged
from nhcplanner.workflow import named_places


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(packaged, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def test_a_name_makes_a_place_folder_once(cache):
    folder = workflow.open_place("Rutland")
    assert folder.parent == cache
    written = (folder / "place.toml").stat().st_mtime_ns
    place = workflow.load(folder)
    assert place.name == "Rutland"
    assert place.areas["council_code"].unique().tolist() == ["E06000017"]
    assert workflow.open_place("Rutland") == folder
    assert (folder / "place.toml").stat().st_mtime_ns == written


def test_a_place_folder_goes_before_a_name(cache, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("Rutland", "demo"):
        shutil.copytree(layers.demo_folder(), tmp_path / name)
        assert workflow.open_place(name) == Path(name)
    assert not cache.exists()


def test_a_folder_of_results_does_not_hide_a_name(cache, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("Rutland", "demo", "results"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plan.json").write_text("{}", encoding="utf-8")
    assert workflow.open_place("Rutland").parent == cache
    assert workflow.open_place("demo") == layers.demo_folder()
    assert workflow.open_place("results") == Path("results")


def test_demo_is_the_demo_place_and_a_path_stays_a_path(cache):
    assert workflow.open_place("demo") == layers.demo_folder()
    assert workflow.open_place("work/rutland") == Path("work/rutland")


@pytest.mark.parametrize(
    ("name", "title", "other"),
    [
        ("Rutland", "Rutland", "Rutland"),
        ("E06000017", "Rutland", "E06000017"),  # the lower tier, of the same area
        ("Hull", "Kingston upon Hull", "Kingston upon Hull"),
        ("E12000005", "West Midlands", "E12000005"),  # the county has the region's title too
    ],
)
def test_a_folder_of_the_cache_has_a_name_for_others(cache, monkeypatch, name, title, other):
    monkeypatch.setattr(layers, "write_place", lambda _place, folder: folder.mkdir())
    monkeypatch.setattr(named_places, "england", lambda _name: None)
    folder = named_places.named_place(name)
    assert folder.name != other
    assert named_places.name_of(folder.name, title) == other
    assert set(packaged.find_place(other).areas) == set(packaged.find_place(name).areas)


@pytest.mark.parametrize(
    ("folder", "title"),
    [("rutland", "Rutland"), ("estates-0123456789ab", "Rutland"), ("rutland-old", "Rutland"),
     ("nowhere-0123456789ab", "Nowhere"), ("west-midlands-0123456789ab", "West Midlands")],
)  # fmt: skip
def test_other_folders_have_no_such_name(folder, title):
    assert named_places.name_of(folder, title) == ""


def test_an_unknown_name_is_refused_with_the_nearest(cache):
    with pytest.raises(InputError) as caught:
        workflow.open_place("Rutlnd")
    fault = caught.value.faults[0]
    assert "no folder here" in fault.problem
    assert "Rutland" in fault.hint
    assert not cache.exists()


def test_every_area_says_how_likely_it_is_in_the_lowest_fifth():
    areas = england("Rutland").areas
    chance = areas["lowest_band_probability"]
    assert chance.between(0, 1).all()
    expected = (chance * areas["people"]).sum() / areas["people"].sum()
    assert expected == pytest.approx(0.2, abs=0.05)  # each draw puts a fifth of the people there
    assert chance.corr(areas["hle"], method="spearman") < -0.8


def test_names_are_listed_by_their_words():
    found = list_places("norfolk")
    assert found.loc[found["kind"] == "ICB", "name"].str.contains("Norfolk and Suffolk").any()
    assert len(list_places()) > 480  # 36 and 42 ICBs, 153 upper, 296 lower councils, 9 regions


def test_a_cache_that_cannot_be_written_gives_a_temporary_folder_and_says_so(tmp_path, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.touch()
    monkeypatch.setattr(packaged, "cache_folder", lambda: blocked / "england")
    with pytest.warns(PlannerWarning, match="cannot be written"):
        folder = workflow.named_place("Rutland")
    assert layers.is_place_folder(folder)
    assert workflow.named_place("Rutland") == folder  # without a second warning


def test_every_label_finds_a_place_of_that_name():
    labels = workflow.place_labels()
    assert len(labels) > 7_000  # with 6,856 MSOAs
    for label in list(labels)[::150]:
        found = packaged.find_place(labels[label])
        assert label.rpartition(" (")[0] in {found.title, *found.notes[0:1]} or found.notes, label


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("hull", "Hull (other name)"),
        ("Norfolk and Suffolk ICB", "NHS Norfolk and Suffolk Integrated Care Board (ICB)"),
        ("barrow", "Barrow-in-Furness (former council)"),
        ("north east region", "North East (region)"),
        ("Blackpool 001", "Blackpool 001 (MSOA)"),
        ("Blackpol", "Blackpool (upper-tier council)"),
    ],
)
def test_a_search_gives_the_likeliest_first(text, first):
    assert workflow.search_places(text)[0] == first


def test_a_search_for_nothing_gives_nothing():
    assert workflow.search_places("  ") == workflow.search_places("zzyzx") == []
