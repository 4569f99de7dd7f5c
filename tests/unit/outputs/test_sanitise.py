import pandas as pd
import pytest

from nhcplanner.outputs.sanitise import file_name, isolated, on_screen, sanitise, sanitise_frame


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_text_that_a_spreadsheet_would_run_is_put_behind_an_apostrophe(start):
    assert sanitise(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("fine", [-3.5, 0, None, "", "Mill - Lane", "a=b", True])
def test_numbers_and_plain_text_are_left_alone(fine):
    assert sanitise(fine) is fine


def test_heads_are_made_harmless_too():
    found = sanitise_frame(pd.DataFrame({"=a": ["+b"], "n": [-1.0]}))
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


@pytest.mark.parametrize("start", [" ", "\u200b", "\ufeff \u202e", "\xa0"])
def test_a_formula_behind_what_is_not_seen_is_one(start):
    assert sanitise(f"{start}=1+1") == f"'{start}=1+1"
    assert sanitise(f"{start}Hall") == f"{start}Hall"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mill\u200bStreet", "MillU+200BStreet"),
        ("\u202egnp.exe", "U+202Egnp.exe"),
        ("\u05e1\u05e4\u05e8", "\u05e1\u05e4\u05e8"),
    ],
)
def test_a_file_name_is_what_it_looks_like(text, name):
    assert file_name(text) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mill St", "Mill St"),
        ("\u05e1\u05e4\u05e8", "\u2068\u05e1\u05e4\u05e8\u2069"),
        ("\u2067hall", "\u2068\u2067hall\u2069\u2069"),
        ("a\u2069b", "\u2068\u2068a\u2069b\u2069"),
        ("caf\xe9", "caf\xe9"),
    ],
)
def test_marks_of_direction_end_within_the_text(text, shown):
    assert isolated(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x9b31m", "\\x9b31m"),
        ("abc\x08\r", "abc\\x08\\x0d"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\ud800", "\\ud800"),
        ("a\tb\nc \U0001f3e5", "a\tb\nc \U0001f3e5"),
    ],
)
def test_nothing_steers_the_terminal(text, shown):
    assert on_screen(text) == shown
