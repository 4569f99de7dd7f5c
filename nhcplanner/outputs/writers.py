"""Writers: every format of a hand-in, by name; all that is asked for is written, or nothing."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.near import near
from nhcplanner.domain.record import InputFile
from nhcplanner.outputs.gis.writing import (
    write_geojson,
    write_geopackage,
    write_geoparquet,
    write_kml,
    write_shapefiles,
)
from nhcplanner.outputs.long import write_csv
from nhcplanner.outputs.record import record
from nhcplanner.outputs.whole import files_in, whole
from nhcplanner.outputs.workbook import write_workbook

Write = Callable[[Evidence, Path], None]


def _brief() -> ModuleType:
    """What writes the brief; its charts are slow to import, and tell of where they keep fonts."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    return import_module("nhcplanner.outputs.brief")


def _page(evidence: Evidence, folder: Path) -> None:
    _brief().write_page(evidence, folder)


def _word(evidence: Evidence, folder: Path) -> None:
    _brief().write_word(evidence, folder)


@dataclass(frozen=True)
class Writer:
    """A format that a hand-in may be written in.

    Parameters
    ----------
    name
        What it is asked for by.
    words
        What it is, for a list on screen.
    write
        Writes its files into an empty folder that others write into too. OSError may pass.
    explores
        Whether it shows what the optimiser is asked beyond the plan; where no format asked for
        does, that need not be gathered.
    ground
        Whether it shows isochrones.
    """

    name: str
    words: str
    write: Write
    explores: bool = True
    ground: bool = False


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        one.name: one
        for one in (
            Writer("gpkg", "a GeoPackage of all layers, coloured", write_geopackage, False, True),
            Writer("geojson", "GeoJSON in degrees", write_geojson, False, True),
            Writer("shp", "Shapefiles, under short names", write_shapefiles, False, True),
            Writer("kml", "KML for Google Earth", write_kml, False, True),
            Writer("parquet", "GeoParquet", write_geoparquet, False, True),
            Writer("csv", "every table of evidence, areas and sites wide and long", write_csv),
            Writer("xlsx", "the workbook: pipeline, options appraisal, evidence", write_workbook),
            Writer("html", "the brief as a web page that prints", _page),
            Writer("docx", "the brief as a document to edit", _word),
        )
    }
)
"""Formats by name."""


def chosen_writers(formats: Iterable[str]) -> tuple[Writer, ...]:
    """The writers of some formats, each once.

    Raises
    ------
    InputError
        For a format that there is not.
    """
    names = list(dict.fromkeys(name.strip().lower() for name in formats if name.strip()))
    unknown = [name for name in names if name not in WRITERS]
    known = ", ".join(WRITERS)
    if unknown:
        raise InputError(
            Fault(f"there is no format '{name}'", mend=near(name, WRITERS)) for name in unknown
        )
    if not names:
        raise InputError([Fault("no format is named", mend=f"Formats: {known}")])
    return tuple(WRITERS[name] for name in names)


def write_handin(
    evidence: Evidence,
    directory: Path,
    formats: Sequence[str],
    inputs: Sequence[InputFile] = (),
    date: str = "",
) -> tuple[Path, ...]:
    """Write a hand-in, with the plan's record beside it, all or nothing.

    Parameters
    ----------
    evidence
        What it is made from.
    directory
        Where to; made where it is missing. Files of an earlier hand-in are replaced together,
        and other files are left alone.
    formats
        Of `WRITERS`.
    inputs
        Files that the plan rests on, for the record.
    date
        Day of the plan (ISO), for the record; today by default.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    InputError
        For a format that there is not, or where the folder or a file in it cannot be written;
        then everything in it is as it was.
    """
    wanted = chosen_writers(formats)
    said = record(evidence.outcome, inputs, date)
    with whole(directory) as made:
        text = json.dumps(said, indent=2, allow_nan=False)
        (made / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        for writer in wanted:
            writer.write(evidence, made)
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)
