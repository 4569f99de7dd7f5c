"""Official sources: the address, content and reader of each.

A module of this folder holds one or a few `OfficialSource` rows and the functions that read their
files. `SOURCES` finds every row; a new source is a new module and needs no other change.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from nhcplanner.layers.sources.base import Extent, OfficialSource
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
from nhcplanner.layers.sources.ods import BRANCHES, PARTNERS, PRACTICES, TRUST_SITES
from nhcplanner.layers.sources.site_lists import HOSPITALS, LIBRARIES, PHARMACIES
from nhcplanner.layers.sources.statistics import HLE, IMD_2019, IMD_2025, MID_YEAR
from nhcplanner.layers.sources.streets import OVERPASS, STREETS
from nhcplanner.layers.sources.timetables import TIMETABLE

_ORDERED: tuple[OfficialSource, ...] = (
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
"""Sources whose order matters: the first that gives a column is used for it."""


def _all_sources() -> Iterator[OfficialSource]:
    """Yield the ordered sources, then every other row of this folder's modules."""
    keys = {source.key for source in _ORDERED}
    yield from _ORDERED
    for module in iter_modules(__path__):
        for value in vars(import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, OfficialSource) and value.key not in keys:
                keys.add(value.key)
                yield value


SOURCES: tuple[OfficialSource, ...] = tuple(_all_sources())
"""Every source; sources after the ordered ones come in the order of their modules."""

__all__ = ["SOURCES", "Extent", "OfficialSource"]
