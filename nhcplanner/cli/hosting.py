"""Commands for those who run the app for others: backup, restore and tables of the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.cli.shell import HOST, AsJson, app, echo, example, print_json


@app.command(rich_help_panel=HOST, epilog=example("backup nhcplanner.zip"))
def backup(
    out: Annotated[Path, typer.Argument(help="Zip to write; it holds everybody's saved work.")],
    as_json: AsJson = False,
) -> None:
    """Write all saved work, uploads and shares to one file, from the database or the folder."""
    from nhcplanner.hosting import database, records
    from nhcplanner.pages.session import files

    store, home = database.current(), files.home()
    if store is None:
        number = records.write_backup(out, records.read_folder(home), records.calendar_of(home))
    else:
        store.check()
        number = records.write_backup(out, store.records(), store.calendar())
    where = "the folder of saved work" if store is None else "the database"
    if as_json:
        print_json({"records": number, "from": where, "files": [str(out)]})
        return
    echo(f"{plural(number, 'record')} from {where}, in {out}. Keep it as safe as the app's data.")


@app.command(rich_help_panel=HOST, epilog=example("restore nhcplanner.zip --replace"))
def restore(
    path: Annotated[Path, typer.Argument(help="Zip written by backup.", metavar="BACKUP.zip")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the saved work that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Restore a backup to the database or the folder; stop the app first."""
    from nhcplanner.hosting import database, records
    from nhcplanner.pages.session import files

    saved = records.Backup(path)
    store, home = database.current(), files.home()
    if store is None:
        is_empty = next(records.read_folder(home), None) is None
    else:
        store.migrate()
        is_empty = store.is_empty()
    if not is_empty and not replace:
        hint = "Add --replace to replace all of it, after a backup"
        raise InputError([Fault("there is saved work already", hint=hint)])
    if store is None:
        records.replace_folder(home, saved)
    else:
        store.replace_all(saved.records())
        if saved.calendar:
            store.set_calendar(saved.calendar["days"], saved.calendar["clock"])
    where = "the folder of saved work" if store is None else "the database"
    if as_json:
        print_json({"records": len(saved), "to": where, "made": saved.made})
        return
    echo(f"{plural(len(saved), 'record')} of the backup of {saved.made} restored to {where}.")


@app.command(rich_help_panel=HOST, epilog=example("migrate"))
def migrate(as_json: AsJson = False) -> None:
    """Make or update the tables of the database in NHCPLANNER_DATABASE."""
    from nhcplanner.hosting import database, settings

    store = database.current()
    if store is None:
        hint = "Saved work in a folder needs no tables"
        raise InputError([Fault(f"{settings.DATABASE} is not set", hint=hint)])
    number = store.migrate()
    if as_json:
        print_json({"changes": number, "tables": len(database.MIGRATIONS)})
        return
    echo(f"{plural(number, 'change')} made; the tables have version {len(database.MIGRATIONS)}.")
