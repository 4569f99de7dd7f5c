"""Saved work, uploaded places and shares in PostgreSQL, for teams and several servers.

The folder of each server is then a copy: it is brought up to date when a person opens the app, and
each change is written to the database before it is written to the folder. A change is refused if
another server has changed the same work since it was read, so that nobody overwrites anybody.

Plans can be read by other programs in the view `plans`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from nhcplanner.base.errors import Fault, InputError, PlannerError
from nhcplanner.hosting import settings
from nhcplanner.hosting.records import Record

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Engine

EXTRA = "pip install nhcplanner[hosting]"
SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://")
LOCK = 7_410_021
"""Number of the lock that lets one server at a time change the tables."""
SECONDS = 5
"""Longest wait for a connection."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE records (
        owner text NOT NULL, kind text NOT NULL, name text NOT NULL,
        content bytea NOT NULL, day double precision NOT NULL, is_trash boolean NOT NULL,
        version bigint NOT NULL DEFAULT 1, changed timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (owner, kind, name)
    )
    """,
    """
    CREATE VIEW plans AS
    SELECT owner, records.name AS work, one ->> 'name' AS plan, one ->> 'status' AS status,
           one -> 'opened' AS opened, one AS record, changed
    FROM records, LATERAL jsonb_array_elements(
        convert_from(content, 'UTF8')::jsonb -> 'plans') AS one
    WHERE kind = 'works' AND NOT is_trash
    """,
    """
    CREATE TABLE calendar (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        days double precision NOT NULL, clock double precision NOT NULL
    )
    """,
)
"""Statements that make the tables, in order; the table `migrations` says which were done."""


class ConflictError(PlannerError):
    """Another server has changed the same work since it was read."""


class Database:
    """The records of all owners in one PostgreSQL database.

    Parameters
    ----------
    address
        "postgresql://user:password@host/database".

    Raises
    ------
    InputError
        If it is no such address, or the packages are missing.
    """

    def __init__(self, address: str) -> None:
        if not address.startswith(SCHEMES):
            hint = f"Set {settings.DATABASE} to postgresql://USER@HOST/DATABASE"
            raise InputError([Fault("is no address of PostgreSQL", settings.DATABASE, hint=hint)])
        self._engine = _engine("postgresql+psycopg://" + address.split("://", 1)[1])

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """Yield a connection whose changes are kept together; faults never show the address."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except _sqlalchemy().exc.SQLAlchemyError as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            hint = "Ask the people who run this app; try again in a minute"
            raise InputError([Fault(f"the database does not answer ({kind})", hint=hint)]) from None

    def migrate(self) -> int:
        """Make or update the tables; return how many statements that took."""
        with self._begin() as connection:
            _run(connection, "SELECT pg_advisory_xact_lock(:lock)", lock=LOCK)
            _run(connection, "CREATE TABLE IF NOT EXISTS migrations (number int PRIMARY KEY, "
                             "done timestamptz NOT NULL DEFAULT now())")  # fmt: skip
            done = self._version(connection)
            for number in range(done, len(MIGRATIONS)):
                _run(connection, MIGRATIONS[number])
                _run(connection, "INSERT INTO migrations (number) VALUES (:n)", n=number + 1)
        return len(MIGRATIONS) - done

    def check(self) -> None:
        """Refuse a database whose tables are older or newer than this program.

        Raises
        ------
        InputError
            With what to do.
        """
        with self._begin() as connection:
            known = _run(connection, "SELECT to_regclass('migrations') IS NOT NULL").scalar()
            version = self._version(connection) if known else 0
        if version != len(MIGRATIONS):
            hint = "Run nhcplanner migrate" if version < len(MIGRATIONS) else "Update nhcplanner"
            words = f"the tables have version {version}, but this program needs {len(MIGRATIONS)}"
            raise InputError([Fault(words, "database", hint=hint)])

    def records(self, owner: str = "", *, with_content: bool = True) -> Iterator[Record]:
        """Yield the records of an owner, or of all; without content if only states are wanted."""
        content = "content" if with_content else "''::bytea AS content"
        where = "WHERE owner = :owner" if owner else ""
        columns = f"owner, kind, name, {content}, day, is_trash, version"
        query = f"SELECT {columns} FROM records {where} ORDER BY owner, kind, name"  # noqa: S608
        with self._begin() as connection:
            for row in _run(connection, query, **({"owner": owner} if owner else {})):
                yield _record(row)

    def is_empty(self) -> bool:
        """Whether there are no records."""
        with self._begin() as connection:
            return not _run(connection, "SELECT EXISTS (SELECT FROM records)").scalar()

    def read(self, owner: str, kind: str, name: str) -> Record | None:
        """Return one record; None if there is none."""
        query = (
            "SELECT owner, kind, name, content, day, is_trash, version FROM records "
            "WHERE owner = :owner AND kind = :kind AND name = :name"
        )
        with self._begin() as connection:
            row = _run(connection, query, owner=owner, kind=kind, name=name).first()
        return None if row is None else _record(row)

    def write(self, record: Record) -> int:
        """Write a record and return its new version.

        Parameters
        ----------
        record
            Its `version` is the one that was read; 0 = it is new.

        Raises
        ------
        ConflictError
            If the version in the database is another one.
        """
        values = {
            "owner": record.owner, "kind": record.kind, "name": record.name,
            "content": record.content, "day": record.day, "trash": record.is_trash,
            "version": record.version,
        }  # fmt: skip
        if record.version:
            query = (
                "UPDATE records SET content = :content, day = :day, is_trash = :trash, "
                "version = version + 1, changed = now() WHERE owner = :owner AND kind = :kind "
                "AND name = :name AND version = :version RETURNING version"
            )
        else:
            query = (
                "INSERT INTO records (owner, kind, name, content, day, is_trash) VALUES "
                "(:owner, :kind, :name, :content, :day, :trash) ON CONFLICT DO NOTHING "
                "RETURNING version"
            )
        with self._begin() as connection:
            version = _run(connection, query, **values).scalar()
        if version is None:
            raise ConflictError("this work was changed on another server")
        return int(version)

    def set_state(self, record: Record) -> None:
        """Write the day and the trash mark of a record, whatever its version."""
        query = (
            "UPDATE records SET day = :day, is_trash = :trash WHERE owner = :owner "
            "AND kind = :kind AND name = :name"
        )
        with self._begin() as connection:
            _run(connection, query, day=record.day, trash=record.is_trash, owner=record.owner,
                 kind=record.kind, name=record.name)  # fmt: skip

    def delete(self, owner: str, kind: str, name: str) -> None:
        """Delete a record for good."""
        query = "DELETE FROM records WHERE owner = :owner AND kind = :kind AND name = :name"
        with self._begin() as connection:
            _run(connection, query, owner=owner, kind=kind, name=name)

    def find(self, kind: str, name: str) -> Record | None:
        """Return the record of a name, whoever its owner is; None if there is none."""
        query = "SELECT owner FROM records WHERE kind = :kind AND name = :name"
        with self._begin() as connection:
            owner = _run(connection, query, kind=kind, name=name).scalar()
        return None if owner is None else self.read(str(owner), kind, name)

    def tidy(self, day: float, idle_days: float, trash_days: float) -> None:
        """Move works and places not opened for long to the trash, and delete old trash."""
        kinds = "kind IN ('works', 'places')"
        old = f"DELETE FROM records WHERE {kinds} AND is_trash AND :day - day > :most"  # noqa: S608
        idle = (
            f"UPDATE records SET is_trash = true, day = :day, version = version + 1 "  # noqa: S608
            f"WHERE {kinds} AND NOT is_trash AND :day - day > :most"
        )
        with self._begin() as connection:
            _run(connection, old, day=day, most=trash_days)
            _run(connection, idle, day=day, most=idle_days)

    def calendar(self) -> dict[str, float]:
        """Return the app's days and the clock when they were counted; empty at first."""
        with self._begin() as connection:
            row = _run(connection, "SELECT days, clock FROM calendar").first()
        return {} if row is None else {"days": float(row.days), "clock": float(row.clock)}

    def set_calendar(self, days: float, clock: float) -> None:
        """Write the app's days; they never go back."""
        query = (
            "INSERT INTO calendar (days, clock) VALUES (:days, :clock) ON CONFLICT (one) DO UPDATE "
            "SET days = greatest(calendar.days, excluded.days), clock = excluded.clock"
        )
        with self._begin() as connection:
            _run(connection, query, days=days, clock=clock)

    def replace_all(self, records: Iterable[Record]) -> None:
        """Replace every record by these, all or none of them."""
        query = (
            "INSERT INTO records (owner, kind, name, content, day, is_trash) VALUES "
            "(:owner, :kind, :name, :content, :day, :trash)"
        )
        with self._begin() as connection:
            _run(connection, "DELETE FROM records")
            for one in records:
                _run(connection, query, owner=one.owner, kind=one.kind, name=one.name,
                     content=one.content, day=one.day, trash=one.is_trash)  # fmt: skip

    def _version(self, connection: Connection) -> int:
        found = _run(connection, "SELECT coalesce(max(number), 0) FROM migrations").scalar()
        return int(found or 0)


def current() -> Database | None:
    """Return the database of the settings; None if saved work is in folders only."""
    address = settings.text(settings.DATABASE)
    return Database(address) if address else None


@cache
def _engine(address: str) -> Engine:
    engine: Engine = _sqlalchemy().create_engine(
        address,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=10,
        hide_parameters=True,
        connect_args={"connect_timeout": SECONDS},
    )
    return engine


def _sqlalchemy() -> Any:
    """Return the package, which only servers with a database need.

    Raises
    ------
    InputError
        If it or the driver is missing.
    """
    try:
        import_module("psycopg")
        return import_module("sqlalchemy")
    except ImportError:
        words = f"{settings.DATABASE} needs packages that are missing"
        raise InputError([Fault(words, hint=EXTRA)]) from None


def _run(connection: Connection, query: str, **values: object) -> CursorResult[Any]:
    return connection.execute(_sqlalchemy().text(query), values)


def _record(row: Any) -> Record:
    """Return a row of the table as a record."""
    return Record(
        row.owner, row.kind, row.name, bytes(row.content), row.day, row.is_trash, row.version
    )
