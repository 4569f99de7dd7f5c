"""A short run of the fuzzer: every door answers, refuses in words, and leaves nothing half done.

`make fuzz` runs thousands of cases and prints the table of reliability.
"""

from random import Random

import pytest

from tests.property.fuzz import originals, runner
from tests.property.fuzz.doors import DOORS, Door
from tests.property.fuzz.runner import Case

CASES = 2
"""Of each door. The seed is another than that of `make fuzz`, so that the two together see more."""
SEED = 11


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    originals.make(folder)
    return folder


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("door", DOORS)
def test_spoilt_files_are_refused_in_words_or_used(door, sound, tmp_path):
    for number in range(CASES):
        kind, words = runner.tried(Case(door, SEED, number), sound, tmp_path / "case")
        assert kind in ("used", "refused"), f"{number}: {words}"


@pytest.mark.parametrize("door", [name for name, one in DOORS.items() if one.files])
def test_sound_files_open_the_door(door, sound, tmp_path, monkeypatch):
    """Else nothing behind it would ever be tried."""
    monkeypatch.setattr(Door, "enter", lambda self, folder, chance: None)
    cases = (Case(door, SEED, number) for number in range(8))
    assert any(runner.tried(one, sound, tmp_path / "case")[0] == "used" for one in cases)


def test_a_case_is_the_same_each_time(sound, tmp_path):
    spoilt = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "sites.csv").write_bytes((sound / "sites.csv").read_bytes())
        DOORS["sites, CSV and layers"].enter(folder, Random("1 sites 7"))
        spoilt.append((folder / "sites.csv").read_bytes())
    assert spoilt[0] == spoilt[1] != (sound / "sites.csv").read_bytes()


def _escapes(folder, chance):
    raise ZeroDivisionError


def _half(folder, chance):
    (folder / "sites.csv").unlink()
    return 2


def _leaves(folder, chance):
    (folder / ".out.new").write_text("half")
    return 0


@pytest.mark.parametrize(
    ("attempt", "kind"), [(_escapes, "traceback"), (_half, "half"), (_leaves, "half")]
)
def test_what_goes_wrong_is_seen(attempt, kind, sound, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "DOORS", {"bad": Door((), attempt)})
    assert runner.tried(Case("bad", 1, 1), sound, tmp_path / "case")[0] == kind


def _stillborn():
    raise EOFError("no process")


def test_processes_that_do_not_start_end_the_run(monkeypatch):
    monkeypatch.setattr(runner, "_Child", _stillborn)
    with pytest.raises(EOFError, match="no process"):
        list(runner.run([Case("areas", 1, 1)], jobs=2))
