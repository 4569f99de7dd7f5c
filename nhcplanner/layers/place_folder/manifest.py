"""The manifest place.toml: everything about a place except its layers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import shortened
from nhcplanner.base.validation import faults_of, read_toml
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Place, Source

NAME = "place.toml"
FORMAT = 1
OTHERS = ("format", "created")
"""Keys besides those of `Manifest`."""
COUNTS = ("rows_", "cells_")
"""Beginning of the names of counts, which are 0 if they are missing."""
ALIKE = 0.75
"""Similarity (Ratcliff and Obershelp) from which an unknown name counts as misspelt."""
TEXTS = ("name", "index_name", "vintage", "origins_basis")


class ProjectionFacts(BaseModel):
    """What place.toml says of a place's population projection, whose table is a file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    title: str
    kind: str
    base_year: int
    by_age: bool


class Manifest(BaseModel):
    """The content of place.toml; unknown keys are handled before."""

    model_config = ConfigDict(extra="ignore", strict=True)

    name: Annotated[str, Field(min_length=1)]
    index_name: str = ""
    vintage: str = ""
    origins_basis: str = ""
    synthetic: bool = False
    notes: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    intake: tuple[FileIntake, ...] = ()
    projection: ProjectionFacts | None = None
    layers: dict[str, str] = Field(default_factory=dict)


def to_toml(place: Place, hashes: Mapping[str, str] | None = None) -> str:
    """Return place.toml as text: the place's name, sources and intake record.

    Parameters
    ----------
    place
        The place.
    hashes
        SHA-256 of the file of each layer, which reveals a later change.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "created": datetime.now(UTC).date().isoformat(),
        "synthetic": place.synthetic,
        **{key: getattr(place, key) for key in TEXTS},
        "notes": list(place.notes),
        "sources": [_filled(asdict(source)) for source in place.sources],
        "intake": [_filled(asdict(record)) for record in place.intake],
        "layers": dict(hashes or {}),
    }
    if place.projection is not None:
        facts = {name: getattr(place.projection, name) for name in ProjectionFacts.model_fields}
        content["projection"] = facts
    return tomli_w.dumps(content)


def from_toml(text: str, file: str = NAME) -> dict[str, Any]:
    """Read place.toml into the arguments of `Place`, and `layers`: the hash of each layer's file.

    Raises
    ------
    InputError
        For broken TOML, an unknown format, misspelt keys and values of a wrong kind, all at
        once. Other unknown keys are recorded as not used.
    """
    content = read_toml(text, file)
    if content.get("format") != FORMAT:
        words = f"is of format {content.get('format')}, not {FORMAT}"
        raise InputError([Fault(words, file, hint="Build the place again with this nhcplanner")])
    try:
        # strict for the kinds of values, yet JSON's lists may fill tuples
        manifest = Manifest.model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise InputError([*_misspelt(content, file), *faults_of(error, file, hint=_hint)]) from None
    if misspelt := _misspelt(content, file):
        raise InputError(misspelt)
    values: dict[str, Any] = {name: getattr(manifest, name) for name in Manifest.model_fields}
    values["intake"] = with_unused(values["intake"], f"in {file}", _unknown(content), "key")
    return values


_MADE_BY = "Give a folder made by 'nhcplanner build' or 'nhcplanner fetch'"


def read_text(directory: Path) -> str:
    """Return the text of place.toml.

    Raises
    ------
    InputError
        If the folder or the file is missing, or the text is not in UTF-8.
    """
    path = directory / NAME
    if not directory.is_dir():
        raise InputError([Fault(f"no such folder: {directory}", hint=_MADE_BY)])
    if not path.is_file():
        raise InputError([Fault(f"{directory} has no {NAME}: no place folder", hint=_MADE_BY)])
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError([Fault("is not text in UTF-8", NAME)]) from None


def with_unused(
    intake: tuple[FileIntake, ...], where: str, names: Collection[str], noun: str
) -> tuple[FileIntake, ...]:
    """Return an intake record with one more line for names that are not part of a place.

    Parameters
    ----------
    intake
        The record so far; a line is not added twice.
    where
        Place of the names, e.g. "in place.toml".
    names
        Names of keys or files.
    noun
        Kind of the names: "key" or "file".
    """
    if not names:
        return intake
    listed = shortened(sorted(names))
    words = f"not a {noun} of a place" if len(names) == 1 else f"not {noun}s of a place"
    line = FileIntake(f"{where}: {listed}", passed_over=words)
    return intake if line in intake else (*intake, line)


def closest(name: str, known: Collection[str]) -> str:
    """Return the known name that is most similar to a name; empty if none is similar.

    Examples
    --------
    >>> closest("Source", ["sources", "notes"]), closest("colour", ["sources", "notes"])
    ('sources', '')
    """
    return next(iter(get_close_matches(name.lower(), known, 1, ALIKE)), "")


def _unknown(content: Mapping[str, Any]) -> list[str]:
    return [key for key in content if key not in (*Manifest.model_fields, *OTHERS)]


def _misspelt(content: Mapping[str, Any], file: str) -> list[Fault]:
    known = (*Manifest.model_fields, *OTHERS)
    nearest = {key: closest(key, known) for key in _unknown(content)}
    return [
        Fault(f"{key} is not a known key", file, hint=f"Did you mean {near}?")
        for key, near in nearest.items()
        if near
    ]


def _filled(content: Any) -> Any:
    """Return the values without empty ones, as TOML has no blank."""
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
        "projection": f"Known keys: {', '.join(ProjectionFacts.model_fields)}",
        "sources": f"Known keys: {', '.join(field.name for field in fields(Source))}",
        "intake": f"Known keys: {', '.join(field.name for field in fields(FileIntake))}",
    }
    return hints.get(str(item["loc"][0]), "") if item["loc"] else ""


def misspelt_files(
    names: Collection[str], optional: Collection[str], layers: Collection[str]
) -> list[Fault]:
    """Return faults for files whose names are close to those of optional files of a place.

    Parameters
    ----------
    names
        Names in the place's folder, with / between folder and file.
    optional, layers
        Names of the optional files of a place, and of the files of its layers.
    """
    faults = []
    others = [name for name in names if name not in {*optional, *layers}]
    for own in optional:
        if own in names:
            continue
        near = [
            name
            for name in others
            if PurePosixPath(name).suffix.lower() == PurePosixPath(own).suffix
            and closest(name, optional) == own
        ]
        words = "is not a file of a place"
        faults += [Fault(words, name, hint=f"Did you mean {own}?") for name in sorted(near)]
    return faults
