"""GeoPackage: refuse stored SQL in it before GDAL opens it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import shortened

MOST_TABLES = 2_000
"""Tables, indexes and triggers of one GeoPackage, at most."""
MOST_STEPS = 5_000_000
"""Steps of SQLite's virtual machine that looking at the schema may take."""
PLAIN_VIEWS = frozenset({"st_spatial_ref_sys", "st_geometry_columns"})
"""Views that version 1.0 of the standard suggests; nothing reads them here."""
_RTREE = re.compile(r"create\s+virtual\s+table\s+\S+\s+using\s+rtree\s*\(", re.IGNORECASE)
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]""")
MEND = "Save the layer as a new GeoPackage: in QGIS, Export, Save Features As"

Schema = list[tuple[str, str, str]]
"""Type, name and SQL of each thing in a database."""


def check_geopackage(path: Path) -> None:
    """Refuse a GeoPackage that holds SQL which reading it would run.

    Views, virtual tables other than spatial indexes, and computed columns are refused. Triggers
    are left alone: every GeoPackage has some, they run when rows are written only, and layers
    are opened read-only.

    Raises
    ------
    InputError
        For what is refused, and where the file is no sound SQLite database.
    """
    try:
        with closing(_opened(path)) as database:
            faults = [Fault(words, path.name, hint=MEND) for words in _problems(database)]
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        words = f"cannot be read: its database is damaged ({error})"
        raise InputError([Fault(words, path.name, hint=MEND)]) from None
    if faults:
        raise InputError(faults)


def _opened(path: Path) -> sqlite3.Connection:
    """Open the database so that nothing in it runs and nothing beside it is touched."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    steps = iter(range(MOST_STEPS // 1_000))
    database.set_progress_handler(lambda: next(steps, None) is None, 1_000)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    return database


def _problems(database: sqlite3.Connection) -> Iterable[str]:
    """Say what of the database is refused."""
    query = "SELECT type, name, coalesce(sql, '') FROM sqlite_master LIMIT ?"
    found: Schema = database.execute(query, (MOST_TABLES + 1,)).fetchall()
    if len(found) > MOST_TABLES:
        yield f"holds more than {MOST_TABLES:,} tables and indexes"
        return
    views = [name for kind, name, _ in found if kind == "view" and name not in PLAIN_VIEWS]
    if views:
        yield f"holds views, stored SQL that is not run here: {shortened(views)}"
    tables = [(name, sql) for kind, name, sql in found if kind == "table"]
    virtual = [name for name, sql in tables if _is_virtual(sql) and not _RTREE.match(sql.strip())]
    if virtual:
        yield f"holds virtual tables, which are not read here: {shortened(virtual)}"
    computed = [name for name, sql in tables if not _is_virtual(sql) and _is_computed(sql)]
    if computed:
        yield f"holds tables with computed columns, which are not run here: {shortened(computed)}"


def _is_virtual(sql: str) -> bool:
    return re.match(r"\s*create\s+virtual\b", sql, re.IGNORECASE) is not None


def _is_computed(sql: str) -> bool:
    """Whether a table has generated columns: `AS (` outside quotes and comments."""
    plain = _QUOTED.sub("x", re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL))
    return re.search(r"\bas\s*\(", plain, re.IGNORECASE) is not None
