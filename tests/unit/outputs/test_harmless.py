import pandas as pd
import pytest

from nhcplanner.outputs.harmless import file_name, harmless, harmless_frame


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_text_that_a_spreadsheet_would_run_is_put_behind_an_apostrophe(start):
    assert harmless(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("fine", [-3.5, 0, None, "", "Mill - Lane", "a=b", True])
def test_numbers_and_plain_text_are_left_alone(fine):
    assert harmless(fine) is fine


def test_heads_are_made_harmless_too():
    found = harmless_frame(pd.DataFrame({"=a": ["+b"], "n": [-1.0]}))
    assert found.columns.tolist() == ["'=a", "n"]
    assert found.iloc[0].tolist() == ["'+b", -1.0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kent/Medway\\West: A*B?", "Kent-Medway-West- A-B-.xlsx"),
        ("CON", "_CON.xlsx"),
        ("nul.txt", "_nul.txt.xlsx"),
        ("com1", "_com1.xlsx"),
        (" .. ", "unnamed.xlsx"),
        ("", "unnamed.xlsx"),
        ("\N{HOSPITAL} Leeds", "\N{HOSPITAL} Leeds.xlsx"),
        ("a\x00b\nc", "a-b-c.xlsx"),
    ],
)
def test_file_names_that_every_disk_takes(text, name):
    assert file_name(text, ".xlsx") == name


def test_a_long_name_is_cut_between_letters_and_can_be_written(tmp_path):
    name = file_name("\N{HOSPITAL}" * 300, ".csv")
    assert len(name.encode()) <= 84
    (tmp_path / name).write_text("x")
