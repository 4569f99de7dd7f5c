"""Sending: rows to open centres that have only so much room, nearly the best way, and fast."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.clock import seconds_for

ROUNDS = 300
LONGEST = 20.0  # seconds for the auction, and for moving rows nearer after it
STEP = 1e-4  # share of the median journey by which a fee rises beyond what moves a row
FASTER = 1.03  # by which that grows from round to round, so that centres do not outbid for ever
FAR = 1000.0  # times the longest journey: what going nowhere counts


@dataclass(frozen=True, eq=False)
class SingleAssignment:
    """One way to send rows to centres.

    Parameters
    ----------
    centre
        Column of each row's centre; the number of columns for a row that goes nowhere.
    fees
        Minutes that a person would give for a place at each centre, 0 where there is room.
    total
        Person-minutes of all rows; a row that goes nowhere counts as very far.
    bound
        Person-minutes that no way to send people goes below, rows shared among centres or not.
    """

    centre: Positions
    fees: Floats
    total: float
    bound: float

    def slack(self, minutes: Floats, people: Floats) -> Floats:
        """What sending each row to each centre adds to the bound (shape row x centre)."""
        net = minutes + self.fees
        added: Floats = people[:, None] * (net - net.min(axis=1, keepdims=True))
        return added


def assign(minutes: Floats, people: Floats, room: Floats) -> SingleAssignment:
    """Send each row to one centre so that none takes more people than it has room for.

    An auction: each row goes where minutes and fee together are least; a centre that is too full
    raises its fee until the rows that lose least by it leave. At the end rows move to where it
    is nearer as long as there is room.

    Parameters
    ----------
    minutes
        Row x centre; infinite where there is no way.
    people
        Of each row.
    room
        People whom each centre takes at most.
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
        loss = net.min(axis=1) - first
        for j in full.tolist():
            there = np.flatnonzero(centre == j)
            there = there[np.argsort(loss[there], kind="stable")]
            last = np.searchsorted(np.cumsum(people[there]), load[j] - places[j])
            fees[j] += loss[there[min(int(last), len(there) - 1)]] + step * FASTER**number
    least = (wide + fees).min(axis=1)
    bound = float(people @ least - fees[:-1] @ room)
    cost = people[:, None] * wide
    centre = _nearer(cost, people, places, _relieved(cost, people, places, centre))
    return SingleAssignment(centre, fees[:-1], float(cost[rows, centre].sum()), bound)


def _relieved(cost: Floats, people: Floats, places: Floats, centre: Positions) -> Positions:
    """Move rows from centres that are too full, the largest first, to the nearest with room."""
    centre = centre.copy()
    load = np.bincount(centre, people, len(places))
    for j in np.flatnonzero(load > places).tolist():
        there = np.flatnonzero(centre == j)
        for i in there[np.argsort(-people[there], kind="stable")].tolist():
            if load[j] <= places[j]:
                break
            fits = load + people[i] <= places
            fits[j] = False
            other = int(np.where(fits, cost[i], np.inf).argmin())
            centre[i] = other
            load[j] -= people[i]
            load[other] += people[i]
    return centre


def _nearer(cost: Floats, people: Floats, places: Floats, centre: Positions) -> Positions:
    """Move rows one by one to where there is room and they are nearer, the best move first."""
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
