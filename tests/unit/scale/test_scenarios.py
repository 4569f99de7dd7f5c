import pytest

from nhcplanner import demo_place
from nhcplanner.base.errors import InputError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.scale.scenarios import check_scenarios, read_scenarios, travel_key


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b.toml").write_text('count = 5\ntitle = "B"', encoding="utf-8")
    (tmp_path / "a.toml").write_text("count = 4", encoding="utf-8")
    return tmp_path


def test_patterns_are_expanded_here_each_file_once(folder):
    found = read_scenarios([str(folder / "b.toml"), str(folder / "*.toml")])
    assert {name: one.count for name, one in found.items()} == {"b": 5, "a": 4}
    assert list(found) == ["b", "a"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path):
    path = tmp_path / "north [1].toml"
    path.write_text("count = 3", encoding="utf-8")
    assert list(read_scenarios([str(path)])) == ["north [1]"]


def test_settings_change_every_scenario(folder):
    found = read_scenarios([str(folder / "*.toml")], ["reach=15"])
    assert [one.reach for one in found.values()] == [15, 15]
    assert found["b"].title == "B"


def test_all_faults_of_all_files_are_told_at_once(folder):
    (folder / "c.toml").write_text("count = -1\nrech = 3", encoding="utf-8")
    (folder / "d.toml").write_text("count = ", encoding="utf-8")
    (folder / "more").mkdir()
    (folder / "more" / "A.toml").write_text("count = 1", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_scenarios([str(folder / "**" / "*.toml"), str(folder / "e*.toml")])
    said = str(caught.value)
    assert "c.toml: count" in said
    assert "c.toml: unknown key 'rech'" in said
    assert "d.toml: not valid TOML" in said
    assert "e*.toml: no such file" in said
    assert "A.toml: has the same name as" in said
    assert len(caught.value.faults) == 5


def test_a_fault_of_the_settings_is_told_once(folder):
    with pytest.raises(InputError) as caught:
        read_scenarios([str(folder / "*.toml")], ["counts=3"])
    assert len(caught.value.faults) == 1


def test_no_file_at_all_is_told():
    with pytest.raises(InputError, match="no scenario is named"):
        read_scenarios([])


def test_scenarios_that_travel_alike_share_their_minutes():
    place, base = demo_place(), Scenario(mode="walk")
    way = travel_key(place, base)
    assert way == travel_key(place, base.with_settings(["count=3", "reach=10", "bands=3"]))
    others = ("mode=drive", "horizon=30", "engine=estimate", "walk_kmh=4", "modes=walk,drive")
    assert way not in [travel_key(place, base.with_settings([one])) for one in others]


def test_what_a_place_lacks_is_told_with_the_scenarios_name():
    scenarios = {
        "fine": Scenario(count=4),
        "castles": Scenario(kinds=("castle",)),
        "two": Scenario(engine="matrix", goals=("cover_most",), exactly=True),
    }
    with pytest.raises(InputError) as caught:
        check_scenarios(demo_place(), scenarios)
    said = [str(fault) for fault in caught.value.faults]
    assert [one.partition(":")[0].partition(",")[0] for one in said] == ["castles", "two", "two"]
    assert "exactly needs a count" in said[2]


def test_scenarios_whose_plans_would_have_one_file_are_refused():
    scenarios = {name: Scenario(count=4) for name in ("a/b", "A-b", "c")}
    with pytest.raises(InputError, match=r"A-b: would write the same file as 'a/b'"):
        check_scenarios(demo_place(), scenarios)


def test_no_scenario_is_refused():
    with pytest.raises(InputError, match="no scenario is named"):
        check_scenarios(demo_place(), {})


def test_windows_part_minutes_where_they_change_them():
    place = demo_place()
    saturday, sunday, best = (
        Scenario(transit_windows=windows, transit_mix=mix)
        for windows, mix in ((["saturday"], "worst"), (["sunday"], "worst"), (["sunday"], "best"))
    )
    walks = {travel_key(place, one) for one in (Scenario(), saturday, sunday, best)}
    assert len(walks) == 1
    for change in ({"mode": "transit"}, {"open_only": True}):
        some = [one.model_copy(update=change) for one in (saturday, sunday, best)]
        assert len({travel_key(place, one) for one in some}) == 3
