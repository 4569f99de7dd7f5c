"""Official sources, one a module: where each is, what it gives, how its file is read.

A module holds one or a few `OfficialSource`s and the reading of their files, and is listed in
`SOURCES`; nothing else need know of it.
"""

from nhcplanner.layers.sources.base import OfficialSource, Wanted
from nhcplanner.layers.sources.census import TS001, TS007A, TS038, TS045
from nhcplanner.layers.sources.geography import (
    AREA_LOOKUP,
    BOUNDARIES,
    CENTROIDS,
    CHANGE_LOOKUP,
    COUNCIL_LOOKUP,
    REGION_LOOKUP,
    RURAL_URBAN,
)
from nhcplanner.layers.sources.hospitals import HOSPITALS
from nhcplanner.layers.sources.libraries import LIBRARIES
from nhcplanner.layers.sources.ods import BRANCHES, PARTNERS, PRACTICES, TRUST_SITES
from nhcplanner.layers.sources.overpass import OVERPASS
from nhcplanner.layers.sources.pharmacies import PHARMACIES
from nhcplanner.layers.sources.statistics import HLE, IMD_2019, IMD_2025, MID_YEAR
from nhcplanner.layers.sources.streets import STREETS
from nhcplanner.layers.sources.timetables import TIMETABLE

SOURCES: tuple[OfficialSource, ...] = (
    AREA_LOOKUP,
    COUNCIL_LOOKUP,
    REGION_LOOKUP,
    CHANGE_LOOKUP,
    BOUNDARIES,
    CENTROIDS,
    MID_YEAR,
    TS001,
    IMD_2025,
    IMD_2019,
    TS007A,
    TS038,
    TS045,
    RURAL_URBAN,
    HLE,
    PRACTICES,
    BRANCHES,
    PARTNERS,
    HOSPITALS,
    TRUST_SITES,
    PHARMACIES,
    LIBRARIES,
    STREETS,
    OVERPASS,
    TIMETABLE,
)
"""All that are known, in the order in which they are asked: the first to give a column keeps it."""

__all__ = ["SOURCES", "OfficialSource", "Wanted"]
