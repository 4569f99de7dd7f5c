"""People by year: agreeing tables pass, and a changed figure is named."""

import pandas as pd
import pytest

from nhcplanner.verify.facts import Facts, LackingError
from nhcplanner.verify.files import Files
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.years import check_years, people_drawn, people_in

OWN, PROJECTED = "the place's own people", "projection, 2022-based"


def tables() -> dict[str, pd.DataFrame]:
    ages = {"people_0_15": 0, "people_16_64": 0, "people_65_84": 0, "people_85_plus": 0}
    areas = pd.DataFrame(
        {"area_code": ["E1", "E2"] * 2, "year": [2022, 2022, 2030, 2030],
         "basis": [OWN] * 2 + [PROJECTED] * 2, "people": [100, 200, 120, 240], **ages}
    )  # fmt: skip
    years = pd.DataFrame(
        {"year": [2022, 2022, 2030, 2030], "basis": [OWN] * 2 + [PROJECTED] * 2,
         "code": ["all", "U"] * 2, "name": "", "age": "all ages", "people": [300, 300, 360, 360],
         "projection": ["", 310, "", 360], "difference": ["", -10, "", 0]}
    )  # fmt: skip
    return {
        "years": years,
        "area_years": areas,
        "areas_wide": pd.DataFrame(
            {"area_code": ["E1", "E2"], "people": [120, 240], "projection_code": "U"}
        ),
        "origins": pd.DataFrame(
            {"origin": ["a", "b", "c"], "area_code": ["E1", "E2", "E2"], "people": [120, 140, 100]}
        ),
        "origin_years": pd.DataFrame(
            {"year": 2022, "origin": ["a", "b", "c"], "people": [100, 110, 90]}
        ),
        "case_growth": pd.DataFrame({"case": ["growth draw 1"], "code": ["U"], "factor": [1.5]}),
    }


def checked(**changes) -> Ledger:
    files = {name: frame.astype(str) for name, frame in (tables() | changes).items()}
    ledger = Ledger()
    scenario = {"year": 2030, "housing": "within"}
    check_years(Facts(Files(tables=files, record={"scenario": scenario})), ledger)
    return ledger


def facts() -> Facts:
    files = {name: frame.astype(str) for name, frame in tables().items()}
    return Facts(Files(tables=files, record={"scenario": {"year": 2030}}))


def test_tables_that_agree_have_no_differences():
    assert checked().differences == []


@pytest.mark.parametrize(
    ("table", "column", "row", "what"),
    [
        ("years", "people", 2, "People by year"),
        ("years", "difference", 1, "Difference from the projection"),
        ("years", "projection", 3, "Whole units agree with the projection"),
        ("area_years", "people", 3, "People of the plan's year"),
        ("origin_years", "people", 0, "People of starting points by year"),
    ],
)
def test_a_changed_figure_is_named(table, column, row, what):
    frame = tables()[table].astype(object)
    frame.loc[row, column] = float(frame.loc[row, column]) + 7
    found = checked(**{table: frame}).differences
    assert any(one.figure.startswith(what) for one in found)


def test_people_of_years_and_draws_are_those_of_the_files():
    assert people_in(facts(), "2022").tolist() == [100, 110, 90]
    assert people_drawn(facts(), "growth draw 1").tolist() == [180, 210, 150]
    with pytest.raises(LackingError, match="no people of 2040"):
        people_in(facts(), "2040")
    with pytest.raises(LackingError, match="no factors of growth draw 2"):
        people_drawn(facts(), "growth draw 2")
