"""Any mix of goals and rules agrees with trying every set of sites, by an evaluator of its own.

The evaluator knows the problem's arrays and nothing else: no rule, goal or program of the
package. It says which sets keep the rules, what each reaches, and what slack leaves.
"""

from itertools import combinations

import numpy as np
import pytest

from nhcplanner.domain.problem import Problem
from nhcplanner.models import equity, fairness, goals, rules, solve
from nhcplanner.models.catalogue import SITE_RULES, Model

BLOCK = 60


class Small:
    """A small problem with goals and rules drawn by a seed, and what each means."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = np.random.default_rng(seed)
        areas, sites = int(rng.integers(2, 12)), int(rng.integers(2, 8))
        there = rng.random((areas, sites)) < rng.choice([0.5, 0.8, 1.0])
        self.minutes = np.where(there, rng.integers(0, 40, (areas, sites)), np.inf)
        self.people = rng.integers(0, 50, areas) + (rng.random(areas) if seed % 2 else 0.0)
        self.bands = rng.integers(0, 4, areas)
        self.fifth = rng.choice(["1", "2"], areas)
        self.kind = rng.choice(["gp", "library"], sites)
        self.xy = rng.integers(0, 100, (sites, 2)).astype(float)
        self.cost = rng.integers(0, 10, sites).astype(float)
        self.need = rng.integers(1, 4, areas).astype(float)
        self.reach = float(rng.integers(8, 36))
        self.count = int(rng.integers(1, sites + 1)) if rng.random() < 0.7 else None
        self.keep = np.flatnonzero(rng.random(sites) < 0.08).tolist()
        self.rules, self.checks = [*SITE_RULES], []
        self.goals, self.values = [], []
        for draw in rng.permutation(7)[: rng.integers(0, 4)]:
            self._rule(int(draw))
        for draw in rng.permutation(9)[: rng.integers(1, 4)]:
            self._goal(int(draw))

    @property
    def problem(self) -> Problem:
        return Problem.from_minutes(
            self.minutes, people=self.people, bands=self.bands, reach=self.reach,
            count=self.count, cost=self.cost, keep=self.keep, need=self.need,
            row_groups={"fifth": self.fifth}, site_groups={"kind": self.kind}, site_xy=self.xy,
        )  # fmt: skip

    @property
    def model(self) -> Model:
        return Model("mix", "", lambda _: tuple(self.goals), tuple(self.rules))

    def near(self, chosen: list[int]) -> np.ndarray:
        return self.minutes[:, chosen].min(axis=1, initial=np.inf)

    def share(self, chosen: list[int], rows: np.ndarray) -> float:
        people = self.people[rows].sum()
        return self.people[rows & (self.near(chosen) <= self.reach)].sum() / people if people else 0

    def _rule(self, draw: int) -> None:
        rng, add, check = self.rng, self.rules.append, self.checks.append
        number, share = int(rng.integers(0, 3)), float(rng.choice([0.3, 0.6, 0.9]))
        one, other = rng.choice(len(self.kind), 2, replace=False).tolist()
        if draw == 0:
            add(rules.at_most_of("kind", "gp", number))
            check(lambda s: (self.kind[s] == "gp").sum() <= number)
        elif draw == 1:
            add(rules.at_least_of("kind", "library", number))
            check(lambda s: (self.kind[s] == "library").sum() >= number)
        elif draw == 2:
            metres = float(rng.integers(10, 60))
            add(rules.apart(metres))
            check(lambda s: self._far_enough(s, metres))
        elif draw == 3:
            add(rules.at_most_one([one, other]))
            check(lambda s: not {one, other} <= set(s))
        elif draw == 4:
            add(rules.exactly_one([one, other]))
            check(lambda s: len({one, other} & set(s)) == 1)
        elif draw == 5:
            rows = self.fifth == "1"
            add(fairness.floor("fifth", "1", share))
            check(lambda s: not self.people[rows].any() or self.share(s, rows) >= share - 1e-9)
        else:
            add(fairness.backup(share))
            check(lambda s: self._twice(s) >= share * self.people.sum() - 1e-7)
        if rng.random() < 0.15 and self.count is not None:
            add(rules.open_exactly())
            check(lambda s: len(s) == self.count)

    def _goal(self, draw: int) -> None:
        slack = float(self.rng.choice([0, 0, 0.05, 0.2]))
        made, value = self._goals()[draw]
        self.goals.append(type(made)(**{**vars(made), "slack": slack}))
        self.values.append(value)
        if draw in (5, 6):
            self.rules.append(rules.everyone_served() if draw == 5 else rules.everyone_has_a_way())
            self.checks.append(lambda s: np.isfinite(self.near(s)[self.people > 0]).all())
        elif draw == 7:
            self.rules.append(fairness.reachable(0.9))
            self.checks.append(lambda s: np.isfinite(self._percentile(s)))

    def _goals(self) -> list:
        people, some = self.people, self.people > 0
        one, two = self.fifth == "1", self.fifth == "2"
        band = self.bands == 1
        return [
            (goals.cover_most(), lambda s: people[self.near(s) <= self.reach].sum()),
            (goals.cover_band(1), lambda s: people[band & (self.near(s) <= self.reach)].sum()),
            (
                goals.cover_need(),
                lambda s: (people * self.need)[self.near(s) <= self.reach].sum(),
            ),
            (
                equity.narrowest_gap("fifth", "1", "2"),
                lambda s: 100 * abs(self.share(s, one) - self.share(s, two)),
            ),
            (goals.least_cost(), lambda s: self.cost[s].sum()),
            (goals.least_travel(), lambda s: float(people[some] @ self.near(s)[some])),
            (goals.least_worst(), lambda s: self.near(s)[some].max(initial=0.0)),
            (goals.least_percentile(90), self._percentile),
            (goals.fewest_centres(), lambda s: float(len(s))),
        ]

    def _percentile(self, chosen: list[int]) -> float:
        some = self.people > 0
        for level in np.unique(self.near(chosen)[some]):
            if (
                self.people[some & (self.near(chosen) <= level)].sum()
                >= 0.9 * self.people.sum() - 1e-7
            ):
                return float(level)
        return 0.0

    def _twice(self, chosen: list[int]) -> float:
        return self.people[(self.minutes[:, chosen] <= self.reach).sum(axis=1) >= 2].sum()

    def _far_enough(self, chosen: list[int], metres: float) -> bool:
        return all(
            np.hypot(*(self.xy[i] - self.xy[j])) >= metres or {i, j} <= set(self.keep)
            for i, j in combinations(chosen, 2)
        )

    def plans(self) -> list[list[int]]:
        """Every set of sites that keeps all rules."""
        sites = range(len(self.kind))
        return [
            list(chosen)
            for number in range(len(self.kind) + 1)
            for chosen in combinations(sites, number)
            if set(self.keep) <= set(chosen)
            and (self.count is None or number <= self.count)
            and all(check(list(chosen)) for check in self.checks)
        ]

    def whole(self, goal) -> bool:
        counts = ("centres", "pounds", "people", "weighted people", "person-minutes")
        return goal.unit in counts and (
            goal.unit in ("centres", "pounds") or not (self.people % 1).any()
        )


def holds(small: Small, k: int, value: float, level: float) -> bool:
    """Whether a value keeps a level, as near as the package promises."""
    room = 1e-4 * max(1.0, abs(level))
    return value >= level - room if small.goals[k].sense == "most" else value <= level + room


def check(seed: int) -> bool:
    small = Small(seed)
    plan, left = solve(small.problem, small.model), small.plans()
    if not left:
        assert plan.status == "infeasible", seed
        assert plan.reason, seed
        return False
    opened = list(plan.opened)
    assert plan.status == "optimal", (seed, plan)
    assert opened in left, seed
    for k, stage in enumerate(plan.stages):
        most = stage.sense == "most"
        reached = [float(small.values[k](chosen)) for chosen in left]
        best = max(reached) if most else min(reached)
        near = pytest.approx(best, rel=1e-4, abs=1e-4)
        assert stage.bound == near, (seed, k)
        assert stage.bound >= best - 1e-6 if most else stage.bound <= best + 1e-6, (seed, k)
        assert stage.value == pytest.approx(float(small.values[k](opened)), abs=1e-5), (seed, k)
        if stage.held is None:
            assert stage.value == near, (seed, k)
            continue
        assert holds(small, k, stage.value, stage.held), (seed, k)
        slack = small.goals[k].slack
        loosest = best * (1 - slack if most else 1 + slack)
        assert holds(small, k, stage.held, loosest), (seed, k)
        left = [s for s, v in zip(left, reached, strict=True) if holds(small, k, v, stage.held)]
    return True


@pytest.mark.parametrize("block", range(5))
def test_agrees_with_trying_every_set(block):
    answers = [check(seed) for seed in range(block * BLOCK, (block + 1) * BLOCK)]
    assert 0.1 < np.mean(answers) < 0.95
