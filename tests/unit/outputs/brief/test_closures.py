"""The page of a closure of a practice of the demo place, as HTML, Word and tables."""

import re

import docx
import numpy as np
import pandas as pd
import pytest

from nhcplanner import layers, workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import closure_page, write_closure
from nhcplanner.outputs.brief.closures import HEIGHT, MAP, OLD, _mark_old_addresses
from nhcplanner.outputs.brief.pictures import canvas


@pytest.fixture(scope="module")
def closure():
    place = workflow.demo_place()
    practices = place.sites.loc[place.sites["kind"] == "gp_practice", "site_id"].to_numpy()
    rows = np.arange(len(place.areas)) % len(practices)
    table = pd.DataFrame({
        "practice": practices[rows], "area_code": place.areas["area_code"],
        "patients": place.areas["people"],
    })  # fmt: skip
    abroad = pd.DataFrame({"practice": practices[:1], "where": ["in Wales"], "patients": [7]})
    registered = layers.RegisteredPatients(table, abroad, (), "01JUL2026", "patients.csv")
    flows = workflow.registered_patients(
        place, registered, Scenario(engine="estimate", mode="drive")
    )
    return workflow.close_practices(
        flows, [practices[0]], {practices[1]: place.sites["site_id"][0]}
    )


@pytest.fixture(scope="module")
def files(closure, tmp_path_factory):
    return {path.name: path for path in write_closure(closure, tmp_path_factory.mktemp("c"))}


def test_page_document_and_tables_are_written_under_the_codes(closure, files):
    name = f"closure-{closure.code}"
    assert set(files) == {f"{name}.html", f"{name}.docx", f"{name}.csv", f"{name}-groups.csv",
                          f"{name}-practices.csv"}  # fmt: skip
    table = pd.read_csv(files[f"{name}.csv"])
    assert table["patients"].sum() == closure.figures["from_place"]


def test_the_page_has_figures_error_duties_and_sources(closure, files):
    html = files[f"closure-{closure.code}.html"].read_text(encoding="utf-8")
    text = re.sub(r"<[^>]+>", " ", html)
    for words in (
        f"{closure.figures['patients']:,.0f} registered patients", "SYNTHETIC",
        "7 live elsewhere", "are taken to stay with it", "section 14Z45", "section 149",
        "councils held out", "patients.csv, extract of 01JUL2026", "Open Government Licence",
        "Band of need 1 (most need)", "Deprivation fifth 1 (most deprived)",
    ):  # fmt: skip
        assert words in re.sub(r"\s+", " ", text), words
    assert html.count("<img ") == 1
    assert "<nav" not in html


def test_the_document_has_the_same_tables(closure, files):
    document = docx.Document(files[f"closure-{closure.code}.docx"])
    groups, practices = document.tables
    assert len(groups.rows) == len(closure.groups) + 1
    assert practices.rows[1].cells[0].text.startswith("1 ")


def test_the_same_closure_gives_the_same_bytes(closure, files):
    html, word = closure_page(closure)
    assert html == files[f"closure-{closure.code}.html"].read_bytes()
    assert word == files[f"closure-{closure.code}.docx"].read_bytes()


def test_the_map_reaches_the_address_today_of_a_practice_that_moves(closure):
    sites = closure.place.sites.set_index("site_id")
    (code, _), old = closure.moves[0], closure.old_addresses
    assert old["practice"].tolist() == [code]
    point = sites.geometry[code]
    assert (old["easting"][0], old["northing"][0]) == (point.x, point.y)
    with canvas(MAP[1], HEIGHT, synthetic=True) as made:
        axes = made.sheet.add_axes((0, 0, 1, 1))
        _mark_old_addresses(axes, closure)
        marks = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == OLD]
    assert marks == [[[point.x, point.y]]]
