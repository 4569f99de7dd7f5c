"""Pydantic's findings as faults that name their key."""

from pydantic import BaseModel, ValidationError

from nhcplanner.base.validation import faults_of


class Row(BaseModel):
    count: int
    label: str


class Sheet(BaseModel):
    rows: list[Row]


def test_every_finding_names_its_key_and_counts_from_one():
    try:
        Sheet.model_validate({"rows": [{"count": "x", "label": 3}, {"count": 1}]})
    except ValidationError as error:
        faults = faults_of(error, "a.toml", lambda item: f"Mend {item['loc'][0]}")
    assert [(f.problem, f.file, f.hint) for f in faults] == [
        ("rows 1 count must be a whole number", "a.toml", "Mend rows"),
        ("rows 1 label must be text", "a.toml", "Mend rows"),
        ("rows 2 label is missing", "a.toml", "Mend rows"),
    ]
