import json
import os
from datetime import UTC, datetime

import pytest

from nhcplanner.hosting import audit, metrics


def test_a_line_says_who_did_what_and_when(tmp_path, monkeypatch):
    monkeypatch.setenv("NHCPLANNER_AUDIT", str(tmp_path / "log"))
    audit.record("ann@nhs.net", "work.save", work="w1")
    audit.record("x\n{}", "plan.keep", "refused")
    (path,) = (tmp_path / "log").iterdir()
    first, second = map(json.loads, path.read_text().splitlines())
    assert datetime.fromisoformat(first.pop("time")).tzinfo is not None
    assert first == {"who": "ann@nhs.net", "action": "work.save", "outcome": "done", "work": "w1"}
    assert (second["who"], second["outcome"]) == ("x\n{}", "refused")
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600


def test_there_is_a_log_only_where_it_is_set_or_people_sign_in(tmp_path, monkeypatch):
    audit.record("ann", "work.save", home=tmp_path)
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("NHCPLANNER_ROLES", "roles.toml")
    audit.record("ann", "work.save", home=tmp_path)
    assert [one.parent.name for one in tmp_path.rglob("*.jsonl")] == ["audit"]


def test_a_log_may_go_to_the_output(monkeypatch, capsys):
    monkeypatch.setenv("NHCPLANNER_AUDIT", "stdout")
    audit.record("ann", "work.save")
    assert json.loads(capsys.readouterr().out)["action"] == "work.save"


def test_a_log_that_cannot_be_written_is_counted(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NHCPLANNER_AUDIT", str(tmp_path / "file"))
    before = metrics.REGISTRY.get_sample_value("nhcplanner_audit_failures_total")
    audit.record("ann", "work.save")
    assert metrics.REGISTRY.get_sample_value("nhcplanner_audit_failures_total") == before + 1


@pytest.mark.parametrize(("days", "left"), [("365", ["11", "12"]), ("30", ["12"])])
def test_months_are_deleted_whole_once_they_are_old(tmp_path, monkeypatch, days, left):
    monkeypatch.setenv("NHCPLANNER_AUDIT", str(tmp_path))
    monkeypatch.setenv("NHCPLANNER_AUDIT_DAYS", days)
    for name in ("audit-2024-12.jsonl", "audit-2025-11.jsonl", "audit-2025-12.jsonl", "other"):
        (tmp_path / name).write_text("")
    audit.delete_old(None, datetime(2026, 1, 15, tzinfo=UTC))
    assert sorted(p.stem[-2:] for p in tmp_path.glob("audit-2025*")) == left
    assert not (tmp_path / "audit-2024-12.jsonl").exists()
    assert (tmp_path / "other").exists()
