"""Tiles: a background from a tile server, only where whoever runs the app names one."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from nhcplanner.domain.errors import Fault, InputError

ADDRESS, CREDIT = "NHCPLANNER_TILES", "NHCPLANNER_TILES_CREDIT"
"""Environment variables: the address of tiles, and the words that their licence asks for."""
OPACITY = 0.7
"""Of what is drawn over tiles, so that they are seen."""

_SHAPE = re.compile(r"[^\s\"'<>\\{}]+(\{[zxy]\}[^\s\"'<>\\{}]*){3}")


@dataclass(frozen=True)
class Tiles:
    """Where a map's background comes from.

    Parameters
    ----------
    address
        An https address with {z}, {x} and {y}.
    credit
        Who made it, in plain words; shown on the map.
    """

    address: str = field(repr=False)  # it may hold a key
    credit: str

    @property
    def host(self) -> str:
        """Who is asked."""
        return urlsplit(self.address).netloc.rpartition("@")[2]


def tiles(settings: Mapping[str, str] = os.environ) -> Tiles | None:
    """Tiles that the settings name; None where they name none.

    Raises
    ------
    InputError
        For an address that is no https address with {z}, {x} and {y}, and tiles without credit.

    Examples
    --------
    >>> tiles({}) is None
    True
    """
    address, credit = (settings.get(name, "").strip() for name in (ADDRESS, CREDIT))
    if not address:
        return None
    faults = []
    if not (_SHAPE.fullmatch(address) and _is_secure(address) and _has_each(address)):
        mend = "Give https://..., with {z}, {x} and {y} once each, or leave it unset"
        faults.append(Fault(f"{ADDRESS} is no address of tiles", mend=mend))
    if not credit:
        mend = "Give the words that the tiles' licence asks for"
        faults.append(Fault(f"{CREDIT} is not set", mend=mend))
    if faults:
        raise InputError(faults)
    return Tiles(address, credit)


def said(settings: Mapping[str, str] = os.environ) -> str:
    """What maps are drawn on, in words; with what is wrong where the setting cannot be used."""
    none = (
        "Maps have no background from elsewhere: coast, borders of councils and main roads come "
        "from the place itself, and no other machine is asked for anything."
    )
    try:
        found = tiles(settings)
    except InputError as error:
        return f"{none} A background was asked for, but: {error}"
    if found is None:
        return f"{none} Whoever runs the app may set one with {ADDRESS} and {CREDIT}."
    return (
        f"Maps in the app have a background from {found.host} ({found.credit}), set by whoever "
        "runs the app. Your browser asks it for each piece of map, so it learns where you look. "
        "Maps that are saved or handed in have none."
    )


def _is_secure(address: str) -> bool:
    """Whether it is an https address, of a host that is no part to be filled in."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and "{" not in parts.netloc
    except ValueError:
        return False


def _has_each(address: str) -> bool:
    return all(address.count(f"{{{one}}}") == 1 for one in "zxy")
