"""Files are read in this process here, except in the tests of the reading process itself."""

from collections.abc import Iterator

import pytest

from nhcplanner.base.limited_reader import in_process


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.path.parent.name == "base":
        yield
        return
    with in_process():
        yield
