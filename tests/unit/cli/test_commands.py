"""Commands answer to the names that they had in the last release."""

import json
import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from nhcplanner.cli.commands import RENAMED, app

COMMANDS = get_command(app).commands


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_name_is_hidden_and_takes_the_same_options(old, new):
    assert COMMANDS[old].hidden
    assert not COMMANDS[new].hidden
    options = [[one.opts for one in COMMANDS[name].params] for name in (old, new)]
    assert options[0] == options[1]


def test_an_old_name_says_once_what_the_command_is_called_now():
    done = CliRunner().invoke(app, ["phases", "demo", "--wave", "2027=8", "--json"])
    assert done.exit_code == 0
    assert done.stderr.count("is now called 'waves'") == 1
    assert json.loads(done.stdout)


def test_a_new_command_is_one_file_of_the_folder(tmp_path):
    (tmp_path / "hello.py").write_text(
        "from nhcplanner.cli.shell import START, app, echo, example\n"
        "@app.command(rich_help_panel=START, epilog=example('hello'))\n"
        "def hello() -> None:\n"
        '    """Greet."""\n'
        "    echo('Hello')\n"
    )
    code = (
        f"import sys; from nhcplanner import cli; cli.__path__.append({str(tmp_path)!r}); "
        "sys.argv = ['nhcplanner', 'hello']; cli.main()"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == ("Hello\n", 0), run.stderr
