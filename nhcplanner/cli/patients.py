"""Command for registered patients: flows, choice of practice, and effects of a closure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nhcplanner import layers, outputs, workflow
from nhcplanner.base.errors import Fault, InputError
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

if TYPE_CHECKING:
    from nhcplanner.domain.place import Place


@app.command(rich_help_panel=PLAN, epilog=example("patients demo patients.csv --close S001"))
def patients(  # noqa: PLR0913, PLR0917  (an option a parameter)
    place: PlaceFolder,
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Patients by practice and LSOA, as published; by default registered_patients.csv "
            "in the place folder."
        ),
    ] = None,
    close: Annotated[
        list[str] | None,
        typer.Option(help="ODS code of a practice that would close; several close together."),
    ] = None,
    move: Annotated[
        list[str] | None,
        typer.Option(help="Practice that would move to a site; repeatable.", metavar="CODE=SITE"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for one page for a board (HTML, Word) and its tables."),
    ] = None,
    place_out: Annotated[
        Path | None,
        typer.Option(
            "--place-out",
            help="New place folder whose people are registered patients, of --practice or of all.",
        ),
    ] = None,
    practice: Annotated[
        list[str] | None,
        typer.Option(help="With --place-out: ODS code of a practice or branch; repeatable."),
    ] = None,
    columns: ColumnMapFile = None,
    assume: Assume = None,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Show where patients live, which practice they choose, and what a closure or move changes."""
    import pandas as pd

    from nhcplanner.access.choice import TERMS

    with progressing("Stopping") as progress:
        loaded = workflow.load(place)
        rules = read(scenario, settings if scenario else ["mode=drive", *(settings or [])])
        path = file or layers.find_patients_file(loaded)
        if path is None:
            hint = "Name the file, or put it into the place folder as registered_patients.csv"
            raise InputError([Fault("no file of registered patients", hint=hint)])
        registered = layers.read_registered_patients(
            path, layers.read_answered_map(columns, assume or ())
        )
        made = _write_place(loaded, registered, practice or [], place_out)
        flows = workflow.registered_patients(loaded, registered, rules, progress)
        closure = None
        if close or move or out is not None:
            closure = workflow.close_practices(flows, close or [], _moves(move or []), progress)
        if closure is not None and out is not None:
            made += outputs.write_closure(closure, out)
        files = tuple(made)
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
    choice = flows.practices.assign(by_choice=flows.by_choice.sum(axis=0).round())
    if as_json:
        changed = {} if closure is None else {
            "figures": rows_of(pd.DataFrame([closure.figures]))[0],
            "groups": rows_of(closure.groups),
            "receiving": rows_of(closure.practices),
        }  # fmt: skip
        print_json({
            "words": words, "fit": fitted, "practices": rows_of(choice),
            "closures": [] if closure is None else [closure.summary],
            "areas": {} if closure is None else {closure.code: rows_of(closure.areas)},
            **changed, "notes": list(flows.notes), "files": [str(path) for path in files],
        })  # fmt: skip
        return
    echo(f"{words}\n\n{table(choice)}")
    if closure is not None:
        echo(f"\n{closure.summary}\n\n{table(closure.groups)}")
        echo(f"\nPractices that change or gain patients\n{table(closure.practices)}")
        echo(f"\nAreas\n{table(closure.areas)}")
    for note in flows.notes:
        echo(f"  {note}")
    for path in files:
        echo(f"  {path}")


def _write_place(
    place: Place, registered: layers.RegisteredPatients, codes: list[str], out: Path | None
) -> list[Path]:
    """Write the place of registered patients; return its folder, if that is wanted."""
    if out is None and codes:
        raise InputError([Fault("needs --place-out", "--practice")])
    if out is None:
        return []
    return [layers.write_place(workflow.place_of_patients(place, registered, codes), out)]


def _moves(texts: list[str]) -> dict[str, str]:
    moves = {}
    for text in texts:
        code, equals, site = text.partition("=")
        if not equals:
            hint = "Give the ODS code and the id of a site, such as C83033=S001"
            raise InputError([Fault(f"'{text}' is not CODE=SITE", "--move", hint=hint)])
        moves[code.strip()] = site.strip()
    return moves
