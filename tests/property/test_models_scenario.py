"""What a scenario asks for, any mix of its lines, agrees with trying every plan there is.

The evaluator knows the problem's arrays and the scenario's words, and nothing of the package.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linprog

from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import goals, solve
from nhcplanner.models.scenario_model import build_model

from .oracle import agrees

BLOCK = 60
PLAIN = (
    "max_coverage", "lowest_hle_first", "set_cover", "p_median", "fairest_journeys", "p_centre",
)  # fmt: skip
SENDING = ("max_coverage_within_capacity", "p_median_within_capacity")
GOALS = (
    "cover_bands", "cover_most", "cover_need", "least_travel", "least_percentile:90",
    "least_worst", "narrowest_gap:council", "least_cost", "fewest_centres",
    "least_ede:2", "worst_group:council", "worst_group_minutes:council", "cover_twice",
    "widest_spread", "most_access:40",
)  # fmt: skip
NEEDS_ALL = (
    "p_median", "p_centre", "p_median_within_capacity", "least_travel", "least_worst",
    "fairest_journeys", "least_ede:2", "worst_group_minutes:council",
)  # fmt: skip


class World:
    """A small place with a scenario drawn by a seed, and what each line of it means."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.areas, self.sites = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        there = rng.random((self.areas, self.sites)) < rng.choice([0.7, 0.9, 1.0])
        drawn = rng.integers(0, 40, (self.areas, self.sites))
        self.minutes = np.where(there, drawn, np.inf)
        self.people = rng.integers(0, 50, self.areas) + (0.25 if seed % 3 == 0 else 0.0)
        self.bands = rng.integers(1, 4, self.areas)
        self.need = rng.integers(-2 if seed % 4 == 1 else 1, 4, self.areas).astype(float)
        self.row_council = rng.choice(["A", "B"], self.areas)
        self.site = {
            "kind": rng.choice(["gp", "library"], self.sites),
            "council": rng.choice(["A", "B"], self.sites),
            "icb": rng.choice(["X", "Y"], self.sites),
            "site_id": np.array([f"s{j}" for j in range(self.sites)]),
        }
        self.xy = rng.integers(0, 100, (self.sites, 2)).astype(float)
        self.cost = rng.integers(0, 10, self.sites).astype(float)
        room = rng.integers(20, 150, self.sites).astype(float)
        self.capacity = np.where(rng.random(self.sites) < 0.3, np.nan, room)
        self.reach = float(rng.integers(12, 36))
        self.keep = np.flatnonzero(rng.random(self.sites) < 0.08).tolist()
        self.forbid = np.flatnonzero(rng.random(self.sites) < 0.1).tolist()
        self.count = int(rng.integers(1, self.sites + 1)) if rng.random() < 0.5 else None
        self.budget = float(rng.integers(4, 30)) if rng.random() < 0.4 else None
        self.scenario = self._scenario()

    @property
    def problem(self) -> Problem:
        return Problem.from_minutes(
            self.minutes, people=self.people, bands=self.bands, reach=self.reach,
            count=self.count, budget=self.budget, cost=self.cost, capacity=self.capacity,
            keep=self.keep, forbid=self.forbid, need=self.need, site_xy=self.xy,
            row_groups={"council": self.row_council}, site_groups=self.site,
        )  # fmt: skip

    def _scenario(self) -> Scenario:
        rng = self.rng
        asked = {"model": str(rng.choice(PLAIN + SENDING * 2)), "slack": rng.choice([0, 0, 5, 20])}
        if rng.random() < 0.5:
            number = int(rng.integers(1, 3))
            drawn = [str(g) for g in rng.choice(GOALS, number, replace=False)]
            if (self.count or 0) < 2:
                drawn = ["cover_most" if g == "widest_spread" else g for g in drawn]
            asked["goals"] = tuple(dict.fromkeys(drawn))
        if asked["model"] in SENDING or rng.random() < 0.3:
            asked |= self._footprints(asked)
        lines = self._lines()
        for draw in rng.permutation(len(lines))[: rng.integers(0, 4)]:
            asked |= lines[draw]
        return Scenario(**asked)

    def _footprints(self, asked: dict) -> dict:
        rng = self.rng
        drawn = {"split": bool(rng.random() < 0.4)}
        if rng.random() < 0.5:
            drawn["most_people"] = float(rng.integers(30, 120))
        if rng.random() < 0.3:
            drawn["least_people"] = float(rng.integers(5, 30))
        if "goals" not in asked and asked["model"] in SENDING and rng.random() < 0.3:
            drawn["over_capacity_price"] = float(rng.choice([0.25, 0.5]))
        return drawn

    def _lines(self) -> list[dict]:
        rng = self.rng
        number, share = int(rng.integers(0, 3)), int(rng.choice([20, 40, 60]))
        pair = "|".join(rng.choice(self.site["site_id"], 2, replace=False))
        return [
            {"at_most": (f"kind:*={number}",)},
            {"at_most": (f"council:*={number}", f"icb:*={number + 1}")},
            {"at_least": (f"council:{self.site['council'][0]}=1",)},
            {"at_most_one_of": (pair,)},
            {"exactly_one_of": (pair,)},
            {"min_distance_m": float(rng.integers(10, 50)), "backup": 20},
            {"backup": share},
            {"floors": (f"everyone={share}",)},
            {"floors": ("band:*=30", f"council:{self.row_council[0]}={share}")},
            {"exactly": self.count is not None},
            {"rules": (f"backup_where_possible={share}",)},
        ]

    @property
    def allowed(self) -> list[int]:
        return [j for j in range(self.sites) if j not in self.forbid]

    def near(self, chosen: list[int]) -> np.ndarray:
        return self.minutes[:, chosen].min(axis=1, initial=np.inf)

    def within(self, chosen: list[int], rows: np.ndarray | None = None) -> float:
        rows = np.ones(self.areas, dtype=bool) if rows is None else rows
        return float(self.people[rows & (self.near(chosen) <= self.reach)].sum())

    def plans(self) -> list[list[int]]:
        """Every set of sites that keeps all rules."""
        free = [j for j in range(self.sites) if j not in self.forbid]
        every = [list(s) for k in range(len(free) + 1) for s in combinations(free, k)]
        return [chosen for chosen in every if self.keeps(chosen)]

    def keeps(self, chosen: list[int]) -> bool:
        asked, number = self.scenario, len(chosen)
        return (
            set(self.keep) <= set(chosen)
            and (self.count is None or number <= self.count)
            and (self.budget is None or self.cost[chosen].sum() <= self.budget)
            and (not asked.exactly or number == self.count)
            and ("widest_spread" not in asked.goals or number == self.count)
            and self._numbers(chosen)
            and self._apart(chosen)
            and self._shares(chosen)
            and self._everyone(chosen)
            and (self.service is None or self.best_way(tuple(chosen)) is not None)
        )

    def _numbers(self, chosen: list[int]) -> bool:
        asked, ids = self.scenario, self.site["site_id"][chosen]
        for lines, fits in ((asked.at_most, int.__le__), (asked.at_least, int.__ge__)):
            for line in lines:
                group, label, number = line.replace("=", ":").split(":")
                labels = set(self.site[group]) if label == "*" else {label}
                there = [int((self.site[group][chosen] == one).sum()) for one in labels]
                if not all(fits(n, int(number)) for n in there):
                    return False
        at_most = [len({*line.split("|")} & {*ids}) <= 1 for line in asked.at_most_one_of]
        just = [len({*line.split("|")} & {*ids}) == 1 for line in asked.exactly_one_of]
        return all(at_most + just)

    def _apart(self, chosen: list[int]) -> bool:
        metres = self.scenario.min_distance_m or 0.0
        return all(
            np.hypot(*(self.xy[i] - self.xy[j])) >= metres or {i, j} <= set(self.keep)
            for i, j in combinations(chosen, 2)
        )

    def _shares(self, chosen: list[int]) -> bool:
        twice = (self.minutes[:, chosen] <= self.reach).sum(axis=1) >= 2
        if self.people[twice].sum() < (self.scenario.backup or 0) / 100 * self.people.sum() - 1e-7:
            return False
        for line in self.scenario.rules:
            can = (self.minutes[:, self.allowed] <= self.reach).sum(axis=1) >= 2
            least = float(line.split("=")[1]) / 100 * self.people[can].sum()
            if self.people[twice].sum() < least - 1e-7:
                return False
        for line in self.scenario.floors:
            name, share = line.split("=")
            group, _, label = name.partition(":")
            of_group = {"band": self.bands.astype(str), "council": self.row_council}.get(group)
            for one in {label} if label != "*" else set(of_group):
                rows = None if of_group is None else of_group == one
                people = self.people.sum() if rows is None else self.people[rows].sum()
                if self.within(chosen, rows) < float(share) / 100 * people - 1e-7:
                    return False
        return True

    def _everyone(self, chosen: list[int]) -> bool:
        model, asked = self.scenario.model, self.scenario.goals
        near = self.near(chosen)[self.people > 0]
        if model == "set_cover" and (near > self.reach).any():
            return False
        if {model, *asked} & set(NEEDS_ALL) and np.isinf(near).any():
            return False
        return "least_percentile:90" not in asked or np.isfinite(self._percentile(chosen))

    @property
    def service(self) -> dict | None:
        """Who is sent, and the limits; None where nobody is."""
        asked = self.scenario
        if asked.model not in SENDING and not asked.least_people and asked.most_people is None:
            return None
        most = np.inf if asked.most_people is None else asked.most_people
        return {
            "everyone": asked.model != "max_coverage_within_capacity",
            "room": np.where(np.isnan(self.capacity), most, np.minimum(self.capacity, most)),
            "least": asked.least_people,
            "price": asked.over_capacity_price,
        }

    def best_way(self, chosen: tuple[int, ...]) -> float | None:
        """What people sent to some sites count at best; None where the limits cannot be kept."""
        farthest = 1e9 if self.service["everyone"] else self.reach
        far = self.minutes[:, list(chosen)]
        usable = (far <= farthest) & (self.people > 0)[:, None]
        worth = far if self.service["everyone"] else -np.ones_like(far)
        cost = np.where(usable, self.people[:, None] * np.where(usable, worth, 0), np.inf)
        way = self._shared if self.scenario.split else self._whole
        found = way(cost, list(chosen))
        return found if found is None or self.service["everyone"] else -found

    def _whole(self, cost: np.ndarray, chosen: list[int]) -> float | None:
        """Each row to one site or, where it may, to none: the least cost of all ways."""
        asked, none = self.service, len(chosen)
        somewhere = asked["everyone"] & (self.people > 0)
        options = [
            [*np.flatnonzero(np.isfinite(row)), *([] if must else [none])]
            for row, must in zip(cost, somewhere, strict=True)
        ]
        ways = np.array(list(product(*options)), dtype=int).reshape(-1, self.areas)
        if not len(ways):
            return None
        load = np.array([[self.people[way == j].sum() for j in range(none)] for way in ways])
        load = load.reshape(len(ways), none)
        over = np.maximum(load - asked["room"][chosen], 0).sum(axis=1)
        paid = np.column_stack([cost, np.zeros(self.areas)])[np.arange(self.areas), ways]
        total = paid.sum(axis=1) + over * (asked["price"] or 0.0)
        fits = (load >= asked["least"]).all(axis=1)
        fits &= (over == 0) | (asked["price"] is not None)
        return float(total[fits].min()) if fits.any() else None

    def _shared(self, cost: np.ndarray, chosen: list[int]) -> float | None:
        """Rows shared among sites: a linear program of shares, then people beyond room."""
        asked, number = self.service, len(chosen)
        rows, columns = np.nonzero(np.isfinite(cost))
        some = np.flatnonzero(self.people > 0)
        whole = (some[:, None] == rows).astype(float)
        load = (np.arange(number)[:, None] == columns) * self.people[rows]
        none, beyond = np.zeros((len(some), number)), np.eye(number)
        at_most = [np.hstack([load, -beyond]), np.hstack([-load, 0 * beyond])]
        sides = [asked["room"][chosen], np.full(number, -asked["least"])]
        everyone = {"A_eq": np.hstack([whole, none]), "b_eq": np.ones(len(some))}
        if not asked["everyone"]:
            at_most, sides = [*at_most, everyone["A_eq"]], [*sides, everyone["b_eq"]]
            everyone = {}
        price = asked["price"]
        limits = [(0, 1)] * len(rows) + [(0, 0 if price is None else None)] * number
        if not limits:
            return None if len(some) and asked["everyone"] else 0.0
        paid = np.append(cost[rows, columns], np.full(number, price or 0.0))
        sides = np.minimum(np.concatenate(sides), 1e7)
        found = linprog(paid, np.vstack(at_most), sides, bounds=limits, **everyone)
        return float(found.fun) if found.status == 0 else None

    def _percentile(self, chosen: list[int]) -> float:
        near, enough = self.near(chosen), 0.9 * self.people.sum() - 1e-7
        levels = np.append(0.0, np.unique(near[self.people > 0]))
        return min(float(v) for v in [*levels, np.inf] if self.people[near <= v].sum() >= enough)

    def _worst_groups(self, name: str) -> list[Callable[[list[int]], float]]:
        councils = [
            rows
            for one in np.unique(self.row_council)
            if self.people[rows := self.row_council == one].any()
        ]

        def figures(chosen: list[int]) -> list[float]:
            if name == "worst_group:council":
                return sorted(
                    100 * self.within(chosen, rows) / self.people[rows].sum() for rows in councils
                )
            near, some = self.near(chosen), self.people > 0
            means = [
                self.people[some & rows] @ near[some & rows] / self.people[rows].sum()
                for rows in councils
            ]
            return sorted(means, reverse=True)

        return [
            lambda s, number=number: sum(figures(s)[:number])
            for number in range(1, len(councils) + 1)
        ]

    def _access(self, chosen: list[int]) -> float:
        inside = self.minutes <= self.reach
        total = 0.0
        for row in range(self.areas):
            shares = [
                40 / self.people[inside[:, j]].sum()
                for j in chosen
                if inside[row, j] and self.people[inside[:, j]].any()
            ]
            total += self.people[row] * min(sum(shares), 1.0)
        return float(total)

    def _spread(self, chosen: list[int]) -> float:
        far = [
            np.hypot(*(self.xy[i] - self.xy[j]))
            for i, j in combinations(chosen, 2)
            if not {i, j} <= set(self.keep) or set(chosen) <= set(self.keep)
        ]
        return float(min(far))

    def _fairest(self, chosen: list[int], aversion: float) -> float:
        some, kappa = self.people > 0, aversion / self.reach
        if not some.any():
            return 0.0
        weights = self.people[some] / self.people[some].sum()
        return float(np.log(weights @ np.exp(kappa * self.near(chosen)[some])) / kappa)

    def _difference(self, chosen: list[int]) -> float:
        labels, shares = np.unique(self.row_council)[[0, -1]], []
        for label in labels:
            rows = self.row_council == label
            shares.append(self.within(chosen, rows) / (self.people[rows].sum() or 1.0))
        return 100 * abs(shares[0] - shares[1])

    def values(self) -> list[Callable[[list[int]], float]]:
        """What a set of sites reaches on each goal in order."""
        some = self.people > 0
        own = {
            "max_coverage": "cover_most", "lowest_hle_first": "cover_bands",
            "set_cover": "fewest_centres", "p_median": "least_travel", "p_centre": "least_worst",
            "fairest_journeys": "least_ede:1",
        }  # fmt: skip
        known = {
            "cover_most": self.within,
            "cover_need": lambda s: (self.people * self.need)[self.near(s) <= self.reach].sum(),
            "least_travel": lambda s: self.people[some] @ self.near(s)[some],
            "least_ede:1": lambda s: self._fairest(s, 1),
            "least_ede:2": lambda s: self._fairest(s, 2),
            "least_percentile:90": self._percentile,
            "least_worst": lambda s: self.near(s)[some].max(initial=0.0),
            "narrowest_gap:council": self._difference,
            "cover_twice": lambda s: self.people[
                (self.minutes[:, s] <= self.reach).sum(axis=1) >= 2
            ].sum(),
            "widest_spread": self._spread,
            "most_access:40": self._access,
            "least_cost": lambda s: self.cost[s].sum(),
            "fewest_centres": len,
        }
        found = []
        for name in self.scenario.goals or (own.get(self.scenario.model, "sent"),):
            if name.startswith("worst_group"):
                found += self._worst_groups(name)
            elif name == "cover_bands":
                found += [
                    lambda s, band=band: self.within(s, self.bands == band)
                    for band in np.unique(self.bands)
                ]
            else:
                found.append(known.get(name, lambda s: self.best_way(tuple(s))))
        return found


def check(seed: int) -> bool:
    world = World(seed)
    problem, model = build_model(world.problem, world.scenario)
    plans, values = world.plans(), world.values()
    if seed % 2:
        wanted = model.goals(problem)
        model = replace(
            model, goals=lambda _: (*wanted, goals.least_cost()), start=None, prices=None
        )
        values.append(lambda chosen: world.cost[chosen].sum())
    slacks = [goal.slack for goal in model.goals(problem)]
    agrees(solve(problem, model), slacks, values, plans)
    return bool(plans)


@pytest.mark.parametrize("block", range(5))
def test_agrees_with_trying_every_plan(block):
    answers = []
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        try:
            answers.append(check(seed))
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}: {World(seed).scenario.model}") from wrong
    assert 0.1 < np.mean(answers) < 0.95
