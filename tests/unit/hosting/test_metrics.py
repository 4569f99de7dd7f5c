import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.responses import PlainTextResponse

from nhcplanner.hosting import metrics
from nhcplanner.pages.middleware import Middleware

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


async def _answer(path, *headers):
    """Status and text that the app's outermost layer gives to a GET."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    pairs = [(b"host", b"localhost"), *headers]
    scope = {
        "type": "http", "method": "GET", "path": path, "headers": pairs, "scheme": "http",
        "query_string": b"",
    }  # fmt: skip
    await Middleware(PlainTextResponse("the app"))(scope, receive, send)
    return sent[0]["status"], sent[1]["body"].decode()


def answered(coroutine):
    """Run it in a thread of its own: a browser test of this process may have left a loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize("path", ["/metrics", "/nhc/metrics"])
def test_the_app_answers_metrics_with_the_token_alone(monkeypatch, path):
    token = (b"authorization", f"Bearer {TOKEN}".encode())
    assert answered(_answer(path, token))[0] == 404  # no token is set
    monkeypatch.setenv("NHCPLANNER_METRICS_TOKEN", TOKEN)
    assert answered(_answer(path))[0] == 404
    status, text = answered(_answer(path, token))
    assert (status, "nhcplanner_memory_bytes" in text) == (200, True)
    assert answered(_answer("/need")) == (200, "the app")
