"""A run in short: as one JSON object, and as text on a screen."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from nhcplanner.domain.assessment import Assessment, Outcome
from nhcplanner.outputs import tables, wording

_LISTED = 12


def as_json(outcome: Outcome, files: Iterable[Path] = ()) -> dict[str, Any]:
    """The run as one object of plain values; what is not a finite number is null.

    Parameters
    ----------
    outcome
        The run.
    files
        What was written of it.
    """
    place, times, plan = outcome.place, outcome.times, outcome.plan
    centres = tables.centres(outcome)
    found = {
        "place": {
            "name": place.title,
            "areas": len(place.areas),
            "sites": len(place.sites),
            "people": place.people,
        },
        "scenario": outcome.scenario.model_dump(mode="json"),
        "times": {
            "mode": times.mode,
            "engine": times.engine,
            "estimate": times.estimate,
            "pairs": times.pairs,
        },
        "plan": {
            "status": plan.status,
            "model": plan.model,
            "opened": centres["site_id"].tolist(),
            "stages": [
                {
                    "goal": one.goal,
                    "value": one.value,
                    "bound": one.bound,
                    "gap": one.gap,
                    "seconds": one.seconds,
                }
                for one in plan.stages
            ],
            "seconds": plan.seconds,
            "solver": plan.solver,
            **({"reason": plan.reason} if plan.reason else {}),
        },
        "assessment": _assessment(outcome.assessment)
        | {"centres": _records(centres[["site_id", "name", "role", "people_served"]])},
        "files": [str(path) for path in files],
        "sources": [vars(one) for one in place.sources],
    }
    plain: dict[str, Any] = _plain(found)
    return plain


def _assessment(found: Assessment) -> dict[str, Any]:
    within = found.people_within
    return {
        "people_within": _before_after(within, "people"),
        "share_within": _before_after(within, "share"),
        "by_band": _groups(found.by_band, "band", found.thresholds),
        "by_imd_quintile": _groups(found.by_imd_quintile, "imd_quintile", found.thresholds),
        "by_rural_urban": _groups(found.by_rural_urban, "rural_urban", found.thresholds),
        "by_car": _groups(found.by_car, "household", found.thresholds),
        "catchments": _records(found.catchments),
        "notes": list(found.notes),
    }


def _before_after(within: pd.DataFrame, what: str) -> dict[str, dict[str, float]]:
    return {
        f"{limit:g}": {"before": row[f"{what}_before"], "after": row[f"{what}_after"]}
        for limit, row in within.iterrows()
    }


def _groups(
    table: pd.DataFrame | None, name: str, limits: tuple[float, ...]
) -> list[dict[str, Any]] | None:
    if table is None:
        return None
    return [
        {
            name: group,
            "people": row["people"],
            **{
                f"share_{when}": {f"{n:g}": row[f"share_{when}_{n:g}"] for n in limits}
                for when in ("before", "after")
            },
        }
        for group, row in table.iterrows()
    ]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(row) for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    """The same in JSON's own kinds of value."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None if value is pd.NA else value


def summary(outcome: Outcome) -> str:
    """The run on one screen of plain text: question, proof, centres, who reaches them."""
    place, plan = outcome.place, outcome.plan
    size = f"{place.people:,} people in {len(place.areas):,} areas, {len(place.sites):,} sites"
    lines = [
        f"{place.title}: {size}",
        wording.question(outcome),
        "",
        f"{wording.status(plan)}.",
        *(f"  {wording.stage(one)}" for one in plan.stages),
        "",
        *_opened(outcome),
        "",
        *_reached(outcome),
        "",
        *dict.fromkeys((*wording.labels(outcome), *outcome.assessment.notes)),
    ]
    return "\n".join(lines)


def _opened(outcome: Outcome) -> list[str]:
    centres = tables.centres(outcome)
    if centres.empty:
        return ["No centre opens."]
    shown = centres.head(_LISTED)
    lines = [f"{len(centres):,} centres open in the plan:"]
    lines += [
        f"  {one.number:>3}. {one.name} ({one.site_id}, {wording.ROLES[one.role].lower()}): "
        f"nearest for {one.people_served:,.0f} people"
        for one in shown.itertuples(index=False)
    ]
    more = len(centres) - len(shown)
    return [*lines, f"  ... and {more:,} more"] if more else lines


def _reached(outcome: Outcome) -> list[str]:
    if not outcome.plan.opened:
        return [wording.reached(outcome)]
    lines = ["People within               before         after"]
    for limit, row in outcome.assessment.people_within.iterrows():
        before, after = (wording.share(row[f"share_{when}"]) for when in ("before", "after"))
        lines.append(
            f"  {limit:>3g} minutes    {row['people_before']:>11,.0f} {row['people_after']:>13,.0f}"
            f"   ({before} -> {after})"
        )
    for groups, name in (
        ("by_band", "band, 1 = first"),
        ("by_imd_quintile", "quintile of deprivation, 1 = most deprived"),
        ("by_car", "household"),
    ):
        table = tables.shares(outcome, groups)
        if table is not None:
            lines.append(f"Share within {outcome.scenario.reach:g} minutes by {name}:")
            lines.append("  " + "   ".join(_change(*row) for row in table.itertuples()))
    return lines


def _change(group: object, _people: float, before: float, after: float) -> str:
    return f"{group}: {wording.share(before)} -> {wording.share(after)}"
