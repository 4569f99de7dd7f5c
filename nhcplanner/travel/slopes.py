"""Walking speed by slope: minutes up a hill differ from minutes down.

Tobler W (1993), Three presentations on geographical analysis and modeling, NCGIA Technical Report
93-1: speed = 6 exp(-3.5 |S + 0.05|) km/h on a gradient S (rise over run), greatest at 5% downhill.
Only its shape is used here, so that the level speed stays the profile's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nhcplanner.base.arrays import FloatArray, IntArray
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.travel.osm_tags import is_ferry
from nhcplanner.travel.step_free import incline_percent

RATE = 3.5
"""Rate at which walking slows with the gradient (Tobler 1993)."""
FASTEST_GRADIENT = -0.05
"""Gradient of the fastest walk: 5% downhill (Tobler 1993)."""
NOTE = "slopes_note"
"""Parameter that states where slopes come from and where they are unknown."""
STEEP = 1 / 3
"""Gradient above which a street is doubted: no public road in Britain is steeper."""


def slope_factor(
    gradient: FloatArray, rate: float = RATE, fastest: float = FASTEST_GRADIENT
) -> FloatArray:
    """Return the factor on level walking minutes for a gradient.

    Parameters
    ----------
    gradient
        Rise over run in the direction of the walk; downhill is negative.
    rate, fastest
        Rate of slowing, and gradient of the fastest walk.

    Examples
    --------
    >>> slope_factor(np.array([0.0, 0.1, -0.1])).round(3).tolist()
    [1.0, 1.419, 1.0]
    """
    factor: FloatArray = np.exp(rate * (np.abs(gradient - fastest) - abs(fastest)))
    return factor


def gradients(
    kinds: Sequence[Mapping[str, str]],
    kind: IntArray,
    length: FloatArray,
    ends: tuple[FloatArray, FloatArray] | None,
) -> FloatArray:
    """Return the gradient of each street in the direction in which it was drawn, NaN = unknown.

    It is that between the heights of its ends, or the `incline` of its tags where a height is
    unknown. Ferries are level.

    Parameters
    ----------
    kinds, kind
        The different sets of tags, and the position in them of each street.
    length
        Metres of each street.
    ends
        Heights of the source and the target of each street, metres, NaN = unknown; None = no
        heights at all.
    """
    inclines = [incline_percent(tags) for tags in kinds]
    tagged = np.array([np.nan if one is None else one / 100 for one in inclines])[kind]
    found = tagged
    if ends is not None:
        rise = np.asarray(ends[1], np.float64) - np.asarray(ends[0], np.float64)
        run = np.asarray(length, np.float64)
        measured = np.divide(rise, run, out=np.zeros_like(rise), where=run > 0)
        found = np.where(np.isnan(rise), tagged, measured)
    level = np.array([is_ferry(tags) for tags in kinds])[kind]
    gradient: FloatArray = np.where(level, 0.0, found)
    return gradient


def slope_factors(
    gradient: FloatArray, rate: float = RATE, fastest: float = FASTEST_GRADIENT
) -> FloatArray:
    """Return the factors on minutes along and against each street, streets x 2.

    Streets of an unknown gradient are taken as level.

    Parameters
    ----------
    gradient
        Of each street as it was drawn, NaN = unknown.
    rate, fastest
        As in `slope_factor`.

    Raises
    ------
    InputError
        If no gradient is known.
    """
    if np.isnan(gradient).all() or not np.nan_to_num(gradient).any():
        words = "the streets have no heights and no inclines, so walks cannot follow slopes"
        hint = "Build the place with --heights FILE, or set slopes to false"
        raise InputError([Fault(words, hint=hint)])
    known = np.nan_to_num(gradient)
    both = np.column_stack([known, -known])
    return slope_factor(both, rate, fastest)


def slopes_note(gradient: FloatArray, length: FloatArray, used: IntArray, rate: float) -> str:
    """State how much of the streets has a gradient, and how much is doubted.

    Parameters
    ----------
    gradient, length
        Of each street.
    used
        Positions of the streets that people may walk on.
    rate
        As in `slope_factor`.
    """
    own, metres = gradient[used], length[used]
    unknown = np.isnan(own)
    steep = int((np.abs(own[~unknown]) > STEEP).sum())
    words = (
        f"Walking minutes follow slopes by Tobler's function (1993; rate {rate:g}): "
        f"{metres[~unknown].sum() / 1000:,.1f} of {metres.sum() / 1000:,.1f} km of streets and "
        f"paths have a gradient; {plural(int(unknown.sum()), 'street')} without one count as level"
    )
    if steep:
        words += f". {plural(steep, 'street')} steeper than 1 in 3 may be slips of the heights"
    return words
