"""Straight-line estimates held against official distances and minutes to the nearest surgery.

    NHCPLANNER_REAL=... python tests/benchmarks/estimate_truth.py

The truth: road kilometres to the nearest GP surgery (Indices of Deprivation 2019, all England), and
DfT's minutes to it by cycle and by car (Journey Time Statistics 2017, half of the districts). Areas
whose code is the same in 2011 and 2021. The surgeries are those of data/england: practices of 2026
and branches of 2017, not the ones of those years, so single areas differ for that reason too;
medians by class hardly do. Areas whose nearest surgery is plainly another one (the road is shorter
than the straight line) are counted and left out.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from nhcplanner.layers.england import store
from nhcplanner.travel.straight_line import estimate

SURGERIES = ("gp_practice", "branch_surgery")
EDGES = (0.0, 0.4, 0.8, 1.6, 3.0, 6.0, 15.0, 60.0)
"""Straight kilometres at which classes begin."""

WALK_KM_PER_MINUTE = 4.8 / 60
"""Of walking, by which kilometres and minutes are compared."""


def main(real: Path) -> None:
    """Print the tables."""
    areas = origins()
    kilometres = truth(real, "iod2019_road_distance_km_lsoa11").join(areas, how="inner")
    kilometres = kilometres.dropna(subset=["km_gp_surgery"])
    short = kilometres["km_gp_surgery"] < kilometres["straight_km"]
    show(f"road shorter than the straight line (another surgery): {short.mean():.1%} left out")
    kept = kilometres[~short & (kilometres["straight_km"] > 0.05)]
    walk = kept["estimate_walk"] * WALK_KM_PER_MINUTE
    show("\nroad km over straight km, and our walking km less road km")
    columns = {"detour": kept["km_gp_surgery"] / kept["straight_km"]}
    columns["error_km"] = walk - kept["km_gp_surgery"]
    show(by_class(kept, columns).to_string())
    minutes = truth(real, "dft_jts2017_minutes_lsoa11_part_a").join(areas, how="inner")
    for mode, column in (("cycle", "GPCyct"), ("drive", "GPCart")):
        told = minutes.dropna(subset=[column])
        show(f"\n{mode}: our minutes less DfT's, to the nearest surgery")
        show(by_class(told, {"error": told[f"estimate_{mode}"] - told[column]}).to_string())


def show(text: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{text}\n")


def origins() -> pd.DataFrame:
    """Index area code: rural, straight km to the nearest surgery, our minutes by mode."""
    table = store.layer("areas", ["area_code", "rural_urban", "centroid_x", "centroid_y"])
    sites = store.layer("sites")
    points = sites.loc[sites["kind"].isin(SURGERIES), ["easting", "northing"]].to_numpy(float)
    at = table[["centroid_x", "centroid_y"]].to_numpy()
    metres, nearest = KDTree(points).query(at)
    rural = table["rural_urban"].str.contains("rural").to_numpy()
    found = {"rural": rural, "straight_km": metres / 1000}
    for mode in ("walk", "cycle", "drive"):
        found[f"estimate_{mode}"] = _minutes(at, points[nearest], mode, rural)
    return pd.DataFrame(found, index=table["area_code"])


def _minutes(at: np.ndarray, to: np.ndarray, mode: str, rural: np.ndarray) -> np.ndarray:
    """Our estimate for pairs, from its own line, which two distances tell."""
    start, far = (
        np.array([
            estimate([[0.0, 0.0]], [[metres, 0.0]], mode, 10_000.0, [side]).minutes.toarray()[0, 0]
            for side in (False, True)
        ])
        for metres in (1.0, 10_001.0)
    )  # fmt: skip
    per_km = (far - start) / 10.0
    kilometres = np.hypot(*(at - to).T) / 1000
    side = rural.astype(int)
    return start[side] + per_km[side] * kilometres


def truth(real: Path, name: str) -> pd.DataFrame:
    """A table of the truth by code of 2021, for areas that have not changed."""
    table = pd.read_csv(real / "truth" / f"{name}.csv.gz")
    return table.dropna(subset=["lsoa21_code_if_unchanged"]).set_index("lsoa21_code_if_unchanged")


def by_class(rows: pd.DataFrame, columns: dict[str, pd.Series]) -> pd.DataFrame:
    """Quartiles by rural class and straight distance."""
    band = pd.cut(rows["straight_km"], EDGES, right=False)
    side = rows["rural"].map({True: "rural", False: "urban"})
    found = {}
    for name, values in columns.items():
        groups = values.groupby([side, band], observed=True)
        found["areas"] = groups.size()
        for share, label in ((0.25, "quarter"), (0.5, "median"), (0.75, "three quarters")):
            found[f"{name} {label}"] = groups.quantile(share).round(2)
    return pd.DataFrame(found)


if __name__ == "__main__":
    if "NHCPLANNER_REAL" not in os.environ:
        sys.exit("Set NHCPLANNER_REAL to the folder of real layers")
    main(Path(os.environ["NHCPLANNER_REAL"]))
