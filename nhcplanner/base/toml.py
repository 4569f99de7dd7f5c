"""Reading of TOML, with faults that name the file."""

from __future__ import annotations

import tomllib
from typing import Any

from nhcplanner.base.errors import Fault, InputError


def read_toml(text: str, file: str) -> dict[str, Any]:
    """Read TOML text as a dictionary.

    Raises
    ------
    InputError
        If it is not valid TOML, is nested too deeply, or holds a number of thousands of digits.

    Examples
    --------
    >>> read_toml("count = 3", "scenario.toml")
    {'count': 3}
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise InputError([Fault("not valid TOML: nested too deeply", file)]) from None
    except ValueError as error:
        raise InputError([Fault(f"not valid TOML: {error}", file)]) from None
