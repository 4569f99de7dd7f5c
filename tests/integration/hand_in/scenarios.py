"""Small places and random scenarios of every model, for checks of whole hand-ins."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner import workflow
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import catalogue
from nhcplanner.outputs import write_handin

FEW = workflow.Effort.with_options(seconds=4, without=("roles",))


def made_place(seed: int) -> Place:
    """A square town of 24 areas and 10 sites, with blanks in every column that may have them."""
    random = np.random.default_rng(seed)
    side, cell = 6, 700.0
    boxes = [
        shapely.box(x * cell, y * cell, (x + 1) * cell, (y + 1) * cell)
        for y in range(4) for x in range(side)
    ]  # fmt: skip
    number = len(boxes)
    people = random.integers(0, 2_500, number).astype(np.int64)
    people[0] = 0  # nobody lives there

    def some(values, share=0.15):
        return np.where(random.random(number) < share, np.nan, values)

    hle = some(random.uniform(50, 70, number).round(1))
    ages = random.multinomial(1_000, [0.2, 0.6, 0.17, 0.03], number) / 1_000 * people[:, None]
    areas = gpd.GeoDataFrame(
        {
            "area_code": [f"E0100{n:04d}" for n in range(number)],
            "area_name": [f"Área {n}" for n in range(number)],
            "people": people,
            "council_code": np.where(np.arange(number) % side < 3, "E06000001", "E06000002"),
            "council_name": np.where(np.arange(number) % side < 3, "West", "East"),
            "imd_rank": some(random.permutation(33_755)[:number] + 1.0),
            "hle": hle,
            "hle_low": hle - 2,
            "hle_high": hle + 2,
            "rural_urban": pd.Series(random.choice(["Urban", "Rural"], number)).where(
                random.random(number) > 0.1
            ),
            "people_0_15": ages[:, 0],
            "people_16_64": some(ages[:, 1]),
            "people_65_84": ages[:, 2],
            "people_85_plus": ages[:, 3],
            "disabled_share": some(random.uniform(0.05, 0.3, number).round(3)),
            "no_car_share": some(random.uniform(0.05, 0.6, number).round(3)),
        },
        geometry=boxes,
        crs=CRS,
    )
    twice = np.repeat(np.arange(number), random.integers(1, 3, number))
    parts = np.bincount(twice)[twice]
    points = [
        shapely.Point(
            boxes[n].centroid.x + random.uniform(-200, 200),
            boxes[n].centroid.y + random.uniform(-200, 200),
        )
        for n in twice
    ]
    origins = gpd.GeoDataFrame(
        {
            "origin_id": [f"O{n:03d}" for n in range(len(twice))],
            "area_code": areas["area_code"].to_numpy()[twice],
            "people": people[twice] / parts,
        },
        geometry=points,
        crs=CRS,
    )
    count = 10
    status = random.choice(["candidate", "candidate", "candidate", "existing"], count).astype(
        object
    )
    status[:3] = ["existing", "committed", "forbidden"]
    sites = gpd.GeoDataFrame(
        {
            "site_id": [f"S{n:02d}" for n in range(count)],
            "site_name": [f"Building {n}" for n in range(count)],
            "kind": random.choice(["library", "clinic"], count),
            "status": status,
            "cost": np.where(
                random.random(count) < 0.2, np.nan, random.uniform(1e6, 9e6, count).round()
            ),
            "cost_date": "2025-04-01",
            "running_cost": np.where(
                random.random(count) < 0.3, np.nan, random.uniform(1e5, 6e5, count).round()
            ),
            "capacity": np.where(
                random.random(count) < 0.3, np.nan, random.integers(2_000, 12_000, count)
            ),
        },
        geometry=[
            shapely.Point(*random.uniform([0, 0], [side * cell, 4 * cell])) for _ in range(count)
        ],
        crs=CRS,
    )
    source = Source("areas", "Made", "nobody", licence="OGL v3")
    return Place(
        "Made town", areas, sites, origins, (source,), index_name="IMD 2025", synthetic=True
    )


def random_scenario(seed: int, place: Place) -> Scenario:
    """A scenario of one of the models, with some of the rules that a scenario may ask for."""
    random = np.random.default_rng(seed)
    names = sorted(catalogue)
    model = names[seed % len(names)]
    ids = place.sites["site_id"].tolist()
    kept = place.sites["status"].isin(["existing", "committed"]).sum()
    asked: dict[str, object] = {
        "model": model,
        "engine": "estimate",
        "mode": str(random.choice(["walk", "cycle", "drive"])),
        "reach": float(random.choice([10, 15, 20])),
        "count": int(kept + random.integers(0, 5)),
        "bands": int(random.integers(1, 6)),
        "time_limit": 5,
        "everyone": str(random.choice(["all", "reachable"])),
    }
    rules: list[dict[str, object]] = [
        {},
        {"modes": ("by_car_availability", "walk")},
        {"min_distance_m": float(random.integers(100, 900))},
        {"at_most": ("kind:library=4",)},
        {"at_least": ("council:*=1",)} if "council_name" in place.areas else {},
        {"floors": ("everyone=10",)},
        {"backup": 5.0},
        {"rules": ("within_minutes:45=20",)},
        {"budget": 2e7},
        {"forbid": (ids[-1],)},
        {"goals": ("cover_first_band=5", "cover_most", "fewest_centres")},
        {"goals": ("narrowest_gap:imd_quintile", "least_travel")},
        {"goals": ("least_percentile:80", "least_cost"), "budget": 5e7},
        {"goals": ("cover_need",), "need": ("imd_quintile:1=3",)},
        {"most_people": 60_000.0, "split": True},
        {"band_edges": (55.0, 60.0, 65.0)},
        {"at_most_one_of": (f"{ids[-2]}|{ids[-3]}",)},
        {"exactly": True},
    ]
    asked |= rules[int(random.integers(len(rules)))]
    if model.endswith("within_capacity") and random.random() < 0.5:
        asked["over_capacity_price"] = 0.5
        asked.pop("goals", None)
    return Scenario(**asked)


def export(place: Place, scenario: Scenario, folder, formats, effort=FEW):
    """Plan and export a hand-in; return whether the scenario could be planned at all."""
    try:
        outcome = workflow.run(place, scenario)
        evidence = workflow.gather_evidence(outcome, effort)
    except PlannerError:
        return False
    write_handin(evidence, folder, formats)
    return True


def without_networks(place: Place) -> Place:
    """The place measured by straight lines only."""
    return replace(place, streets=None, timetable=None, matrix=None, times=None)
