"""The command line: the story's steps, with plain words for what goes wrong."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from typing import Any

from nhcplanner.base.errors import PlannerError, PlannerWarning, disk_fault

OPENS = "app"
"""The command that has a server to start, and waits for no other command to be imported."""


def main() -> None:
    """Run the command line; a failure is one message and exit code 2."""
    warnings.showwarning = _warned
    commands = import_module(
        f"{__name__}.{'app_command' if sys.argv[1:2] == [OPENS] else 'commands'}"
    )
    try:
        commands.app()
    except (PlannerError, OSError) as error:
        if "--debug" in sys.argv:
            raise
        words = str(error if isinstance(error, PlannerError) else disk_fault(error))
        import_module(f"{__name__}.shell").say_beside("Error", "red", words)
        sys.exit(2)


def _warned(words: Warning | str, kind: type[Warning], *where: Any) -> None:
    """Say a warning of our own in words; others as Python does."""
    if issubclass(kind, PlannerWarning):
        import_module(f"{__name__}.shell").say_beside("Note", "yellow", str(words))
        return
    file, line = where[:2]
    on_screen = import_module("nhcplanner.outputs.sanitise").on_screen
    sys.stderr.write(on_screen(warnings.formatwarning(words, kind, file, line)))
