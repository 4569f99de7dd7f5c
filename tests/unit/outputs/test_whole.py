import errno
from pathlib import Path

import pytest

from nhcplanner.domain.errors import InputError
from nhcplanner.outputs import whole as whole_files
from nhcplanner.outputs.whole import settle, whole


def write(folder, **files):
    with whole(folder) as made:
        for name, text in files.items():
            path = made / name.replace("__", "/")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)


def half_written(folder, error):
    with whole(folder) as made:
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
    with whole(tmp_path, stale=["a", "b", "never"]) as made:
        (made / "a").write_text("3")
    assert there(tmp_path) == {"a": "3"}


def test_a_full_disk_is_a_sentence_and_leaves_the_old_files_whole(tmp_path):
    write(tmp_path, a="1", b="2")
    with pytest.raises(InputError, match=r"the disk is full.*Make room"):
        half_written(tmp_path, OSError(errno.ENOSPC, "No space left on device"))
    assert there(tmp_path) == {"a": "1", "b": "2"}


def test_the_sentence_names_the_file_by_the_name_its_reader_knows(tmp_path):
    with pytest.raises(InputError) as caught, whole(tmp_path) as made:
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
        if target == tmp_path / whole_files.GOING and not refused:
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
            settle(tmp_path)
        return replace(path, target)

    monkeypatch.setattr(whole_files, "PATIENCE", 0.0)
    monkeypatch.setattr(Path, "replace", slow)
    write(tmp_path, a="new", b="new", d="new")
    assert stood
    assert there(tmp_path) == {"a": "new", "b": "new", "c": "3", "d": "new"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c", "d"]
