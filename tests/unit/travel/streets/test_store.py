import json
from dataclasses import fields, replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Network
from nhcplanner.travel.streets import store
from tests.unit.travel.conftest import RING, SQUARE


@pytest.fixture
def network(town):
    nodes = SQUARE | {5: (500, 500), 6: (600, 650)}
    ways = [RING, ([1, 5, 6, 3], {"highway": "primary", "maxspeed": "30 mph"})]
    return Network.from_pbf(town(ways, nodes, {5: {"barrier": "bollard"}}))


def test_a_network_is_read_back_equal(network, tmp_path):
    path = tmp_path / "streets.npz"
    network.save(path)
    again = Network.read(path)
    for field in fields(Network):
        before, after = getattr(network, field.name), getattr(again, field.name)
        if isinstance(before, np.ndarray):
            assert before.dtype == after.dtype
            assert np.array_equal(before, after)
        else:
            assert before == after
    assert network.barriers


def test_saving_replaces_the_old_file_and_leaves_nothing_else(network, tmp_path):
    folder = tmp_path / "place"
    folder.mkdir()
    path = folder / "streets.npz"
    path.write_bytes(b"old")
    network.save(path)
    assert [p.name for p in folder.iterdir()] == ["streets.npz"]
    assert Network.load(path).report == network.report


def test_a_failed_save_keeps_the_old_file(network, tmp_path, monkeypatch):
    path = tmp_path / "place" / "streets.npz"  # beside it, `town` writes the streets
    path.parent.mkdir()
    network.save(path)
    old = path.read_bytes()

    def fail(*_args, **_kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(InputError, match="disk full"):
        network.save(path)
    assert path.read_bytes() == old
    assert list(path.parent.iterdir()) == [path]


def test_a_file_damaged_within_is_one_clear_fault(network, tmp_path):
    path = tmp_path / "streets.npz"
    network.save(path)
    raw = bytearray(path.read_bytes())
    raw[100:200] = b"\xff" * 100
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"streets\.npz: is not a network of streets"):
        Network.load(path)


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_one_clear_fault(tmp_path, content):
    path = tmp_path / "streets.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"streets\.npz: is not a network of streets") as error:
        Network.load(path)
    assert len(error.value.faults) == 1


def test_arrays_of_something_else_are_refused(tmp_path):
    path = tmp_path / "streets.npz"
    np.savez(path, x=np.zeros(3))
    with pytest.raises(InputError, match="is not a network of streets"):
        Network.load(path)


def test_a_later_format_is_refused(network, tmp_path):
    path = tmp_path / "streets.npz"
    network.save(path)
    with np.load(path) as file:
        arrays = dict(file)
    words = json.loads(arrays["words"].tobytes()) | {"format": 99}
    arrays["words"] = np.frombuffer(json.dumps(words).encode(), dtype=np.uint8)
    np.savez(path, **arrays)
    with pytest.raises(InputError, match="format 99"):
        Network.load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        Network.load(tmp_path / "streets.npz")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", 10**6), ("target", -1), ("kind", 99), ("xy", np.nan), ("length", -1.0),
        ("bend_start", 7), ("turns", 10**6), ("paths", -1),
    ],
)  # fmt: skip
def test_arrays_that_lead_out_of_one_another_are_refused(network, tmp_path, name, value):
    """A search goes where they lead, and would end the whole process there."""
    path = tmp_path / "streets.npz"
    network = replace(network, turns=np.zeros((1, 4), dtype=int), paths=np.zeros((1, 4), dtype=int),
                      turn_kinds=[{"type": "restriction"}])  # fmt: skip
    network.save(path)
    Network.load(path)
    array = getattr(network, name).copy()
    array.flat[0] = value
    replace(network, **{name: array}).save(path)
    with pytest.raises(InputError, match=f"its {name} does not fit"):
        Network.load(path)


def test_a_file_that_unpacks_to_far_more_than_it_is_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SMALL", 1_000_000)
    path = tmp_path / "streets.npz"
    np.savez_compressed(path, words=np.zeros(20_000_000, np.uint8))
    assert path.stat().st_size < 100_000
    with pytest.raises(InputError, match=r"words\.npy, which unpacks to 1,0\d\d times its size"):
        Network.load(path)
