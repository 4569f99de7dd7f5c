"""Functions compiled by numba, the optional `fast` extra; import this module only when needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compile_function(function: Function) -> Function:
    """Compile a function to run without Python's lock.

    numba caches the machine code beside the source file, or in the user's own folder if that is
    read-only; if neither can be written, the function is compiled in each process.
    """
    try:
        result = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        result = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("Function", result)


def inlined(function: Function) -> Function:
    """Compile a small function into its callers: a call would cost more than its work."""
    return cast("Function", numba.njit(inline="always", error_model="numpy")(function))
