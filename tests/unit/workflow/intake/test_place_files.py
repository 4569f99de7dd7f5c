"""Uploaded areas, tables and sites: guessed, asked, mended, and made into a place."""

import pytest

from nhcplanner import demo_place
from nhcplanner.base.errors import InputError
from nhcplanner.workflow.intake import Decisions, PlaceFile, receive, review_place

AREAS = (
    "LSOA21CD,Residents,Folk,Easting,Northing\n"
    "E01000001,1500,12,430000,310000\nE01000002,1700,14,432000,310000\n"
)
SITES = (
    "Site id,Site,Kind,Status,Easting,Northing\n"
    "S1,Oak,clinic,Candidate,430200,310000\nS2,Elm,library,Candidate,432100,310050\n"
)
HLE = "lsoa21cd,HLE male,HLE female\nE01000001,55.5,56\nE01000002,60,61\n"


def file(role, name, text, **decisions):
    upload = receive(text.encode(), name, role=role)
    return PlaceFile(upload, text.encode(), Decisions(**decisions))


def places(table=HLE, sites=SITES, **decisions):
    return [
        file("areas", "areas.csv", AREAS, **decisions),
        file("table", "hle.csv", table),
        file("sites", "sites.csv", sites),
    ]


def test_sound_files_make_a_place_with_their_records():
    review = review_place(places())
    assert review.waiting({}) == []
    assert review.place.people == 3200
    assert review.place.areas["hle_male"].tolist() == [55.5, 60]
    assert [one.file for one in review.records] == ["areas.csv", "sites.csv", "hle.csv"]
    chosen = {one.theirs: one.ours for one in review.files["areas.csv"].columns}
    assert chosen == {"LSOA21CD": "area_code", "Residents": "people", "Folk": "",
                      "Easting": "easting", "Northing": "northing"}  # fmt: skip


def test_a_column_is_used_as_chosen_and_an_own_measure_is_named_after_it():
    given = (("Residents", ""), ("Folk", "people"))
    assert review_place(places(columns=given)).place.people == 26
    review = review_place(places(columns=(("Folk", "own"),)))
    assert review.place.areas["own_folk"].tolist() == [12, 14]
    assert review.files["areas.csv"].columns[2].ours == "own"


def test_good_rows_make_the_place_while_faulty_ones_wait_and_can_be_mended():
    bad = HLE.replace("55.5", "550")
    files = places(table=bad)
    review = review_place(files)
    assert review.files["hle.csv"].open_rows == (2,)
    assert review.waiting({}) == ["hle.csv: correct or leave out the rows with problems"]
    assert review.waiting({"hle.csv": True}) == []
    files[1] = file("table", "hle.csv", bad, cells=(((2, "HLE male"), "55.5"),))
    review = review_place(files)
    assert review.waiting({}) == []
    assert review.place.areas["hle_male"].tolist() == [55.5, 60]
    record = next(one for one in review.records if one.file == "hle.csv")
    assert "row 2, HLE male: 55.5" in "\n".join(record.lines())


def test_a_row_left_out_is_recorded():
    files = places()
    files[2] = file("sites", "sites.csv", SITES, left_out=frozenset({3}))
    review = review_place(files)
    assert review.place.sites["site_id"].tolist() == ["S1"]
    assert "1 row left out on screen (row 3)" in "\n".join(review.records[1].lines())


def test_shares_without_a_unit_are_asked_and_stay_on_screen_once_answered():
    text = "lsoa21cd,no_car_share\nE01000001,25\nE01000002,40\n"
    files = places()
    files[1] = file("table", "cars.csv", text)
    review = review_place(files)
    assert review.files["cars.csv"].open_keys == ("no_car_share.unit",)
    assert review.place is None
    files[1] = file("table", "cars.csv", text, answers=(("no_car_share.unit", "percent"),))
    review = review_place(files)
    assert review.files["cars.csv"].open_keys == ()
    assert list(review.files["cars.csv"].questions) == ["no_car_share.unit"]
    assert review.place.areas["no_car_share"].tolist() == [0.25, 0.4]


def test_an_unclear_column_waits_for_a_choice():
    unclear = AREAS.replace("Folk", "Population")
    review = review_place([file("areas", "areas.csv", unclear), *places()[1:]])
    assert review.waiting({})[0] == "areas.csv: settle the columns that are marked"
    settled = file("areas", "areas.csv", unclear, columns=(("Residents", "people"),
                                                            ("Population", "")))  # fmt: skip
    assert review_place([settled, *places()[1:]]).place.people == 3200


def test_words_of_a_list_are_mapped():
    files = places(sites=SITES.replace("S2,Elm,library,Candidate", "S2,Elm,library,Surplus"))
    assert "sites.csv: say what the marked words mean" in review_place(files).waiting({})
    files[2] = file("sites", "sites.csv", files[2].content.decode(),
                    words=((("status", "Surplus"), "forbidden"),))  # fmt: skip
    review = review_place(files)
    assert review.place.sites["status"].tolist() == ["candidate", "forbidden"]


def test_areas_alone_say_what_else_is_needed():
    review = review_place([file("areas", "areas.csv", AREAS)])
    assert review.waiting({}) == ["List of buildings: upload one as well"]


def test_a_table_is_added_to_a_place_whose_people_and_sites_stay():
    place = demo_place()
    codes = place.areas["area_code"]
    rows = "".join(f"{code},{number}\n" for number, code in enumerate(codes))
    review = review_place([file("table", "carers.csv", f"area_code,Carers\n{rows}",
                                columns=(("Carers", "own"),))], place)  # fmt: skip
    assert review.waiting({}) == []
    assert review.place.people == place.people
    assert review.place.areas["own_carers"].tolist() == list(range(len(codes)))
    assert review.place.areas["hle"].equals(place.areas["hle"])
    assert review.place.streets == place.streets


@pytest.mark.parametrize("role", ["areas", "table", "sites"])
def test_patient_data_are_refused_for_every_role(role):
    text = "NHS number,Surname,Date of birth\n9434765919,A,1/1/1950\n"
    with pytest.raises(Exception, match="patients"):
        receive(text.encode(), "a.csv", role=role)


PROJECTION = "code,Name,Age,2024,2035\n" + "".join(
    f"E06000001,Town,{age},{now},{then}\n"
    for age, now, then in (("0-15", 640, 600), ("16-64", 1920, 1900), ("65-84", 560, 700),
                           ("85+", 80, 200))
)  # fmt: skip
HOMES = "Site name,Dwellings,Complete by,Easting,Northing\nMill,100,2030,430000,310000\n"


def with_years(projection=PROJECTION, homes=HOMES, **decisions):
    areas = AREAS.replace("Folk", "Folk,council_code").replace(",12,", ",12,E06000001,")
    areas = areas.replace(",14,", ",14,E06000001,")
    return [
        file("areas", "areas.csv", areas), file("sites", "sites.csv", SITES),
        file("projections", "snpp.csv", projection, **decisions),
        file("housing", "homes.csv", homes),
    ]  # fmt: skip


def test_a_projection_and_housing_sites_are_read_after_their_questions():
    review = review_place(with_years())
    assert review.files["snpp.csv"].open_keys == ("people_year",)
    assert review.waiting({}) == ["snpp.csv: answer the questions"]
    review = review_place(with_years(answers=(("people_year", "2024"),)))
    assert review.waiting({}) == []
    # 3,200 people in 2024 and 3,400 in 2035: each area grows by 17 / 16, and the homes lie in one
    place = review.place
    assert place.in_year(2035).people == 3400
    assert place.projection.homes[["name", "homes", "year"]].to_numpy().tolist() == [
        ["Mill", 100, 2030]
    ]
    assert {one.role for one in review.records} >= {"projections", "housing"}
    assert not [note for note in place.notes if "not given" in note]
    uses = {one.theirs: one.ours for one in review.files["snpp.csv"].columns}
    assert uses == {"code": "code", "Name": "name", "Age": "age", "2024": "people_of_year",
                    "2035": "people_of_year"}  # fmt: skip


def test_columns_of_projections_and_homes_are_used_as_chosen():
    answers = (("people_year", "2024"),)
    named = PROJECTION.replace("code,", "Council,")
    review = review_place(with_years(projection=named, answers=answers))
    assert "snpp.csv: correct the file as described below" in review.waiting({})
    chosen = (("Council", "code"), ("2035", ""))
    review = review_place(with_years(projection=named, answers=answers, columns=chosen))
    assert review.waiting({}) == []
    assert review.place.projection.years == (2024,)
    record = next(one for one in review.records if one.file == "snpp.csv")
    assert "1 column not used, as stated (2035)" in "\n".join(record.lines())
    strange = (("Name", "people_of_year"),)
    review = review_place(with_years(answers=answers, columns=strange))
    assert any("Name is no year" in one.problem for one in review.files["snpp.csv"].blocking)


def test_a_projection_and_homes_are_added_to_the_open_place():
    answers = (("people_year", "2024"),)
    files = with_years(answers=answers)
    base = review_place(files[:2]).place
    made = review_place(files[2:3], base).place
    assert made.projection.homes.empty
    with_homes = review_place(files[3:], made).place
    assert len(with_homes.projection.homes) == 1
    again = review_place(files[2:3], with_homes).place
    assert len(again.projection.homes) == 1
    assert any("need a population projection" in fault.problem
               for fault in review_place(files[3:], base).files["homes.csv"].blocking)  # fmt: skip


@pytest.mark.parametrize("role", ["projections", "housing"])
def test_patient_data_are_refused_in_every_kind_of_file(role):
    with pytest.raises(InputError, match="looks like data about patients"):
        file(role, "mine.csv", "code,age,nhs_number\nE06000001,0-15,1\n")
