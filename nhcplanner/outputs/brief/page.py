"""Page: the brief as one web page that needs nothing else and prints well."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief.content import content
from nhcplanner.outputs.brief.parts import Part
from nhcplanner.outputs.harmless import file_name

_TEMPLATES = Environment(
    loader=PackageLoader("nhcplanner.outputs.brief"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_WORD = 24


def write_page(evidence: Evidence, folder: Path) -> None:
    """Write `nhc-PLACE.html` into a folder: pictures inside, no outside address.

    Raises
    ------
    OSError
        Where it cannot be written.
    """
    brief = content(evidence)
    text = _TEMPLATES.get_template("brief.html.j2").render(
        brief=brief, kind_of=_kind, picture=_picture, has_long_word=_has_long_word
    )
    path = folder / file_name(f"nhc-{brief.place}", ".html")
    path.write_text(text, encoding="utf-8", newline="\n")


def _kind(part: Part) -> str:
    return type(part).__name__


def _has_long_word(text: str) -> bool:
    """Whether a word is longer than a column of a table should be wide."""
    return any(len(word) > _WORD for word in text.split())


def _picture(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
