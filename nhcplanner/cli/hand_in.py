"""The command that exports a plan's documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import layers, outputs, workflow
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
from nhcplanner.domain.evidence_tables import TABLES


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
    evidence = result.evidence
    return {
        "files": [str(path) for path in result.files],
        "database": list(result.tables),
        "reasons": dict(evidence.reasons),
        "tables": {name: len(frame) for name, frame in evidence.tables()},
        "titles": {name: TABLES[name].title for name, _ in evidence.tables()},
    }
