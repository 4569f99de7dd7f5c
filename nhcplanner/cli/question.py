"""A question over a place: what every command that asks one takes, and how its answer is said."""

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
    progressing,
    read,
    tell,
    tell_tables,
)
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import Model

About = TypeVar("About")


@dataclass(frozen=True, eq=False)
class Asked:
    """A question that a command was given: a place, a scenario, and what the models see of them."""

    place: Place
    scenario: Scenario
    problem: Problem
    model: Model

    def ids(self, sites: Iterable[int]) -> list[str]:
        """Ids of some sites."""
        ids: list[str] = self.place.sites["site_id"].iloc[list(sites)].tolist()
        return ids


@dataclass(frozen=True, eq=False)
class Answer:
    """What a question found: words, and either rows or evidence tables by name."""

    words: str
    found: list[dict[str, object]] | Mapping[str, pd.DataFrame]

    def tell(self, as_json: bool) -> None:
        """Say it on stdout."""
        if isinstance(self.found, list):
            tell(self.words, self.found, as_json)
        else:
            tell_tables(self.words, self.found, as_json)


def ask(place: Place, scenario: Scenario, progress: workflow.Progress) -> Asked:
    """Come as far as the question."""
    return Asked(place, scenario, *workflow.question(place, scenario, progress))


def planned(place: Place, scenario: Scenario, progress: workflow.Progress) -> Outcome:
    """Plan.

    Raises
    ------
    InputError
        Where there is no plan to ask about.
    """
    outcome = workflow.run(place, scenario, progress)
    if not outcome.plan.opened:
        why = outcome.plan.reason or "no centre opens"
        raise InputError([Fault(f"there is no plan to ask about: {why}", "scenario")])
    return outcome


def over(
    come: Callable[[Place, Scenario, workflow.Progress], About],
) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Make a command of a function that answers a question over a place.

    The function is given what `come` makes of place and scenario, then the progress, then its own
    options. The command takes place, `--scenario`, `--set` and `--json` beside them.
    """

    def made(answer: Callable[..., Answer]) -> Callable[..., None]:
        def command(
            place: PlaceFolder,
            scenario: ScenarioFile = None,
            settings: Settings = None,
            as_json: AsJson = False,
            **own: Any,
        ) -> None:
            with progressing() as progress:
                about = come(workflow.load(place), read(scenario, settings), progress)
                found = answer(about, progress, **own)
            found.tell(as_json)

        place, *shared = _options(command)[:-1]
        taken = [place, *_options(answer)[2:], *shared]
        update_wrapper(command, answer)
        command.__signature__ = Signature(  # type: ignore[attr-defined]
            [one.replace(kind=Parameter.KEYWORD_ONLY) for one in taken]
        )
        command.__annotations__ = {one.name: one.annotation for one in taken}
        return command

    return made


def _options(function: Callable[..., object]) -> list[Parameter]:
    return list(signature(function, eval_str=True).parameters.values())
