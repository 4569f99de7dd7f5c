"""Commands that ask why a plan is as it is, and how well it stands."""

from __future__ import annotations

from typing import Annotated

import typer

from nhcplanner import explore, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.question import Answer, over, planned
from nhcplanner.cli.shell import ASK, app, example
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.problem import Problem

Sites = Annotated[
    list[str] | None, typer.Option("--site", help="Only this site, by its id; repeatable.")
]
Reaches = Annotated[
    list[float] | None, typer.Option("--reach", help="Another reach in minutes; repeatable.")
]
Modes = Annotated[
    list[str] | None,
    typer.Option("--mode", help="Another mode: walk, cycle, transit or drive; repeatable."),
]
Draws = Annotated[int, typer.Option(help="HLE drawn from its interval so many times.")]
Growth = Annotated[list[float] | None, typer.Option(help="People grow by so many %; repeatable.")]
Failures = Annotated[bool, typer.Option("--failures", help="Lose each centre in turn.")]


@app.command(rich_help_panel=ASK, epilog=example("explain demo --set count=6 --site S003"))
@over(planned)
def explain(outcome: Outcome, _: workflow.Progress, site: Sites = None) -> Answer:
    """Say what each centre gives, what each site left shut would add, and for which exchange."""
    problem, model, _ = workflow.problem_of(outcome)
    wanted = _positions(outcome, site) if site else None
    found = explore.explain(problem, model, outcome.plan, wanted)
    frames = explore.explanation_frames(found, workflow.site_names(outcome.place))
    tables = dict(zip(("centres", "candidates", "exchanges"), frames, strict=True))
    return Answer(f"{outcome.place.title}: why these centres", tables)


@app.command(rich_help_panel=ASK, epilog=example("site-losses demo --set count=6 --site S050"))
@over(planned)
def site_losses(outcome: Outcome, progress: workflow.Progress, site: Sites = None) -> Answer:
    """Say what it costs if a centre cannot be had: the best plan without it, and what opens."""
    problem, model, _ = workflow.problem_of(outcome)
    found = explore.losses(
        problem,
        model,
        outcome.plan,
        sites=_positions(outcome, site, outcome.plan.opened) if site else None,
        time_limit=outcome.scenario.time_limit,
        progress=workflow.worded_progress(progress),
    )
    asked = len(site) if site else len(outcome.plan.opened)
    words = f"{outcome.place.title}: the best without each centre"
    words += "" if len(found) == asked else f"; time sufficed for {len(found)} of {asked}"
    return Answer(words, {"losses": explore.loss_frame(found, workflow.site_names(outcome.place))})


@app.command(rich_help_panel=ASK, epilog=example("price-of-priority demo --set count=6"))
@over(planned)
def price_of_priority(outcome: Outcome, progress: workflow.Progress) -> Answer:
    """Say what putting the worst-off first costs the rest: the same rules without priority."""
    found = explore.price_of_priority(
        outcome.problem,
        outcome.plan,
        outcome.scenario.time_limit,
        workflow.worded_progress(progress),
    )
    if found is None:
        raise InputError([Fault("there was no time for a plan without priority", "time_limit")])
    sure = "" if found.at_most == found.people else f" (at most {found.at_most:,.0f})"
    words = (
        f"{outcome.place.title}: without priority the same rules reach "
        f"{found.most_people:,.0f} people, the plan {found.plan_people:,.0f}: "
        f"{found.people:,.0f} fewer{sure}"
    )
    return Answer(words, {"price": explore.price_frame(found)})


@app.command(
    rich_help_panel=ASK, epilog=example("robustness demo --set count=6 --reach 15 --draws 2")
)
@over(planned)
def robustness(  # noqa: PLR0913, PLR0917  (an option a parameter)
    outcome: Outcome,
    progress: workflow.Progress,
    reach: Reaches = None,
    mode: Modes = None,
    draws: Draws = 5,
    growth: Growth = None,
    failures: Failures = False,
) -> Answer:
    """Try the plan in other worlds: reach, mode, HLE, people, and centres that fall through."""
    worlds = _worlds(outcome, _turns(reach, draws, growth, failures), mode, progress)
    _, model, _ = workflow.problem_of(outcome)
    found = explore.robustness(
        worlds,
        model,
        outcome.plan,
        time_limit=outcome.scenario.time_limit,
        progress=workflow.worded_progress(progress),
    )
    names = workflow.site_names(outcome.place)
    frames = explore.robustness_frames(found, worlds, outcome.plan, names)
    words = f"{outcome.place.title}: the plan in {len(found.tried)} of {len(worlds)} other worlds"
    if draws and not any(name.startswith("HLE") for name in worlds):
        words += "; HLE was not varied, for the place has no interval of it"
    return Answer(words, dict(zip(("robustness", "stays"), frames, strict=True)))


@app.command(
    rich_help_panel=ASK, epilog=example("least-regret demo --set count=6 --reach 10 --reach 30")
)
@over(planned)
def least_regret(
    outcome: Outcome,
    progress: workflow.Progress,
    reach: Reaches = None,
    mode: Modes = None,
    growth: Growth = None,
) -> Answer:
    """Find the one plan that comes nearest to each world's best coverage, in the worst world."""
    problem, _, _ = workflow.problem_of(outcome)
    turned = _worlds(outcome, _turns(reach, 0, growth, failures=False), mode, progress)
    found = explore.least_regret(
        {"as planned": problem, **turned},
        time_limit=outcome.scenario.time_limit,
        progress=workflow.worded_progress(progress),
    )
    if not found.plan.stages:
        raise InputError([Fault(f"there is no such plan: {found.plan.reason}", "scenario")])
    stage, ids = found.plan.stages[0], outcome.place.sites["site_id"]
    words = (
        f"{outcome.place.title}: at most {stage.value:,.0f} people fewer than the best plan of any "
        f"world reaches there (no plan: fewer than {stage.bound:,.0f}). Opens "
        f"{', '.join(ids.iloc[list(found.plan.opened)])}"
    )
    rows: list[dict[str, object]] = [
        {
            "world": name,
            "people": found.alone[name].stages[0].value - fewer,
            "fewer_than_its_best": fewer,
            "at_most": found.most_regrets[name],
        }
        for name, fewer in found.regrets.items()
    ]
    return Answer(words, rows)


def _turns(
    reach: list[float] | None, draws: int, growth: list[float] | None, failures: bool
) -> workflow.Sensitivity:
    given = workflow.Sensitivity(draws=draws, growth=tuple(growth or ()), failures=failures)
    return given if not reach else workflow.Sensitivity(tuple(reach), draws, given.growth, failures)


def _worlds(
    outcome: Outcome,
    turns: workflow.Sensitivity,
    modes: list[str] | None,
    progress: workflow.Progress,
) -> dict[str, Problem]:
    """The worlds asked for, with minutes measured by the other modes."""
    times = {}
    for mode in modes or ():
        other = outcome.scenario.with_settings([f"mode={mode}"])
        times[mode] = workflow.measure(outcome.place, other, progress)
    return workflow.cases_of(outcome, turns, times)


def _positions(
    outcome: Outcome, names: list[str], among: tuple[int, ...] | None = None
) -> list[int]:
    """Positions of sites given by id; only those of the plan, where some are named."""
    ids = outcome.place.sites["site_id"].tolist()
    known = ids if among is None else [ids[site] for site in among]
    lost = [name for name in names if name not in known]
    where = "the place has no" if among is None else "the plan opens no"
    if lost:
        raise InputError([Fault(f"{where} site '{name}'", "--site") for name in lost])
    return [ids.index(name) for name in dict.fromkeys(names)]
