"""Divisions of small maps against every possible one."""

from itertools import product

import numpy as np
import pytest

from nhcplanner.districting.block_search import Block, search
from nhcplanner.districting.divisions import divide_part
from nhcplanner.districting.program import is_within, solve
from nhcplanner.domain.neighbourhoods import Bounds


def grid(rows, columns, seed):
    """Blocks in a grid with random people and straight-line costs."""
    rng = np.random.default_rng(seed)
    at = np.array(list(product(range(rows), range(columns))), dtype=float)
    far = np.abs(at[:, None] - at[None, :]).sum(axis=2)
    people = rng.integers(4, 12, len(at)).astype(float)
    minutes = far + rng.random(far.shape)
    neighbours = tuple(np.flatnonzero(line == 1).astype(np.int64) for line in far)
    return Block(np.arange(len(at)), people, people[:, None] * minutes, neighbours)


def connected(members, neighbours):
    seen, queue = {members[0]}, [members[0]]
    while queue:
        for other in neighbours[queue.pop()]:
            if other in members and other not in seen:
                seen.add(int(other))
                queue.append(int(other))
    return len(seen) == len(members)


def best_of_all(block, number, bounds):
    """Fewest minutes of any contiguous division within bounds, by trying each; inf = none."""
    least = np.inf
    for rest in product(range(number), repeat=block.number - 1):
        label = np.array([0, *rest])
        if len(set(label.tolist())) != number:
            continue
        total = 0.0
        for one in range(number):
            members = np.flatnonzero(label == one).tolist()
            if not bounds.keeps(block.people[members].sum()):
                break
            if not connected(members, block.neighbours):
                break
            total += block.cost[np.ix_(members, members)].sum(axis=0).min()
        else:
            least = min(least, total)
    return least


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("number", [2, 3])
def test_the_program_finds_the_best_of_all_divisions(seed, number):
    block = grid(3, 3, seed)
    mean = block.people.sum() / number
    bounds = Bounds(mean, 0.8 * mean, 1.2 * mean)
    answer = solve(block, number, bounds)
    wanted = best_of_all(block, number, bounds)
    if np.isinf(wanted):
        assert answer.infeasible
        return
    assert answer.value == pytest.approx(wanted)
    assert answer.bound == pytest.approx(wanted)
    assert is_within(block, answer.label, number, bounds)


def test_some_maps_need_contiguity_cuts():
    """A ring of two rich ends: without the cuts the far ends would be one footprint."""
    people = np.array([5.0, 1.0, 5.0, 1.0, 5.0, 1.0])
    neighbours = tuple(np.array([one for one in (i - 1, i + 1) if 0 <= one < 6]) for i in range(6))
    cost = np.full((6, 6), 10.0) - 9 * np.eye(6)
    cost[0, 2] = cost[2, 0] = cost[4, 2] = cost[2, 4] = 0.1
    block = Block(np.arange(6), people, cost, neighbours)
    bounds = Bounds(9, 3, 15)
    answer = solve(block, 2, bounds)
    assert answer.value == pytest.approx(best_of_all(block, 2, bounds))
    assert is_within(block, answer.label, 2, bounds)


def test_a_start_is_never_worse_off():
    block = grid(4, 4, 3)
    mean = block.people.sum() / 3
    bounds = Bounds(mean, 0.7 * mean, 1.3 * mean, nodes=1)
    start = search(block, 3, bounds)
    assert is_within(block, start, 3, bounds)
    spent = block.cost[np.arange(16), start].sum()
    assert solve(block, 3, bounds, start).value <= spent + 1e-9


def test_the_same_map_gives_the_same_division():
    mean = grid(4, 4, 9).people.sum() / 4
    bounds = Bounds(mean, 0.7 * mean, 1.3 * mean)
    labels = [divide_part(grid(4, 4, 9), bounds).label.tolist() for _ in range(2)]
    assert labels[0] == labels[1]
