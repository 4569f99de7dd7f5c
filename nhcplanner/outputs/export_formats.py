"""Formats of a hand-in, its writing as a whole, and the cells that people must fill."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

import pandas as pd

from nhcplanner.base.atomic import atomic_directory, files_in
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.text import suggest
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.plan_record import InputFile
from nhcplanner.outputs.gis.dictionary import write_csv
from nhcplanner.outputs.gis.writing import (
    write_geojson,
    write_geopackage,
    write_geoparquet,
    write_kml,
    write_shapefiles,
)
from nhcplanner.outputs.report import record
from nhcplanner.outputs.sanitise import file_name
from nhcplanner.outputs.workbook import write_workbook
from nhcplanner.outputs.workbook.pipeline import CELLS, FILL, QUESTIONS

RECORD = "plan.json"
HASHES = "sha256.txt"
"""Hash of each file, in the form of `sha256sum -c`."""
FILLED = (".xlsx", ".docx")
"""Files that people fill in, which the list of hashes leaves out."""
PLAN = "plan"
"""Name for the files of the plan itself, among the formats."""
_DATE = (2000, 1, 1, 0, 0, 0)  # the same files, the same bytes


def as_one(folder: Path, title: str) -> tuple[str, bytes, tuple[str, ...]]:
    """Return a folder as one file: its only document, or a zip of everything.

    Parameters
    ----------
    folder
        What is to be packed. The plan's record alone beside a document is no reason for a zip.
    title
        Title from which the name of the zip is made.

    Returns
    -------
    name, content, files
        Name and content of the file, and the names of its documents.
    """
    names = files_in(folder)
    documents = [name for name in names if name not in (RECORD, HASHES)]
    if len(documents) == 1:
        return documents[0], (folder / documents[0]).read_bytes(), (documents[0],)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(
                zipfile.ZipInfo(name, _DATE), (folder / name).read_bytes(), zipfile.ZIP_DEFLATED
            )
    return file_name(title, ".zip"), packed.getvalue(), tuple(names)


Write = Callable[[Evidence, Path], None]


def _brief() -> ModuleType:
    """What writes the brief; its charts are slow to import, and tell of where they keep fonts."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    return import_module("nhcplanner.outputs.brief")


def _page(evidence: Evidence, folder: Path) -> None:
    _brief().write_page(evidence, folder)


def _word(evidence: Evidence, folder: Path) -> None:
    _brief().write_word(evidence, folder)


def _return(evidence: Evidence, folder: Path) -> None:
    _brief().write_return(evidence, folder)


@dataclass(frozen=True)
class Writer:
    """Format of a hand-in.

    Parameters
    ----------
    name
        Name of the format in commands.
    words
        Description for a list on screen.
    write
        Function that writes the files into a folder; OSError may pass.
    explores
        Whether it shows what the optimiser is asked beyond the plan; where no format asked for
        does, that need not be gathered.
    ground
        Whether it includes isochrones.
    title
        Title on screen; by default the name in capitals.
    """

    name: str
    words: str
    write: Write
    explores: bool = True
    ground: bool = False
    title: str = ""


def _gis(name: str, title: str, words: str, write: Write) -> Writer:
    return Writer(name, words, write, explores=False, ground=True, title=f"GIS ({title})")


_ROWS = (
    Writer(
        "xlsx",
        "pipeline, options appraisal, costs, access, equality",
        write_workbook,
        title="Workbook (Excel)",
    ),
    Writer("docx", "the case for the plan and its evidence, to edit", _word, title="Brief (Word)"),
    Writer(
        "return",
        "all that regions ask of the ICB, site by site, to fill in",
        _return,
        explores=False,
        title="Return (Word)",
    ),
    Writer("html", "the brief, to read and to print", _page, title="Brief (web page)"),
    Writer("csv", "every table of evidence", write_csv, title="Tables (CSV)"),
    _gis("gpkg", "GeoPackage", "all layers, coloured, for QGIS and ArcGIS", write_geopackage),
    _gis("geojson", "GeoJSON", "in degrees, for web maps", write_geojson),
    _gis("shp", "Shapefile", "under short names, for older programs", write_shapefiles),
    _gis("kml", "KML", "for Google Earth", write_kml),
    _gis("parquet", "GeoParquet", "for analysts", write_geoparquet),
)
WRITERS: Mapping[str, Writer] = MappingProxyType({one.name: one for one in _ROWS})
"""Formats by name, documents for people first. A new format is a row here."""


def chosen_writers(formats: Iterable[str]) -> tuple[Writer, ...]:
    """Return the writers of some formats, each once.

    Raises
    ------
    InputError
        For an unknown format.
    """
    names = list(dict.fromkeys(name.strip().lower() for name in formats if name.strip()))
    unknown = [name for name in names if name not in WRITERS]
    known = ", ".join(WRITERS)
    if unknown:
        raise InputError(
            Fault(f"there is no format '{name}'", hint=suggest(name, WRITERS)) for name in unknown
        )
    if not names:
        raise InputError([Fault("no format is named", hint=f"Formats: {known}")])
    return tuple(WRITERS[name] for name in names)


def write_handin(
    evidence: Evidence,
    directory: Path,
    formats: Sequence[str],
    inputs: Sequence[InputFile] = (),
    date: str = "",
) -> tuple[Path, ...]:
    """Write a hand-in with the record of the plan, all files or none.

    Parameters
    ----------
    evidence
        Evidence for the plan.
    directory
        Folder to write to; created if missing. Files of an earlier hand-in are replaced together,
        and other files are left alone.
    formats
        Names from `WRITERS`.
    inputs
        Input files of the plan, for the record.
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
    writers = chosen_writers(formats)
    plan_record = record(evidence.outcome, inputs, date)
    with atomic_directory(directory) as made:
        text = json.dumps(plan_record, indent=2, allow_nan=False)
        (made / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        for writer in writers:
            writer.write(evidence, made)
        _write_hashes(made)
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)


def _write_hashes(folder: Path) -> None:
    """Write the hashes of all files except those that people fill in."""
    names = [name for name in files_in(folder) if not name.endswith(FILLED)]
    lines = [f"{hash_file(folder / name)}  {name}\n" for name in names]
    (folder / HASHES).write_text("".join(lines), encoding="utf-8", newline="\n")


_PLAN_FILES = ("Map and record", "the map as a page, and all that makes the plan again")
"""Title and words of `PLAN`."""


def formats() -> list[str]:
    """Return the names of all formats: documents, files of the plan, data."""
    documents = [name for name in ("xlsx", "return", "docx", "html") if name in WRITERS]
    return [*documents, PLAN, *(name for name in WRITERS if name not in documents)]


def title(name: str) -> str:
    """Return the title of a format, or of the files of the plan itself."""
    return _PLAN_FILES[0] if name == PLAN else WRITERS[name].title or name.upper()


def words(name: str) -> str:
    """Describe a format, or the files of the plan itself."""
    return _PLAN_FILES[1] if name == PLAN else WRITERS[name].words


def programme(waves: Iterable[tuple[str, int | None]]) -> str:
    """Describe the waves of a hand-in in a sentence."""
    steps = ", ".join(
        f"{name}: {count:,} centres" if count is not None else name for name, count in waves
    )
    return f"As chosen under Waves, the last wave planned first. {steps}."


def blanks(outcome: Outcome) -> pd.DataFrame:
    """Return the figures that people must fill in, with how many are known.

    Columns `what` and `known` (for how many of the plan's centres; "-" = for the whole).
    """
    sites = outcome.place.sites.iloc[list(outcome.plan.opened)]
    labels = {cell.name: cell.label for cell in CELLS}
    rows = [
        (labels[name], f"{int(sites[name].notna().sum()) if name in sites else 0} of {len(sites)}")
        for name in FILL
    ]
    rows += [(question, "-") for question in QUESTIONS]
    return pd.DataFrame(rows, columns=["what", "known"])


def reasons(pairs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Return what is missing or incomplete, and why."""
    return pd.DataFrame(
        [(about.replace("_", " ").capitalize(), why) for about, why in pairs],
        columns=["About", "Why"],
    )
