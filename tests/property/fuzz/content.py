"""Content: small places with sound content by chance, written to files, planned and published."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import osmium
import pandas as pd
from osmium.osm import mutable
from pyproj import Transformer

from nhcplanner import Scenario, workflow
from tests.property.fuzz import canaries

CORNER = (450_000, 520_000)
STEP = 410
"""Metres between places on the road: no minutes on it come near a limit but by the matrix."""
METRES_A_MINUTE = 80.0
HORIZON = 60.0
RANKS = 33_755
"""Areas that the index of deprivation of 2025 ranks."""
THRESHOLDS = (10.0, 15.0, 20.0, 30.0)
MODELS = ("max_coverage", "lowest_hle_first", "p_median", "p_centre", "set_cover")


@dataclass(frozen=True)
class Content:
    """What the files of a small place say.

    Parameters
    ----------
    areas
        `code`, `people`, `rank`, `easting`, `northing`.
    sites
        `site_id`, `site_name`, `kind`, `status`, `easting`, `northing`.
    minutes
        Area x site, as the matrix says or as follows from positions.
    engine
        "matrix", "estimate" or "streets".
    scenario
        What is asked.
    """

    areas: pd.DataFrame
    sites: pd.DataFrame
    minutes: np.ndarray
    engine: str
    scenario: Scenario


INFEASIBLE = 0.1
"""Share of places without any plan that are kept."""


def draw(chance: Random) -> Content:
    """A place with 5 to 9 areas and 3 to 6 sites along a road, mostly one that has a plan."""
    engine = chance.choice(("matrix", "matrix", "estimate", "estimate", "streets"))
    model = chance.choice(MODELS)
    content, any_is_right = _drawn(engine, model, chance), chance.random() < INFEASIBLE
    while not any_is_right and not (is_feasible(content) and is_sharp(content)):
        content = _drawn(engine, model, chance)
    return content


def is_feasible(content: Content) -> bool:
    """Whether some set of as many sites as are asked for meets what the model demands."""
    asked = content.scenario
    most = {"set_cover": asked.reach, "p_median": HORIZON, "p_centre": HORIZON}.get(asked.model)
    nearest = _nearest(content)
    return bool(nearest) and (most is None or any((near <= most).all() for near in nearest))


def is_sharp(content: Content) -> bool:
    """Whether the end of the reach counts: without it, fewer people could be reached.

    True where minutes are not exact, and where the reach decides nothing.
    """
    people, reach = content.areas["people"].to_numpy(), content.scenario.reach
    if content.engine != "matrix" or content.scenario.model in ("p_median", "p_centre"):
        return True
    nearest = _nearest(content)
    most = max((people[near <= reach].sum() for near in nearest), default=0)
    return bool(most > max((people[near < reach].sum() for near in nearest), default=0))


def _nearest(content: Content) -> list[np.ndarray]:
    """Minutes of each area to the nearest of as many sites as are asked for, for each such set."""
    existing = set(np.flatnonzero(content.sites["status"] == "existing"))
    sets = combinations(range(len(content.sites)), content.scenario.count or 0)
    allowed = [list(one) for one in sets if existing <= set(one)]
    return [content.minutes[:, one].min(axis=1) for one in allowed]


def _drawn(engine: str, model: str, chance: Random) -> Content:
    count, sites = chance.randint(5, 9), chance.randint(3, 6)
    at = chance.sample(range(30), count)
    areas = pd.DataFrame(
        {
            "code": [f"E0103{4000 + n}" for n in chance.sample(range(900), count)],
            "people": [chance.randint(1, 40) * 50 for _ in range(count)],
            "rank": chance.sample(range(1, RANKS), count),
            "easting": [CORNER[0] + STEP * n for n in at],
            "northing": CORNER[1],
        }
    )
    names = [f"{name} {n}" for n, name in enumerate(chance.sample(canaries.NAMES, sites))]
    found = pd.DataFrame(
        {
            "site_id": [f"S{n}" for n in chance.sample(range(100), sites)],
            "site_name": names,
            "kind": "hall",
            "status": [chance.choice(("existing", "candidate"))] + ["candidate"] * (sites - 1),
            "easting": [CORNER[0] + STEP * n for n in chance.sample(range(30), sites)],
            "northing": CORNER[1],
        }
    )
    minutes = _minutes(areas, found, engine, chance)
    scenario = Scenario(
        model=model,
        engine=engine,
        reach=_reach(minutes, engine, chance),
        count=chance.randint(1, sites),
        bands=chance.randint(1, 3),
        band_by="imd",
        time_limit=20,
    )
    return Content(areas, found, minutes, engine, scenario)


def _minutes(areas: pd.DataFrame, sites: pd.DataFrame, engine: str, chance: Random) -> np.ndarray:
    if engine == "matrix":
        rows = [[chance.choice((*range(2, 41), *map(int, THRESHOLDS))) for _ in range(len(sites))]
                for _ in range(len(areas))]  # fmt: skip
        return np.array(rows, dtype=np.float64)
    east = areas["easting"].to_numpy(float)[:, None] - sites["easting"].to_numpy(float)
    metres = np.abs(east)
    detour = 1.186 + 306 / (metres + 300) if engine == "estimate" else 1  # of 1.39 at 1.2 km
    minutes = metres / METRES_A_MINUTE * detour
    return np.where(minutes <= HORIZON, minutes, np.inf)


def _reach(minutes: np.ndarray, engine: str, chance: Random) -> float:
    """A reach that some minutes meet exactly, where they are exact; else one that none is near."""
    if engine == "matrix":
        return float(chance.choice(minutes[minutes <= 30]))
    return chance.choice((11.3, 18.1, 23.7))


def permuted(content: Content, chance: Random) -> Content:
    """The same content with its rows in another order."""
    rows = chance.sample(range(len(content.areas)), len(content.areas))
    columns = chance.sample(range(len(content.sites)), len(content.sites))
    return replace(
        content,
        areas=content.areas.iloc[rows].reset_index(drop=True),
        sites=content.sites.iloc[columns].reset_index(drop=True),
        minutes=content.minutes[np.ix_(rows, columns)],
    )


def publish(content: Content, folder: Path) -> dict[str, Any]:
    """Write the content to files, plan it, and read what was published of it."""
    folder.mkdir(parents=True)
    areas = content.areas.rename(columns={"code": "LSOA21CD", "rank": "IMD_rank"})
    areas.to_csv(folder / "areas.csv", index=False)
    content.sites.to_csv(folder / "sites.csv", index=False)
    matrix, streets = None, None
    if content.engine == "matrix":
        matrix = folder / "matrix.csv"
        long = pd.DataFrame(content.minutes, content.areas["code"], content.sites["site_id"])
        long = long.stack().rename("minutes").rename_axis(["area_code", "site_id"])
        long.reset_index().to_csv(matrix, index=False)
    if content.engine == "streets":
        streets = folder / "road.osm"
        _road(streets)
    own = workflow.OwnFiles(
        folder / "areas.csv", folder / "sites.csv", matrix=matrix, streets=streets
    )
    place = workflow.load(workflow.build(own, folder / "place"))
    workflow.write_results(workflow.run(place, content.scenario), folder / "plan")
    record = json.loads((folder / "plan" / "plan.json").read_text(encoding="utf-8"))
    record["areas.csv"] = pd.read_csv(folder / "plan" / "areas.csv", keep_default_na=False)
    record["sites.csv"] = pd.read_csv(folder / "plan" / "sites.csv")
    return record


def _road(path: Path) -> None:
    degrees = Transformer.from_crs(27700, 4326, always_xy=True)
    with osmium.SimpleWriter(str(path)) as out:
        for n in range(30):
            at = degrees.transform(CORNER[0] + STEP * n, CORNER[1])
            out.add_node(mutable.Node(id=n + 1, location=at, version=1))
        tags = {"highway": "residential"}
        out.add_way(mutable.Way(id=1, nodes=range(1, 31), tags=tags, version=1))
        turn = {"type": "restriction", "restriction": "no_u_turn"}
        members = [("w", 1, "from"), ("n", 30, "via"), ("w", 1, "to")]
        out.add_relation(mutable.Relation(id=1, members=members, tags=turn, version=1))
