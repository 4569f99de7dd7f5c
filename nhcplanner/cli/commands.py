"""Every command, in the order in which help lists them."""

# isort: off
from nhcplanner.cli import (
    place,
    reference,
    access,
    plan,
    explore,
    explain,
    sweep,
    hand_in,
    app_command,
)

# isort: on
from functools import wraps
from typing import Any

from nhcplanner.cli.shell import app, errors

__all__ = [
    "access",
    "app",
    "app_command",
    "explain",
    "explore",
    "hand_in",
    "place",
    "plan",
    "reference",
    "sweep",
]


RENAMED = {
    "change": "edit",
    "phases": "waves",
    "roles": "site-roles",
    "frontier": "trade-off",
    "losses": "site-losses",
    "price": "price-of-priority",
    "robust": "robustness",
    "regret": "least-regret",
    "export": "hand-in",
}
"""Old names of commands, each with the new one; hidden, and gone in the next release."""


def _keep_old_name(old: str, new: str) -> None:
    """Let a command answer to its old name too, with a note that gives the new one."""
    named = {
        one.name or one.callback.__name__.replace("_", "-"): one
        for one in app.registered_commands
        if one.callback is not None
    }
    command = named[new]
    run = command.callback
    assert run is not None

    @wraps(run)
    def renamed(*args: Any, **kwargs: Any) -> Any:
        errors.print(f"Note: '{old}' is now called '{new}'. The old name will go.")
        return run(*args, **kwargs)

    app.command(old, hidden=True, epilog=command.epilog)(renamed)


for _old, _new in RENAMED.items():
    _keep_old_name(_old, _new)
