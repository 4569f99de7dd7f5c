"""The command that opens the app."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import outputs
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.cli.shell import START, app, example


@app.command(name="app", rich_help_panel=START, epilog=example("app"))
def open_app(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    host: Annotated[
        str, typer.Option(help="Address to listen on: localhost, or 0.0.0.0 for a network.")
    ] = "localhost",
    headless: Annotated[bool, typer.Option(help="Do not open a browser.")] = False,
    places: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder with place folders that the app offers by name; repeatable.", metavar="DIR"
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            help="Host name that browsers use, for example behind a proxy; repeatable.",
            metavar="NAME",
        ),
    ] = None,
) -> None:
    """Open the app in the browser."""
    from streamlit.web import cli

    from nhcplanner.hosting import settings

    faults = [
        Fault("no such folder", str(folder)) for folder in places or () if not folder.is_dir()
    ]
    if faults:
        raise InputError(faults)
    if places:
        os.environ[settings.PLACES] = os.pathsep.join(str(folder.resolve()) for folder in places)
    if allow_host:
        os.environ[settings.HOSTS] = ",".join(allow_host)
    beside = Path(str(files("nhcplanner"))) / "app.py"
    script = beside if beside.exists() else beside.parent.parent / "app.py"
    server = {"port": port, "address": host, "headless": str(headless).lower()}
    options = [f"--server.{name}={value}" for name, value in server.items()]
    cli.main(["run", str(script), *outputs.APP_OPTIONS, *options])
