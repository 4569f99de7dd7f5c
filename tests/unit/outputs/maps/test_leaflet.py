import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.outputs.maps.leaflet import (
    ADDRESS,
    CREDIT,
    Tiles,
    background_in_words,
    tiles,
)

GOOD = "https://tiles.example.org/road/{z}/{x}/{y}.png?key=abc"
SET = {ADDRESS: GOOD, CREDIT: "Tiles <of> Example"}


def test_none_unless_set():
    assert tiles({}) is None
    assert tiles({ADDRESS: "  ", CREDIT: "Example"}) is None
    assert "no other machine is asked" in background_in_words({})


def test_a_good_address_is_taken_with_its_credit():
    found = tiles(SET)
    assert found == Tiles(GOOD, "Tiles <of> Example")
    assert found.host == "tiles.example.org"
    assert "background from tiles.example.org (Tiles <of> Example)" in background_in_words(SET)


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org/{z}/{z}/{x}.png",
        "https://{z}.example.org/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://[::1/{z}/{x}/{y}.png",
        "https://{s}.tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png'); alert(1)//",
        "javascript:alert(1)//{z}/{x}/{y}",
        "file:///etc/{z}/{x}/{y}",
    ],
)
def test_any_other_address_is_refused_and_none_is_asked(address):
    with pytest.raises(InputError, match=f"{ADDRESS} is no address of tiles"):
        tiles({**SET, ADDRESS: address})
    words = background_in_words({**SET, ADDRESS: address})
    assert words.startswith("Maps have no background from elsewhere")
    assert f"{ADDRESS} is no address of tiles" in words


def test_tiles_without_credit_are_refused():
    with pytest.raises(InputError, match=f"{CREDIT} is not set"):
        tiles({ADDRESS: GOOD})


def test_neither_key_nor_password_is_shown():
    found = tiles({ADDRESS: "https://me:pa55word@tiles.example.org/{z}/{x}/{y}.png?key=k3y",
                   CREDIT: "Tiles of Example"})  # fmt: skip
    assert found.host == "tiles.example.org"
    assert "pa55word" not in repr(found)
    assert "k3y" not in repr(found)
