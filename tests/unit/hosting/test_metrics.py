import pytest

from nhcplanner.hosting import metrics

TOKEN = "t" * 20


@pytest.mark.parametrize(
    ("token", "sent", "allowed"),
    [
        (TOKEN, f"Bearer {TOKEN}", True),
        (TOKEN, "Bearer wrong", False),
        (TOKEN, "", False),
        ("", "", False),
        ("short", "Bearer short", False),
        (TOKEN, "Bearer é", False),
    ],
)
def test_figures_are_for_those_who_have_the_token(monkeypatch, token, sent, allowed):
    monkeypatch.setenv("NHCPLANNER_METRICS_TOKEN", token)
    assert metrics.is_allowed(sent) is allowed


def test_figures_are_text_for_prometheus():
    lines = metrics.answer().decode().splitlines()
    assert any(line.startswith("nhcplanner_memory_bytes ") for line in lines)
    assert any(line.startswith('nhcplanner_info{version="') for line in lines)
