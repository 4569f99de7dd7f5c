"""Every canary as a name, in the files of `sweep` and `everywhere` and in what commands print."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from nhcplanner import layers, workflow
from nhcplanner.domain.place import Place, Source
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.sanitise import on_screen
from nhcplanner.scale import plan_everywhere
from nhcplanner.scale.sweep import sweep
from tests.canaries import ALL, TEXTS
from tests.integration.command import run as command

NAMES = list(TEXTS.values())
ASKED = Scenario(model="max_coverage", engine="estimate", count=1, time_limit=10)
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that steer a terminal or turn the direction of what follows."""


def evil(names: list[str]) -> Place:
    place = workflow.demo_place()
    areas, sites = place.areas.copy(), place.sites.copy()
    areas["area_name"] = (names * (len(areas) // len(names) + 1))[: len(areas)]
    areas["part"] = areas["area_name"]
    many = (names * (len(sites) // len(names) + 1))[: len(sites)]
    sites = sites.assign(site_name=many, kind=many)
    told = tuple(Source("sites", name, publisher=name, licence=name) for name in names)
    return replace(place, areas=areas, sites=sites, name=names[0], sources=told, notes=tuple(names))


def cells(folder: Path) -> set[str]:
    found = set()
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {cell for row in csv.reader(file) for cell in row}
    return found


def no_formula(found: set[str]) -> bool:
    numbers = re.compile(r"[-+]?[\d.]+(e[-+]?\d+)?")
    return not any(re.match(r"[\s\u200b]*[=+@＝-]", one) for one in found  # noqa: RUF001
                   if not numbers.fullmatch(one))  # fmt: skip


def texts(value: object) -> set[str]:
    """Every text in an object of JSON."""
    if isinstance(value, dict):
        return set(value) | {one for each in value.values() for one in texts(each)}
    if isinstance(value, list):
        return {one for each in value for one in texts(each)}
    return {value} if isinstance(value, str) else set()


def test_a_sweep_writes_each_name_of_a_scenario_as_text(tmp_path):
    out = tmp_path / "deep" / "er" / "out"
    names = [name for name in NAMES if name != " =1+1"]  # its file is that of "=1+1"
    found = sweep(evil(NAMES), dict.fromkeys(names, ASKED), out)
    assert found.table["scenario"].tolist() == names
    shown = cells(out)
    assert {one.removeprefix("'") for one in shown} >= {name.removeprefix("'") for name in names}
    assert no_formula(shown)
    said = json.loads((out / "sweep.json").read_text(encoding="utf-8"))
    assert texts(said) >= set(names)
    assert len(list((out / "plans").glob("*.json"))) == len(names)
    assert [path.name for path in tmp_path.rglob("*") if out not in path.parents] == [
        "deep", "er", "out",
    ]  # fmt: skip


def test_parts_and_centres_of_everywhere_hold_each_name_as_text(tmp_path):
    out = tmp_path / "out"
    found = plan_everywhere(evil(NAMES), ASKED, by="part", out=out)
    assert set(found.table["part"]) == set(NAMES)
    shown = cells(out)
    assert {one.removeprefix("'") for one in shown} >= {name.removeprefix("'") for name in NAMES}
    assert no_formula(shown)
    assert texts(json.loads((out / "plan.json").read_text(encoding="utf-8"))) >= set(NAMES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return layers.write_place(evil(list(ALL.values())), tmp_path_factory.mktemp("evil") / "place")


SETTINGS = ("--set", "engine=estimate", "--set", "count=3", "--set", "time_limit=5")
COMMANDS = {
    "check": ("check", "PLACE"),
    "need": ("need", "PLACE"),
    "access": ("access", "PLACE", "--mode", "walk"),
    "plan": ("plan", "PLACE", *SETTINGS, "--out", "OUT"),
    "explain": ("explain", "PLACE", *SETTINGS),
    "site-losses": ("site-losses", "PLACE", *SETTINGS),
    "alternatives": ("alternatives", "PLACE", *SETTINGS, "--number", "2"),
    "site-roles": ("site-roles", "PLACE", *SETTINGS),
    "waves": ("waves", "PLACE", *SETTINGS[:2], *SETTINGS[4:], "--wave", "[bold]{{7*7}}=1"),
    "everywhere": ("everywhere", "PLACE", *SETTINGS, "--by", "part", "--out", "OUT"),
    "everywhere refused": ("everywhere", "PLACE", "--by", "[bold]\x1b[31m", "--out", "OUT"),
    "plan refused": ("plan", "PLACE", "--set", "keep=[red]\x1b[31m{{7*7}}[/]"),
    "no such place": ("check", "[red]\x1b[31m{{7*7}}[/]"),
}


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_a_command_prints_names_as_typed_and_nothing_steers_the_terminal(
    capsys, folder, tmp_path, words, more
):
    where = {"PLACE": folder, "OUT": tmp_path / "out"}
    code, out, err = command(capsys, *(where.get(word, word) for word in words), *more)
    assert code in (0, 2)
    assert STEERS.findall(out + err) == []
    if more and code == 0:
        json.loads(out)
    if "{{7*7}}" in " ".join(words) and not more:
        assert "{{7*7}}" in out + err
    assert "Traceback" not in err


def test_each_name_is_printed_as_typed(capsys, folder):
    """`check` prints the notes and sources, in which every canary is a line of its own."""
    _, out, _ = command(capsys, "check", folder)
    squeezed = re.sub(r"\s+", "", out)
    lost = [name for name in ALL.values() if re.sub(r"\s+", "", on_screen(name)) not in squeezed]
    assert lost == []
