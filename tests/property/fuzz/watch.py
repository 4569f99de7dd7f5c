"""Watch: what a case may not touch - the network, secrets, other programs, memory, processes."""

from __future__ import annotations

import os
import socketserver
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

SECRET = "canary-content-of-a-secret"
"""Stands in a file beside the case, in an environment variable and in whatever the server sends."""
VARIABLE = "NHC_FUZZ_SECRET"
MEMORY = 3 << 30
"""Bytes that the processes of a case may hold together."""
KEPT = ("nhcplanner.base", "multiprocessing.resource_tracker", "multiprocessing.forkserver")
"""In the command of processes that outlive a case: readers of files, and Python's own helpers."""
GRACE = 30.0
"""Seconds after its answer within which a case's own processes must have ended."""
ANSWER = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"site_id": "S1",'
    f' "site_name": "{SECRET}", "kind": "hall"}}, "geometry": {{"type": "Point", "coordinates": '
    "[-1.23, 54.57]}}]}"
)
ROWS = f"site_id,site_name,kind,easting,northing\nS1,{SECRET},hall,450500,520500\n"
PROGRAMS = frozenset({"cbc", "uname", "ldconfig", "gcc", "cc", "ld", "git", "fc-list", "file"})
"""Programs that libraries start to find or solve something; no input can name them."""


@dataclass(frozen=True)
class Lures:
    """What spoilt files point to.

    Parameters
    ----------
    url
        Of a server on this machine that must hear nothing.
    secret
        A file that must not be read, though it has the rows of a list of sites.
    """

    url: str = "http://127.0.0.1:9/"
    secret: str = "/nowhere/secret.csv"

    @property
    def port(self) -> str:
        """The server's port."""
        return self.url.rsplit(":", 1)[1].strip("/")


class Listener:
    """A server on this machine that remembers whoever connects to it."""

    def __init__(self) -> None:
        self._heard: list[str] = []
        heard = self._heard

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.settimeout(1)
                begin = b""
                with suppress(OSError):
                    begin = self.request.recv(500)
                heard.append(begin.decode("utf-8", "replace"))
                body = ANSWER.encode()
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n"
                head += "Content-Type: application/geo+json\r\nConnection: close\r\n\r\n"
                with suppress(OSError):
                    self.request.sendall(head.encode() + body)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def heard(self) -> list[str]:
        """The beginnings of what was said to it since it was last looked at."""
        found = list(self._heard)
        del self._heard[: len(found)]
        return found

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._server.server_close()


class Calls:
    """Programs started and addresses asked by this process's Python code, from when it is made.

    It cannot be taken away again before the process ends.
    """

    def __init__(self) -> None:
        self.found: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, given: tuple[object, ...]) -> None:
        if event == "socket.connect" and isinstance(given[1], tuple):
            self.found.append(f"connected to {given[1]}")
        elif event == "socket.getaddrinfo":
            self.found.append(f"looked up {given[0]}")
        elif event in ("os.system", "os.exec", "webbrowser.open", "os.startfile", "os.putenv"):
            if event != "os.putenv":
                self.found.append(f"{event} {given[0]!r}")
        elif event in ("subprocess.Popen", "os.posix_spawn") and not _is_known(given):
            self.found.append(f"{event} {given[0]!r} {given[1]!r}")


def _is_known(given: tuple[object, ...]) -> bool:
    words = given[1] if isinstance(given[1], (list, tuple)) else [given[0]]
    program = os.fspath(words[0]) if words else ""
    name = Path(os.fsdecode(program)).name.split("-")[0]
    return name in PROGRAMS or name.startswith("python") or "cbc" in name


def place_secrets(folder: Path) -> str:
    """Write the secret file; its path."""
    path = folder / "secret" / "secret.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(ROWS, encoding="utf-8")
    os.environ[VARIABLE] = SECRET
    return str(path)


def held_memory(process: psutil.Process) -> int:
    """Bytes that a process and all that it started hold."""
    total = 0
    for one in _tree(process):
        with suppress(psutil.Error):
            total += one.memory_info().rss
    return total


def seconds_of_work(process: psutil.Process) -> float:
    """Seconds that a processor has worked for a process and for all that it started."""
    total = 0.0
    for one in _tree(process):
        with suppress(psutil.Error):
            total += sum(one.cpu_times()[:4])  # its own, and of its children that have ended
    return total


def _tree(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def end_tree(process: psutil.Process) -> None:
    """End a process and all that it started, at once."""
    for one in reversed(_tree(process)):
        with suppress(psutil.Error):
            one.kill()


def adopt_orphans() -> bool:
    """Make this process the parent of what its children leave behind; False where it cannot."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # noqa: PLC0415 - for Linux alone

    subreaper = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)
    return ctypes.CDLL(None).prctl(subreaper, 1, 0, 0, 0) == 0


def left_processes() -> list[str]:
    """What a case left running below this process after a time of grace; it is ended.

    A process that the package keeps to read files in, for the next file too, may stay.
    """
    limit, names = time.monotonic() + GRACE, []
    while True:
        left = [one for one in psutil.Process().children(recursive=True) if _is_stray(one)]
        if not left or time.monotonic() > limit:
            break
        time.sleep(0.05)
    for one in left:
        with suppress(psutil.Error):
            names.append(" ".join(one.cmdline())[:200])
        end_tree(one)
    return names


def _is_stray(process: psutil.Process) -> bool:
    try:
        words = " ".join(process.cmdline())
        if process.status() == psutil.STATUS_ZOMBIE:
            os.waitpid(process.pid, os.WNOHANG)
            return False
    except (psutil.Error, ChildProcessError):
        return False
    return not any(name in words for name in KEPT)
