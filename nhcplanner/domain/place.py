"""Place: areas, sites, where people start, and where each layer came from.

Edits: what a planner changed about the sites of a place, kept apart from the place itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.text import shortened
from nhcplanner.domain.display import Card, Display, Row
from nhcplanner.domain.intake import FileIntake

CRS = "EPSG:27700"


@dataclass(frozen=True)
class Source:
    """Where one layer came from.

    Parameters
    ----------
    layer
        What it feeds: "areas", "sites", "origins", "streets", "timetable", "matrix", or a table's
        name.
    title, publisher, address
        What it is, who made it, where it is to be had.
    file, sha256, rows
        The file's name, its hash, how many rows it gave.
    licence, attribution
        Its licence and the words the licence asks for.
    vintage, retrieved
        Which period it speaks of; when it was taken (ISO date).
    joined
        For a joined table: what matched, in words.
    matched, unmatched, unmatched_codes
        For a joined table: how many of the place's areas or councils it has a row for, how many
        it has none for, and the first few of those.
    gives
        Which columns of the layer come from it.
    notes
        What was done to it, in words.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}

    layer: str
    title: str
    publisher: str = ""
    address: str = ""
    file: str = ""
    sha256: str = ""
    rows: int | None = None
    licence: str = ""
    attribution: str = ""
    vintage: str = ""
    retrieved: str = ""
    joined: str = ""
    matched: int | None = None
    unmatched: int | None = None
    unmatched_codes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Place(Display):
    """A part of England, ready to be planned for.

    Parameters
    ----------
    name
        The place's name.
    areas, sites, origins
        GeoDataFrames in EPSG:27700 that passed the schema (`nhcplanner.domain.schema`), with a
        plain 0..n-1 index, ordered by area_code, site_id and origin_id.
    sources
        One or more for each layer.
    synthetic
        True where the place is invented; every screen and file then says SYNTHETIC.
    index_name
        Which deprivation index `imd_rank` is of, e.g. "IMD 2025", "WIMD 2019".
    vintage
        Vintage of the area codes, e.g. "LSOA 2021".
    origins_basis
        Where people start, in words: "weighted centroid" or "point inside the area".
    streets, timetable, matrix
        Paths of streets.npz, gtfs.zip and times/matrix.parquet in the place folder; None where
        there are none.
    times
        Folder in which measured minutes are kept; None where they are not.
    notes
        What a reader must know of the place, in words.
    folder
        The place folder it was read from; None where it was made in memory.
    roads
        Main roads to draw: lines in EPSG:27700, indexed by their class, the greatest first; None
        where they are not known.
    intake
        What each file held and how it was read.

    Examples
    --------
    >>> from nhcplanner import demo_place
    >>> place = demo_place()
    >>> len(place.areas), len(place.sites), place.people
    (250, 90, 350000)
    """

    name: str
    areas: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    origins: gpd.GeoDataFrame
    sources: tuple[Source, ...] = ()
    synthetic: bool = False
    index_name: str = ""
    vintage: str = ""
    origins_basis: str = ""
    streets: Path | None = None
    timetable: Path | None = None
    matrix: Path | None = None
    times: Path | None = None
    notes: tuple[str, ...] = field(default=())
    folder: Path | None = None
    roads: gpd.GeoSeries | None = None
    intake: tuple[FileIntake, ...] = ()

    def _card(self) -> Card:
        networks = {"streets": self.streets, "timetable": self.timetable, "own matrix": self.matrix}
        counts = self.sites["status"].value_counts()
        rows: list[Row] = [
            {"layer": "areas", "rows": len(self.areas), "": f"{self.people:,} people"},
            {"layer": "origins", "rows": len(self.origins), "": self.origins_basis},
            {
                "layer": "sites",
                "rows": len(self.sites),
                "": shortened(f"{number:,} {status}" for status, number in counts.items()),
            },
            *(
                {"layer": name, "rows": None, "": "none" if path is None else "there"}
                for name, path in networks.items()
            ),
        ]
        named = [f"Codes: {self.vintage}"] if self.vintage else []
        named += [f"Deprivation: {self.index_name}"] if self.index_name else []
        return Card(self.title, rows, (*named, *self.notes))

    @property
    def title(self) -> str:
        """The name, with SYNTHETIC in front where the place is invented."""
        if self.synthetic and "SYNTHETIC" not in self.name:
            return f"SYNTHETIC {self.name}"
        return self.name

    @property
    def people(self) -> int:
        """People in all areas."""
        return int(self.areas["people"].sum())

    @property
    def knows_cars(self) -> bool:
        """True where some area tells its share of households without a car."""
        areas = self.areas
        return "no_car_share" in areas and bool(areas["no_car_share"].notna().any())

    @property
    def existing(self) -> npt.NDArray[np.intp]:
        """Rows in `sites` of the centres that are open today."""
        return np.flatnonzero(self.sites["status"].to_numpy() == "existing")

    @property
    def site_names(self) -> pd.Series[str]:
        """Name of each site; its id where it has none."""
        sites = self.sites
        named: pd.Series[str] = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"])
        return named

    @property
    def area_of_origin(self) -> npt.NDArray[np.int64]:
        """Row in `areas` of each origin (shape origins, int)."""
        rows = pd.Series(np.arange(len(self.areas)), index=self.areas["area_code"])
        found: npt.NDArray[np.int64] = rows.loc[self.origins["area_code"]].to_numpy(dtype=np.int64)
        return found


Fact = str | float | None


@dataclass(frozen=True)
class SiteEdit:
    """What was changed about one site, or a site that was added.

    Whether a site must or must not open is no edit: a scenario says so (`keep`, `forbid`).

    Parameters
    ----------
    site_id
        The site.
    facts
        Column of the sites and its new value, once each; None makes it blank.
    point
        Easting and northing in metres, where it moved or was added; None = where it was.
    added
        True for a site that the place does not have.
    """

    site_id: str
    facts: tuple[tuple[str, Fact], ...] = ()
    point: tuple[float, float] | None = None
    added: bool = False

    def with_facts(self, **facts: Fact) -> SiteEdit:
        """The same with some facts changed.

        Examples
        --------
        >>> SiteEdit("S1", (("cost", 5.0),)).with_facts(cost=6.0, kind="library").facts
        (('cost', 6.0), ('kind', 'library'))
        """
        return replace(self, facts=tuple({**dict(self.facts), **facts}.items()))


def with_edit(edits: tuple[SiteEdit, ...], one: SiteEdit) -> tuple[SiteEdit, ...]:
    """Edits with one more, which takes the place of an earlier one of its site.

    Examples
    --------
    >>> [one.site_id for one in with_edit((SiteEdit("b"), SiteEdit("a")), SiteEdit("b"))]
    ['a', 'b']
    """
    others = (other for other in edits if other.site_id != one.site_id)
    return tuple(sorted((*others, one), key=lambda edit: edit.site_id))
