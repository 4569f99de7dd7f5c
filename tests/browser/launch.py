"""Start the app and a browser that is cut off from everything else, for tests and measures."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


class App(NamedTuple):
    """A server of the app under way."""

    address: str
    process: subprocess.Popen


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium of this machine.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        raise FileNotFoundError("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def app(home: Path, *options: str) -> Iterator[App]:
    """The app on a free port, its work in a folder of its own.

    Raises
    ------
    RuntimeError
        Where it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "nhcplanner", "app", "--headless", f"--port={port}"]
    command += options
    folders = {"XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, **folders}
    ) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", server)
            yield App(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()


def _wait(health: str, server: subprocess.Popen) -> None:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(health, timeout=5):
                return
        except OSError:  # not there yet, or busy
            if server.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError("the app did not start")
