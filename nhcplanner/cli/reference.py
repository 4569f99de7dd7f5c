"""Commands that list keys, models and measures, and write an empty list of sites."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent, wrap
from typing import Annotated

import typer

from nhcplanner import outputs, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.cli.shell import PLACE, PLAN, AsJson, app, echo, example, print_json, rows_of

WIDTH = 76


@app.command(rich_help_panel=PLACE, epilog=example("template sites.xlsx"))
def template(
    out: Annotated[Path, typer.Argument(help="File to write: sites.xlsx, sites.csv or case.toml.")],
    as_json: AsJson = False,
) -> None:
    """Write an empty list of sites, or an empty case (.toml), to fill in."""
    path = outputs.write_template(out)
    if as_json:
        print_json({"file": str(path)})
        return
    is_case = path.suffix == ".toml"
    then = f"hand-in PLAN --case {path.name}" if is_case else f"build --sites {path.name}"
    echo(f"{path}\nFill it in, then: nhcplanner {then} ...")


@app.command(rich_help_panel=PLACE, epilog=example("places norfolk"))
def places(
    text: Annotated[str, typer.Argument(help="Show only names with these words.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the councils, ICBs and regions of England that can be planned by name, offline."""
    names = workflow.list_places(text)
    if as_json:
        print_json({"rows": rows_of(names)})
        return
    for name, kind, what in names.itertuples(index=False):
        echo(f"{name} ({kind}{f': {what}' if what else ''})")
    if names.empty:
        echo(f"No name has these words: {text}")
    else:
        echo(f'\nPlan one: nhcplanner plan "{names["name"].iloc[0]}"')


@app.command(rich_help_panel=PLAN, epilog=example("keys reach count"))
def keys(
    names: Annotated[list[str] | None, typer.Argument(help="Show only these keys.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the keys of a scenario (--set, --scenario) with their defaults and meanings."""
    from nhcplanner.domain.scenario import Scenario
    from nhcplanner.outputs.wording import method

    every = method.parameters(Scenario())
    faults = [
        Fault(f"unknown key '{name}'", hint=suggest(name, every.index))
        for name in names or ()
        if name not in every.index
    ]
    if faults:
        raise InputError(faults)
    rows = every.loc[list(names or every.index)].drop(columns="Now")
    if as_json:
        print_json({"rows": rows_of(rows.rename(columns=str.lower).reset_index(names="key"))})
        return
    for name, row in rows.iterrows():
        echo(f"{name} = {row['Default']}\n{_paragraph(row['Meaning'])}")


@app.command(rich_help_panel=PLAN, epilog=example("models"))
def models(as_json: AsJson = False) -> None:
    """List the models (--set model=...) with what they do and their names in the literature."""
    from nhcplanner.models import catalogue

    rows = [
        {"model": one.name, "does": one.words, "literature": one.literature}
        for one in catalogue.values()
    ]
    if as_json:
        print_json({"rows": rows})
        return
    for row in rows:
        words = _paragraph(f"{row['does']} ({row['literature']}).")
        echo(f"{row['model']}\n{words}")


@app.command(rich_help_panel=PLAN, epilog=example("measures"))
def measures(as_json: AsJson = False) -> None:
    """List the measures of fairness and of access (access --measure) with what each says."""
    rows = workflow.list_measures()
    if as_json:
        print_json({"rows": rows_of(rows)})
        return
    for row in rows.to_dict("records"):
        words = f"{row['says']} {row['better'].capitalize()}. {row['source']}."
        echo(f"{row['name']}: {row['measure']}\n{_paragraph(words)}")


def _paragraph(words: str) -> str:
    return indent("\n".join(wrap(words, WIDTH)), "    ")
