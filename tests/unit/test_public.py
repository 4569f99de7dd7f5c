"""The public face: every name loads, is documented, and importing the package loads none."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import nhcplanner


@pytest.mark.parametrize("name", nhcplanner.__all__)
def test_a_public_name_loads_and_is_documented(name):
    found = getattr(nhcplanner, name)
    if isinstance(found, Mapping):
        assert all(model.words for model in found.values())
    else:
        assert inspect.getdoc(found)


def test_types_are_told_for_the_very_names_that_load():
    tree = ast.parse(Path(nhcplanner.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    told = {
        alias.name: node.module.removeprefix("nhcplanner").lstrip(".")
        for node in block.body
        for alias in node.names
    }
    assert told == {"explore": "", **nhcplanner._HOMES}
    assert sorted(told) == sorted(nhcplanner.__all__)


def test_a_name_that_there_is_not_is_told():
    with pytest.raises(AttributeError, match="no attribute 'plann'"):
        nhcplanner.plann  # noqa: B018


def test_importing_the_package_loads_no_library():
    code = "import sys, nhcplanner; print([m for m in ('numpy', 'pandas') if m in sys.modules])"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"


def test_old_names_work_and_say_once_what_they_are_called_now(monkeypatch):
    for old, new in nhcplanner._OLD_NAMES.items():
        with pytest.warns(DeprecationWarning, match=f"nhcplanner.{new}"):
            found = getattr(nhcplanner, old)
        assert found is getattr(nhcplanner, new)
        assert getattr(nhcplanner, old) is found  # no second warning: one would be an error
        monkeypatch.delitem(vars(nhcplanner), old)
