import inspect

import typer
from typer.testing import CliRunner

from nhcplanner.cli import listing
from nhcplanner.cli.commands import app


def test_the_list_is_that_of_the_imported_commands():
    imported = {
        (command.name or command.callback.__name__.replace("_", "-")): command
        for command in app.registered_commands
        if not command.hidden
    }
    listed = listing.list_commands()
    assert set(listed) == set(imported)
    for name, command in imported.items():
        assert command.callback.__module__ == f"nhcplanner.cli.{listed[name].module}"
        assert command.rich_help_panel == listed[name].panel
        assert inspect.getdoc(command.callback).partition("\n\n")[0] == listed[name].words


def test_the_short_list_looks_like_the_whole_one(monkeypatch):
    short = typer.Typer(name=app.info.name, cls=app.info.cls, help=app.info.help)
    monkeypatch.setattr(listing.shell, "app", short)
    listing.add_help(listing.list_commands().values())
    whole, quick = (CliRunner().invoke(one, ["--help"]).stdout for one in (app, short))
    commands = whole[whole.index("Start here") : whole.index("Exit codes")].split()
    assert quick[quick.index("Start here") :].split() == commands
