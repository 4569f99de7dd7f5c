"""Neighbourhoods and the larger areas that they nest in, those without a centre first, by need."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import Cell
from nhcplanner.domain.neighbourhoods import LEVELS as LARGER
from nhcplanner.outputs import frames

COLUMN = "neighbourhood"
"""Column of the areas and of the sites, and the smallest level."""
LEVELS = (
    Cell("level", "Level"),
    Cell("name", "Name"),
    Cell("part_of", "Part of"),
    Cell("people", "People", "people"),
    Cell("first_band", "People of band 1", "people"),
    Cell("band", "Mean band (1 = first)", "ratio"),
    Cell("hle", "HLE, years (mean)", "years"),
    Cell("existing", "Already an NHC"),
    Cell("additional", "Additional centres"),
    Cell("could_open", "Sites that could open"),
    Cell("none_yet", "No centre yet, even with the plan"),
)
NONE_YET = "none yet"


def levels(evidence: Evidence) -> pd.DataFrame:
    """Return neighbourhoods and larger areas: people, need, centres, and what they are part of.

    Returns
    -------
    DataFrame
        Columns of `LEVELS`, from the smallest level; in each the areas without a centre come
        first, then by the mean band of their people and by people. No rows if the areas of the
        place name no neighbourhoods.
    """
    outcome = evidence.outcome
    areas = outcome.place.areas
    names = [cell.name for cell in LEVELS]
    if COLUMN not in areas or not areas[COLUMN].notna().any():
        return pd.DataFrame(columns=names)
    columns = {
        COLUMN: COLUMN,
        **{one.noun: one.column for one in LARGER.values()
           if one.column in areas and areas[one.column].notna().any()},
    }  # fmt: skip
    band = outcome.assessment.areas["band"].to_numpy(dtype=np.float64)
    centres = _centres(evidence)
    pieces = []
    above = [*list(columns.values())[1:], None]
    for (level, column), larger in zip(columns.items(), above, strict=True):
        table = _need(areas, areas[column], band)
        one_each = areas.dropna(subset=[COLUMN]).drop_duplicates(COLUMN)
        group = pd.Series(one_each[column].to_numpy(), index=one_each[COLUMN].to_numpy())
        counts = centres.groupby(group.reindex(centres.index).to_numpy()).sum()
        table = table.join(counts)
        figures = list(map(str, centres.columns))
        table[figures] = table[figures].fillna(0).astype("int64")
        none = (table["existing"] + table["additional"]) == 0
        table["none_yet"] = none.map({True: NONE_YET, False: ""})
        whole = areas.dropna(subset=[column]).drop_duplicates(column).set_index(column)
        table["part_of"] = whole[larger].reindex(table.index) if larger is not None else ""
        table = table.assign(level=level, last=~none).rename_axis("name").reset_index()
        order = table.sort_values(
            ["last", "band", "people", "name"], ascending=[True, True, False, True]
        )
        pieces.append(order.reindex(columns=names))
    return pd.concat(pieces, ignore_index=True)


def without_centre(evidence: Evidence) -> pd.DataFrame:
    """Return the rows of `levels` without a centre, those in most need of each level first."""
    frame = levels(evidence)
    return frame[frame["none_yet"] == NONE_YET].reset_index(drop=True)


def _need(areas: pd.DataFrame, names: pd.Series[str], band: np.ndarray) -> pd.DataFrame:
    """Return people and need by name."""
    people = areas["people"].astype("float64")
    ranked = people.where(band > 0, 0.0)
    hle = areas.get("hle", pd.Series(np.nan, index=areas.index)).astype("float64")
    sums = (
        pd.DataFrame({
            "people": people, "first_band": people.where(band == 1, 0.0),
            "ranked": ranked, "bands": ranked * band, "years": hle * people,
            "with_hle": people.where(hle.notna(), 0.0),
        })
        .groupby(names)
        .sum()
    )  # fmt: skip
    return sums[["people", "first_band"]].assign(
        band=sums["bands"] / sums["ranked"].where(sums["ranked"] > 0),
        hle=sums["years"] / sums["with_hle"].where(sums["with_hle"] > 0),
    )


def _centres(evidence: Evidence) -> pd.DataFrame:
    """Return centres and sites that could open by neighbourhood, as the sites name it."""
    sites = pd.DataFrame(frames.sites(evidence.outcome).drop(columns="geometry"))
    role, name = sites["role"], sites.get(COLUMN, pd.Series("", index=sites.index)).fillna("")
    counts = {
        "existing": role == "existing",
        "additional": role.isin(["committed", "new"]),
        "could_open": (role == "") & (sites["status"] != "forbidden"),
    }
    return pd.DataFrame(counts).groupby(name.to_numpy()).sum()
