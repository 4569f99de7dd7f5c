"""Each address asked for one row, by a transport that answers as publishers do."""

import json

import httpx
import pytest

from nhcplanner.layers.sources import SOURCES
from nhcplanner.layers.sources.base import check_sources

ONE = {source.key: source for source in SOURCES}


@pytest.fixture(autouse=True)
def any_name_resolves(monkeypatch):
    monkeypatch.setattr("nhcplanner.layers.web.request.check_address", lambda *_: None)


def checked(key: str, answer) -> list:
    """What is found of a source where each request is answered by `answer`."""
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return list(check_sources([ONE[key]], client))


def service(*columns: str):
    row = {"features": [{"attributes": dict.fromkeys(columns, "x")}]}
    return lambda request: httpx.Response(200, json=row)


def test_a_service_with_its_columns_answers():
    found = checked("area_lookup", service("LSOA21CD", "ICB26CD", "ICB26NM", "LAD26CD"))
    assert [one.words for one in found] == ["answers"] * 3
    assert [one.is_first for one in found] == [True, False, False]


def test_one_row_is_asked_for():
    seen = []

    def answer(request):
        seen.append(request.url.params)
        return httpx.Response(200, json={"features": []})

    assert checked("rural_urban", answer)[0].words == "answers without a row"
    assert seen[0]["resultRecordCount"] == "1"
    assert seen[0]["returnGeometry"] == "false"


def test_a_service_that_was_removed_says_so_though_it_answers_200():
    wrong = {"error": {"code": 400, "message": "Invalid URL"}}
    found = checked("centroids", lambda request: httpx.Response(200, json=wrong))
    assert found[0].words == "has moved or was removed: Invalid URL"


def test_other_columns_are_named():
    found = checked("rural_urban", service("LSOA31CD", "RUC31"))
    assert found[0].words == "answers with other columns: LSOA31CD, RUC31"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(404), "has moved or was removed: no such file (404)"),
        (httpx.Response(301, headers={"location": "https://x.gov.uk/new"}), "has moved to https"),
        (httpx.Response(503), "answers 503"),
        (httpx.Response(200, text="<html>Sorry</html>"), "answers with a web page, not a file"),
        (httpx.Response(200, text="a,b\n1,2\n"), "answers with other columns: a, b"),
    ],
)
def test_what_moved_is_said(answer, words):
    assert checked("imd_2025", lambda request: answer)[0].words.startswith(words)


def test_a_file_of_packed_sheets_is_known_by_its_first_bytes():
    good = httpx.Response(200, content=b"PK\x03\x04" + b"0" * 100_000)
    assert checked("mid_year", lambda request: good)[0].words == "answers"
    bad = httpx.Response(200, text="<html>")
    assert "not with a file" in checked("mid_year", lambda request: bad)[0].words


def test_without_a_network_each_address_has_a_sentence():
    def answer(request):
        raise httpx.ConnectError("[Errno -2] Name or service not known")

    client = httpx.Client(transport=httpx.MockTransport(answer))
    found = list(check_sources(SOURCES, client))
    assert len(found) == sum(len(source.addresses) for source in SOURCES)
    assert all("cannot be reached" in one.words for one in found)


def test_every_address_says_where_it_was_confirmed():
    assert all(one.confirmed for source in SOURCES for one in source.addresses)
    urls = [one.url for source in SOURCES for one in source.addresses]
    assert len(set(urls)) == len(urls)
    assert json.dumps(urls).isascii()
