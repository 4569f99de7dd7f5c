import gc
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import nhcplanner
from nhcplanner.base.lazy import cache_by_identity

ROOT = Path(nhcplanner.__file__).parent
STUBS = sorted(
    ".".join(("nhcplanner", *path.parent.relative_to(ROOT).parts))
    for path in ROOT.rglob("__init__.pyi")
)


@pytest.mark.parametrize("name", STUBS)
def test_every_lazy_name_loads_and_no_module_takes_its_place(name):
    package = import_module(name)
    modules = {one.stem for one in Path(package.__file__).parent.iterdir()}
    names = dir(package)
    assert names
    assert [name for name in names if not hasattr(package, name)] == []
    values = [name for name in names if not isinstance(getattr(package, name), ModuleType)]
    assert modules.isdisjoint(values)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="draw"):
        _ = nhcplanner.outputs.draw


class Thing:
    pass


def test_a_value_is_computed_once_for_each_object_and_dropped_with_it():
    calls = []

    @cache_by_identity
    def number(thing):
        calls.append(1)
        return len(calls)

    one, other = Thing(), Thing()
    assert (number(one), number(one), number(other)) == (1, 1, 2)
    del one
    gc.collect()
    assert len(calls) == 2
    assert number(Thing()) == 3
