"""Public transport: from a GTFS feed and walks to minutes over a window of departures."""

from nhcplanner.travel.transit.feed import Feed
from nhcplanner.travel.transit.rules import TransitRules
from nhcplanner.travel.transit.times import TransitTimes, Walks, search_window, transit_times
from nhcplanner.travel.transit.timetable import Timetable, TimetableIntake, read_timetable

__all__ = [
    "Feed",
    "Timetable",
    "TimetableIntake",
    "TransitRules",
    "TransitTimes",
    "Walks",
    "read_timetable",
    "search_window",
    "transit_times",
]
