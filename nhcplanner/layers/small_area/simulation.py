"""Simulation: how likely each area is to lie in the lowest band, its HLE being uncertain.

Each draw gives every council a level, the country a scale of the pattern, and every area a residual
of its own, as uncertain as the model says; the areas are then ranked anew and the lowest band of
people is cut off. Areas of a council rise and fall together, as they do in truth.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nhcplanner.base.arrays import Floats
from nhcplanner.layers.small_area.model import SEXES, SmallAreas

DRAWS = 1_000
SEED = 20_260_401


def draws(
    areas: SmallAreas, number: int, rows: npt.NDArray[np.intp], seed: int = SEED
) -> npt.NDArray[np.float32]:
    """HLE of persons of some areas as it may truly be, years (shape number by rows)."""
    random = np.random.default_rng(seed)
    of, names = areas.groups.of[rows], len(areas.groups.names)
    share = np.sqrt(areas.correlation)
    common = random.standard_normal((number, 1))  # scale of the pattern, both sexes alike
    own = random.standard_normal((number, len(rows)), dtype=np.float32)
    total = np.zeros((number, len(rows)), dtype=np.float32)
    for sex in SEXES:
        figures = areas.sexes[sex]
        council = random.standard_normal((number, names), dtype=np.float32)[:, of]
        alone = random.standard_normal((number, len(rows)), dtype=np.float32)
        beside = np.sqrt(figures.own_error + figures.coefficient_error)[rows]
        total += figures.figure[rows] + council * np.sqrt(figures.level_error[rows])
        total += common * (figures.scale * figures.departure[rows])
        total += beside * (share * own + np.sqrt(1 - areas.correlation) * alone)
    return np.asarray(total / len(SEXES), dtype=np.float32)


def lowest_band_probability(
    areas: SmallAreas,
    share: float = 0.2,
    rows: npt.NDArray[np.intp] | None = None,
    number: int = DRAWS,
    seed: int = SEED,
) -> Floats:
    """Probability of each area to lie in the lowest band.

    Parameters
    ----------
    areas
        The model's figures.
    share
        Part of the people who make the lowest band, 0 to 1.
    rows
        Areas among which bands are made; None = all of England.
    number, seed
        Draws, and what makes them the same each time.

    Returns
    -------
    array
        Shape rows, 0 to 1. As in `access.bands` an area is in the band in which the middle one of
        its people falls.
    """
    chosen = np.arange(len(areas.codes)) if rows is None else rows
    people = areas.people[chosen]
    total = people.sum()
    found = np.zeros(len(chosen))
    step = max(1, 2_000_000 // max(1, len(chosen)))
    for start in range(0, number, step):
        size = min(step, number - start)
        drawn = draws(areas, size, chosen, seed + start)
        order = np.argsort(drawn, axis=1, kind="stable")
        ranked = people[order]
        middle = np.cumsum(ranked, axis=1) - ranked / 2
        low = np.zeros(drawn.shape, dtype=bool)
        np.put_along_axis(low, order, middle <= share * total, axis=1)
        found += low.sum(axis=0)
    return found / number
