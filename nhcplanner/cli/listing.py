"""Names of all commands, read from the modules of this folder without importing them.

Importing every command takes seconds, because each imports what it uses. To list the commands, or
to run one of them, their decorators and docstrings are enough.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

from nhcplanner.cli import shell


@dataclass(frozen=True)
class Listed:
    """A command as its decorator describes it.

    Parameters
    ----------
    name
        Name on the command line.
    module
        Module of this folder that defines it.
    panel
        Part of the help that lists it.
    words
        First paragraph of its docstring.
    """

    name: str
    module: str
    panel: str
    words: str


def list_commands() -> dict[str, Listed]:
    """Return every command by name, in the order of its modules.

    Examples
    --------
    >>> list_commands()["price-of-priority"].module
    'explore'
    """
    found = {}
    folder = resources.files("nhcplanner.cli")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".py"):
            for listed in _commands_of(file.name.removesuffix(".py"), file.read_text("utf-8")):
                found[listed.name] = listed
    return found


def _commands_of(module: str, source: str) -> list[Listed]:
    """Return the functions of a module that `app.command` decorates."""
    found = []
    for function in ast.parse(source).body:
        if not isinstance(function, ast.FunctionDef):
            continue
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "app.command":
                given = {word.arg: word.value for word in decorator.keywords}
                name, panel = given.get("name"), given["rich_help_panel"]
                found.append(
                    Listed(
                        str(ast.literal_eval(name)) if name else function.name.replace("_", "-"),
                        module,
                        getattr(shell, ast.unparse(panel)),
                        (ast.get_docstring(function) or "").partition("\n\n")[0],
                    )
                )
    return found


def add_help(commands: Iterable[Listed]) -> None:
    """Add commands to the app by name and words only, for its list of commands."""
    for one in commands:
        shell.app.command(one.name, rich_help_panel=one.panel, help=one.words)(_do_nothing)


def _do_nothing() -> None: ...
