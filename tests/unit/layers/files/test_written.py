import os

import pytest

from nhcplanner.layers.files import written
from nhcplanner.layers.files.written import write_whole


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
    sync, replace = os.fsync, written.Path.replace

    def synced(number):
        kind = "folder" if os.path.isdir(f"/proc/self/fd/{number}") else "file"  # noqa: PTH112
        done.append(kind if os.path.exists("/proc/self/fd") else "any")  # noqa: PTH110
        sync(number)

    def moved(path, target):
        done.append("named")
        return replace(path, target)

    monkeypatch.setattr(written.os, "fsync", synced)
    monkeypatch.setattr(written.Path, "replace", moved)
    write_whole(tmp_path / "new" / "one", b"x")
    if "any" in done or os.name == "nt":
        assert done.index("named") == 1
    else:
        assert done == ["file", "named", "folder"]
