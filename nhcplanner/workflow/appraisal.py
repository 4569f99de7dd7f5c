"""Appraisal: the options that were weighed, and why each site is among them or not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence_tables import TABLES

TODAY = "Business as usual"
MINIMUM = "Do minimum"
PLAN = "The plan"
FREE = "Most people"
LISTED = 12
Wanted = dict[str, tuple[str, tuple[int, ...]]]


def shortlist(
    outcome: Outcome, without: tuple[int, ...] | None, others: list[tuple[int, ...]]
) -> Wanted:
    """Options by name: what each is in words, and positions of the sites open in it.

    Parameters
    ----------
    outcome
        The plan.
    without
        Sites of the plan without priority; None where it was not made.
    others
        Sites of further near-best alternatives.
    """
    status = outcome.place.sites["status"].to_numpy()
    today = tuple(outcome.place.existing.tolist())
    minimum = tuple(np.flatnonzero(np.isin(status, ["existing", "committed"])).tolist())
    found: Wanted = {TODAY: ("Existing centres only", today)}
    same = " (none is committed: the same as business as usual)" if minimum == today else ""
    found[MINIMUM] = (f"Existing and committed centres{same}", minimum)
    if outcome.plan.opened:
        found[PLAN] = ("The plan, by its goals in order", outcome.plan.opened)
    if without is not None and set(without) != set(outcome.plan.opened):
        words = f"The same rules without priority; {_instead(outcome, without)}"
        found[FREE] = (words, without)
    for number, opened in enumerate(others, 2):
        words = f"A different plan, nearly as good; {_instead(outcome, opened)}"
        found[f"Alternative {number}"] = (words, opened)
    return found


def _instead(outcome: Outcome, opened: tuple[int, ...]) -> str:
    """Which sites open, and which of the plan do not."""
    ids = outcome.place.sites["site_id"]
    new, gone = (
        ", ".join(ids.iloc[sorted(sites)[:LISTED]])
        + (f" and {len(sites) - LISTED} more" if len(sites) > LISTED else "")
        for sites in (
            set(opened) - set(outcome.plan.opened),
            set(outcome.plan.opened) - set(opened),
        )
    )
    return f"opens {new or 'nothing new'}, not {gone or 'fewer'}"


def long_list(
    outcome: Outcome, wanted: Wanted, adds: pd.DataFrame | None, exchanges: pd.DataFrame | None
) -> pd.DataFrame:
    """Every site, and in words why it is on the short list or not.

    Parameters
    ----------
    outcome
        The plan.
    wanted
        The options.
    adds, exchanges
        The evidence's `candidates` and `exchanges`, where they were made.
    """
    sites = outcome.place.sites
    why = _why_out(outcome, adds, exchanges)
    rows = []
    for position, site_id in enumerate(sites["site_id"]):
        among = [name for name, (_, opened) in wanted.items() if position in opened]
        reason = f"Open in: {', '.join(among)}" if among else why[position]
        rows.append({"site_id": site_id, "short_listed": bool(among), "reason": reason})
    found = pd.DataFrame(rows)
    for column, source in (("name", "site_name"), ("kind", "kind"), ("status", "status")):
        found[column] = sites[source].fillna("").to_numpy() if source in sites else ""
    return found[TABLES["long_list"].names]


def _why_out(
    outcome: Outcome, adds: pd.DataFrame | None, exchanges: pd.DataFrame | None
) -> dict[int, str]:
    """Reason for each site, by position, why no option opens it."""
    sites, scenario = outcome.place.sites, outcome.scenario
    gives = {} if adds is None else adds.groupby("site_id")["adds"].sum().to_dict()
    swaps = {} if exchanges is None else dict(iter(exchanges.groupby("site_id", sort=False)))
    found = {}
    for position, site in enumerate(sites.itertuples(index=False)):
        if site.status == "forbidden":
            found[position] = "Marked forbidden in the list of sites"
        elif site.site_id in scenario.forbid:
            found[position] = "Ruled out by the scenario (forbid)"
        elif scenario.kinds and site.kind not in scenario.kinds:
            found[position] = f"Of another kind than asked for ({', '.join(scenario.kinds)})"
        elif scenario.budget is not None and pd.isna(getattr(site, "cost", np.nan)):
            found[position] = "No cost is known, and the plan has a budget"
        elif site.site_id in gives:
            found[position] = _left_shut(gives[site.site_id], swaps.get(site.site_id))
        else:
            found[position] = "No option opens it; why was not worked out"
    return found


def _left_shut(adds: float, swap: pd.DataFrame | None) -> str:
    """Why a site that might open stays shut: what it adds, and what letting it in would change."""
    words = f"Would add {adds:,.0f} people to the plan's reach"
    if swap is None or swap.empty:
        return f"{words}; the rules leave no room for it"
    first = next(swap[swap["gain"].abs() > 0].itertuples(index=False), None)
    closes = swap["closes"].iloc[0]
    how = f"in place of {closes}" if closes else "beside the plan's centres"
    if first is None:
        return f"{words}; {how} no goal changes"
    turn = "better" if first.gain > 0 else "worse"
    return f"{words}; {how}, {first.goal} is {turn} by {abs(first.gain):,.0f} {first.unit}"
