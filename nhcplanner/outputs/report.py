"""Short reports of a plan: headline figures, a screen of text, a JSON object and plan.json.

plan.json has everything to open a plan and to make it again. Because it is passed on, it states
files and folders by name and hash, never by path.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Assessment, Outcome
from nhcplanner.domain.plan import BY_HAND
from nhcplanner.domain.plan_record import InputFile, PlaceName, PlanFile, PlanRecord, SiteFacts
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import frames
from nhcplanner.outputs.wording import terms

_LISTED = 12


def as_json(outcome: Outcome, files: Iterable[Path] = ()) -> dict[str, Any]:
    """Return a run as one object of plain values; numbers that are not finite are null.

    Parameters
    ----------
    outcome
        The run.
    files
        Files that were written.
    """
    place, times, plan = outcome.place, outcome.times, outcome.plan
    centres = frames.centres(outcome)
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
                    "goal": goal.stage.goal,
                    "value": goal.stage.value,
                    "bound": goal.stage.bound,
                    **goal.distance,
                    "seconds": goal.stage.seconds,
                }
                for goal in Verdict.of(plan).goals
            ],
            "seconds": plan.seconds,
            "solver": plan.solver,
            **({"reason": plan.reason} if plan.reason else {}),
        },
        "assessment": _assessment(outcome.assessment)
        | {
            "centres": _records(
                centres[
                    [
                        "site_id",
                        "name",
                        "role",
                        "people_served",
                        "people_nearest",
                        *(
                            c
                            for c in ("plan_size", "cost", "capacity", "room_left")
                            if "plan_size" in centres
                        ),
                    ]
                ]
            )
        },
        "files": [str(path) for path in files],
        "sources": [vars(one) for one in place.sources],
    }
    if not Verdict.of(plan).has_plan:
        found["assessment"] = _without_after(found["assessment"])
    plain: dict[str, Any] = _plain(found)
    return plain


def _without_after(value: Any) -> Any:
    """Blank every figure after the plan, because there is no plan, which is not 0."""
    if isinstance(value, list):
        return [_without_after(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _blank(one) if key in {"after", "share_after"} else _without_after(one)
        for key, one in value.items()
    }


def _blank(value: Any) -> Any:
    return dict.fromkeys(value) if isinstance(value, dict) else None


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
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    """Convert values to JSON's types."""
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
    """Return a run as one screen of text: question, proof, centres, people in reach."""
    place, plan = outcome.place, outcome.plan
    verdict = Verdict.of(plan)
    areas, sites = plural(len(place.areas), "area"), plural(len(place.sites), "site")
    size = f"{place.people:,} people in {areas}, {sites}"
    lines = [
        f"{place.title}: {size}",
        terms.question(outcome),
        "",
        f"{verdict.words}.",
        *(f"  {goal.words}" for goal in verdict.goals),
        "",
        *_opened(outcome),
        "",
        *_reached(outcome),
        "",
        *dict.fromkeys((*terms.labels(outcome), *outcome.assessment.notes)),
    ]
    return "\n".join(lines)


def _opened(outcome: Outcome) -> list[str]:
    centres = frames.centres(outcome)
    if centres.empty:
        return ["No centre opens."]
    first = centres.head(_LISTED)
    opens = "centre opens" if len(centres) == 1 else "centres open"
    lines = [f"{len(centres):,} {opens} in the plan:"]
    lines += [
        f"  {one.number:>3}. {one.name} ({one.site_id}, {terms.ROLES[str(one.role)].lower()}): "
        f"serves {one.people_served:,.0f} people{_size_words(one)}"
        for one in frames.rows(first)
    ]
    more = len(centres) - len(first)
    lines += [f"  ... and {more:,} more"] if more else []
    return [*lines, f"  {terms.served(outcome.plan)}."]


def _size_words(centre: Any) -> str:
    """Return the size of a centre, its cost and the room left; "" if the plan chooses none."""
    size = getattr(centre, "plan_size", "")
    if not size:
        return ""
    cost = "cost not given" if pd.isna(centre.cost) else f"£{centre.cost:,.0f}"
    room = "" if pd.isna(centre.room_left) else f", room for {centre.room_left:,.0f} more"
    return f"; size: {size} ({cost}{room})"


def _reached(outcome: Outcome) -> list[str]:
    if not outcome.plan.opened:
        return [terms.reached(outcome)]
    lines = ["People within               before         after"]
    for limit, row in outcome.assessment.people_within.iterrows():
        before, after = (terms.share(row[f"share_{when}"]) for when in ("before", "after"))
        lines.append(
            f"  {limit:>3g} minutes    {row['people_before']:>11,.0f} {row['people_after']:>13,.0f}"
            f"   ({before} -> {after})"
        )
    for groups, name in (
        ("by_band", "band, 1 = first"),
        ("by_imd_quintile", "quintile of deprivation, 1 = most deprived"),
        ("by_car", "household"),
    ):
        table = frames.shares(outcome, groups)
        if table is not None:
            lines.append(f"Share within {outcome.scenario.reach:g} minutes by {name}:")
            lines.append("  " + "   ".join(_change(*row) for row in table.itertuples()))
    return lines


def _change(group: object, _people: float, before: float, after: float) -> str:
    return f"{group}: {terms.share(before)} -> {terms.share(after)}"


def record(
    outcome: Outcome,
    inputs: Sequence[InputFile] = (),
    date: str = "",
) -> dict[str, object]:
    """Return the record of a run: `as_json`, versions, parameters and inputs.

    Parameters
    ----------
    outcome
        The run.
    inputs
        Input files of the run.
    date
        Day of the plan (ISO); today by default.
    """
    found = as_json(outcome)
    del found["files"]
    found["times"] |= {
        "window": outcome.times.window,
        "horizon": outcome.times.horizon,
        "parameters": dict(sorted(outcome.times.parameters.items())),
    }
    plan, folder = outcome.plan, outcome.place.folder
    file = PlanFile(
        scenario=outcome.scenario,
        plan=PlanRecord.of(plan, outcome.place),
        place=PlaceName(
            name=outcome.place.title, folder=folder.resolve().name if folder is not None else ""
        ),
        sites=SiteFacts.all_of(outcome.place),
        inputs=tuple(inputs),
        versions=outcome.versions,
        date=date or datetime.now(UTC).date().isoformat(),
    ).model_dump(mode="json", exclude={"plan": {"assignment"}})
    for stage, goal in zip(file["plan"]["stages"], Verdict.of(plan).goals, strict=True):
        stage.update(goal.distance)
    file["plan"]["unreached"] = len(plan.unreached)
    file["place"] = found["place"] | file["place"]
    return found | file | {"question": terms.question(outcome)}


@dataclass(frozen=True)
class HeadlineFigure:
    """One headline figure.

    Parameters
    ----------
    label, value
        Label, and the rounded figure.
    change
        Change in words; empty = none.
    exact
        Exact figure, for a tooltip.
    good
        Whether an increase is a gain; False if it is neither gain nor loss.
    """

    label: str
    value: str
    change: str
    exact: str
    good: bool = True


def over_capacity(outcome: Outcome) -> str:
    """Return a sentence on centres that more people use than they have room for; else empty."""
    catchments = outcome.assessment.catchments
    beyond = catchments[catchments["over_capacity"] > 0]
    if beyond.empty:
        return ""
    return (
        f"{plural(len(beyond), 'centre')} would serve {beyond['over_capacity'].sum():,.0f} people "
        "more than their capacity: see Centres"
    )


def headline(outcome: Outcome, against: Outcome | None = None) -> tuple[HeadlineFigure, ...]:
    """Return the headline figures: people in reach, people of band 1, centres, and the proof.

    Parameters
    ----------
    outcome
        A plan that opens centres.
    against
        Plan to compare with; None = today.
    """
    parts = [_people(outcome, against)]
    if outcome.assessment.by_band is not None and 1 in outcome.assessment.by_band.index:
        parts.append(_first(outcome, against))
    new = int((frames.role(outcome) == "new").sum())
    number = f"{len(outcome.plan.opened):,}"
    parts.append(
        HeadlineFigure("Centres open", number, f"{new:,} new", f"{number} centres", good=False)
    )
    made = "by hand" if outcome.plan.solver == BY_HAND else _in_time(outcome.plan.seconds)
    verdict = Verdict.of(outcome.plan)
    parts.append(
        HeadlineFigure("Distance from the best", verdict.distance, made, verdict.words, good=False)
    )
    return tuple(parts)


def _people(outcome: Outcome, against: Outcome | None) -> HeadlineFigure:
    reach = outcome.scenario.reach
    now = pd.Series(outcome.assessment.people_within.loc[reach])
    before = float(now["people_before"])
    if against is not None:
        before = float(pd.Series(against.assessment.people_within.loc[reach])["people_after"])
    return HeadlineFigure(
        f"People within {reach:g} minutes",
        terms.share(now["share_after"]),
        _gained(float(now["people_after"]) - before, against),
        f"{now['people_after']:,.0f} of {outcome.place.people:,} people",
    )


def _first(outcome: Outcome, against: Outcome | None) -> HeadlineFigure:
    reach = f"{outcome.scenario.reach:g}"
    row = pd.Series(outcome.assessment.by_band.loc[1])  # type: ignore[union-attr]
    after, before = float(row[f"share_after_{reach}"]), float(row[f"share_before_{reach}"])
    if against is not None and against.assessment.by_band is not None:
        before = float(pd.Series(against.assessment.by_band.loc[1])[f"share_after_{reach}"])
    people = float(row["people"])
    by = "lowest HLE" if outcome.assessment.need.by == "hle" else "most deprived"
    return HeadlineFigure(
        f"Of band 1 ({by})",
        terms.share(after),
        _gained((after - before) * people, against),
        f"{after * people:,.0f} of {people:,.0f} people in band 1",
    )


def _gained(people: float, against: Outcome | None) -> str:
    if abs(people) < 0.5:
        return "" if against is None else "as before"
    return f"{people:+,.0f} {'against today' if against is None else 'people'}"


def _in_time(seconds: float) -> str:
    return "in under a second" if seconds < 1 else f"in {seconds:,.0f} s"
