"""Whether each official address still answers as its parser expects: one row of each."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from nhcplanner.layers.sources.base import OfficialSource, matching
from nhcplanner.layers.web import new_client
from nhcplanner.layers.web.probe import Answer, probe

ENGLAND = "2092957699"
"""England's own code in Nomis: one row of a census table."""
ONE_ROW = {"where": "1=1", "outFields": "*", "returnGeometry": "false", "resultRecordCount": "1"}
PACKED = {"xlsx": b"PK\x03\x04", "zip": b"PK\x03\x04"}
ANSWERS = "answers"


@dataclass(frozen=True)
class Checked:
    """An address and what it answers.

    Parameters
    ----------
    source
        Key of the source.
    address, confirmed
        As `Address` has them.
    is_first
        Whether it is the newest edition, which is asked first.
    problem
        What is wrong, in words; empty = it answers as expected.
    """

    source: str
    address: str
    confirmed: str
    is_first: bool
    problem: str

    @property
    def words(self) -> str:
        """What it answers, in words."""
        return self.problem or ANSWERS


def check_sources(
    sources: Sequence[OfficialSource],
    client: httpx.Client | None = None,
    tell: Callable[[str], object] = lambda words: None,  # noqa: ARG005
) -> Iterator[Checked]:
    """Ask each address of each source for one row.

    Parameters
    ----------
    sources
        Which.
    client
        Connections; by default this program's own.
    tell
        Is told which source is asked.
    """
    client = client or new_client()
    gone: dict[str, str] = {}
    for source in sources:
        tell(f"Asking {source.title}")
        for number, one in enumerate(source.addresses):
            host = httpx.URL(one.url).host
            problem = gone.get(host, "")
            if not problem:
                answer = probe(client, *_question(source, one.url))
                problem = answer.problem or _unlike(source, one.url, answer)
                if answer.problem.startswith(host):  # it cannot be found or reached
                    gone[host] = problem
            yield Checked(source.key, one.url, one.confirmed, number == 0, problem)


def _question(source: OfficialSource, url: str) -> tuple[str, dict[str, str] | None]:
    """What is asked at an address, so that little comes back."""
    if "/FeatureServer/" in url:
        return url, {**ONE_ROW, "f": "json"}
    if "nomisweb" in url:
        return url, {"geography": ENGLAND, "recordlimit": "1"}
    if source.key == "overpass":
        return f"{url}/status", None
    return url.replace("REGION", "north_west"), None


def _unlike(source: OfficialSource, url: str, answer: Answer) -> str:
    """Say where an answer is not what the source's parser reads; "" where it is."""
    if "/FeatureServer/" in url:
        return _unlike_service(source, answer.head)
    magic = PACKED.get(source.looks)
    if magic and not answer.head.startswith(magic):
        return "answers, but not with a file of the expected form"
    return _unlike_table(source, url, answer.head) if source.looks == "csv" else ""


def _unlike_table(source: OfficialSource, url: str, head: bytes) -> str:
    text = head.decode("utf-8-sig", errors="replace")
    if text.lstrip().startswith("<"):
        is_page = source.page in ("", url) and not url.endswith(".csv")
        return "" if is_page else "answers with a web page, not a file"
    rows = [tuple(row) for row in csv.reader(text.splitlines()[:20])]
    if source.headers and not any(_has(source, row) for row in rows):
        return f"answers with other columns: {', '.join(rows[0])[:200] if rows else 'none'}"
    is_other = source.layout is not None and not source.has_layout(rows[:-1])
    return "answers with rows of another layout" if is_other else ""


def _unlike_service(source: OfficialSource, head: bytes) -> str:
    try:
        found: Any = json.loads(head)
        features = found["features"]
        row = tuple(features[0]["attributes"])
    except (ValueError, KeyError, IndexError, TypeError):
        error = _error_of(head)
        return f"has moved or was removed: {error}" if error else "answers without a row"
    return "" if _has(source, row) else f"answers with other columns: {', '.join(row)[:200]}"


def _error_of(head: bytes) -> str:
    """What a feature service says is wrong, which it does with a 200."""
    try:
        return str(json.loads(head)["error"]["message"])[:200]
    except (ValueError, KeyError, TypeError):
        return ""


def _has(source: OfficialSource, row: Sequence[str]) -> bool:
    """Whether headings hold one of the source's sets; shapes are not asked for."""
    return any(
        all(matching(row, pattern) for pattern in patterns if not pattern.startswith("("))
        for patterns in source.headers
    )
