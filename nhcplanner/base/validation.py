"""TOML as dictionaries, and errors of pydantic as faults."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from nhcplanner.base.errors import SENTENCE, Fault, InputError
from nhcplanner.base.text import suggest

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
}
"""Words for each kind of pydantic's errors; other kinds keep pydantic's own sentence."""
UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")


def faults_of(
    error: ValidationError,
    file: str = "",
    keys: Iterable[str] = (),
    hint: str | Callable[[ErrorDetails], str] = "",
) -> list[Fault]:
    """Convert each of pydantic's errors to a fault that names its key.

    Parameters
    ----------
    error
        The error that pydantic raises.
    file
        Name of the file, for the messages.
    keys
        Keys that are allowed; an unknown key is reported with the closest of them.
    hint
        What to do about every other fault, or a function that returns it for one error.

    Examples
    --------
    >>> from pydantic import BaseModel, ConfigDict, ValidationError
    >>> class Tea(BaseModel):
    ...     model_config = ConfigDict(extra="forbid")
    ...     cups: int = 1
    >>> try:
    ...     Tea(cubs=2, cups="many")
    ... except ValidationError as error:
    ...     print(InputError(faults_of(error, "tea.toml", Tea.model_fields)))
    2 problems found:
    tea.toml: cups must be a whole number, but is 'many'
    tea.toml: unknown key 'cubs'. Did you mean cups?
    """
    allowed = tuple(keys)
    return [_fault_of(item, file, allowed, hint) for item in error.errors()]


def _fault_of(
    item: ErrorDetails,
    file: str,
    keys: tuple[str, ...],
    hint: str | Callable[[ErrorDetails], str],
) -> Fault:
    key, kind = key_of(item), item["type"]
    advice = hint if isinstance(hint, str) else hint(item)
    if kind == SENTENCE:
        return Fault(item["msg"], file, hint=advice)
    if kind in UNKNOWN_KEY:
        return Fault(f"unknown key '{key}'", file, hint=suggest(key, keys) if keys else advice)
    if kind == "value_error":
        message = item["msg"].removeprefix("Value error, ")
        return Fault(message, file, column=key.split(" ")[0], hint=advice)
    words = WORDS.get(kind) or item["msg"].replace("Input should", "should")
    value = item["input"]
    if not isinstance(value, (dict, list, tuple)) and "missing" not in kind:
        words = f"{words}, but is {value!r}"
    return Fault(f"{key} {words}", file, hint=advice)


def key_of(item: ErrorDetails) -> str:
    """Return the key of an error, e.g. "sources 1 rows"; positions count from 1.

    Examples
    --------
    >>> key_of({"type": "missing", "loc": ("sources", 0, "title"), "msg": "", "input": None})
    'sources 1 title'
    """
    return " ".join(str(part + 1) if isinstance(part, int) else str(part) for part in item["loc"])


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
