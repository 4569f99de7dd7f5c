"""The command line; only the module of the command that runs is imported."""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from typing import TextIO

from nhcplanner.base.errors import PlannerError, PlannerWarning

COMPLETES = "_NHCPLANNER_COMPLETE"
"""Variable of the environment by which a shell asks for completions."""


def main() -> None:
    """Run the command line; an error is one message and exit code 2."""
    warnings.showwarning = _show_warning
    listing = import_module(f"{__name__}.listing")
    first = sys.argv[1] if len(sys.argv) > 1 and COMPLETES not in os.environ else ""
    listed = listing.list_commands()
    if first in listed:
        import_module(f"{__name__}.{listed[first].module}")
    elif first in {"--help", "--version"} or len(sys.argv) == 1:
        listing.add_help(listed.values())
    else:
        import_module(f"{__name__}.commands")
    try:
        import_module(f"{__name__}.shell").app()
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
