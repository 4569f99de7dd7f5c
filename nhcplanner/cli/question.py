"""Commands that ask a question about a place: their common options, and their output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import update_wrapper
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar

import pandas as pd

from nhcplanner import workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.shell import (
    AsJson,
    PlaceFolder,
    ScenarioFile,
    Settings,
    print_rows,
    print_tables,
    progressing,
    read,
)
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import Model

About = TypeVar("About")


@dataclass(frozen=True, eq=False)
class Question:
    """A place and a scenario, with the problem and the model made from them."""

    place: Place
    scenario: Scenario
    problem: Problem
    model: Model

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


def pose(place: Place, scenario: Scenario, progress: workflow.Progress) -> Question:
    """Build the problem and the model, without solving."""
    return Question(place, scenario, *workflow.question(place, scenario, progress))


def make_plan(place: Place, scenario: Scenario, progress: workflow.Progress) -> Outcome:
    """Make the plan that the question is about.

    Raises
    ------
    InputError
        If there is no plan.
    """
    outcome = workflow.run(place, scenario, progress)
    if not outcome.plan.opened:
        why = outcome.plan.reason or "no centre opens"
        raise InputError([Fault(f"there is no plan to ask about: {why}", "scenario")])
    return outcome


def question_about(
    prepare: Callable[[Place, Scenario, workflow.Progress], About],
) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Turn a function that answers a question into a command.

    The function receives what `prepare` returns for the place and the scenario, the progress, and
    its own options. The command also takes the place, `--scenario`, `--set` and `--json`.
    """

    def as_command(answer: Callable[..., Answer]) -> Callable[..., None]:
        def command(
            place: PlaceFolder,
            scenario: ScenarioFile = None,
            settings: Settings = None,
            as_json: AsJson = False,
            **own: Any,
        ) -> None:
            with progressing() as progress:
                about = prepare(workflow.load(place), read(scenario, settings), progress)
                found = answer(about, progress, **own)
            found.print(as_json)

        place, *shared = _options(command)[:-1]
        taken = [place, *_options(answer)[2:], *shared]
        update_wrapper(command, answer)
        command.__signature__ = Signature(  # type: ignore[attr-defined]
            [one.replace(kind=Parameter.KEYWORD_ONLY) for one in taken]
        )
        command.__annotations__ = {one.name: one.annotation for one in taken}
        return command

    return as_command


def _options(function: Callable[..., object]) -> list[Parameter]:
    return list(signature(function, eval_str=True).parameters.values())
