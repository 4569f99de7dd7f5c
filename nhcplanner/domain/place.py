"""Places with their layers and sources, and edits of their sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import shortened
from nhcplanner.domain.display import Card, Display, Row
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.projection import Housing, Projection

CRS = "EPSG:27700"


@dataclass(frozen=True)
class Source:
    """The source of a layer.

    Parameters
    ----------
    layer
        The layer: "areas", "sites", "origins", "streets", "timetable", "matrix", or a table's
        name.
    title, publisher, address
        Its title, its publisher and its web address.
    file, sha256, rows
        The file's name, its hash, and the number of rows used.
    licence, attribution
        Its licence, and the attribution that the licence requires.
    vintage, retrieved
        The period of the data; the day of retrieval (ISO date).
    joined
        For a joined table: a sentence on what matched.
    matched, unmatched, unmatched_codes
        For a joined table: the numbers of the place's areas or councils with a row and without
        one, and the first few without.
    gives
        Columns of the layer that come from it.
    notes
        Sentences on how it was processed.
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
    """A part of England with everything that planning needs.

    Parameters
    ----------
    name
        The place's name.
    areas, sites, origins
        GeoDataFrames in EPSG:27700 that pass `nhcplanner.domain.column_checks`, with an index
        0..n-1, ordered by area_code, site_id and origin_id.
    sources
        One or more for each layer.
    synthetic
        Whether the place is invented; every screen and file then says SYNTHETIC.
    index_name
        The deprivation index of `imd_rank`, such as "IMD 2025" or "WIMD 2019".
    vintage
        Vintage of the area codes, such as "LSOA 2021".
    origins_basis
        What the origins are: "weighted centroid" or "point inside the area".
    streets, timetable, matrix
        Paths of streets.npz, gtfs.zip and times/matrix.parquet in the place folder; None if there
        are none.
    times
        Folder in which measured minutes are stored; None = they are not stored.
    notes
        Sentences that a reader must know.
    folder
        The place folder; None if the place was made in memory.
    roads
        Main roads to draw: lines in EPSG:27700, indexed by class, the largest first; None if
        unknown.
    intake
        What each file held and how it was read.
    projection
        Projection of its people, and new homes; None if unknown.
    zones
        Zones of demand-responsive transport: polygons in EPSG:27700 with `zone`, `hours`,
        `wait_minutes`, `speed_kmh` and `detour`; None if there are none.
    year, housing
        Year of its people by the projection, and how new homes count in it; None = `areas` and
        `origins` hold the place's own people.
    own
        Areas and origins with the place's own people, if `year` is another.

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
    projection: Projection | None = None
    zones: gpd.GeoDataFrame | None = None
    year: int | None = None
    housing: Housing = "within"
    own: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame] | None = None

    @classmethod
    def from_frames(  # noqa: PLR0913  (one call describes the whole place)
        cls,
        areas: pd.DataFrame,
        sites: pd.DataFrame,
        origins: pd.DataFrame | None = None,
        columns: Mapping[str, Any] | None = None,
        streets: Path | str | Sequence[Path | str] | None = None,
        minutes: pd.DataFrame | None = None,
        *,
        tables: Mapping[str, pd.DataFrame] | None = None,
        timetable: Path | str | None = None,
        projections: pd.DataFrame | str | None = None,
        housing: pd.DataFrame | None = None,
        name: str = "",
        assume: Sequence[str] = (),
        folder: Path | None = None,
    ) -> Place:
        """Make a place from frames in memory, with the same checks as files.

        Parameters
        ----------
        areas, sites
            GeoDataFrames with a reference system (polygons or points; any system, also degrees),
            or DataFrames with coordinates in columns. Columns are found by their common names,
            as in files; an index that holds codes counts as a column.
        origins
            Points where people start; by default one point for each area.
        columns
            What a column map says, as nested mappings: `{"areas": {"people": "pop_2024"}}`.
        streets
            OpenStreetMap extract (.osm.pbf, .osm) or saved osmnx graph (.graphml); or several
            extracts.
        minutes
            Travel times from another tool: long (a row for each pair) or wide (a row for each
            area, a column for each site), by area code or origin id and by site id.
        tables
            Further tables by name, joined by area or council code.
        timetable
            GTFS zip.
        projections
            Population projection: a row for each unit and age, a column for each year; or
            "england", the packaged one.
        housing
            Housing sites: homes, year and place of each; needs `projections`.
        name
            Name of the place.
        assume
            Answers to questions, each KEY=VALUE.
        folder
            Where to keep the place, for `load`; by default it lasts as long as this process.

        Returns
        -------
        Place
            Its `intake` says how each frame was read.

        Raises
        ------
        InputError
            With every fault and every question, which `assume` or `columns` answers.

        Examples
        --------
        >>> import pandas as pd
        >>> areas = pd.DataFrame(
        ...     {
        ...         "area_code": ["X01000001", "X01000002"],
        ...         "people": [1500, 1700],
        ...         "hle": [58.0, 63.5],
        ...         "easting": [430000, 432000],
        ...         "northing": [310000, 310000],
        ...     }
        ... )
        >>> sites = pd.DataFrame(
        ...     {"site_id": ["S1", "S2"], "easting": [430200, 432100], "northing": [310000, 310050]}
        ... )
        >>> place = Place.from_frames(areas, sites, name="Two villages")
        >>> len(place.areas), place.people
        (2, 3200)
        """
        # The rooms above make places; contracts keep `domain` from importing them statically.
        frames = import_module("nhcplanner.workflow.frames")
        place: Place = frames.place_from_frames(
            areas, sites, origins, columns, streets, minutes,
            tables=tables, timetable=timetable, projections=projections, housing=housing,
            name=name, assume=assume, folder=folder,
        )  # fmt: skip
        return place

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
                {"layer": name, "rows": None, "": "missing" if path is None else "included"}
                for name, path in networks.items()
            ),
        ]
        lines = [f"Codes: {self.vintage}"] if self.vintage else []
        lines += [f"Deprivation: {self.index_name}"] if self.index_name else []
        return Card(self.title, rows, (*lines, *self.notes))

    @property
    def title(self) -> str:
        """The name, after SYNTHETIC if the place is invented."""
        if self.synthetic and "SYNTHETIC" not in self.name:
            return f"SYNTHETIC {self.name}"
        return self.name

    @property
    def people(self) -> int:
        """Number of people in all areas."""
        return int(self.areas["people"].sum())

    def in_year(self, year: int | None, housing: Housing = "within") -> Place:
        """Return the place with people of another year, by its projection.

        Parameters
        ----------
        year
            One of `projection.years`; None = the place's own people.
        housing
            How new homes count: "within" the projection's total, "on_top" of it, or "left_out".

        Raises
        ------
        InputError
            If the place has no projection, or not of that year.
        """
        if year == self.year and (year is None or housing == self.housing):
            return self
        areas, origins = self.own or (self.areas, self.origins)
        if year is None:
            return replace(self, areas=areas, origins=origins, year=None, own=None)
        if self.projection is None:
            words = f"{self.name} has no population projection, so its people of {year} are unknown"
            hint = "Build the place with --projections FILE, or leave year out"
            raise InputError([Fault(words, "scenario", column="year", hint=hint)])
        people = self.projection.people_in(areas, year, housing)
        starts = self.projection.start_in((areas, origins), people, year)
        grown = areas.assign(**{name: people[name] for name in map(str, people) if name in areas})
        return replace(
            self, areas=gpd.GeoDataFrame(grown), origins=starts, year=year, housing=housing,
            own=(areas, origins),
        )  # fmt: skip

    @property
    def year_notes(self) -> tuple[str, ...]:
        """Sentences on people of another year; empty for the place's own people."""
        if self.year is None or self.own is None or self.projection is None:
            return ()
        return self.projection.words(self.own[0], self.areas, self.year, self.housing)

    @property
    def knows_cars(self) -> bool:
        """Whether any area has a share of households without a car."""
        areas = self.areas
        return "no_car_share" in areas and bool(areas["no_car_share"].notna().any())

    @property
    def has_heights(self) -> bool:
        """Whether its streets were given heights above sea level."""
        return any(source.layer == "heights" for source in self.sources)

    @property
    def existing(self) -> npt.NDArray[np.intp]:
        """Positions in `sites` of the centres that are open today."""
        return np.flatnonzero(self.sites["status"].to_numpy() == "existing")

    @property
    def site_names(self) -> pd.Series[str]:
        """Name of each site, or its id if it has no name."""
        sites = self.sites
        names: pd.Series[str] = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"])
        return names

    @property
    def area_of_origin(self) -> npt.NDArray[np.int64]:
        """Position in `areas` of each origin (shape: origins)."""
        rows = pd.Series(np.arange(len(self.areas)), index=self.areas["area_code"])
        areas: npt.NDArray[np.int64] = rows.loc[self.origins["area_code"]].to_numpy(dtype=np.int64)
        return areas


Fact = str | float | None


@dataclass(frozen=True)
class SiteEdit:
    """A change to one site, or a new site.

    Whether a site must or must not open is not an edit, but part of a scenario (`keep`, `forbid`).

    Parameters
    ----------
    site_id
        The site.
    facts
        Columns of the sites with new values; None makes a cell blank.
    point
        New easting and northing in metres; None = unchanged.
    added
        Whether the site is not in the place.
    """

    site_id: str
    facts: tuple[tuple[str, Fact], ...] = ()
    point: tuple[float, float] | None = None
    added: bool = False

    def with_facts(self, **facts: Fact) -> SiteEdit:
        """Return the edit with some facts changed.

        Examples
        --------
        >>> SiteEdit("S1", (("cost", 5.0),)).with_facts(cost=6.0, kind="library").facts
        (('cost', 6.0), ('kind', 'library'))
        """
        return replace(self, facts=tuple({**dict(self.facts), **facts}.items()))


def with_edit(edits: tuple[SiteEdit, ...], one: SiteEdit) -> tuple[SiteEdit, ...]:
    """Return the edits with one more, which replaces an earlier edit of the same site.

    Examples
    --------
    >>> [one.site_id for one in with_edit((SiteEdit("b"), SiteEdit("a")), SiteEdit("b"))]
    ['a', 'b']
    """
    others = (other for other in edits if other.site_id != one.site_id)
    return tuple(sorted((*others, one), key=lambda edit: edit.site_id))
