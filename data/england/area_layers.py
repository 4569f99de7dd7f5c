"""Layers by area: codes and names, people, deprivation, indicators, shapes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from reading import Inputs

AREAS = 33_755
RURAL_URBAN = {
    "UN1": "Urban: nearer to a major town or city",
    "UF1": "Urban: further from a major town or city",
    "RLN1": "Larger rural: nearer to a major town or city",
    "RLF1": "Larger rural: further from a major town or city",
    "RSN1": "Smaller rural: nearer to a major town or city",
    "RSF1": "Smaller rural: further from a major town or city",
}
"""Classes of the rural-urban classification 2021 of areas (ONS)."""

ETHNICITY = {
    "Asian, Asian British or Asian Welsh": "asian",
    "Black, Black British, Black Welsh, Caribbean or African": "black",
    "Mixed or Multiple ethnic groups": "mixed",
    "Other ethnic group": "other_ethnic",
    "White": "white",
}
DIMENSIONS = {
    "Household is not deprived in any dimension": "not_deprived",
    "Household is deprived in one dimension": "deprived_1",
    "Household is deprived in two dimensions": "deprived_2",
    "Household is deprived in three dimensions": "deprived_3",
    "Household is deprived in four dimensions": "deprived_4",
}
AGES = ("age_0_15", "age_16_24", "age_25_34", "age_35_49", "age_50_64", "age_65_plus")
DOMAINS = (
    "Income", "Employment", "Education", "Health", "Crime", "Housing_and_Services", "Environment",
)  # fmt: skip


def area_table(inputs: Inputs) -> pd.DataFrame:
    """A row an area, ordered by its code: codes, names, people, IMD, centroid."""
    lookup = inputs.table("lookup", "lsoa21_code").sort_index()
    now = inputs.table("lookup_2026", "lsoa21_code").loc[lookup.index]
    people = inputs.table("population", "lsoa21_code").loc[lookup.index]
    imd = inputs.table("imd", "lsoa21_code").loc[lookup.index]
    centroid = inputs.table("centroids", "lsoa21_code").loc[lookup.index]
    table = pd.DataFrame(
        {
            "area_name": lookup["lsoa21_name"],
            "msoa_code": lookup["msoa21_code"],
            "msoa_name": lookup["msoa21_name"],
            "ward_code": lookup["ward24_code"],
            "ward_name": lookup["ward24_name"],
            **_councils(lookup, now),
            **_boards(lookup, now),
            **_middle_layer(inputs, lookup.index),
            "rural_urban": lookup["ruc21_code"].map(RURAL_URBAN),
            "people": people["pop_mid2022"],
            "census_people": people["pop_census2021"],
            **_census(inputs, lookup),
            "imd_rank": imd["IMD_rank"],
            "imd_decile": imd["IMD_decile"],
            "imd_score": imd["IMD_score"],
            "centroid_x": centroid["easting"].round(0),
            "centroid_y": centroid["northing"].round(0),
            "centroid_source": centroid["source"],
        },
        index=lookup.index.rename("area_code"),
    )
    table["region_name"] = table.groupby("district_code")["region_name"].transform(_commonest)
    table["region_code"] = table["region_name"].map(_regions(inputs))
    if len(table) != AREAS or table.drop(columns=["icb_code", "icb26_ods"]).isna().any(axis=None):
        raise SystemExit("the lookups do not cover every area of England")
    return table.reset_index()


def _commonest(names: pd.Series) -> str:
    """The name that most have: an area of 2021 may lie across a border of 2011."""
    return str(names.mode().iloc[0])


def _councils(lookup: pd.DataFrame, now: pd.DataFrame) -> dict[str, pd.Series]:
    """Lower and upper tier of each area.

    The lookup of 2024 fits areas to districts by their wards: the one area (of West
    Northamptonshire) that it puts into another council than its own name says is put back.
    """
    named = lookup["lsoa21_name"].str.replace(r" \d+[A-Z]$", "", regex=True)
    codes = pd.Series(now["lad26_code"].to_numpy(), index=lookup["ltla24_name"])
    codes = codes[~codes.index.duplicated()]
    district = lookup["ltla24_name"].mask(named.isin(codes.index), named)
    return {
        "district_code": district.map(codes),
        "district_name": district,
        "council_code": now["utla26_code"],
        "council_name": lookup["utla23_name"],
    }


def _boards(lookup: pd.DataFrame, now: pd.DataFrame) -> dict[str, pd.Series]:
    """ICBs of 2024 and of April 2026; the code where a board has kept its name."""
    unchanged = now["icb26_name"] == lookup["icb24_name"]
    return {
        "icb24_code": lookup["icb24_code"],
        "icb24_name": lookup["icb24_name"],
        "icb24_ods": lookup["icb24_code_nhs"],
        "icb_code": lookup["icb24_code"].where(unchanged),
        "icb_name": now["icb26_name"],
        "icb26_ods": now["icb26_ods"],
    }


def _middle_layer(inputs: Inputs, codes: pd.Index) -> dict[str, pd.Series]:
    """Middle layer area and district of 2011, and region; an area of two takes the first."""
    changes = inputs.table("changes")
    names = inputs.table("msoa_changes").drop_duplicates("msoa11_name").set_index("msoa11_name")
    named = changes.sort_values(["lsoa21_code", "lsoa11_code"]).drop_duplicates("lsoa21_code")
    within = named.set_index("lsoa21_code")["lsoa11_name"].str[:-1]
    msoa11 = within.map(names["msoa11_code"]).reindex(codes)
    truth = inputs.table("msoa_hle").drop_duplicates("msoa11_code").set_index("msoa11_code")
    return {
        "msoa11_code": msoa11,
        "district11_name": within.str.replace(r" \d+$", "", regex=True)[codes],
        "region_name": msoa11.map(truth["region"]),
    }


def _regions(inputs: Inputs) -> pd.Series:
    hle = inputs.table("hle")
    regions = hle[hle["geography"] == "Region"].drop_duplicates("area_code")
    return regions.set_index("area_name")["area_code"]


def _census(inputs: Inputs, lookup: pd.DataFrame) -> dict[str, pd.Series]:
    """Counts of Census 2021."""
    codes = lookup.index
    ages = inputs.table("ages", "lsoa21_code").loc[codes, list(AGES)]
    older = inputs.table("ages_msoa", "msoa21_code")
    oldest = older["age_85_89"] + older["age_90_plus"]
    over_65 = older[["age_65_69", "age_70_74", "age_75_79", "age_80_84"]].sum(axis=1) + oldest
    disabled = inputs.table("disability")
    disabled = disabled[disabled["disability"] == "Disabled under the Equality Act"]
    disabled = disabled.set_index("lsoa21_code").loc[codes]
    ethnicity = inputs.table("ethnicity", "lsoa21_code").loc[codes].rename(columns=ETHNICITY)
    tenure = inputs.table("tenure", "lsoa21_code").loc[codes]
    homes = inputs.table("household_deprivation", "lsoa21_code").loc[codes]
    return {
        **{name: ages[name] for name in AGES},
        "share_85_of_65_plus": lookup["msoa21_code"].map(oldest / over_65).round(4),
        "disabled": disabled["n"].astype("int64"),
        "disability_residents": disabled["total_residents"].astype("int64"),
        **{name: ethnicity[name] for name in ETHNICITY.values()},
        "households": tenure["total_households"],
        "owned_outright": tenure["Owned: Owns outright"],
        "owned_mortgage": tenure["Owned: Owns with a mortgage or loan"],
        "social_rented": tenure.filter(like="Social rented").sum(axis=1),
        "private_rented": tenure.filter(like="Private rented").sum(axis=1),
        **{name: homes[column] for column, name in DIMENSIONS.items()},
    }


def unit_table(inputs: Inputs) -> pd.DataFrame:
    """A row an area: the sub-ICB location of 2024 that it is in."""
    lookup = inputs.table("lookup", "lsoa21_code").sort_index()
    units = lookup["sicbl24_code"].rename_axis("area_code").rename("projection_code")
    if len(units) != AREAS or units.isna().any():
        raise SystemExit("the lookup does not put every area in a sub-ICB location")
    return units.reset_index()


def projection_table(inputs: Inputs) -> pd.DataFrame:
    """A row a sub-ICB location and age band: people of both sexes, a column a year."""
    table = inputs.table("projections")
    years = [name for name in table if name.isdigit()]
    people = table.groupby(["code", "label", "age_group"], as_index=False)[years].sum()
    units = inputs.table("lookup")["sicbl24_code"]
    if set(people["code"]) != set(units) or people[years].isna().any(axis=None):
        raise SystemExit("the projections are not those of the sub-ICB locations of 2024")
    whole = people.astype(dict.fromkeys(years, "int32"))
    named = whole.rename(columns={"label": "name", "age_group": "age"})
    first = named["age"].str.extract(r"(\d+)")[0].astype(int)
    return named.assign(first=first).sort_values(["code", "first"]).drop(columns="first")


def indicator_table(inputs: Inputs) -> pd.DataFrame:
    """A row an area: scores and ranks of the domains, and the indicators beneath them."""
    imd = inputs.table("imd", "lsoa21_code").sort_index()
    beneath = inputs.table("indicators", "lsoa21_code").loc[imd.index]
    columns = {}
    for domain in DOMAINS:
        columns[f"{domain.lower()}_score"] = imd[f"{domain}_score"]
        columns[f"{domain.lower()}_rank"] = imd[f"{domain}_rank"]
    named = beneath.drop(columns=[name for name in beneath if name.endswith("numerator")])
    return pd.DataFrame(columns).join(named).rename_axis("area_code").reset_index()


def shape_table(inputs: Inputs) -> pa.Table:
    """GeoParquet of the areas' shapes, coordinates rounded to 1 m so that borders stay shared."""
    path = inputs.path("boundaries", AREAS)
    source = pq.read_table(path)
    frame = source.select(["lsoa21_code", "geometry"]).to_pandas().sort_values("lsoa21_code")
    shapes = shapely.transform(shapely.from_wkb(frame["geometry"].to_numpy()), np.round)
    shapes = shapely.normalize(_single(shapes))
    if not shapely.is_valid(shapes).all():
        raise SystemExit("rounding made shapes invalid")
    geo = {b"geo": source.schema.metadata[b"geo"]}
    codes = pa.array(frame["lsoa21_code"].astype("str"), pa.string())
    packed = pa.array(shapely.to_wkb(shapes), pa.binary())
    table = pa.table({"area_code": codes, "geometry": packed})
    return table.replace_schema_metadata(geo)


def _single(shapes: np.ndarray) -> np.ndarray:
    """Polygons in place of collections of one."""
    one = shapely.get_num_geometries(shapes) == 1
    return np.where(one, shapely.get_geometry(shapes, 0), shapes)
