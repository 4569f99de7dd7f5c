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
