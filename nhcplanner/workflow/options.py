"""Options of a plan's appraisal, and why each site is in one of them or in none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from nhcplanner import access
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.case import Case
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Allocation, Plan
from nhcplanner.workflow.effort import Effort

TODAY = "Business as usual"
MINIMUM = "Do minimum"
PLAN = "The plan"
FREE = "Most people"
LISTED = 12
"""Sites that a sentence names at most."""
Options = dict[str, access.Option]
"""Options by name."""


def unmatched(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Describe entries of a case that the documents of a plan cannot show, in sentences."""
    sites = outcome.place.sites.set_index("site_id")["status"]
    opened = {str(site) for site in sites.index[list(outcome.plan.opened)]}
    closed = {str(site) for site in sites.index[sites == "forbidden"]}
    return case.unmatched({*map(str, sites.index)}, opened, closed | {*outcome.scenario.forbid})


def shortlist(
    outcome: Outcome,
    without: Plan | None,
    others: Sequence[Plan],
    broken_rules: Callable[[tuple[int, ...]], tuple[str, ...]] | None = None,
) -> Options:
    """Return the options of an appraisal.

    In business as usual and do minimum everyone goes to the nearest centre. Their words name the
    rules of the scenario that they do not keep.

    Parameters
    ----------
    outcome
        The plan.
    without
        The plan without priority; None if it was not made.
    others
        Further near-best alternatives.
    broken_rules
        Returns the rules that some sites do not keep, in words; None = they are not compared.
    """
    plan = outcome.plan
    status = outcome.place.sites["status"].to_numpy()
    today = tuple(outcome.place.existing.tolist())
    minimum = tuple(np.flatnonzero(np.isin(status, ["existing", "committed"])).tolist())
    nearest = "" if plan.allocation is None else "; everyone goes to the nearest centre"

    def describe(start: str, opened: tuple[int, ...]) -> str:
        rules = broken_rules(opened) if broken_rules is not None and plan.opened else ()
        ending = f"; does not keep: {'; '.join(rules)}" if rules else ""
        return f"{start}{nearest}{ending}"

    found: Options = {TODAY: access.Option(describe("Existing centres only", today), today)}
    same = " (none is committed: the same as business as usual)" if minimum == today else ""
    words = describe(f"Existing and committed centres{same}", minimum)
    found[MINIMUM] = access.Option(words, minimum)
    if plan.opened:
        words = "The plan, by its goals in order"
        found[PLAN] = access.Option(words, plan.opened, plan.allocation)
    if without is not None and set(without.opened) != set(plan.opened):
        words = f"The same rules without priority; {_describe_difference(outcome, without.opened)}"
        found[FREE] = access.Option(words, without.opened, without.allocation)
    for number, other in enumerate(others, 2):
        words = f"A different plan, nearly as good; {_describe_difference(outcome, other.opened)}"
        found[f"Alternative {number}"] = access.Option(words, other.opened, other.allocation)
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
        among = [name for name, option in options.items() if position in option.opened]
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


def other_assignments(
    starts: Place,
    outcome: Outcome,
    allocations: Mapping[tuple[str, str], Allocation],
    options: Options,
) -> pd.DataFrame | None:
    """Return whom the centres of other plans serve, from which their figures are measured.

    Parameters
    ----------
    starts
        The place, with a row of its origins for each row of the minutes.
    outcome
        The plan.
    allocations
        Of plans made for other cases and of waves, by kind and name.
    options
        From `shortlist`.

    Returns
    -------
    DataFrame or None
        `kind`, `plan`, `origin`, `site_id`, `share`; None if rules decide it for no other plan.
    """
    sent = dict(allocations)
    sent |= {
        ("option", name): option.allocation
        for name, option in options.items()
        if name != PLAN and option.allocation is not None
    }
    ids, origins = outcome.place.sites["site_id"].to_numpy(), starts.origins["origin_id"].to_numpy()
    parts = [
        pd.DataFrame(
            {
                "kind": kind,
                "plan": name,
                "origin": origins[one.rows],
                "site_id": ids[one.sites],
                "share": one.shares,
            }
        )
        for (kind, name), one in sent.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else None


def unmatched_words(case: Case, outcome: Outcome, options: Collection[str]) -> str:
    """Describe entries of a case that the plan's documents do not show; "" if there are none."""
    parts = list(unmatched(case, outcome))
    unknown = set(case.releases) - set(options)
    if unknown:
        parts.append(f"Unknown options: {', '.join(sorted(unknown))}")
    return f"Left out. {'; '.join(parts)}" if parts else ""


def settings_table(outcome: Outcome, effort: Effort) -> pd.DataFrame:
    """Return the settings behind the figures that plan.json does not have."""
    discounting = effort.discounting
    rows: list[tuple[str, object, str]] = [
        ("discount_rate", discounting.rate, discounting.source),
        ("discount_years", discounting.years, "Years of running costs counted"),
        ("discount_base", discounting.base, "Year that is not discounted"),
        ("near_within", effort.near.within, "Share of the best that alternatives keep"),
        ("noticed_minutes", access.NOTICED, "Least change of a journey that counts"),
        ("horizon", outcome.times.horizon, "Minutes beyond which no journey is known"),
        ("kolm_pollak_epsilon", access.EPSILON, "Aversion to inequality of the Kolm-Pollak EDE"),
        ("index", outcome.place.index_name, "Index of deprivation of imd_rank"),
        ("bands_by", outcome.assessment.need.by, "What orders areas by need"),
    ]
    rows += _case_settings(effort.case, discounting.base)
    return pd.DataFrame(rows, columns=TABLES["settings"].names)


def _case_settings(case: Case, base: int) -> list[tuple[str, object, str]]:
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
