"""A PostgreSQL server for tests: of Debian's packages, on a socket, started and stopped here."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

WORD = "s3cret-word"


class Server:
    """A server of its own in a new folder.

    Parameters
    ----------
    folder
        Its data, log and socket.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = ("-D", folder / "data")

    def at(self, database: str, user: str = "owner", word: str = WORD) -> str:
        """Return the address of a database."""
        return f"postgresql://{user}:{word}@/{database}?host={self.folder}"

    def make(self) -> None:
        """Make the data."""
        (self.folder / "word").write_text(WORD)
        if os.geteuid() == 0:
            for path in (self.folder, self.folder / "word"):
                shutil.chown(path, "nobody")
        asks = ("-A", "scram-sha-256", "--pwfile", self.folder / "word")
        self._run("initdb", *self._data, "-U", "owner", *asks, "-N", "-E", "UTF8", "--locale=C")

    def start(self) -> None:
        """Start it."""
        how = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", *self._data, "-w", "-l", self.folder / "log", "-o", how, "start")

    def kill(self) -> None:
        """End it as a crash would, if it runs."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", *self._data, "-m", "immediate", "-w", "stop")

    def _run(self, name: str, *words: str | Path) -> None:
        """Run one of PostgreSQL's programs; they refuse root, whom nobody stands in for."""
        done = subprocess.run(
            [programs() / name, *words],
            user="nobody" if os.geteuid() == 0 else None,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()


def programs() -> Path | None:
    """Folder of initdb and pg_ctl, the newest where there are several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def server() -> Iterator[Server]:
    """Start a server; tests are skipped where there are no programs for one."""
    if sys.platform == "win32" or programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    one = Server(Path(tempfile.mkdtemp(prefix="nhc-pg-")))
    try:
        one.make()
        one.start()
        yield one
    finally:
        one.kill()
        shutil.rmtree(one.folder)
