"""Cases in which a plan is tested, built from the place's own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nhcplanner import explore, models
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.need_measures import OWN_DEPARTURE
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.projection import CODE
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.explore.subproblems import reached_people
from nhcplanner.workflow.plan import solve_scenario
from nhcplanner.workflow.problem import build_problem, starts_of
from nhcplanner.workflow.progress import ProgressCallback
from nhcplanner.workflow.windows import PlanWindows
from nhcplanner.workflow.years import cases_by_year, growth_errors

REACHES = (10.0, 15.0, 20.0, 30.0)


@dataclass(frozen=True)
class Sensitivity:
    """Cases to test: other reaches, need, populations and site failures.

    Parameters
    ----------
    reaches
        Other reaches in minutes; the scenario's own and those beyond its horizon are left out.
    draws
        Number of draws of HLE from its interval, if the place has one, of minutes from the error
        of an estimate, if they are one, and of growth, if the scenario has a year.
    growth
        Population growth in per cent, one case each.
    years
        Years of the people by the place's projection, one case each; None = the place's own
        people, 2030, 2035 and 2040, if the scenario has a year.
    failures
        Whether to close each site of the plan in turn.
    """

    reaches: tuple[float, ...] = REACHES
    draws: int = 5
    growth: tuple[float, ...] = ()
    failures: bool = False
    years: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        faults = []
        if any(not reach > 0 for reach in self.reaches):
            faults.append(Fault("a reach must be minutes above 0", "--reach"))
        if self.draws < 0:
            faults.append(Fault("draws must be 0 or more", "--draws"))
        if any(not share >= -100 for share in self.growth):
            faults.append(Fault("people cannot shrink by more than 100%", "--growth"))
        if faults:
            raise InputError(faults)


def cases_of(
    outcome: Outcome,
    turns: Sensitivity,
    modes: Mapping[str, TravelTimes] | None = None,
    windows: PlanWindows | None = None,
) -> dict[str, Problem]:
    """Return the outcome's problem in other cases, by name.

    Parameters
    ----------
    outcome
        A plan and its problem.
    turns
        Which cases.
    modes
        Travel times by other modes, each a case if it has the same origins.
    windows
        Minutes in each window of the day, each a case if they have the same origins.
    """
    problem, _, rows = problem_of(outcome)
    scenario = outcome.scenario
    near = [r for r in turns.reaches if r != scenario.reach and r <= scenario.horizon]
    found = explore.other_reach(problem, near)
    others = {f"by {name}": times for name, times in (modes or {}).items()}
    others |= {} if windows is None else windows.cases()
    for name, times in others.items():
        if times.minutes.shape[0] == outcome.problem.areas:
            found[name] = replace(problem, minutes=times.minutes[rows])
    found |= _draws(outcome, turns.draws)
    share = outcome.times.half_within(1.0)
    if share is not None:
        found |= explore.minutes_draws(problem, share, turns.draws)
    found |= cases_by_year(outcome, problem, rows, turns.years)
    units = outcome.place.areas.get(CODE)
    errors = growth_errors(outcome, turns.draws)
    if errors and units is not None:
        area = starts_of(outcome.place, scenario).area_of_origin[rows]
        found |= explore.growth_draws(problem, units.iloc[area].tolist(), errors)
    for share in turns.growth:
        found |= explore.other_people(problem, f"{share:+g}% people", share / 100)
    if turns.failures:
        ids = outcome.place.sites["site_id"].iloc[list(outcome.plan.opened)]
        lost = explore.site_failures(problem, outcome.plan).values()
        found |= {f"without {name}": world for name, world in zip(ids, lost, strict=True)}
    return found


@dataclass(frozen=True)
class ByProbability:
    """A plan for the people who are likely in the lowest fifth, compared with the plan.

    Parameters
    ----------
    plan
        Made with each person counted by the probability that their area is in the lowest fifth of
        HLE, then by the model's own goals.
    opens, closes
        Ids of sites that it opens and the plan does not, and the reverse.
    expected, most
        People expected in the lowest fifth and within reach: by the plan, and by that one.
    """

    plan: Plan
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    expected: float
    most: float

    @property
    def words(self) -> str:
        """How the plan would change, in a sentence."""
        start = (
            "Counting each person by the probability that their area is in the lowest fifth, the "
            f"plan brings {self.expected:,.0f} people expected there within reach"
        )
        if not self.opens and not self.closes:
            return f"{start}; a plan made for them is the same"
        return (
            f"{start}; a plan made for them first brings {self.most:,.0f}: it opens "
            f"{', '.join(self.opens) or 'no other site'} instead of "
            f"{', '.join(self.closes) or 'none'}"
        )


CHANCE = "lowest_band_probability"


def plan_by_probability(
    outcome: Outcome, progress: ProgressCallback | None = None
) -> ByProbability | None:
    """Plan for those who are likely in the lowest fifth, and compare.

    Parameters
    ----------
    outcome
        A plan by bands of HLE.
    progress
        As `solve` takes it.

    Returns
    -------
    ByProbability or None
        None where the place does not know the probabilities, the plan is not lowest HLE first, or
        there is no plan.
    """
    scenario, place = outcome.scenario, outcome.place
    known = CHANCE in place.areas and place.areas[CHANCE].notna().any()
    plain = scenario.model == "lowest_hle_first" and not scenario.goals
    if not known or not plain or not outcome.plan.opened or outcome.assessment.need.by != "hle":
        return None
    weighted = scenario.model_copy(
        update={"need": (f"{CHANCE}*people",), "goals": ("cover_need", "cover_bands")}
    )
    need = outcome.assessment.need
    problem = build_problem(place, outcome.times, weighted, need)
    plan = solve_scenario(problem, weighted, progress)
    if not plan.opened:
        return None
    chance = place.areas[CHANCE].fillna(0.0).to_numpy(dtype=np.float64)
    chance = chance[starts_of(place, weighted).area_of_origin]
    ids = place.sites["site_id"]
    now, then = set(outcome.plan.opened), set(plan.opened)
    return ByProbability(
        plan=plan,
        opens=tuple(ids.iloc[sorted(then - now)]),
        closes=tuple(ids.iloc[sorted(now - then)]),
        expected=_chance_reached(problem, outcome.plan, chance),
        most=_chance_reached(problem, plan, chance),
    )


def _chance_reached(problem: Problem, plan: Plan, chance: npt.NDArray[np.float64]) -> float:
    """Return the people within reach in a plan who are expected in the lowest fifth."""
    return float(reached_people(problem, plan.opened, plan.allocation) @ chance)


def problem_of(outcome: Outcome) -> tuple[Problem, models.Model, npt.NDArray[np.intp]]:
    """Return the problem and model that a plan solves, and the rows of the outcome it covers."""
    problem, model = models.build_model(outcome.problem, outcome.scenario)
    rows = np.arange(problem.areas)
    if outcome.scenario.everyone == "reachable" and outcome.plan.unreached:
        rows = np.setdiff1d(rows, outcome.plan.unreached)
        problem = problem.rows(rows)
    return problem, model, rows


def on_problem_rows(plan: Plan, rows: npt.NDArray[np.intp]) -> Plan:
    """Return a plan with whom each centre serves on the rows that its problem covers.

    Parameters
    ----------
    plan
        With an allocation on all rows of the outcome.
    rows
        From `problem_of`.
    """
    if plan.allocation is None:
        return plan
    return replace(plan, allocation=plan.allocation.among_rows(rows))


def on_outcome_rows(outcome: Outcome, plan: Plan) -> Plan:
    """Return a plan of the outcome's problem with whom each centre serves on all of its rows.

    Parameters
    ----------
    outcome
        The plan whose problem was solved again.
    plan
        With an allocation on the rows of `problem_of`.
    """
    if plan.allocation is None:
        return plan
    return replace(plan, allocation=plan.allocation.on_rows(problem_of(outcome)[2]))


def _draws(outcome: Outcome, draws: int) -> dict[str, Problem]:
    """Return problems with bands by HLE drawn from its interval; empty without an interval."""
    areas, scenario = outcome.place.areas, outcome.scenario
    known = all(column in areas for column in ("hle", "hle_low", "hle_high"))
    if not known or not draws or outcome.assessment.need.by != "hle":
        return {}
    problem, _, rows_used = problem_of(outcome)
    rows = areas.iloc[starts_of(outcome.place, scenario).area_of_origin[rows_used]]
    council = rows["council_code"] if "council_code" in rows else rows["area_code"]
    interval = explore.HleInterval(
        rows["hle"],
        rows["hle_low"],
        rows["hle_high"],
        council.tolist(),
        rank=rows.get("imd_rank"),
        area=rows["area_code"].tolist(),
        own=rows["hle_basis"].map(OWN_DEPARTURE) if "hle_basis" in rows else 0.0,
    )
    return explore.hle_draws(problem, interval, scenario.cut, draws)
