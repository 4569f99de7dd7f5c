"""One question to an address, by a transport that answers."""

import httpx
import pytest

from nhcplanner.layers.web import request as module
from nhcplanner.layers.web.request import FIRST_BYTES, probe

ADDRESS = "https://www.example.gov.uk/file.csv"


def asked(answer, address=ADDRESS, query=None):
    return probe(httpx.Client(transport=httpx.MockTransport(answer)), address, query)


@pytest.fixture
def open_network(monkeypatch):
    monkeypatch.setattr(module, "check_address", lambda *_: None)


def test_only_the_first_bytes_are_asked_for_and_read(open_network):
    seen = {}

    def answer(request):
        seen.update(request.headers)
        return httpx.Response(200, content=(b"x" * 10_000 for _ in range(1_000)))

    found = asked(answer)
    assert seen["range"] == f"bytes=0-{FIRST_BYTES - 1}"
    assert FIRST_BYTES <= len(found.head) < 2 * FIRST_BYTES
    assert not found.problem


def test_a_question_with_a_query_keeps_the_query_of_the_address(open_network):
    seen = []

    def answer(request):
        seen.append(str(request.url))
        return httpx.Response(200, content=b"{}")

    asked(answer, f"{ADDRESS}?a=1", {"b": "2"})
    assert seen == [f"{ADDRESS}?a=1&b=2"]


def test_words_of_a_server_are_one_short_line(open_network):
    head = {"location": "https://new.gov.uk/" + "x" * 1_000}
    found = asked(lambda request: httpx.Response(302, headers=head))
    assert found.problem.startswith("has moved to https://new.gov.uk/")
    assert len(found.problem) < 250


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
def test_a_network_that_fails_is_a_sentence(open_network, error):
    def answer(request):
        raise error

    found = asked(answer)
    assert found.problem.startswith("www.example.gov.uk ")
    assert "fetch" not in found.problem


def test_addresses_of_this_machine_are_not_asked():
    asked_for = []
    found = asked(asked_for.append, "http://127.0.0.1/secret")
    assert found.problem
    assert not asked_for
