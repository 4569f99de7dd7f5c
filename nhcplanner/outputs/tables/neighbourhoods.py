"""Neighbourhoods as tables, and as footprints for a map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from nhcplanner.domain.neighbourhoods import LEVELS, Division
from nhcplanner.domain.place import Place
from nhcplanner.outputs import style
from nhcplanner.outputs.maps.shading import Shading
from nhcplanner.outputs.sanitise import isolated

HEADINGS = {
    "neighbourhood": "Neighbourhood",
    "people": "People",
    "year": "Year of the people",
    "areas": "Areas",
    "in_bounds": "Size within limits",
    "pieces": "Separate pieces",
    "minutes": "Mean minutes to the middle",
    "farthest": "Minutes from the farthest area",
    "split_blocks": "MSOAs divided",
    "crosses_district_code": "District borders crossed",
    "crosses_council_code": "Council borders crossed",
    "crosses_icb_code": "ICB borders crossed",
}


WORDS = {
    "area_code": "Area code",
    "area_name": "Area",
    "neighbourhood": "Neighbourhood",
    "multi_neighbourhood": "Multi-neighbourhood area",
    "place_area": "Place",
    "system_area": "System",
    "people": "People",
    "people_before": "People before",
    "people_after": "People after",
    "pieces_before": "Pieces before",
    "pieces_after": "Pieces after",
    "minutes_before": "Mean minutes before",
    "minutes_after": "Mean minutes after",
    "in_bounds_before": "Size within limits before",
    "in_bounds_after": "Size within limits after",
    "first_band_people": "People of band 1",
    "band": "Mean band (1 = first)",
    "hle": "Mean HLE (years)",
    "imd_decile": "Mean IMD decile (1 = most deprived)",
    "sites": "Sites that could open",
    "part": "Part of the place",
    "neighbourhoods": "Neighbourhoods",
    "blocks": "Blocks of areas",
    "minutes": "Mean minutes",
    "bound": "Fewest possible minutes",
    "status": "Proof",
    "division": "Division",
    "farthest": "Minutes from the farthest area",
    "fewest": "Fewest people",
    "most": "Most people",
    "outside_bounds": "Outside the limits of size",
    "in_pieces": "In separate pieces",
    "crosses": "Borders crossed",
    "elsewhere": "People in another neighbourhood (%)",
}
"""Headings of the other tables on screen, by column."""


def footprints(division: Division) -> pd.DataFrame:
    """Return the table of footprints; with `year` after `people`, if these are of a later year."""
    if division.year is None:
        return division.footprints
    frame = division.footprints.copy()
    frame.insert(list(frame.columns).index("people") + 1, "year", division.year)
    return frame


def lookup(division: Division, nested: Mapping[str, Division] | None = None) -> pd.DataFrame:
    """Return the neighbourhood of each area, and its group at every level.

    Returns
    -------
    DataFrame
        `area_code`, `area_name` (if known), `people` (of a later year: `people_2035`, so that a
        place built with the table keeps its own people), `neighbourhood`, and for each level of
        `nested` its column: `multi_neighbourhood`, `place_area` or `system_area`.
    """
    columns = ["area_code", "area_name", "people", "neighbourhood"]
    frame = division.areas[[name for name in columns if name in division.areas]]
    groups = {LEVELS[level].column: one.names.to_numpy() for level, one in (nested or {}).items()}
    if division.year is not None:
        frame = frame.rename(columns={"people": f"people_{division.year}"})
    return frame.assign(**groups)


def shapes(place: Place, division: Division) -> gpd.GeoDataFrame:
    """Return the footprints with their figures as polygons in EPSG:27700, by name."""
    merged = (
        gpd.GeoDataFrame(
            {"neighbourhood": division.names.to_numpy()},
            geometry=shapely.make_valid(place.areas.geometry.to_numpy()),
            crs=place.areas.crs,
        )
        .dissolve("neighbourhood")
        .reindex(division.footprints["neighbourhood"])
    )
    figures = footprints(division).assign(
        in_bounds=division.footprints["in_bounds"].map({True: "yes", False: "no"})
    )
    return gpd.GeoDataFrame(figures, geometry=merged.geometry.to_numpy(), crs=place.areas.crs)


def for_reading(division: Division) -> pd.DataFrame:
    """Return the table of footprints under headings for people."""
    frame = division.footprints[[name for name in HEADINGS if name in division.footprints]]
    table = frame.assign(in_bounds=frame["in_bounds"].map({True: "yes", False: "no"}))
    people = {"people": division.people_words.capitalize()}
    return table.round({"minutes": 1, "farthest": 1}).rename(columns={**HEADINGS, **people})


def quality(
    divisions: Sequence[Division], shares: Sequence[float], names: Sequence[str]
) -> pd.DataFrame:
    """Return the quality of several divisions of one place, a row each.

    Parameters
    ----------
    divisions, names
        The divisions, and what each is called.
    shares
        Share of people who are in another footprint than in the first division.

    Returns
    -------
    DataFrame
        `division`, `neighbourhoods`, `minutes` (mean to the middle), `farthest`, `fewest` and
        `most` people, `outside_bounds` and `in_pieces` (neighbourhoods out of bounds, and of more
        than one piece), `crosses` (borders of councils crossed, if known) and `elsewhere`
        (people in another neighbourhood than in the first division, in %).
    """
    rows = []
    for division, share, name in zip(divisions, shares, names, strict=True):
        frame = division.footprints
        borders = [one for one in ("council", "district") if f"crosses_{one}_code" in frame][:1]
        counts = [int(frame[f"crosses_{one}_code"].sum()) for one in borders]
        crosses = dict(zip(["crosses"], counts, strict=False))
        rows.append({
            "division": name, "neighbourhoods": len(frame), "minutes": division.mean_minutes,
            "farthest": frame["farthest"].max(), "fewest": int(frame["people"].min()),
            "most": int(frame["people"].max()), "outside_bounds": int((~frame["in_bounds"]).sum()),
            "in_pieces": int((frame["pieces"] > 1).sum()), **crosses, "elsewhere": 100 * share,
        })  # fmt: skip
    return pd.DataFrame(rows)


def changes(before: Division, after: Division) -> pd.DataFrame:
    """Return the figures of the neighbourhoods that differ, before and after.

    Returns
    -------
    DataFrame
        `neighbourhood`, then `people`, `pieces`, `minutes` and `in_bounds`, each with `_before` and
        `_after`; blank if it does not exist.
    """
    figures = ["people", "pieces", "minutes", "in_bounds"]
    sides = [
        version.footprints.set_index("neighbourhood")[figures].astype("object").add_suffix(end)
        for version, end in ((before, "_before"), (after, "_after"))
    ]
    both = sides[0].join(sides[1], how="outer")
    moved = before.names.to_numpy() != after.names.to_numpy()
    touched = {*before.names[moved], *after.names[moved]}
    columns = [f"{name}{end}" for name in figures for end in ("_before", "_after")]
    table = both.loc[[name for name in both.index if name in touched], columns]
    return table.infer_objects().rename_axis("neighbourhood").reset_index()


def shading(division: Division) -> Shading:
    """Colour footprints so that neighbours differ, as far as seven colours allow."""
    label = division.labels
    pairs = sparse.coo_array(division.contact)
    beside: dict[int, set[int]] = {
        footprint: set() for footprint in range(len(division.footprints))
    }
    for footprint, other in np.unique(
        np.column_stack([label[pairs.row], label[pairs.col]]), axis=0
    ):
        if footprint != other:
            beside[int(footprint)].add(int(other))
    colour: dict[int, int] = {}
    for footprint in sorted(beside, key=lambda row: (-len(beside[row]), row)):
        others = [colour[other] for other in beside[footprint] if other in colour]
        colour[footprint] = min(range(style.CLASSES), key=lambda tint: (others.count(tint), tint))
    used = max(colour.values(), default=0) + 1
    labels = tuple(f"Colour {number}" for number in range(1, used + 1))
    of_area = np.array([colour[int(footprint)] for footprint in label], dtype=np.int64)
    return Shading("neighbourhoods", "Neighbourhoods", labels, style.words(used), of_area)


def tips(division: Division) -> Callable[[int], str]:
    """Return a function that describes the area in a row, as plain text."""
    areas, table = division.areas, division.footprints.set_index("neighbourhood")
    names = areas.get("area_name", areas["area_code"]).tolist()

    def tip(row: int) -> str:
        name = areas["neighbourhood"].iloc[row]
        people, minutes = table.loc[name, ["people", "minutes"]]
        lines = [
            isolated(name),
            f"{people:,.0f} {division.people_words}, {minutes:.1f} minutes to the middle",
            f"{isolated(str(names[row]))}: {areas['people'].iloc[row]:,} people",
        ]
        return "\n".join(lines)

    return tip
