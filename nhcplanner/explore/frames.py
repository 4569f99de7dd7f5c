"""Tables of the results of explorations, with the names of sites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.verdict import Verdict
from nhcplanner.explore.alternatives import Alternatives, Role
from nhcplanner.explore.explain import Explanation, Loss, PriceOfPriority
from nhcplanner.explore.robustness import Robustness, Tried
from nhcplanner.explore.subproblems import reached_by_band
from nhcplanner.explore.waves import Phasing, WavePlan


@dataclass(frozen=True, eq=False)
class Names:
    """Ids and names of sites by position.

    Parameters
    ----------
    ids, names
        Id and name of each site.
    """

    ids: Sequence[str]
    names: Sequence[str]

    def of(self, site: int) -> dict[str, object]:
        """Return a site's id and name, as the first two columns of a row."""
        return {"site_id": self.ids[site], "name": self.names[site]}


def price_frame(price: PriceOfPriority) -> pd.DataFrame:
    """Return the price of priority, a row for each band and one for all.

    Parameters
    ----------
    price
        From `price_of_priority`.

    Returns
    -------
    DataFrame
        `band`, `people_plan`, `people_without` (reached without priority), `difference`.
    """
    rows = [(str(band), *people) for band, people in price.by_band.items()]
    rows.append(("all", price.plan_people, price.most_people))
    return _frame(
        "price",
        [
            {"band": band, "people_plan": here, "people_without": there, "difference": there - here}
            for band, here, there in rows
        ],
    )


def wave_frames(
    phasing: Phasing, problem: Problem, names: Names
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the waves, and the sites that open in each; the first includes those open already.

    Parameters
    ----------
    phasing
        From `plan_in_waves`.
    problem
        Problem of the plan.
    names
        Names of its sites.

    Returns
    -------
    tuple of two DataFrames
        A row for each wave: `wave`, `centres`, `people`, `status`, `gap`, `afresh` (people if the
        wave is planned alone), `first_band`, `first_band_afresh` (of band 1); and a row for each
        site: `wave`, `site_id`, `name`.
    """
    waves = [
        {
            "wave": one.wave.name,
            "centres": len(one.plan.opened),
            "people": sum(one.by_band.values()),
            "status": one.plan.status,
            "gap": Verdict.of(one.plan).gap,
            "afresh": np.nan if one.afresh is None else _people(_then(problem, one), one.afresh),
            "first_band": one.by_band.get(1, np.nan),
            "first_band_afresh": np.nan
            if one.afresh is None
            else _by_band(_then(problem, one), one.afresh).get(1, np.nan),
        }
        for one in phasing.waves
    ]
    sites = [{"wave": one.wave.name} | names.of(site) for one in phasing.waves for site in one.new]
    summary = _frame("waves", waves).astype({"gap": "float64"})
    return summary, _frame("wave_sites", sites)


def alternative_frames(result: Alternatives, names: Names) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the alternatives, a row for each goal, and their sites.

    Parameters
    ----------
    result
        From `alternatives`.
    names
        The problem's sites.

    Returns
    -------
    tuple of two DataFrames
        A row for each plan and goal: `plan`, `goal`, `unit`, `value`; and a row for each plan and
        site: `plan`, `site_id`, `name`, `in_the_plan` (whether the best plan opens it too).
    """
    values = [
        {"plan": number, "goal": stage.goal, "unit": stage.unit, "value": stage.value}
        for number, plan in enumerate(result.plans, 1)
        for stage in plan.stages
    ]
    sites = [
        {"plan": number} | names.of(site) | {"in_the_plan": site in result.best.opened}
        for number, plan in enumerate(result.plans, 1)
        for site in plan.opened
    ]
    return _frame("alternatives", values), _frame("alternative_sites", sites)


def role_frame(roles: Iterable[Role], names: Names) -> pd.DataFrame:
    """Return the roles, a row for each site.

    Parameters
    ----------
    roles
        From `roles`.
    names
        The problem's sites.

    Returns
    -------
    DataFrame
        `site_id`, `name`, `use` (always, often, sometimes, never), `share` of the plans that use
        it, `proved`.
    """
    return _frame(
        "roles",
        [
            names.of(one.site) | {"use": one.use, "share": one.share, "proved": one.proved}
            for one in roles
        ],
    )


def loss_frame(losses: Iterable[Loss], names: Names) -> pd.DataFrame:
    """Return losses, a row for each site and goal; a row without goal if no plan is left.

    Parameters
    ----------
    losses
        From `losses`.
    names
        The problem's sites.

    Returns
    -------
    DataFrame
        `site_id`, `name`, `instead` (ids of sites that open), `goal`, `unit`, `lost`, `at_least`,
        `at_most`.
    """
    rows: list[dict[str, object]] = []
    for one in losses:
        head = names.of(one.site) | {
            "instead": ", ".join(names.ids[site] for site in one.instead),
        }
        rows += [
            head
            | {
                "goal": price.goal,
                "unit": price.free.unit,
                "lost": price.lost,
                "at_least": price.least,
                "at_most": price.most,
            }
            for price in one.prices
        ]
        if not one.prices:
            rows.append(head | {"instead": "no plan keeps the rules without it"})
    return _frame("losses", rows)


def plan_sites(table: str, plans: Iterable[tuple[str, Plan]], names: Names) -> pd.DataFrame:
    """Return the sites of some plans, a row for each.

    Parameters
    ----------
    table
        Key of `TABLES`; its first column names the plan, the others the site.
    plans
        Name and plan.
    names
        The problem's sites.

    Returns
    -------
    DataFrame
        With the columns of the table.
    """
    first = TABLES[table].names[0]
    return _frame(
        table, [{first: name} | names.of(site) for name, plan in plans for site in plan.opened]
    )


def explanation_frames(explanation: Explanation, names: Names) -> tuple[pd.DataFrame, ...]:
    """Return centres and candidates by site and band, and exchanges by site and goal.

    Parameters
    ----------
    explanation
        From `explain`.
    names
        The problem's sites.

    Returns
    -------
    tuple of three DataFrames
        Centres (`must`, `band`, `reaches`, `only`), candidates (`band`, `reaches`, `adds`) and
        exchanges (`closes`, `goal`, `unit`, `before`, `after`, `gain`), each with `site_id` and
        `name`.
    """
    centres = [
        names.of(one.site)
        | {"must": one.must, "band": band, "reaches": people, "only": one.only[band]}
        for one in explanation.centres
        for band, people in one.reaches.items()
    ]
    candidates = [
        names.of(one.site) | {"band": band, "reaches": people, "adds": one.adds[band]}
        for one in explanation.candidates
        for band, people in one.reaches.items()
    ]
    exchanges = [
        names.of(one.site)
        | {
            "closes": "" if one.exchange.out is None else names.ids[one.exchange.out],
            "goal": change.goal,
            "unit": change.unit,
            "before": change.before,
            "after": change.after,
            "gain": change.gain,
        }
        for one in explanation.candidates
        if one.exchange is not None
        for change in one.exchange.changes
    ]
    return (
        _frame("centres", centres),
        _frame("candidates", candidates),
        _frame("exchanges", exchanges),
    )


def robustness_frames(
    result: Robustness, cases: Mapping[str, Problem], plan: Plan, names: Names
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cases, and how often each site opens in them.

    Parameters
    ----------
    result
        From `robustness`.
    cases
        Problems by name of the case.
    plan
        The plan that was tested.
    names
        The problem's sites.

    Returns
    -------
    tuple of two DataFrames
        A row for each case: `case`, `people`, `share`, `best_people`, `stays` (share of the centres
        that the plan made for the case opens too), `proved` (whether that plan is proved best: one
        found before time ran out may be the tested plan itself), and the first goal of the model
        with its values in the plan and in the plan for the case; and a row for each site:
        `site_id`, `name`, `in_the_plan`, `share` of the cases that open it.
    """
    opened = set(plan.opened)
    cases_table = [
        {
            "case": one.name,
            "people": one.people,
            "share": _share(one.people, cases[one.name]),
            "best_people": _people(cases[one.name], one.best),
            "stays": len(opened & set(one.best.opened)) / max(len(opened), 1),
            "proved": one.best.status == "optimal",
        }
        | _first_goal(one)
        for one in result.tried
    ]
    stays = [
        names.of(site) | {"in_the_plan": site in opened, "share": share}
        for site, share in result.opens.items()
    ]
    return _frame("robustness", cases_table), _frame("stays", stays)


def _first_goal(one: Tried) -> dict[str, object]:
    """Return the first goal, with its values in the plan and in the plan for the case."""
    if not one.prices:
        return {"goal": "", "unit": "", "goal_plan": np.nan, "goal_best": np.nan}
    first = one.prices[0]
    plan, best = (
        np.nan if stage.value is None or not np.isfinite(stage.value) else stage.value
        for stage in (first.here, first.free)
    )
    return {"goal": first.goal, "unit": first.here.unit, "goal_plan": plan, "goal_best": best}


def _then(problem: Problem, wave: WavePlan) -> Problem:
    """Return the problem with the people of a wave."""
    people = wave.wave.people
    return problem if people is None else replace(problem, people=people)


def _people(problem: Problem, plan: Plan) -> float:
    """Return the people within reach of a plan; NaN if there is no plan."""
    return sum(_by_band(problem, plan).values()) if plan.stages else np.nan


def _by_band(problem: Problem, plan: Plan) -> dict[int, float]:
    """Return the people within reach of a plan by band; empty if there is no plan."""
    return reached_by_band(problem, plan.opened, plan.allocation) if plan.stages else {}


def _share(people: float, problem: Problem) -> float:
    total = float(problem.people.sum())
    return people / total if total else np.nan


def _frame(table: str, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=TABLES[table].names)
