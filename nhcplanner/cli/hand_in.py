"""Commands that export a plan's documents, and check a hand-in from its files alone."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import layers, outputs, workflow
from nhcplanner.base.text import plural
from nhcplanner.cli.compare import PlanFolder
from nhcplanner.cli.explore import wave_of
from nhcplanner.cli.shell import (
    HAND_IN,
    AsJson,
    OtherPlace,
    app,
    complete_list,
    echo,
    example,
    print_json,
    progressing,
)


@app.command(
    rich_help_panel=HAND_IN,
    epilog=example("hand-in plan --out handin --formats xlsx,html --seconds 10"),
)
def hand_in(  # noqa: PLR0913, PLR0917  (an option a parameter)
    plan: PlanFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the documents.")],
    formats: Annotated[
        str,
        typer.Option(
            help=f"Formats, with commas between them: {', '.join(outputs.WRITERS)}.",
            show_default="all",
            autocompletion=lambda incomplete: complete_list(incomplete, outputs.WRITERS),
        ),
    ] = ",".join(outputs.WRITERS),
    place: OtherPlace = None,
    wave: Annotated[
        list[str] | None,
        typer.Option(help="Centres open by a date, such as 2030=120; repeatable."),
    ] = None,
    seconds: Annotated[
        float, typer.Option(help="Time for the searches, in seconds: for all of them together.")
    ] = 60.0,
    without: Annotated[
        list[str] | None,
        typer.Option(help=f"Evidence to leave out: {', '.join(workflow.PARTS)}; repeatable."),
    ] = None,
    case: Annotated[
        Path | None,
        typer.Option(
            help="File with author, prices and benefits; 'template case.toml' writes an empty one."
        ),
    ] = None,
    rate: Annotated[float, typer.Option(help="Discount rate a year (Green Book: 0.035).")] = 0.035,
    postgis: Annotated[
        str | None,
        typer.Option(
            help="Also write the layers to a database: postgresql://USER@HOST/DATABASE.",
            envvar="NHCPLANNER_POSTGIS",
            show_envvar=True,
        ),
    ] = None,
    schema: Annotated[
        str, typer.Option(help="Schema of the database's tables.")
    ] = outputs.Database.schema,
    as_json: AsJson = False,
) -> None:
    """Export the documents of a plan: workbook, brief, tables and GIS files."""
    effort = workflow.Effort.with_options(
        seconds=seconds,
        without=tuple(without or ()),
        waves=tuple(wave_of(one) for one in wave or ()),
        rate=rate,
        case=layers.read_case(case) if case else None,
    )
    database = outputs.Database(postgis, schema) if postgis else None
    with progressing() as progress:
        to = workflow.Delivery(out, formats.split(","), database)
        done = workflow.export_hand_in(
            plan, to, effort=effort, place_folder=place, progress=progress
        )
    if as_json:
        print_json(_as_values(done))
        return
    echo(f"{done.evidence.outcome.place.title}: documents")
    for path in done.files:
        echo(f"  {path}")
    for table in done.tables:
        echo(f"  table {table}")
    echo("\nMissing or incomplete:")
    for about, why in done.evidence.reasons.items():
        echo(f"  {about}: {why}")


def _as_values(result: workflow.Exported) -> dict[str, object]:
    from nhcplanner.domain.evidence_tables import TABLES

    evidence = result.evidence
    return {
        "files": [str(path) for path in result.files],
        "database": list(result.tables),
        "reasons": dict(evidence.reasons),
        "tables": {name: len(frame) for name, frame in evidence.tables()},
        "titles": {name: TABLES[name].title for name, _ in evidence.tables()},
    }


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
    from nhcplanner import verify as checks

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
