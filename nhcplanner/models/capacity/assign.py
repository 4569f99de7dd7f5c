"""Assignment of rows to open centres of limited capacity by an auction: fast, nearly optimal.

References
----------
Bertsekas DP (1988), The auction algorithm: a distributed relaxation method for the assignment
problem, Annals of Operations Research 14.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.clock import seconds_for

ROUNDS = 300
LONGEST = 20.0  # seconds for the auction, and for moving rows nearer after it
STEP = 1e-4  # share of the median journey by which a fee rises beyond what moves a row
GROWTH = 1.03  # growth of this share from round to round, so that the bidding ends
FAR = 1000.0  # minutes of a row without a centre, in times of the longest journey


@dataclass(frozen=True, eq=False)
class SingleAssignment:
    """Rows assigned to one centre each.

    Parameters
    ----------
    centre
        Column of each row's centre; the number of columns for a row without a centre.
    fees
        Price of one person's place at each centre in minutes; 0 if the centre has room.
    total
        Person-minutes of all rows; a row without a centre counts as very far.
    bound
        Lower bound of the person-minutes of every assignment, even if rows may be split.
    """

    centre: Positions
    fees: Floats
    total: float
    bound: float

    def slack(self, minutes: Floats, people: Floats) -> Floats:
        """Return what assigning each row to each centre adds to the bound (row x centre)."""
        net = minutes + self.fees
        added: Floats = people[:, None] * (net - net.min(axis=1, keepdims=True))
        return added


def assign(minutes: Floats, people: Floats, room: Floats) -> SingleAssignment:
    """Assign each row to one centre so that no centre exceeds its capacity.

    Each row chooses the centre with the least sum of minutes and fee. A centre beyond its capacity
    raises its fee until the rows that lose least leave (the auction of Bertsekas 1988, with rows
    of several people). At the end rows move to nearer centres with room.

    Parameters
    ----------
    minutes
        Row x centre; infinite if there is no journey.
    people
        People of each row.
    room
        Capacity of each centre in people.
    """
    finite = minutes[np.isfinite(minutes)]
    far = FAR * (1.0 + float(finite.max(initial=0.0)))
    step = STEP * (float(np.median(finite)) if len(finite) else 1.0) or STEP
    wide = np.column_stack([minutes, np.full(len(minutes), far)])
    places = np.append(room, np.inf)
    fees = np.zeros(len(places))
    rows = np.arange(len(minutes))
    end = time.monotonic() + seconds_for(LONGEST)
    for number in range(ROUNDS):
        if number and time.monotonic() > end:
            break
        net = wide + fees
        centre = net.argmin(axis=1)
        first = net[rows, centre]
        load = np.bincount(centre, people, len(places))
        full = np.flatnonzero(load > places)
        if not len(full):
            break
        net[rows, centre] = np.inf
        losses = net.min(axis=1) - first
        for j in full.tolist():
            inside = np.flatnonzero(centre == j)
            inside = inside[np.argsort(losses[inside], kind="stable")]
            last = np.searchsorted(np.cumsum(people[inside]), load[j] - places[j])
            fees[j] += losses[inside[min(int(last), len(inside) - 1)]] + step * GROWTH**number
    least = (wide + fees).min(axis=1)
    bound = float(people @ least - fees[:-1] @ room)
    cost = people[:, None] * wide
    centre = _move_nearer(cost, people, places, _relieve(cost, people, places, centre))
    return SingleAssignment(centre, fees[:-1], float(cost[rows, centre].sum()), bound)


def _relieve(cost: Floats, people: Floats, places: Floats, centre: Positions) -> Positions:
    """Move rows from overfull centres, the largest first, to the nearest with room."""
    centre = centre.copy()
    load = np.bincount(centre, people, len(places))
    for j in np.flatnonzero(load > places).tolist():
        inside = np.flatnonzero(centre == j)
        for i in inside[np.argsort(-people[inside], kind="stable")].tolist():
            if load[j] <= places[j]:
                break
            fits = load + people[i] <= places
            fits[j] = False
            other = int(np.where(fits, cost[i], np.inf).argmin())
            centre[i] = other
            load[j] -= people[i]
            load[other] += people[i]
    return centre


def _move_nearer(cost: Floats, people: Floats, places: Floats, centre: Positions) -> Positions:
    """Move rows one by one to a nearer centre with room, the best move first."""
    centre = centre.copy()
    rows = np.arange(len(centre))
    load = np.bincount(centre, people, len(places))
    end = time.monotonic() + seconds_for(LONGEST)
    for _ in rows:
        if time.monotonic() > end:
            break
        gain = cost[rows, centre][:, None] - cost
        gain[people[:, None] > (places - load)[None, :]] = 0.0
        i, j = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[i, j] <= 0:
            break
        load[centre[i]] -= people[i]
        load[j] += people[i]
        centre[i] = j
    return centre
