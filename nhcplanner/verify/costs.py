"""Costs recomputed: each site's capital and running costs, rebased and discounted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.scenario import is_free, numbers_of


def check_costs(facts: Facts, ledger: Ledger) -> None:
    """Compare the cost of each site, and that every option's new sites open in the same year."""
    if not facts.has("costs"):
        return
    frame, recomputed = facts.table("costs"), costs(facts)
    columns = [column for column in recomputed if column in frame and column != "opens"]
    ledger.table("Costs", "tables/costs.csv", frame, recomputed[columns], ["site_id"])
    base = facts.discounting[2]
    soon = frame["status"].isin(["existing", "committed"])
    ledger.compare("Opening years of options' new sites", "tables/costs.csv",
               max(frame.loc[~soon, "opens"].nunique(), 1), 1)  # fmt: skip
    ledger.column("Opening year of centres that stay or are committed", "tables/costs.csv",
                  frame.loc[soon, "site_id"].tolist(), frame.loc[soon, "opens"].tolist(),
                  [base] * int(soon.sum()))  # fmt: skip
    if facts.has("option_sites"):
        named = {s for sites in facts.sites_of("option_sites", "option").values() for s in sites}
        listed = sorted(recomputed["site"].tolist())
        ledger.compare("Sites with a cost row", "tables/costs.csv", facts.name_sites(listed),
                   facts.name_sites(sorted(named)))  # fmt: skip


def costs(facts: Facts, years: Mapping[str, int] | None = None) -> pd.DataFrame:
    """Return the whole cost of each site of costs.csv, rebased and discounted again.

    Capital is rebased to the price base, VAT is taken off and optimism bias added; a centre that
    is open today needs none. Running costs are rebased.

    Parameters
    ----------
    facts
        The hand-in.
    years
        By site: the year in which it opens instead of that of costs.csv.
    """
    frame, years = facts.table("costs"), years or {}
    capital, running = numbers_of(facts, "cost"), numbers_of(facts, "running_cost")
    dates = facts.sites.get("cost_date")
    bias, vat = facts.setting("optimism_bias"), facts.setting("vat_taken_off")
    rows = []
    for site_id, usual in zip(frame["site_id"], frame["opens"], strict=True):
        opens = years.get(str(site_id), usual)
        site = facts.site_row[str(site_id)]
        given = 0.0 if is_free(facts, site) else capital[site]
        factor = _rebasing(facts, None if dates is None else dates.iloc[site])
        appraised = given * factor / (1 + vat) * (1 + bias)
        spent, plain, worth = present_value(
            appraised, running[site] * factor, int(opens), facts.discounting
        )
        rows.append(
            {
                "site": site, "site_id": str(site_id), "status": facts.status[site],
                "opens": opens, "capital": given, "rebased": factor, "running": running[site],
                "appraised": appraised, "capital_discounted": spent, "undiscounted": plain,
                "discounted": worth, "in_the_plan": site in facts.opened,
            }
        )  # fmt: skip
    names = [
        "site", "site_id", "status", "opens", "capital", "rebased", "running", "appraised",
        "capital_discounted", "undiscounted", "discounted", "in_the_plan",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _rebasing(facts: Facts, date: object) -> float:
    """Return what pounds of a date are worth in pounds of the price base, as far as known."""
    year = str(date)[:4]
    base = f"{facts.setting('price_base'):.0f}"
    then, now = (facts.setting(f"price_index:{when}", np.nan) for when in (year, base))
    return 1.0 if np.isnan(then) or np.isnan(now) else now / then


def present_value(
    capital: float, running: float, opens: int, settings: Sequence[float]
) -> tuple[float, float, float]:
    """Return the capital of a site discounted, and its whole cost, undiscounted and discounted.

    Capital falls in the year that a site opens, running costs in each later year up to the last.

    Parameters
    ----------
    capital, running
        Pounds, and pounds a year; running costs that are not known count nothing.
    opens
        Year.
    settings
        Rate, number of years, year that is not discounted.
    """
    rate, years, base = settings[0], int(settings[1]), int(settings[2])
    later = max(opens - base, 0)
    yearly = 0.0 if np.isnan(running) else running
    spent = capital / (1 + rate) ** later
    plain, worth = capital, spent
    for year in range(later + 1, years + 1):
        plain += yearly
        worth += yearly / (1 + rate) ** year
    return spent, plain, worth
