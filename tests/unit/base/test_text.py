import pytest

from nhcplanner.base.text import bare, plural, shortened, simple_name, suggest


@pytest.mark.parametrize(
    ("names", "most", "words"),
    [([], 3, ""), (["a", "b", "c"], 3, "a, b, c"), (range(1_500), 2, "0, 1 and 1,498 more")],
)
def test_many_names_are_shortened(names, most, words):
    assert shortened(names, most) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 sites"), (1, "1 site"), (2_000, "2,000 sites")]
)
def test_a_count_agrees_with_its_noun(number, words):
    assert plural(number, "site") == words


@pytest.mark.parametrize(
    ("name", "simple"),
    [("  LSOA 2021 (code) ", "lsoa_2021_code"), ("é!", ""), ("already_simple", "already_simple")],
)
def test_a_column_name_is_normalised(name, simple):
    assert simple_name(name) == simple


@pytest.mark.parametrize(
    ("name", "names", "hint"),
    [
        ("Reech", ["reach", "count"], "Did you mean reach?"),
        ("HLE", ["hle", "imd"], "Did you mean hle?"),
        ("x", [], "There are: none"),
        ("x", [f"name{n:02}" for n in range(14)],
         f"There are: {', '.join(f'name{n:02}' for n in range(12))} and 2 more"),
    ],
)  # fmt: skip
def test_a_wrong_name_gets_the_closest_or_a_list(name, names, hint):
    assert suggest(name, names) == hint


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("E0100\u200b0001", "E01000001"),
        ("\ufeff1,200\u00a0", "1,200"),
        ("\u200e-5\u200e", "-5"),
        (" candidate\u200b ", "candidate"),
        ("Mill\u200bStreet\u200dHall\ufeff", "Mill\u200bStreet\u200dHall\ufeff"),
        ("Hall 👩\u200d⚕️", "Hall 👩\u200d⚕️"),
        ("\u202ecanary\u200bx 4", "\u202ecanary\u200bx 4"),
        ("\u200b=1+1", "\u200b=1+1"),
    ],
)
def test_codes_lose_invisible_characters_and_names_keep_them(cell, text):
    assert bare(cell) == text
