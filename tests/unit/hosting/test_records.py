import json
import os
import zipfile
from dataclasses import replace

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.hosting import records, shares
from nhcplanner.hosting.records import Backup, Record

OWNER, OTHER = "0" * 32, "f" * 32
WORK = Record(OWNER, "works", "a" * 22, b'{"plans": []}', 3.0)
BIN = Record(OTHER, "works", "b" * 22, b"{}", 5.0, is_trash=True)


@pytest.fixture
def home(tmp_path):
    """The folder of an app with a work, one in the trash, an upload and a share."""
    home = tmp_path / "work"
    for one in (WORK, BIN):
        records.write_to_folder(home, one)
    place = home / OWNER / "places" / ("c" * 16)
    (place / "times").mkdir(parents=True)
    (place / "place.toml").write_text("title = 'Ours'")
    (place / "times" / "walk.npz").write_bytes(bytes(1000))
    (place / "opened.json").write_text('{"day": 2.0}')
    shares.make(home / shares.FOLDER, OWNER, WORK.name)
    (home / "audit").mkdir()
    (home / "audit" / "log").write_text("kept")
    records.write_calendar(home, {"days": 7.0, "clock": 8.0})
    return home


def files(home):
    found = (one for one in home.rglob("*") if one.is_file())
    return {one.relative_to(home).as_posix(): one.read_bytes() for one in found}


def test_a_backup_restored_to_another_folder_is_the_same_to_the_byte(home, tmp_path):
    path, other = tmp_path / "backup.zip", tmp_path / "other"
    number = records.write_backup(path, records.read_folder(home), records.calendar_of(home))
    assert number == len(Backup(path)) == 4
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
    (home / "audit" / "log").unlink()
    (home / "audit").rmdir()
    records.replace_folder(other, Backup(path))
    assert files(other) == files(home)
    if os.name != "nt":
        assert not any(one.stat().st_mode & 0o077 for one in other.rglob("*"))


def test_a_restore_replaces_saved_work_and_keeps_the_audit_log(home, tmp_path):
    path = tmp_path / "backup.zip"
    records.write_backup(path, [replace(WORK, content=b"older")], {})
    records.replace_folder(home, Backup(path))
    assert [one.content for one in records.read_folder(home)] == [b"older"]
    assert (home / "audit" / "log").read_text() == "kept"
    assert [
        one.name for one in tmp_path.iterdir() if ".new" in one.name or ".old" in one.name
    ] == []


def test_a_full_disk_leaves_everything_as_it_is(home, tmp_path, monkeypatch):
    path = tmp_path / "backup.zip"
    records.write_backup(path, records.read_folder(home), {})
    before = files(home)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(records, "write_whole", full)
    with pytest.raises(InputError):
        records.replace_folder(home, Backup(path))
    assert files(home) == before


def repacked(path, change):
    """The same backup with one member changed."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, content in change(members).items():
            new.writestr(name, content)


def _index(members, **changes):
    head = json.loads(members["backup.json"])
    head["records"][0] |= changes
    return members | {"backup.json": json.dumps(head)}


@pytest.mark.parametrize(
    "change",
    [
        lambda members: {name: b"x" + one for name, one in members.items()},
        lambda members: {n: b"{}" if n.startswith(OWNER) else one for n, one in members.items()},
        lambda members: _index(members, name="../../../../etc/cron.d/x"),
        lambda members: _index(members, owner=".."),
        lambda members: _index(members, day="NaN"),
        lambda members: {},
    ],
)
def test_a_backup_that_was_changed_is_refused_whole(home, tmp_path, change):
    path = tmp_path / "backup.zip"
    records.write_backup(path, records.read_folder(home), {})
    repacked(path, change)
    with pytest.raises(InputError, match="no sound backup"):
        Backup(path)


def test_a_place_whose_zip_leads_out_of_its_folder_stays_inside(tmp_path):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("../../out", "x")
    home = tmp_path / "work"
    records.write_to_folder(home, Record(OWNER, "places", "d" * 16, path.read_bytes()))
    assert not (tmp_path / "out").exists()
    assert all(home in one.parents for one in home.rglob("out"))


NO_RECORDS = [("..", "works", "a" * 22), (OWNER, "x", "a" * 22), (OWNER, "works", "../a")]


@pytest.mark.parametrize("identity", NO_RECORDS)
def test_only_records_of_the_app_are_records(identity):
    with pytest.raises(ValueError, match="no record"):
        Record(*identity, b"")
