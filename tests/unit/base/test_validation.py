"""Pydantic's findings as faults that name their key."""

import pytest
from pydantic import BaseModel, ValidationError

from nhcplanner.base.errors import InputError
from nhcplanner.base.validation import faults_of, read_toml


class Row(BaseModel):
    count: int
    label: str


class Sheet(BaseModel):
    rows: list[Row]


def test_every_finding_names_its_key_and_counts_from_one():
    try:
        Sheet.model_validate({"rows": [{"count": "x", "label": 3}, {"count": 1}]})
    except ValidationError as error:
        faults = faults_of(error, "a.toml", hint=lambda item: f"Mend {item['loc'][0]}")
    assert [(f.problem, f.file, f.hint) for f in faults] == [
        ("rows 1 count must be a whole number, but is 'x'", "a.toml", "Mend rows"),
        ("rows 1 label must be text, but is 3", "a.toml", "Mend rows"),
        ("rows 2 label is missing", "a.toml", "Mend rows"),
    ]


def test_toml_becomes_names_and_values():
    assert read_toml('a = 1\n[b]\nc = ["x"]', "f.toml") == {"a": 1, "b": {"c": ["x"]}}


@pytest.mark.parametrize("text", ["a = ", "a = 1\na = 2", "[" * 9_000, "a = " + "1" * 5_000])
def test_what_is_not_toml_is_one_fault_with_the_file(text):
    with pytest.raises(InputError, match=r"^f\.toml: not valid TOML") as caught:
        read_toml(text, "f.toml")
    assert len(caught.value.faults) == 1
