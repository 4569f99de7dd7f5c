from importlib import import_module
from pathlib import Path

import pytest

import nhcplanner
from nhcplanner.base.lazy import lazy_names

ROOMS = ("layers", "outputs", "workflow")


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_is_at_home_and_no_module_takes_its_place(room):
    package = import_module(f"nhcplanner.{room}")
    modules = {one.stem for one in Path(package.__file__).parent.iterdir()}
    names = dir(package)
    assert names
    assert [name for name in names if not hasattr(package, name)] == []
    assert modules.isdisjoint(names)


def test_what_there_is_not_is_said_as_ever():
    with pytest.raises(AttributeError, match="no attribute 'draw'"):
        _ = nhcplanner.outputs.draw


def test_a_name_that_is_also_a_module_is_refused():
    with pytest.raises(ValueError, match="loud also name modules"):
        lazy_names("a.package", {"loud": "loud", "soft": "voices.soft"})
