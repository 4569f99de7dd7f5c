"""Notes on minutes by public transport: the day, the timetable's dates, and what buses change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from nhcplanner.base.text import plural
from nhcplanner.travel.transit.days import service_dates

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
    """What a reader of figures by public transport must know, a line each.

    Parameters
    ----------
    parameters
        Of the minutes; those of several modes carry the mode before their name.
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
    of_stops = f"{plural(departures, 'departure')} in the window from stops in walking distance"
    if not ridden:
        lines.append(f"{of_stops}: buses change nothing here")
    elif ridden < FEW * pairs:
        lines.append(f"{of_stops}: buses shorten only {ridden:,} of {pairs:,} journeys")
    return tuple(lines)
