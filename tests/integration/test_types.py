"""Types: what checkers and editors see of the package's public names."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = """
import nhcplanner as nhc
from nhcplanner import Problem, Scenario, workflow

scenario = Scenario(title="Six", count=6, reach=15, keep=("A1",), budget=None)
reveal_type(Scenario(count=6))
reveal_type(nhc.sweep)
reveal_type(nhc.pose)
reveal_type(nhc.explore.losses)
reveal_type(workflow.measure)
Scenario(cuont=6)
nhc.plann
"""


@pytest.mark.integration
@pytest.mark.timeout(900)
def test_the_package_is_strictly_typed_and_its_public_names_need_no_plugin(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    assert "plugins" not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "nhcplanner",
         str(script)],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    own = [line for line in run.stdout.splitlines() if line.startswith("nhcplanner")]
    assert own == []
    lines = [line.partition(": ")[2] for line in run.stdout.splitlines()]
    revealed = [line.partition('"')[2] for line in lines if "Revealed type" in line]
    assert revealed[0] == 'nhcplanner.domain.scenario.Scenario"'
    assert all(line.startswith("def (") and "Any" not in line.split(" -> ")[-1]
               for line in revealed[1:])  # fmt: skip
    assert len(revealed) == 5
    errors = [line for line in lines if line.startswith("error")]
    assert len(errors) == 2, run.stdout
    assert 'Unexpected keyword argument "cuont"' in errors[0]
    assert 'Module has no attribute "plann"' in errors[1]


def test_the_package_is_marked_as_typed_and_every_lazy_package_has_its_stub():
    package = ROOT / "nhcplanner"
    assert (package / "py.typed").is_file()
    lazy = [path for path in package.rglob("__init__.py") if "attach_stub" in path.read_text()]
    assert len(lazy) > 4
    assert all(path.with_suffix(".pyi").is_file() for path in lazy)
