"""Every command teaches by its help, and prints one JSON object when asked to."""

import json
import shlex
import shutil
from importlib import metadata
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.main import get_command
from typer.testing import CliRunner

from nhcplanner import layers
from nhcplanner.cli.commands import app
from nhcplanner.cli.shell import PARTS

COMMANDS = {n: one for n, one in get_command(app).commands.items() if not one.hidden}
NEEDS_MORE = {
    "app": "starts a server",
    "backup": "reads the saved work of this machine",
    "restore": "replaces the saved work of this machine",
    "migrate": "needs a database",
    "fetch": "asks the network",
    "patients": "needs a file that the demo does not have",
}
"""Commands whose example is not run here, and why."""

SCHEMA = Draft202012Validator(
    json.loads(
        (Path(__file__).parents[2] / "docs" / "static" / "output.schema.json").read_text("utf-8")
    )
)
"""What the guide publishes of the JSON output."""

HERE = {"sweep": ["--jobs", "1"], "everywhere": ["--jobs", "1"]}
"""What keeps an example in this process: others are slow to start."""

ORDER = sorted(
    COMMANDS,
    key=lambda name: (PARTS.index(COMMANDS[name].rich_help_panel), name != "plan", name),
)
"""Later examples use the plans that `plan` and `edit` have written."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> dict:
    """Every example run with --json, in a folder that holds the demo's own files."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copytree(layers.demo_folder().parent / "sources", folder, dirs_exist_ok=True)
    (folder / "scenarios").mkdir()
    shutil.copy(layers.demo_scenario(), folder / "scenarios")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ORDER:
            if name not in NEEDS_MORE:
                words = [*example(name), *HERE.get(name, ()), "--json"]
                found[name] = CliRunner().invoke(app, words)
    return found


def example(name: str) -> list[str]:
    return shlex.split(COMMANDS[name].epilog.removeprefix("Example: nhcplanner "))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_what_it_does_and_an_example_of_itself(name):
    command = COMMANDS[name]
    assert command.help.endswith(".")
    assert command.rich_help_panel in PARTS
    assert example(name)[0] == name


@pytest.mark.parametrize("name", COMMANDS)
def test_help_keeps_within_80_columns(name):
    told = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "80"})
    assert told.exit_code == 0
    assert max(map(len, told.stdout.splitlines())) <= 80


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in NEEDS_MORE])
def test_each_example_works_and_prints_one_json_object_and_nothing_else(ran, name):
    done = ran[name]
    wanted = 1 if name == "compare" else 0  # the plans of the examples open other centres
    assert done.exit_code == wanted, done.exception or done.stderr
    found = json.loads(done.stdout)
    assert (found["version"], found["command"]) == (1, name)
    assert not list(SCHEMA.iter_errors(found))


def test_the_schema_of_the_output_knows_every_command_and_errors():
    SCHEMA.check_schema(SCHEMA.schema)
    known = SCHEMA.schema["properties"]["command"]["enum"]
    assert set(known) - {""} == set(COMMANDS) - {"app"}
    fault = {"problem": "is blank", "file": "a.csv", "row": 2, "column": "people", "hint": ""}
    error = {"message": "is blank", "exit_code": 2, "faults": [fault]}
    assert SCHEMA.is_valid({"version": 1, "command": "plan", "error": error})
    assert not SCHEMA.is_valid({"version": 1, "command": "plan", "error": error | {"faults": []}})
    assert not SCHEMA.is_valid({"version": 1, "command": "plan", "words": "no plan"})


def test_the_help_says_what_exit_codes_mean():
    told = " ".join(CliRunner().invoke(app, ["--help"]).stdout.split())
    assert "Exit codes: 0 success" in told


def test_stopping_at_once_has_an_exit_code_of_its_own(monkeypatch):
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nhcplanner.workflow.load", interrupted)
    assert CliRunner().invoke(app, ["check", "demo"]).exit_code == 130


def test_the_version_is_that_of_the_package():
    told = CliRunner().invoke(app, ["--version"])
    assert told.exit_code == 0
    assert told.stdout.strip() == metadata.version("nhcplanner")


def test_completion_is_offered_for_commands_and_options():
    def offered(words: str, number: int) -> str:
        asked = {
            "_NHCPLANNER_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(number),
        }
        return CliRunner().invoke(app, [], env=asked, prog_name="nhcplanner").stdout

    assert {"demo", "plan"} <= set(offered("nhcplanner ", 1).split())
    assert "--set" in offered("nhcplanner plan --s", 2).split()
    assert offered("nhcplanner plan demo --set walk_d", 4).split() == ["walk_detour="]
    assert offered("nhcplanner hand-in plan --formats xlsx,doc", 4).split() == ["xlsx,docx"]
    assert offered("nhcplanner access demo --mode tr", 4).split() == ["transit"]


def test_a_folder_called_demo_does_not_hide_the_demo_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("demo").mkdir()
    done = CliRunner().invoke(app, ["check", "demo"])
    assert done.exit_code == 0
    assert "is no place folder" in done.stderr
    assert done.stdout.startswith("SYNTHETIC")
