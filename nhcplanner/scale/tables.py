"""Tables and records of many plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner import layers, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import frames
from nhcplanner.scale.parts import PartedProblem

FORMAT = 1
Row = dict[str, Any]


def proof_of(plan: Plan, key: str) -> Row:
    """Return a plan's proof, its solver and the hash of everything that it depends on."""
    return {
        "key": key,
        "status": plan.status,
        "reason": plan.reason,
        "stages": [asdict(goal.stage) | goal.distance for goal in Verdict.of(plan).goals],
        "solver": plan.solver,
        "seconds": plan.seconds,
    }


def sweep_record(
    place: Place, scenarios: Mapping[str, Scenario], plans: Sequence[Mapping[str, object]]
) -> Row:
    """Return the record of many plans: their inputs, scenarios and proofs.

    Parameters
    ----------
    place
        The place.
    scenarios
        The choices, by name. Files of the place and files that a scenario names are hashed.
    plans
        From `proof_of`, each with its name.
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


def parts_table(
    outcome: Outcome, parted: PartedProblem, plans: Mapping[str, Plan], labels: pd.Series[str]
) -> pd.DataFrame:
    """Return the results of each part: the rows of `Everywhere.table`.

    Parameters
    ----------
    outcome
        All parts together.
    parted, plans
        The parts, and the plan of each on the whole place's sites.
    labels
        Part of each area.
    """
    must_open = set(parted.problem.keep)
    names = _names(outcome.place.areas, str(labels.name))
    rows = []
    for part, (count, _) in zip(parted.parts, parted.limits, strict=True):
        plan = plans[part.name]
        opened = set(part.own.tolist()) & set(outcome.plan.opened)
        rows.append(
            {
                "place": outcome.place.title,
                "part": part.name,
                "name": names.get(part.name, ""),
                "minutes_by": outcome.times.engine,
                "sites": len(part.own),
                "sites_around": len(part.around),
                "count": count,
                "status": plan.status,
                "gap": Verdict.of(plan).gap,
                "reason": plan.reason,
                "centres": len(opened),
                "new_centres": len(opened - must_open),
            }
        )
    people = _people(outcome, labels)
    return pd.DataFrame(rows).astype({"count": "Int64"}).join(people, on="part")


def centres_table(outcome: Outcome, site_labels: pd.Series[str]) -> pd.DataFrame:
    """Return the centres of all parts, numbered as on the map, with the part of each."""
    centres = frames.centres(outcome)
    part = pd.Series(site_labels.to_numpy(), index=outcome.place.sites["site_id"])
    centres.insert(1, "part", part.loc[centres["site_id"]].to_numpy())
    centres.insert(0, "place", outcome.place.title)
    return centres


def _names(areas: pd.DataFrame, by: str) -> dict[str, str]:
    """Return the name of each part, if parts are identified by a code."""
    column = by.removesuffix("_code") + "_name"
    if not by.endswith("_code") or column not in areas:
        return {}
    rows = areas.dropna(subset=[column]).drop_duplicates(by)
    return dict(zip(rows[by].astype("str"), rows[column].astype("str"), strict=True))


def _people(outcome: Outcome, labels: pd.Series[str]) -> pd.DataFrame:
    """Count the people of each part, and those of them who reach a centre of any part."""
    areas = outcome.assessment.areas
    people = areas["people"].to_numpy(dtype=np.float64)
    first = np.where(areas["band"] == 1, people, 0.0)
    by_area = pd.DataFrame(
        {
            "areas": 1,
            "people": people,
            "people_before": people * areas["share_before"].to_numpy(),
            "people_after": people * areas["share_after"].to_numpy(),
            "first_band_people": first,
            "first_band_after": first * areas["share_after"].to_numpy(),
        }
    )
    sums = by_area.groupby(labels.to_numpy()).sum()
    sums.insert(4, "share_after", _share(sums["people_after"], sums["people"]))
    sums["first_band_after"] = _share(sums["first_band_after"], sums["first_band_people"])
    return sums


def _share(some: pd.Series[float], of: pd.Series[float]) -> pd.Series[float]:
    return some / of.where(of > 0)
