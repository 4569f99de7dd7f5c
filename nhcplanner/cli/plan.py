"""Commands that plan.

The command that changes a plan by hand.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import explore, layers, outputs, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.hand_in import Elsewhere, PlanFolder, compared
from nhcplanner.cli.shell import (
    PLAN,
    START,
    AsJson,
    NoCache,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    example,
    progressing,
    read,
    say,
    tell_json,
)
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow import sites


@app.command(rich_help_panel=START, epilog=example("demo --out out/demo"))
def demo(
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("out/demo"),
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Plan the SYNTHETIC demo place: from nothing to a plan in one command."""
    scenario = read(layers.demo_scenario(), settings)
    outcome = _plan_and_write(workflow.demo_place(), scenario, out, as_json)
    if not as_json:
        say(_price(outcome))
        say("\nExplore it in the app: nhcplanner app   (from a checkout: make app)")


@app.command(rich_help_panel=PLAN, epilog=example("plan demo --set count=6 --out plan"))
def plan(
    place: PlaceFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("out/plan"),
    scenario: ScenarioFile = None,
    settings: Settings = None,
    no_cache: NoCache = False,
    as_json: AsJson = False,
) -> None:
    """Site the centres of a place and write map, tables, GIS files and the record."""
    _plan_and_write(workflow.load(place), read(scenario, settings), out, as_json, keep=not no_cache)


def _price(outcome: Outcome) -> str:
    """What priority costs, on a line; empty where nothing was planned or nobody comes first."""
    price = None
    if outcome.scenario.model == "lowest_hle_first":
        price = explore.price_of_priority(
            outcome.problem, outcome.plan, outcome.scenario.time_limit
        )
    if price is None:
        return ""
    share = price.people / outcome.place.people
    return (
        f"\nWithout priority the same rules reach {price.most_people:,.0f} people: putting the "
        f"worst-off first costs {price.people:,.0f} people's reach ({share:.1%} of all)."
    )


def _plan_and_write(
    place: Place, scenario: Scenario, out: Path, as_json: bool, keep: bool = True
) -> Outcome:
    with progressing() as progress:
        outcome = workflow.run(place, scenario, progress, keep=keep)
        paths = workflow.write_results(outcome, out, progress)
    if as_json:
        tell_json(outputs.as_json(outcome, paths))
        return outcome
    say(outputs.summary(outcome))
    say("\nFiles:")
    for path in paths:
        say(f"  {path}")
    return outcome


Shut = Annotated[list[str] | None, typer.Option(help="Id of a centre that shuts; repeatable.")]
Opened = Annotated[
    list[str] | None, typer.Option("--open", help="Id of a site that opens; repeatable.")
]
Moved = Annotated[
    list[str] | None,
    typer.Option(
        "--move",
        help="A site elsewhere: id=postcode, grid reference or easting,northing; repeatable.",
        metavar="ID=WHERE",
    ),
]


@app.command(
    rich_help_panel=PLAN, epilog=example("edit plan --shut S037 --open S009 --out changed")
)
def edit(  # noqa: PLR0913, PLR0917  (an option a parameter)
    plan: PlanFolder,
    shut: Shut = None,
    opened: Opened = None,
    moved: Moved = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the changed plan.")] = None,
    place: Elsewhere = None,
    as_json: AsJson = False,
) -> None:
    """Shut, open or move centres of a plan by hand, and say at once what that does; no solve."""
    if out is not None and moved:
        hint = "Move the site in your list, build the place again, and plan"
        raise InputError([Fault("a plan with moved sites cannot be kept", "--out", hint=hint)])
    with progressing() as progress:
        before = workflow.open_plan(plan, place, progress)
        after = _changed(before, shut or [], opened or [], moved or [])
        found = workflow.compare_plans(before, after, ("before", "now"))
        files = () if out is None else workflow.write_results(after, out, progress)
    broken = workflow.broken_rules(after)
    if as_json:
        tell_json(compared(found, files) | {"breaks": list(broken)})
        return
    for words in (after.plan.reason, *found.words, *(f"Breaks the rule: {one}" for one in broken)):
        say(words)
    for path in files:
        say(f"  {path}")


def _changed(before: Outcome, shut: list[str], opened: list[str], moved: list[str]) -> Outcome:
    ids = before.place.sites["site_id"]
    now = list(ids.iloc[list(before.plan.opened)])
    faults = [Fault(f"the plan opens no site '{one}'", "--shut") for one in shut if one not in now]
    faults += [Fault(f"site '{one}' is open already", "--open") for one in opened if one in now]
    faults += [Fault(f"'{one}' is not ID=WHERE", "--move") for one in moved if "=" not in one]
    if not (shut or opened or moved):
        faults.append(Fault("there is nothing to change", hint="Give --shut, --open or --move"))
    if faults:
        raise InputError(faults)
    choices = workflow.Choices((), (), ())
    for one in moved:
        site, _, where = one.partition("=")
        choices = sites.moved(site, workflow.spot(where), choices)
    place = workflow.with_edits(before.place, choices.edits)
    words = "; ".join(
        f"{site} {done}"
        for done, some in (("shut", shut), ("opened", opened), ("moved", moved))
        for site in (one.partition("=")[0] for one in some)
    )
    kept = [site for site in now if site not in shut]
    return workflow.edit_plan(before, place, [*kept, *opened], words)
