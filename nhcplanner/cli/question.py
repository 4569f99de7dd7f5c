"""Commands that ask a question about a place: their common options, and their output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import update_wrapper
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_type_hints

import typer

from nhcplanner import workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.shell import (
    AsJson,
    OtherPlace,
    PlaceOrPlan,
    ScenarioFile,
    Seconds,
    Settings,
    complete_list,
    is_saved_plan,
    print_rows,
    print_tables,
    progressing,
    read,
    time_limit,
)
from nhcplanner.domain.windows import STANDARD

if TYPE_CHECKING:
    import pandas as pd

    from nhcplanner.domain.assessment import Outcome
    from nhcplanner.domain.place import Place
    from nhcplanner.domain.problem import Problem
    from nhcplanner.domain.scenario import Scenario
    from nhcplanner.domain.travel_times import TravelTimes
    from nhcplanner.models import Model

About = TypeVar("About", "Question", "Outcome")
Windows = Annotated[
    list[str] | None,
    typer.Option(
        "--window",
        help="Hours of public transport to compare, such as 'saturday 18:00-21:00' or evening; "
        "repeatable. Short for --set transit_windows.",
        autocompletion=lambda incomplete: complete_list(incomplete, list(STANDARD)),
    ),
]


@dataclass(frozen=True, eq=False)
class Question:
    """A place and a scenario, with the problem, the model and the times made from them."""

    place: Place
    scenario: Scenario
    problem: Problem
    model: Model
    times: TravelTimes

    def ids(self, sites: Iterable[int]) -> list[str]:
        """Return the ids of sites."""
        ids: list[str] = self.place.sites["site_id"].iloc[list(sites)].tolist()
        return ids


@dataclass(frozen=True, eq=False)
class Answer:
    """The answer to a question: a text, and either rows or evidence tables by name."""

    words: str
    content: list[dict[str, object]] | Mapping[str, pd.DataFrame]

    def print(self, as_json: bool) -> None:
        """Print it on stdout."""
        if isinstance(self.content, list):
            print_rows(self.words, self.content, as_json)
        else:
            print_tables(self.words, self.content, as_json)


_OWN_SCENARIO = "a saved plan has its own scenario"


def pose(
    place: Place, scenario: Scenario, progress: workflow.Progress, _saved: Outcome | None = None
) -> Question:
    """Build the problem and the model, without solving."""
    times = workflow.measure(place, scenario, progress)
    return Question(place, scenario, *workflow.question(place, scenario, progress), times)


def make_plan(
    place: Place, scenario: Scenario, progress: workflow.Progress, saved: Outcome | None = None
) -> Outcome:
    """Make the plan that the question is about, or take the saved one.

    Raises
    ------
    InputError
        If there is no plan, or the scenario is not that of the saved plan.
    """
    outcome: Outcome
    if saved is None:
        outcome = workflow.run(place, scenario, progress)
    else:
        time = {"time_limit": scenario.time_limit}
        if saved.scenario.model_copy(update=time) != scenario:
            hint = "Set only time_limit, or give the place instead of the plan"
            raise InputError([Fault(_OWN_SCENARIO, "--set", hint=hint)])
        outcome = replace(saved, scenario=scenario)
    if not outcome.plan.opened:
        why = outcome.plan.reason or "no centre opens"
        raise InputError([Fault(f"there is no plan to ask about: {why}", "scenario")])
    return outcome


def question_about(
    prepare: Callable[[Place, Scenario, workflow.Progress, Outcome | None], About],
) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Turn a function that answers a question into a command.

    The function receives what `prepare` returns for the place and the scenario, the progress, and
    its own options. The command also takes the place or a saved plan, `--place`, `--scenario`,
    `--set`, `--seconds` and `--json`.
    """

    def as_command(answer: Callable[..., Answer]) -> Callable[..., None]:
        def command(
            place: PlaceOrPlan,
            moved_place: OtherPlace = None,
            scenario: ScenarioFile = None,
            settings: Settings = None,
            seconds: Seconds = None,
            as_json: AsJson = False,
            **own: Any,
        ) -> None:
            changes = [*(settings or ()), *time_limit(seconds)]
            with progressing() as progress:
                saved = None
                if is_saved_plan(place):
                    if scenario is not None:
                        hint = "Leave it out, or give the place instead of the plan"
                        raise InputError([Fault(_OWN_SCENARIO, "--scenario", hint=hint)])
                    saved = workflow.open_plan(place, moved_place, progress)
                    about = prepare(
                        saved.place, saved.scenario.with_settings(changes), progress, saved
                    )
                else:
                    loaded = workflow.load(moved_place or place)
                    about = prepare(loaded, read(scenario, changes), progress, None)
                result = answer(about, progress, **own)
            if about.times.estimate:
                words = result.words.removesuffix(".")
                result = replace(result, words=f"{words}. Travel times are an estimate")
            result.print(as_json)

        place, *shared = _options(command)[:-1]
        parameters = [place, *_options(answer, after=2), *shared]
        update_wrapper(command, answer)
        command.__signature__ = Signature(  # type: ignore[attr-defined]
            [one.replace(kind=Parameter.KEYWORD_ONLY) for one in parameters]
        )
        command.__annotations__ = {one.name: one.annotation for one in parameters}
        return command

    return as_command


def _options(function: Callable[..., object], after: int = 0) -> list[Parameter]:
    """Return the parameters after some first ones, whose types may not be imported yet."""
    own = list(signature(function).parameters.values())[after:]
    types = {one.name: one.annotation for one in own}
    holder = type("Options", (), {"__annotations__": types, "__module__": function.__module__})
    found = get_type_hints(holder, vars(sys.modules[function.__module__]), include_extras=True)
    return [one.replace(annotation=found[one.name]) for one in own]
