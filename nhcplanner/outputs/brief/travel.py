"""Travel annex: people by time band and mode, by minute, and minutes gained and lost."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.facts import mode_words
from nhcplanner.outputs.brief.parts import Paragraph, Part, Section
from nhcplanner.outputs.brief.written import Told, people, shown

_WITHIN = (
    "mode", "minutes", "people_before", "share_before", "people_after", "share_after",
)  # fmt: skip
_ALL_NEW = (
    "There is no map of minutes gained and lost: no centre is within the horizon of any area "
    "today, so every journey is a new one."
)
_UNMEASURED = "Modes that are not listed"


def travel_section(evidence: Evidence) -> Section:
    """The annex; without a plan it tells of today."""
    parts: list[Part] = [*_bands(evidence), *_modes_missing(evidence)]
    curve = figures.curve(evidence)
    if curve is not None:
        parts.append(curve)
    parts += [figures.minutes_map(evidence), *_gained_and_lost(evidence)]
    return Section("Travel annex", tuple(parts), fresh=True)


def _bands(evidence: Evidence) -> tuple[Part, ...]:
    frame = evidence.within
    if frame is None:
        return shown(evidence, "within", _WITHIN)
    named = frame.assign(mode=frame["mode"].map(mode_words))
    labels = {"people_before": "People today", "share_before": "Share today"}
    labels |= {"people_after": "People with the plan", "share_after": "Share with the plan"}
    return shown(evidence, "within", _WITHIN, named, Told(labels=labels))


def _modes_missing(evidence: Evidence) -> tuple[Part, ...]:
    why = [words for name, words in evidence.reasons.items() if name.startswith("within: ")]
    return (Paragraph(f"{_UNMEASURED}: {'; '.join(why)}.", "small"),) if why else ()


def _gained_and_lost(evidence: Evidence) -> tuple[Part, ...]:
    """The map of change with its figures; a sentence where there is nothing to set beside."""
    areas = evidence.areas
    if areas is None or not evidence.outcome.plan.opened:
        return ()
    if areas["minutes_before"].isna().all():
        return (Paragraph(_ALL_NEW),)
    return (Paragraph(_changes(evidence, areas["people"])), figures.change_map(evidence))


def _changes(evidence: Evidence, heads: pd.Series) -> str:
    """People in each class of the map of change."""
    inside = heads.groupby(figures.changes(evidence)).sum()
    horizon = evidence.outcome.times.horizon
    said = [
        f"{words.format(horizon=horizon).lower()}: {people(inside.get(number, 0))} people"
        for number, (words, _, _) in enumerate(figures.CHANGES)
    ]
    return (
        "An area counts as its middle does: half of its people come within its minutes. People by "
        f"what happens to their area: {'; '.join(said)}."
    )
