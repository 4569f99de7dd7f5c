"""The straight-line estimate against every pair worked out in full."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nhcplanner.travel import estimate

points = st.integers(1, 20).flatmap(
    lambda n: arrays(np.float64, (n, 2), elements=st.integers(-9000, 9000).map(float))
)


@settings(deadline=None)
@given(points, points, st.sampled_from(["walk", "drive"]), st.integers(1, 60), st.booleans())
def test_each_pair_has_the_minutes_of_its_distance(origins, sites, mode, horizon, rural):
    km = np.hypot(*(origins[:, None] - sites[None]).transpose(2, 0, 1)) / 1000
    rural_drive = 6.745 + 0.834 * km + 9.695 * km / (km + 10)
    drive = rural_drive if rural else 6.29 + 0.715 * km + 15.94 * km / (km + 10)
    street = 1.186 * km + 0.306 * km / (km + 0.3)
    full = street / 4.8 * 60 if mode == "walk" else drive
    times = estimate(origins, sites, mode, horizon, [rural] * len(origins))
    rows, cols = times.minutes.tocoo().coords
    stored = np.zeros(full.shape, dtype=bool)
    stored[rows, cols] = True
    clear = np.abs(full - horizon) > 1e-6
    assert (stored == (full <= horizon))[clear].all()
    assert np.allclose(times.minutes.data, full[rows, cols], atol=1e-4)


@settings(deadline=None)
@given(points, points)
def test_one_site_more_never_lengthens_the_way_to_the_nearest(origins, sites):
    whole = estimate(origins, sites).nearest(range(len(sites)))
    fewer = estimate(origins, sites).nearest(range(len(sites) - 1))
    assert (whole <= fewer).all()
