"""What goes wrong on the first day: one clear message, exit code 2, and nothing lost."""

import pytest

from nhcplanner import layers
from tests.integration.command import run

DEMO = layers.demo_folder()
FILES = {
    "wrong.gpkg": "no map at all\n",
    "header.csv": "site_id,site_name,easting,northing\n",
    "sites.csv": "site_id,site_name,easting,northing\nA,Hall,645850,396699\n",
    "map.toml": '[areas]\npeople = "folk"\n',
}
AREAS = ("build", "--areas", DEMO / "areas.parquet")
PLAN = ("plan", DEMO, "--out", "plan")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("build", "--areas", "wrong.gpkg", "--sites", "sites.csv", "--out", "p"),
            "wrong.gpkg: cannot be read: it is not a gpkg file, or is damaged. Give a file of the",
        ),
        ((*AREAS, "--sites", "header.csv", "--out", "p"), "header.csv: has no rows"),
        (
            (*AREAS, "--sites", "sites.csv", "--columns", "map.toml", "--out", "p"),
            'map.toml says people = "folk", but there is no such column',
        ),
        ((*PLAN, "--set", "cuont=1"), "unknown key 'cuont'. Did you mean count"),
        ((*PLAN, "--set", "keep=S001", "--set", "forbid=S001"), "keep and forbid both name S001"),
        (("hand-in", "empty", "--out", "p"), "plan.json: no such file. Give the plan.json that"),
        (
            ("hand-in", "empty", "--out", "p", "--formats", "xslx"),
            "there is no format 'xslx'. Did you mean xlsx",
        ),
        (
            ("fetch", "Plymuth", "--offline", "--cache", "none", "--out", "p"),
            "is not in the cache none, and offline the network is not used",
        ),
    ],
)
def test_one_message_and_nothing_lost(words, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(capsys, *words)
    assert code == 2
    assert told in " ".join(err.split())
    assert err.count("Error:") == 1
    assert out == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_a_count_that_cannot_cover_all_is_an_answer_with_its_reason(capsys, tmp_path):
    code, told, _ = run(
        capsys, *PLAN[:2], "--out", tmp_path / "p", "--set", "count=1", "--set", "model=set_cover"
    )
    assert code == 0
    assert "No plan keeps the rules: 3 sites must open but at most 1 centre may open" in told
