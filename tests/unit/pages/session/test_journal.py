import pytest

from nhcplanner.pages.session import files, journal

KEY = files.Key("0" * 32, "a" * 22)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "user_data_path", lambda *_, **__: tmp_path)


def test_jobs_under_way_are_known_once_after_a_restart():
    files.make_private(files.folder(KEY))
    journal.write(KEY, ["Making Plan A", "Measuring"])
    assert journal.take(KEY) == ["Making Plan A", "Measuring"]
    assert journal.take(KEY) == []


def test_jobs_that_ended_are_forgotten_and_unsaved_work_has_no_journal():
    journal.write(KEY, ["Making Plan A"])
    assert not files.folder(KEY).exists()
    files.make_private(files.folder(KEY))
    journal.write(KEY, ["Making Plan A"])
    journal.write(KEY, [])
    assert journal.take(KEY) == []
    (files.folder(KEY) / journal.JOBS).write_text("{")
    assert journal.take(KEY) == []
