"""Saved work in a real PostgreSQL: two servers, an outage, migrations, backup and restore."""

import json

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.hosting import database, records, shares
from nhcplanner.hosting.database import ConflictError, Database
from nhcplanner.hosting.records import Record
from nhcplanner.pages.session import files, shared_store, trash
from tests.integration import postgres
from tests.integration.command import run as command

sqlalchemy = pytest.importorskip("sqlalchemy")
pytest.importorskip("psycopg")

OWNER, OTHER = "0" * 32, "f" * 32
NAME = "a" * 22
PLANS = json.dumps({"plans": [{"name": "Plan A", "status": "optimal", "opened": ["S1"]}]}).encode()


@pytest.fixture(scope="module")
def server():
    with postgres.server() as one:
        yield one


@pytest.fixture
def store(server, monkeypatch, tmp_path):
    """An empty database that is the app's, and an empty folder."""
    plain = server.at("postgres").replace("postgresql:", "postgresql+psycopg:")
    admin = sqlalchemy.create_engine(
        plain, poolclass=sqlalchemy.NullPool, isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE app")
    monkeypatch.setenv("NHCPLANNER_DATABASE", server.at("app"))
    monkeypatch.setenv("NHCPLANNER_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(shared_store, "_VERSIONS", {})
    made = Database(server.at("app"))
    made.migrate()
    yield made
    made._engine.dispose()
    database._engine.cache_clear()
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE app")


def test_the_tables_are_made_once_and_a_wrong_version_is_refused(store, server):
    assert store.migrate() == 0
    store.check()
    with store._begin() as connection:
        database._run(connection, "INSERT INTO migrations (number) VALUES (:n)", n=99)
    with pytest.raises(InputError, match="Update nhcplanner"):
        store.check()


def test_versions_of_two_servers_never_overwrite_each_other(store):
    first = Record(OWNER, "works", NAME, b"1", 1.0)
    assert store.write(first) == 1
    with pytest.raises(ConflictError):
        store.write(first)  # another server made it too
    theirs = store.read(*first.identity)
    assert store.write(theirs) == 2
    with pytest.raises(ConflictError):
        store.write(theirs)
    assert store.read(*first.identity).version == 2


def test_plans_can_be_read_by_other_programs(store):
    store.write(Record(OWNER, "works", NAME, PLANS))
    with store._begin() as connection:
        rows = database._run(connection, "SELECT work, plan, status, opened FROM plans").all()
    assert [tuple(row) for row in rows] == [(NAME, "Plan A", "optimal", ["S1"])]


def test_a_new_server_finds_what_another_saved(store, monkeypatch, tmp_path):
    shared_store.push(OWNER, NAME, PLANS, 0.0)
    token = shares.make(files.home() / shares.FOLDER, OWNER, NAME)
    shared_store.push_share(OWNER, token)
    monkeypatch.setenv("NHCPLANNER_DATA", str(tmp_path / "another"))
    monkeypatch.setattr(shared_store, "_VERSIONS", {})
    shared_store.pull(OWNER)
    shared_store.pull_share(token)
    assert (files.folder(files.Key(OWNER, NAME)) / files.WORK).read_bytes() == PLANS
    assert shares.find(files.home() / shares.FOLDER, token).work == NAME
    shared_store.forget(OWNER, "works", NAME)
    shared_store.forget(OWNER, "shares", shares.id_of(token))
    shared_store.pull(OWNER)
    assert not list(records.read_folder(files.home()))


def test_work_changed_elsewhere_meanwhile_is_a_conflict_and_a_lost_answer_is_none(store):
    shared_store.push(OWNER, NAME, b"1", 0.0)
    shared_store._VERSIONS.clear()
    shared_store.push(OWNER, NAME, b"1", 0.0)  # the answer to the first was lost
    store.write(store.read(OWNER, "works", NAME))
    with pytest.raises(ConflictError):
        shared_store.push(OWNER, NAME, b"2", 0.0)


def test_old_work_goes_to_the_trash_and_then_for_good_in_the_database_too(store, monkeypatch):
    shared_store.push(OWNER, NAME, PLANS, 0.0)
    shared_store.pull(OWNER)
    now = 1_700_000_000.0
    for day in sorted((*range(0, 65, 5), 31, 61, 62)):
        monkeypatch.setattr(trash.time, "time", lambda day=day: now + day * 86_400)
        trash.tidy(at_once=True)
        found = {one.is_trash for one in store.records(OWNER)}
        assert found == ({False} if day <= 30 else {True} if day <= 61 else set()), day
        if day == 40:
            assert [one.is_trash for one in trash.items(OWNER)] == [True]


def test_an_outage_is_a_sentence_without_the_password_and_ends_by_itself(store, server):
    shared_store.push(OWNER, NAME, b"1", 0.0)
    server.kill()
    try:
        with pytest.raises(InputError) as caught:
            shared_store.push(OWNER, NAME, b"2", 0.0)
        assert "does not answer" in str(caught.value)
        assert postgres.WORD not in str(caught.value)
        assert caught.value.__cause__ is None
    finally:
        server.start()
    shared_store.push(OWNER, NAME, b"2", 0.0)
    assert store.read(OWNER, "works", NAME).content == b"2"


def test_a_backup_of_a_folder_is_restored_to_the_database_and_back(
    store, server, capsys, monkeypatch, tmp_path
):
    monkeypatch.delenv("NHCPLANNER_DATABASE")
    for one in (Record(OWNER, "works", NAME, PLANS, 2.0),
                Record(OTHER, "works", NAME, b"{}", 3.0, is_trash=True)):  # fmt: skip
        records.write_to_folder(files.home(), one)
    records.write_calendar(files.home(), {"days": 4.0, "clock": 5.0})
    assert command(capsys, "backup", tmp_path / "one.zip")[0] == 0
    monkeypatch.setenv("NHCPLANNER_DATABASE", server.at("app"))
    assert command(capsys, "restore", tmp_path / "one.zip")[0] == 0
    code, _, error = command(capsys, "restore", tmp_path / "one.zip")
    assert (code, "--replace" in error) == (2, True)
    assert command(capsys, "restore", tmp_path / "one.zip", "--replace")[0] == 0
    assert command(capsys, "backup", tmp_path / "two.zip", "--json")[1].count('"records": 2')
    saved = [records.Backup(tmp_path / name) for name in ("one.zip", "two.zip")]
    one, two = ([(*r.identity, r.content, r.day, r.is_trash) for r in b.records()] for b in saved)
    assert one == two
    assert store.calendar() == saved[0].calendar
    assert command(capsys, "migrate")[1].startswith("0 changes")


def test_an_address_that_is_no_postgresql_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("NHCPLANNER_DATABASE", "mysql://root@localhost/x")
    code, _, error = command(capsys, "migrate")
    assert (code, "no address of PostgreSQL" in error) == (2, True)
