"""The command line; `commands` imports the commands of every module of this folder."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from typing import TextIO

from nhcplanner.base.errors import PlannerError, PlannerWarning

OPENS = "app"
"""The command that starts the server, and does not import the other commands."""


def main() -> None:
    """Run the command line; an error is one message and exit code 2."""
    warnings.showwarning = _show_warning
    commands = import_module(
        f"{__name__}.{'app_command' if sys.argv[1:2] == [OPENS] else 'commands'}"
    )
    try:
        commands.app()
    except (PlannerError, OSError) as error:
        if "--debug" in sys.argv:
            raise
        import_module(f"{__name__}.shell").fail(error, as_json="--json" in sys.argv)


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning of nhcplanner as a note, and others as Python does."""
    if issubclass(category, PlannerWarning):
        import_module(f"{__name__}.shell").print_message("Note", "yellow", str(message))
        return
    on_screen = import_module("nhcplanner.outputs.sanitise").on_screen
    text = warnings.formatwarning(message, category, filename, lineno, line)
    (file or sys.stderr).write(on_screen(text))
