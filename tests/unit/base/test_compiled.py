"""Functions that numba compiles."""

import os
import subprocess
import sys
from pathlib import Path

from nhcplanner.base import compiled


def test_it_compiles_where_no_folder_can_be_written():
    """As in a package that is installed read-only, for a user without a folder of their own."""
    code = (
        "from numba.core import caching\n"
        "caching.CacheImpl._locator_classes = []\n"
        "from nhcplanner.base.compiled import compile_function\n"
        "print(compile_function(lambda x: x + 1)(2))"
    )
    root = Path(compiled.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "3", done.stderr
