"""Brief: hostile names, no plan, hardly any evidence; what is said of losers and of price."""

from dataclasses import replace

import docx
import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs.brief import board, write_page, write_word
from nhcplanner.outputs.brief.facts import listed
from nhcplanner.outputs.brief.figures import plan_map
from nhcplanner.outputs.brief.page import content
from nhcplanner.outputs.brief.parts import Bullets, Paragraph, Table
from nhcplanner.outputs.brief.word import widths

NAMES = {
    "rtl": "مركز الصحة",
    "emoji": "Surgery \U0001f3e5",
    "long": "x" * 300,
    "markup": "<b>&amp;",
}


def _texts(brief):
    for section in brief.sections:
        for part in section.parts:
            if isinstance(part, Paragraph):
                yield part.text
            elif isinstance(part, Bullets):
                yield from part.items


def _losers(**changes):
    row = {
        "against": "today",
        "area_code": "E01000001",
        "area_name": "Area 1",
        "people": 1100,
        "minutes_there": 5.0,
        "minutes_here": 25.0,
        "worse": 20.0,
        "out_of_reach": True,
    }
    return pd.DataFrame([row | changes], columns=TABLES["losers"].names)


def test_with_no_evidence_every_part_says_that_it_is_not_known(outcome):
    said = "\n".join(_texts(content(Evidence(outcome))))
    assert "Options: not known" in said
    assert "Not known: it was not asked for." in said


def test_without_a_plan_nothing_is_asked_for(infeasible):
    said = list(_texts(content(Evidence(infeasible))))
    assert said[0].startswith("There is no plan to agree. No plan keeps the rules: 3 areas")
    assert not any("agree that the" in text for text in said)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_all_kinds_survive(outcome, tmp_path, name):
    sites = outcome.place.sites.assign(site_name=name)
    evidence = Evidence(replace(outcome, place=replace(outcome.place, sites=sites)))
    write_word(evidence, tmp_path)
    tables = docx.Document(next(tmp_path.glob("*.docx"))).tables
    assert any(name in cell.text for one in tables for row in one.rows for cell in row.cells)


def test_what_no_document_may_hold_is_left_out(outcome, tmp_path):
    sites = outcome.place.sites.assign(site_name="bell\x07 and feed\x0c")
    write_word(Evidence(replace(outcome, place=replace(outcome.place, sites=sites))), tmp_path)
    tables = docx.Document(next(tmp_path.glob("*.docx"))).tables
    texts = [cell.text for one in tables for row in one.rows for cell in row.cells]
    assert "bell and feed" in texts


def test_a_name_written_leftwards_does_not_turn_its_neighbours_round():
    assert listed(["a", NAMES["rtl"], "b"]) == f"a, \u2068{NAMES['rtl']}\u2069 and b"


def test_without_a_plan_the_map_promises_no_centres(infeasible):
    assert plan_map(Evidence(infeasible)).caption == "Who comes first"


def test_columns_are_as_wide_as_what_they_hold():
    table = Table("t", ("Site", "People"), (("x" * 300, "1"), ("y", "23,456")), (False, True))
    site, people = widths(table)
    assert site / people == pytest.approx(24 / 8)
    assert site + people == pytest.approx(174)


def test_a_page_escapes_what_it_is_given(outcome, tmp_path):
    write_page(Evidence(outcome), tmp_path)
    text = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_losers_are_named_with_their_people(outcome):
    groups = pd.DataFrame(np.nan, range(1), TABLES["groups"].names, dtype=object)
    groups[["grouping", "group", "people", "within_after", "share_after"]] = [
        ("everyone", "everyone", 18_600.0, 9_300.0, 0.5)
    ]
    groups[["gained", "nearer", "share_before", "within_before"]] = [(1.0, 1.0, 0.4, 1.0)]
    sections = board.board(Evidence(outcome, losers=_losers(), groups=groups))
    (points,) = next(one for one in sections if one.title.startswith("Who loses")).parts
    assert points.items[0] == (
        "1,100 people in 1 area are farther from a centre than today, of whom 1,100 fall out of "
        "reach (estimate); most of all Area 1."
    )
    assert points.items[1].startswith("9,300 people (50.0%) are still not within 20 minutes")


def test_the_price_is_told_with_what_it_buys(outcome):
    rows = [("1", 100.0, 60.0, -40.0), ("all", 300.0, 390.0, 90.0)]
    price = pd.DataFrame(rows, columns=TABLES["price"].names)
    (said,) = board.price(Evidence(outcome, price=price, reasons={"price": "Not proved"}))
    assert said.text == (
        "Serving the worst-off first means that 90 fewer people are within reach: 300 instead of "
        "390. In return, 40 more people of band 1 are within reach. Not proved."
    )


def test_a_place_that_names_no_centre_of_today_is_warned_of(outcome):
    sites = outcome.place.sites.assign(status="candidate")
    without = replace(outcome, place=replace(outcome.place, sites=sites))
    warning = "names no centre as open today"
    assert any(warning in text for text in _texts(content(Evidence(without))))
    assert not any(warning in text for text in _texts(content(Evidence(outcome))))


def test_a_cost_that_is_not_known_is_left_to_the_icb(outcome):
    option = dict.fromkeys(TABLES["options"].names, np.nan)
    option |= {"option": "The plan", "new_centres": 2, "without_cost": 1, "words": ""}
    evidence = Evidence(outcome, options=pd.DataFrame([option]))
    assert (
        "No capital is asked for here: the capital of 1 of 2 centres to open, committed or new, "
        "is not known: to be filled in by the ICB." in _texts(content(evidence))
    )
