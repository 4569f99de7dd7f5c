"""Canaries: names that run, vanish or break a document wherever text is taken for code.

Each holds a word of its own, so that any text in which the word stands shows whether the whole name
came out as it went in.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote

from nhcplanner.base.errors import Fault

NAMES = (
    "Hall {{'canarya'*2}}",
    "{% raw %}canaryb",
    "${'canaryc'*2} %{canaryd}",
    "<script>canarye()</script>",
    "[bold]canaryf[/bold]",
    '=CONCATENATE("canaryg","canaryg")',
    "Hall =1+1 @SUM canaryh",
    "\u202ecanaryi\u200bx",
    "<img src=x onerror=canaryj()>",
    "</script><b>canaryk",
    "{#canaryl#}",
    "{{cycler.__init__.__globals__.os.mkdir('canarym')}}",
    "<!ENTITY canaryn SYSTEM 'x'>]]>",
    "-canaryo %s%n {0} {0.__class__}",
    "`canaryp` *x* _y_ \\canaryp{x}",
)
"""A name for each way in which text is run: templates, scripts, formulas, markup, formats."""
COMMAND = "canarym"
"""The folder that one of the names makes in the current folder where it is run."""
WORD = re.compile(r"canary[a-p]")
_RUN = re.compile("canaryacanarya|canaryccanaryc|canarygcanaryg|canaryo %s%n <")
_AROUND = 200


def faults(text: str) -> list[str]:
    """What is wrong with the canaries in a text: run, or other than they went in.

    The text may be HTML, XML, JSON, CSV, a URL or plain; marks that such formats put before
    characters are taken away again. Messages show characters that steer a terminal as U+FFFD.
    """
    found = [f"a name was run: {one[0]}" for one in _RUN.finditer(text)]
    for one in WORD.finditer(text):
        around = text[max(one.start() - _AROUND, 0) : one.end() + _AROUND]
        names = [name for name in NAMES if one[0] in name]
        ways = [*names, *map(_in_message, names)]
        if not any(way in plain for plain in _plain(around) for way in ways):
            found.append(f"{names[0]!r} came out as {around[_AROUND - 60 : _AROUND + 60]!r}")
    return found


def _in_message(name: str) -> str:
    """The name as a fault shows it."""
    return str(Fault(name))


def words(text: str) -> set[str]:
    """The words of the canaries that stand in a text."""
    return set(WORD.findall(text))


def page_faults(page: str) -> list[str]:
    """Names that have become elements of an HTML page, an SVG picture or a KML document."""
    reader = _Elements()
    reader.feed(page)
    reader.close()
    return reader.faults


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open = tag
        for name, value in attrs:
            if name.startswith("on") and value and WORD.search(value):
                self.faults.append(f"a name is a script of its own: {name}={value!r}")

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if (self._open, text) in (("script", "canarye()"), ("b", "canaryk")):
            self.faults.append(f"a name is an element: <{self._open}>{text}")


def _plain(text: str) -> Iterator[str]:
    """The text, and what each way of escaping it leaves when undone."""
    once = html.unescape(text)
    yield from (text, once, html.unescape(once), unquote(text), text.replace('""', '"'))
    for one in (text, once):
        unescaped = _unescaped(one)
        yield from (unescaped, html.unescape(unescaped), _unescaped(unescaped))


def _unescaped(text: str) -> str:
    r"""The text with `\u003c`, `\"` and the like as the characters that they stand for."""
    return re.sub(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", _character, text)


def _character(mark: re.Match[str]) -> str:
    code = mark[1]
    if len(code) > 1:
        return chr(int(code[1:], 16))
    try:
        return str(json.loads(f'"\\{code}"'))
    except ValueError:
        return code
