"""Who lives where: areas that tile the land, with people, deprivation, cars and centroids."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from country import COUNTY, TOWNS, Town, land
from ground import Ground
from scipy.spatial import cKDTree
from scipy.special import ndtr
from shapely.geometry import MultiPoint, Point

PEOPLE = 350_000
RURAL_AREAS = 32
NATION = 33_755  # ranks of deprivation run from 1, the most deprived
NEAR_CITY = 15_000.0
RURAL_POVERTY = -0.45
COAST = 1_500.0  # metres from the shore
AGES = ("people_0_15", "people_16_64", "people_65_84", "people_85_plus")
ICB = ("X54000001", "Wrack Bay ICB (SYNTHETIC)")


def settle(ground: Ground) -> gpd.GeoDataFrame:
    """One row an area: code, name, council, people, ages, deprivation, cars, centroid, polygon."""
    rng = np.random.default_rng(350_000)
    seeds = pd.concat(
        [*(_town_seeds(rng, ground, town) for town in TOWNS), _rural_seeds(ground)],
        ignore_index=True,
    )
    areas = gpd.GeoDataFrame(seeds, geometry=_tiles(rng, ground, seeds), crs="EPSG:27700")
    areas["people"] = _people(rng, len(areas))
    areas["imd_rank"] = _ranks(rng, areas)
    areas["imd_decile"] = np.ceil(areas["imd_rank"] / NATION * 10).astype(int)
    areas["rural_urban"] = _rural_urban(areas)
    areas["no_car_share"] = _no_car(rng, areas)
    areas[["centroid_x", "centroid_y"]] = _weighted_centroids(rng, ground, areas)
    areas["coastal"] = np.where(_off_shore(areas) < COAST, "coastal", "inland")
    areas[list(AGES)] = _ages(areas)
    areas["disabled_share"] = _disabled(areas)
    areas["icb_code"], areas["icb_name"] = ICB
    areas = areas.sort_values(["council_code", "town", "area_name"], kind="stable")
    areas.insert(0, "area_code", [f"X01{n:06d}" for n in range(1, len(areas) + 1)])
    return areas.drop(columns=["town", "poverty", "x", "y"]).reset_index(drop=True)


def _town_seeds(rng: np.random.Generator, ground: Ground, town: Town) -> pd.DataFrame:
    rows = []
    for district in town.districts:
        corners = ground.points[(ground.place == town.name) & (ground.district == district.name)]
        for number, (x, y) in enumerate(_clusters(rng, corners, district.areas), start=1):
            name = f"{town.name}, {district.name} {number:02d}"
            rows.append((name, *town.council, town.name, district.poverty, x, y))
    return pd.DataFrame(rows, columns=_COLUMNS)


def _rural_seeds(ground: Ground) -> pd.DataFrame:
    """The largest villages, each giving its name to the country around it."""
    names = sorted(ground.villages, key=lambda n: (-(ground.place == n).sum(), n))[:RURAL_AREAS]
    rows = [(name, *COUNTY, "", RURAL_POVERTY, *ground.villages[name]) for name in names]
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = ["area_name", "council_code", "council_name", "town", "poverty", "x", "y"]


def _clusters(rng: np.random.Generator, corners: np.ndarray, count: int) -> np.ndarray:
    """Centres of `count` groups of street corners (Lloyd), so that areas have like housing."""
    centres = corners[rng.choice(len(corners), count, replace=False)]
    for _ in range(25):
        home = cKDTree(centres).query(corners)[1]
        centres = np.array([corners[home == k].mean(axis=0) for k in range(count)])
    return centres


def _tiles(rng: np.random.Generator, ground: Ground, seeds: pd.DataFrame) -> list[shapely.Geometry]:
    """Voronoi cells, of towns inside their footprint and of villages outside, without gaps."""
    country = ground.shore.difference(shapely.union_all(list(ground.footprints.values())))
    kinds = [("", country), *ground.footprints.items()]
    lines = [ground.shore.boundary]
    for town, part in kinds:
        own = seeds[seeds["town"] == town]
        cells = shapely.voronoi_polygons(
            MultiPoint(own[["x", "y"]].to_numpy()), extend_to=ground.shore, only_edges=True
        )
        lines += [part.boundary, *_winding(rng, cells.intersection(part))]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=0.1)]))
    faces = faces[shapely.contains(ground.shore.buffer(1), faces)]
    middles = shapely.point_on_surface(faces)
    owner = np.full(len(faces), -1)
    for town, part in kinds:
        own = seeds.index[seeds["town"] == town]
        inside = np.flatnonzero(shapely.contains(part, middles))
        spots = shapely.get_coordinates(middles[inside])
        owner[inside] = own[cKDTree(seeds.loc[own, ["x", "y"]]).query(spots)[1]]
    return [shapely.union_all(faces[owner == k]) for k in range(len(seeds))]


def _winding(rng: np.random.Generator, edges: shapely.Geometry) -> list[shapely.Geometry]:
    """Edges made to wander as old boundaries do, their ends left where they are."""
    found = []
    for edge in shapely.get_parts(shapely.line_merge(edges)):
        corners = shapely.get_coordinates(edge)
        for start, end in pairwise(corners):
            along = end - start
            share = np.linspace(0, 1, int(np.hypot(*along) / 150) + 3)
            stray = np.convolve(rng.normal(0, 0.05, len(share) + 2), np.ones(3) / 3, "valid")
            stray *= np.sin(np.pi * share)
            path = start + np.outer(share, along) + np.outer(stray, [-along[1], along[0]])
            path[-1] = end
            found.append(shapely.linestrings(path))
    return found


def _people(rng: np.random.Generator, count: int) -> np.ndarray:
    share = np.clip(rng.normal(1, 0.16, count), 0.65, 1.6)
    exact = share / share.sum() * PEOPLE
    people = np.floor(exact).astype(int)
    people[np.argsort(people - exact)[: PEOPLE - people.sum()]] += 1
    return people


def _ranks(rng: np.random.Generator, areas: pd.DataFrame) -> np.ndarray:
    """Rank in the nation: a district's poverty, shaded by its neighbours', with some luck."""
    spots = areas[["x", "y"]].to_numpy()
    away = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    weight = np.exp(-((away / 500) ** 2))
    shaded = weight @ areas["poverty"].to_numpy() / weight.sum(axis=1)
    rank = np.rint((1 - ndtr(shaded + rng.normal(0, 0.42, len(areas)))) * NATION).astype(int)
    taken: set[int] = set()
    for row, wanted in enumerate(np.clip(rank, 1, NATION)):
        free = int(wanted)
        while free in taken:
            free = free + 1 if free < NATION else 1
        taken.add(free)
        rank[row] = free
    return rank


def _rural_urban(areas: pd.DataFrame) -> list[str]:
    city = TOWNS[0].centre
    words = []
    for town, x, y in areas[["town", "x", "y"]].itertuples(index=False):
        near = np.hypot(x - city[0], y - city[1]) < NEAR_CITY
        size = "Urban" if town else "Smaller rural"
        words.append(f"{size}: {'Nearer to' if near else 'Further from'} a major town or city")
    return words


def _no_car(rng: np.random.Generator, areas: pd.DataFrame) -> np.ndarray:
    deprived = 1 - areas["imd_rank"] / NATION
    town = areas["town"].map({"": 0.0, "Estmere": 0.11}).fillna(0.07)
    return np.clip(
        0.04 + town + 0.36 * deprived**1.6 + rng.normal(0, 0.03, len(areas)), 0.02, 0.7
    ).round(3)


def _off_shore(areas: gpd.GeoDataFrame) -> np.ndarray:
    """Metres from each area's people to the sea."""
    spots = shapely.points(areas[["centroid_x", "centroid_y"]].to_numpy())
    return shapely.distance(spots, land().exterior)


def _ages(areas: pd.DataFrame) -> np.ndarray:
    """People by age: villages and the coast are older, poor districts younger."""
    rng = np.random.default_rng(65)
    deprived = 1 - areas["imd_rank"].to_numpy() / NATION
    older = 0.04 * (areas["town"] == "") + 0.05 * (areas["coastal"] == "coastal")
    old = np.clip(0.17 + older - 0.05 * deprived + rng.normal(0, 0.02, len(areas)), 0.06, 0.4)
    very_old = old * np.clip(rng.normal(0.13, 0.02, len(areas)), 0.05, 0.25)
    young = np.clip(0.16 + 0.07 * deprived + rng.normal(0, 0.015, len(areas)), 0.08, 0.3)
    people = areas["people"].to_numpy()
    counts = {
        "people_0_15": np.rint(young * people),
        "people_65_84": np.rint((old - very_old) * people),
        "people_85_plus": np.rint(very_old * people),
    }
    counts["people_16_64"] = people - sum(counts.values())
    return np.column_stack([counts[name] for name in AGES]).astype(int)


def _disabled(areas: pd.DataFrame) -> np.ndarray:
    """Share of disabled people: the old and the poor more often."""
    rng = np.random.default_rng(2010)
    deprived = 1 - areas["imd_rank"] / NATION
    old = (areas["people_65_84"] + areas["people_85_plus"]) / areas["people"]
    share = 0.06 + 0.12 * deprived + 0.3 * old + rng.normal(0, 0.01, len(areas))
    return np.clip(share, 0.04, 0.45).round(3)


def _weighted_centroids(
    rng: np.random.Generator, ground: Ground, areas: gpd.GeoDataFrame
) -> np.ndarray:
    """Where an area's people live on average: its street corners, weighed by homes."""
    lived = np.isin(ground.kind, ("town", "village"))
    corners, homes = ground.points[lived], rng.lognormal(0, 0.7, int(lived.sum()))
    found = []
    for shape, x, y in zip(areas.geometry, areas["x"], areas["y"], strict=True):
        inside = shapely.contains_xy(shape, corners)
        spot = np.average(corners[inside], axis=0, weights=homes[inside])
        found.append(spot if shape.contains(Point(spot)) else (x, y))
    return np.round(found, 0)
