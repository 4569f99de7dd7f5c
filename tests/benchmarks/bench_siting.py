# ruff: noqa: T201  (a script that prints its table)
"""Siting measured: value, gap and CPU seconds, next to PuLP with CBC and HiGHS as they come.

    python tests/benchmarks/bench_siting.py FOLDER [--cases max_coverage:c set_cover:c pmed]

FOLDER holds bench/instances.py and instances/pmed; by default the parent of NHCPLANNER_REAL.
Peers that are not installed are named as such.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pulp
from scipy import sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve
from nhcplanner.models.program import Program

SECONDS = {"a": 30, "b": 60, "c": 60, "d": 120}
CASES = ["max_coverage:b", "max_coverage:c", "set_cover:c", "lowest_hle_first:b", "p_median:c"]
MOST_PAIRS = 1_000_000  # in a program that a peer is given


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("instances", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"no instances at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def posed(instances: ModuleType, model: str, size: str) -> Problem:
    made = instances.make(size)
    count = None if model == "set_cover" else made["p"]
    if model == "p_median":
        return Problem.from_minutes(instances.dense(made), people=made["w"], count=count)
    minutes = sparse.csr_array(made["A"]) * 10.0
    bands = made["band"] // 2 + 1
    return Problem.from_minutes(minutes, people=made["w"], bands=bands, reach=20, count=count)


def pmed(folder: Path, number: int) -> Problem:
    words = (folder / f"pmed{number}.txt").read_text().split()
    nodes, count = int(words[0]), int(words[2])
    cost = np.full((nodes, nodes), np.inf)
    for i, j, length in np.array(words[3:], dtype=float).reshape(-1, 3):
        cost[int(i) - 1, int(j) - 1] = cost[int(j) - 1, int(i) - 1] = length
    np.fill_diagonal(cost, 0)
    return Problem.from_minutes(sparse.csgraph.floyd_warshall(cost), count=count)


def ours(name: str, problem: Problem, model: str, seconds: float) -> float:
    began = time.process_time()
    plan = solve(problem, model, time_limit=seconds)
    spent = time.process_time() - began
    stages = "; ".join(f"{s.value:,.0f} gap {100 * (s.gap or 0):.3f} %" for s in plan.stages)
    print(f"{name:22} {'nhcplanner':12} {spent:7.1f} s  {plan.status:9} {stages}", flush=True)
    return spent


def peer(name: str, problem: Problem, model: str, solver: pulp.LpSolver, own: float) -> None:
    """The same program, handed to a solver with its own settings."""
    row = catalogue[model]
    goals = row.goals(problem)
    if len(goals) > 1 or problem.minutes.nnz > MOST_PAIRS:
        print(f"{name:22} {solver.name:12} cannot be asked as it comes")
        return
    program = Program(problem)
    for rule in row.rules:
        rule(program)
    program.lp.sense = pulp.LpMaximize if goals[0].sense == "most" else pulp.LpMinimize
    program.lp.setObjective(goals[0](program))
    began = os.times()
    program.lp.solve(solver)
    ended = os.times()
    spent = sum(ended[:4]) - sum(began[:4])
    value = goals[0].score(problem, program.opened())
    ratio = spent / max(own, 0.01)
    print(f"{name:22} {solver.name:12} {spent:7.1f} s  {value:,.0f}, {ratio:.1f} x", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    real = os.environ.get("NHCPLANNER_REAL")
    default = Path(real).parent if real else None
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    parser.add_argument("--cases", nargs="+", default=CASES, help="MODEL:SIZE, or pmed for 1 to 20")
    parser.add_argument("--peers", action="store_true", help="run PuLP's solvers too")
    asked = parser.parse_args()
    if asked.folder is None:
        parser.error("give the folder of the instances, or set NHCPLANNER_REAL")
    for package in ("spopt", "lokigi"):
        if importlib.util.find_spec(package) is None:
            print(f"{package}: not installed")
    for case in asked.cases:
        if case == "pmed":
            folder = asked.folder / "instances" / "pmed"
            spent = [ours(f"pmed{k}", pmed(folder, k), "p_median", 60) for k in range(1, 21)]
            print(f"pmed1 to pmed20: {sum(spent):.1f} s")
            continue
        model, _, size = case.partition(":")
        problem = posed(loaded(asked.folder / "bench" / "instances.py"), model, size)
        own = ours(case, problem, model, SECONDS[size])
        if asked.peers:
            for name in pulp.listSolvers(onlyAvailable=True):
                if name in {"PULP_CBC_CMD", "COIN_CMD", "HiGHS"}:
                    solver = pulp.getSolver(name, msg=False, timeLimit=SECONDS[size])
                    peer(case, problem, model, solver, own)


if __name__ == "__main__":
    main()
