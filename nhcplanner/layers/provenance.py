"""Provenance: what each layer rests on, for the record and for every export."""

from __future__ import annotations

import geopandas as gpd

from nhcplanner.domain.columns import HLE_BASES
from nhcplanner.domain.place import Source
from nhcplanner.layers.columns import ColumnMap
from nhcplanner.layers.hle import GRADIENT_SOURCE
from nhcplanner.layers.inputs import Inputs
from nhcplanner.layers.joins import Joined
from nhcplanner.layers.tables import Table, changed_on, sha256
from nhcplanner.layers.words import counted, some

GRADED = ("modelled", "national gradient")


def sources(
    inputs: Inputs, joined: Joined, column_map: ColumnMap, areas: gpd.GeoDataFrame
) -> tuple[Source, ...]:
    """One source for each file, and one for the national gradient where it was used."""
    listed = [
        _source(inputs.areas, "areas", len(inputs.areas.frame), column_map),
        *(
            _source(table, "sites", len(table.frame), column_map)
            for table in inputs.site_files or (inputs.sites,)
        ),
    ]
    for each in inputs.further:
        layer, matches = each.table.file.split(".")[0], joined.matches[each.table.file]
        listed.append(_source(each.table, layer, each.rows, column_map, matches))
    if areas["hle_basis"].isin(GRADED).any():
        listed.append(GRADIENT_SOURCE)
    return tuple(listed)


def _source(table: Table, layer: str, rows: int, column_map: ColumnMap, joined: str = "") -> Source:
    said = {**column_map.source.get(layer, {}), **column_map.source.get(table.file, {})}
    said = {"layer": layer, "title": table.file, "retrieved": changed_on(table.path)} | said
    return Source(
        file=table.file,
        sha256=sha256(table.path),
        rows=rows,
        joined=joined,
        notes=table.notes,
        **said,
    )


def hle_notes(areas: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Count areas by basis of their HLE, and name councils without a figure."""
    counts = areas["hle_basis"].value_counts()
    listed = ", ".join(f"{basis} {counts[basis]:,}" for basis in HLE_BASES if basis in counts)
    notes = [f"Areas by basis of their HLE: {listed}"]
    if "modelled" in counts:
        notes.append(
            "HLE is modelled so that each council's mean, over those of its areas that the files "
            "hold, is its published figure"
        )
    if "council_code" in areas:
        without = areas[areas["hle_basis"].isin(("national gradient", "missing"))]
        label = "council_name" if "council_name" in areas else "council_code"
        names = sorted(without[label].dropna().unique())
        if names:
            notes.append(
                f"{counted(len(names), 'council')} without an HLE figure: {some(names, 200)}"
            )
    return tuple(notes)
