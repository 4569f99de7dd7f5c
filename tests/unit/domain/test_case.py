import re

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.case import MINIMUM, TEMPLATE, Case


def test_the_template_is_an_empty_case_and_its_examples_can_be_read():
    empty = Case.from_toml(TEMPLATE, "case.toml")
    assert empty.model_copy(update={"ruled_out": {}}) == Case()
    full = re.sub(r"^# (?=\S+ = |\[)", "", TEMPLATE, flags=re.MULTILINE)
    found = Case.from_toml(full, "case.toml")
    assert found.appraisal.optimism_bias == 0.24
    assert found.releases["The plan"].backlog == 1e6
    assert found.fit[0].criterion in MINIMUM


def test_every_fault_is_reported_with_the_file():
    wrong = 'auther = ""\n[appraisal]\noptimism_bias = -1\n[[fit]]\nsite = "A"\nstate = "maybe"'
    with pytest.raises(InputError) as error:
        Case.from_toml(wrong, "case.toml")
    words = str(error.value)
    assert "4 problems" in words
    assert "Did you mean author?" in words
    assert words.count("case.toml") == 4


def test_each_fault_has_its_line():
    wrong = '# c\n[benefits]\nper_person = -1\n[[fit]]\nsite = "A"\ncriterion = "x"\n'
    wrong += '[[fit]]\nsite = "B"\ncriterion = "x"\nstate = "maybe"\n'
    with pytest.raises(InputError) as error:
        Case.from_toml(wrong, "case.toml")
    assert [fault.row for fault in error.value.faults] == [3, 10]
    assert "fit 2 state" in error.value.faults[1].problem


@pytest.mark.parametrize(
    "text",
    [
        '[[criteria]]\nname = "a"\n[[criteria]]\nname = "a"',
        '[[fit]]\nsite = "A"\ncriterion = "a"\n[[fit]]\nsite = "A"\ncriterion = "a"',
    ],
)
def test_what_is_stated_twice_is_refused(text):
    with pytest.raises(InputError, match="more than one"):
        Case.from_toml(text, "case.toml")


def test_entries_that_no_document_shows_are_named():
    case = Case.from_values(
        {
            "fit": [
                {"site": "A", "criterion": "b"},
                {"site": "B", "criterion": MINIMUM[0]},
                {"site": "Z", "criterion": MINIMUM[0]},
            ],
            "ruled_out": {"A": "sold", "C": "let"},
        }
    )
    assert case.unmatched({"A", "B", "C"}, {"A"}, {"C"}) == (
        "Unknown sites: Z",
        "Unknown criteria: b",
        "Judgements of sites that are no centres of the plan: B",
        "Reasons for sites that are not ruled out: A",
    )
