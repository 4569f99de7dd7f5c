"""place.toml says what it must, and a wrong one says where."""

from dataclasses import replace

import pytest

from nhcplanner import demo_place
from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import ColumnIntake, FileIntake
from nhcplanner.layers.place_folder.manifest import from_toml, to_toml

SOUND = 'format = 1\nname = "x"\n'


def test_what_is_left_out_is_empty():
    assert from_toml(SOUND) == {
        "name": "x",
        "index_name": "",
        "vintage": "",
        "origins_basis": "",
        "synthetic": False,
        "notes": (),
        "sources": (),
        "intake": (),
        "projection": None,
        "layers": {},
    }


def test_an_intake_record_is_read_back_equal():
    column = ColumnIntake("Cost (£m)", "cost", "millions", ("1.2 -> 1200000",))
    record = FileIntake("a.csv", "sites", columns=(column, ColumnIntake("x")), rows_read=3)
    record = record.with_event("doubt", "two rows look alike", 1, ["rows 2 and 3"])
    place = replace(demo_place(), intake=(record, FileIntake("b.doc", passed_over="no table")))
    assert from_toml(to_toml(place))["intake"] == place.intake
    assert from_toml(to_toml(place))["sources"] == place.sources


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("vintage = 3", "vintage must be text"),
        ('synthetic = "no"', "synthetic must be true or false"),
        ('notes = "one"', "notes must be a list"),
        ("sources = 3", "sources must be a list"),
        ('[[sources]]\nlayer = "areas"', "sources 1 title is missing"),
        (
            '[[sources]]\nlayer = "a"\ntitle = "t"\nrows = "5"',
            "rows must be a whole number",
        ),
        (
            '[[sources]]\nlayer = "a"\ntitle = "t"\nlicense = "5"',
            "unknown key 'sources 1 license'",
        ),
    ],
)
def test_a_wrong_value_is_named(more, words):
    with pytest.raises(InputError, match=words):
        from_toml(SOUND + more)


@pytest.mark.parametrize(
    ("key", "near"), [("source", "sources"), ("Notes", "notes"), ("vintages", "vintage")]
)
def test_a_misspelt_key_is_refused(key, near):
    with pytest.raises(InputError, match=f"{key} is not a known key. Did you mean {near}?"):
        from_toml(f'{SOUND}{key} = "x"')


def test_other_unknown_keys_are_named_in_the_intake_record():
    found = from_toml(f'{SOUND}colour = "blue"\n[about]\na = 1\n')
    assert [one.summary() for one in found["intake"]] == [
        "in place.toml: about, colour: not used, not keys of a place"
    ]
