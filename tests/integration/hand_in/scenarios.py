"""Small places and random scenarios of every model, for checks of whole hand-ins."""

from dataclasses import replace
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner import workflow
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.case import Case
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.domain.scenario import Scenario
from nhcplanner.explore import Wave
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
            "own_carers": np.random.default_rng([seed, 2]).integers(0, 300, number),
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


def one_point(seed: int) -> Place:
    """One area of the made town as a point, without ages and shares, at a town centre."""
    place = made_place(seed)
    names = [
        "area_code",
        "area_name",
        "council_code",
        "council_name",
        "imd_rank",
        "hle",
        "geometry",
    ]
    areas = place.areas.loc[[8], names].reset_index(drop=True).assign(people=3_000)
    areas = areas.set_geometry(areas.geometry.centroid)
    origins = gpd.GeoDataFrame(
        {"origin_id": ["O000"], "area_code": areas["area_code"], "people": [3_000.0]},
        geometry=areas.geometry.array,
        crs=CRS,
    )
    return replace(place, areas=areas, origins=origins)


@cache
def _demo() -> Place:
    return workflow.demo_place()


@cache
def _council() -> Place:
    return workflow.england("Blackpool")


def demo_place(seed: int) -> Place:
    """The demo place with its streets and timetable; some sites with another status."""
    return _with_random_sites(_demo(), np.random.default_rng(seed))


def council_place(seed: int) -> Place:
    """Blackpool, where people start at postcodes; some sites with a status, costs and room."""
    place, random = _council(), np.random.default_rng(seed)
    number = len(place.sites)
    sites = place.sites.assign(
        cost=_some(random, random.uniform(1e6, 9e6, number).round(), 0.1),
        cost_date=random.choice(["2024-04-01", "2025-04-01", ""], number),
        running_cost=_some(random, random.uniform(1e5, 6e5, number).round(), 0.3),
        capacity=_some(random, random.integers(8_000, 60_000, number).astype(float), 0.3),
    )
    return _with_random_sites(replace(place, sites=sites), random)


def _with_random_sites(place: Place, random: np.random.Generator) -> Place:
    """Give up to three sites each the status existing, committed or forbidden."""
    status = place.sites["status"].to_numpy(dtype=object).copy()
    for name in ("existing", "committed", "forbidden"):
        status[random.choice(len(status), random.integers(0, 4), replace=False)] = name
    return replace(place, sites=place.sites.assign(status=status))


def _some(random: np.random.Generator, values: np.ndarray, blank: float) -> np.ndarray:
    """Leave a share of values blank."""
    return np.where(random.random(len(values)) < blank, np.nan, values)


PLACES = {"made": made_place, "demo": demo_place, "council": council_place}
"""Places for random scenarios, by name; each takes a seed."""
MOST_RULES = 2


def random_scenario(seed: int, place: Place) -> Scenario:
    """A scenario of one of the models, with up to two of the rules that it may ask for."""
    random = np.random.default_rng(seed)
    names = sorted(catalogue)
    model = names[seed % len(names)]
    kept = int(place.sites["status"].isin(["existing", "committed"]).sum())
    choices: dict[str, object] = {
        "model": model,
        "engine": "auto" if place.streets is not None and random.random() < 0.7 else "estimate",
        "mode": str(random.choice(["walk", "cycle", "drive"])),
        "reach": float(random.choice([10, 15, 20])),
        "count": kept + int(random.integers(0, 5)),
        "bands": int(random.integers(1, 6)),
        "time_limit": 5,
        "everyone": str(random.choice(["all", "reachable", "reachable"])),
        "slack": float(random.choice([0.0, 0.0, 2.0])),
    }
    if choices["engine"] == "auto" and place.timetable is not None and random.random() < 0.3:
        choices["mode"] = "transit"
    if model == "set_cover":  # any limit would leave it without a plan
        choices |= {"count": None, "everyone": "reachable"}
    rules = _rules(place, random)
    for row in random.choice(len(rules), random.integers(0, MOST_RULES + 1), replace=False):
        choices |= rules[row]
    if model.endswith("within_capacity") and random.random() < 0.5:
        choices["over_capacity_price"] = 0.5
        choices.pop("goals", None)
    if choices.get("band_edges"):
        choices.pop("band_by", None)
    return Scenario(**choices)


def _rules(place: Place, random: np.random.Generator) -> list[dict[str, object]]:
    """Return settings, any of which may be added to a scenario of the place."""
    ids = place.sites["site_id"].tolist()
    free = place.sites.loc[place.sites["status"] == "candidate", "site_id"].tolist()
    pair = "|".join(random.choice(free, 2, replace=False)) if len(free) > 1 else "|".join(ids[:2])
    kind = str(random.choice(place.sites["kind"].to_numpy()))
    people = place.people
    rules: list[dict[str, object]] = [
        {"modes": ("by_car_availability", "walk")},
        {"modes": ("walk", "cycle")},
        {"min_distance_m": float(random.integers(100, 900))},
        {"at_most": (f"kind:{kind}={random.integers(1, 5)}",)},
        {"at_least": ("council:*=1",)},
        {"floors": ("everyone=10",)},
        {"floors": ("imd_quintile:*=1",)},
        {"backup": 5.0},
        {"rules": ("within_minutes:45=20",)},
        {"budget": 4e7},
        {"budget": 4e7, "count": None},
        {"forbid": tuple(free[-1:])},
        {"keep": tuple(free[:1])},
        {"kinds": tuple(sorted({kind, "library"}))},
        {"goals": ("cover_first_band=5", "cover_most", "fewest_centres")},
        {"goals": ("narrowest_gap:imd_quintile", "least_travel")},
        {"goals": ("least_percentile:80", "least_cost"), "budget": 5e7},
        {"goals": ("least_worst", "cover_most")},
        {"goals": ("cover_bands=1", "least_travel")},
        {"goals": ("cover_need",), "need": ("imd_quintile:1=3",)},
        {"goals": ("cover_need",), "need": ("people_85_plus", "disabled_share*people")},
        {"goals": ("cover_need", "least_travel"), "need": ("people_65_84", "band:1=2")},
        {"most_people": round(people / 3), "split": True},
        {"least_people": round(people / 50), "split": True},
        {"least_people": round(people / 60), "most_people": round(people / 2)},
        {"band_edges": (52.0, 55.0, 60.0)},
        {"band_by": "imd"},
        {"at_most_one_of": (pair,)},
        {"exactly_one_of": (pair,)},
        {"exactly": True},
        {"profile": "morning_peak"},
        {"goals": ("worst_group:council", "least_ede:2")},
        {"goals": ("cover_most=5", "widest_spread")},
        {"goals": ("most_access:3000",)},
        {"goals": ("worst_group_minutes:imd_quintile",)},
        {"goals": ("cover_twice", "cover_most"), "rules": ("backup_where_possible=10",)},
    ]
    if "own_carers" in place.areas:
        rules.append({"goals": ("cover_need",), "need": ("own_carers",)})
    return rules


def random_effort(seed: int, place: Place, scenario: Scenario, seconds: float = 4.0):
    """How much evidence: waves and a case at random, and most parts."""
    random = np.random.default_rng([seed, 1])
    waves: tuple[Wave, ...] = ()
    if scenario.count and random.random() < 0.5:
        kept = int(place.sites["status"].isin(["existing", "committed"]).sum())
        first = min(max(kept, scenario.count // 2), scenario.count)
        names = ("2027", "2030") if random.random() < 0.5 else ("first", "last")
        waves = (Wave(names[0], first), Wave(names[1], scenario.count))
    return workflow.Effort.with_options(
        seconds=seconds,
        without=("roles",) if random.random() < 0.7 else (),
        waves=waves,
        rate=float(random.choice([0.0, 0.015, 0.035])),
        case=random_case(random) if random.random() < 0.6 else None,
    )


def random_case(random: np.random.Generator) -> Case:
    """What people state of money, each figure given or left out at random."""

    def given(name: str, value: object) -> dict[str, object]:
        return {name: value} if random.random() < 0.6 else {}

    appraisal = (
        given("price_base", 2026)
        | given("price_index", {2024: 96.1, 2025: 100.0, 2026: 102.4})
        | given("optimism_bias", 0.24)
        | given("capital_includes_vat", bool(random.random() < 0.5))
    )
    options = ("The plan", "Do minimum", "Most people")
    return Case.from_values(
        {
            "author": "Estates",
            "appraisal": appraisal,
            "business_as_usual": given("backlog", 2.5e6) | given("running_cost", 9e5),
            "releases": {
                name: given("backlog", 1e6) | given("running_cost", 3e5) for name in options
            },
            "benefits": given("per_person", 40.0) | given("first_band_weight", 2.0),
        }
    )


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
