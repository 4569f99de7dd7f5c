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


def test_the_stub_has_every_old_name_as_an_alias_of_its_new_one():
    stub = Path(nhcplanner.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    aliases = {
        node.targets[0].id: node.value.id
        for node in ast.parse(stub).body
        if isinstance(node, ast.Assign)
    }
    assert aliases == nhcplanner._OLD_NAMES


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="plann"):
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
