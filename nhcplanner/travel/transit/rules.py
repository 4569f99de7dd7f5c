"""Rules of journeys by public transport, and notes on the minutes that follow from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.travel.transit.calendar import service_dates

LONGEST = 4 * 3600
"""Seconds after the window for which calls are included; no journey is longer."""


@dataclass(frozen=True)
class TransitRules:
    """Rules of a journey by public transport.

    Parameters
    ----------
    horizon
        Minutes from setting out to the site beyond which a journey does not count; at most
        240.
    reach
        Minutes within which the share of departures is counted; at most `horizon`.
    access_walk
        Longest walk to the first stop, minutes.
    egress_walk
        Longest walk from the last stop to the site, minutes.
    change_walk
        Longest walk between two stops on the way, minutes (5 are 400 m at 4.8 km/h).
    slack
        Minutes of a change in addition to the walk; the first vehicle needs none.
    most_rides
        Largest number of vehicles in one journey.
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
            faults.append("public transport: every must be a whole number of seconds")
        if self.horizon > LONGEST / 60:
            faults.append(f"public transport: horizon is above {LONGEST / 60:g} minutes")
        if self.reach > self.horizon:
            faults.append("public transport: reach is beyond the horizon")
        if faults:
            raise InputError(faults)

    def parameters(self) -> dict[str, float | str]:
        """Return name and value of each rule, for the record."""
        return dict(asdict(self))


NOTES = "timetable_notes"
"""Parameter that holds the notes of a timetable, a line each."""
RIDDEN = "pairs_by_bus"
"""Parameter that counts the pairs whose median is shorter by a ride; it adds up over sites."""
DEPARTURES = "departures_in_reach"
"""Parameter that counts the departures of the window from stops in walking distance."""
FEW = 0.01
"""Share of pairs below which the effect of buses is mentioned."""


def transit_notes(
    parameters: Mapping[str, float | str], pairs: int, today: date | None = None
) -> tuple[str, ...]:
    """Return notes for readers of figures by public transport, a line each.

    Parameters
    ----------
    parameters
        Parameters of the minutes; for several modes each name begins with the mode.
    pairs
        Pairs of origin and site that are within the horizon.
    today
        The day by which a timetable has ended; today (UTC) by default.
    """
    prefix = next((key.removesuffix(NOTES) for key in parameters if key.endswith(NOTES)), None)
    if prefix is None:
        return ()
    own = {key.removeprefix(prefix): value for key, value in parameters.items()}
    today = today or datetime.now(UTC).date()
    first, last = (date.fromisoformat(str(own[f"timetable_{end}"])) for end in ("first", "last"))
    lines = [
        service_dates(first, last, str(own["timetable"]), today),
        *str(own[NOTES]).splitlines(),
    ]
    departures, ridden = int(float(own[DEPARTURES])), int(float(own[RIDDEN]))
    windows = int(float(parameters.get("windows", 1)))
    pairs *= windows
    hours = "window" if windows == 1 else f"{windows} windows"
    of_stops = f"{plural(departures, 'departure')} in the {hours} from stops in walking distance"
    if not ridden:
        lines.append(f"{of_stops}: buses change nothing here")
    elif ridden < FEW * pairs:
        lines.append(f"{of_stops}: buses shorten only {ridden:,} of {pairs:,} journeys")
    return tuple(lines)
