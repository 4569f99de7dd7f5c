"""A short run of the fuzzer: every door answers, refuses in words, and leaves nothing half done.

`make fuzz` runs thousands of cases and prints the table of reliability.
"""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from random import Random

import osmium
import pytest

from tests.property.fuzz import canaries, dictionary, gentle, mutants, originals, runner, watch
from tests.property.fuzz.entries import DOORS, HOSTILE_DOORS, Door
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


@pytest.fixture(scope="module")
def listener(tmp_path_factory):
    found = watch.Listener()
    before = dictionary.LURES
    secret = tmp_path_factory.mktemp("beside") / "secret.csv"
    secret.write_text(watch.ROWS, encoding="utf-8")
    dictionary.use(watch.Lures(found.url, str(secret)))
    yield found
    dictionary.use(before)
    found.close()


@pytest.mark.filterwarnings("default")
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="one of the inputs is a pipe with a name")
@pytest.mark.parametrize("door", HOSTILE_DOORS)
def test_hostile_files_are_refused_in_words_or_plain_data(
    door, sound, listener, tmp_path, monkeypatch
):
    monkeypatch.setenv(watch.VARIABLE, watch.SECRET)
    kind, words = runner.tried(Case(door, SEED, 1), sound, tmp_path / "case")
    assert kind in ("used", "refused"), words
    assert listener.heard() == []


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


def _runs_a_template(folder, chance):
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out" / "map.html").write_text("<p>Hall canaryacanarya</p>", encoding="utf-8")
    return 0


def _makes_an_element(folder, chance):
    (folder / "out").mkdir(exist_ok=True)
    page = f"<p>{canaries.NAMES[3]}</p>"
    (folder / "out" / "map.html").write_text(page, encoding="utf-8")
    return 0


def _loses_markup(folder, chance):
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out" / "summary.txt").write_text("the clinic canaryf", encoding="utf-8")
    return 0


def _runs_a_command(folder, chance):
    (folder / canaries.COMMAND).mkdir()
    return 0


def _tells_a_secret(folder, chance):
    runner.MESSAGES.append(f"cannot read {watch.SECRET}")
    return 2


@pytest.mark.parametrize(
    ("attempt", "kind"),
    [
        (_escapes, "traceback"),
        (_half, "half"),
        (_leaves, "half"),
        (_runs_a_template, "canary"),
        (_makes_an_element, "canary"),
        (_loses_markup, "canary"),
        (_runs_a_command, "canary"),
        (_tells_a_secret, "canary"),
    ],
)
def test_what_goes_wrong_is_seen(attempt, kind, sound, tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "DOORS", {"bad": Door((), attempt)})
    assert runner.tried(Case("bad", 1, 1), sound, tmp_path / "case")[0] == kind


def _stillborn(sound):
    raise EOFError("no process")


def test_processes_that_do_not_start_end_the_run(monkeypatch):
    monkeypatch.setattr(runner, "_Server", _stillborn)
    with pytest.raises(EOFError, match="no process"):
        list(runner._judged(iter([Case("areas", 1, 1)]), Path(), jobs=2))


@pytest.mark.parametrize(
    "text",
    [
        "Hall {{&#39;canarya&#39;*2}}",
        r'{"name": "\u003cscript\u003ecanarye()\u003c/script\u003e"}',
        '"=CONCATENATE(""canaryg"",""canaryg"")"',
        "&amp;lt;img src=x onerror=canaryj()&amp;gt;",
        "/search?name=%7B%23canaryl%23%7D",
    ],
)
def test_names_in_the_escapes_of_a_format_are_whole(text):
    assert canaries.words(text)
    assert canaries.faults(text) == []


@pytest.mark.parametrize(
    "text", ["Hall canaryacanarya", "canaryb", "[bold]canaryf", "canaryi\u200bx", "{# canaryl #}"]
)
def test_names_that_lost_a_part_or_were_run_are_found(text):
    assert canaries.faults(text)


def test_names_differ_in_their_words():
    assert [
        sorted(canaries.words(name)) for name in canaries.NAMES if not canaries.words(name)
    ] == []
    assert all(canaries.faults(name) == [] for name in canaries.NAMES)


def test_the_listener_hears_whoever_asks():
    listener = watch.Listener()
    try:
        with urllib.request.urlopen(f"{listener.url}rows.csv", timeout=10) as answer:
            assert watch.SECRET in answer.read().decode()
        assert "GET /rows.csv" in listener.heard()[0]
        assert listener.heard() == []
    finally:
        listener.close()


@pytest.mark.parametrize(
    "work",
    [
        "os.system('exit 0')",
        "subprocess.run(['true'])",
        "socket.create_connection(('127.0.0.1', 9))",
    ],
)
def test_programs_and_connections_are_noticed(work):
    """In a process of its own: an audit hook stays as long as its process."""
    code = (
        "import contextlib, os, socket, subprocess; from tests.property.fuzz import watch; "
        f"calls = watch.Calls()\nwith contextlib.suppress(OSError): {work}\nprint(len(calls.found))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert int(done.stdout) > 0


def test_a_process_left_behind_is_found_and_ended(monkeypatch):
    monkeypatch.setattr(watch, "GRACE", 0.2)
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    assert any("time.sleep(60)" in words for words in watch.left_processes())
    assert sleeper.wait(timeout=10) != 0


def test_streets_changed_gently_stay_streets(sound, tmp_path):
    for ending in (".osm.pbf", ".osm"):
        raw = (sound / f"streets{ending}").read_bytes()
        for number in range(5):
            path = tmp_path / f"changed{ending}"
            path.write_bytes(gentle.WAYS[ending](raw, Random(number)))
            assert sum(one.is_way() for one in osmium.FileProcessor(str(path))) > 0


def test_a_dictionary_points_to_what_it_is_told(monkeypatch):
    monkeypatch.setattr(dictionary, "LURES", watch.Lures("http://127.0.0.1:1234/", "/x/secret.csv"))
    assert dictionary.filled("PG:port=@PORT@ @SECRET@ @URL@") == (
        "PG:port=1234 /x/secret.csv http://127.0.0.1:1234/"
    )


@pytest.mark.parametrize("mutant", mutants.MUTANTS, ids=lambda one: one.name)
def test_the_line_that_a_mutant_changes_is_there(mutant):
    text = (mutants.ROOT / "nhcplanner" / mutant.file).read_text(encoding="utf-8")
    assert mutants.changed(mutant, text) != text


def test_a_mutant_is_noticed():
    mutant = next(one for one in mutants.MUTANTS if one.file == "access/coverage.py")
    is_right, words = mutants.judged(mutant, cases=10, seed=1)
    assert not is_right
    assert "within" in words
