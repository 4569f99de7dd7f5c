"""The guide's page of licences lists what the lock file pins, and no licence that nobody read."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MADE = runpy.run_path(str(ROOT / "data" / "make_licences.py"))


def test_the_page_is_what_the_lock_file_makes_it():
    assert MADE["PAGE"].read_text(encoding="utf-8") == MADE["page"](MADE["LOCK"])


def test_a_new_package_is_not_on_the_page_of_before(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text(MADE["LOCK"].read_text(encoding="utf-8") + "pluggy==1.7.0 \\\n")
    made = MADE["page"](lock)
    assert "| pluggy | MIT |" in made
    assert made != MADE["PAGE"].read_text(encoding="utf-8")


def test_a_package_without_a_licence_is_refused(tmp_path):
    lock = tmp_path / "requirements.txt"
    lock.write_text("not-installed-here==1.0 \\\nnumpy==2.4.6 \\\n")
    with pytest.raises(SystemExit, match="not-installed-here: none named"):
        MADE["page"](lock)


@pytest.mark.parametrize(("words", "known"), [
    ("MIT", True), ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", True),
    ("Apache-2.0 OR BSD-2-Clause", True), ("(MIT OR Zlib) AND ISC", True),
    ("GPL-3.0-only", False), ("MIT AND AGPL-3.0-or-later", False), ("", False),
])  # fmt: skip
def test_only_licences_that_were_read_are_known(words, known):
    assert MADE["is_known"](words) is known
