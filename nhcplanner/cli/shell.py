"""What every command shares: the app, its options, progress, and how results are said."""

from __future__ import annotations

import json
import math
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape

from nhcplanner import layers, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.place import Place
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import Model

app = typer.Typer(
    name="nhcplanner",
    help="Decide, in the open, where England's neighbourhood health centres go.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False, soft_wrap=True)

ScenarioFile = Annotated[
    Path | None, typer.Option("--scenario", help="Scenario file (TOML).", metavar="F.toml")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change one key of the scenario; repeatable.", metavar="key=value"),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Measure afresh: neither use nor keep measured times.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a failure.")]
PlaceFolder = Annotated[Path, typer.Argument(help="Place folder.")]


@app.callback()
def settings(debug: Debug = False) -> None:
    """Decide, in the open, where England's neighbourhood health centres go."""


@contextmanager
def progressing() -> Iterator[workflow.Progress]:
    """Say on stderr what is being done; a first Ctrl-C asks the optimiser for its best so far."""
    stopping = False

    def stop(_number: int, _frame: object) -> None:
        nonlocal stopping
        if stopping:
            raise KeyboardInterrupt
        stopping = True
        errors.print("Stopping with the best plan so far; Ctrl-C again gives up")

    def told(words: str) -> bool:
        status.update(escape(words))
        return not stopping

    before = signal.signal(signal.SIGINT, stop)
    try:
        with errors.status("Reading") as status:
            yield told
    finally:
        signal.signal(signal.SIGINT, before)


def tell(words: str, rows: list[dict[str, object]], as_json: bool) -> None:
    """Say words and a table on stdout, or both as one JSON object."""
    if as_json:
        typer.echo(json.dumps({"words": words, "rows": rows}, indent=2, allow_nan=False))
        return
    typer.echo(words)
    shown = [{key: _shown(value) for key, value in row.items()} for row in rows]
    typer.echo(pd.DataFrame(shown).to_string(index=False) if rows else "  nothing found")


def tell_tables(words: str, tables: Mapping[str, pd.DataFrame], as_json: bool) -> None:
    """Say words and the evidence tables of some names on stdout, or all as one JSON object."""
    if as_json:
        rows = {name: json.loads(frame.to_json(orient="records")) for name, frame in tables.items()}
        typer.echo(json.dumps({"words": words, "tables": rows}, indent=2, allow_nan=False))
        return
    typer.echo(words)
    for name, frame in tables.items():
        shown = frame.map(_shown).to_string(index=False, na_rep="") if len(frame) else "  none"
        typer.echo(f"\n{TABLES[name].title}\n{shown}")


def _shown(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(_shown(one)) for one in value)
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:,.10g}"
    return value


@dataclass(frozen=True, eq=False)
class Asked:
    """A question that a command was given: a place, a scenario, and what the models see of them."""

    place: Place
    scenario: Scenario
    problem: Problem
    model: Model
    told: workflow.Told | None

    def ids(self, sites: Iterable[int]) -> list[str]:
        """Ids of some sites."""
        ids: list[str] = self.place.sites["site_id"].iloc[list(sites)].tolist()
        return ids


def ask(
    place: Path, file: Path | None, settings: list[str] | None, progress: workflow.Progress
) -> Asked:
    """Read place and scenario, and come as far as the question."""
    scenario = read(file, settings)
    held = workflow.load(place)
    problem, model = workflow.question(held, scenario, progress)
    return Asked(held, scenario, problem, model, workflow.spoken(progress))


def planned(
    place: Path, file: Path | None, settings: list[str] | None, progress: workflow.Progress
) -> Outcome:
    """Read place and scenario, and plan.

    Raises
    ------
    InputError
        Where there is no plan to ask about.
    """
    outcome = workflow.run(workflow.load(place), read(file, settings), progress)
    if not outcome.plan.opened:
        why = outcome.plan.reason or "no centre opens"
        raise InputError([Fault(f"there is no plan to ask about: {why}", "scenario")])
    return outcome


def read(file: Path | None, settings: list[str] | None) -> Scenario:
    """Read the scenario of `--scenario`, changed by each `--set`."""
    scenario = layers.read_scenario(file) if file else Scenario()
    return scenario.with_settings(settings or [])
