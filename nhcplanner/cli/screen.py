"""The command that opens the app."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import outputs
from nhcplanner.cli.shell import START, app, example


@app.command(name="app", rich_help_panel=START, epilog=example("app"))
def open_app(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
    headless: Annotated[bool, typer.Option(help="Do not open a browser.")] = False,
) -> None:
    """Open the app in the browser."""
    beside = Path(str(files("nhcplanner"))) / "app.py"
    script = beside if beside.exists() else beside.parent.parent / "app.py"
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += [f"--server.headless={str(headless).lower()}", *outputs.APP_OPTIONS]
    raise typer.Exit(subprocess.call(command))  # noqa: S603  (our own interpreter and script)
