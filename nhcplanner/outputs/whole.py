"""Whole: files written together, all of them or none, whatever goes wrong."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError

from nhcplanner.domain.errors import Fault, InputError

_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
_CLOSE = "Close it in other programs, or choose another folder"
_ROOM = "Make room on the disk, or choose another folder; the files that were there are as before"


@contextmanager
def whole(directory: Path, stale: Sequence[str] = ()) -> Iterator[Path]:
    """Give an empty folder to write into; at the end all that it holds goes to `directory`.

    Parameters
    ----------
    directory
        Where to; made where it is missing. Files of the same names are replaced together, and
        other files are left alone.
    stale
        Names of files of an earlier run that go where no new one takes their place.

    Raises
    ------
    InputError
        Where the disk is full, or the folder or a file in it cannot be written; then everything
        in `directory` is as it was.
    """
    directory = Path(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".plan-", dir=directory))
    except OSError as error:
        raise InputError([_unwritable(directory, error)]) from None
    try:
        fresh, old = made / "new", made / "old"
        fresh.mkdir()
        old.mkdir()
        yield fresh
        names = files_in(fresh)
        _swap(made, directory, [*names, *(name for name in stale if name not in names)])
    except OSError as error:
        raise InputError([_unwritable(_named(error, made, directory), error)]) from None
    except (DataLayerError, DataSourceError) as error:
        mend = "See that the disk has room, or choose another folder"
        raise InputError(
            [Fault(f"cannot be written ({error})", str(directory), mend=mend)]
        ) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


def files_in(folder: Path) -> list[str]:
    """Names of all files in a folder and the folders in it, with forward slashes, in order."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found)


def _swap(made: Path, directory: Path, names: list[str]) -> None:
    """Put all new files in the place of the old; on failure put the old ones back."""
    done: list[str] = []
    for name in names:
        fresh, there, aside = (folder / name for folder in (made / "new", directory, made / "old"))
        try:
            if there.exists():
                aside.parent.mkdir(parents=True, exist_ok=True)
                there.replace(aside)
            done.append(name)
            if fresh.exists():
                there.parent.mkdir(parents=True, exist_ok=True)
                fresh.replace(there)
        except OSError as error:
            _put_back(made / "old", directory, done)
            raise InputError([_unwritable(there, error)]) from None


def _put_back(old: Path, directory: Path, names: list[str]) -> None:
    for name in names:
        (directory / name).unlink(missing_ok=True)
        if (old / name).exists():
            (old / name).replace(directory / name)


def _named(error: OSError, made: Path, directory: Path) -> Path:
    """The file that the error is about, by the name that its reader knows."""
    path = Path(error.filename) if isinstance(error.filename, str) else directory
    inside = made / "new"
    return directory / path.relative_to(inside) if path.is_relative_to(inside) else directory


def _unwritable(path: Path, error: OSError) -> Fault:
    full = error.errno in _FULL
    words = "the disk is full" if full else error.strerror or str(error)
    return Fault(f"cannot be written ({words})", str(path), mend=_ROOM if full else _CLOSE)
