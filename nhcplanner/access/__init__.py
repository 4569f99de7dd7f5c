"""Who reaches care, in how many minutes: frames in, Series out, on the same index."""

from nhcplanner.access.assess import assess
from nhcplanner.access.bands import bands
from nhcplanner.access.breakdown import LACKING, breakdown
from nhcplanner.access.cars import part_by_car
from nhcplanner.access.catchments import by_fifth
from nhcplanner.access.costs import annuity, costs, factor
from nhcplanner.access.curve import by_minute
from nhcplanner.access.gains import Journeys, gains
from nhcplanner.access.groups import area_labels, area_of_site, imd_quintile, site_labels
from nhcplanner.access.inequality import Slope, concentration_index, gaps, slope_index
from nhcplanner.access.measure import within
from nhcplanner.access.notes import notes
from nhcplanner.access.options import Ground, losers, options
from nhcplanner.access.rank import rank
from nhcplanner.access.unequal import unequal
from nhcplanner.access.weights import per_person

__all__ = [
    "LACKING",
    "Ground",
    "Journeys",
    "Slope",
    "annuity",
    "area_labels",
    "area_of_site",
    "assess",
    "bands",
    "breakdown",
    "by_fifth",
    "by_minute",
    "concentration_index",
    "costs",
    "factor",
    "gains",
    "gaps",
    "imd_quintile",
    "losers",
    "notes",
    "options",
    "part_by_car",
    "per_person",
    "rank",
    "site_labels",
    "slope_index",
    "unequal",
    "within",
]
