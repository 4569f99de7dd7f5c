"""TOML: a user's text as names and values, or the reason why it is none."""

from __future__ import annotations

import tomllib
from typing import Any

from nhcplanner.base.errors import Fault, InputError


def read_toml(text: str, file: str) -> dict[str, Any]:
    """Read TOML.

    Raises
    ------
    InputError
        For what is no TOML, is nested too deeply, or holds a number longer than any is.

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
