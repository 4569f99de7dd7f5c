"""What the guide shows is true: its commands run, and say what it says they say."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nhcplanner import layers, workflow
from nhcplanner.cli.commands import app

GUIDE = Path(__file__).parents[3] / "docs"
EXITS = re.compile(r"# exits with (\d)")  # a line that says no other code exits with 0
BLOCK = re.compile(r"^ *```(sh|text|python)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
SHOWN = {
    path.relative_to(GUIDE).as_posix(): BLOCK.findall(path.read_text(encoding="utf-8"))
    for path in sorted(GUIDE.rglob("*.md"))
}


def pages_with(kind: str) -> list[str]:
    return [page for page, blocks in SHOWN.items() if any(one == kind for one, _ in blocks)]


def test_the_guide_shows_commands_and_python():
    assert "tutorial.md" in pages_with("sh")
    assert "users/analyst.md" in pages_with("python")


@pytest.mark.parametrize("page", pages_with("sh"))
def test_commands_of_a_page_work_in_their_order_and_say_so(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(layers.demo_folder().parent / "sources", tmp_path, dirs_exist_ok=True)
    said = ""
    for kind, block in SHOWN[page]:
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if kind == "sh":
            said = "".join(told(line) for line in lines)
        elif kind == "text":
            assert [line for line in lines if line not in said] == []


@pytest.mark.parametrize("page", pages_with("python"))
def test_python_of_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "\n".join(block for kind, block in SHOWN[page] if kind == "python")
    exec(compile(code, page, "exec"), {})


def told(line: str) -> str:
    name, *words = shlex.split(line, comments=True)
    assert name == "nhcplanner"
    done = CliRunner().invoke(app, words)
    stated = EXITS.search(line)
    assert done.exit_code == (int(stated[1]) if stated else 0), (line, done.exception)
    return done.stdout


SCENARIO = re.compile(r"^```toml\n(# scenario\n.*?)^```$", re.MULTILINE | re.DOTALL)
COOKBOOK = SCENARIO.findall((GUIDE / "howto" / "cookbook.md").read_text(encoding="utf-8"))


def test_the_cookbook_shows_scenarios():
    assert len(COOKBOOK) > 10


@pytest.mark.parametrize("text", COOKBOOK)
def test_a_scenario_of_the_cookbook_plans_the_demo_place(text, tmp_path):
    file = tmp_path / "scenario.toml"
    file.write_text(text, encoding="utf-8")
    scenario = layers.read_scenario(file).with_settings(["time_limit=20"])
    plan = workflow.run(workflow.demo_place(), scenario).plan
    assert plan.opened, plan.reason
