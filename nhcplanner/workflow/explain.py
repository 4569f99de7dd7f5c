"""Reasons for a plan: gains of each centre, gains of other sites, and the price of priority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner import access
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.plan import Plan
from nhcplanner.workflow.access import select_buildings
from nhcplanner.workflow.compare import capital_words
from nhcplanner.workflow.effort import Effort
from nhcplanner.workflow.exploration import Exploration
from nhcplanner.workflow.problem import starts_of
from nhcplanner.workflow.progress import Progress

SECONDS = 20.0
PARTS = ("explain", "price")


@dataclass(frozen=True, eq=False)
class PlanReasons:
    """The reasons behind a plan.

    Parameters
    ----------
    centres
        One row per centre: `site_id`, `name`, `must`, `serves`, `reaches`, `only`,
        `first_reaches`, `first_only` (people whom it serves in the plan; people in reach; in its
        reach alone; the same of band 1).
    candidates
        One row per closed site, the one that would add most first: `site_id`, `name`, `adds`,
        `first_adds`, `reaches`, `instead_of`, `change` (first goal that opening it changes).
    price
        As in `Evidence`; None if there is nothing to compare with.
    reasons
        Part -> why it is missing or incomplete.
    money
        Capital of the plan and of the plan without priority, in a sentence; "" = not compared.
    """

    centres: pd.DataFrame
    candidates: pd.DataFrame
    price: pd.DataFrame | None
    reasons: dict[str, str]
    money: str = ""


def explain_plan(outcome: Outcome, progress: Progress | None = None) -> PlanReasons:
    """Explain a plan: what each centre and each other site adds, and the price of priority.

    Parameters
    ----------
    outcome
        With a plan that opens centres.
    progress
        Receives a sentence about the current step; returning False ends it with the results so far.
    """
    exploration = Exploration(outcome, Effort(SECONDS, PARTS), {}, progress)
    exploration.run()
    found = exploration.tables
    if "centres" not in found:
        return PlanReasons(pd.DataFrame(), pd.DataFrame(), None, exploration.reasons)
    centres = _by_site(found["centres"], ["reaches", "only"])
    centres = centres.join(found["centres"].groupby("site_id")["must"].first(), on="site_id")
    served = outcome.assessment.catchments.set_index("site_id")["people"]
    centres["serves"] = centres["site_id"].map(served)
    candidates = _by_site(found["candidates"], ["reaches", "adds"])
    candidates = candidates.merge(_changes(found["exchanges"]), on="site_id", how="left")
    candidates = candidates.sort_values(["adds", "reaches"], ascending=False, kind="stable")
    reasons = {
        part: words for part, words in exploration.reasons.items() if words != "Not requested"
    }
    money = "" if exploration.free is None else money_of_priority(outcome, exploration.free)
    return PlanReasons(
        centres, candidates.reset_index(drop=True), found.get("price"), reasons, money
    )


def money_of_priority(outcome: Outcome, without: Plan) -> str:
    """Return the capital of a plan and of the plan without priority, in a sentence.

    Parameters
    ----------
    outcome
        The plan.
    without
        The plan without priority.
    """
    if set(without.opened) == set(outcome.plan.opened):
        return "The plan without priority opens the same centres"
    place = outcome.place
    called = "the plan", "the plan without priority"
    return capital_words((place, outcome.plan.opened), (place, without.opened), called)


def _by_site(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return sums over all bands and of band 1, one row per site."""
    keys = ["site_id", "name"]
    every = table.groupby(keys, sort=False)[columns].sum()
    first = table[table["band"] == 1].groupby(keys, sort=False)[columns].sum()
    return every.join(first.add_prefix("first_")).fillna(0.0).reset_index()


def competition(outcome: Outcome, kinds: Sequence[str] = ()) -> pd.DataFrame:
    """Return the people whom each new centre of a plan draws from others near it.

    Parameters
    ----------
    outcome
        The plan.
    kinds
        Kinds of building that people might use instead, such as gp_practice; "existing" =
        existing centres. None = the other open centres.

    Returns
    -------
    DataFrame
        `site_id`, `name`, `from_site_id`, `from_name` ("" and "none within reach" = no other within
        reach), `people`, `share`, `minutes_here`, `minutes_there`; as in `Evidence.competition`.

    Raises
    ------
    InputError
        If the place has no such building.

    Examples
    --------
    >>> from nhcplanner import Scenario, competition, demo_place, run
    >>> outcome = run(demo_place(), Scenario(count=4, engine="estimate"))
    >>> found = competition(outcome, ["gp_practice"])
    >>> bool((found["people"] > 0).all())
    True
    """
    place, rivals = outcome.place, None
    if kinds:
        chosen = set(select_buildings(place, kinds)["site_id"])
        rivals = np.flatnonzero(place.sites["site_id"].isin(chosen)).tolist()
    starts = starts_of(place, outcome.scenario)
    ground = access.Ground(starts, outcome.times, outcome.assessment.need, outcome.scenario.reach)
    return access.competition(ground, outcome.plan, rivals)


def _changes(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Return the first goal that each exchange changes, in words."""
    rows = []
    for site, goals in exchanges.groupby("site_id", sort=False):
        changed = goals[goals["gain"].abs() > 0]
        change = "No goal changes"
        if len(changed):
            goal, gain, unit = changed[["goal", "gain", "unit"]].iloc[0]
            name = str(goal).replace("_", " ")
            turn = "better" if gain > 0 else "worse"
            amount = f"{abs(gain):,.0f}" if str(unit) in name else f"{abs(gain):,.0f} {unit}"
            change = f"{name[:1].upper()}{name[1:]}: {turn} by {amount}"
        rows.append({"site_id": site, "instead_of": goals["closes"].iloc[0], "change": change})
    return pd.DataFrame(rows, columns=["site_id", "instead_of", "change"])
