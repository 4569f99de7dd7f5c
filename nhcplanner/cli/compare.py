"""Commands that compare two plans and rerun a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nhcplanner import outputs, workflow
from nhcplanner.cli.shell import (
    HAND_IN,
    PLACE_HELP,
    AsJson,
    OtherPlace,
    app,
    echo,
    example,
    place_folder,
    print_json,
    progressing,
    rows_of,
)

if TYPE_CHECKING:
    from nhcplanner.domain.assessment import Comparison

PlanFolder = Annotated[Path, typer.Argument(help="Folder written by 'plan --out', or plan.json.")]


@app.command(rich_help_panel=HAND_IN, epilog=example("rerun plan demo"))
def rerun(
    record: Annotated[Path, typer.Argument(help="plan.json, or its folder.")],
    place: Annotated[
        Path | None,
        typer.Argument(
            help=f"{PLACE_HELP} By default the place that the record names.",
            callback=lambda text: text and place_folder(text),
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a plan again from its record, and show what has changed.

    Exits with 1 if other centres open.
    """
    with progressing() as progress:
        done = workflow.rerun_plan(record, place, progress)
    if as_json:
        values = {
            "same": done.same,
            "words": done.words,
            "before": list(done.before),
            "now": list(done.now),
            "changed": list(done.changed),
        }
        print_json(values | {"differences": list(_then_and_now(done))})
    else:
        echo(done.words)
        for words in _then_and_now(done):
            echo(f"  {words}")
    if not done.same:
        raise typer.Exit(1)


def _then_and_now(result: workflow.Rerun) -> list[str]:
    """Return the differences of the plans if other centres open."""
    if result.comparison is None or result.same:
        return []
    words = result.comparison.words[1:]
    return [sentence.replace(" in a", " then").replace(" in b", " now") for sentence in words]


@app.command(rich_help_panel=HAND_IN, epilog=example("compare plan changed --out differences"))
def compare(
    a: PlanFolder,
    b: PlanFolder,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the differences (CSV).")
    ] = None,
    place: OtherPlace = None,
    as_json: AsJson = False,
) -> None:
    """Compare two plans: centres, money, people by group, and minutes by area.

    Exits with 1 if the plans open other centres.
    """
    with progressing() as progress:
        first, second = (workflow.open_plan(plan, place, progress) for plan in (a, b))
        comparison = workflow.compare_plans(first, second)
    estimate = first.estimate_note or second.estimate_note
    changed = workflow.changed_between(a, b)
    files = () if out is None else outputs.write_comparison(comparison, out, (str(a), str(b)))
    if as_json:
        values = {"changed": list(changed), "estimate": estimate}
        print_json(comparison_as_values(comparison, files) | values)
    else:
        echo(f"a: {a}\nb: {b}")
        for words in comparison.words:
            echo(f"  {words}")
        for words in changed:
            echo(f"  Changed in the list of sites: {words}")
        if estimate:
            echo(f"  {estimate}")
        for path in files:
            echo(f"  {path}")
    if not comparison.same_centres:
        raise typer.Exit(1)


def comparison_as_values(comparison: Comparison, files: tuple[Path, ...]) -> dict[str, object]:
    """Return a comparison of two plans as plain values, for JSON."""
    return {
        "same_centres": comparison.same_centres,
        "words": list(comparison.words),
        "centres": rows_of(comparison.centres),
        "groups": rows_of(comparison.groups),
        "areas_changed": int((comparison.areas["verdict"] != "same").sum()),
        "files": [str(path) for path in files],
    }
