# ruff: noqa: PLC0415, T201  (a script that prints its answer, and imports one peer alone)
"""Max coverage by another package, run with the Python that has it; prints one line of JSON.

    /path/to/python tests/benchmarks/peers_siting.py spopt|lokigi|pulp PROBLEM.npz SECONDS

PROBLEM.npz holds a dense `minutes` (row x site), `people`, `reach` and `count`. Imports nothing of
nhcplanner. Each peer is used as its documentation shows, with its own settings.
"""

import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import version

import numpy as np

Posed = dict[str, np.ndarray]


def spopt(given: Posed, seconds: float) -> list[int]:
    import pulp
    from spopt.locate import MCLP

    model = MCLP.from_cost_matrix(
        given["minutes"], given["people"], float(given["reach"]), int(given["count"])
    )
    solved = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds))
    return [site for site, rows in enumerate(solved.fac2cli) if rows]


def pulp(given: Posed, seconds: float) -> list[int]:
    import pulp as package

    near = given["minutes"] <= given["reach"]
    lp = package.LpProblem("coverage", package.LpMaximize)
    opens = [package.LpVariable(f"open_{j}", cat="Binary") for j in range(near.shape[1])]
    covered = [package.LpVariable(f"covered_{i}", cat="Binary") for i in range(near.shape[0])]
    people = given["people"].tolist()
    lp += package.lpSum(w * v for v, w in zip(covered, people, strict=True))
    lp += package.lpSum(opens) <= int(given["count"])
    for variable, sites in zip(covered, near, strict=True):
        lp += variable <= package.lpSum(opens[j] for j in np.flatnonzero(sites))
    lp.solve(package.PULP_CBC_CMD(msg=False, timeLimit=seconds))
    return [j for j, variable in enumerate(opens) if (variable.value() or 0) > 0.5]


def lokigi(given: Posed, _seconds: float) -> list[int]:
    import pandas as pd
    from lokigi.site import SiteProblem

    rows, sites = given["minutes"].shape
    places = [f"a{i}" for i in range(rows)]
    names = [f"s{j}" for j in range(sites)]
    travel = pd.DataFrame(given["minutes"], columns=names)
    travel.insert(0, "area", places)
    problem = SiteProblem()
    problem.add_demand(
        pd.DataFrame({"area": places, "people": given["people"]}),
        demand_col="people",
        location_id_col="area",
    )
    problem.add_travel_matrix(travel, source_col="area")
    found = problem.solve(
        p=int(given["count"]),
        objectives="mclp",
        search_strategy="greedy",
        threshold_for_coverage=float(given["reach"]),
        show_progress=False,
    )
    best = found.show_solutions().iloc[0]
    return [int(j) for j in best["site_indices"]]


PEERS: dict[str, Callable[[Posed, float], list[int]]] = {
    "spopt": spopt, "lokigi": lokigi, "pulp": pulp,
}  # fmt: skip


def main() -> None:
    name, file, seconds = sys.argv[1:]
    given = dict(np.load(file))
    began = os.times()
    opened = PEERS[name](given, float(seconds))
    spent = sum(os.times()[:4]) - sum(began[:4])
    print(json.dumps({"version": version(name), "cpu": spent, "opened": opened}))


if __name__ == "__main__":
    main()
