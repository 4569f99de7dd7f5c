"""Brief: hostile names, no plan, hardly any evidence; what is said of losers and of price."""

from dataclasses import replace

import docx
import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.case import Case
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs.brief import board, write_page, write_word
from nhcplanner.outputs.brief.documents import content, widths
from nhcplanner.outputs.brief.figures import plan_map
from nhcplanner.outputs.brief.parts import Bullets, Paragraph, Table
from nhcplanner.outputs.brief.prose import listed
from nhcplanner.outputs.tables import explain

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
    assert "There is no plan, so no risk was tested." in said


def test_a_plan_without_priority_is_compared_with_no_other(outcome):
    why = "The plan puts no band of need first, so priority has no price in it"
    losers = _losers().iloc[:0]
    said = list(_texts(content(Evidence(outcome, losers=losers, reasons={"price": why}))))
    assert f"{why}." in said
    assert not any("Not known: The plan puts" in text for text in said)
    assert "No area is farther from a centre than today." in said


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


def test_columns_are_as_wide_as_their_longest_word():
    table = Table("t", ("Site", "People"), (("x" * 300, "1"), ("y", "23,456")), (False, True))
    site, people = widths(table)
    assert site > 3 * people
    assert people > 6 * 1.9  # six bold letters of 8 points in a wide font
    assert site + people == pytest.approx(174)


def test_no_heading_of_many_columns_is_broken():
    heads = (
        "Option", "Centres", "People within reach", "Of the first band", "Mean minutes",
        "Capital, as given", "Capital, appraised", "Running cost a year", "Whole cost",
    )  # fmt: skip
    row = ("Business as usual", "14", "240,015", "95,916", "29.5", *["£60,000,000"] * 4)
    for head, width in zip(heads, widths(Table("t", heads, (row,), (True,) * 9)), strict=True):
        assert width > 1.9 * max(map(len, head.split())) + 2, head


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


def test_people_on_the_edge_of_a_band_are_counted(outcome):
    place = outcome.place
    areas = place.areas.copy()
    areas["hle"] = np.where(np.arange(len(areas)) < len(areas) - 1, 50.04, 60.0)
    areas["people"] = 100
    band = pd.Series(np.where(np.arange(len(areas)) < 2, 1, 2), areas.index)
    need = replace(outcome.assessment.need, by="hle", band=band)
    changed = replace(
        outcome,
        place=replace(place, areas=areas),
        assessment=replace(outcome.assessment, need=need),
    )
    (edge,) = explain.edges(Evidence(changed)).to_dict("records")
    assert (edge["band"], edge["years"], edge["above"]) == (1, 50.0, 200)
    assert edge["below"] == 100 * (len(areas) - 3)
    areas.loc[band == 1, "hle"] = 40.0
    assert explain.edges(Evidence(changed)).empty


def test_the_first_page_says_who_made_it_when_and_how_to_verify(outcome):
    said = list(_texts(content(Evidence(outcome, case=Case(author="Estates"), date="2026-11-30"))))
    (imprint,) = [one for one in said if one.startswith("Plan of 2026-11-30.")]
    assert "Version: to be filled in. Author: Estates." in imprint
    assert imprint.endswith("nhcplanner verify HAND_IN.")


def test_every_protected_characteristic_is_named(outcome):
    tables = [
        part
        for section in content(Evidence(outcome)).sections
        for part in section.parts
        if isinstance(part, Table) and part.caption.endswith("section 4)")
    ]
    (table,) = tables
    assert [row[0] for row in table.rows] == [
        "Age", "Disability", "Sex", "Race", "Religion or belief", "Sexual orientation",
        "Gender reassignment", "Pregnancy and maternity", "Marriage and civil partnership",
    ]  # fmt: skip
    assert all(len(row[1]) > 20 for row in table.rows)


def test_the_question_states_every_rule(outcome):
    scenario = outcome.scenario.model_copy(update={"min_distance_m": 1000.0, "split": True})
    said = list(_texts(content(Evidence(replace(outcome, scenario=scenario)))))
    asked = [one for one in said if "1,000 m apart" in one]
    assert len(asked) == 2
    assert all("People of one area may be sent to different centres." in one for one in asked)


def test_a_price_that_the_time_limit_left_unknown_is_not_known(outcome):
    reasons = {"price": "The time limit was reached"}
    losers = pd.DataFrame(columns=TABLES["losers"].names)
    texts = list(_texts(content(Evidence(outcome, losers=losers, reasons=reasons))))
    assert "Not known: the time limit was reached." in texts


def test_the_price_is_told_with_what_it_buys(outcome):
    rows = [("1", 100.0, 60.0, -40.0), ("all", 300.0, 390.0, 90.0)]
    price = pd.DataFrame(rows, columns=TABLES["price"].names)
    (said,) = board.price(Evidence(outcome, price=price, reasons={"price": "Not proved"}))
    assert said.text == (
        "Serving the worst-off first means that 90 fewer people are within reach: 300 instead of "
        "390 under the same rules without priority. In return, 40 more people of band 1 are within "
        "reach. Not proved."
    )


def test_a_price_of_no_reach_has_the_money_of_both_plans_beside_it(outcome):
    rows = [("1", 60.0, 60.0, 0.0), ("all", 300.0, 300.0, 0.0)]
    price = pd.DataFrame(rows, columns=TABLES["price"].names)
    options = pd.DataFrame([dict.fromkeys(TABLES["options"].names, np.nan) for _ in range(2)])
    options = options.assign(option=["The plan", "Most people"], discounted=[5e6, 4e6])
    (words,) = board.price(Evidence(outcome, price=price, options=options))
    assert words.text == (
        "Serving the worst-off first costs no reach: as many people are reached without it. "
        "Compared like for like, the plan's whole cost is £5,000,000 and that of the plan without "
        "priority £4,000,000, discounted."
    )
    (same,) = board.price(Evidence(outcome, price=price, options=options[:1]))
    assert same.text.endswith("The plan without priority opens the same centres.")


def test_a_place_that_names_no_centre_of_today_is_warned_of(outcome):
    sites = outcome.place.sites.assign(status="candidate")
    without = replace(outcome, place=replace(outcome.place, sites=sites))
    warning = "marks no centre as open today"
    assert any(warning in text for text in _texts(content(Evidence(without))))
    assert not any(warning in text for text in _texts(content(Evidence(outcome))))


def test_a_cost_that_is_not_known_is_left_to_the_icb(outcome):
    option = dict.fromkeys(TABLES["options"].names, np.nan)
    option |= {"option": "The plan", "new_centres": 2, "without_cost": 1, "words": ""}
    evidence = Evidence(outcome, options=pd.DataFrame([option]))
    assert (
        "No capital is requested here: the capital of 1 of 2 centres to open, committed or new, "
        "is not known: to be filled in by the ICB." in _texts(content(evidence))
    )
