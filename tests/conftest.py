"""One kind a test, by the folder it lives in; the real layers where they are to be had."""

import os
from pathlib import Path

import pytest

KINDS = ("unit", "property", "integration", "pages", "browser", "real", "live", "benchmarks")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        try:
            kind = item.path.relative_to(HERE).parts[0]
        except ValueError:
            kind = "unit"  # a doctest in the package
        if kind not in KINDS:
            raise pytest.UsageError(f"{item.path} is in no folder of a kind: {', '.join(KINDS)}")
        item.add_marker("benchmark" if kind == "benchmarks" else kind)


@pytest.fixture(scope="session")
def real() -> Path:
    """Folder of the real layers; the test is skipped where there is none."""
    folder = os.environ.get("NHCPLANNER_REAL")
    if not folder:
        pytest.skip("NHCPLANNER_REAL is not set: no real layers here")
    path = Path(folder).resolve()
    if not path.is_dir():
        pytest.fail(f"NHCPLANNER_REAL names {path}, which is not a folder")
    return path
