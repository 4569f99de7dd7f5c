"""The command line: the story's steps, with plain words for what goes wrong."""

from __future__ import annotations

import sys
from importlib import import_module

from rich.markup import escape

from nhcplanner.domain.errors import PlannerError
from nhcplanner.domain.lazily import lazily

__getattr__, __dir__ = lazily(__name__, {"app": "every", "errors": "shell"})

OPENS = "app"
"""The command that has a server to start, and waits for no other command to be imported."""


def main() -> None:
    """Run the command line; a failure is one message and exit code 2."""
    commands = import_module(f"{__name__}.{'screen' if sys.argv[1:2] == [OPENS] else 'every'}")
    try:
        commands.app()
    except PlannerError as error:
        if "--debug" in sys.argv:
            raise
        import_module(f"{__name__}.shell").errors.print(f"[bold red]Error:[/] {escape(str(error))}")
        sys.exit(2)
