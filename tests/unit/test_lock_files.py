"""Lock files: every package of pyproject.toml pinned, with hashes of wheels and no index named."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
KINDS = ("", "-build", "-dev", "-tools")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
BUILD_ONLY = {"editables", "hatchling", "pathspec", "pip", "pluggy", "setuptools",
              "trove-classifiers", "wheel"}  # fmt: skip


def locked(kind: str) -> dict[str, tuple[Requirement, list[str]]]:
    """Name -> its pin and its hashes."""
    text = (ROOT / f"requirements{kind}.txt").read_text(encoding="utf-8")
    found = {}
    for entry in re.split(r"(?<!\\)\n", text):
        pin, *hashes = (part.strip() for part in entry.split("\\\n"))
        if "==" in pin:
            one = Requirement(pin)
            found[one.name] = (one, hashes)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_each_pin_has_hashes_and_nothing_says_where_it_comes_from(kind):
    pins = locked(kind)
    assert pins
    for name, (pin, hashes) in pins.items():
        assert re.fullmatch(r"==[\w.]+", str(pin.specifier)), name
        assert hashes, name
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), name
        assert len(set(hashes)) == len(hashes), name
    lines = (ROOT / f"requirements{kind}.txt").read_text(encoding="utf-8").splitlines()
    options = {line.split()[0] for line in lines if line.startswith("-")}
    assert options <= {"-r", "--only-binary"}
    assert "--only-binary :all:" in lines
    assert not [line for line in lines if "://" in line]


@pytest.mark.parametrize(("kinds", "wanted"), [
    (("",), PROJECT["project"]["dependencies"]),
    (("",), PROJECT["project"]["optional-dependencies"]["fast"]),
    (("",), PROJECT["project"]["optional-dependencies"]["postcodes"]),
    (("", "-dev"), PROJECT["project"]["optional-dependencies"]["dev"]),
    (("-build",), PROJECT["build-system"]["requires"]),
    (("-build",), PROJECT["dependency-groups"]["build"]),
    (("-tools",), PROJECT["dependency-groups"]["tools"]),
])  # fmt: skip
def test_what_the_project_asks_for_is_pinned_to_a_version_that_fits(kinds, wanted):
    pins = {name: pin for kind in kinds for name, (pin, _) in locked(kind).items()}
    for words in wanted:
        asked = Requirement(words)
        (pinned,) = pins[canonicalize_name(asked.name)].specifier
        assert asked.specifier.contains(pinned.version), words


def test_what_only_builds_is_not_in_the_list_that_runs():
    assert not BUILD_ONLY & set(locked(""))


def test_the_lists_of_one_environment_agree_on_versions():
    versions: dict[str, set[str]] = {}
    for kind in ("", "-build", "-dev"):
        for name, (pin, _) in locked(kind).items():
            versions.setdefault(name, set()).add(str(pin.specifier))
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize(("platform", "machine", "absent"), [
    ("darwin", "x86_64", {"numba", "llvmlite", "colorama", "watchdog"}),
    ("darwin", "arm64", {"colorama", "watchdog"}),
    ("win32", "AMD64", set()),
    ("linux", "x86_64", {"colorama"}),
])  # fmt: skip
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_each_platform_has_its_own(platform, machine, absent, python):
    place = {"sys_platform": platform, "platform_machine": machine,
             "python_version": python, "python_full_version": f"{python}.4"}  # fmt: skip
    pins = locked("")
    left_out = {
        name for name, (pin, _) in pins.items()
        if pin.marker is not None and not Marker(str(pin.marker)).evaluate(place)
    }  # fmt: skip
    assert left_out == absent
    assert len(pins["numpy"][1]) > 20
