"""Commands that plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import explore, layers, outputs, workflow
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
    out: Annotated[Path, typer.Option("--out", help="Folder for the results.")],
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
        paths = workflow.publish(outcome, out, progress)
    if as_json:
        tell_json(outputs.as_json(outcome, paths))
        return outcome
    say(outputs.summary(outcome))
    say("\nFiles:")
    for path in paths:
        say(f"  {path}")
    return outcome
