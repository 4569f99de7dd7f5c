"""Together: tables and records of many plans in one folder, all or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from nhcplanner.outputs.harmless import harmless_csv
from nhcplanner.outputs.whole import files_in, whole


def write_together(
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
    with whole(directory) as made:
        for name, frame in tables.items():
            harmless_csv(frame, _room(made / f"{name}.csv"))
        for name, said in records.items():
            text = json.dumps(said, indent=2, allow_nan=False) + "\n"
            _room(made / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)


def _room(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
