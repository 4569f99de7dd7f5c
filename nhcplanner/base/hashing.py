"""Hashes of files and of values that consist of numbers and text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from scipy import sparse


def hash_file(path: Path, kind: str = "sha256") -> str:
    """Hash a file, in pieces, and return the hash in hex.

    Parameters
    ----------
    path
        The file.
    kind
        Name of the hash, as in `hashlib`.
    """
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, kind).hexdigest()


def feed_hash(update: Callable[[bytes], None], value: object) -> None:
    """Feed a value to a hash so that equal values give equal hashes on every machine.

    Parameters
    ----------
    update
        The hash's `update`.
    value
        Arrays, sparse matrices and mappings of values; anything else is taken by its `repr`.

    Examples
    --------
    >>> one, other = hashlib.sha256(), hashlib.sha256()
    >>> feed_hash(one.update, {"a": np.arange(2), "b": None})
    >>> feed_hash(other.update, {"b": None, "a": np.arange(2)})
    >>> one.hexdigest() == other.hexdigest()
    True
    """
    if isinstance(value, sparse.csr_array):
        for part in (value.data, value.indices.astype(np.int64), value.indptr.astype(np.int64)):
            feed_hash(update, part)
        feed_hash(update, value.shape)
    elif isinstance(value, np.ndarray):
        update(f"{value.dtype.str}{value.shape}".encode())
        update(np.ascontiguousarray(value).tobytes())
    elif isinstance(value, Mapping):
        for name in sorted(value):
            update(str(name).encode())
            feed_hash(update, value[name])
    else:
        update(repr(value).encode())
