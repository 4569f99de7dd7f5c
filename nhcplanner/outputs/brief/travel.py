"""Travel annex: people by time band and mode, by minute, and minutes gained and lost."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief.facts import mode_words
from nhcplanner.outputs.brief.parts import Paragraph, Part, Section
from nhcplanner.outputs.brief.written import people, shown

_WITHIN = (
    "mode", "minutes", "people_before", "share_before", "people_after", "share_after",
)  # fmt: skip
MEASURED = "The modes that are not listed could not be measured"


def travel_section(evidence: Evidence) -> Section:
    """The annex; without a plan it tells of today."""
    parts: list[Part] = [*_bands(evidence), *_modes_missing(evidence)]
    curve = figures.curve(evidence)
    if curve is not None:
        parts.append(curve)
    parts.append(figures.minutes_map(evidence))
    if evidence.outcome.plan.opened and evidence.areas is not None:
        parts += [figures.change_map(evidence), *_changes(evidence)]
    return Section("Travel annex", tuple(parts), fresh=True)


def _bands(evidence: Evidence) -> tuple[Part, ...]:
    frame = evidence.within
    if frame is None:
        return shown(evidence, "within", _WITHIN)
    named = frame.assign(mode=frame["mode"].map(mode_words))
    labels = {"people_before": "People today", "share_before": "Share today"}
    labels |= {"people_after": "People with the plan", "share_after": "Share with the plan"}
    return shown(evidence, "within", _WITHIN, frame=named, labels=labels)


def _modes_missing(evidence: Evidence) -> tuple[Part, ...]:
    why = [words for name, words in evidence.reasons.items() if name.startswith("within: ")]
    return (Paragraph(f"{MEASURED}: {'; '.join(why)}.", "small"),) if why else ()


def _changes(evidence: Evidence) -> tuple[Part, ...]:
    """The table behind the map of change: people and areas in each class."""
    classes = pd.Series(figures.changes(evidence))
    heads = evidence.areas["people"].groupby(classes.to_numpy()).sum()  # type: ignore[index]
    horizon = evidence.outcome.times.horizon
    said = [
        f"{words.format(horizon=horizon).lower()}: {people(heads.get(number, 0))} people"
        for number, (words, _, _) in enumerate(figures.CHANGES)
    ]
    words = (
        "Half of an area's people come within its minutes, so an area counts in the map as its "
        f"middle does. People living in areas that are: {'; '.join(said)}."
    )
    return (Paragraph(words),)
