"""Lazily: names of a package that are imported when somebody first asks for them.

What is worked out of a place or its evidence once, and kept for as long as that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from typing import Any, TypeVar
from weakref import WeakKeyDictionary


def lazy_names(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make `__getattr__` and `__dir__` of a package, so that importing it costs next to nothing.

    Parameters
    ----------
    package
        Its `__name__`.
    homes
        Public name -> the package's module that it stands in.

    Raises
    ------
    ValueError
        For a name that is also a module's: Python puts the module in its place once imported.

    Examples
    --------
    >>> get, names = lazily("concurrent.futures", {"ThreadPoolExecutor": "thread"})
    >>> get("ThreadPoolExecutor").__module__, names()
    ('concurrent.futures.thread', ['ThreadPoolExecutor'])
    """
    twice = homes.keys() & {home.partition(".")[0] for home in homes.values()}
    if twice:
        raise ValueError(f"{package}: {', '.join(sorted(twice))} also name modules")

    def get(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    def names() -> list[str]:
        return sorted(homes)

    return get, names


Given = TypeVar("Given")
Made = TypeVar("Made")


def cached(make: Callable[[Given], Made]) -> Callable[[Given], Made]:
    """Keep what a function makes of an object that never changes."""
    kept: WeakKeyDictionary[Given, Made] = WeakKeyDictionary()

    @wraps(make)
    def made(given: Given) -> Made:
        if given not in kept:
            kept[given] = make(given)
        return kept[given]

    return made
