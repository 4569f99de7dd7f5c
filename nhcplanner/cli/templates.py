"""The command that writes an empty list to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import outputs
from nhcplanner.cli.shell import app


@app.command()
def template(
    out: Annotated[Path, typer.Argument(help="Where to: sites.xlsx, or sites.csv.")],
) -> None:
    """Write an empty list of sites to fill in, with drop-downs and notes."""
    path = outputs.write_template(out)
    typer.echo(f"{path}\nFill it in, then: nhcplanner build --sites {path.name} ...")
