"""Commands that ask more than one plan can answer."""

from __future__ import annotations

from typing import Annotated

import typer

from nhcplanner import explore, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.question import Answer, Asked, ask, over
from nhcplanner.cli.shell import ASK, app, example

Within = Annotated[float, typer.Option(help="At most so many % from the best possible.")]
Differ = Annotated[int, typer.Option(help="Plans differ in so many centres.")]
Number = Annotated[int, typer.Option(help="At most so many plans.")]


@app.command(
    rich_help_panel=ASK,
    epilog=example("waves demo --wave 2027=4 --wave 2030=6 --set time_limit=20"),
)
@over(ask)
def waves(
    asked: Asked,
    progress: workflow.Progress,
    wave: Annotated[
        list[str], typer.Option(help="Centres open by then, e.g. 2030=120; repeatable, in order.")
    ],
    backwards: Annotated[
        bool, typer.Option("--backwards", help="Plan the last wave first.")
    ] = False,
) -> Answer:
    """Plan in waves: what opens stays open, earlier waves lowest HLE first."""
    found = explore.plan_in_waves(
        asked.problem,
        asked.model,
        [wave_of(one) for one in wave],
        order="backwards" if backwards else "forwards",
        time_limit=asked.scenario.time_limit,
        progress=workflow.worded_progress(progress),
    )
    rows: list[dict[str, object]] = [
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
    words = f"{asked.place.title}: waves, planned {found.order}. {found.reason}"
    return Answer(words.strip(), rows)


@app.command(
    rich_help_panel=ASK, epilog=example("alternatives demo --set count=6 --within 5 --number 2")
)
@over(ask)
def alternatives(
    asked: Asked,
    progress: workflow.Progress,
    within: Within = 2.0,
    differ: Differ = 2,
    number: Number = 5,
) -> Answer:
    """Find different plans that are each nearly as good as any plan can be."""
    near, limit = explore.Near(within / 100, differ, number), asked.scenario.time_limit
    found = _near_best(asked, near, limit, progress)
    rows: list[dict[str, object]] = [
        {
            "plan": place,
            "people": [stage.value for stage in one.stages],
            "not_in_the_first": asked.ids(sorted(set(one.opened) - set(found.plans[0].opened))),
            "opens": asked.ids(one.opened),
        }
        for place, one in enumerate(found.plans, 1)
    ]
    return Answer(f"{asked.place.title}: {found.words}", rows)


@app.command(
    rich_help_panel=ASK, epilog=example("site-roles demo --set count=6 --within 5 --differ 1")
)
@over(ask)
def site_roles(
    asked: Asked,
    progress: workflow.Progress,
    within: Within = 2.0,
    differ: Differ = 2,
    number: Number = 5,
) -> Answer:
    """Say which sites good plans always, often, sometimes and never use."""
    near, half = explore.Near(within / 100, differ, number), asked.scenario.time_limit / 2
    good = _near_best(asked, near, half, progress)
    told = workflow.worded_progress(progress)
    found = explore.roles(asked.problem, asked.model, good, time_limit=half, progress=told)
    table = explore.role_frame(found, workflow.site_names(asked.place))
    return Answer(f"{asked.place.title}: {good.words}", {"roles": table})


@app.command(
    rich_help_panel=ASK,
    epilog=example("trade-off demo --set count=6 --first people --second centres"),
)
@over(ask)
def trade_off(
    asked: Asked,
    progress: workflow.Progress,
    first: Annotated[str, typer.Option(help="people, worst_off, centres, cost, ...")] = "people",
    second: Annotated[str, typer.Option(help="The goal to trade it against.")] = "worst_off",
) -> Answer:
    """Trace what one goal costs the other, each point a plan with its gap."""
    told, pace = workflow.worded_progress(progress), explore.Pace(seconds=asked.scenario.time_limit)
    found = explore.curve(explore.frontier(asked.problem, first, second, pace=pace, progress=told))
    rows: list[dict[str, object]] = [
        {
            found.points[0].first.goal: point.first.value,
            found.points[0].second.goal: point.second.value,
            "gap": point.gap,
            "knee": number in found.knees,
            "opens": asked.ids(point.plan.opened),
        }
        for number, point in enumerate(found.points)
    ]
    return Answer(f"{asked.place.title}: what {first} costs {second}", rows)


def _near_best(
    asked: Asked, near: explore.Near, seconds: float, progress: workflow.Progress
) -> explore.Alternatives:
    return explore.alternatives(
        asked.problem,
        asked.model,
        near,
        time_limit=seconds,
        progress=workflow.worded_progress(progress),
    )


def wave_of(text: str) -> explore.Wave:
    """Read `name=count`."""
    name, _, count = text.partition("=")
    if not (name and count.isdigit()):
        raise InputError([Fault(f"'{text}' is no wave", "--wave", hint="Give e.g. 2030=120")])
    return explore.Wave(name, int(count))
