"""What is slow to import waits until somebody needs it."""

import os
import subprocess
import sys
from importlib.resources import files

import pytest

SLOW = {"matplotlib", "docx", "osmnx", "numba", "networkx", "sqlalchemy", "distributed"}
DRAWING = {"folium", "altair", "pydeck"}
ASKED = {"httpx", "scipy.optimize", "scipy.spatial", "xlsxwriter"}
"""What only those need who fetch, build, plan, measure or hand in."""
LATER = {"nhcplanner.explore", "nhcplanner.outputs.export_formats", "nhcplanner.layers.fetch"}

SCRIPT = files("nhcplanner.pages") / "script.py"
FIRST_PAGE = f"""
from streamlit.testing.v1 import AppTest
from nhcplanner.pages.session import owner
owner.current_owner = lambda: "0" * 32  # there is no browser here, and so no cookie
page = AppTest.from_file({str(SCRIPT)!r}, default_timeout=120).run()
assert not page.exception and page.metric[0].value == "350,000"
"""


def imported(code, **environment) -> set[str]:
    """Names of all modules that a new process has once some code has run."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('\\n', *sys.modules)"],
        capture_output=True, text=True, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("nhcplanner.cli.commands", SLOW | {"folium", "altair", "pydeck", "streamlit"}),
        ("nhcplanner.pages", SLOW | DRAWING | ASKED | LATER),
        ("nhcplanner.pages.access", SLOW),
    ],
)
def test_importing_leaves_slow_libraries_alone(module, absent):
    assert absent & imported(f"import {module}") == set()


def test_the_first_page_of_the_demo_needs_nothing_slow(tmp_path):
    folders = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert (SLOW | DRAWING | ASKED | LATER) & imported(FIRST_PAGE, **folders) == set()


@pytest.mark.parametrize(
    "words", ["--help", "--version", "plan --help", "waves --help", "check --help"]
)
def test_help_imports_no_data_frames(words):
    lines = (
        f"import sys; sys.argv = ['nhcplanner', *{words.split()!r}]",
        "from nhcplanner.cli import main",
        "try: main()",
        "except SystemExit: pass",
    )
    assert {"pandas", "pulp", "scipy"} & imported("\n".join(lines)) == set()


def test_the_command_that_opens_the_app_imports_little_before_its_server():
    absent = {"geopandas", "scipy", "pulp", "pandera", "streamlit", "nhcplanner.models"}
    assert absent & imported("import nhcplanner.cli.app_command") == set()
