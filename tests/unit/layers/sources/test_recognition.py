"""Which source each file of a folder is, and why others are passed over by name."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.sources import SOURCES
from nhcplanner.layers.sources.ods import PRACTICES
from nhcplanner.layers.sources.opening import STREETS, Part
from nhcplanner.layers.sources.recognition import identify, recognise_folder

LOOKUP = "LSOA21CD,LSOA21NM,ICB{0}CD,ICB{0}NM,LAD{0}CD,LAD{0}NM\nE01000001,a,E54,b,E09000001,c\n"


def bulk(code):
    return f"date,geography,geography code,Age: Total\n2021,a,{code},10\n"


def ods_row(code, parent="", setting="", day="19740401"):
    row = [""] * 27
    row[0], row[1], row[9], row[10], row[12], row[14], row[25] = (
        code, "A NAME", "PL1 2AA", day, "ACTIVE", parent, setting
    )  # fmt: skip
    return row


def as_text(rows, separator=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue()


@pytest.fixture
def recognise(tmp_path):
    def run(**files):
        folder = tmp_path / "in"
        folder.mkdir()
        for name, content in files.items():
            path = folder / name.replace("__", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        result = recognise_folder(folder, SOURCES, tmp_path / "scratch")
        found = {one.source.key: one for one in result.files}
        return found, {one.name: one.why for one in result.skipped}

    return run


def test_tables_at_other_levels_are_left_with_a_word(recognise):
    levels = {"ctry": "E92000001", "ltla": "E06000026", "msoa": "E02000001", "oa": "E00000001"}
    files = {f"census2021-ts007a-{level}__csv": bulk(code) for level, code in levels.items()}
    found, passed = recognise(**files, **{"census2021-ts007a-lsoa__csv": bulk("E01000001")})
    assert found["ts007a"].original.name == "census2021-ts007a-lsoa.csv"
    assert {name.split("-")[2]: why.split(" by ", 1)[1] for name, why in passed.items()} == {
        "ctry.csv": "country, not by LSOA", "ltla.csv": "council, not by LSOA",
        "msoa.csv": "MSOA, not by LSOA", "oa.csv": "output area, not by LSOA",
    }  # fmt: skip


def test_the_lsoa_table_of_a_bulk_zip_is_found(recognise):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("census2021-ts007a-oa.csv", bulk("E00000001"))
        made.writestr("census2021-ts007a-lsoa.csv", bulk("E01000001"))
        made.writestr("metadata/about.txt", "About\n")
    found, passed = recognise(census2021_ts007a__zip=packed.getvalue())
    assert found["ts007a"].path.read_text() == bulk("E01000001")
    assert "unpacked from census2021_ts007a.zip" in found["ts007a"].notes
    assert len(passed) == 2


@pytest.mark.parametrize(("code", "setting", "key"), [
    ("A99999", "RO76", "epraccur"), ("A99999001", "", "ebranchs"), ("RA201", "", "ets"),
])  # fmt: skip
@pytest.mark.parametrize(("width", "separator", "day", "first"), [
    (27, ",", "20200401", []),
    (26, ",", "01/04/2020", []),
    (26, ";", "2.02E+07", []),
    (27, "\t", "2020-04-01", [["Organisation Code", "Name"]]),
])  # fmt: skip
def test_reports_without_headings_are_known_by_their_rows(  # noqa: PLR0917
    recognise, code, setting, key, width, separator, day, first
):
    rows = [ods_row(code, "A99999", setting, day)[:width]] * 3
    found, _ = recognise(renamed__csv=as_text([*first, *rows], separator))
    assert list(found) == [key]
    assert "given by hand, recognised by its rows" in found[key].notes
    if key == "epraccur":
        assert PRACTICES.parse(found[key].path)["site_id"].tolist() == ["A99999"]


def test_organisations_that_are_no_buildings_are_named(recognise):
    pharmacies, trusts = ([ods_row(code)] * 3 for code in ("FA001", "RK9"))
    _, passed = recognise(
        lookup__csv=LOOKUP.format(26), edispensary__csv=as_text(pharmacies),
        etr__csv=as_text(trusts),
    )  # fmt: skip
    assert "consolidated pharmaceutical list" in passed["edispensary.csv"]
    assert "use ets" in passed["etr.csv"]


def test_the_newest_edition_is_taken_and_the_others_are_named(recognise):
    found, passed = recognise(a__csv=LOOKUP.format(24), b__csv=LOOKUP.format(26))
    assert found["area_lookup"].edition == "LSOA 2021, ICB 2026, LAD 2026"
    assert found["area_lookup"].original.name == "b.csv"
    assert passed == {"a.csv": "is of LSOA 2021, ICB 2024, LAD 2024; b.csv is newer"}


def test_a_copy_is_passed_over_and_two_of_one_edition_are_refused(recognise):
    found, passed = recognise(a__csv=LOOKUP.format(26), b__csv=LOOKUP.format(26))
    assert found["area_lookup"].original.name == "a.csv"
    assert passed == {"b.csv": "holds the same as a.csv"}


def test_two_of_one_edition_are_refused(recognise):
    with pytest.raises(InputError, match=r"a.csv and b.csv: are both LSOAs to ICBs"):
        recognise(a__csv=LOOKUP.format(26), b__csv=LOOKUP.format(26) + "\n")


def test_title_rows_and_headings_in_capitals_are_seen_through(recognise):
    text = "Lookup of areas\n\n" + LOOKUP.format(26).lower().replace("e01", "E01")
    found, _ = recognise(a__csv=text)
    assert found["area_lookup"].path.read_text().startswith("lsoa21cd,lsoa21nm")
    assert "headings in row 3" in found["area_lookup"].notes


NEW = {
    "gp-reg-pat-prac-lsoa-all__csv": "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,"
    "LSOA_CODE,SEX,NUMBER_OF_PATIENTS\nGP,01JUL2026,A1,N,E01000001,ALL,5\n",
    "healthy-life-expectancy__csv": "area_code,area_name,period,sex,hle,lci_95,uci_95\n"
    "E06000026,a,2022-24,Male,60,59,61\n",
    "projections__csv": "AREA_CODE,SEX,AGE_GROUP,2022,2027,2032\nE06000026,M,0-4,1,1,1\n",
}


def test_files_not_used_yet_are_named(recognise):
    _, passed = recognise(lookup__csv=LOOKUP.format(26), **NEW)
    assert len(passed) == len(NEW)
    assert all("not used" in why for why in passed.values())


def test_nothing_recognised_names_every_file_and_why(recognise):
    with pytest.raises(InputError) as caught:
        recognise(letter__txt="Dear all,", portal__csv="FID,LSOA21CD,Shape__Area\n1,E01000001,5\n")
    message = str(caught.value)
    assert "- letter.txt: not recognised" in message
    assert "- portal.csv: this has no shapes" in message


def table(*rows, name="file.csv", shapes=()):
    return Part(Path(name), name, "table", tuple(map(tuple, rows)), shapes=shapes)


def stated(words, start):
    """What stands in brackets after a phrase of the printed words."""
    return words.partition("; published as")[0].split(f"{start} (", 1)[1].removesuffix(")")


HEADED = [(source, headings) for source in SOURCES for headings in source.headers]


@pytest.mark.parametrize(
    ("source", "headings"), HEADED, ids=[f"{one.key}-{n}" for n, (one, _) in enumerate(HEADED)]
)
def test_the_columns_that_are_printed_are_enough_and_each_is_needed(source, headings):
    """Years are 21, and any text is x."""
    assert " + ".join(headings) in stated(source.recognised_by(), "its columns")
    names = [name.replace("??", "21").replace("*", "x") for name in headings]
    shapes = tuple(name for name in names if name in ("(Polygon)", "(Point)"))
    columns = [name for name in names if name not in shapes]
    assert identify(table(columns, name="a.csv", shapes=shapes), SOURCES)[0] is source
    for n in range(len(columns)):
        less = table(columns[:n] + columns[n + 1 :], name="a.csv", shapes=shapes)
        assert identify(less, SOURCES)[0] is not source


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)
def test_a_name_alone_is_enough_only_where_nothing_else_is_printed(source):
    words = source.recognised_by()
    for pattern in source.names:
        found, _, why = identify(table(("a", "b"), name=pattern.replace("*", "x")), SOURCES)
        if words.startswith("its name"):
            assert found is source
        elif not source.form_words:
            assert "published as" in words
            assert found is None
            assert "is named like" in why


ROWS = {
    "a letter and five digits": ("A12345", "A1234"),
    "a letter and eight digits": ("A12345678", "A12345"),
    "R or T and four letters or digits": ("RK950", "AK950"),
}


@pytest.mark.parametrize("source", [one for one in SOURCES if one.layout], ids=lambda one: one.key)
def test_the_rows_that_are_printed_are_enough_and_each_cell_is_needed(source):
    words = stated(source.recognised_by(), "its rows")
    row = [""] * 27
    if "network" in words:
        assert words == "a network's code (U and five digits) in column 5, a day in column 9"
        row[4], row[8] = "U12345", "20240401"
        others = {4: "12345", 8: "spring"}
        row = row[:10]
    else:
        code, postcode, day = words.split(", ")
        assert (postcode, day) == ("a postcode or nothing in column 10", "a day in column 11")
        row[0], row[9], row[10] = ROWS[code][0], "PL1 2AA", "19740401"
        others = {0: ROWS[code][1], 9: "Plymouth", 10: "spring"}
    assert source.has_layout([row])
    for column, text in others.items():
        assert not source.has_layout([[*row[:column], text, *row[column + 1 :]]])


def test_streets_and_timetables_are_known_by_the_form_that_is_printed(recognise, tmp_path):
    by_layer = {one.layer: one for one in SOURCES if one.form_words}
    endings = stated(by_layer["streets"].recognised_by(), "the end of its name").split(", ")
    assert tuple(sorted(endings)) == tuple(sorted(STREETS))
    assert "stops.txt" in by_layer["timetable"].recognised_by()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr("stops.txt", "stop_id\n")
    found, _ = recognise(any_name__zip=packed.getvalue(), county__pbf="x")
    assert [one.source.layer for one in found.values()] == ["timetable", "streets"]


def test_what_nothing_recognises_is_said_to_be_fetched_only():
    fetched = [one for one in SOURCES if not (one.headers or one.layout or one.names)]
    assert {one.recognised_by() for one in fetched} == {"nothing: it is fetched only"}
