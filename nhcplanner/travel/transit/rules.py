"""Rules of a journey by public transport, and what counts as one."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from nhcplanner.domain.errors import InputError
from nhcplanner.travel.transit.timetable import LONGEST


@dataclass(frozen=True)
class TransitRules:
    """What people do to ride, and how their journeys are counted.

    Parameters
    ----------
    horizon
        Minutes from setting out to the site beyond which a journey does not count; at most
        240.
    reach
        Minutes that the share of departures is counted against; at most `horizon`.
    access_walk
        Longest walk to the first stop, minutes.
    egress_walk
        Longest walk from the last stop to the site, minutes.
    change_walk
        Longest walk between two stops on the way, minutes (5 are 400 m at 4.8 km/h).
    slack
        Minutes that a change takes besides the walk; the first vehicle needs none.
    most_rides
        Vehicles at most in one journey.
    every
        Minutes from one departure to the next.

    Raises
    ------
    InputError
        For values outside these bounds; all at once.
    """

    horizon: float = 60.0
    reach: float = 20.0
    access_walk: float = 20.0
    egress_walk: float = 20.0
    change_walk: float = 5.0
    slack: float = 2.0
    most_rides: int = 3
    every: float = 1.0

    def __post_init__(self) -> None:
        values = asdict(self)
        faults = [
            f"public transport: {name} is {values[name]:g}, but must be above 0"
            for name in ("horizon", "reach", "access_walk", "egress_walk", "change_walk", "every")
            if not 0 < values[name] < math.inf
        ]
        if not 0 <= self.slack < math.inf:
            faults.append(f"public transport: slack is {self.slack:g}, but must be 0 or more")
        if self.most_rides < 1 or self.most_rides % 1:
            faults.append("public transport: most_rides must be a whole number, 1 or more")
        if round(60 * self.every) != 60 * self.every:
            faults.append("public transport: every must come to whole seconds")
        if self.horizon > LONGEST / 60:
            faults.append(f"public transport: horizon is above {LONGEST / 60:g} minutes")
        if self.reach > self.horizon:
            faults.append("public transport: reach is beyond the horizon")
        if faults:
            raise InputError(faults)

    def parameters(self) -> dict[str, float | str]:
        """Name and value of each rule, for the record."""
        return dict(asdict(self))
