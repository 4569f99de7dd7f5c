"""Compile functions with numba, the result kept on disk where some folder can be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile without Python's lock.

    numba keeps its result beside the code, or in the user's own folder where the package's can
    only be read; where neither can be written the function is compiled anew each time.
    """
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast(Function, made)


def inlined(function: Function) -> Function:
    """Copy a small function into the compiled ones that call it; a call costs more than it does."""
    return cast(Function, numba.njit(inline="always", error_model="numpy")(function))
