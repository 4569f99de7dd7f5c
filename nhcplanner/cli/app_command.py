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
        str, typer.Option(help="Who may reach it: this machine alone, or 0.0.0.0 for a network.")
    ] = "localhost",
    headless: Annotated[bool, typer.Option(help="Do not open a browser.")] = False,
    places: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder whose place folders the app offers by name; repeatable.", metavar="DIR"
        ),
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            help="Name under which browsers reach it, e.g. behind a proxy; repeatable.",
            metavar="NAME",
        ),
    ] = None,
) -> None:
    """Open the app in the browser."""
    from streamlit.web import cli  # noqa: PLC0415 - slow to import, and only this needs it

    from nhcplanner.pages.session import settings  # noqa: PLC0415

    gone = [Fault("no such folder", str(one)) for one in places or () if not one.is_dir()]
    if gone:
        raise InputError(gone)
    if places:
        os.environ[settings.PLACES] = os.pathsep.join(str(one.resolve()) for one in places)
    if allow_host:
        os.environ[settings.HOSTS] = ",".join(allow_host)
    beside = Path(str(files("nhcplanner"))) / "app.py"
    script = beside if beside.exists() else beside.parent.parent / "app.py"
    asked = {"port": port, "address": host, "headless": str(headless).lower()}
    given = [f"--server.{name}={value}" for name, value in asked.items()]
    cli.main(["run", str(script), *outputs.APP_OPTIONS, *given])
