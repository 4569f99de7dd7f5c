"""Content: the whole brief as sections, the one description that every format is made from."""

from __future__ import annotations

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import wording
from nhcplanner.outputs.brief import board, centres, choices, equality, need, record, travel
from nhcplanner.outputs.brief.parts import Brief, numbered
from nhcplanner.outputs.once import once


@once
def content(evidence: Evidence) -> Brief:
    """The brief of an evidence, its tables and figures numbered.

    Parameters
    ----------
    evidence
        What it is made from; where a part is missing the brief says so and why.
    """
    sections = (
        *board.board(evidence),
        centres.plan_section(evidence),
        need.need_section(evidence),
        need.method_section(evidence),
        travel.travel_section(evidence),
        equality.equality_section(evidence),
        *equality.group_sections(evidence),
        choices.options_section(evidence),
        choices.sure_section(evidence),
        centres.waves_section(evidence),
        record.limits_section(evidence),
        record.sources_section(evidence),
        record.again_section(evidence),
    )
    title = "Where neighbourhood health centres should go"
    place = evidence.outcome.place.title
    return Brief(title, place, _marks(evidence), numbered(sections))


def _marks(evidence: Evidence) -> tuple[str, ...]:
    """What every page carries: that the place is invented."""
    return (wording.SYNTHETIC,) if evidence.outcome.place.synthetic else ()
