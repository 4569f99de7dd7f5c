"""Places from DataFrames in memory, with the checks that files get."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import tomli_w

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.workflow.place import OwnFiles, build, load

SUFFIX = ".parquet"
LAYERS = ("areas", "sites", "origins", "minutes", "projections", "housing")
"""Names of the frames that are not tables; tables may not have these names."""


def place_from_frames(  # noqa: PLR0913  (one call describes the whole place)
    areas: pd.DataFrame,
    sites: pd.DataFrame,
    origins: pd.DataFrame | None = None,
    columns: Mapping[str, Any] | None = None,
    streets: Path | str | Sequence[Path | str] | None = None,
    minutes: pd.DataFrame | None = None,
    *,
    tables: Mapping[str, pd.DataFrame] | None = None,
    timetable: Path | str | None = None,
    projections: pd.DataFrame | str | None = None,
    housing: pd.DataFrame | None = None,
    name: str = "",
    assume: Sequence[str] = (),
    folder: Path | None = None,
) -> Place:
    """Make a place from frames; `Place.from_frames` documents it.

    Each frame is written to a file and read by `build`, so that a frame and a file with the same
    content give the same place, the same questions and the same messages.
    """
    given = {"areas": areas, "sites": sites, "origins": origins, "minutes": minutes,
             "projections": None if isinstance(projections, str) else projections,
             "housing": housing}  # fmt: skip
    frames: dict[str, pd.DataFrame] = {k: v for k, v in given.items() if v is not None}
    frames |= tables or {}
    _check(frames, tables or {})
    target = Path(folder) if folder is not None else _lasting_folder() / "place"
    with TemporaryDirectory() as written, _frames_named(frames):
        paths = {label: _write(frame, label, Path(written)) for label, frame in frames.items()}
        files = OwnFiles(
            areas=paths["areas"],
            sites=paths["sites"],
            tables=tuple(paths[label] for label in tables or {}),
            columns=_write_columns(columns, Path(written)),
            streets=_paths(streets),
            timetable=Path(timetable) if timetable is not None else None,
            name=name or "Place from frames",
            origins=str(paths.get("origins", "")),
            matrix=paths.get("minutes"),
            matrix_unit="minutes" if minutes is not None and _is_wide(minutes, sites) else "",
            extras=layers.Extras(assume=tuple(assume)),
            projections=projections
            if isinstance(projections, str)
            else str(paths.get("projections", "")),
            housing=paths.get("housing"),
        )
        place = load(build(files, target))
    return replace(
        place,
        sources=tuple(
            replace(one, title=_plain(one.title, frames), file=_plain(one.file, frames))
            for one in place.sources
        ),
        intake=tuple(replace(one, file=_plain(one.file, frames)) for one in place.intake),
        notes=tuple(_plain(note, frames) for note in place.notes),
    )


def _check(frames: Mapping[str, object], tables: Mapping[str, object]) -> None:
    """Reject values that are not frames, and shapes without a reference system."""
    faults = [
        Fault("is the name of a layer; give the table another", n) for n in LAYERS if n in tables
    ]
    for label, frame in frames.items():
        if not isinstance(frame, pd.DataFrame):
            faults.append(Fault(f"must be a DataFrame, not {type(frame).__name__}", label))
        elif isinstance(frame, gpd.GeoDataFrame) and frame.active_geometry_name and not frame.crs:
            words = "states no reference system (crs)"
            hint = 'Set it with frame.set_crs("EPSG:27700"), or "EPSG:4326" for degrees'
            faults.append(Fault(words, label, column="geometry", hint=hint))
        elif not frame.columns.is_unique:
            double = frame.columns[frame.columns.duplicated()][0]
            faults.append(Fault("appears twice", label, column=str(double)))
    if faults:
        raise InputError(faults)


def _is_wide(minutes: pd.DataFrame, sites: pd.DataFrame) -> bool:
    """Whether the columns of a wide matrix are sites, so that no heading states the unit."""
    headings = {str(column) for column in minutes.columns}
    return any(headings & set(sites[column].astype(str)) for column in sites.columns)


def _lasting_folder() -> Path:
    """Make a folder that lasts as long as this process."""
    folder = Path(mkdtemp(prefix="nhcplanner-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _write(frame: pd.DataFrame, label: str, folder: Path) -> Path:
    """Write a frame to a file that `build` reads."""
    indexed = not isinstance(frame.index, pd.RangeIndex)
    codes = indexed and (frame.index.name is not None or frame.index.dtype.kind not in "iu")
    table = frame.reset_index() if codes else frame.reset_index(drop=True)
    if label == "minutes":
        path = folder / "minutes.csv"
        table.to_csv(path, index=False)
        return path
    path = folder / f"{label}{SUFFIX}"
    table.columns = [str(column) for column in table.columns]
    try:
        table.to_parquet(path)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        mixed = [
            str(column)
            for column in table.columns
            if pd.api.types.is_object_dtype(table[column])
            and len({type(cell) for cell in table[column].dropna()}) > 1
        ]
        hint = f"Give one type to the cells of {', '.join(mixed)}" if mixed else ""
        words = f"has cells that cannot be stored: {str(error).splitlines()[0]}"
        raise InputError([Fault(words, label, hint=hint)]) from None
    return path


def _write_columns(columns: Mapping[str, Any] | None, folder: Path) -> Path | None:
    if columns is None:
        return None
    sections = dict(columns)
    if isinstance(sections.get("tables"), Mapping):
        sections["tables"] = {
            f"{name}{SUFFIX}": value for name, value in sections["tables"].items()
        }
    path = folder / "columns.toml"
    try:
        path.write_text(tomli_w.dumps(sections), encoding="utf-8")
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(
            [Fault(f"must hold text, numbers and mappings: {error}", "columns")]
        ) from None
    return path


def _paths(files: Path | str | Sequence[Path | str] | None) -> tuple[Path, ...] | None:
    """Return one file or several as paths; a single name is not a sequence of letters."""
    if files is None:
        return None
    listed = [files] if isinstance(files, (Path, str)) else files
    return tuple(Path(file) for file in listed)


def _plain(text: str, labels: Mapping[str, object]) -> str:
    """Return the text with names of frames instead of names of files."""
    for label in labels:
        text = text.replace(f"{label}{SUFFIX if label != 'minutes' else '.csv'}", label)
    return text


@contextmanager
def _frames_named(labels: Mapping[str, object]) -> Iterator[None]:
    """Name frames, not files, in faults and questions raised inside."""
    try:
        yield
    except InputError as error:
        raise InputError(
            [
                replace(
                    fault, file=_plain(fault.file, labels), problem=_plain(fault.problem, labels)
                )
                for fault in error.faults
            ]
        ) from None
