"""Names on the terminal: shown as they were typed, and nothing in them steers it."""

import json

import pytest

from nhcplanner.cli import shell
from nhcplanner.outputs.sanitise import on_screen
from tests.canaries import ALL, TEXTS


@pytest.mark.parametrize("canary", ALL.values(), ids=ALL)
def test_stdout_and_stderr_show_a_name_as_typed(canary, capsys):
    shell.echo(f"Opens {canary}")
    shell.print_message("Error", "red", f"no such site {canary}")
    told = capsys.readouterr()
    assert told.out == f"Opens {on_screen(canary)}\n"
    assert told.err == f"Error: no such site {on_screen(canary)}\n".expandtabs(8)
    assert "\x1b" not in told.out + told.err


def test_json_holds_each_name(capsys):
    shell.print_json({"names": list(ALL.values())})
    out = capsys.readouterr().out
    assert json.loads(out)["names"] == list(ALL.values())
    assert out.isascii()


def test_a_table_holds_each_name(capsys):
    shell.print_rows(
        "Sites", [{"name": name} for name in TEXTS.values()][: shell.SHOWN], as_json=False
    )
    out = capsys.readouterr().out
    shown = [on_screen(name) for name in list(TEXTS.values())[: shell.SHOWN]]
    assert all(name.strip() in out for name in shown if "\t" not in name)
