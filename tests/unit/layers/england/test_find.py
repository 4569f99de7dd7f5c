"""Names as planners write them find their place, or are answered with what they could mean."""

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.england import gazetteer, store
from nhcplanner.layers.england.find import find_place, list_places

AREAS = store.layer("areas")


def areas_of(**where: str | list[str]) -> tuple[str, ...]:
    """Codes of the areas whose columns hold these values, straight from the layer."""
    rows = pd.Series(True, index=AREAS.index)
    for column, values in where.items():
        rows &= AREAS[column].isin([values] if isinstance(values, str) else values)
    return tuple(AREAS.loc[rows, "area_code"])


WRITTEN = {
    "Blackpool": ("Blackpool", {"council_code": "E06000009"}),
    "blackpool council": ("Blackpool", {"council_code": "E06000009"}),
    "E06000009": ("Blackpool", {"council_code": "E06000009"}),
    "Hull": ("Kingston upon Hull", {"council_code": "E06000010"}),
    "Bristol": ("Bristol", {"council_code": "E06000023"}),
    "Bristol, City of": ("Bristol", {"council_code": "E06000023"}),
    "herefordshire": ("Herefordshire", {"council_code": "E06000019"}),
    "Durham": ("County Durham", {"council_code": "E06000047"}),
    "Durham County Council": ("County Durham", {"council_code": "E06000047"}),
    "Stoke": ("Stoke-on-Trent", {"council_code": "E06000021"}),
    "St Helens": ("St. Helens", {"council_code": "E08000013"}),
    "City of London": ("City of London", {"council_code": "E09000001"}),
    "London": ("London", {"region_code": "E12000007"}),
    "Isles of Scilly": ("Isles of Scilly", {"council_code": "E06000053"}),
    "Cumbria": ("Cumbria", {"council_code": ["E06000063", "E06000064"]}),
    "Northamptonshire": ("Northamptonshire", {"council_code": ["E06000061", "E06000062"]}),
    "North Northants": ("North Northamptonshire", {"council_code": "E06000061"}),
    "Barnsley": ("Barnsley", {"council_code": "E08000038"}),
    "Kings Lynn & West Norfolk": ("King's Lynn and West Norfolk", {"district_code": "E07000146"}),
    "City of York Council": ("York", {"council_code": "E06000014"}),
    "London Borough of Camden": ("Camden", {"council_code": "E09000007"}),
    "Norfolk": ("Norfolk", {"council_code": "E10000020"}),
    "Lincoln": ("Lincoln", {"district_code": "E07000138"}),
    "West Midlands region": ("West Midlands", {"region_code": "E12000005"}),
    "Sheffield City Council": ("Sheffield", {"council_code": "E08000039"}),
    "Blackpool 001": ("Blackpool 001", {"msoa_name": "Blackpool 001"}),
    "NHS Devon ICB": ("NHS Devon Integrated Care Board", {"icb24_ods": "QJK"}),
    "Bournemouth": ("Bournemouth", {"district11_name": "Bournemouth"}),
    "Kings Lynn": ("King's Lynn and West Norfolk", {"district_code": "E07000146"}),
    "Brum": ("Birmingham", {"council_code": "E08000025"}),
    "Cheshire": ("Cheshire", {"council_code": ["E06000049", "E06000050"]}),
    "Sussex ICB": ("NHS Sussex Integrated Care Board", {"icb24_ods": "QNX"}),
    "BOB ICB": (
        "NHS Buckinghamshire, Oxfordshire and Berkshire West Integrated Care Board",
        {"icb24_ods": "QU9"},
    ),
    "SEL": ("NHS South East London Integrated Care Board", {"icb26_ods": "QKK"}),
    "Southend": ("Southend-on-Sea", {"council_code": "E06000033"}),
    "Telford": ("Telford and Wrekin", {"council_code": "E06000020"}),
    "qjk": ("NHS Devon Integrated Care Board", {"icb24_ods": "QJK"}),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_name_finds_its_areas(name):
    title, where = WRITTEN[name]
    found = find_place(name)
    assert found.title == title
    assert found.areas == areas_of(**where)


def test_a_board_of_2026_is_made_of_boards_of_2024():
    found = find_place("NHS Norfolk and Suffolk ICB")
    assert found.title == "NHS Norfolk and Suffolk Integrated Care Board"
    districts = AREAS[AREAS["area_code"].isin(found.areas)]
    assert set(districts["council_name"]) == {"Norfolk", "Suffolk"}
    assert len(found.areas) == (AREAS["council_name"].isin(["Norfolk", "Suffolk"])).sum()


def test_a_board_that_was_merged_is_still_found():
    found = find_place("NHS Frimley ICB")
    assert found.kind == "ICB of 2024"
    assert found.areas == areas_of(icb24_name="NHS Frimley Integrated Care Board")


@pytest.mark.parametrize(
    ("name", "district", "council"),
    [
        ("Barrow", "Barrow-in-Furness", "Westmorland and Furness"),
        ("Corby", "Corby", "North Northamptonshire"),
        ("Harrogate Borough Council", "Harrogate", "North Yorkshire"),
    ],
)
def test_a_former_council_leads_home_and_says_so(name, district, council):
    found = find_place(name)
    rows = AREAS[AREAS["area_code"].isin(found.areas)]
    assert set(rows["council_name"]) == {council}
    assert set(rows["district11_name"]) == {district}
    assert f"understood as {district}" in found.notes[0]
    assert council in found.notes[0]


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("West Midlands", ("West Midlands county", "E12000005")),
        ("Newcastle", ("Newcastle upon Tyne", "Newcastle-under-Lyme")),
        ("Kingston", ("Kingston upon Hull", "Kingston upon Thames")),
    ],
)
def test_a_name_of_several_places_is_a_question(name, choices):
    with pytest.raises(InputError, match="fits 2 places") as error:
        find_place(name)
    assert all(choice in str(error.value) for choice in choices)


def test_a_choice_offered_in_a_question_answers_it():
    assert len(find_place("West Midlands county").areas) < len(find_place("E12000005").areas)


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Blackpol", "Blackpool"),
        ("Norfolk and Sufolk ICB", "NHS Norfolk and Suffolk Integrated Care Board"),
        ("Skegness", "East Lindsey (Lincolnshire)"),
        ("Torquay", "Torbay"),
    ],
)
def test_a_near_miss_is_answered_with_what_comes_nearest(name, near):
    with pytest.raises(InputError) as error:
        find_place(name)
    assert near in str(error.value)


@pytest.mark.parametrize("name", ["", "council", "Zzyzx", "E99999999", "🏥", "'; drop", "a" * 5000])
def test_what_is_no_place_is_refused_in_words(name):
    with pytest.raises(InputError, match="no council"):
        find_place(name)


def test_all_unknown_names_are_reported_together():
    with pytest.raises(InputError) as error:
        find_place("Blackpol", "Blackpool", "Zzyzx")
    assert len(error.value.faults) == 2


def test_several_names_are_one_place_without_counting_an_area_twice():
    both = find_place("Hull", "East Riding of Yorkshire", "Kingston upon Hull")
    assert both.title == "Kingston upon Hull and East Riding of Yorkshire"
    assert both.areas == areas_of(council_code=["E06000010", "E06000011"])


def test_england_is_every_area():
    assert find_place("England").areas == tuple(AREAS["area_code"])


def test_a_council_that_a_board_is_named_after_goes_before_it_and_says_so():
    found = find_place("Devon")
    assert found.areas == areas_of(council_code="E10000008")
    assert "not as NHS Devon Integrated Care Board" in found.notes[0]


def test_every_council_board_and_region_is_found_by_its_own_full_name():
    for entry in gazetteer.entries():
        if entry.kind in (gazetteer.UPPER, gazetteer.LOWER, gazetteer.ICB):
            if entry.name == "West Midlands":
                continue
            codes = areas_of(**{entry.column: entry.name})
            assert find_place(entry.name).areas == codes, entry


def test_every_other_name_stands_for_parts_of_england():
    columns = ("council_name", "district_name", "region_name", "icb_name", "icb24_name")
    names = {name for column in columns for name in AREAS[column]}
    for said in store.other_names().values():
        assert set(said["parts"]) <= names


def test_places_are_listed_by_kind_and_by_word():
    kinds = list_places()["kind"].value_counts()
    expected = {"ICB": 36, "ICB of 2024": 42, "upper-tier council": 153, "lower-tier council": 296}
    assert {kind: kinds[kind] for kind in expected} == expected
    assert kinds["region"] == 9
    assert "Blackpool 001" in set(list_places("blackpool")["name"])
    assert list_places("Blackpol")["name"].tolist() == ["Blackpool"]


def test_each_listed_name_says_its_kind_once():
    listed = list_places("norfolk").set_index("name").loc["Norfolk"]
    assert (listed["kind"], listed["what"]) == ("upper-tier council", "E10000020")


def test_codes_of_boards_of_2026_are_understood():
    # 10,207 areas changed their board on 1 April 2026; Central East is all of two and part of one
    found = find_place("E54000065")
    assert found.title == "NHS Central East Integrated Care Board"
    assert len(found.areas) == 587 + 527 + 702


def test_a_code_that_one_source_alone_states_is_marked():
    words = "not confirmed by a second public source"
    listed = list_places("surrey and sussex").set_index("name")["what"]
    assert listed["NHS Surrey and Sussex Integrated Care Board"] == f"E54000069, {words}"
    assert any(f"E54000070, {words}" in note for note in find_place("E54000070").notes)
    assert not any("confirmed" in note for note in find_place("E54000071").notes)
