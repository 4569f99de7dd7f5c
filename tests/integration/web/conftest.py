"""A server on this machine that plays every publisher, and misbehaves when told to."""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from nhcplanner.layers.web import CachedWeb, RetryPolicy


@dataclass
class Asked:
    """What a test's server was asked: one request."""

    host: str
    path: str
    terms: dict[str, str]
    headers: dict[str, str]


@dataclass
class Answer:
    """What the server answers."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    """Bytes of the body after which the line goes dead."""
    length: bool = True
    """False: the length is not said."""


Route = Callable[[Asked], Answer]


class Publisher(ThreadingHTTPServer):
    """Answers for all hosts: the first part of each path is the host that was meant."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.routes: dict[str, Route] = {}
        self.queues: dict[str, list[Answer]] = defaultdict(list)

    def says(self, address: str, *answers: Answer | bytes) -> None:
        """Answer an address with these, one after the other, the last for ever."""
        key = _key(address)
        self.routes.pop(key, None)
        self.queues[key] = [a if isinstance(a, Answer) else Answer(a) for a in answers]

    def serves(self, address: str, route: Route) -> None:
        """Answer an address by a function."""
        self.routes[_key(address)] = route

    def file(self, address: str, body: bytes, tag: str = '"one"', cut: int | None = None) -> None:
        """Serve a file that may be asked for in parts; the first answer is cut short."""
        cuts = [cut]

        def route(asked: Asked) -> Answer:
            headers = {"ETag": tag, "Accept-Ranges": "bytes"}
            wanted = asked.headers.get("range")
            if wanted and asked.headers.get("if-range") == tag:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
                return Answer(body[start:], 206, headers)
            return Answer(body, 200, headers, cut=cuts.pop() if cuts else None)

        self.serves(address, route)

    def times(self, address: str) -> int:
        """How often an address was asked for."""
        return sum(f"{asked.host}{asked.path}" == _key(address) for asked in self.asked)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of lines that go dead: tests cut them on purpose."""

    def answer(self, asked: Asked) -> Answer:
        key = f"{asked.host}{asked.path}"
        if key in self.routes:
            return self.routes[key](asked)
        queue = self.queues.get(key)
        if not queue:
            return Answer(b"no such thing", 404)
        return queue.pop(0) if len(queue) > 1 else queue[0]


def _key(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._say({})

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        self._say(parse_qs(text, keep_blank_values=True))

    def _say(self, form: dict[str, list[str]]) -> None:
        _, host, path = urlsplit(self.path).path.split("/", 2)
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        terms = {name: values[0] for name, values in {**query, **form}.items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(host, f"/{path}", terms, headers)
        self.server.asked.append(asked)
        answer = self.server.answer(asked)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.length:
            self.send_header("Content-Length", str(len(answer.body)))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(answer.body[: answer.cut])
        if answer.cut is not None:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""


class ToServer(httpx.BaseTransport):
    """Sends every request to the test's server, whichever host it names."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._sends = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        meant = request.url
        path = f"/{meant.netloc.decode()}".encode() + meant.raw_path
        request.url = meant.copy_with(
            scheme="http", host="127.0.0.1", port=self._port, raw_path=path
        )
        request.headers["host"] = f"127.0.0.1:{self._port}"
        try:
            return self._sends.handle_request(request)
        finally:
            request.url = meant

    def close(self) -> None:
        self._sends.close()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    server = Publisher()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def answer() -> type[Answer]:
    """The kind of answer that the server gives."""
    return Answer


@pytest.fixture
def slept() -> list[float]:
    """Seconds that the client waited; it does not really wait."""
    return []


@pytest.fixture
def client(publisher: Publisher) -> Iterator[httpx.Client]:
    transport = ToServer(publisher.server_address[1])
    with httpx.Client(transport=transport, timeout=5) as one:
        yield one


@pytest.fixture
def web(client: httpx.Client, tmp_path: Path, slept: list[float]) -> CachedWeb:
    return CachedWeb(
        tmp_path / "cache",
        client,
        retry_policy=RetryPolicy(attempts=3, pause=0, sleep=slept.append),
        loopback=True,
    )


def as_json(said: object) -> bytes:
    return json.dumps(said).encode()


def feature_service(
    rows: list[dict], shapes: dict[str, dict] | None = None, page: int = 2000
) -> Route:
    """Play a feature service: questions by code, counts, fields, and pages of so many."""

    def route(asked: Asked) -> Answer:
        terms = asked.terms
        named = set(re.findall(r"'([^']+)'", terms["where"]))
        key = re.match(r"(\w+) IN", terms["where"])
        found = [row for row in rows if not key or row[key[1]] in named]
        if terms.get("returnCountOnly") == "true":
            return Answer(as_json({"count": len(found)}))
        found.sort(key=lambda row: [row[name] for name in terms["orderByFields"].split(",")])
        start = int(terms["resultOffset"])
        stop = start + min(page, int(terms["resultRecordCount"]))
        named_fields = terms["outFields"].split(",")
        fields = list(rows[0]) if named_fields == ["*"] else named_fields
        features = [{"attributes": {f: row[f] for f in fields}} for row in found[start:stop]]
        said = {"objectIdFieldName": "FID", "fields": [
            {"name": f, "type": "esriFieldTypeString", "alias": f, "length": 254} for f in fields
        ]}  # fmt: skip
        if terms["returnGeometry"] == "true":
            kind = "Polygon" if "rings" in next(iter(shapes.values())) else "Point"
            said |= {"geometryType": f"esriGeometry{kind}",
                     "spatialReference": {"wkid": 27700, "latestWkid": 27700}}  # fmt: skip
            for feature, row in zip(features, found[start:stop], strict=True):
                feature["geometry"] = shapes[row["LSOA21CD"]]
        if stop < len(found):
            said["exceededTransferLimit"] = True
        return Answer(as_json({**said, "features": features}))

    return route


@pytest.fixture(name="feature_service")
def give_feature_service() -> Callable[..., Route]:
    return feature_service
