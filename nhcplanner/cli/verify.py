"""Command that checks a hand-in from its files alone."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import verify as checks
from nhcplanner import workflow
from nhcplanner.base.text import plural
from nhcplanner.cli.shell import HAND_IN, AsJson, app, echo, example, print_json

WIDTHS = (52, 44, 26, 26)
"""Characters of figure, where, published and recomputed in the table."""


@app.command(rich_help_panel=HAND_IN, epilog=example("verify handin"))
def verify(
    hand_in: Annotated[Path, typer.Argument(help="Folder that hand-in --out wrote, or its zip.")],
    every: Annotated[
        bool,
        typer.Option("--every", help="Print every column of figures, not a line for each table."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Recompute every published figure of a hand-in from its files, and compare its documents.

    Exits with 1 if a figure differs.
    """
    result = workflow.verify_hand_in(hand_in)
    differences = len(result.differences)
    words = (
        f"{result.number:,} figures compared, {differences:,} "
        f"{'difference' if differences == 1 else 'differences'}, "
        f"{result.not_recomputed:,} not recomputed"
    )
    if as_json:
        figures = [asdict(figure) for figure in result.figures]
        absent = [one._asdict() for one in result.absent]
        print_json({"words": words, "figures": figures, "not_recomputed": absent})
    else:
        rows = result.figures if every else checks.grouped(result.figures)
        echo(_line("figure", "where", "published", "recomputed", "result"))
        for row in rows:
            echo(_line(row.figure, row.where, row.published, row.recomputed, row.result))
        if result.absent:
            echo(f"\nNot recomputed ({result.not_recomputed:,} published figures):")
            for what, why, number in result.absent:
                count = f" ({plural(number, 'figure')})" if number else ""
                echo(f"  {what}: {why}{count}")
        echo(f"\n{words}")
    if differences:
        raise typer.Exit(1)


def _line(*cells: str) -> str:
    """Return one row of the table; long cells are not cut."""
    parts = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)]
    return "  ".join([*parts, *cells[len(WIDTHS) :]]).rstrip()
