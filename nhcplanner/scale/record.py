"""Record: what is written down of many plans, so that each number can be traced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from nhcplanner import layers, workflow
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario

FORMAT = 1
Row = dict[str, Any]


def said_of(plan: Plan, key: str) -> Row:
    """A plan's proof, its solver and the hash of what it rests on."""
    return {
        "key": key,
        "status": plan.status,
        "reason": plan.reason,
        "stages": [asdict(stage) | {"gap": stage.gap} for stage in plan.stages],
        "solver": plan.solver,
        "seconds": plan.seconds,
    }


def record_of(
    place: Place, scenarios: Mapping[str, Scenario], plans: Sequence[Mapping[str, object]]
) -> Row:
    """What many plans rest on, and what is proved of each.

    Parameters
    ----------
    place
        The place.
    scenarios
        The choices, by name; the hashes of files are of the place and of what any of them names.
    plans
        From `said_of`, each with its name.
    """
    inputs = {
        one: None for scenario in scenarios.values() for one in layers.input_files(place, scenario)
    }
    return {
        "format": FORMAT,
        "place": place.title,
        "folder": place.folder.resolve().name if place.folder else "",
        "inputs": [asdict(one) for one in inputs],
        "scenarios": {
            name: scenario.model_dump(mode="json") for name, scenario in scenarios.items()
        },
        "plans": list(plans),
        "versions": workflow.versions(),
        "date": datetime.now(UTC).date().isoformat(),
    }
