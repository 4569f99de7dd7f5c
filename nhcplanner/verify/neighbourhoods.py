"""Check of the table of neighbourhoods: its sites, its centres and whom they serve."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, as_words
from nhcplanner.verify.ledger import Ledger

NOT_GIVEN = "not given"
"""Row of the sites and areas that name no neighbourhood."""


def check_neighbourhoods(facts: Facts, ledger: Ledger) -> None:
    """Compare sites, centres, people served and people of each neighbourhood."""
    published = facts.table("neighbourhoods")
    sites = facts.sites
    if "neighbourhood" in sites:
        name = as_words(sites["neighbourhood"]).replace("", NOT_GIVEN)
    else:
        name = pd.Series(NOT_GIVEN, index=sites.index)
    role = as_words(sites["role"])
    additional = role.isin(["committed", "new"])
    columns = ["neighbourhood", "listed", "existing", "additional", "served", "none_yet"]
    rows = []
    for one in published["neighbourhood"].astype(str):
        here = name == one
        served = sites.loc[here, "people_served"].sum(min_count=1)
        centres = int((here & (role == "existing")).sum()), int((here & additional).sum())
        none = "" if sum(centres) or one == NOT_GIVEN else "none yet"
        rows.append((one, int(here.sum()), *centres, served, none))
    mine = pd.DataFrame(rows, columns=columns)
    ledger.table(
        "Neighbourhoods", "tables/neighbourhoods.csv", published[columns], mine, ["neighbourhood"]
    )
    if "neighbourhood" in facts.areas:
        _check_people(facts, ledger, published)


def _check_people(facts: Facts, ledger: Ledger, published: pd.DataFrame) -> None:
    """Compare people, need and the share within reach where areas name their neighbourhood."""
    areas = facts.areas
    name = as_words(areas["neighbourhood"], NOT_GIVEN)
    people = areas["people"].astype("float64")
    rows = []
    for one in published["neighbourhood"].astype(str):
        here = name == one
        heads = float(people[here].sum()) if here.any() else np.nan
        within = float((people * areas["share_after"])[here].sum()) / heads if heads else np.nan
        first = float(people[here & (areas["band"] == 1)].sum()) if here.any() else np.nan
        rows.append((one, heads, first, within))
    columns = ["neighbourhood", "people", "first_band", "within"]
    mine = pd.DataFrame(rows, columns=columns)
    ledger.table(
        "People of neighbourhoods", "tables/neighbourhoods.csv", published[columns], mine,
        ["neighbourhood"],
    )  # fmt: skip
