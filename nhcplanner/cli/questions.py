"""Commands that ask more than one plan can answer."""

from __future__ import annotations

from typing import Annotated

import typer

from nhcplanner import explore, workflow
from nhcplanner.cli.shell import (
    AsJson,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    progressing,
    read,
    tell,
)
from nhcplanner.domain.errors import Fault, InputError


@app.command()
def phases(
    place: PlaceFolder,
    wave: Annotated[
        list[str], typer.Option(help="Centres open by then, e.g. 2030=120; repeatable, in order.")
    ],
    backwards: Annotated[bool, typer.Option(help="Plan the last wave first.")] = False,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Plan in waves: what opens stays open, earlier waves lowest HLE first."""
    wanted = read(scenario, settings)
    with progressing() as progress:
        held = workflow.load(place)
        problem, model = workflow.question(held, wanted, progress)
        found = explore.plan_in_waves(
            problem,
            model,
            [wave_of(one) for one in wave],
            order="backwards" if backwards else "forwards",
            time_limit=wanted.time_limit,
            progress=workflow.spoken(progress),
        )
    ids = held.sites["site_id"]
    rows = [
        {
            "wave": one.wave.name,
            "centres": len(one.plan.opened),
            "status": one.plan.status,
            "gap": _widest([stage.gap for stage in one.plan.stages]),
            "people": sum(one.by_band.values()),
            "given_up": [price.lost for price in one.prices],
            "opens": ids.iloc[list(one.new)].tolist(),
        }
        for one in found.waves
    ]
    tell(f"{held.title}: waves, planned {found.order}. {found.reason}".strip(), rows, as_json)


@app.command()
def alternatives(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    within: Annotated[float, typer.Option(help="At most so many % from the best possible.")] = 2.0,
    differ: Annotated[int, typer.Option(help="Plans differ in so many centres.")] = 2,
    number: Annotated[int, typer.Option(help="At most so many plans.")] = 5,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Find different plans that are each nearly as good as any plan can be."""
    wanted = read(scenario, settings)
    with progressing() as progress:
        held = workflow.load(place)
        problem, model = workflow.question(held, wanted, progress)
        near = explore.Near(within / 100, differ, number)
        found = explore.alternatives(
            problem,
            model,
            near,
            time_limit=wanted.time_limit,
            progress=workflow.spoken(progress),
        )
    ids = held.sites["site_id"]
    rows = [
        {
            "plan": number,
            "people": [stage.value for stage in one.stages],
            "not_in_the_first": ids.iloc[
                sorted(set(one.opened) - set(found.plans[0].opened))
            ].tolist(),
            "opens": ids.iloc[list(one.opened)].tolist(),
        }
        for number, one in enumerate(found.plans, 1)
    ]
    tell(f"{held.title}: {found.words}", rows, as_json)


@app.command()
def frontier(
    place: PlaceFolder,
    first: Annotated[str, typer.Option(help="people, worst_off, centres, cost, ...")] = "people",
    second: Annotated[str, typer.Option(help="The goal to trade it against.")] = "worst_off",
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Trace what one goal costs the other, each point a plan with its gap."""
    wanted = read(scenario, settings)
    with progressing() as progress:
        held = workflow.load(place)
        problem, _ = workflow.question(held, wanted, progress)
        pace = explore.Pace(seconds=wanted.time_limit)
        points = explore.frontier(
            problem, first, second, pace=pace, progress=workflow.spoken(progress)
        )
        found = explore.curve(points)
    ids = held.sites["site_id"]
    rows = [
        {
            found.points[0].first.goal: point.first.value,
            found.points[0].second.goal: point.second.value,
            "gap": point.gap,
            "knee": number in found.knees,
            "opens": ids.iloc[list(point.plan.opened)].tolist(),
        }
        for number, point in enumerate(found.points)
    ]
    tell(f"{held.title}: what {first} costs {second}", rows, as_json)


def _widest(gaps: list[float | None]) -> float | None:
    """The widest gap; None where there is none or one is not known, never 0 for unknown."""
    known = [gap for gap in gaps if gap is not None]
    return max(known) if known and len(known) == len(gaps) else None


def wave_of(text: str) -> explore.Wave:
    """Read `name=count`."""
    name, _, count = text.partition("=")
    if not (name and count.isdigit()):
        raise InputError([Fault(f"'{text}' is no wave", "--wave", mend="Give e.g. 2030=120")])
    return explore.Wave(name, int(count))
