"""Registered patients on the page Access, on a row of ten areas with five practices."""

from dataclasses import replace

import pytest

from nhcplanner import workflow
from tests.pages.conftest import small_place

HEADING = "PRACTICE_CODE,LSOA_CODE,NUMBER_OF_PATIENTS\n"
ROWS = "".join(f"S{i // 2},E010000{i:02d},1500\n" for i in range(10))
FILE = HEADING + ROWS + "S0,W01000001,20\n"


@pytest.fixture
def page(opened, monkeypatch):
    place = small_place()
    practices = replace(place, sites=place.sites.assign(kind="gp_practice"))
    monkeypatch.setattr(workflow, "demo_place", lambda: practices)
    app = opened("access")
    next(one for one in app.radio if one.label == "Show").set_value("Registered patients").run()
    return app


def _upload(app, content):
    app.file_uploader[0].set_value(("patients.csv", content.encode(), "text/csv")).run()
    assert not app.exception
    return app


def _choose(app, label, value):
    kinds = [*app.radio, *app.selectbox, *app.multiselect]
    next(one for one in kinds if one.label == label).set_value(value).run()
    assert not app.exception


def test_where_the_patients_of_a_practice_live(page, said):
    app = _upload(page, FILE)
    words = said(app)
    assert "patients.csv: 15,000 patients" in words
    assert "has 3,020 registered patients; 20 of them live outside the place" in words
    assert app.dataframe[0].value["patients"].tolist() == [1500, 1500]


def test_a_closure_and_a_move_are_explained_with_a_page_to_download(page, said):
    app = _upload(page, FILE)
    _choose(app, "What if", "It shuts")
    words = said(app)
    assert "3,020 patients, 20 of them from outside the place" in words
    labels = {one.proto.label for one in app.get("download_button")}
    assert {"Download one page (HTML)", "Download one page (Word)"} <= labels
    _choose(app, "Practices that shut at the same time", ["S1"])
    assert "6,020 patients" in said(app)
    _choose(app, "What if", "It moves to another site")
    _choose(app, "Site that it moves to", "S4")
    assert "moves to House" in said(app)


def test_a_wrong_file_and_records_of_patients_are_refused_in_words(page, said):
    assert "is missing" in said(_upload(page, "a,b\n1,2\n")) or "column" in said(page)
    words = said(_upload(page, "nhs_number,LSOA_CODE,patients\n9434765919,E01000000,1\n"))
    assert "looks like data about patients" in words
    assert "15,000 patients" in said(_upload(page, FILE))
