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
    ask,
    progressing,
    tell,
    tell_tables,
)
from nhcplanner.domain.errors import Fault, InputError

Within = Annotated[float, typer.Option(help="At most so many % from the best possible.")]
Differ = Annotated[int, typer.Option(help="Plans differ in so many centres.")]
Number = Annotated[int, typer.Option(help="At most so many plans.")]


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
    with progressing() as progress:
        asked = ask(place, scenario, settings, progress)
        found = explore.plan_in_waves(
            asked.problem,
            asked.model,
            [wave_of(one) for one in wave],
            order="backwards" if backwards else "forwards",
            time_limit=asked.scenario.time_limit,
            progress=asked.told,
        )
    rows = [
        {
            "wave": one.wave.name,
            "centres": len(one.plan.opened),
            "status": one.plan.status,
            "gap": one.plan.gap,
            "people": sum(one.by_band.values()),
            "given_up": [price.lost for price in one.prices],
            "opens": asked.ids(one.new),
        }
        for one in found.waves
    ]
    tell(
        f"{asked.place.title}: waves, planned {found.order}. {found.reason}".strip(), rows, as_json
    )


@app.command()
def alternatives(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    within: Within = 2.0,
    differ: Differ = 2,
    number: Number = 5,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Find different plans that are each nearly as good as any plan can be."""
    with progressing() as progress:
        asked = ask(place, scenario, settings, progress)
        near = explore.Near(within / 100, differ, number)
        found = explore.alternatives(
            asked.problem,
            asked.model,
            near,
            time_limit=asked.scenario.time_limit,
            progress=asked.told,
        )
    rows = [
        {
            "plan": number,
            "people": [stage.value for stage in one.stages],
            "not_in_the_first": asked.ids(sorted(set(one.opened) - set(found.plans[0].opened))),
            "opens": asked.ids(one.opened),
        }
        for number, one in enumerate(found.plans, 1)
    ]
    tell(f"{asked.place.title}: {found.words}", rows, as_json)


@app.command()
def roles(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    within: Within = 2.0,
    differ: Differ = 2,
    number: Number = 5,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Say which sites good plans always, often, sometimes and never use."""
    with progressing() as progress:
        asked = ask(place, scenario, settings, progress)
        near, half = explore.Near(within / 100, differ, number), asked.scenario.time_limit / 2
        given = {"time_limit": half, "progress": asked.told}
        good = explore.alternatives(asked.problem, asked.model, near, **given)
        found = explore.roles(asked.problem, asked.model, good, **given)
    table = explore.role_frame(found, workflow.site_names(asked.place))
    tell_tables(f"{asked.place.title}: {good.words}", {"roles": table}, as_json)


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
    with progressing() as progress:
        asked = ask(place, scenario, settings, progress)
        pace = explore.Pace(seconds=asked.scenario.time_limit)
        points = explore.frontier(asked.problem, first, second, pace=pace, progress=asked.told)
        found = explore.curve(points)
    rows = [
        {
            found.points[0].first.goal: point.first.value,
            found.points[0].second.goal: point.second.value,
            "gap": point.gap,
            "knee": number in found.knees,
            "opens": asked.ids(point.plan.opened),
        }
        for number, point in enumerate(found.points)
    ]
    tell(f"{asked.place.title}: what {first} costs {second}", rows, as_json)


def wave_of(text: str) -> explore.Wave:
    """Read `name=count`."""
    name, _, count = text.partition("=")
    if not (name and count.isdigit()):
        raise InputError([Fault(f"'{text}' is no wave", "--wave", mend="Give e.g. 2030=120")])
    return explore.Wave(name, int(count))
