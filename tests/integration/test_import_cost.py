"""What is slow to import waits until somebody needs it."""

import subprocess
import sys

import pytest

from nhcplanner import outputs

SLOW = {"matplotlib", "docx", "osmnx", "numba", "networkx", "sqlalchemy", "distributed"}
DRAWING = {"folium", "streamlit_folium", "altair", "pydeck"}


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("nhcplanner.cli", SLOW | {"folium", "altair", "pydeck", "streamlit"}),
        ("nhcplanner.pages", SLOW | DRAWING),
        ("nhcplanner.pages.start", SLOW | DRAWING),
        ("nhcplanner.pages.access", SLOW),
    ],
)
def test_importing_leaves_slow_libraries_alone(module, absent):
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert absent & set(done.stdout.split()) == set()


def test_every_public_output_is_there():
    assert all(callable(getattr(outputs, name)) for name in ("write_handin", "plan_map", "words"))
    assert set(outputs.WRITERS) >= {"docx", "xlsx"}
    with pytest.raises(AttributeError, match="no attribute 'draw'"):
        _ = outputs.draw
