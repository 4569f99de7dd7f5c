"""Manifest: place.toml, all of a place folder that is no layer."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Annotated, Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.toml import read_toml
from nhcplanner.base.validation import faults_of
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Place, Source

NAME = "place.toml"
FORMAT = 1
COUNTS = ("rows_", "cells_")
"""How the names of counts begin that are 0 where nothing is said."""
TEXTS = ("name", "index_name", "vintage", "origins_basis")


class Manifest(BaseModel):
    """place.toml as it must be; keys that are not known are left alone."""

    model_config = ConfigDict(extra="ignore", strict=True)

    name: Annotated[str, Field(min_length=1)]
    index_name: str = ""
    vintage: str = ""
    origins_basis: str = ""
    synthetic: bool = False
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    intake: tuple[FileIntake, ...] = ()


def to_toml(place: Place) -> str:
    """Write all of a place that is no layer: its name, sources and intake record."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "created": datetime.now(UTC).date().isoformat(),
        "synthetic": place.synthetic,
        **{key: getattr(place, key) for key in TEXTS},
        "notes": list(place.notes),
        "sources": [_filled(asdict(source)) for source in place.sources],
        "intake": [_filled(asdict(record)) for record in place.intake],
    }
    return tomli_w.dumps(content)


def from_toml(text: str, file: str = NAME) -> dict[str, Any]:
    """Read place.toml into the arguments of `Place`, layers left out.

    Raises
    ------
    InputError
        For broken TOML, an unknown format and values of a wrong kind, all at once.
    """
    content = read_toml(text, file)
    if content.get("format") != FORMAT:
        words = f"is of format {content.get('format')}, not {FORMAT}"
        raise InputError([Fault(words, file, hint="Build the place again with this nhcplanner")])
    try:
        # strict for the kinds of values, yet JSON's lists may fill tuples
        manifest = Manifest.model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise InputError(faults_of(error, file, _hint)) from None
    return {name: getattr(manifest, name) for name in Manifest.model_fields}


def _filled(content: Any) -> Any:
    """The same without values that are empty, for TOML has no blank, nor counts of nothing."""
    if isinstance(content, dict):
        filled = {key: _filled(value) for key, value in content.items()}
        return {
            key: value
            for key, value in filled.items()
            if value not in ("", None, []) and not (value == 0 and key.startswith(COUNTS))
        }
    if isinstance(content, list | tuple):
        return [_filled(value) for value in content]
    return content


def _hint(item: ErrorDetails) -> str:
    hints = {
        "name": 'Give the place a name = "..."',
        "sources": f"Known keys: {', '.join(field.name for field in fields(Source))}",
        "intake": f"Known keys: {', '.join(field.name for field in fields(FileIntake))}",
    }
    return hints.get(str(item["loc"][0]), "") if item["loc"] else ""
