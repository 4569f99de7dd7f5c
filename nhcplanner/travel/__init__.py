"""From streets to minutes: networks, bounded search, timetables, and straight-line estimates."""

from nhcplanner.travel.around import MOST_SITES, around
from nhcplanner.travel.crowfly import estimate
from nhcplanner.travel.engines import Measure, measurable, measure
from nhcplanner.travel.graphs import GRAPH_TAGS
from nhcplanner.travel.isochrones import isochrones
from nhcplanner.travel.kept import Held
from nhcplanner.travel.lacks import lacks
from nhcplanner.travel.matrix import matrix_times, read_matrix, read_pairs
from nhcplanner.travel.modes import best_of, parted
from nhcplanner.travel.network import Network
from nhcplanner.travel.profile import Profile
from nhcplanner.travel.roads import main_roads
from nhcplanner.travel.streets import Streets
from nhcplanner.travel.transit import Feed

__all__ = [
    "GRAPH_TAGS",
    "MOST_SITES",
    "Feed",
    "Held",
    "Measure",
    "Network",
    "Profile",
    "Streets",
    "around",
    "best_of",
    "estimate",
    "isochrones",
    "lacks",
    "main_roads",
    "matrix_times",
    "measurable",
    "measure",
    "parted",
    "read_matrix",
    "read_pairs",
]
