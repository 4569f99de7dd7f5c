"""Layers of points: buildings that a centre may be in, and names of towns and villages."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from reading import Inputs

COLUMNS = (
    "site_id", "site_name", "kind", "postcode", "easting", "northing", "registered_patients",
    "weekly_hours", "sector", "listed_by",
)  # fmt: skip
STATIC = ("static library", "static local history library")
SHUT = ("closed", "temporary closure")
WALK_IN = ("Community", "LPS")
"""Contracts of pharmacies that people walk into."""


def site_table(inputs: Inputs) -> pd.DataFrame:
    """Every building of the lists that has a place on the map, ordered by its id."""
    lists = [
        _practices(inputs),
        _branches(inputs),
        _hospitals(inputs),
        _pharmacies(inputs),
        _libraries(inputs),
        _family_hubs(inputs),
    ]
    sites = pd.concat([each.reindex(columns=COLUMNS) for each in lists], ignore_index=True)
    placed = np.isfinite(sites[["easting", "northing"]].astype("float64")).all(axis=1)
    sites = sites[placed].sort_values("site_id", ignore_index=True)
    if sites["site_id"].duplicated().any():
        raise SystemExit("two buildings have one id")
    metres = {name: sites[name].round().astype("int64") for name in ("easting", "northing")}
    return sites.assign(postcode=sites["postcode"].map(spaced), **metres)


def _practices(inputs: Inputs) -> pd.DataFrame:
    table = inputs.table("practices")
    named = table.rename(
        columns={"ods_code": "site_id", "name": "site_name", "list_size": "registered_patients"}
    )
    return named.assign(kind="gp_practice", listed_by="ODS epraccur, February 2026")


def _branches(inputs: Inputs) -> pd.DataFrame:
    table = inputs.table("branches")
    named = table[table["parent_active_2026"]].rename(
        columns={"ods_code": "site_id", "name": "site_name"}
    )
    return named.assign(
        kind="branch_surgery", listed_by="ODS ebranchs, August 2017 (old: check that it is open)"
    )


def _hospitals(inputs: Inputs) -> pd.DataFrame:
    table = inputs.table("hospitals").drop_duplicates("OrganisationCode")
    named = table.rename(
        columns={
            "OrganisationCode": "site_id",
            "OrganisationName": "site_name",
            "Postcode": "postcode",
            "Sector": "sector",
        }
    )
    return named.assign(kind="hospital", listed_by="NHS website, March 2022")


def _pharmacies(inputs: Inputs) -> pd.DataFrame:
    table = inputs.table("pharmacies")
    named = table[table["contract_type"].isin(WALK_IN)].rename(
        columns={
            "ods_code": "site_id",
            "pharmacy_trading_name": "site_name",
            "post_code": "postcode",
            "weekly_total": "weekly_hours",
        }
    )
    return named.assign(kind="pharmacy", listed_by="NHSBSA, early 2026")


def _libraries(inputs: Inputs) -> pd.DataFrame:
    table = inputs.table("libraries")
    there = table["type"].str.lower().isin(STATIC) & table["open_2023"]
    there &= ~table["operation_23"].str.lower().isin(SHUT)
    named = table[there].rename(columns={"name": "site_name"})
    return named.assign(
        site_id=made_ids("library", named["reporting"] + " " + named["site_name"]),
        kind="library",
        listed_by="Arts Council England, 2023",
    )


def _family_hubs(inputs: Inputs) -> pd.DataFrame:
    table = inputs.table("family_hubs")
    named = table.rename(columns={"Family_Hub": "site_name", "Postcode": "postcode"})
    return named.assign(
        site_id=made_ids("family_hub", named["Local_Authority"] + " " + named["site_name"]),
        kind="family_hub",
        listed_by="Department for Education, 2026",
    )


def place_name_table(inputs: Inputs) -> pd.DataFrame:
    """Towns and villages of Great Britain, the largest first."""
    table = inputs.table("place_names")
    table = table[table["nation"] != "NIR"]
    return table.sort_values(["population", "geoname_id"], ascending=[False, True])


def made_ids(kind: str, names: pd.Series) -> pd.Series:
    """Ids of buildings that a list gives no code: kind and name, numbered where they recur."""
    simple = names.map(lambda name: re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_"))
    again = simple.groupby(simple).cumcount()
    return kind + "_" + simple.where(again == 0, simple + "_" + (again + 1).astype("str"))


def spaced(postcode: object) -> object:
    """A postcode with its one space: "DE248UY" becomes "DE24 8UY"."""
    if not isinstance(postcode, str):
        return None
    packed = postcode.replace(" ", "").upper()
    return f"{packed[:-3]} {packed[-3:]}"
