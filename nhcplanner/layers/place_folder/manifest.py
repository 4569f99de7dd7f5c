"""Manifest: place.toml, what a place folder says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

import tomli_w

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.toml import read_toml
from nhcplanner.domain.place import Place, Source

NAME = "place.toml"
FORMAT = 1
LISTS = ("notes", "gives", "unmatched_codes")
COUNTS = ("rows", "matched", "unmatched")
TEXTS = ("name", "index_name", "vintage", "origins_basis")


def to_toml(place: Place) -> str:
    """Write all of a place that is no layer: its name, what it rests on, and its sources."""
    said: dict[str, Any] = {
        "format": FORMAT,
        "created": datetime.now(UTC).date().isoformat(),
        "synthetic": place.synthetic,
        **{key: getattr(place, key) for key in TEXTS},
        "notes": list(place.notes),
        "sources": [_plain(source) for source in place.sources],
    }
    return tomli_w.dumps(said)


def from_toml(text: str, file: str = NAME) -> dict[str, Any]:
    """Read place.toml into the arguments of `Place`, layers left out.

    Raises
    ------
    InputError
        For broken TOML, an unknown format and values of a wrong kind, all at once.
    """
    said = read_toml(text, file)
    if said.get("format") != FORMAT:
        words = f"is of format {said.get('format')}, not {FORMAT}"
        raise InputError([Fault(words, file, hint="Build the place again with this nhcplanner")])
    faults = [
        Fault(f"{key} must be text, not {said[key]!r}", file)
        for key in TEXTS
        if not isinstance(said.get(key, ""), str)
    ]
    if not said.get("name"):
        faults.append(Fault("name is missing", file, hint='Give the place a name = "..."'))
    if not isinstance(said.get("synthetic", False), bool):
        faults.append(Fault("synthetic must be true or false", file))
    if not _texts(said.get("notes", [])):
        faults.append(Fault("notes must be a list of texts", file))
    sources = _sources(said.get("sources", []), file, faults)
    if faults:
        raise InputError(faults)
    return {
        **{key: said.get(key, "") for key in TEXTS},
        "synthetic": said.get("synthetic", False),
        "notes": tuple(said.get("notes", [])),
        "sources": sources,
    }


def _plain(source: Source) -> dict[str, Any]:
    said = {key: value for key, value in asdict(source).items() if value not in ("", None, ())}
    return {key: list(value) if key in LISTS else value for key, value in said.items()}


def _sources(said: object, file: str, faults: list[Fault]) -> tuple[Source, ...]:
    if not isinstance(said, list) or not all(isinstance(entry, Mapping) for entry in said):
        faults.append(Fault("sources must be tables, each [[sources]]", file))
        return ()
    taken = []
    for number, entry in enumerate(said, start=1):
        wrong = [key for key, value in entry.items() if not _fits(key, value)]
        wrong += [key for key in ("layer", "title") if key not in entry]
        if wrong:
            words = f"source {number} has a wrong or missing {', '.join(wrong)}"
            known = ", ".join(field.name for field in fields(Source))
            faults.append(Fault(words, file, hint=f"Known keys: {known}"))
            continue
        lists = {key: tuple(entry[key]) for key in LISTS if key in entry}
        taken.append(Source(**{**entry, **lists}))
    return tuple(taken)


def _fits(key: str, value: object) -> bool:
    if key in LISTS:
        return _texts(value)
    if key in COUNTS:
        return isinstance(value, int)
    return isinstance(value, str) and key in {field.name for field in fields(Source)}


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
