"""place.toml says what it must, and a wrong one says where."""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers.place_folder.manifest import from_toml

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
    }


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("vintage = 3", "vintage must be text, not 3"),
        ('synthetic = "no"', "synthetic must be true or false"),
        ('notes = "one"', "notes must be a list of texts"),
        ("sources = 3", r"sources must be tables, each \[\[sources\]\]"),
        ('[[sources]]\nlayer = "areas"', "source 1 has a wrong or missing title"),
        ('[[sources]]\nlayer = "a"\ntitle = "t"\nrows = "5"', "wrong or missing rows"),
        ('[[sources]]\nlayer = "a"\ntitle = "t"\nlicense = "5"', "wrong or missing license"),
    ],
)
def test_a_wrong_value_is_told(more, words):
    with pytest.raises(InputError, match=words):
        from_toml(SOUND + more)
