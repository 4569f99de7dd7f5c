"""Access of people to centres: frames in, Series or frames out, on the same index."""

from nhcplanner.access.assessment import assess, notes
from nhcplanner.access.catchments import (
    CATCHMENT,
    METHODS,
    FloatingAccess,
    building_use,
    floating_access,
)
from nhcplanner.access.competition import competition
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
from nhcplanner.access.distribution import (
    EPSILON,
    access_poverty,
    gini,
    kolm_pollak_ede,
    kolm_pollak_kappa,
    palma,
    theil,
)
from nhcplanner.access.fairness import (
    MEASURES,
    fairness_note,
    measure_fairness,
    measure_inequality,
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
    erreygers_index,
    gaps,
    slope_index,
    slope_intervals,
    wagstaff_index,
)
from nhcplanner.access.measures import Measure
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
    "CATCHMENT",
    "EPSILON",
    "LACKING",
    "MEASURES",
    "METHODS",
    "NOTICED",
    "NOT_KNOWN",
    "BandCertainty",
    "FloatingAccess",
    "Ground",
    "Measure",
    "Option",
    "Slope",
    "access_poverty",
    "annuity",
    "area_labels",
    "area_of_site",
    "assess",
    "assignment",
    "band_certainty",
    "bands",
    "breakdown",
    "building_use",
    "by_fifth",
    "by_minute",
    "competition",
    "concentration_index",
    "costs",
    "erreygers_index",
    "factor",
    "fairness_note",
    "floating_access",
    "gains",
    "gaps",
    "gini",
    "imd_quintile",
    "kolm_pollak_ede",
    "kolm_pollak_kappa",
    "losers",
    "measure_fairness",
    "measure_inequality",
    "notes",
    "options",
    "palma",
    "part_by_car",
    "per_person",
    "rank",
    "sent_beyond",
    "site_labels",
    "slope_index",
    "slope_intervals",
    "statements",
    "theil",
    "wagstaff_index",
    "window_groups",
    "within",
]
