"""Journeys after a plan: to the centre that it sends people to, or to the nearest."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, Floats, is_own, key_text

NOBODY = 1e-6
"""Share of a starting point's people that is rounding, not people without a centre."""


def read_sending(facts: Facts, kind: str, plan: str) -> pd.DataFrame | None:
    """Return whom another plan sends where, from other_assignments.csv; None if it sends nobody.

    Parameters
    ----------
    facts
        The hand-in's inputs.
    kind, plan
        Kind of the plan, such as "option", and its name.

    Returns
    -------
    DataFrame or None
        `row`, `site`, `share`.
    """
    if not facts.has("other_assignments"):
        return None
    every = facts.table("other_assignments")
    mine = every[(every["kind"].map(str) == kind) & (every["plan"].map(key_text) == plan)]
    if mine.empty:
        return None
    names = {name: n for n, name in enumerate(facts.origins["origin"].astype(str))}
    return pd.DataFrame(
        {
            "row": mine["origin"].astype(str).map(names).to_numpy(dtype=np.int64),
            "site": facts.positions(mine["site_id"]),
            "share": mine["share"].to_numpy(dtype=np.float64),
        }
    )


def trips_of(
    facts: Facts,
    opened: Iterable[int],
    sending: pd.DataFrame | None,
    mode: str = "own",
    people: Floats | None = None,
) -> pd.DataFrame:
    """Return journeys after a plan: `row`, `people`, `minutes` (inf = beyond, or to no centre).

    Parameters
    ----------
    facts
        The hand-in's inputs.
    opened
        Positions of the open sites.
    sending
        Whom each serves; None = everyone goes to the nearest.
    mode
        Of the minutes; rows are its starting points.
    people
        Of each of these; None = the plan's own.
    """
    sites, heads = list(opened), facts.points(mode)[1] if people is None else people
    nearest = facts.nearest(sites, mode)
    if sending is None:
        return pd.DataFrame({"row": range(len(heads)), "people": heads, "minutes": nearest})
    sent = sending[sending["site"].isin(sites)].copy()
    of_row = np.arange(len(facts.people), dtype=np.int64)
    if not is_own(mode):
        place = {name: n for n, name in enumerate(facts.points(mode)[0])}
        of_row = np.array([place[str(name)] for name in facts.origins["point"]], dtype=np.int64)
    starts = facts.people if people is None else people[of_row]
    sent["people"] = starts[sent["row"]] * sent["share"].to_numpy()
    sent["row"] = of_row[sent["row"]]
    sent = sent[sent["people"] > 0]
    rows, columns, minutes = facts.pairs(mode)
    pairs = pd.DataFrame({"row": rows, "site": columns, "minutes": minutes})
    sent = sent.merge(pairs, on=["row", "site"], how="left").fillna({"minutes": np.inf})
    left = heads - np.bincount(sent["row"], sent["people"], len(heads))
    lost = np.flatnonzero(left > NOBODY * heads)
    empty = np.flatnonzero(heads <= 0)
    parts = [
        sent[["row", "people", "minutes"]],
        pd.DataFrame({"row": lost, "people": left[lost], "minutes": np.inf}),
        pd.DataFrame({"row": empty, "people": 0.0, "minutes": nearest[empty]}),
    ]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def own_trips(facts: Facts) -> pd.DataFrame:
    """Return journeys of the plan: `row`, `people`, `minutes`, and `before` (nearest today)."""
    found = trips_of(facts, facts.opened, facts.own_sending)
    return found.assign(before=facts.nearest(facts.existing)[found["row"]])
