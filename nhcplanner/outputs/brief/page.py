"""Content: the whole brief as sections, the one description that every format is made from.

Page: the brief as one web page that needs nothing else and prints well.
"""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief import annexes, board, choices
from nhcplanner.outputs.brief import sections as brief_sections
from nhcplanner.outputs.brief.parts import Brief, Part, numbered
from nhcplanner.outputs.sanitise import file_name
from nhcplanner.outputs.wording import terms


@cache_by_identity
def content(evidence: Evidence) -> Brief:
    """The brief of an evidence, its tables and figures numbered.

    Parameters
    ----------
    evidence
        What it is made from; where a part is missing the brief says so and why.
    """
    sections = (
        *board.board(evidence),
        brief_sections.plan_section(evidence),
        brief_sections.need_section(evidence),
        brief_sections.method_section(evidence),
        annexes.travel_section(evidence),
        annexes.equality_section(evidence),
        *annexes.group_sections(evidence),
        choices.options_section(evidence),
        choices.sure_section(evidence),
        *brief_sections.waves_section(evidence),
        annexes.limits_section(evidence),
        annexes.sources_section(evidence),
        annexes.again_section(evidence),
    )
    title = "Neighbourhood health centres"
    place = evidence.outcome.place.title
    return Brief(title, place, _marks(evidence), numbered(sections))


def _marks(evidence: Evidence) -> tuple[str, ...]:
    """What every page carries: that the place is invented."""
    return (terms.SYNTHETIC,) if evidence.outcome.place.synthetic else ()


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
