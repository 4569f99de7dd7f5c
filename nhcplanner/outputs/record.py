"""Record: plan.json, which holds what it takes to open a plan again and to make it anew."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.record import FORMAT, InputFile
from nhcplanner.outputs import report, wording


def record(
    outcome: Outcome,
    directory: Path | None = None,
    inputs: Sequence[InputFile] = (),
    date: str = "",
) -> dict[str, object]:
    """The whole run for the record: `report.as_json`, versions, parameters and inputs.

    Parameters
    ----------
    outcome
        The run.
    directory
        Folder that the record will lie in, from where the place folder is told.
    inputs
        Files that the run rests on.
    date
        Day of the plan (ISO); today by default.
    """
    found = report.as_json(outcome)
    del found["files"]
    found["times"] |= {
        "window": outcome.times.window,
        "horizon": outcome.times.horizon,
        "parameters": dict(sorted(outcome.times.parameters.items())),
    }
    found["plan"]["stages"] = [asdict(one) | {"gap": one.gap} for one in outcome.plan.stages]
    found["plan"]["unreached"] = len(outcome.plan.unreached)
    found["place"] |= _folder(outcome.place.folder, directory)
    return found | {
        "format": FORMAT,
        "inputs": [asdict(one) for one in inputs],
        "date": date or datetime.now(UTC).date().isoformat(),
        "versions": outcome.versions,
        "question": wording.question(outcome),
    }


def _folder(place: Path | None, directory: Path | None) -> dict[str, str]:
    """The place folder in full, and from the record's own folder where there is a way."""
    if place is None:
        return {"folder": "", "folder_from_here": ""}
    full, near = place.resolve(), ""
    if directory is not None:
        try:
            near = Path(os.path.relpath(full, directory.resolve())).as_posix()
        except ValueError:  # another drive
            near = ""
    return {"folder": str(full), "folder_from_here": near}
