"""Comparison: what differs between two outcomes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nhcplanner.domain.shown import Card, Shown

_FEW = ("everyone", "band", "imd_quintile")
"""Groupings that are short in every place."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """Two outcomes, called a and b, side by side.

    Parameters
    ----------
    centres
        A row a site open in either: `site_id`, `name`, `in_a`, `in_b`.
    groups
        A row a group: `grouping`, `group`, `people`, `within_a`, `within_b` (people within reach),
        `difference` (b less a), `mean_minutes_a`, `mean_minutes_b`.
    areas
        A row an area that both have: `area_code`, `area_name`, `people`, `minutes_a`,
        `minutes_b` (NaN = beyond the horizon), `change` (b less a, NaN where either is beyond),
        `verdict` ("nearer", "farther", "same", "comes within the horizon", "falls beyond it").
    words
        The differences in sentences, the most important first.
    """

    centres: pd.DataFrame
    groups: pd.DataFrame
    areas: pd.DataFrame
    words: tuple[str, ...]

    def _card(self) -> Card:
        rows = [
            {
                "by": one.grouping,
                "group": one.group,
                "people": one.people,
                "within reach in a": one.within_a,
                "in b": one.within_b,
                "difference": one.difference,
            }
            for one in self.groups.itertuples()
            if one.grouping in _FEW
        ]
        return Card("Two plans, a and b", rows, self.words)

    @property
    def same_centres(self) -> bool:
        """Whether both open the same sites."""
        return bool((self.centres["in_a"] == self.centres["in_b"]).all())
