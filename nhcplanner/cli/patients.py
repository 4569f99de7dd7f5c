"""Command for registered patients: flows, choice of practice, and effects of a closure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nhcplanner import layers, workflow
from nhcplanner.access.choice import TERMS
from nhcplanner.cli.shell import (
    PLAN,
    AsJson,
    Assume,
    ColumnMapFile,
    PlaceFolder,
    ScenarioFile,
    Settings,
    app,
    echo,
    example,
    print_json,
    progressing,
    read,
    rows_of,
    table,
)


@app.command(rich_help_panel=PLAN, epilog=example("patients demo patients.csv --close S001"))
def patients(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    file: Annotated[Path, typer.Argument(help="Patients by practice and LSOA, as published.")],
    close: Annotated[
        list[str] | None,
        typer.Option(help="ODS code of a practice that would shut; repeatable."),
    ] = None,
    columns: ColumnMapFile = None,
    assume: Assume = None,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Show where patients live, their choice of practice, and longer journeys after a closure."""
    with progressing("Stopping") as progress:
        loaded = workflow.load(place)
        rules = read(scenario, settings if scenario else ["mode=drive", *(settings or [])])
        registered = layers.read_registered_patients(
            file, layers.read_answered_map(columns, assume or ())
        )
        flows = workflow.registered_patients(loaded, registered, rules, progress)
    fit = flows.fit
    words = f"{loaded.title}: {flows.practices['patients'].sum():,.0f} patients"
    fitted: dict[str, float] = {}
    if fit is not None:
        fitted = {
            "patients": fit.patients, "nearest": fit.nearest, "second": fit.second,
            "third": fit.third, "overlap_held_out": fit.overlap,
            "overlap_nearest_only": fit.overlap_nearest,
            **dict(zip(TERMS, fit.weights.tolist(), strict=True)),
        }  # fmt: skip
        words += (
            f"; {fit.nearest:.1%} at their nearest practice, {fit.second:.1%} at the second, "
            f"{fit.third:.1%} at the third. The choice model places {fit.overlap:.2f} of them "
            f"right in councils held out, nearest-only {fit.overlap_nearest:.2f}"
        )
    closures = {code: workflow.closure(flows, code) for code in close or []}
    sentences = [workflow.closure_words(flows, code, rules.reach) for code in closures]
    choice = flows.practices.assign(by_choice=flows.by_choice.sum(axis=0).round())
    if as_json:
        print_json({
            "words": words, "fit": fitted, "practices": rows_of(choice), "closures": sentences,
            "areas": {code: rows_of(frame) for code, frame in closures.items()},
            "notes": list(flows.notes),
        })  # fmt: skip
        return
    echo(f"{words}\n\n{table(choice)}")
    for sentence, frame in zip(sentences, closures.values(), strict=True):
        echo(f"\n{sentence}\n{table(frame)}")
    for note in flows.notes:
        echo(f"  {note}")
