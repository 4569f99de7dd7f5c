"""PostGIS: the layers of a hand-in as tables of a database, all of them or none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote, quote_plus

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.plan_record import InputFile
from nhcplanner.outputs.gis.layers import NAMES as LAYERS
from nhcplanner.outputs.gis.layers import layers
from nhcplanner.outputs.gis.writing import about, credit, short_names
from nhcplanner.outputs.report import record

SCHEMA = "nhcplanner"
_MARK = "nhcplanner: "
"""Beginning of the comment on each table made here; no other table is ever dropped."""
_LONGEST_NAME = 63
_SECONDS = 10
_SECRETS = ("password", "sslpassword", "passfile", "sslkey")
"""Settings in the query of an address that hold a secret, or its location."""
_PACKAGES = ("sqlalchemy", "geoalchemy2", "psycopg")
_ADDRESS = (
    "Give postgresql://USER@HOST:5432/DATABASE; the password may be in the PGPASSWORD "
    "variable or in .pgpass"
)
_MENDS = {
    "42501": "Ask the database's owner for the right, or name another schema",
    "25006": "It can only be read: choose another database",
    "2BP01": "Something is built on the earlier tables: drop that first, or name another schema",
    "53100": "The database's disk is full: make room there",
}
"""Hint for an error, by PostgreSQL's code."""
_ABLE = """
SELECT CASE WHEN to_regnamespace(quote_ident(:schema)) IS NULL
    THEN has_database_privilege(current_database(), 'CREATE')
    ELSE has_schema_privilege(:schema, 'CREATE') END,
    to_regtype('geometry') IS NOT NULL
"""
_TABLES = """
SELECT relname, obj_description(pg_class.oid, 'pg_class')
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = :schema AND relkind IN ('r', 'p', 'v', 'm', 'f')
"""
NAMES = (*LAYERS, "columns", "notes", "sources", "record")
"""Tables of a hand-in."""


@dataclass(frozen=True)
class Database:
    """Database that a hand-in is written into.

    Parameters
    ----------
    url
        Address, postgresql://user@host:port/database; a password in it is never shown.
    schema
        Schema of the tables; created if missing.

    Raises
    ------
    InputError
        If the name of the schema is not allowed.
    """

    url: str = field(repr=False)
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        reserved = self.schema.startswith("pg_") or self.schema == "information_schema"
        if (
            reserved
            or {"\0", "%"} & set(self.schema)
            or not 1 <= len(self.schema.encode()) <= _LONGEST_NAME
        ):
            words = f"'{self.schema[:_LONGEST_NAME]}' can be no schema's name"
            raise InputError(
                [Fault(words, hint=f"Give 1 to {_LONGEST_NAME} letters without %, not pg_...")]
            )


def check_postgis(database: Database) -> None:
    """Check that a database can be written into, before anything is computed.

    Raises
    ------
    InputError
        If packages are missing, the address is not one, the database does not answer or refuses,
        lacks PostGIS, or holds tables of the same names that were not made here.
    """
    with _transaction(database) as connection:
        _ready(connection, database.schema)


@contextmanager
def into_postgis(
    evidence: Evidence, database: Database, inputs: Sequence[InputFile] = (), date: str = ""
) -> Iterator[tuple[str, ...]]:
    """Write every layer in one transaction, which is undone if the block fails.

    Each layer has an id and a spatial index; further tables are `columns`, `notes`, `sources` and
    `record`. Tables of an earlier hand-in in the same schema are replaced.

    Parameters
    ----------
    evidence
        Evidence to write.
    database
        The database.
    inputs, date
        For the record, as in `write_handin`.

    Yields
    ------
    tuple of str
        Names of the tables with their schema.

    Raises
    ------
    InputError
        As `check_postgis`, and if the database refuses a table; it then stays unchanged.
    """
    made = layers(evidence)
    plan_record = json.dumps(record(evidence.outcome, inputs, date), allow_nan=False)
    tables = {**about(evidence), "record": pd.DataFrame({"record": [plan_record]})}
    place: dict[str, Any] = {"schema": database.schema, "index": True, "index_label": "id"}
    with _transaction(database) as connection:
        _emptied(connection, database.schema)
        for layer in made:
            frame = layer.frame.rename(columns=short_names(layer.columns, _LONGEST_NAME))
            frame.to_postgis(layer.name, connection, **place)
        for name, table in tables.items():
            table.to_sql(name, connection, **place)
        names = [*(layer.name for layer in made), *tables]
        for name in names:
            _finished(connection, database.schema, name, credit(evidence.outcome))
        yield tuple(f"{database.schema}.{name}" for name in names)


@contextmanager
def _transaction(database: Database) -> Iterator[Any]:
    """Yield a connection in a transaction, which is undone if the block fails."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        words = f"writing into PostGIS needs {', '.join(missing)}"
        raise InputError([Fault(words, hint="pip install 'nhcplanner[postgis]'")])
    alchemy = import_module("sqlalchemy")
    url = _parsed(database.url)
    where = f"{url.host or url.query.get('host', 'this machine')}, database {url.database or ''}"
    engine = alchemy.create_engine(
        url, poolclass=alchemy.NullPool, connect_args={"connect_timeout": _SECONDS}
    )
    try:
        with engine.begin() as connection:
            yield connection
    except (alchemy.exc.DBAPIError, import_module("psycopg").Error) as error:
        cause = getattr(error, "orig", error)
        words = _without_secrets(" ".join(str(cause).split()).rstrip(".?"), url)
        hint = _MENDS.get(getattr(cause, "sqlstate", None) or "", _ADDRESS)
        raise InputError([Fault(f"PostGIS said: {words}", where, hint=hint)]) from None


def _without_secrets(words: str, url: Any) -> str:
    """Remove the passwords of an address from a message, plain or percent-encoded."""
    query = [value for key in _SECRETS for value in url.normalized_query.get(key, ())]
    for secret in {str(url.password or ""), *query}:
        for form in (secret, quote(secret, safe=""), quote_plus(secret)):
            words = words.replace(form, "***") if form else words
    return words


def _parsed(url: str) -> Any:
    """Return the address as SQLAlchemy's URL; refuse other databases than PostgreSQL."""
    alchemy = import_module("sqlalchemy")
    try:
        found = alchemy.engine.make_url(url)
    except (alchemy.exc.ArgumentError, ValueError):
        found = None
    if found is None or found.drivername.partition("+")[0] not in {"postgresql", "postgres"}:
        raise InputError([Fault("--postgis is no address of a PostgreSQL database", hint=_ADDRESS)])
    return found.set(drivername="postgresql+psycopg")


def _ready(connection: Any, schema: str) -> None:
    """Check for PostGIS, the right to create tables, and tables of other origin."""
    alchemy = import_module("sqlalchemy")
    can, types = connection.execute(alchemy.text(_ABLE), {"schema": schema}).one()
    faults = []
    if not types:
        hint = "Ask the database's owner for: CREATE EXTENSION postgis; or put it in search_path"
        faults.append(Fault("the database has no PostGIS", hint=hint))
    if not can:
        words = f"you have no right to make tables in the schema {schema}"
        faults.append(Fault(words, hint=_MENDS["42501"]))
    faults += [
        Fault(
            f"there is a table {schema}.{name} that was not made by nhcplanner",
            hint="Name another schema with --schema",
        )
        for name, ours in _there(connection, schema).items()
        if not ours
    ]
    if faults:
        raise InputError(faults)


def _there(connection: Any, schema: str) -> dict[str, bool]:
    """Return existing tables with names of a hand-in's, and whether each was made here."""
    alchemy = import_module("sqlalchemy")
    found = connection.execute(alchemy.text(_TABLES), {"schema": schema})
    return {name: (words or "").startswith(_MARK) for name, words in found if name in NAMES}


def _emptied(connection: Any, schema: str) -> None:
    """Create the schema, and drop the tables of an earlier hand-in."""
    alchemy = import_module("sqlalchemy")
    _ready(connection, schema)
    if not alchemy.inspect(connection).has_schema(schema):
        connection.execute(alchemy.schema.CreateSchema(schema))
    for name in _there(connection, schema):
        table = alchemy.Table(name, alchemy.MetaData(), schema=schema)
        connection.execute(alchemy.schema.DropTable(table))


def _finished(connection: Any, schema: str, name: str, words: str) -> None:
    """Add the primary key of a table, and the comment that marks it as ours."""
    alchemy = import_module("sqlalchemy")
    table = alchemy.Table(name, alchemy.MetaData(), schema=schema, comment=f"{_MARK}{words}")
    full = connection.dialect.identifier_preparer.format_table(table)
    connection.exec_driver_sql(f"ALTER TABLE {full} ADD PRIMARY KEY (id)")
    connection.execute(alchemy.schema.SetTableComment(table))
