"""Travel times from street networks, timetables, straight-line estimates and users' matrices."""

from nhcplanner.travel.cache import CachedTimes
from nhcplanner.travel.engines import (
    Measure,
    has_windows,
    measure,
    measure_windows,
)
from nhcplanner.travel.isochrones import MOST_SITES, around, isochrones
from nhcplanner.travel.matrix import Pairs, read_pairs
from nhcplanner.travel.matrix_times import matrix_times, read_matrix, report_strangers
from nhcplanner.travel.mode_combinations import best_of, lacks, measurable, own_notes, split_by_mode
from nhcplanner.travel.speed_profile import Profile
from nhcplanner.travel.straight_line import estimate, flag_rural_areas
from nhcplanner.travel.streets.graphs import GRAPH_TAGS
from nhcplanner.travel.streets.lines import main_roads
from nhcplanner.travel.streets.network import Network
from nhcplanner.travel.streets.street_record import describe_streets, street_notes
from nhcplanner.travel.streets.streets import Streets
from nhcplanner.travel.transit import Feed, read_timetable
from nhcplanner.travel.windows import WindowTimes, labels_of, mix_windows

__all__ = [
    "GRAPH_TAGS",
    "MOST_SITES",
    "CachedTimes",
    "Feed",
    "Measure",
    "Network",
    "Pairs",
    "Profile",
    "Streets",
    "WindowTimes",
    "around",
    "best_of",
    "describe_streets",
    "estimate",
    "flag_rural_areas",
    "has_windows",
    "isochrones",
    "labels_of",
    "lacks",
    "main_roads",
    "matrix_times",
    "measurable",
    "measure",
    "measure_windows",
    "mix_windows",
    "own_notes",
    "read_matrix",
    "read_pairs",
    "read_timetable",
    "report_strangers",
    "split_by_mode",
    "street_notes",
]
