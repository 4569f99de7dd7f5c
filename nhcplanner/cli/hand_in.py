"""Commands that hand a plan in, make it again, and set two side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import outputs, workflow
from nhcplanner.cli.explore import wave_of
from nhcplanner.cli.shell import (
    HAND_IN,
    AsJson,
    PlaceFolder,
    app,
    example,
    progressing,
    rows_of,
    say,
    tell_json,
)
from nhcplanner.domain.assessment import Comparison
from nhcplanner.domain.evidence_tables import TABLES

PlanFolder = Annotated[Path, typer.Argument(help="Folder that 'plan --out' wrote, or plan.json.")]
Elsewhere = Annotated[
    Path | None, typer.Option("--place", help="Place folder, where it is not as recorded.")
]


@app.command(
    rich_help_panel=HAND_IN,
    epilog=example("hand-in plan --out handin --formats xlsx,html --seconds 10"),
)
def hand_in(  # noqa: PLR0913, PLR0917  (an option a parameter)
    plan: PlanFolder,
    out: Annotated[Path, typer.Option("--out", help="Folder for the hand-in.")],
    formats: Annotated[
        str,
        typer.Option(
            help=f"Of {', '.join(outputs.WRITERS)}; several with commas.", show_default="all"
        ),
    ] = ",".join(outputs.WRITERS),
    place: Elsewhere = None,
    wave: Annotated[
        list[str] | None, typer.Option(help="Centres open by then, e.g. 2030=120; repeatable.")
    ] = None,
    seconds: Annotated[float, typer.Option(help="For the optimiser, in all.")] = 60.0,
    without: Annotated[
        list[str] | None,
        typer.Option(help=f"Evidence to leave out: {', '.join(workflow.PARTS)}; repeatable."),
    ] = None,
    rate: Annotated[float, typer.Option(help="Discount rate a year (Green Book: 0.035).")] = 0.035,
    postgis: Annotated[
        str | None,
        typer.Option(
            help="Write the layers into this database too: postgresql://USER@HOST/DATABASE.",
            envvar="NHCPLANNER_POSTGIS",
            show_envvar=True,
        ),
    ] = None,
    schema: Annotated[
        str, typer.Option(help="Schema of the database's tables.")
    ] = outputs.Database.schema,
    as_json: AsJson = False,
) -> None:
    """Write the hand-in of a plan: workbook, tables and files, all or nothing."""
    effort = workflow.Effort.asked(
        seconds=seconds,
        without=tuple(without or ()),
        waves=tuple(wave_of(one) for one in wave or ()),
        rate=rate,
    )
    database = outputs.Database(postgis, schema) if postgis else None
    with progressing() as progress:
        to = workflow.Delivery(out, formats.split(","), database)
        done = workflow.export_hand_in(
            plan, to, effort=effort, place_folder=place, progress=progress
        )
    if as_json:
        tell_json(_told(done))
        return
    say(f"{done.evidence.outcome.place.title}: the hand-in")
    for path in done.files:
        say(f"  {path}")
    for table in done.tables:
        say(f"  table {table}")
    say("\nNot there, or not complete:")
    for about, why in done.evidence.reasons.items():
        say(f"  {about}: {why}")


@app.command(rich_help_panel=HAND_IN, epilog=example("rerun plan demo"))
def rerun(
    record: Annotated[Path, typer.Argument(help="plan.json, or the folder it lies in.")],
    place: PlaceFolder,
    as_json: AsJson = False,
) -> None:
    """Make a plan again from its record: the same centres, or what changed."""
    with progressing() as progress:
        done = workflow.rerun_plan(record, place, progress)
    if as_json:
        said = {
            "same": done.same,
            "words": done.words,
            "before": list(done.before),
            "now": list(done.now),
            "changed": list(done.changed),
        }
        tell_json(said)
        return
    say(done.words)
    if done.comparison is not None and not done.same:
        for words in done.comparison.words[1:]:
            say(f"  {words.replace(' in a', ' then').replace(' in b', ' now')}")


@app.command(rich_help_panel=HAND_IN, epilog=example("compare plan changed --out differences"))
def compare(
    a: PlanFolder,
    b: PlanFolder,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the differences (CSV).")
    ] = None,
    place: Elsewhere = None,
    as_json: AsJson = False,
) -> None:
    """Say what differs between two plans: centres, people by group, minutes by area."""
    with progressing() as progress:
        one, two = (workflow.open_plan(plan, place, progress) for plan in (a, b))
        found = workflow.compare_plans(one, two)
    files = () if out is None else outputs.write_comparison(found, out, (str(a), str(b)))
    if as_json:
        tell_json(compared(found, files))
        return
    say(f"a: {a}\nb: {b}")
    for words in found.words:
        say(f"  {words}")
    for path in files:
        say(f"  {path}")


def _told(done: workflow.Exported) -> dict[str, object]:
    evidence = done.evidence
    return {
        "files": [str(path) for path in done.files],
        "database": list(done.tables),
        "reasons": dict(evidence.reasons),
        "tables": {name: len(frame) for name, frame in evidence.tables()},
        "titles": {name: TABLES[name].title for name, _ in evidence.tables()},
    }


def compared(found: Comparison, files: tuple[Path, ...]) -> dict[str, object]:
    """Two plans side by side, as plain values."""
    return {
        "same_centres": found.same_centres,
        "words": list(found.words),
        "centres": rows_of(found.centres),
        "groups": rows_of(found.groups),
        "areas_changed": int((found.areas["verdict"] != "same").sum()),
        "files": [str(path) for path in files],
    }
