import os

import pytest

from nhcplanner.pages.session import files


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "user_data_path", lambda *_, **__: tmp_path)


def kept(days=0.0):
    key = files.new_key()
    path = files.folder(key) / files.WORK
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    then = path.stat().st_mtime - days * 86_400
    os.utime(path, (then, then))
    return key


@pytest.mark.parametrize("text", ["", "..", "../../etc", "a" * 21, "a" * 23, "a/" * 11, "é" * 22])
def test_nothing_but_a_key_becomes_a_folder(text):
    assert not files.is_key(text)
    with pytest.raises(ValueError, match="no key"):
        files.folder(text)


def test_keys_differ():
    assert len({files.new_key() for _ in range(100)}) == 100


def test_a_copy_is_its_own():
    key, other = kept(), files.new_key()
    files.copy(key, other)
    (files.folder(other) / files.WORK).write_text("changed")
    assert (files.folder(key) / files.WORK).read_text() == "{}"


def test_old_work_and_too_much_of_it_goes(monkeypatch):
    monkeypatch.setattr(files, "MOST", 2)
    old, first, second, third = kept(files.DAYS + 1), kept(3), kept(2), kept(1)
    files.tidy()
    assert {one.name for one in files.home().iterdir()} == {second, third}
    assert not {old, first} & {one.name for one in files.home().iterdir()}
