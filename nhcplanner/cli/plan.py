"""Commands that make a plan, and that edit one by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nhcplanner import layers, outputs, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.compare import PlanFolder, comparison_as_values
from nhcplanner.cli.shell import (
    PLAN,
    START,
    AsJson,
    NoCache,
    OtherPlace,
    PlaceFolder,
    ScenarioFile,
    Seconds,
    Settings,
    app,
    echo,
    example,
    print_json,
    progressing,
    read,
)

if TYPE_CHECKING:
    from nhcplanner.domain.assessment import Outcome
    from nhcplanner.domain.place import Place
    from nhcplanner.domain.scenario import Scenario


@app.command(rich_help_panel=START, epilog=example("demo --out out/demo"))
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("out/demo"),
    settings: Settings = None,
    seconds: Seconds = None,
    as_json: AsJson = False,
) -> None:
    """Plan the SYNTHETIC demo place, to see what the program does."""
    scenario = read(layers.demo_scenario(), settings, seconds)
    outcome = _plan_and_write(workflow.demo_place(), scenario, out, as_json)
    if not as_json:
        echo(_price(outcome))
        echo("\nExplore it in the app: nhcplanner app   (from a checkout: make app)")


@app.command(rich_help_panel=PLAN, epilog=example("plan demo --set count=6 --out plan"))
def plan(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("out/plan"),
    scenario: ScenarioFile = None,
    settings: Settings = None,
    seconds: Seconds = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Plan the centres of a place, and write a map, tables, GIS files and a record."""
    chosen = read(scenario, settings, seconds)
    _plan_and_write(workflow.load(place), chosen, out, as_json, keep=not no_cache)


@app.command(rich_help_panel=PLAN, epilog=example("write-model demo plan.mps --set count=6"))
def write_model(
    place: PlaceFolder,
    out: Annotated[Path, typer.Argument(help="File to write: plan.mps or plan.lp.")],
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Write the program of a scenario's first goal as MPS or LP, for another solver."""
    chosen = read(scenario, settings)
    with progressing() as progress:
        path = workflow.write_model(workflow.load(place), chosen, out, progress)
    if as_json:
        print_json({"file": str(path)})
        return
    echo(str(path))


def _price(outcome: Outcome) -> str:
    """Describe the cost of priority; empty if there is no plan or no priority."""
    from nhcplanner import explore

    price = None
    if outcome.scenario.model == "lowest_hle_first":
        problem, model, rows = workflow.problem_of(outcome)
        plan = workflow.on_problem_rows(outcome.plan, rows)
        price = explore.price_of_priority(problem, model, plan, outcome.scenario.time_limit)
    if price is None:
        return ""
    share = price.people / outcome.place.people
    return (
        f"\nWithout priority the same rules reach {price.most_people:,.0f} people. Putting the "
        f"worst-off first reaches {price.people:,.0f} fewer ({share:.1%} of all people)."
    )


def _plan_and_write(
    place: Place, scenario: Scenario, out: Path, as_json: bool, keep: bool = True
) -> Outcome:
    with progressing() as progress:
        outcome = workflow.run(place, scenario, progress, keep=keep)
        paths = workflow.write_results(outcome, out, progress)
    if as_json:
        print_json(outputs.as_json(outcome, paths))
        return outcome
    echo(outputs.summary(outcome))
    echo("\nFiles:")
    for path in paths:
        echo(f"  {path}")
    return outcome


Close = Annotated[
    list[str] | None,
    typer.Option("--close", "--shut", help="Id of a centre to close; repeatable."),
]
Open = Annotated[list[str] | None, typer.Option("--open", help="Id of a site to open; repeatable.")]
Move = Annotated[
    list[str] | None,
    typer.Option(
        "--move",
        help="New position of a site: id=postcode, grid reference or easting,northing; repeatable.",
        metavar="ID=WHERE",
    ),
]


@app.command(
    rich_help_panel=PLAN, epilog=example("edit plan --close S037 --open S009 --out changed")
)
def edit(  # noqa: PLR0913, PLR0917  (an option a parameter)
    plan: PlanFolder,
    close: Close = None,
    open_: Open = None,
    move: Move = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the changed plan.")] = None,
    place: OtherPlace = None,
    as_json: AsJson = False,
) -> None:
    """Close, open or move centres of a plan by hand, and show the effect without solving."""
    if out is not None and move:
        hint = "Move the site in your list, build the place again, and plan"
        raise InputError([Fault("a plan with moved sites cannot be written", "--out", hint=hint)])
    with progressing() as progress:
        before = workflow.open_plan(plan, place, progress)
        after = _edit(before, close or [], open_ or [], move or [])
        names = ("the old plan", "the new plan")
        comparison = workflow.compare_plans(before, after, names)
        files = () if out is None else workflow.write_results(after, out, progress)
    rules_broken = workflow.broken_rules(after)
    if as_json:
        print_json(comparison_as_values(comparison, files) | {"breaks": list(rules_broken)})
        return
    for words in (
        after.plan.reason,
        *comparison.words,
        *(f"Breaks the rule: {one}" for one in rules_broken),
    ):
        echo(words)
    for path in files:
        echo(f"  {path}")


def _edit(before: Outcome, close: list[str], open_: list[str], move: list[str]) -> Outcome:
    from nhcplanner.workflow import sites

    ids = before.place.sites["site_id"]
    now = list(ids.iloc[list(before.plan.opened)])
    faults = [Fault(f"the plan does not open site '{i}'", "--close") for i in close if i not in now]
    faults += [Fault(f"site '{i}' is already open", "--open") for i in open_ if i in now]
    faults += [Fault(f"'{text}' is not ID=WHERE", "--move") for text in move if "=" not in text]
    if not (close or open_ or move):
        faults.append(Fault("there is nothing to change", hint="Give --close, --open or --move"))
    if faults:
        raise InputError(faults)
    choices = workflow.Choices((), (), ())
    for text in move:
        site, _, where = text.partition("=")
        choices = sites.moved(site, workflow.spot(where), choices)
    place = workflow.with_edits(before.place, choices.edits)
    words = "; ".join(
        f"{site} {done}"
        for done, some in (("closed", close), ("opened", open_), ("moved", move))
        for site in (text.partition("=")[0] for text in some)
    )
    remaining = [site for site in now if site not in close]
    return workflow.edit_plan(before, place, [*remaining, *open_], words)
