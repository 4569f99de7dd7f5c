"""Check of what notes say of how certain the lowest band is."""

from __future__ import annotations

import re

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import Ledger

SURE = 0.8
"""Probability from which on an area counts as surely in the lowest band."""
COLUMN = "lowest_band_probability"
_SENTENCE = re.compile(
    r"of the ([\d,]+) people in band 1, ([\d,]+) live .* ([\d,]+) are expected .* and ([\d,]+) "
    r"people of other bands"
)
_FIGURES = (
    "People in band 1",
    "People surely in the lowest fifth",
    "People of band 1 expected in the lowest fifth",
    "People of other bands expected in the lowest fifth",
)


def band_figures(facts: Facts) -> list[float]:
    """People in band 1; of these surely and expected in the lowest fifth; and others expected.

    Returns
    -------
    list of float
        Empty where the areas have no probabilities.
    """
    areas = facts.areas
    if COLUMN not in areas or "band" not in areas:
        return []
    chance = areas[COLUMN].fillna(0.0)
    people, first = areas["people"], areas["band"] == 1
    likely = people * chance
    return [
        float(people[first].sum()),
        float(people[first & (chance >= SURE)].sum()),
        float(likely[first].sum()),
        float(likely[~first].sum()),
    ]


def check_certainty(facts: Facts, ledger: Ledger) -> None:
    """Compare the sentence of notes.csv on the lowest band with the areas' probabilities."""
    notes = facts.files.tables.get("notes")
    if notes is None or not facts.has("areas_wide"):
        return
    for words in notes["words"].astype(str):
        match = _SENTENCE.search(words)
        if match is not None:
            stated = [float(figure.replace(",", "")) for figure in match.groups()]
            right: list[float | None] = [*band_figures(facts)] or [None] * len(_FIGURES)
            ledger.column(
                "Certainty of band 1", "tables/notes.csv", _FIGURES, stated, right, within=0.5
            )
