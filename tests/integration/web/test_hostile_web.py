"""The network as an enemy: nothing is asked elsewhere, and nothing comes without end."""

import gzip
import socket
import threading
import zlib
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.sources import Extent, streets
from nhcplanner.layers.sources.site_lists import PACKAGE, PHARMACIES
from nhcplanner.layers.web import CachedWeb, Limits, Request, RetryPolicy, check_address

ADDRESS = "https://example.gov.uk/files/table.csv"
TABLE = b"code,people\nE01000001,10\nE01000002,20\n"


def packed(content: bytes) -> bytes:
    """Packed with a fixed date, so that names of tests are the same in each process."""
    return gzip.compress(content, mtime=0)


ASK = Request(ADDRESS)


def refused(web, ask=ASK):
    with pytest.raises(FetchError) as caught:
        web.file(ask)
    return str(caught.value)


def nothing_kept(web):
    return not [path for path in web.cache.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("address", "words"), [
    ("http://example.gov.uk/t.csv", "over https only, not over http"),
    ("ftp://example.gov.uk/t.csv", "over https only"),
    ("file:///etc/passwd", "without a host"),
    ("https://user:pa55word@example.gov.uk/t.csv", "user's name or password"),
    ("https://evil.example/t.csv", "evil.example is not among the hosts"),
    ("https://example.gov.uk.evil.example/t.csv", "is not among the hosts"),
    ("https://example.gov.uk:8443/t.csv", "example.gov.uk:8443 is not among"),
    ("https://example.gov.uk\\@evil.example/t.csv", "not among the hosts|no address has"),
    ("https://example.gov.uk/a b\r\nHost: evil", "characters that no address has"),
    ("https://169.254.169.254/latest", "is not among the hosts"),
    ("https://[::1/t.csv", "cannot be read"),
    ("https://example.gov.uk:99999/t.csv", "cannot be read"),
])  # fmt: skip
def test_only_https_addresses_of_listed_hosts_are_asked(address, words):
    with pytest.raises(FetchError, match=words) as caught:
        check_address(address, {"example.gov.uk"})
    assert "pa55word" not in str(caught.value)


@pytest.mark.parametrize("address", [
    "http://127.0.0.1:80/t.csv", "https://127.0.0.1/t.csv", "https://10.0.0.1/t.csv",
    "https://[::1]/t.csv", "https:///t.csv",
])  # fmt: skip
def test_a_number_is_no_publisher(web, publisher, address):
    web.loopback = False
    assert refused(web, Request(address))
    assert publisher.asked == []


@pytest.mark.parametrize("there", [
    "https://evil.example/table.csv", "http://example.gov.uk/files/other.csv",
    "https://169.254.169.254/latest/meta-data", "http://127.0.0.1:1/x", "file:///etc/passwd",
    "https://user:pa55word@example.gov.uk/t.csv", "//evil.example/t.csv",
])  # fmt: skip
def test_a_redirect_leads_to_listed_hosts_only(publisher, web, answer, there, monkeypatch):
    publisher.says(ADDRESS, answer(b"", 302, {"Location": there}))
    web.loopback = False
    monkeypatch.setattr("nhcplanner.layers.web.transfer.check_machine", lambda *_: None)
    words = refused(web)
    assert "pa55word" not in words
    assert len(publisher.asked) == 1
    assert nothing_kept(web)


def test_a_name_that_leads_to_this_machine_is_asked_nothing(publisher, web):
    publisher.says(ADDRESS, TABLE)
    web.loopback = False
    words = refused(web)
    assert "example.gov.uk leads to 127.0.0.1" in words
    assert publisher.asked == []


@pytest.mark.parametrize("length", [True, False])
def test_a_file_larger_than_its_kind_is_not_taken(publisher, web, answer, length):
    publisher.says(ADDRESS, answer(b"a,b\n" + b"1,2\n" * 500_000, length=length))
    web.limits = Limits(largest={"csv": 1_000_000})
    assert "larger than 1 MB" in refused(web)
    assert nothing_kept(web)
    assert publisher.times(ADDRESS) == 1


def test_a_run_does_not_take_more_than_its_total(publisher, web):
    publisher.says(ADDRESS, b"a,b\n" + b"1,2\n" * 100_000)
    web.limits = Limits(total=1_000_000)
    for page in ("1", "2"):
        web.file(replace(ASK, query=(("page", page),)))
    assert "more than 1 MB came in one run" in refused(web)


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_packed_answer_is_unpacked(publisher, web, answer, coding, pack):
    body = b"a,b\n" + b"1,2\n" * 1_000_000
    publisher.says(ADDRESS, answer(pack(body), headers={"Content-Encoding": coding}))
    assert web.file(ASK).read_bytes() == body


def test_a_packed_answer_may_not_unpack_to_more_than_its_kind(publisher, web, answer):
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 300_000
    publisher.says(ADDRESS, answer(bomb, headers={"Content-Encoding": "gzip"}))
    web.limits = Limits(largest={"csv": 5_000_000})
    assert "larger than 5 MB" in refused(web)
    assert nothing_kept(web)


def test_packed_bytes_that_unpack_to_nothing_count_too(publisher, web, answer):
    empty = b"\x00\x00\x00\xff\xff" * 400_000  # stored blocks without content
    body = zlib.compress(b"")[:2] + empty
    publisher.says(ADDRESS, answer(body, headers={"Content-Encoding": "deflate"}))
    web.limits = Limits(largest={"csv": 1_000_000})
    assert "larger than 1 MB" in refused(web)


@pytest.mark.parametrize(("coding", "body", "words"), [
    ("br", b"\x0b\x02\x80ab\x03", "packed as 'br', which was not requested"),
    ("zstd", b"(\xb5/\xfd", "packed as 'zstd'"),
    ("gzip, gzip", packed(packed(TABLE)), "packed as 'gzip, gzip'"),
    ("gzip", b"no gzip at all", "packed but damaged"),
    ("gzip", packed(TABLE) + b"more", "has bytes after its packed content"),
    ("gzip", packed(TABLE)[:-9], "ends before its packed content"),
])  # fmt: skip
def test_what_is_packed_otherwise_is_refused(publisher, web, answer, coding, body, words):
    publisher.says(ADDRESS, answer(body, headers={"Content-Encoding": coding}))
    assert words in refused(web)
    assert not (web.cache / "example.gov.uk" / ASK.key / "table.csv").exists()


@contextmanager
def dripping(head: bytes, drop: bytes):
    """A server that sends a head and then a drop, again and again, for as long as it may."""
    stop = threading.Event()

    def serve() -> None:
        line, _ = door.accept()
        with line:
            line.recv(65536)
            try:
                line.sendall(head)
                while not stop.wait(0.02):
                    line.sendall(drop)
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            stop.set()
            thread.join()


@pytest.mark.parametrize(("head", "drop"), [
    (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"),
    (b"HTTP/1.1 200 OK\r\n\r\n", b"1"),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"a"),
    (b"", b""),
])  # fmt: skip
def test_a_server_that_sends_byte_by_byte_is_left(tmp_path, head, drop):
    with dripping(head, drop) as port, httpx.Client(timeout=30) as client:
        web = CachedWeb(
            tmp_path, client, retry_policy=RetryPolicy(attempts=1), limits=Limits(grace=0.3),
            loopback=True,
        )  # fmt: skip
        assert "sends too slowly; tried 1 times" in refused(
            web, Request(f"http://127.0.0.1:{port}/t.csv")
        )


def test_more_time_is_given_for_bytes_that_come(publisher, web):
    body = b"a,b\n" + b"1,2\n" * 1_000_000
    publisher.says(ADDRESS, body)
    web.limits = Limits(grace=5.0, slowest=1.0, longest=20.0)
    assert web.file(ASK).read_bytes() == body


def test_a_file_that_was_changed_in_the_cache_is_asked_for_again(publisher, web):
    publisher.says(ADDRESS, TABLE)
    path = web.file(ASK)
    path.write_bytes(TABLE.replace(b"10", b"99"))
    reported = []
    again = CachedWeb(web.cache, web.client, progress=reported.append, loopback=True)
    assert again.file(ASK).read_bytes() == TABLE
    assert publisher.times(ADDRESS) == 2
    assert any("has changed since it was fetched" in words for words in reported)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_refresh_that_is_broken_off_leaves_a_file_that_is_known(
    publisher, web, step, monkeypatch
):
    publisher.says(ADDRESS, TABLE, TABLE + b"E01000003,30\n")
    path = web.file(ASK)
    steps = iter(range(1, 9))
    replace_as_before = type(path).replace

    def break_off(self, there):
        if next(steps) == step:
            raise KeyboardInterrupt
        return replace_as_before(self, there)

    monkeypatch.setattr(type(path), "replace", break_off)
    web.refresh, web._fresh = True, set()
    with pytest.raises(KeyboardInterrupt):
        web.file(ASK)
    monkeypatch.undo()
    offline = CachedWeb(web.cache, web.client, offline=True)
    expected = TABLE if step < 3 else TABLE + b"E01000003,30\n"
    assert offline.file(ASK).read_bytes() == expected


@pytest.mark.parametrize(("damage", "words"), [
    (lambda path: path.write_bytes(b"code,people\nE01000001,99\n"), "has changed since"),
    (lambda path: path.with_name("table.csv.sha256").unlink(), "has no hash beside it"),
])  # fmt: skip
def test_offline_a_changed_file_is_not_used(publisher, web, damage, words):
    publisher.says(ADDRESS, TABLE)
    damage(web.file(ASK))
    assert words in refused(CachedWeb(web.cache, web.client, offline=True))


def test_a_published_hash_holds_for_the_cache_too(publisher, web):
    publisher.says(ADDRESS, TABLE)
    web.file(ASK)
    offline = CachedWeb(web.cache, web.client, offline=True)
    assert "should hash to md5:00" in refused(offline, replace(ASK, digest="md5:00"))


@pytest.mark.parametrize(("name", "kept"), [
    ("..", "file"), ("../../x.csv", "_.._x.csv"), ("..\\x.csv", "_x.csv"), (".bashrc", "bashrc"),
    ("CON.csv", "_CON.csv"), ("x.csv.", "x.csv"), ("a\nb.csv", "a_b.csv"), ("nul", "_nul"),
    ("x" * 300 + ".csv", "x" * 76 + ".csv"),
])  # fmt: skip
def test_a_name_stays_in_its_folder(name, kept):
    assert Request(ADDRESS, name=name).file == kept


@pytest.mark.parametrize("url", [
    "https://evil.example/consol_pharmacy_list_202526q2.csv",
    "http://opendata.nhsbsa.net/consol_pharmacy_list_202526q2.csv",
    "https://127.0.0.1/consol_pharmacy_list_202526q2.csv",
])  # fmt: skip
def test_a_catalogue_sends_nobody_elsewhere(publisher, web, url):
    resource = {"name": "CONSOL_PHARMACY_LIST_202526Q2", "url": url}
    publisher.says(
        PACKAGE, b'{"result": {"resources": [%s]}}' % str(resource).replace("'", '"').encode()
    )
    with pytest.raises(FetchError, match=r"hosts of this source|https only"):
        PHARMACIES.fetch(PHARMACIES, web, Extent())
    assert len(publisher.asked) == 1


def test_an_extract_is_named_by_us_and_checked_against_its_published_hash(publisher, web):
    address = "https://download.geofabrik.de/europe/..%2f..%2fDevon-latest.osm.pbf"
    body = b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + bytes(100)
    publisher.says(address, body)
    publisher.says(f"{address}.md5", b"0" * 32 + b"  devon-latest.osm.pbf\n")
    with pytest.raises(FetchError, match="should hash to md5:0000"):
        streets._extract(streets.STREETS, web, address)
    web.refresh, web._fresh = True, set()
    publisher.says(f"{address}.md5", b"by appointment only")
    with pytest.raises(FetchError, match="another form"):
        streets._extract(streets.STREETS, web, address)
    reported = []
    web.progress, web._fresh = reported.append, set()
    publisher.queues.pop("download.geofabrik.de/europe/..%2f..%2fDevon-latest.osm.pbf.md5")
    path = streets._extract(streets.STREETS, web, address)
    assert path.name == "_2f_2fdevon-latest.osm.pbf"
    assert any("not checked" in words for words in reported)


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"a": ' + b"1" * 10_000 + b"}"])
def test_json_that_no_reader_survives_is_refused(publisher, web, body):
    publisher.says(ADDRESS, body)
    assert "should be JSON" in refused(web, replace(ASK, looks="json"))


def test_words_of_a_server_cannot_steer_the_terminal(publisher, web, answer):
    page = b"<html><title>\x1b]0;owned\x07\x1b[31m" + b"x" * 5000 + b"</title></html>"
    publisher.says(ADDRESS, answer(page))
    words = refused(web)
    assert words.isprintable()
    assert len(words) < 400
