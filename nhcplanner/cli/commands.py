"""All commands, found in the modules of this folder, and the old names of renamed commands."""

from functools import wraps
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from nhcplanner import cli
from nhcplanner.cli.shell import app, errors, name_command

__all__ = ["RENAMED", "app"]

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
"""Names of commands in release 0.1, each with its new name; hidden, to be removed in 0.3."""

for _module in iter_modules(cli.__path__):
    if _module.name not in {"commands", "listing"}:
        import_module(f"{cli.__name__}.{_module.name}")


def _keep_old_name(old: str, new: str) -> None:
    """Keep the old name of a command as a hidden alias that prints the new name."""
    commands = {
        command.name or command.callback.__name__.replace("_", "-"): command
        for command in app.registered_commands
        if command.callback is not None
    }
    command = commands[new]
    run = command.callback
    assert run is not None

    @wraps(run)
    def renamed(*args: Any, **kwargs: Any) -> Any:
        name_command(new)
        errors.print(f"Note: '{old}' is now called '{new}'; the old name will be removed.")
        return run(*args, **kwargs)

    app.command(old, hidden=True, epilog=command.epilog)(renamed)


for _old, _new in RENAMED.items():
    _keep_old_name(_old, _new)
