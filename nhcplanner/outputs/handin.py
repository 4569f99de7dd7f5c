"""Hand-in: its formats, and what people have still to fill in, in words."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.outputs.packed import PLAN
from nhcplanner.outputs.workbook.overall import ASKED
from nhcplanner.outputs.workbook.pipeline import CELLS, FILL
from nhcplanner.outputs.writers import WRITERS

_KNOWN = {
    "xlsx": ("Workbook (Excel)", "pipeline, options appraisal, costs, access, equality"),
    "docx": ("Brief (Word)", "the case for the plan and its evidence, to edit"),
    "html": ("Brief (web page)", "the same, to read and to print"),
    PLAN: ("Map and record", "the map as a page, and all that makes the plan again"),
    "csv": ("Tables (CSV)", "every table of evidence"),
    "gpkg": ("GIS (GeoPackage)", "all layers, coloured, for QGIS and ArcGIS"),
    "geojson": ("GIS (GeoJSON)", "in degrees, for web maps"),
    "shp": ("GIS (Shapefile)", "under short names, for older programs"),
    "kml": ("GIS (KML)", "for Google Earth"),
    "parquet": ("GIS (GeoParquet)", "for analysts"),
}
"""What each format is called, and what is in it; those of `WRITERS` that are not here go last."""


def formats() -> list[str]:
    """Names of all that may be handed in, the documents that people read first."""
    return [
        *(name for name in _KNOWN if name == PLAN or name in WRITERS),
        *(name for name in WRITERS if name not in _KNOWN),
    ]


def title(name: str) -> str:
    """What a format is called."""
    return _KNOWN[name][0] if name in _KNOWN else name.upper()


def words(name: str) -> str:
    """What is in a format, or in the files of the plan itself."""
    return _KNOWN[name][1] if name in _KNOWN else WRITERS[name].words


def programme(waves: Iterable[tuple[str, int | None]]) -> str:
    """The waves that go along, in a sentence."""
    steps = ", ".join(
        f"{name}: {count:,} centres" if count is not None else name for name, count in waves
    )
    return f"As chosen under Waves, the last wave planned first. {steps}."


def blanks(outcome: Outcome) -> pd.DataFrame:
    """What people fill in of each centre and of the whole, with how much is known already.

    Columns `what` and `known`: of how many of the plan's centres; "-" for the whole.
    """
    sites = outcome.place.sites.iloc[list(outcome.plan.opened)]
    labels = {cell.name: cell.label for cell in CELLS}
    rows = [
        (labels[name], f"{int(sites[name].notna().sum()) if name in sites else 0} of {len(sites)}")
        for name in FILL
    ]
    rows += [(asked, "-") for asked in ASKED]
    return pd.DataFrame(rows, columns=["what", "known"])


def reasons(said: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """What is not there or not complete, and why."""
    return pd.DataFrame(
        [(about.replace("_", " ").capitalize(), why) for about, why in said],
        columns=["About", "Why"],
    )
