"""The command line: the story's steps, with plain words for what goes wrong."""

from __future__ import annotations

import sys

from rich.markup import escape

from nhcplanner.cli import (
    fetching,
    handin,
    places,
    plans,
    questions,
    reasons,
    screen,
    shell,
    templates,
)
from nhcplanner.cli.shell import app, errors
from nhcplanner.domain.errors import PlannerError

__all__ = [
    "app",
    "fetching",
    "handin",
    "main",
    "places",
    "plans",
    "questions",
    "reasons",
    "screen",
    "shell",
    "templates",
]


def main() -> None:
    """Run the command line; a failure is one message and exit code 2."""
    try:
        app()
    except PlannerError as error:
        if "--debug" in sys.argv:
            raise
        errors.print(f"[bold red]Error:[/] {escape(str(error))}")
        sys.exit(2)
