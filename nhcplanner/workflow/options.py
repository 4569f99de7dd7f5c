"""Options of a plan's appraisal, and why each site is in one of them or in none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.case import Case
from nhcplanner.domain.evidence_tables import TABLES

TODAY = "Business as usual"
MINIMUM = "Do minimum"
PLAN = "The plan"
FREE = "Most people"
LISTED = 12
"""Sites that a sentence names at most."""
Options = dict[str, tuple[str, tuple[int, ...]]]
"""Options by name: words that describe each, and positions of the sites open in it."""


def unmatched(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Describe entries of a case that the documents of a plan cannot show, in sentences."""
    sites = outcome.place.sites.set_index("site_id")["status"]
    opened = {str(site) for site in sites.index[list(outcome.plan.opened)]}
    closed = {str(site) for site in sites.index[sites == "forbidden"]}
    return case.unmatched({*map(str, sites.index)}, opened, closed | {*outcome.scenario.forbid})


def shortlist(
    outcome: Outcome, without: tuple[int, ...] | None, others: list[tuple[int, ...]]
) -> Options:
    """Return the options of an appraisal.

    Parameters
    ----------
    outcome
        The plan.
    without
        Sites of the plan without priority; None if it was not made.
    others
        Sites of further near-best alternatives.
    """
    status = outcome.place.sites["status"].to_numpy()
    today = tuple(outcome.place.existing.tolist())
    minimum = tuple(np.flatnonzero(np.isin(status, ["existing", "committed"])).tolist())
    found: Options = {TODAY: ("Existing centres only", today)}
    same = " (none is committed: the same as business as usual)" if minimum == today else ""
    found[MINIMUM] = (f"Existing and committed centres{same}", minimum)
    if outcome.plan.opened:
        found[PLAN] = ("The plan, by its goals in order", outcome.plan.opened)
    if without is not None and set(without) != set(outcome.plan.opened):
        words = f"The same rules without priority; {_describe_difference(outcome, without)}"
        found[FREE] = (words, without)
    for number, opened in enumerate(others, 2):
        words = f"A different plan, nearly as good; {_describe_difference(outcome, opened)}"
        found[f"Alternative {number}"] = (words, opened)
    return found


def _describe_difference(outcome: Outcome, opened: tuple[int, ...]) -> str:
    """Describe which sites open instead of which sites of the plan."""
    ids = outcome.place.sites["site_id"]
    new, closed = (
        ", ".join(ids.iloc[sorted(sites)[:LISTED]])
        + (f" and {len(sites) - LISTED} more" if len(sites) > LISTED else "")
        for sites in (
            set(opened) - set(outcome.plan.opened),
            set(outcome.plan.opened) - set(opened),
        )
    )
    if new and closed:
        return f"compared with the plan, opens {new}, not {closed}"
    if new:
        return f"compared with the plan, also opens {new}"
    if closed:
        return f"compared with the plan, leaves out {closed} and opens no other site"
    return "compared with the plan, opens the same sites"


def long_list(
    outcome: Outcome, options: Options, adds: pd.DataFrame | None, exchanges: pd.DataFrame | None
) -> pd.DataFrame:
    """Return every site with the reason why it is on the short list or not.

    Parameters
    ----------
    outcome
        The plan.
    options
        From `shortlist`.
    adds, exchanges
        The evidence's `candidates` and `exchanges`; None if they were not made.
    """
    sites = outcome.place.sites
    why = _why_out(outcome, adds, exchanges)
    rows = []
    for position, site_id in enumerate(sites["site_id"]):
        among = [name for name, (_, opened) in options.items() if position in opened]
        reason = f"Open in: {', '.join(among)}" if among else why[position]
        rows.append({"site_id": site_id, "short_listed": bool(among), "reason": reason})
    found = pd.DataFrame(rows)
    for column, source in (("name", "site_name"), ("kind", "kind"), ("status", "status")):
        found[column] = sites[source].fillna("").to_numpy() if source in sites else ""
    return found[TABLES["long_list"].names]


def _why_out(
    outcome: Outcome, adds: pd.DataFrame | None, exchanges: pd.DataFrame | None
) -> dict[int, str]:
    """Return for each site, by position, why no option opens it."""
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
            found[position] = _reason_out(gives[site.site_id], swaps.get(site.site_id))
        else:
            found[position] = "No option opens it; why was not worked out"
    return found


def _reason_out(adds: float, swap: pd.DataFrame | None) -> str:
    """Describe what a site would add to the plan, and which goal it would change."""
    words = f"Would add {adds:,.0f} people to the plan's reach"
    if swap is None or swap.empty:
        return f"{words}; the rules leave no room for it"
    changed = swap[swap["gain"].abs() > 0]
    closes = swap["closes"].iloc[0]
    how = f"in place of {closes}" if closes else "beside the plan's centres"
    if changed.empty:
        return f"{words}; {how} no goal changes"
    goal, gain, unit = changed[["goal", "gain", "unit"]].iloc[0]
    turn = "better" if gain > 0 else "worse"
    return f"{words}; {how}, {goal} is {turn} by {abs(gain):,.0f} {unit}"


def case_settings(case: Case, base: int) -> list[tuple[str, object, str]]:
    """Return the user's prices, business as usual and benefits; blank = not stated."""
    appraisal, now, gain = case.appraisal, case.business_as_usual, case.benefits
    vat = appraisal.vat_rate if appraisal.capital_includes_vat else 0.0
    rows: list[tuple[str, object, str]] = [
        ("price_base", appraisal.price_base or base, "Year whose prices costs are stated in"),
        ("optimism_bias", appraisal.optimism_bias, "Share added to capital"),
        ("vat_taken_off", vat, "Rate of VAT that is taken off capital"),
        ("backlog", now.backlog, "Backlog of today's estate, pounds"),
        ("other_running", now.running_cost, "Running cost of today's other estate, pounds a year"),
        ("benefit_per_person", gain.per_person, "Pounds a year for each further person in reach"),
        ("first_band_weight", gain.first_band_weight, "How often a person of band 1 counts"),
    ]
    rows += [
        (f"price_index:{year}", value, "Index of prices")
        for year, value in sorted(appraisal.price_index.items())
    ]
    for name, release in case.releases.items():
        rows.append((f"ends_backlog:{name}", release.backlog, "Backlog that the option ends"))
        rows.append((f"ends_running:{name}", release.running_cost, "Running cost that it ends"))
    return rows
