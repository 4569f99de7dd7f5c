"""Buildings that an integrated care board might hold, and what is known of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from country import TOWNS
from ground import Ground
from streets import Streets

# For each kind: buildings in Estmere, Saltwrack, Market Vetch, Aldermarch, Quillborough and in
# villages; usual floor area in square metres; words for its name.
KINDS = {
    "gp_practice": ((17, 4, 3, 2, 1, 8), 750, "Surgery"),
    "health_centre": ((4, 1, 1, 0, 0, 0), 2_400, "Health Centre"),
    "clinic": ((4, 1, 0, 0, 0, 1), 900, "Clinic"),
    "community_hospital": ((1, 1, 0, 1, 0, 0), 6_000, "Community Hospital"),
    "library": ((6, 2, 1, 1, 1, 0), 1_100, "Library"),
    "council_office": ((2, 1, 1, 0, 1, 0), 2_800, "Council Office"),
    "leisure_centre": ((3, 1, 1, 1, 0, 0), 3_600, "Leisure Centre"),
    "community_centre": ((4, 1, 0, 0, 0, 4), 600, "Community Centre"),
    "retail_unit": ((5, 1, 1, 1, 1, 0), 1_700, "Retail Unit"),
}
# The building of that kind nearest to a district's middle.
STATUS = {
    ("Estmere", "health_centre", "Orchard Vale"): "existing",
    ("Market Vetch", "health_centre", "Cornhill"): "existing",
    ("Estmere", "leisure_centre", "Eastgate"): "committed",
    ("Saltwrack", "retail_unit", "Pier"): "forbidden",
}
ON_MAIN_ROADS = ("library", "council_office", "retail_unit", "leisure_centre")
POUNDS_PER_M2, PEOPLE_PER_M2 = 2_700, 7.5
TENURES = ("Freehold, NHS trust", "Leasehold, NHS Property Services", "Leasehold, GP partners",
           "Freehold, council")  # fmt: skip
CONSTRAINTS = ("Listed building", "Flood zone 2", "No lift", "Little parking")
PLANNING = ("Not needed", "Pre-application advice", "Outline permission", "Applied for")
ARCHETYPES = ("Hub and spoke", "Repurposed civic or high-street space", "Cohort-specific hub",
              "Purpose-built")  # fmt: skip
RUNNING_POUNDS_PER_M2 = 210
COST_DATES = ("2024-10-01", "2025-04-01", "2025-10-01")


def list_buildings(ground: Ground, streets: Streets) -> pd.DataFrame:
    """One row a building, with blanks where an owner does not know."""
    rng = np.random.default_rng(90)
    rows = []
    for number, town in enumerate(TOWNS):
        kinds = [kind for kind, (counts, *_) in KINDS.items() for _ in range(counts[number])]
        rows += _in_town(rng, ground, streets, town.name, kinds)
    kinds = [kind for kind, (counts, *_) in KINDS.items() for _ in range(counts[-1])]
    largest = sorted(ground.villages, key=lambda name: (-(ground.place == name).sum(), name))
    for village, kind in zip(largest, rng.permutation(kinds), strict=False):
        rows.append((village, village, str(kind), ground.at(village)))
    sites = pd.DataFrame(rows, columns=["town", "district", "kind", "corner"])
    offset = rng.uniform(-30, 30, (len(sites), 2))
    sites[["easting", "northing"]] = np.round(ground.points[sites["corner"]] + offset, 0).astype(
        int
    )
    sites["site_name"] = _names(sites)
    sites["status"] = _status(sites)
    _facts(rng, sites)
    _papers(sites)
    sites.insert(0, "site_id", [f"S{number:03d}" for number in range(1, len(sites) + 1)])
    return sites[
        ["site_id", "site_name", "kind", "status", "easting", "northing", "capacity",
         "floor_area_m2", "size_date", "cost", "cost_date", "running_cost", "works", "tenure",
         "constraints", "planning_status", "service_model", "neighbourhood"]
    ]  # fmt: skip


def _in_town(
    rng: np.random.Generator, ground: Ground, streets: Streets, town: str, kinds: list[str]
) -> list[tuple]:
    """Spread buildings over a town: none near another, shops and the like on main roads."""
    pool = rng.permutation(np.flatnonzero(ground.place == town))
    main = np.unique(streets.ends[np.isin(streets.road, ("primary", "secondary", "tertiary"))])
    gap = 50 * np.sqrt(len(pool) / len(kinds))
    taken: list[int] = []
    rows = []
    for kind in sorted(kinds, key=lambda word: word not in ON_MAIN_ROADS):
        allowed = pool[np.isin(pool, main)] if kind in ON_MAIN_ROADS else pool
        for corner in allowed:
            away = np.hypot(*(ground.points[taken] - ground.points[corner]).T)
            if not taken or away.min() > gap:
                break
        else:
            raise ValueError(f"{town} has no room for another {kind}")
        taken.append(int(corner))
        rows.append((town, str(ground.district[corner]), kind, int(corner)))
    return rows


def _names(sites: pd.DataFrame) -> list[str]:
    seen: dict[str, int] = {}
    names = []
    for district, kind in sites[["district", "kind"]].itertuples(index=False):
        name = f"{district} {KINDS[kind][2]}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return names


def _status(sites: pd.DataFrame) -> pd.Series:
    status = pd.Series("candidate", index=sites.index)
    middles = {
        (town.name, d.name): town.centre + 1000 * np.array([d.east, d.north])
        for town in TOWNS
        for d in town.districts
    }
    for (town, kind, district), word in STATUS.items():
        own = sites[(sites["town"] == town) & (sites["kind"] == kind)]
        away = np.hypot(*(own[["easting", "northing"]] - middles[town, district]).to_numpy().T)
        status[own.index[away.argmin()]] = word
    return status


def _facts(rng: np.random.Generator, sites: pd.DataFrame) -> None:
    """Floor area, capacity and dated cost, where their owners know them."""
    count = len(sites)
    usual = sites["kind"].map({kind: size for kind, (_, size, _) in KINDS.items()})
    floor = (usual * rng.lognormal(0, 0.22, count) / 10).round() * 10
    capacity = (floor * PEOPLE_PER_M2 * rng.uniform(0.85, 1.15, count) / 100).round() * 100
    cost = (floor * POUNDS_PER_M2 * rng.uniform(0.7, 1.4, count) / 10_000).round() * 10_000
    sites["floor_area_m2"] = floor.where(rng.random(count) < 0.8)
    sites["capacity"] = capacity.where(rng.random(count) < 0.7)
    known = (rng.random(count) < 0.65) & (sites["status"] != "existing")
    sites["cost"] = cost.where(known)
    sites["cost_date"] = pd.Series(rng.choice(COST_DATES, count), dtype="str").where(known)


def _papers(sites: pd.DataFrame) -> None:
    """What the pipeline asks beside size and cost, where somebody has answered."""
    rng = np.random.default_rng(54)
    count = len(sites)

    def answered(words: tuple[str, ...], share: float) -> pd.Series:
        return pd.Series(rng.choice(words, count), dtype="str").where(rng.random(count) < share)

    running = (sites["floor_area_m2"] * RUNNING_POUNDS_PER_M2 / 1_000).round() * 1_000
    sites["running_cost"] = running.where(sites["cost"].notna() & (rng.random(count) < 0.8))
    sized = sites[["floor_area_m2", "capacity"]].notna().any(axis=1)
    sites["size_date"] = answered(COST_DATES, 1.0).where(sized)
    works = np.where(sites["kind"] == "retail_unit", "refurbishment", "extension")
    works = np.where(sites["floor_area_m2"] > 2_000, "refurbishment", works)
    sites["works"] = pd.Series(works, dtype="str").where(sites["status"] != "existing", "none")
    sites["tenure"] = answered(TENURES, 0.7)
    sites["constraints"] = answered(CONSTRAINTS, 0.35)
    sites["planning_status"] = answered(PLANNING, 0.5)
    sites["service_model"] = answered(ARCHETYPES, 0.4)
    sites["neighbourhood"] = sites["town"].where(sites["town"] != sites["district"], "Country")
