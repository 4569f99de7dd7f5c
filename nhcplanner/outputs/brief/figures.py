"""Maps and charts of a brief, each with its caption and its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.need_measures import MODELLED
from nhcplanner.domain.place import Source
from nhcplanner.outputs import style
from nhcplanner.outputs.brief import pictures
from nhcplanner.outputs.brief.parts import Figure
from nhcplanner.outputs.brief.prose import group_words, grouping_words, guess, mode_words
from nhcplanner.outputs.maps import shading
from nhcplanner.outputs.maps.shading import Shading
from nhcplanner.outputs.tables import need
from nhcplanner.outputs.wording import terms

_OVER, _NONE = "xxxx", "////"
CHANGES = (
    ("Nearer than {horizon:g} minutes for the first time", "#001B44", ""),
    ("Nearer by 10 minutes or more", "#1F4E9C", ""),
    ("Nearer by 5 to 10 minutes", "#6E9FD8", ""),
    ("Nearer by 1 to 5 minutes", "#BBD5F0", ""),
    ("Changed by less than 1 minute", "#F4F7F8", ""),
    ("Farther by 1 minute or more", "#FFB81C", _OVER),
    ("None within {horizon:g} minutes, before or after", style.NO_DATA, _NONE),
)
"""Classes of the map of minutes gained and lost: label, colour, hatch."""
STEP = 1.0
"""Minutes below which a change counts as none on the map."""
_NEED = ("areas", "hle", "hle_pattern", "hle_gradient", "imd")
_MINUTES = ("areas", "origins", "centroids", "streets", "timetable", "matrix", "sites")
"""Layers that the maps of need and of minutes use."""
_SHAPES = ("areas", "streets")
"""Layers whose shapes are drawn, and credited under each map."""


def plan_map(evidence: Evidence) -> Figure:
    """Return the map of the plan: centres, and areas by need, or by minutes without bands."""
    outcome = evidence.outcome
    first = shading.shadings(outcome)[0]
    what = ["Who comes first"] if first.name == "need" else []
    what += ["the centres"] if outcome.plan.opened else []
    picture = pictures.Picture(first, _no_data(first), highest=92.0)
    caption = ", and ".join(what) or f"Minutes {terms.to_centre(outcome.plan)}"
    layers = (_MINUTES if first.name == "minutes" else _NEED) + ("sites",)
    return _map(outcome, caption[0].upper() + caption[1:], picture, layers)


def need_maps(evidence: Evidence) -> tuple[Figure, ...]:
    """Return maps of deprivation, and of HLE if the map of the plan does not show it."""
    outcome = evidence.outcome
    known = need.measures(outcome.place)
    found = []
    first = shading.shadings(outcome)[0].name == "need" and outcome.assessment.need.by
    for name in ("hle", "imd"):
        if name in known and name != first:
            of = known[name].shading(outcome.place)
            picture = pictures.Picture(of, _no_data(of), centres=False, highest=68.0)
            caption = known[name].title + (_modelled(outcome) if name == "hle" else "")
            found.append(_map(outcome, caption, picture, _NEED))
    return tuple(found)


def minutes_map(evidence: Evidence) -> Figure:
    """Return the map of minutes to the nearest centre with the plan."""
    outcome = evidence.outcome
    of = shading.minutes(outcome)
    words = "with the plan" if outcome.plan.opened else "of the centres open today"
    sends = outcome.plan.allocation is not None
    caption = f"Minutes {terms.to_centre(outcome.plan)}"
    caption += guess(outcome) if sends else f" {words}{guess(outcome)}"
    return _map(outcome, caption, pictures.Picture(of, _no_data(of), highest=68.0), _MINUTES)


def change_map(evidence: Evidence) -> Figure:
    """Return the map of minutes gained and lost."""
    outcome = evidence.outcome
    classes = changes(evidence)
    horizon = outcome.times.horizon
    of = Shading(
        "change",
        f"{_change_words(outcome)}{guess(outcome)}",
        tuple(words.format(horizon=horizon) for words, _, _ in CHANGES),
        tuple(colour for _, colour, _ in CHANGES),
        classes,
    )
    hatches = {n: hatch for n, (_, _, hatch) in enumerate(CHANGES) if hatch}
    caption = f"Minutes gained and lost{guess(outcome)}"
    return _map(outcome, caption, pictures.Picture(of, hatches, highest=68.0), _MINUTES)


def _axis_of_minutes(outcome: Outcome) -> str:
    """Return to which centre the minutes of the curves are."""
    words = f"Minutes {terms.to_centre(outcome.plan)}"
    return words if outcome.plan.allocation is None else f"{words} (before: to the nearest)"


def _change_words(outcome: Outcome) -> str:
    """Return which minutes the map of change compares."""
    if outcome.plan.allocation is None:
        return "Minutes to the nearest centre, with the plan against today"
    return f"Minutes {terms.to_centre(outcome.plan)}, against the nearest centre today"


def changes(evidence: Evidence) -> np.ndarray:
    """Return the row of `CHANGES` of each area (shape areas, int)."""
    areas = evidence.areas
    assert areas is not None  # every evidence has them
    before, after, change = (areas[c] for c in ("minutes_before", "minutes_after", "change"))
    none_before, none_after = before.isna(), after.isna()
    conditions = [
        none_before & none_after, none_before, none_after, change >= STEP,
        change > -STEP, change > -5, change > -10,
    ]  # fmt: skip
    return np.select(conditions, [6, 0, 5, 5, 4, 3, 2], 1).astype(np.int64)


def curve(evidence: Evidence) -> Figure | None:
    """Return the chart of people by minutes; None without a curve."""
    outcome, frame = evidence.outcome, evidence.curve
    if frame is None:
        return None
    reach = outcome.scenario.reach
    mode_labels = {mode: mode_words(mode) for mode in frame["mode"].unique()}
    own = frame[
        (frame["mode"] == next(iter(mode_labels))) & frame["minutes"].isin([10, 20, 30, 45, 60])
    ]
    shares = "; ".join(
        f"within {row.minutes:g} minutes {terms.share(row.share_before)} before and "
        f"{terms.share(row.share_after)} with the plan"
        for row in own.itertuples(index=False)
    )
    png = pictures.curve(
        frame,
        reach,
        mode_labels,
        outcome.place.synthetic,
        _axis_of_minutes(outcome),
    )
    return Figure(
        f"People who get to a centre, by minutes{guess(outcome)}",
        png,
        f"Curves of the share of people against minutes. {next(iter(mode_labels.values()))}: "
        f"{shares}.",
        source_words(outcome.place.sources, ("population", *_MINUTES)),
        pictures.WIDTH,
    )


def bars(evidence: Evidence, grouping: str) -> Figure | None:
    """Return the chart of shares before and after by group; None if there are no such groups."""
    outcome, frame = evidence.outcome, evidence.groups
    mine = None if frame is None else frame[frame["grouping"] == grouping]
    if mine is None or mine.empty:
        return None
    words = [group_words(outcome, grouping, name) for name in mine["group"]]
    reach, axis = outcome.scenario.reach, grouping_words(outcome, grouping)
    png = pictures.bars(mine.assign(words=words), axis, reach, outcome.place.synthetic)
    bars_in_words = "; ".join(
        f"{name}: {terms.share(before)} before, {terms.share(after)} with the plan"
        for name, before, after in zip(
            words, mine["share_before"], mine["share_after"], strict=True
        )
    )
    caption = f"People within {reach:g} minutes by {axis[0].lower()}{axis[1:]}{guess(outcome)}"
    source = source_words(outcome.place.sources, ("population", "imd", *_MINUTES))
    return Figure(caption, png, f"Bars in pairs. {bars_in_words}.", source, pictures.WIDTH)


def _map(
    outcome: Outcome, caption: str, picture: pictures.Picture, layers: tuple[str, ...]
) -> Figure:
    png, words = pictures.draw(outcome, picture), pictures.map_in_words(outcome, picture)
    return Figure(caption, png, words, source_words(outcome.place.sources, layers), pictures.WIDTH)


def _modelled(outcome: Outcome) -> str:
    bases = set(outcome.place.areas.get("hle_basis", pd.Series(dtype=str)).dropna())
    return ", modelled" if bases.intersection(MODELLED) else ""


def _no_data(of: Shading) -> dict[int, str]:
    """Return hatches for the class without data, which in grey would look like a pale class."""
    return {n: _NONE for n, colour in enumerate(of.colours) if colour == style.NO_DATA}


def source_words(every: Sequence[Source], layers: tuple[str, ...]) -> str:
    """Return the publishers of some layers with their dates, and the credit for shapes.

    Parameters
    ----------
    every
        The sources of a place.
    layers
        Layers that the figure uses; all sources if the place has none of these layers.
    """
    used = [one for one in every if one.layer in layers] or list(every)
    vintages: dict[str, list[str]] = {}
    for one in used:
        vintages.setdefault(one.publisher or one.title, []).append(one.vintage)
    names = [
        f"{name} ({', '.join(dict.fromkeys(filter(None, of)))})" if any(of) else name
        for name, of in vintages.items()
    ]
    credits_of_shapes = [one.attribution for one in used if one.layer in _SHAPES]
    credit = [text for text in attributions(credits_of_shapes) if not text.startswith("Source:")]
    words = (f"Source: {_or_not_stated(names)}", *credit, "Licences: see Sources and licences")
    return " ".join(f"{text.rstrip('.')}." for text in words)


def attributions(texts: Iterable[str]) -> list[str]:
    """Return the sentences that licences require, each once.

    Examples
    --------
    >>> attributions(["A. B.", "B", ""])
    ['A', 'B']
    """
    sentences = [part.strip().rstrip(".") for text in texts for part in text.split(". ")]
    return list(dict.fromkeys(part for part in sentences if part))


def _or_not_stated(texts: list[str]) -> str:
    return "; ".join(texts) or "not stated by the place"
