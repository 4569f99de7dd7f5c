"""The transport: what comes is whole, kept once, resumed, and refused in words."""

import hashlib
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web import CachedWeb, Request

ADDRESS = "https://example.gov.uk/files/table.csv"
TABLE = b"code,people\nE01000001,10\nE01000002,20\n"
ASK = Request(ADDRESS)


def refused(web, ask=ASK):
    with pytest.raises(FetchError) as caught:
        web.file(ask)
    return str(caught.value)


def test_a_file_is_asked_for_once(publisher, web):
    publisher.says(ADDRESS, TABLE)
    path = web.file(ASK)
    assert path.read_bytes() == TABLE
    assert path.name == "table.csv"
    assert web.file(ASK) == path
    assert publisher.times(ADDRESS) == 1


def test_another_query_is_another_file(publisher, web):
    publisher.says(ADDRESS, TABLE)
    assert web.file(ASK) != web.file(replace(ASK, query=(("page", "2"),)))
    assert publisher.asked[-1].terms == {"page": "2"}


def test_refresh_asks_again_but_once_a_run(publisher, web):
    publisher.says(ADDRESS, TABLE, TABLE + b"E01000003,30\n")
    web.file(ASK)
    web.refresh, web._fresh = True, set()
    assert web.file(ASK).read_bytes().count(b"\n") == 4
    web.file(ASK)
    assert publisher.times(ADDRESS) == 2


def test_offline_takes_the_cache_and_asks_nothing(publisher, web):
    publisher.says(ADDRESS, TABLE)
    kept = web.file(ASK)
    offline = CachedWeb(web.cache, web.client, offline=True)
    assert offline.file(ASK) == kept
    words = refused(offline, Request("https://example.gov.uk/other.csv"))
    assert "other.csv" in words
    assert "without --offline" in words
    assert len(publisher.asked) == 1


def test_waits_as_long_as_the_server_asks(publisher, web, slept, answer):
    publisher.says(ADDRESS, answer(b"", 429, {"Retry-After": "7"}), TABLE)
    assert web.file(ASK).read_bytes() == TABLE
    assert slept == [7.0]


def test_waits_until_the_date_that_the_server_names(publisher, web, slept, answer):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    publisher.says(ADDRESS, answer(b"", 503, {"Retry-After": later}), TABLE)
    web.file(ASK)
    assert 50 < slept[0] <= 60


def test_does_not_wait_for_hours(publisher, web, slept, answer):
    publisher.says(ADDRESS, answer(b"", 429, {"Retry-After": "7200"}))
    assert "asks to wait 7200 seconds" in refused(web)
    assert slept == []


def test_gives_up_on_a_server_that_goes_on_failing(publisher, web, slept, answer):
    publisher.says(ADDRESS, answer(b"", 500))
    words = refused(web)
    assert "has failed (500); tried 3 times" in words
    assert publisher.times(ADDRESS) == 3
    assert len(slept) == 2
    assert slept[1] > slept[0] > 0


@pytest.mark.parametrize(
    ("status", "words"),
    [(403, "refuses this machine"), (404, "may have moved"), (418, "answers 418")],
)
def test_a_refusal_is_not_asked_again(publisher, web, answer, status, words):
    publisher.says(ADDRESS, answer(b"<html>no</html>", status))
    told = refused(web)
    assert words in told
    assert "--from-files" in told
    assert publisher.times(ADDRESS) == 1


@pytest.mark.parametrize(("looks", "body", "words"), [
    ("csv", b"\n <!DOCTYPE html><html><title>Sign in</title>", 'a web page titled "Sign in"'),
    ("csv", b'{"error": "moved"}', "is JSON"),
    ("csv", b"<?xml version='1.0'?><Error/>", "is XML"),
    ("csv", b"", "is empty"),
    ("csv", b"code,people\nE01000001,10\nE010", "breaks off in its last row"),
    ("json", b'{"features": [', "cannot be read as such"),
    ("zip", b"PK\x03\x04 and no end", "cut short"),
    ("zip", b"code,people\n", "does not begin like one"),
    ("xlsx", b"\xd0\xcf\x11\xe0 an old workbook", "does not begin like one"),
    ("pbf", b"code,people\n", "does not begin like one"),
])  # fmt: skip
def test_what_is_not_what_it_says_is_not_kept(publisher, web, looks, body, words):
    publisher.says(ADDRESS, body)
    assert words in refused(web, replace(ASK, looks=looks))
    assert not [path for path in web.cache.rglob("*") if path.is_file()]


def test_a_download_goes_on_where_it_broke_off(publisher, web):
    body = b"code,people\n" + b"E01000001,10\n" * 20_000
    publisher.file(ADDRESS, body, cut=100_000)
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    path = web.file(replace(ASK, size=len(body), digest=digest))
    assert path.read_bytes() == body
    ranges = [asked.headers.get("range") for asked in publisher.asked]
    assert ranges[0] is None
    assert 0 < int(ranges[1].removeprefix("bytes=").removesuffix("-")) <= 100_000
    assert sorted(each.name for each in path.parent.iterdir()) == ["table.csv", "table.csv.sha256"]


def test_a_later_run_goes_on_too(publisher, web, client, answer):
    body = b"code,people\n" + b"E01000001,10\n" * 20_000
    publisher.says(ADDRESS, answer(body, 200, {"ETag": '"one"'}, cut=100_000),
                   answer(b"", 503))  # fmt: skip
    assert "kept" in refused(web)
    publisher.file(ADDRESS, body)
    assert CachedWeb(web.cache, client, loopback=True).file(ASK).read_bytes() == body
    assert "range" in publisher.asked[-1].headers


def test_a_file_that_changed_meanwhile_starts_afresh(publisher, web):
    old, new = b"a,b\n" + b"1,2\n" * 20_000, b"a,b\n" + b"3,4\n" * 20_000
    publisher.file(ADDRESS, old, tag='"old"', cut=50_000)
    web.retry_policy = replace(web.retry_policy, attempts=1)
    refused(web)
    publisher.file(ADDRESS, new, tag='"new"')
    assert web.file(ASK).read_bytes() == new


def test_without_a_validator_nothing_is_pieced_together(publisher, web, answer):
    body = b"a,b\n" + b"1,2\n" * 20_000
    publisher.says(ADDRESS, answer(body, cut=50_000), body)
    assert web.file(ASK).read_bytes() == body
    assert "range" not in publisher.asked[-1].headers


@pytest.mark.parametrize(("change", "words"), [
    ({"size": 5}, "should have 5 bytes"),
    ({"digest": "md5:00"}, "should hash to md5:00"),
])  # fmt: skip
def test_size_and_hash_are_checked(publisher, web, change, words):
    publisher.says(ADDRESS, TABLE)
    assert words in refused(web, replace(ASK, **change))


def test_redirects_are_followed_and_circles_refused(publisher, web, answer):
    there = "https://other.gov.uk/table.csv"
    publisher.says(ADDRESS, answer(b"", 302, {"Location": there}))
    publisher.says(there, TABLE)
    assert web.file(replace(ASK, hosts=("other.gov.uk",))).read_bytes() == TABLE
    loop = "https://example.gov.uk/loop.csv"
    publisher.says(loop, answer(b"", 302, {"Location": loop}))
    assert "in circles" in refused(web, Request(loop))


class Dead(httpx.BaseTransport):
    """No network at all."""

    def __init__(self, error: Exception) -> None:
        self.error, self.times = error, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.times += 1
        raise self.error from socket.gaierror(-2, "Name or service not known")


def test_an_unknown_host_is_asked_once_for_all_its_files(tmp_path, slept, web):
    dead = Dead(httpx.ConnectError("no"))
    with httpx.Client(transport=dead) as client:
        web.client = client
        assert "Is this machine on the internet?" in refused(web)
        assert "cannot be found" in refused(web, Request("https://example.gov.uk/other.csv"))
    assert dead.times == 1
    assert slept == []


def test_a_server_that_does_not_answer_in_time(web, slept):
    class Slow(httpx.BaseTransport):
        def handle_request(self, request):
            raise httpx.ReadTimeout("slow", request=request)

    with httpx.Client(transport=Slow()) as client:
        web.client = client
        assert "did not answer in time; tried 3 times" in refused(web)
    assert len(slept) == 2


def test_requests_to_one_machine_leave_a_pause(publisher, web, slept):
    publisher.says(ADDRESS, TABLE)
    web.retry_policy = replace(web.retry_policy, pause=5.0)
    web.file(ASK)
    web.file(replace(ASK, query=(("page", "2"),)))
    assert len(slept) == 1
    assert 4 < slept[0] <= 5


def test_long_downloads_say_how_far_they_are(publisher, web):
    told = []
    web.progress = told.append
    publisher.says(ADDRESS, b"a,b\n" + b"1,2\n" * 1_300_000)
    web.file(ASK)
    assert told == ["Fetching table.csv: 4 of 5 MB"]


def test_a_user_may_stop_a_long_download_and_go_on_later(publisher, web):
    body = b"a,b\n" + b"1,2\n" * 2_600_000
    publisher.file(ADDRESS, body)
    web.progress = lambda words: "8 of" not in words
    with pytest.raises(KeyboardInterrupt):
        web.file(ASK)
    web.progress = None
    assert web.file(ASK).read_bytes() == body
    assert int(publisher.asked[-1].headers["range"].removeprefix("bytes=")[:-1]) > 8_000_000
