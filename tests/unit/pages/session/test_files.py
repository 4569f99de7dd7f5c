import multiprocessing
import os

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.pages.session import files

OWNER = "0" * 32


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "user_data_path", lambda *_, **__: tmp_path)


def made():
    key = files.Key(OWNER, files.new_name())
    (files.make_private(files.folder(key)) / files.WORK).write_text("{}")
    return key


@pytest.mark.parametrize("text", ["", "..", "../../etc", "a" * 21, "a" * 23, "a/" * 11, "é" * 22])
def test_nothing_but_an_id_becomes_a_folder(text):
    assert not files.is_name(text)
    with pytest.raises(ValueError, match="not an id of a work"):
        files.folder(files.Key(OWNER, text))
    with pytest.raises(ValueError, match="not an id of an owner"):
        files.folder(files.Key(text, files.new_name()))
    with pytest.raises(ValueError, match="not a name of an upload"):
        files.upload_folder(OWNER, text)


def test_ids_differ():
    assert len({files.new_name() for _ in range(100)}) == 100


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps to the rights of the folder")
def test_folders_are_closed_on_the_way_even_where_they_were_open():
    files.home().mkdir(mode=0o755)
    files.home().chmod(0o755)
    folder = files.folder(made())
    for one in (files.home(), folder.parent.parent, folder.parent, folder):
        assert one.stat().st_mode & 0o777 == 0o700


def test_a_quota_counts_all_that_an_owner_has_and_no_one_else(monkeypatch):
    monkeypatch.setenv("NHCPLANNER_QUOTA_MB", "1")
    one, other = made(), files.Key("f" * 32, files.new_name())
    (files.make_private(files.folder(other)) / "big").write_bytes(bytes(2_000_000))
    files.check_quota(OWNER, 999_998)
    with pytest.raises(InputError, match=r"takes 0 .* 1 MB you may use.*Delete"):
        files.check_quota(OWNER, 999_999)
    (files.folder(one) / "more").write_bytes(bytes(1_000_000))
    files.check_quota(OWNER, 0)  # what gets smaller may always be saved
    with pytest.raises(InputError):
        files.check_quota(OWNER, 1)


def _other_server(pipe, home, key):
    files.user_data_path = lambda *_, **__: home
    pipe.send(files.hold(key))
    pipe.recv()


def other_server(home, key):
    """Another process that tries to hold some work, and ends when it is answered."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_other_server, args=(theirs, home, key), daemon=True)
    child.start()
    theirs.close()
    return ours, child


def test_of_two_servers_on_one_folder_one_holds_a_work(tmp_path):
    key, free = made(), made()
    assert files.hold(key)
    assert files.hold(key)
    for wanted, held in ((key, False), (free, True)):
        pipe, child = other_server(tmp_path, wanted)
        assert pipe.recv() is held
        if held:
            assert not files.hold(free)
            child.kill()  # a server that crashes lets go of what it held
            child.join()
            assert files.hold(free)
        else:
            pipe.send("end")
            child.join()
    files.release(key)
    files.release(free)
    pipe, child = other_server(tmp_path, key)
    assert pipe.recv() is True
    pipe.send("end")
    child.join()


def test_work_that_was_never_saved_leaves_nothing_on_the_disk():
    assert files.hold(files.Key(OWNER, files.new_name()))
    assert not files.home().exists()
