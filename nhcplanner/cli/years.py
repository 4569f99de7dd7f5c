"""Command for people of later years, by the place's population projection."""

from __future__ import annotations

from typing import Annotated

import typer

from nhcplanner import workflow
from nhcplanner.cli.shell import (
    PLACE,
    AsJson,
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


@app.command(rich_help_panel=PLACE, epilog=example("years Blackpool --year 2035"))
def years(
    place: PlaceFolder,
    year: Annotated[
        list[int] | None,
        typer.Option(help="Year of the projection; repeatable. By default 2030, 2035 and 2040."),
    ] = None,
    scenario: ScenarioFile = None,
    settings: Settings = None,
    as_json: AsJson = False,
) -> None:
    """Show people by year and age, for the place, its projected units and its areas."""
    from nhcplanner.outputs.tables import need

    with progressing() as progress:
        loaded = workflow.load(place)
        rules = read(scenario, settings)
        chosen = sorted(set(year or workflow.years_of(loaded, rules)))
        found = workflow.year_tables(loaded, rules, chosen)
        progress("Adding people by year")
    notes = loaded.in_year(chosen[-1], rules.housing).year_notes if chosen else ()
    method = "" if loaded.projection is None else workflow.projection_words(loaded.projection)
    words = f"{loaded.title}: people by year. {method}"
    if as_json:
        content = {name: rows_of(frame) for name, frame in found.items()}
        print_json({"words": words, **content, "notes": list(notes)})
        return
    echo(f"{words}\n\n{table(need.by_year(found['years']).reset_index())}")
    for note in notes:
        echo(f"  {note}")
