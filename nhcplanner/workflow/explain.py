"""Why: what each centre gives, what each site left shut would add, and what priority costs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.workflow.exploration import Effort, Explored
from nhcplanner.workflow.progress import Progress

SECONDS = 20.0
PARTS = ("explain", "price")


@dataclass(frozen=True, eq=False)
class PlanReasons:
    """The reasons behind a plan.

    Parameters
    ----------
    centres
        A row a centre: `site_id`, `name`, `must`, `reaches`, `only`, `first_reaches`,
        `first_only` (people in reach; in its reach alone; the same of band 1).
    candidates
        A row a site left shut, what would add most first: `site_id`, `name`, `adds`,
        `first_adds`, `reaches`, `instead_of`, `change` (what letting it in would change first).
    price
        As in `Evidence`; None where there is nothing to compare with.
    reasons
        Part -> why it is missing or not the whole answer.
    """

    centres: pd.DataFrame
    candidates: pd.DataFrame
    price: pd.DataFrame | None
    reasons: dict[str, str]


def explain_plan(outcome: Outcome, progress: Progress | None = None) -> PlanReasons:
    """Say why a plan is as it is.

    Parameters
    ----------
    outcome
        With a plan that opens centres.
    progress
        Is told in words what is being done; returning False ends it with what is there.
    """
    asked = Explored(outcome, Effort(SECONDS, PARTS), {}, progress)
    asked.ask()
    found = asked.tables
    if "centres" not in found:
        return PlanReasons(pd.DataFrame(), pd.DataFrame(), None, asked.reasons)
    centres = _by_site(found["centres"], ["reaches", "only"])
    centres = centres.join(found["centres"].groupby("site_id")["must"].first(), on="site_id")
    candidates = _by_site(found["candidates"], ["reaches", "adds"])
    candidates = candidates.merge(_changes(found["exchanges"]), on="site_id", how="left")
    candidates = candidates.sort_values(["adds", "reaches"], ascending=False, kind="stable")
    reasons = {part: words for part, words in asked.reasons.items() if words != "Not asked for"}
    return PlanReasons(centres, candidates.reset_index(drop=True), found.get("price"), reasons)


def _by_site(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Sums of all bands, and of the first, a row a site."""
    keys = ["site_id", "name"]
    every = table.groupby(keys, sort=False)[columns].sum()
    first = table[table["band"] == 1].groupby(keys, sort=False)[columns].sum()
    return every.join(first.add_prefix("first_")).fillna(0.0).reset_index()


def _changes(exchanges: pd.DataFrame) -> pd.DataFrame:
    """The first goal that each exchange changes, in words."""
    rows = []
    for site, goals in exchanges.groupby("site_id", sort=False):
        first = next(goals[goals["gain"].abs() > 0].itertuples(), None)
        change = "No goal changes"
        if first is not None:
            turn = "better" if first.gain > 0 else "worse"
            goal = str(first.goal).replace("_", " ")
            change = f"{goal}: {turn} by {abs(first.gain):,.0f} {first.unit}"
        rows.append({"site_id": site, "instead_of": goals["closes"].iloc[0], "change": change})
    return pd.DataFrame(rows, columns=["site_id", "instead_of", "change"])
