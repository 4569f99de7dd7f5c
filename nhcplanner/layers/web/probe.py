"""One small question to an address: whether it still answers as it did."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web.addresses import check_address
from nhcplanner.layers.web.request import in_one_line, in_words

FIRST_BYTES = 65_536
STATUS = {
    401: "asks for a sign-in (401)",
    403: "refuses this machine (403), perhaps a firewall",
    404: "has moved or was removed: no such file (404)",
    410: "was removed (410)",
}


@dataclass(frozen=True)
class Answer:
    """What an address answers.

    Parameters
    ----------
    head
        The first bytes; empty where there is a problem.
    problem
        What is wrong, in words; empty = it answers.
    """

    head: bytes = b""
    problem: str = ""


def probe(client: httpx.Client, address: str, query: dict[str, str] | None = None) -> Answer:
    """Ask an address for its first bytes, without following it elsewhere.

    Parameters
    ----------
    client
        Connections.
    address, query
        What is asked.
    """
    url = httpx.URL(address)
    url = url.copy_merge_params(query) if query else url
    ranged = {} if query else {"range": f"bytes=0-{FIRST_BYTES - 1}"}
    try:
        check_address(str(url), {url.host}, False)
        with client.stream("GET", url, headers=ranged, follow_redirects=False) as answer:
            if answer.is_redirect:
                to = in_one_line(answer.headers.get("location", "elsewhere"))
                return Answer(problem=f"has moved to {to}")
            if not answer.is_success:
                plain = f"answers {answer.status_code} {in_one_line(answer.reason_phrase)}"
                return Answer(problem=STATUS.get(answer.status_code, plain))
            head = b""
            for piece in answer.iter_bytes():
                head += piece
                if len(head) >= FIRST_BYTES:
                    break
            return Answer(head=head)
    except httpx.TransportError as error:
        return Answer(problem=_short(in_words(error, "it", url.host)))
    except FetchError as error:
        return Answer(problem=_short(error))


def _short(error: FetchError) -> str:
    """An error without what to do about a file that was wanted."""
    words = str(error).removeprefix("it: ")
    return words.partition(" Behind a firewall,")[0].partition(" Try later,")[0]
