"""Who reaches care, in how many minutes: frames in, Series out, on the same index."""

from nhcplanner.access.assess import assess
from nhcplanner.access.bands import bands
from nhcplanner.access.cars import part_by_car
from nhcplanner.access.groups import area_labels, imd_quintile, site_labels
from nhcplanner.access.measure import within
from nhcplanner.access.notes import notes
from nhcplanner.access.rank import rank

__all__ = [
    "area_labels",
    "assess",
    "bands",
    "imd_quintile",
    "notes",
    "part_by_car",
    "rank",
    "site_labels",
    "within",
]
