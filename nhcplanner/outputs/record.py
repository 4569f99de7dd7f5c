"""Record: plan.json, which holds what it takes to open a plan again and to make it anew.

It goes to other people, so files and folders stand in it by name and hash, never by path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.record import FORMAT, InputFile
from nhcplanner.outputs import report, wording


def record(
    outcome: Outcome,
    inputs: Sequence[InputFile] = (),
    date: str = "",
) -> dict[str, object]:
    """The whole run for the record: `report.as_json`, versions, parameters and inputs.

    Parameters
    ----------
    outcome
        The run.
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
    folder = outcome.place.folder
    found["place"] |= {"folder": folder.resolve().name if folder is not None else ""}
    return found | {
        "format": FORMAT,
        "inputs": [asdict(one) for one in inputs],
        "date": date or datetime.now(UTC).date().isoformat(),
        "versions": outcome.versions,
        "question": wording.question(outcome),
    }
