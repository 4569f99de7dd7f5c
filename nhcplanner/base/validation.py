"""TOML as dictionaries, and errors of pydantic as faults."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nhcplanner.base.errors import Fault, InputError

WORDS = {
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must hold keys and values",
    "dataclass_type": "must hold keys and values",
    "missing": "is missing",
    "missing_argument": "is missing",
    "unexpected_keyword_argument": "is not a known key",
    "extra_forbidden": "is not a known key",
}
"""Words for each kind of pydantic's errors; other kinds keep pydantic's own sentence."""


def faults_of(
    error: ValidationError, file: str = "", hint: Callable[[ErrorDetails], str] | None = None
) -> list[Fault]:
    """Convert each of pydantic's errors to a fault that names its key.

    Parameters
    ----------
    error
        The error that pydantic raises.
    file
        Name of the file, for the messages.
    hint
        Returns the hint for one error; no hints by default.
    """
    return [
        Fault(f"{key_of(item)} {_words(item)}", file, hint=hint(item) if hint else "")
        for item in error.errors()
    ]


def key_of(item: ErrorDetails) -> str:
    """Return the key of an error, e.g. "sources 1 rows"; positions count from 1.

    Examples
    --------
    >>> key_of({"type": "missing", "loc": ("sources", 0, "title"), "msg": "", "input": None})
    'sources 1 title'
    """
    return " ".join(str(part + 1) if isinstance(part, int) else str(part) for part in item["loc"])


def _words(item: ErrorDetails) -> str:
    return WORDS.get(item["type"], f"is not valid: {item['msg']}")


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
