"""Ways: streets as a source gives them, each a run of points with tags."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from nhcplanner.travel.restrictions import Restriction
from nhcplanner.travel.rules import Tags


@dataclass(frozen=True, eq=False)
class Ways:
    """Streets before they are cut at junctions.

    Parameters
    ----------
    ref, lon, lat
        Id and position in degrees of each point of each way, way after way; ways that share an
        id meet there.
    start
        Where each way's points start, one more than there are ways.
    id
        Id of each way.
    kind
        Position in `kinds` of each way.
    kinds
        The different sets of tags that occur.
    barriers
        Id of each point with a barrier, and its tags.
    restrictions
        Turns that are forbidden or ordered.
    left_out
        Why ways and restrictions were left out, and how many.
    doubts
        What looks wrong with the source, in words.
    """

    ref: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    start: np.ndarray
    id: np.ndarray
    kind: np.ndarray
    kinds: list[Tags]
    barriers: dict[int, Tags] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    doubts: list[str] = field(default_factory=list)
