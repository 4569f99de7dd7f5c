import hashlib

import numpy as np
import pytest
from scipy import sparse

from nhcplanner.base.hashing import feed_hash, hash_file


def digest(value):
    made = hashlib.sha256()
    feed_hash(made.update, value)
    return made.hexdigest()


def test_a_file_has_the_published_hash_of_its_bytes(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    # FIPS 180-4, example of SHA-256; RFC 1321, test suite of MD5
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_file(path) == known
    assert hash_file(path, "md5") == "900150983cd24fb0d6963f7d28e17f72"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        (np.arange(3), np.array([0, 9, 1, 9, 2])[::2], True),
        (np.arange(3), np.arange(3.0), False),
        (np.zeros((2, 3)), np.zeros((3, 2)), False),
        (sparse.csr_array(np.eye(2)), sparse.csr_array(np.eye(2)[::-1]), False),
        (sparse.csr_array((1, 4)), sparse.csr_array((1, 5)), False),
        (None, "None", False),
    ],
)
def test_equal_values_and_only_those_have_equal_hashes(one, other, same):
    assert (digest(one) == digest(other)) is same
