"""tests.unit.base.test_atomic"""

import errno
import os
from pathlib import Path

import pytest

from nhcplanner.base import atomic
from nhcplanner.base import atomic as whole_files
from nhcplanner.base.atomic import atomic_directory, finish_interrupted, write_whole
from nhcplanner.base.errors import InputError


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps to the rights of the folder")
def test_a_private_file_is_for_its_owner_alone_even_where_it_was_open(tmp_path):
    path = tmp_path / "one"
    path.write_text("old")
    path.chmod(0o644)
    write_whole(path, b"new", private=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == b"new"


def test_content_is_on_the_disk_before_it_has_its_name_and_the_name_after(tmp_path, monkeypatch):
    done = []
    sync, replace = os.fsync, atomic.Path.replace

    def synced(number):
        kind = "folder" if os.path.isdir(f"/proc/self/fd/{number}") else "file"  # noqa: PTH112
        done.append(kind if os.path.exists("/proc/self/fd") else "any")  # noqa: PTH110
        sync(number)

    def moved(path, target):
        done.append("named")
        return replace(path, target)

    monkeypatch.setattr(atomic.os, "fsync", synced)
    monkeypatch.setattr(atomic.Path, "replace", moved)
    write_whole(tmp_path / "new" / "one", b"x")
    if "any" in done or os.name == "nt":
        assert done.index("named") == 1
    else:
        assert done == ["file", "named", "folder"]


def write(folder, **files):
    with atomic_directory(folder) as made:
        for name, text in files.items():
            path = made / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)


def half_written(folder, error):
    with atomic_directory(folder) as made:
        (made / "a").write_text("half")
        raise error


def there(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_files_and_folders_arrive_together_and_others_stay(tmp_path):
    (tmp_path / "mine").write_text("mine")
    write(tmp_path / "new", a="1", sub__b="2")
    write(tmp_path, a="1", sub__b="2")
    write(tmp_path, a="3")
    assert there(tmp_path / "new") == {"a": "1", "sub/b": "2"}
    assert {k: v for k, v in there(tmp_path).items() if not k.startswith("new/")} == {
        "mine": "mine", "a": "3", "sub/b": "2",
    }  # fmt: skip


def test_what_an_earlier_run_left_goes_where_nothing_takes_its_place(tmp_path):
    write(tmp_path, a="1", b="2")
    with atomic_directory(tmp_path, stale=["a", "b", "never"]) as made:
        (made / "a").write_text("3")
    assert there(tmp_path) == {"a": "3"}


def test_a_full_disk_is_a_sentence_and_leaves_the_old_files_whole(tmp_path):
    write(tmp_path, a="1", b="2")
    with pytest.raises(InputError, match=r"the disk is full.*Make room"):
        half_written(tmp_path, OSError(errno.ENOSPC, "No space left on device"))
    assert there(tmp_path) == {"a": "1", "b": "2"}


def test_the_sentence_names_the_file_by_the_name_its_reader_knows(tmp_path):
    with pytest.raises(InputError) as caught, atomic_directory(tmp_path) as made:
        raise OSError(errno.ENOSPC, "No space left on device", str(made / "b.csv"))
    assert caught.value.faults[0].file == str(tmp_path / "b.csv")


def test_a_file_open_elsewhere_puts_all_back(tmp_path, monkeypatch):
    write(tmp_path, a="1", b="2")
    replace = Path.replace

    def held(path, target):
        if path == tmp_path / "b":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(InputError, match="Close it in other programs"):
        write(tmp_path, a="new", b="new", c="new")
    assert there(tmp_path) == {"a": "1", "b": "2"}


def test_any_other_failure_leaves_no_trace(tmp_path):
    with pytest.raises(ZeroDivisionError):
        half_written(tmp_path, ZeroDivisionError())
    assert there(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_another_process_that_is_done_just_then_is_no_trouble(tmp_path, monkeypatch):
    """The name was taken when it was asked for, and free when that was looked at."""
    replace, refused = Path.replace, []

    def taken(path, target):
        if target == tmp_path / whole_files.COMMITTED and not refused:
            refused.append(target)
            raise OSError(errno.ENOTEMPTY, "Directory not empty", str(path))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", taken)
    write(tmp_path, a="1")
    assert refused
    assert there(tmp_path) == {"a": "1"}


def test_files_that_another_process_put_in_their_places_meanwhile_stay(tmp_path, monkeypatch):
    """This one stood still for so long that it was taken to be gone."""
    write(tmp_path, a="1", b="2", c="3")
    replace, stood = Path.replace, []

    def slow(path, target):
        if path == tmp_path / "b" and not stood:
            stood.append(path)
            finish_interrupted(tmp_path)
        return replace(path, target)

    monkeypatch.setattr(whole_files, "PATIENCE", 0.0)
    monkeypatch.setattr(Path, "replace", slow)
    write(tmp_path, a="new", b="new", d="new")
    assert stood
    assert there(tmp_path) == {"a": "new", "b": "new", "c": "3", "d": "new"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c", "d"]
