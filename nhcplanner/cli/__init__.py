"""The command line: the story's steps, with plain words for what goes wrong."""

from __future__ import annotations

import sys

from rich.markup import escape

from nhcplanner.cli.every import app
from nhcplanner.cli.shell import errors
from nhcplanner.domain.errors import PlannerError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; a failure is one message and exit code 2."""
    try:
        app()
    except PlannerError as error:
        if "--debug" in sys.argv:
            raise
        errors.print(f"[bold red]Error:[/] {escape(str(error))}")
        sys.exit(2)
