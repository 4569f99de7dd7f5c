import signal

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.outputs.gis.round_trip import arrived, short_names
from nhcplanner.outputs.hand_in import write_handin

resource = pytest.importorskip("resource", reason="no limits on the size of a file here")


@pytest.fixture
def room():
    """Lets no file grow beyond some bytes, as a disk that fills does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_short_names_differ_whatever_their_case():
    names = ["Minutes_before", "minutes_before", "minutes_after", "x"]
    found = short_names(names)
    assert list(found) == names
    assert len({one.lower() for one in found.values()}) == 4
    assert max(map(len, found.values())) == 10


def test_a_file_with_too_few_rows_is_found_out(evidence, tmp_path):
    write_handin(evidence, tmp_path, ["geojson"])
    path = tmp_path / "geojson" / "areas.geojson"
    arrived(path, 12)
    with pytest.raises(OSError, match="12 of 13 rows"):
        arrived(path, 13)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(OSError, match="0 of 12 rows"):
        arrived(path, 12)


@pytest.mark.parametrize("form", ["gpkg", "geojson", "shp", "kml", "parquet", "csv"])
def test_a_disk_that_fills_leaves_the_earlier_hand_in_whole(evidence, tmp_path, room, form):
    files = write_handin(evidence, tmp_path, [form])
    before = {path: path.read_bytes() for path in files}
    largest = max(len(held) for path, held in before.items() if path.name != "plan.json")
    for most in (largest - 20, largest // 2):
        room(most)
        with pytest.raises(InputError, match="cannot be written"):
            write_handin(evidence, tmp_path, [form])
        assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
