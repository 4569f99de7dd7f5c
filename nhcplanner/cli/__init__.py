"""The command line. Every module of this folder may hold commands; they are found by themselves."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from typing import Any

from nhcplanner.base.errors import PlannerError, PlannerWarning, disk_fault

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
        words = str(error if isinstance(error, PlannerError) else disk_fault(error))
        import_module(f"{__name__}.shell").print_message("Error", "red", words)
        sys.exit(2)


def _show_warning(words: Warning | str, kind: type[Warning], *where: Any) -> None:
    """Print a warning of nhcplanner as a note, and others as Python does."""
    if issubclass(kind, PlannerWarning):
        import_module(f"{__name__}.shell").print_message("Note", "yellow", str(words))
        return
    file, line = where[:2]
    on_screen = import_module("nhcplanner.outputs.sanitise").on_screen
    sys.stderr.write(on_screen(warnings.formatwarning(words, kind, file, line)))
