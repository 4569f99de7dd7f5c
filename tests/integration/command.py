"""The command line, run in this process as a user would run it."""

import sys
from pathlib import Path

import pytest

from nhcplanner import cli


def run(capsys: pytest.CaptureFixture, *words: str | Path) -> tuple[int, str, str]:
    """Run the command line in this process; give exit code, stdout and stderr."""
    before, sys.argv = sys.argv, ["nhcplanner", *map(str, words)]
    try:
        cli.main()
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.argv = before
    told = capsys.readouterr()
    return code, told.out, told.err
