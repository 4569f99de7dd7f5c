"""Lists of sites in the very layout of their publishers, with invented values."""

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from nhcplanner.base.errors import FetchError, InputError
from nhcplanner.layers.sources.base import Extent
from nhcplanner.layers.sources.ods import BRANCHES, PARTNERS, PRACTICES, TRUST_SITES
from nhcplanner.layers.sources.opening import Part
from nhcplanner.layers.sources.published import NOTES
from nhcplanner.layers.sources.site_lists import HOSPITALS, LIBRARIES, PHARMACIES


def ods_row(code, name, postcode="PL1 2AA", *, closes="", state="", setting="", grouping="Y58"):
    """One row of 27 columns, as each ODS report has them."""
    return [
        code, name, grouping, "QJK", "1 HIGH STREET", "", "", "TOWN", "", postcode, "19740401",
        closes, state, "B", "15N", "20130401", closes, "01234 567890", "", "", "", "0", "", "15N",
        "", setting, "",
    ]  # fmt: skip


def written(path: Path, rows) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def test_practices_are_the_active_english_ones_whichever_way_they_are_coded(tmp_path):
    rows = [
        ods_row("L83001", "OLD CODES SURGERY", state="A", setting="4"),
        ods_row("L83002", "NEW CODES SURGERY", state="ACTIVE", setting="RO76"),
        ods_row("L83003", "TWO SETTINGS", state="ACTIVE", setting="RO80|RO76"),
        ods_row("L83004", "CLOSED SURGERY", state="C", setting="4", closes="20200331"),
        ods_row("L83005", "CLOSING SURGERY", state="A", setting="4", closes="20991231"),
        ods_row("L83006", "DORMANT SURGERY", state="D", setting="4"),
        ods_row("Y00001", "OUT OF HOURS", state="A", setting="1"),
        ods_row("W92001", "WELSH SURGERY", state="A", setting="4", grouping="W00"),
    ]
    found = PRACTICES.parse(written(tmp_path / "epraccur.csv", rows))
    assert found["site_id"].tolist() == ["L83001", "L83002", "L83003"]
    assert found.attrs[NOTES] == (
        (
            "left out: 1 row outside England, 2 rows with a closing date, 1 row not active, "
            "1 row of other prescribers"
        ),
    )
    assert set(found["kind"]) == {"gp_practice"}
    assert found.loc[0, ["site_name", "postcode", "listed_by"]].tolist() == [
        "OLD CODES SURGERY", "PL1 2AA", "ODS"
    ]  # fmt: skip


def partner_row(code, network, left=""):
    """One row of the 11 columns of the report of networks' core partners."""
    return [code, "A SURGERY", "15N", "NHS DEVON ICB - 15N", "U00001", network, "15N",
            "NHS DEVON ICB - 15N", "20190701", left, "Yes"]  # fmt: skip


def test_a_practice_is_in_the_network_that_it_has_not_left(tmp_path):
    rows = [
        partner_row("L83001", "SOUND PCN", left="20210331"),
        partner_row("L83001", "WATERSIDE PCN"),
        partner_row("L83002", "SOUND PCN"),
        partner_row("L83003", "SOUND PCN", left="20230331"),
    ]
    found = PARTNERS.parse(written(tmp_path / "epcncorepartnerdetails.csv", rows))
    assert found.to_numpy().tolist() == [["L83001", "WATERSIDE PCN"], ["L83002", "SOUND PCN"]]


def test_networks_without_a_partner_of_today_or_of_another_layout_are_refused(tmp_path):
    with pytest.raises(InputError, match="names no partner of today among 1 row"):
        PARTNERS.parse(written(tmp_path / "a.csv", [partner_row("L8", "SOUND PCN", "20210331")]))
    with pytest.raises(InputError, match="has 27 columns where"):
        PARTNERS.parse(written(tmp_path / "b.csv", [ods_row("U00001", "SOUND PCN")]))


@pytest.mark.parametrize(
    ("source", "kind"), [(BRANCHES, "branch_surgery"), (TRUST_SITES, "trust_site")]
)
def test_branches_and_trust_sites_say_that_they_closed_by_a_date_alone(tmp_path, source, kind):
    rows = [ods_row("AA01", "OPEN"), ods_row("AA02", "SHUT", closes="20150331")]
    found = source.parse(written(tmp_path / "report.csv", rows))
    assert found[["site_id", "kind"]].to_numpy().tolist() == [["AA01", kind]]


def test_a_report_that_lost_a_column_is_refused(tmp_path):
    row = ods_row("L83001", "A SURGERY", state="A", setting="4")
    rows = [row[:3] + row[4:]]
    with pytest.raises(InputError, match="has cells in other columns than NHS Organisation Data"):
        PRACTICES.parse(written(tmp_path / "epraccur.csv", rows))


def test_a_report_whose_statuses_are_unknown_is_refused_and_not_taken_for_empty(tmp_path):
    rows = [ods_row("L83001", "A SURGERY", state="LIVE", setting="4")]
    with pytest.raises(InputError, match="has no open gp practice among 1 row"):
        PRACTICES.parse(written(tmp_path / "epraccur.csv", rows))


PHARMACY_HEADER = [
    "PHARMACY_ODS_CODE_F_CODE", "PHARMACY_TRADING_NAME", "ORGANISATION_NAME", "ADDRESS_FIELD1",
    "ADDRESS_FIELD2", "ADDRESS_FIELD3", "ADDRESS_FIELD4", "POST_CODE", "WEEKLY_TOTAL",
    "CONTRACT_TYPE",
]  # fmt: skip


def pharmacy(code, contract):
    return [code, "A PHARMACY", "A LTD", "1 HIGH STREET", "", "TOWN", "", "pl12aa", "40", contract]


def test_pharmacies_are_those_that_people_walk_into(tmp_path):
    rows = [
        PHARMACY_HEADER, pharmacy("FA001", "Community"), pharmacy("FA002", "LPS"),
        pharmacy("FA003", "DAC"), pharmacy("FA004", "Distance Selling"),
    ]  # fmt: skip
    found = PHARMACIES.parse(written(tmp_path / "consol_pharmacy_list_202526q1.csv", rows))
    assert found["site_id"].tolist() == ["FA001", "FA002"]
    assert set(found["kind"]) == {"pharmacy"}


def test_hours_of_each_day_become_opening_hours_and_odd_ones_are_counted(tmp_path):
    days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
    header = [*PHARMACY_HEADER, *(f"PHARMACY_OPENING_HOURS_{day}" for day in days)]
    split = "09:00-13:00,14:00-17:30"
    rows = [
        header, [*pharmacy("FA001", "Community"), *[split] * 5, "09:00-12:00", "CLOSED"],
        [*pharmacy("FA002", "LPS"), *["08:00-00:00"] * 7],
        [*pharmacy("FA003", "Community"), *["09:00,17:30"] * 7],
    ]  # fmt: skip
    found = PHARMACIES.parse(written(tmp_path / "list.csv", rows)).set_index("site_id")
    hours = found["opening_hours"]
    assert hours["FA001"] == f"Mo-Fr {split}; Sa 09:00-12:00; Su closed"
    assert hours["FA002"] == "Mo-Su 08:00-24:00"
    assert pd.isna(hours["FA003"])
    assert "1 row with opening hours that are not understood: FA003" in found.attrs["notes"]


@pytest.mark.parametrize("code", ["PHARMACY_ODS_CODE_(F-CODE)", "Pharmacy ODS Code (F-Code)"])
def test_older_headings_of_the_pharmacy_list_are_the_same_columns(tmp_path, code):
    header = [code, *PHARMACY_HEADER[1:]]
    path = written(tmp_path / "list.csv", [header, pharmacy("FA001", "Community")])
    assert PHARMACIES.parse(path)["site_id"].tolist() == ["FA001"]
    assert PHARMACIES.has_headers(header)


@pytest.mark.parametrize(("name", "edition"), [
    ("consol_pharmacy_list_202425q4.csv", "2024-25, quarter 4"),
    ("consol_pharmacy_list_202606q1.csv", "2026, month 6, quarter 1"), ("list.csv", ""),
])  # fmt: skip
def test_the_quarter_of_a_list_is_that_of_its_name(name, edition):
    assert PHARMACIES.edition(Part(Path(name), name)) == edition


def test_a_report_that_a_spreadsheet_saved_is_read(tmp_path):
    row = ods_row("L83001", "A SURGERY", state="ACTIVE", setting="RO76")
    row[10] = "01/04/1974"
    found = PRACTICES.parse(written(tmp_path / "epraccur.csv", [row[:26]]))
    assert found["site_id"].tolist() == ["L83001"]
    assert "1 row with fewer cells than the layout's 27" in found.attrs["notes"][0]


def test_a_pharmacy_list_with_renamed_columns_is_refused_by_name(tmp_path):
    header = ["ODS_CODE", *PHARMACY_HEADER[1:]]
    path = written(tmp_path / "list.csv", [header, pharmacy("FA001", "Community")])
    with pytest.raises(InputError, match="column PHARMACY_ODS_CODE_F_CODE"):
        PHARMACIES.parse(path)


class Shelf:
    """A web of two files: the catalogue, and whatever is asked for next."""

    def __init__(self, folder: Path, resources) -> None:
        self.folder, self.asked = folder, []
        self.catalogue = {"success": True, "result": {"resources": resources}}

    def file(self, ask):
        self.asked.append(ask)
        path = self.folder / ask.file
        path.write_text(json.dumps(self.catalogue), encoding="utf-8")
        return path

    def tell(self, words):
        return None


def resource(quarter: str):
    name = f"CONSOL_PHARMACY_LIST_{quarter}"
    return {
        "name": name,
        "format": "CSV",
        "url": f"https://opendata.nhsbsa.net/dataset/x/{name.lower()}.csv",
    }


def test_the_latest_quarter_is_fetched_the_final_edition_first(tmp_path):
    quarters = ("202425Q4", "202526Q2", "202526Q2FINAL", "202526Q1")
    web = Shelf(tmp_path, [*map(resource, quarters), {"name": "guide", "url": "https://h/g.pdf"}])
    PHARMACIES.fetch(PHARMACIES, web, Extent())
    assert web.asked[-1].address.endswith("consol_pharmacy_list_202526q2final.csv")


@pytest.mark.parametrize("resources", [[], [{"name": "guide", "url": "https://h/g.pdf"}]])
def test_a_catalogue_without_a_list_is_one_message(tmp_path, resources):
    with pytest.raises(FetchError, match="names no list"):
        PHARMACIES.fetch(PHARMACIES, Shelf(tmp_path, resources), Extent())


LIBRARY_HEADER = [
    "Reporting Library Service", "Name", "Address 1", "Address 2", "Address 3",
    "Upper Tier Local Authority", "Postcode", "Unique property reference number", "Type",
    "Facility Operation: 31/12/2019", "Facility Operation: 31/12/2023", "Year Permanently Closed",
    "Co-location: Health",
]  # fmt: skip


def library(name, kind="Static Library", before="LA", now="LA", closed=""):
    return ["Plymouth", name, "1 Road", "Town", "Devon", "Plymouth", "PL1 2AA", "100", kind,
            before, now, closed, ""]  # fmt: skip


def test_libraries_are_those_in_buildings_open_at_the_latest_date(tmp_path):
    rows = [
        LIBRARY_HEADER, library("Central"), library("Central"), library("Now Open", before=""),
        library("Shut", now="Closed", closed="2021"), library("Van", kind="Mobile Library"),
        library("To Come", now="Facility Not Open"),
    ]  # fmt: skip
    found = LIBRARIES.parse(written(tmp_path / "libraries_england_2023.csv", rows))
    assert found["site_id"].tolist() == [
        "library_plymouth_central", "library_plymouth_central_2", "library_plymouth_now_open"
    ]  # fmt: skip
    assert set(found["kind"]) == {"library"}


def test_the_library_list_has_no_lasting_address_and_says_where_to_get_it():
    with pytest.raises(FetchError, match=r"download it from https.* --from-files"):
        LIBRARIES.fetch(LIBRARIES, None, Extent())


HOSPITAL_HEADER = (
    "OrganisationID¬OrganisationCode¬OrganisationType¬SubType¬Sector¬OrganisationStatus¬"
    "IsPimsManaged¬OrganisationName¬Address1¬Address2¬Address3¬City¬County¬Postcode¬Latitude¬"
    "Longitude¬ParentODSCode¬ParentName¬Phone¬Email¬Website¬Fax"
)


def hospital(code, sector="NHS Sector", state="Visible", lat="52.0", lon="-2.0"):
    return (
        f'1¬{code}¬Hospital¬Hospital¬{sector}¬{state}¬True¬"The" Hospital¬¬¬¬Town¬Devon¬PL1 2AA¬'
        f"{lat}¬{lon}¬RK9¬A TRUST¬01234¬¬¬"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_hospitals_are_read_with_their_odd_sign_and_placed(tmp_path, encoding):
    rows = [
        HOSPITAL_HEADER, hospital("RK901"), hospital("NV201", sector="Independent Sector"),
        hospital("RK902", state="Hidden"), hospital("RK903", lat="", lon=""),
    ]  # fmt: skip
    path = tmp_path / "Hospital.csv"
    path.write_text("\n".join(rows), encoding=encoding)
    found = HOSPITALS.parse(path)
    assert found["site_id"].tolist() == ["RK901", "RK903"]
    assert found.loc[0, "site_name"] == '"The" Hospital'
    # The grid's central meridian, 2 degrees west, is easting 400,000.
    assert found.geometry[0].x == pytest.approx(400_000, abs=200)
    assert found.geometry[1] is None


def test_a_hospital_list_with_commas_is_refused(tmp_path):
    path = tmp_path / "Hospital.csv"
    path.write_text(HOSPITAL_HEADER.replace("¬", ","), encoding="utf-8")
    with pytest.raises(InputError, match="OrganisationCode"):
        HOSPITALS.parse(path)
