"""What notes say of the lowest band is worked out again from the areas."""

import pandas as pd

from nhcplanner.verify.access import band_figures, check_certainty, check_minutes
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.ledger import Ledger

AREAS = pd.DataFrame(
    {
        "area_code": ["A", "B", "C"],
        "people": [1000, 2000, 4000],
        "band": [1, 1, 2],
        "lowest_band_probability": [0.9, 0.5, 0.25],
    }
)
WORDS = (
    "Bands are uncertain because HLE of areas is modelled: of the 3,000 people in band 1, {sure} "
    "live in areas that are among the fifth with the lowest HLE with a probability of 80% or "
    "more. 1,900 are expected to be there, and 1,000 people of other bands"
)


def facts(sure: str) -> Facts:
    notes = pd.DataFrame({"about": ["note"], "words": [WORDS.format(sure=sure)]})
    return Facts(Files(record={}, tables={"areas": AREAS, "areas_wide": AREAS, "notes": notes}))


def test_figures_are_sums_of_people_and_probabilities():
    assert band_figures(facts("1,000")) == [3000, 1000, 0.9 * 1000 + 0.5 * 2000, 0.25 * 4000]


def test_a_sentence_that_the_areas_do_not_give_is_a_difference():
    for sure, wrong in (("1,000", 0), ("1,001", 1)):
        ledger = Ledger()
        check_certainty(facts(sure), ledger)
        assert len(ledger.differences) == wrong


def test_a_mode_whose_minutes_are_not_in_the_hand_in_is_left_and_no_difference():
    within = {"mode": ["walk"], "minutes": ["10"], "people_before": ["0"], "people_after": [""]}
    minutes = {"origin": ["o"], "site_id": ["A"], "mode": ["own"], "minutes": ["12"]}
    tables = {"within": pd.DataFrame(within), "minutes": pd.DataFrame(minutes)}
    ledger = Ledger()
    check_minutes(Facts(Files(tables=tables, record={"plan": {"opened": []}})), ledger)
    assert ledger.differences == []
    assert [(absent.what, absent.number) for absent in ledger.absent] == [("within: walk", 4)]
