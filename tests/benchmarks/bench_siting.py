# ruff: noqa: T201  (a script that prints its table)
"""Siting measured: value, gap and CPU seconds, next to other packages in the same run.

    python tests/benchmarks/bench_siting.py FOLDER [--cases max_coverage:c set_cover:c pmed sjc]
        [--solvers] [--peers /path/to/python]

FOLDER holds bench/instances.py and instances/; by default the parent of NHCPLANNER_REAL. With
--solvers the same program goes to PuLP's solvers as they come; with --peers max coverage goes to
spopt, lokigi and PuLP with CBC in the environment of that Python. What cannot be run is named with
the reason.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import numpy as np
import pulp
from scipy import sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve
from nhcplanner.models.goals import cover_most
from nhcplanner.models.program import Program

SECONDS = {"a": 30, "b": 60, "c": 60, "d": 120}
CASES = [
    "max_coverage:b", "max_coverage:c", "set_cover:c", "lowest_hle_first:b", "p_median:c",
    "p_median_within_capacity:b", "max_coverage_within_capacity:b",
]  # fmt: skip
PEERS = ("spopt", "pulp", "lokigi")
PATIENCE = 3  # times the limit after which a peer that does not keep it is ended
OUTSIDE = 1e6  # minutes, for peers that want a number where there is no way
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
    room = made["cap"] if model.endswith("within_capacity") else None
    known = {"people": made["w"], "count": count, "capacity": room}
    if model.startswith("p_median"):
        return Problem.from_minutes(instances.dense(made), **known)
    minutes = sparse.csr_array(made["A"]) * 10.0
    return Problem.from_minutes(minutes, bands=made["band"] // 2 + 1, reach=20, **known)


def pmed(folder: Path, number: int) -> Problem:
    words = (folder / f"pmed{number}.txt").read_text().split()
    nodes, count = int(words[0]), int(words[2])
    cost = np.full((nodes, nodes), np.inf)
    for i, j, length in np.array(words[3:], dtype=float).reshape(-1, 3):
        cost[int(i) - 1, int(j) - 1] = cost[int(j) - 1, int(i) - 1] = length
    np.fill_diagonal(cost, 0)
    return Problem.from_minutes(sparse.csgraph.floyd_warshall(cost), count=count)


def sjc(folder: Path, name: str) -> Problem:
    """Lorena and Senne's instances, where each place counts once, however many people it has."""
    count, *numbers = map(float, (folder / f"{name}.dat").read_text().split()[1:])
    x, y, room, people = np.reshape(numbers, (-1, 4)).T
    minutes = np.hypot(x[:, None] - x, y[:, None] - y) / people[:, None]
    return Problem.from_minutes(minutes, people=people, capacity=room, count=int(count))


def ours(name: str, problem: Problem, model: str, seconds: float) -> float:
    began = time.process_time()
    plan = solve(problem, model, time_limit=seconds)
    spent = time.process_time() - began
    stages = "; ".join(f"{s.value:,.0f} gap {100 * (s.gap or 0):.3f} %" for s in plan.stages)
    print(f"{name:30} {'nhcplanner':12} {spent:7.1f} s  {plan.status:9} {stages}", flush=True)
    return spent


def peer(name: str, problem: Problem, model: str, solver: pulp.LpSolver, own: float) -> None:
    """The same program, handed to a solver with its own settings."""
    row = catalogue[model]
    goals = row.goals(problem)
    if len(goals) > 1 or problem.minutes.nnz > MOST_PAIRS:
        print(f"{name:30} {solver.name:12} cannot be asked as it comes")
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
    print(f"{name:30} {solver.name:12} {spent:7.1f} s  {value:,.0f}, {ratio:.1f} x", flush=True)


def peers(name: str, problem: Problem, python: Path, seconds: float, own: float) -> None:
    """Max coverage by the packages of another environment."""
    script = Path(__file__).with_name("peers_siting.py")
    minutes = np.full((problem.areas, problem.sites), OUTSIDE)
    table = problem.minutes.tocoo()
    minutes[table.row, table.col] = table.data
    with TemporaryDirectory() as scratch:
        file = Path(scratch) / "problem.npz"
        np.savez(
            file, minutes=minutes, people=problem.people, reach=problem.reach, count=problem.count
        )
        for package in PEERS:
            command = [str(python), str(script), package, str(file), str(seconds)]
            try:
                done = subprocess.run(
                    command, capture_output=True, text=True, timeout=PATIENCE * seconds, check=True
                )
            except subprocess.TimeoutExpired:
                print(f"{name:30} {package:12} not done in {PATIENCE * seconds:.0f} s", flush=True)
                continue
            except (OSError, subprocess.CalledProcessError) as error:
                said = getattr(error, "stderr", "") or str(error)
                print(
                    f"{name:30} {package:12} skipped: {said.strip().splitlines()[-1]}", flush=True
                )
                continue
            told = json.loads(done.stdout.splitlines()[-1])
            value = cover_most().score(problem, np.array(told["opened"], dtype=np.intp))
            ratio = told["cpu"] / max(own, 0.01)
            words = f"{told['cpu']:7.1f} s  {value:,.0f}, {ratio:.1f} x"
            print(f"{name:30} {package + ' ' + told['version']:12} {words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    real = os.environ.get("NHCPLANNER_REAL")
    default = Path(real).parent if real else None
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    parser.add_argument("--cases", nargs="+", default=CASES, help="MODEL:SIZE, pmed or sjc")
    parser.add_argument("--solvers", action="store_true", help="run PuLP's solvers too")
    parser.add_argument("--peers", type=Path, metavar="PYTHON", help="of an environment with peers")
    asked = parser.parse_args()
    if asked.folder is None:
        parser.error("give the folder of the instances, or set NHCPLANNER_REAL")
    for case in asked.cases:
        if case in {"pmed", "sjc"}:
            published(asked.folder / "instances", case)
            continue
        model, _, size = case.partition(":")
        problem = posed(loaded(asked.folder / "bench" / "instances.py"), model, size)
        own = ours(case, problem, model, SECONDS[size])
        if asked.solvers:
            for name in pulp.listSolvers(onlyAvailable=True):
                if name in {"PULP_CBC_CMD", "COIN_CMD", "HiGHS"}:
                    solver = pulp.getSolver(name, msg=False, timeLimit=SECONDS[size])
                    peer(case, problem, model, solver, own)
        if asked.peers and model == "max_coverage":
            peers(case, problem, asked.peers, SECONDS[size], own)


def published(folder: Path, case: str) -> None:
    """Published instances, and the seconds of all together."""
    if case == "pmed":
        posed = {f"pmed{k}": pmed(folder / "pmed", k) for k in range(1, 21)}
        spent = [ours(name, problem, "p_median", 60) for name, problem in posed.items()]
    else:
        names = ("SJC1", "SJC2", "SJC3a")
        posed = {name: sjc(folder / "capacitated_pmedian", name) for name in names}
        model = "p_median_within_capacity"
        spent = [ours(name, problem, model, 120) for name, problem in posed.items()]
    print(f"{case} together: {sum(spent):.1f} s")


if __name__ == "__main__":
    main()
