"""A greedy or hostile upload gets one sentence on the page, and the app goes on."""

from __future__ import annotations

import pytest

from nhcplanner.base import limited_reader
from tests.unit.layers.readers.hostile import SECRET, vrt

pytestmark = pytest.mark.pages
PLAIN = b"site_id,site_name,kind,status,easting,northing\nz1,One,library,candidate,401500,300500\n"


@pytest.fixture(autouse=True)
def _none_left():
    yield
    limited_reader.close()


def _given(app, name, content) -> str:
    """Upload a file; give the tables that the page then shows, and its words of success."""
    app.file_uploader[0].set_value((name, content, "application/octet-stream")).run()
    assert not app.exception
    shown = [str(one.value.to_dict()) for one in app.dataframe]
    labels = [one.label for one in app.button]
    return " ".join([*shown, *labels, *(one.value for one in (*app.success, *app.error))])


@pytest.mark.filterwarnings("default")
def test_uploads_that_want_too_much_leave_the_page_as_it_is(opened, tmp_path, monkeypatch):
    secret = tmp_path / "secret.csv"
    secret.write_text(f"name,easting,northing\n{SECRET},401500,300500\n", encoding="utf-8")
    app = opened("sites")
    said = _given(app, "sites.geojson", vrt(secret).encode())
    assert "it is not a geojson file" in said
    assert SECRET not in said
    wide = ",".join(f"c{n}" for n in range(1_000_000)).encode()
    assert "has 1,000,000 columns" in _given(app, "sites.csv", wide)
    with monkeypatch.context() as little:
        little.setattr(limited_reader, "MEMORY", 1_000_000)
        little.setattr(limited_reader, "MEMORY_PER_BYTE", 0)
        assert "GB of memory to read" in _given(app, "sites.csv", PLAIN * 20_000)
    assert "Add 1 site" in _given(app, "sites.csv", PLAIN)


@pytest.mark.filterwarnings("default")
def test_a_case_file_that_wants_too_much_leaves_the_page_as_it_is(opened, monkeypatch):
    app = opened("hand_in", count="3")
    app.button[0].click().run()
    many = b"".join(b"[releases.a%d]\nbacklog = 1\n" % n for n in range(30_000))
    with monkeypatch.context() as little:
        little.setattr(limited_reader, "CPU", 0.05)
        little.setattr(limited_reader, "CPU_PER_BYTE", 0)
        assert "seconds of processor time to read" in _given(app, "case.toml", many)
    assert "case.toml is used" in _given(app, "case.toml", b'author = "Estates"')
