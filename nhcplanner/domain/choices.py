"""Choices that a scenario writes as one line of text: `kind:library=3`, `everyone=60`, `a|b`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from nhcplanner.base.errors import InputError
from nhcplanner.base.validation import read_toml

PATTERN = re.compile(
    r"\s*(?P<group>[A-Za-z_]+)\s*(:\s*(?P<label>[^=]*?)\s*)?(=\s*(?P<number>-?(\d+\.?\d*|\.\d+)))?\s*"
)
Mode = Literal["walk", "cycle", "transit", "on_demand", "drive"]
Mix = Literal["worst", "best", "mean"]
Way = Literal["walk", "cycle", "transit", "on_demand", "drive", "by_car_availability"]
BY_CAR = "by_car_availability"
WITHOUT_CAR: tuple[Mode, ...] = ("walk", "cycle", "transit")
ALL = "*"
MOST_WEIGHT = 1e9


@dataclass(frozen=True)
class Choice:
    """A group, a label in it and a number.

    Parameters
    ----------
    group
        Grouping of rows or sites, or name of a goal.
    label
        Label in the group; "*" for each, "" for none.
    number
        Number; None if there is none.
    """

    group: str
    label: str = ""
    number: float | None = None


def choice(text: str) -> Choice:
    """Read `group`, `group=number`, `group:label` or `group:label=number`.

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> choice("kind:library=3")
    Choice(group='kind', label='library', number=3.0)
    """
    match = PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not group:label=number")
    number = match["number"]
    return Choice(match["group"], match["label"] or "", None if number is None else float(number))


def value_of(key: str, text: str, annotation: Any) -> Any:
    """Return the value of a setting that was typed as text.

    Parameters
    ----------
    key, text
        Name and value of the setting.
    annotation
        Type of the key; None if there is no such key.

    Examples
    --------
    >>> value_of("keep", "S1, S2", tuple[str, ...]), value_of("count", "none", int)
    (['S1', 'S2'], None)
    """
    if text.lower() == "none":
        return None
    is_list = "tuple" in str(annotation)
    try:
        value = read_toml(f"value = {text}", key)["value"]
    except InputError:
        value = [part.strip() for part in text.split(",")] if is_list else text
    if annotation is str:
        return value if isinstance(value, str) else text
    return [value] if is_list and not isinstance(value, list) else value


def number_of(text: str) -> str:
    """Check and return `group:label=whole number`."""
    parsed = choice(text)
    if not parsed.label or parsed.number is None or parsed.number % 1 or parsed.number < 0:
        raise ValueError(f"'{text}' should be like kind:library=3 or council:*=2")
    return text


def percent_of(text: str) -> str:
    """Check and return `group:label=percent` or `everyone=percent`."""
    choice_ = choice(text)
    has_group = bool(choice_.label) != (choice_.group == "everyone")
    if not has_group or choice_.number is None or not 0 <= choice_.number <= 100:
        raise ValueError(f"'{text}' should be like imd_quintile:1=60 or everyone=60 (per cent)")
    return text


def weight_of(text: str) -> str:
    """Check and return `group:label=weight` or `column*column`; a weight may be negative."""
    if measures_of(text):
        return text
    read = choice(text)
    fits = read.label not in ("", ALL) and read.number is not None
    if not fits or abs(read.number or 0.0) > MOST_WEIGHT:
        raise ValueError(f"'{text}' should be like imd_quintile:1=3 or disabled_share*people")
    return text


def measures_of(text: str) -> tuple[str, ...]:
    """Return the columns whose product is a need; empty if the text is no such product.

    Examples
    --------
    >>> measures_of("disabled_share * people"), measures_of("imd_quintile:1=3")
    (('disabled_share', 'people'), ())
    """
    columns = tuple(part.strip() for part in text.split("*"))
    return columns if all(re.fullmatch(r"[a-z]\w*", column) for column in columns) else ()


def either_of(text: str) -> str:
    """Check and return `one|other|...`."""
    names = [name.strip() for name in text.split("|")]
    if len(set(names)) < 2 or "" in names:
        raise ValueError(f"'{text}' should name two sites or more, like a|b")
    return text


def edges_fault(edges: tuple[float, ...], band_by: str) -> str:
    """Return what is wrong with edges of bands, in words; "" = nothing."""
    if any(not 0 < years < 120 for years in edges) or list(edges) != sorted(set(edges)):
        return "band_edges should be years of HLE in ascending order, each once: 55, 60, 65"
    if edges and band_by == "imd":
        return "band_edges are years of HLE, so band_by should not be imd"
    return ""


def goal_of(text: str) -> str:
    """Check and return `goal` or `goal:argument`, with or without `=percent`.

    `models` checks the names of goals and their arguments.
    """
    read = choice(text)
    if read.number is not None and not 0 <= read.number <= 100:
        raise ValueError(f"'{text}' must give up 0 to 100 per cent")
    return text


def rule_of(text: str) -> str:
    """Check and return `rule` or `rule:argument`, with or without `=number`.

    `models` checks the names of rules and their arguments.
    """
    number = choice(text).number
    if number is not None and number < 0:
        raise ValueError(f"'{text}' has a number below 0")
    return text


_GROUPS = {
    "imd_quintile": "IMD quintile", "rural_urban": "rural or urban", "icb": "ICB",
    "multi": "multi-neighbourhood area",
}  # fmt: skip


def grouping(name: str) -> str:
    """Return the words for a grouping of areas or sites.

    Examples
    --------
    >>> grouping("imd_quintile"), grouping("kind_of_lease")
    ('IMD quintile', 'kind of lease')
    """
    return _GROUPS.get(name, name.replace("_", " "))


def in_words(group: str, label: str) -> str:
    """Return the words for a label of a group; "*" stands for each label.

    Examples
    --------
    >>> in_words("imd_quintile", "1"), in_words("council", "*")
    ('IMD quintile 1', 'each council')
    """
    words = grouping(group)
    return f"each {words}" if label == ALL else f"{words} {label}"
