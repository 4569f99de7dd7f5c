import os
from datetime import UTC, datetime

import pytest
from filelock import FileLock

from nhcplanner.base import atomic
from nhcplanner.pages.session import files, trash

OWNER = "0" * 32
DAY = 86_400.0
START = 1_700_000_000.0


class Clock:
    """A machine's clock that a test sets."""

    now = START

    def days(self, number):
        """Let so many days go by, the app being opened every day, then tidy."""
        for _ in range(number):
            self.now += DAY
            trash.tidy(at_once=True)


@pytest.fixture(autouse=True)
def clock(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "user_data_path", lambda *_, **__: tmp_path)
    clock = Clock()
    monkeypatch.setattr(trash.time, "time", lambda: clock.now)
    return clock


def saved():
    key = files.Key(OWNER, files.new_name())
    (files.make_private(files.folder(key)) / files.WORK).write_text("{}")
    trash.mark_opened(files.folder(key))
    return key


def where():
    return {one.name: one.is_trash for one in trash.items(OWNER)}


def test_work_goes_to_the_trash_after_a_month_and_is_deleted_after_another(clock):
    key = saved()
    trash.tidy(at_once=True)
    clock.days(30)
    assert where() == {key.name: False}
    clock.days(1)
    assert where() == {key.name: True}
    left = trash.deleted_on(trash.items(OWNER)[0]) - datetime.now(UTC).date()
    assert left.days == 30
    clock.days(30)
    assert where() == {key.name: True}
    clock.days(1)
    assert where() == {}


def test_what_is_opened_stays_and_what_comes_back_begins_anew(clock):
    key = saved()
    for _ in range(5):
        clock.days(20)
        trash.mark_opened(files.folder(key))
    assert where() == {key.name: False}
    clock.days(31)
    assert where() == {key.name: True}
    assert trash.restore(OWNER, files.WORKS, key.name)
    clock.days(30)
    assert where() == {key.name: False}


def test_the_number_of_works_deletes_nothing(clock):
    keys = {saved().name for _ in range(300)}
    clock.days(2)
    assert where() == dict.fromkeys(keys, False)


@pytest.mark.parametrize("jump", [73 * 365, -56 * 365, 10_000_000])
def test_a_clock_that_jumps_deletes_nothing(clock, jump):
    trash.tidy(at_once=True)
    key = saved()
    clock.now += jump * DAY
    for _ in range(5):
        trash.tidy(at_once=True)
    assert where() == {key.name: False}
    clock.now = START
    for _ in range(5):
        trash.tidy(at_once=True)
    assert where() == {key.name: False}


@pytest.mark.parametrize("when", [0.0, 4_000_000_000.0])
def test_dates_of_files_delete_nothing(clock, when):
    key = saved()
    for one in (files.folder(key), *files.folder(key).iterdir()):
        os.utime(one, (when, when))
    clock.days(29)
    assert where() == {key.name: False}


@pytest.mark.parametrize("said", ["", "{", "[]", '{"day": 1e999}', '{"day": "x"}', '{"day": 9e9}'])
def test_a_damaged_date_begins_today(clock, said):
    key = saved()
    (files.folder(key) / "opened.json").write_text(said)
    clock.days(30)
    assert where() == {key.name: False}
    clock.days(1)
    assert where() == {key.name: False}
    clock.days(1)
    assert where() == {key.name: True}


def test_a_calendar_that_is_lost_begins_again(clock):
    files.make_private(files.home())
    clock.days(100)
    key = saved()
    (files.home() / "calendar.json").unlink()
    clock.days(30)
    assert where() == {key.name: False}


def test_what_is_open_here_or_in_another_server_stays(clock):
    here, there = saved(), saved()
    assert files.hold(here)
    lock = files.make_private(files.owner_folder(OWNER) / files.LOCKS) / f"{there.name}.lock"
    with FileLock(lock):
        clock.days(40)
        assert where() == {here.name: False, there.name: False}
    files.release(here)
    clock.days(1)
    assert where() == {here.name: True, there.name: True}


def test_a_full_disk_neither_moves_nor_deletes(clock, monkeypatch):
    key = saved()
    clock.days(20)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(atomic.os, "fsync", full)
        clock.days(100)
        assert where() == {key.name: False}


def test_two_servers_do_not_tidy_at_once(clock):
    trash.tidy(at_once=True)
    key = saved()
    with FileLock(files.home() / "tidy.lock"):
        clock.days(100)
    assert where() == {key.name: False}


def test_only_what_the_app_made_is_touched(clock):
    saved()
    for name in ("notes", OWNER + "x"):
        files.make_private(files.home() / name / files.WORKS / ("a" * 22))
    other = files.make_private(files.owner_folder(OWNER) / files.WORKS / "not an id")
    clock.days(70)
    assert other.is_dir()
    assert (files.home() / "notes" / files.WORKS / ("a" * 22)).is_dir()
