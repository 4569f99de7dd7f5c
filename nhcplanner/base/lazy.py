"""Values that are computed when they are first needed, and then reused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

Given = TypeVar("Given")
Value = TypeVar("Value")


def cached(compute: Callable[[Given], Value]) -> Callable[[Given], Value]:
    """Compute a value of an immutable object once, and reuse it as long as the object lives.

    Unlike `functools.cache` this compares objects by identity and keeps none of them alive.

    Parameters
    ----------
    compute
        A function of one argument, which must be hashable and allow weak references.
    """
    values: WeakKeyDictionary[Given, Value] = WeakKeyDictionary()

    @wraps(compute)
    def value_of(given: Given) -> Value:
        if given not in values:
            values[given] = compute(given)
        return values[given]

    return value_of
