"""What every command shares: the app, its options, progress, and how results are said."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape

from nhcplanner import layers, workflow
from nhcplanner.domain.scenario import Scenario

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


def _shown(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(_shown(one)) for one in value)
    return f"{value:,.10g}" if isinstance(value, float) else value


def read(file: Path | None, settings: list[str] | None) -> Scenario:
    """Read the scenario of `--scenario`, changed by each `--set`."""
    scenario = layers.read_scenario(file) if file else Scenario()
    return scenario.with_settings(settings or [])
