"""Tables and records of many plans, as CSV and JSON files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from nhcplanner.base.atomic import atomic_directory, files_in
from nhcplanner.outputs.sanitise import write_safe_csv


def write_table_files(
    directory: Path,
    tables: Mapping[str, pd.DataFrame],
    records: Mapping[str, Mapping[str, object]],
) -> tuple[Path, ...]:
    """Write tables as CSV and records as JSON.

    Parameters
    ----------
    directory
        Where to; made where it is missing. Other files in it are left alone.
    tables, records
        By name without the ending; "plans/north" goes into a folder of its own.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    InputError
        Where the folder or a file in it cannot be written.
    """
    with atomic_directory(directory) as made:
        for name, frame in tables.items():
            write_safe_csv(frame, _in_folder(made / f"{name}.csv"))
        for name, said in records.items():
            text = json.dumps(said, indent=2, allow_nan=False) + "\n"
            _in_folder(made / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)


def _in_folder(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
