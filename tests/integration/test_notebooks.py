"""Each notebook runs from top to bottom on the demo place."""

import runpy
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.py"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, capsys):
    runpy.run_path(str(path))
    assert "SYNTHETIC" in capsys.readouterr().out
