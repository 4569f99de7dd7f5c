"""Into a real PostgreSQL with PostGIS, of Debian's packages, started here and stopped again."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest

from nhcplanner import cli, outputs, workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.place import Source
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.gis import postgis
from nhcplanner.outputs.gis.layers import layers
from tests.canaries import TEXTS
from tests.integration import postgres

sqlalchemy = pytest.importorskip("sqlalchemy")
pytest.importorskip("geoalchemy2")
pytest.importorskip("psycopg")

WORD = postgres.WORD
Address = Callable[..., str]


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    """Gives addresses at a server on a socket: of a database, a user and a password."""
    with postgres.server() as server:
        offered = said(server.at("postgres"), "SELECT name FROM pg_available_extensions")
        if ("postgis",) not in offered:
            pytest.skip("PostGIS is not installed (Debian: postgresql-15-postgis-3)")
        yield server.at


def said(url: str, *questions: str) -> list[tuple]:
    """What a database answers to the last of some statements."""
    plain = url.replace("postgresql:", "postgresql+psycopg:")
    engine = sqlalchemy.create_engine(
        plain, poolclass=sqlalchemy.NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for question in questions:
            answer = connection.exec_driver_sql(question)
        return [tuple(row) for row in answer] if answer.returns_rows else []


@pytest.fixture
def url(address: Address) -> Iterator[str]:
    """A new database with PostGIS."""
    said(address("postgres"), "CREATE DATABASE fresh")
    said(address("fresh"), "CREATE EXTENSION postgis")
    yield address("fresh")
    said(address("postgres"), "DROP DATABASE fresh")


@pytest.fixture(scope="module")
def found(plan_dir: Path) -> Evidence:
    return workflow.gather_evidence(workflow.open_plan(plan_dir), workflow.Effort(parts=()))


def write(found: Evidence, url: str, schema: str = "nhcplanner") -> tuple[str, ...]:
    with outputs.into_postgis(found, outputs.Database(url, schema)) as tables:
        return tables


def tables(url: str, schema: str = "nhcplanner") -> set[str]:
    asked = f"SELECT table_name FROM information_schema.tables WHERE table_schema = '{schema}'"
    return {name for (name,) in said(url, asked)}


def refused(found: Evidence, url: str, schema: str = "nhcplanner") -> str:
    with pytest.raises(InputError) as caught:
        write(found, url, schema)
    assert WORD not in str(caught.value)
    assert WORD not in repr(outputs.Database(url))
    return str(caught.value)


def test_every_layer_comes_back_with_its_rows_names_and_coordinates(found, url):
    write(found, url)
    engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    for layer in layers(found):
        back = gpd.read_postgis(
            f"SELECT * FROM nhcplanner.{layer.name} ORDER BY id", engine, geom_col="geometry"
        )
        assert back.crs.to_epsg() == 27700
        assert back.columns.tolist() == ["id", *layer.frame.columns]
        assert back.geometry.geom_equals_exact(layer.frame.geometry, 1e-6).all()
        assert back["place"].str.startswith("SYNTHETIC").all()
    engine.dispose()
    minutes = said(url, "SELECT minutes_after FROM nhcplanner.areas ORDER BY id")
    wanted = layers(found)[0].frame["minutes_after"]
    assert [one for (one,) in minutes] == wanted.astype(object).where(wanted.notna(), None).tolist()


def test_tables_have_keys_indices_types_and_sources(found, url):
    names = write(found, url)
    types = dict(said(url, "SELECT f_table_name, type FROM geometry_columns"))
    assert types["areas"] in {"POLYGON", "MULTIPOLYGON"}
    assert types["sites"] == "POINT"
    indices = said(url, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'nhcplanner'")
    assert sum("USING gist" in text for (text,) in indices) == len(types)
    assert sum("UNIQUE" in text for (text,) in indices) == len(names)
    comment = said(url, "SELECT obj_description('nhcplanner.areas'::regclass)")[0][0]
    assert "SYNTHETIC" in comment
    assert said(url, "SELECT count(*) FROM nhcplanner.sources")[0][0] > 3
    record = json.loads(said(url, "SELECT record FROM nhcplanner.record")[0][0])
    assert len(record["plan"]["opened"]) == 4


def test_a_second_hand_in_takes_the_place_of_the_first(found, url):
    write(found, url)
    title = replace(found.outcome.place, name="Elsewhere")
    write(replace(found, outcome=replace(found.outcome, place=title)), url)
    asked = "SELECT DISTINCT place FROM nhcplanner.areas"
    assert said(url, asked) == [("SYNTHETIC Elsewhere",)]


def test_files_that_cannot_be_written_leave_the_database_as_it_was(found, url):
    with pytest.raises(OSError, match="full"), outputs.into_postgis(found, outputs.Database(url)):
        raise OSError("full")
    assert tables(url) == set()


def test_what_fails_half_way_leaves_the_earlier_tables(found, url, monkeypatch):
    write(found, url)
    finished = postgis._finished

    def broken(connection, schema, name, words):
        if name == "sites":
            connection.exec_driver_sql("SELECT 1/0")
        finished(connection, schema, name, words)

    monkeypatch.setattr(postgis, "_finished", broken)
    elsewhere = replace(found.outcome.place, name="Elsewhere")
    other = replace(found, outcome=replace(found.outcome, place=elsewhere))
    assert "division by zero" in refused(other, url)
    assert said(url, "SELECT place FROM nhcplanner.areas LIMIT 1") != [("SYNTHETIC Elsewhere",)]


def test_tables_of_others_are_never_dropped(found, url):
    said(url, "CREATE TABLE public.areas (mine int)", "INSERT INTO public.areas VALUES (7)")
    words = refused(found, url, "public")
    assert "there is a table public.areas that was not made by nhcplanner" in words
    assert "--schema" in words
    assert said(url, "SELECT mine FROM public.areas") == [(7,)]
    assert write(found, url, "Schöne Daten; --")[0] == "Schöne Daten; --.areas"
    assert "areas" in tables(url, "Schöne Daten; --")


def test_a_view_on_the_earlier_tables_is_not_broken(found, url):
    write(found, url)
    said(url, "CREATE VIEW public.near AS SELECT * FROM nhcplanner.areas")
    assert "drop that first" in refused(found, url)
    assert said(url, "SELECT count(*) FROM public.near") == [(250,)]


def test_a_database_without_postgis_or_rights_says_so(found, address, url):
    words = refused(found, address("postgres"))
    assert "no PostGIS" in words
    assert "CREATE EXTENSION postgis" in words
    said(url, f"CREATE ROLE guest LOGIN PASSWORD '{WORD}'")
    assert "no right to make tables" in refused(found, address("fresh", "guest"))
    said(url, "ALTER ROLE guest SET default_transaction_read_only = on",
         "GRANT CREATE ON DATABASE fresh TO guest")  # fmt: skip
    assert "only be read" in refused(found, address("fresh", "guest"))
    said(url, "REVOKE CREATE ON DATABASE fresh FROM guest", "DROP ROLE guest")


def test_a_wrong_password_or_database_is_named_and_no_word_is_shown(found, address):
    wrong = address("postgres", word="other-word")
    words = refused(found, wrong)
    assert "password authentication failed" in words
    assert "other-word" not in words
    assert 'database "nowhere" does not exist' in refused(found, address("nowhere"))


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://u:s3cret-word@h/d", "postgresql://u:s3cret-word@h:port/d"]
)
def test_what_is_no_address_says_what_one_is(found, url):
    assert "postgresql://USER@HOST:5432/DATABASE" in refused(found, url)


def test_a_host_that_does_not_answer_is_a_sentence(found):
    words = refused(found, f"postgresql://u:{WORD}@127.0.0.1:1/d")
    assert "127.0.0.1, database d: PostGIS said: connection failed" in words


@pytest.mark.parametrize("schema", ["", "pg_mine", "x" * 64, "a%sb"])
def test_what_can_be_no_schema_is_refused(schema):
    with pytest.raises(InputError, match="no schema's name"):
        outputs.Database("postgresql://u@h/d", schema)


def test_missing_packages_are_named(found, monkeypatch):
    monkeypatch.setattr(postgis, "find_spec", lambda name: None if name == "psycopg" else name)
    with pytest.raises(InputError, match=r"needs psycopg.*nhcplanner\[postgis\]"):
        write(found, "postgresql://u@h/d")


def test_the_command_writes_files_and_tables_and_never_the_password(
    plan_dir, url, tmp_path, monkeypatch, capsys
):
    words = ["export", plan_dir, "--out", tmp_path / "o", "--formats", "geojson", "--json"]
    words += ["--postgis", url, "--schema", "nhc"]
    monkeypatch.setattr(sys, "argv", ["nhcplanner", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    told = capsys.readouterr()
    assert not stop.value.code
    assert "nhc.areas" in json.loads(told.out)["database"]
    assert WORD not in told.out + told.err
    assert WORD not in "".join(
        path.read_text("utf-8") for path in (tmp_path / "o").rglob("*") if path.is_file()
    )
    assert "areas" in tables(url, "nhc")


def test_every_canary_comes_back_as_it_was_and_runs_no_sql(url):
    """Names of sites, areas, kinds, sources, notes and the schema are values, never SQL."""
    names = [*TEXTS.values(), "'); DROP TABLE nhcplanner.sites; --", "$$ || 1 || $$", "%s %(a)s :a"]
    place = workflow.demo_place()
    sites = place.sites.iloc[: len(names)].assign(site_name=names, kind=names, status="existing")
    told = tuple(Source("sites", name, publisher=name, licence=name) for name in names)
    evil = replace(
        place, sites=sites.reset_index(drop=True), sources=told, notes=tuple(names), name=names[0]
    )
    asked = Scenario(count=len(names), engine="estimate", time_limit=5, title=names[-3])
    found = workflow.gather_evidence(workflow.run(evil, asked), workflow.Effort(parts=()))
    schema = "nhc\"; DROP SCHEMA public CASCADE; --' {{7*7}}"
    write(found, url, schema)
    at = '"' + schema.replace('"', '""') + '"'
    assert {name for (name,) in said(url, f"SELECT name FROM {at}.centres")} == set(names)
    assert {name for (name,) in said(url, f"SELECT kind FROM {at}.centres")} == set(names)
    assert {name for (name,) in said(url, f"SELECT publisher FROM {at}.sources")} >= set(names)
    assert said(url, "SELECT count(*) FROM pg_namespace WHERE nspname = 'public'") == [(1,)]
    write(found, url, schema)  # replaces its own tables, found by name and comment
    assert len(said(url, f"SELECT name FROM {at}.centres")) == len(names)
