"""Access of people to centres: frames in, Series or frames out, on the same index."""

from nhcplanner.access.assessment import assess, notes
from nhcplanner.access.costs import annuity, costs, factor, statements
from nhcplanner.access.coverage import (
    LACKING,
    NOT_KNOWN,
    NOTICED,
    breakdown,
    by_minute,
    gains,
    window_groups,
    within,
)
from nhcplanner.access.groups import (
    area_labels,
    area_of_site,
    imd_quintile,
    part_by_car,
    site_labels,
)
from nhcplanner.access.inequality import (
    Slope,
    concentration_index,
    gaps,
    measure_inequality,
    slope_index,
)
from nhcplanner.access.need import BandCertainty, band_certainty, bands, per_person, rank
from nhcplanner.access.options import (
    Ground,
    Option,
    assignment,
    by_fifth,
    losers,
    options,
    sent_beyond,
)

__all__ = [
    "LACKING",
    "NOTICED",
    "NOT_KNOWN",
    "BandCertainty",
    "Ground",
    "Option",
    "Slope",
    "annuity",
    "area_labels",
    "area_of_site",
    "assess",
    "assignment",
    "band_certainty",
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
    "measure_inequality",
    "notes",
    "options",
    "part_by_car",
    "per_person",
    "rank",
    "sent_beyond",
    "site_labels",
    "slope_index",
    "statements",
    "window_groups",
    "within",
]
