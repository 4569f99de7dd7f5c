"""Commands that explore a plan: reasons, losses, robustness, waves, alternatives, trade-offs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from nhcplanner import workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.cli.question import Answer, Question, Windows, make_plan, pose, question_about
from nhcplanner.cli.shell import ASK, app, example, read_modes

if TYPE_CHECKING:
    from nhcplanner import explore
    from nhcplanner.domain.assessment import Outcome
    from nhcplanner.domain.problem import Problem
    from nhcplanner.domain.travel_times import TravelTimes

AIM_HELP = "One goal, such as people, worst_off, travel or cost; a wrong name lists all goals."
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
    from nhcplanner.domain.verdict import Verdict

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
    from nhcplanner import explore

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
    from nhcplanner import explore

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
    first: Annotated[str, typer.Option(help=AIM_HELP)] = "people",
    second: Annotated[str, typer.Option(help="The other goal, from the same list.")] = "worst_off",
) -> Answer:
    """Show what one goal costs the other, as a series of plans, each with its gap."""
    from nhcplanner import explore

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
    from nhcplanner import explore

    return explore.alternatives(
        question.problem,
        question.model,
        near,
        time_limit=seconds,
        progress=workflow.worded_progress(progress),
    )


def wave_of(text: str) -> explore.Wave:
    """Read `name=count`."""
    from nhcplanner import explore

    name, _, count = text.partition("=")
    if not (name and count.isdigit()):
        raise InputError([Fault(f"'{text}' is not a wave", "--wave", hint="Give e.g. 2030=120")])
    return explore.Wave(name, int(count))


Sites = Annotated[
    list[str] | None, typer.Option("--site", help="Id of a site to look at; repeatable.")
]
Reaches = Annotated[
    list[float] | None, typer.Option("--reach", help="Another reach in minutes; repeatable.")
]
Modes = Annotated[
    list[str] | None,
    typer.Option(
        "--mode", help="Another mode: walk, cycle, transit, on_demand or drive; repeatable."
    ),
]
Draws = Annotated[int, typer.Option(help="Number of random draws of HLE from its interval.")]
Growth = Annotated[list[float] | None, typer.Option(help="Growth of population, %; repeatable.")]
Years = Annotated[
    list[int] | None,
    typer.Option("--year", help="People of another year, by the projection; repeatable."),
]
Failures = Annotated[bool, typer.Option("--failures", help="Also remove each centre in turn.")]


@app.command(rich_help_panel=ASK, epilog=example("explain demo --set count=6 --site S003"))
@question_about(make_plan)
def explain(outcome: Outcome, _: workflow.Progress, site: Sites = None) -> Answer:
    """Show what each centre contributes, and what each other site would add or replace."""
    from nhcplanner import explore

    problem, model, _starts = workflow.problem_of(outcome)
    positions = _positions(outcome, site) if site else None
    explanation = explore.explain(problem, model, outcome.plan, positions)
    frames = explore.explanation_frames(explanation, workflow.site_names(outcome.place))
    tables = dict(zip(("centres", "candidates", "exchanges"), frames, strict=True))
    return Answer(f"{outcome.place.title}: why these centres", tables)


@app.command(rich_help_panel=ASK, epilog=example("site-losses demo --set count=6 --site S050"))
@question_about(make_plan)
def site_losses(outcome: Outcome, progress: workflow.Progress, site: Sites = None) -> Answer:
    """Show what the plan loses if a site is not available, and what opens instead."""
    from nhcplanner import explore

    problem, model, _ = workflow.problem_of(outcome)
    losses = explore.losses(
        problem,
        model,
        outcome.plan,
        sites=_positions(outcome, site, outcome.plan.opened) if site else None,
        time_limit=outcome.scenario.time_limit,
        progress=workflow.worded_progress(progress),
    )
    number = len(site) if site else len(outcome.plan.opened)
    words = f"{outcome.place.title}: the best plan without each centre"
    words += "" if len(losses) == number else f"; there was time for {len(losses)} of {number}"
    return Answer(words, {"losses": explore.loss_frame(losses, workflow.site_names(outcome.place))})


@app.command(rich_help_panel=ASK, epilog=example("price-of-priority demo --set count=6"))
@question_about(make_plan)
def price_of_priority(outcome: Outcome, progress: workflow.Progress) -> Answer:
    """Show what priority for the worst-off costs others, by planning without priority."""
    from nhcplanner import explore

    if not workflow.has_priority(outcome.plan):
        raise InputError([Fault(workflow.NO_PRIORITY, "goals")])
    problem, model, rows = workflow.problem_of(outcome)
    price = explore.price_of_priority(
        problem,
        model,
        workflow.on_problem_rows(outcome.plan, rows),
        outcome.scenario.time_limit,
        workflow.worded_progress(progress),
    )
    if price is None:
        raise InputError(
            [Fault("was too short to plan without priority", "time_limit", hint="Set a longer one")]
        )
    sure = "" if price.at_most == price.people else f" (at most {price.at_most:,.0f})"
    words = (
        f"{outcome.place.title}: without priority the same rules reach "
        f"{price.most_people:,.0f} people, the plan {price.plan_people:,.0f}: "
        f"{price.people:,.0f} fewer{sure}. {workflow.money_of_priority(outcome, price.without)}"
    )
    return Answer(words, {"price": explore.price_frame(price)})


@app.command(
    rich_help_panel=ASK, epilog=example("robustness demo --set count=6 --reach 15 --draws 2")
)
@question_about(make_plan)
def robustness(  # noqa: PLR0913, PLR0917  (an option a parameter)
    outcome: Outcome,
    progress: workflow.Progress,
    reach: Reaches = None,
    mode: Modes = None,
    window: Windows = None,
    draws: Draws = 5,
    growth: Growth = None,
    year: Years = None,
    failures: Failures = False,
) -> Answer:
    """Test the plan with another reach, mode, hours, HLE or people, and without each centre."""
    from nhcplanner import explore

    sensitivity = _sensitivity(reach, draws, growth, failures)
    sensitivity = replace(sensitivity, years=tuple(year) if year else None)
    cases = _cases(outcome, sensitivity, mode, progress, window)
    _, model, rows = workflow.problem_of(outcome)
    result = explore.robustness(
        cases,
        model,
        workflow.on_problem_rows(outcome.plan, rows),
        time_limit=outcome.scenario.time_limit,
        progress=workflow.worded_progress(progress),
    )
    names = workflow.site_names(outcome.place)
    frames = explore.robustness_frames(result, cases, outcome.plan, names)
    words = f"{outcome.place.title}: the plan in {len(result.tried)} of {len(cases)} other cases"
    if draws and not any(name.startswith("HLE") for name in cases):
        words += "; HLE was not varied because the place has no intervals of HLE"
    if any(name.startswith("growth draw") for name in cases):
        words += f". {workflow.GROWTH_WORDS[0].upper()}{workflow.GROWTH_WORDS[1:]}"
    likely = workflow.plan_by_probability(outcome)
    if likely is not None:
        words += f". {likely.words}"
    return Answer(words, dict(zip(("robustness", "stays"), frames, strict=True)))


@app.command(
    rich_help_panel=ASK, epilog=example("least-regret demo --set count=6 --reach 10 --reach 30")
)
@question_about(make_plan)
def least_regret(
    outcome: Outcome,
    progress: workflow.Progress,
    reach: Reaches = None,
    mode: Modes = None,
    growth: Growth = None,
) -> Answer:
    """Find the plan that loses least, in its worst case, against the best plan for each case."""
    from nhcplanner import explore

    problem, model, _ = workflow.problem_of(outcome)
    cases = _cases(outcome, _sensitivity(reach, 0, growth, failures=False), mode, progress)
    result = explore.least_regret(
        {"as planned": problem, **cases},
        time_limit=outcome.scenario.time_limit,
        progress=workflow.worded_progress(progress),
    )
    if not result.plan.stages:
        raise InputError([Fault(f"no plan was found: {result.plan.reason}", "scenario")])
    stage, ids = result.plan.stages[0], outcome.place.sites["site_id"]
    words = (
        f"{outcome.place.title}: this plan never reaches more than {stage.value:,.0f} people "
        f"fewer than the best plan for that case (no plan can do better than {stage.bound:,.0f}). "
        f"It opens "
        f"{', '.join(ids.iloc[list(result.plan.opened)])}"
    )
    broken = explore.broken_rules(problem, model, result.plan.opened)
    if broken:
        words += f". It keeps the limits on sites, number and money, but not: {'; '.join(broken)}"
    rows: list[dict[str, object]] = [
        {
            "world": name,
            "people": None if best is None else best - fewer,
            "fewer_than_its_best": fewer,
            "at_most": result.most_regrets[name],
        }
        for name, fewer in result.regrets.items()
        for best in (result.alone[name].stages[0].value,)
    ]
    return Answer(words, rows)


def _sensitivity(
    reach: list[float] | None, draws: int, growth: list[float] | None, failures: bool
) -> workflow.Sensitivity:
    sensitivity = workflow.Sensitivity(draws=draws, growth=tuple(growth or ()), failures=failures)
    return (
        sensitivity
        if not reach
        else workflow.Sensitivity(tuple(reach), draws, sensitivity.growth, failures)
    )


def _cases(
    outcome: Outcome,
    sensitivity: workflow.Sensitivity,
    modes: list[str] | None,
    progress: workflow.Progress,
    windows: list[str] | None = None,
) -> dict[str, Problem]:
    """Return the problem of each case, with minutes by the other modes and in each window."""
    times: dict[str, TravelTimes] = {}
    for mode in read_modes(modes):
        other = outcome.scenario.with_settings([f"mode={mode}"])
        times[mode] = workflow.measure(outcome.place, other, progress)
    by_window = workflow.named_windows(outcome, windows or (), progress)
    return workflow.cases_of(outcome, sensitivity, times, by_window)


def _positions(
    outcome: Outcome, names: list[str], among: tuple[int, ...] | None = None
) -> list[int]:
    """Return the positions of sites by their ids; only sites of `among` if it is given."""
    ids = outcome.place.sites["site_id"].tolist()
    allowed_ids = ids if among is None else [ids[site] for site in among]
    unknown = [name for name in names if name not in allowed_ids]
    where = "the place has no" if among is None else "the plan does not open"
    if unknown:
        raise InputError(
            Fault(f"{where} site '{name}'", "--site", hint=suggest(name, allowed_ids))
            for name in unknown
        )
    return [ids.index(name) for name in dict.fromkeys(names)]
