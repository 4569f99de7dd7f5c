"""Commands that make several plans: waves, alternatives, site roles and trade-offs."""

from __future__ import annotations

from typing import Annotated

import typer

from nhcplanner import explore, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.question import Answer, Question, pose, question_about
from nhcplanner.cli.shell import ASK, app, example
from nhcplanner.domain.verdict import Verdict

Within = Annotated[float, typer.Option(help="Largest distance from the best possible plan, in %.")]
Differ = Annotated[int, typer.Option(help="Smallest number of centres in which plans differ.")]
Number = Annotated[int, typer.Option(help="Largest number of plans.")]


@app.command(
    rich_help_panel=ASK,
    epilog=example("waves demo --wave 2027=4 --wave 2030=6 --set time_limit=20"),
)
@question_about(pose)
def waves(
    question: Question,
    progress: workflow.Progress,
    wave: Annotated[
        list[str],
        typer.Option(help="Centres open by a date, such as 2030=120; repeatable, in order."),
    ],
    backwards: Annotated[
        bool, typer.Option("--backwards", help="Plan the last wave first.")
    ] = False,
) -> Answer:
    """Plan in waves: centres stay open once opened, and the lowest HLE comes first."""
    result = workflow.plan_waves(
        question.place,
        question.scenario,
        question.problem,
        question.model,
        [wave_of(text) for text in wave],
        order="backwards" if backwards else "forwards",
        time_limit=question.scenario.time_limit,
        progress=workflow.worded_progress(progress),
    )
    rows: list[dict[str, object]] = [
        {
            "wave": step.wave.name,
            "centres": len(step.plan.opened),
            "status": step.plan.status,
            "gap": Verdict.of(step.plan).gap,
            "people": sum(step.by_band.values()),
            "given_up": [price.lost for price in step.prices],
            "opens": question.ids(step.new),
        }
        for step in result.waves
    ]
    words = f"{question.place.title}: waves, planned {result.order}. {result.reason}"
    return Answer(". ".join([words.strip().removesuffix("."), *result.notes]), rows)


@app.command(
    rich_help_panel=ASK, epilog=example("alternatives demo --set count=6 --within 5 --number 2")
)
@question_about(pose)
def alternatives(
    question: Question,
    progress: workflow.Progress,
    within: Within = 2.0,
    differ: Differ = 2,
    number: Number = 5,
) -> Answer:
    """Find different plans that are nearly as good as the best possible plan."""
    near, limit = explore.Near(within / 100, differ, number), question.scenario.time_limit
    result = _near_best(question, near, limit, progress)
    rows: list[dict[str, object]] = [
        {
            "plan": number_of_plan,
            "people": [stage.value for stage in one.stages],
            "not_in_the_first": question.ids(sorted(set(one.opened) - set(result.plans[0].opened))),
            "opens": question.ids(one.opened),
        }
        for number_of_plan, one in enumerate(result.plans, 1)
    ]
    return Answer(f"{question.place.title}: {result.words}", rows)


@app.command(
    rich_help_panel=ASK, epilog=example("site-roles demo --set count=6 --within 5 --differ 1")
)
@question_about(pose)
def site_roles(
    question: Question,
    progress: workflow.Progress,
    within: Within = 2.0,
    differ: Differ = 2,
    number: Number = 5,
) -> Answer:
    """Show which sites good plans use always, often, sometimes or never."""
    near, half = explore.Near(within / 100, differ, number), question.scenario.time_limit / 2
    good = _near_best(question, near, half, progress)
    reports = workflow.worded_progress(progress)
    site_uses = explore.roles(
        question.problem, question.model, good, time_limit=half, progress=reports
    )
    table = explore.role_frame(site_uses, workflow.site_names(question.place))
    return Answer(f"{question.place.title}: {good.words}", {"roles": table})


@app.command(
    rich_help_panel=ASK,
    epilog=example("trade-off demo --set count=6 --first people --second centres"),
)
@question_about(pose)
def trade_off(
    question: Question,
    progress: workflow.Progress,
    first: Annotated[str, typer.Option(help=f"One goal: {', '.join(explore.aims)}.")] = "people",
    second: Annotated[str, typer.Option(help="The other goal, from the same list.")] = "worst_off",
) -> Answer:
    """Show what one goal costs the other, as a series of plans, each with its gap."""
    reports = workflow.worded_progress(progress)
    pace = explore.Pace(seconds=question.scenario.time_limit)
    plans = explore.frontier(question.problem, first, second, pace=pace, progress=reports)
    trade_off_curve = explore.curve(plans)
    rows: list[dict[str, object]] = [
        {
            trade_off_curve.points[0].first.goal: point.first.value,
            trade_off_curve.points[0].second.goal: point.second.value,
            "gap": point.gap,
            "knee": number in trade_off_curve.knees,
            "opens": question.ids(point.plan.opened),
        }
        for number, point in enumerate(trade_off_curve.points)
    ]
    return Answer(f"{question.place.title}: what {first} costs {second}", rows)


def _near_best(
    question: Question, near: explore.Near, seconds: float, progress: workflow.Progress
) -> explore.Alternatives:
    return explore.alternatives(
        question.problem,
        question.model,
        near,
        time_limit=seconds,
        progress=workflow.worded_progress(progress),
    )


def wave_of(text: str) -> explore.Wave:
    """Read `name=count`."""
    name, _, count = text.partition("=")
    if not (name and count.isdigit()):
        raise InputError([Fault(f"'{text}' is not a wave", "--wave", hint="Give e.g. 2030=120")])
    return explore.Wave(name, int(count))
