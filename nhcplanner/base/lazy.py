"""Values that are computed when they are first needed, and then reused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

Key = TypeVar("Key")
Value = TypeVar("Value")


def cache_by_identity(compute: Callable[[Key], Value]) -> Callable[[Key], Value]:
    """Cache a value for each immutable object, as long as the object exists.

    Unlike `functools.cache`, this compares objects by identity and does not keep them alive.

    Parameters
    ----------
    compute
        A function of one argument, which must be hashable and allow weak references.
    """
    values: WeakKeyDictionary[Key, Value] = WeakKeyDictionary()

    @wraps(compute)
    def value_of(key: Key) -> Value:
        if key not in values:
            values[key] = compute(key)
        return values[key]

    return value_of
