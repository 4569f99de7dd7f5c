"""Hand-ins: their formats, writing them whole, and what people have still to fill in."""

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
"""Hash of each file, as `sha256sum -c` reads it."""
FILLED = (".xlsx", ".docx")
"""Files that people fill in; the list of hashes leaves them out."""
PLAN = "plan"
"""In place of a format: the files of the plan itself."""
_DATE = (2000, 1, 1, 0, 0, 0)  # the same files, the same bytes


def as_one(folder: Path, title: str) -> tuple[str, bytes, tuple[str, ...]]:
    """Make one file of a folder: the only document in it as it is, else a zip of everything.

    Parameters
    ----------
    folder
        What is to be packed. The plan's record alone beside a document is no reason for a zip.
    title
        What a zip is called after.

    Returns
    -------
    name, content, files
        Of the one file, and the names of what is in it.
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
    """A format that a hand-in may be written in.

    Parameters
    ----------
    name
        What it is asked for by.
    words
        What is in it, for a list on screen.
    write
        Writes its files into an empty folder that others write into too. OSError may pass.
    explores
        Whether it shows what the optimiser is asked beyond the plan; where no format asked for
        does, that need not be gathered.
    ground
        Whether it shows isochrones.
    title
        What it is called on screen; its name in capitals by default.
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
"""Every format by name, the documents that people read first. A new format is a row here."""


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
    plan_record = record(evidence.outcome, inputs, date)
    with atomic_directory(directory) as made:
        text = json.dumps(plan_record, indent=2, allow_nan=False)
        (made / "plan.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        for writer in wanted:
            writer.write(evidence, made)
        _write_hashes(made)
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)


def _write_hashes(folder: Path) -> None:
    """Write the hash of every file that people do not fill in."""
    names = [name for name in files_in(folder) if not name.endswith(FILLED)]
    lines = [f"{hash_file(folder / name)}  {name}\n" for name in names]
    (folder / HASHES).write_text("".join(lines), encoding="utf-8", newline="\n")


_PLAN_FILES = ("Map and record", "the map as a page, and all that makes the plan again")
"""Title and words of `PLAN`."""


def formats() -> list[str]:
    """Names of everything that can be handed in: the documents, the plan's files, the data."""
    documents = [name for name in ("xlsx", "return", "docx", "html") if name in WRITERS]
    return [*documents, PLAN, *(name for name in WRITERS if name not in documents)]


def title(name: str) -> str:
    """The title of a format, or of the files of the plan itself."""
    return _PLAN_FILES[0] if name == PLAN else WRITERS[name].title or name.upper()


def words(name: str) -> str:
    """What a format holds, or the files of the plan itself."""
    return _PLAN_FILES[1] if name == PLAN else WRITERS[name].words


def programme(waves: Iterable[tuple[str, int | None]]) -> str:
    """The waves that go along, in a sentence."""
    steps = ", ".join(
        f"{name}: {count:,} centres" if count is not None else name for name, count in waves
    )
    return f"As chosen under Waves, the last wave planned first. {steps}."


def blanks(outcome: Outcome) -> pd.DataFrame:
    """What people fill in of each centre and of the whole, with how much is known already.

    Columns `what` and `known`: of how many of the plan's centres; "-" for the whole.
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
    """What is not there or not complete, and why."""
    return pd.DataFrame(
        [(about.replace("_", " ").capitalize(), why) for about, why in pairs],
        columns=["About", "Why"],
    )
