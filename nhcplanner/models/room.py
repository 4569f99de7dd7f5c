"""The bound on travel where each site has only so much room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.models.cover import Floats, Positions, open_mask
from nhcplanner.models.lagrange import NEAREST, Prices


@dataclass(frozen=True, eq=False)
class _Packed:
    """Rows packed into each site as they pay most for their people, the last perhaps in part."""

    entry: Positions
    share: Floats
    fee: Floats


class RoomPrices(Prices):
    """Lagrangian bound where sites have only so much room.

    As `Prices`, but a site earns no more than its room allows: rows that pay most for each of
    their people come first, and the last may be let in in part, so the bound holds whether rows
    may be split or not.

    Parameters
    ----------
    problem, nearest
        As for `Prices`.
    room
        People whom each site takes at most.
    price
        Minutes that each person counts whom a site takes beyond that; infinite where it may not.
    """

    def __init__(
        self, problem: Problem, room: Floats, price: float = np.inf, nearest: int = NEAREST
    ) -> None:
        super().__init__(problem, nearest)
        self.room, self.price = room, price

    def reduced(self, prices: Floats) -> Floats:
        """What opening each site adds to the sum of prices (0 or less)."""
        packed = self._packed(prices)
        entry = packed.entry
        worth = (self.travel[entry] - prices[self.row[entry]]) * packed.share
        load = self.people[self.row[entry]] * packed.share
        earned = np.bincount(self.site[entry], worth, self.problem.sites).astype(np.float64)
        if not np.isfinite(self.price):
            return earned
        over = np.bincount(self.site[entry], load, self.problem.sites) - self.room
        return earned + self.price * np.maximum(over, 0.0)

    def served(self, prices: Floats, chosen: Positions) -> Floats:
        """How often the chosen sites would take each row, parts counted."""
        packed = self._packed(prices)
        here = open_mask(self.problem, chosen)[self.site[packed.entry]]
        rows = self.row[packed.entry[here]]
        return np.bincount(rows, packed.share[here], len(prices)).astype(np.float64)

    def fees(self, prices: Floats) -> Floats:
        """Minutes that a person must give for a place at each site, 0 where there is room."""
        return self._packed(prices).fee

    def _packed(self, prices: Floats) -> _Packed:
        worth = self.travel - prices[self.row]
        entry = np.flatnonzero(worth < 0)
        each = worth[entry] / self.people[self.row[entry]]
        order = np.lexsort((each, self.site[entry]))
        entry, each = entry[order], each[order]
        site, people = self.site[entry], self.people[self.row[entry]]
        total = np.cumsum(people)
        first = np.searchsorted(site, np.arange(self.problem.sites))
        before = total - people - np.append(0.0, total)[first][site]
        share = np.clip((self.room[site] - before) / people, 0.0, 1.0)
        share[each < -self.price] = 1.0
        fee = np.zeros(self.problem.sites)
        np.maximum.at(fee, site[share < 1], -each[share < 1])
        return _Packed(entry, share, fee)
