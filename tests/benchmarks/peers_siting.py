"""Siting by other packages, each as its documentation shows; imports nothing of nhcplanner.

Each function answers one problem of `posed` by one model of the catalogue: `max_coverage`,
`set_cover`, `p_median` or `p_median_within_capacity`. The value is worked out here from the sites
that the package opened, but for the last, where it is the package's own.
"""

# ruff: noqa: PLC0415 - each function imports one package alone, which may be missing

from importlib.metadata import version

import numpy as np

from tests.benchmarks.child import measured
from tests.benchmarks.posed import Posed, read_posed

OPEN = 0.5
UNITS = {"max_coverage": "people", "set_cover": "centres"}


def spopt(problem: str, model: str, seconds: float) -> dict:
    import pulp
    from spopt import locate

    given = read_posed(problem)
    minutes, people, reach = given.dense(), given.people, given.reach

    def search() -> list[int]:
        if model == "max_coverage":
            posed = locate.MCLP.from_cost_matrix(minutes, people, reach, given.count)
        elif model == "set_cover":
            posed = locate.LSCP.from_cost_matrix(minutes, reach)
        else:
            posed = locate.PMedian.from_cost_matrix(minutes, people, p_facilities=given.count)
        solved = posed.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds), results=False)
        return [j for j, chosen in enumerate(solved.fac_vars) if chosen.value() > OPEN]

    spent, opened = measured(search)
    return {**spent, "version": version("spopt"), **_worth(given, model, opened)}


def pulp(problem: str, model: str, seconds: float, solver: str) -> dict:
    import pulp as package

    given = read_posed(problem)
    build = {"max_coverage": _coverage, "set_cover": _cover, "p_median": _median}
    chosen = package.getSolver(solver, msg=False, timeLimit=seconds)

    def search() -> tuple:
        lp, opens = build.get(model, _median)(package, given)
        lp.solve(chosen)
        return lp, [j for j, each in enumerate(opens) if (each.value() or 0) > OPEN]

    spent, (lp, opened) = measured(search)
    worth = _worth(given, model, opened)
    if given.capacity is not None:
        worth["value"] = package.value(lp.objective)
    return {**spent, "version": version("pulp"), **worth}


def _coverage(package, given: Posed) -> tuple:
    lp = package.LpProblem("coverage", package.LpMaximize)
    opens, near = _opens(package, given)
    covered = [package.LpVariable(f"covered_{i}", cat="Binary") for i in range(len(near))]
    lp += package.lpSum(w * v for v, w in zip(covered, given.people.tolist(), strict=True))
    lp += package.lpSum(opens) <= given.count
    for variable, sites in zip(covered, near, strict=True):
        lp += variable <= package.lpSum(opens[j] for j in sites)
    return lp, opens


def _cover(package, given: Posed) -> tuple:
    lp = package.LpProblem("cover", package.LpMinimize)
    opens, near = _opens(package, given)
    lp += package.lpSum(opens)
    for sites in near:
        lp += package.lpSum(opens[j] for j in sites) >= 1
    return lp, opens


def _median(package, given: Posed) -> tuple:
    lp = package.LpProblem("median", package.LpMinimize)
    opens, _ = _opens(package, given)
    travel = (given.dense() * given.people[:, None]).tolist()
    sent = [
        [package.LpVariable(f"sent_{i}_{j}", cat="Binary") for j in range(len(opens))]
        for i in range(len(travel))
    ]
    lp += package.lpSum(
        c * x
        for costs, row in zip(travel, sent, strict=True)
        for c, x in zip(costs, row, strict=True)
    )
    lp += package.lpSum(opens) <= given.count
    for row in sent:
        lp += package.lpSum(row) == 1
        for x, y in zip(row, opens, strict=True):
            lp += x <= y
    if given.capacity is not None:
        people = given.people.tolist()
        for j, (y, room) in enumerate(zip(opens, given.capacity.tolist(), strict=True)):
            used = package.lpSum(w * row[j] for w, row in zip(people, sent, strict=True))
            lp += used <= room * y
    return lp, opens


def _opens(package, given: Posed) -> tuple[list, list[list[int]]]:
    opens = [package.LpVariable(f"open_{j}", cat="Binary") for j in range(given.minutes.shape[1])]
    near = given.dense() <= given.reach
    return opens, [np.flatnonzero(sites).tolist() for sites in near]


def lokigi(problem: str, model: str, seconds: float) -> dict:
    import pandas as pd
    from lokigi.site import SiteProblem

    given = read_posed(problem)
    minutes = given.dense()
    places = [f"a{i}" for i in range(len(minutes))]
    travel = pd.DataFrame(minutes, columns=[f"s{j}" for j in range(minutes.shape[1])])
    travel.insert(0, "area", places)
    demand = pd.DataFrame({"area": places, "people": given.people})

    def search() -> list[int]:
        posed = SiteProblem()
        posed.add_demand(demand, demand_col="people", location_id_col="area")
        posed.add_travel_matrix(travel, source_col="area")
        found = posed.solve(
            p=given.count,
            objectives={"max_coverage": "mclp", "p_median": "p_median"}[model],
            search_strategy="greedy",
            threshold_for_coverage=given.reach,
            show_progress=False,
        )
        return [int(j) for j in found.show_solutions().iloc[0]["site_indices"]]

    spent, opened = measured(search)
    return {**spent, "version": version("lokigi"), **_worth(given, model, opened)}


def _worth(given: Posed, model: str, opened: list[int]) -> dict:
    """What the sites opened reach; nothing where they break the rule that all are reached."""
    unit = UNITS.get(model, "person-minutes")
    if not opened:
        return {"unit": unit, "note": "no plan found"}
    nearest = given.dense()[:, opened].min(axis=1)
    if model == "max_coverage":
        return {"value": int(given.people[nearest <= given.reach].sum()), "unit": unit}
    if model == "set_cover":
        missed = int((nearest > given.reach).sum())
        return {
            "unit": unit,
            **({"note": f"misses {missed}"} if missed else {"value": len(opened)}),
        }
    return {"value": float(given.people @ nearest), "unit": unit}
