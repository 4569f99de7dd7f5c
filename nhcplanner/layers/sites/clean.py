"""Sites with our words for kind, status and works, an id and a point in every row.

Sites whose coordinates and postcode disagree are reported, as one of the two is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.columns import STATUSES, WORKS
from nhcplanner.domain.opening_hours import HINT, rewrite
from nhcplanner.layers.geocoding.postcodes import locate_postcodes
from nhcplanner.layers.readers.cells import BLANK, Read
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.validate import HALO_M, metres_outside

KINDS: Mapping[str, str] = {
    "gp_practice": "gp|gps|gp_surgery|surgery|gp_practice|general_practice|doctors|doctors_surgery"
    "|medical_practice|medical_centre|medical_center|main_surgery",
    "branch_surgery": "branch|branch_surgery|gp_branch|branch_practice|gp_branch_surgery",
    "health_centre": "health_centre|health_center|primary_care_centre|community_health_centre",
    "clinic": "clinic|community_clinic",
    "pharmacy": "pharmacy|chemist|community_pharmacy",
    "hospital": "hospital|acute_hospital|community_hospital|general_hospital|cottage_hospital",
    "trust_site": "trust_site|nhs_trust_site",
    "library": "library|public_library",
    "community_centre": "community_centre|community_center|community_hall|village_hall"
    "|community_hub",
    "town_hall": "town_hall|townhall|council_office|council_offices|civic_centre|council_building",
    "leisure_centre": "leisure_centre|leisure_center|sports_centre|sports_center",
    "family_hub": "family_hub|childrens_centre|children_s_centre|sure_start_centre",
    "job_centre": "job_centre|jobcentre|job_center|jobcentre_plus|job_centre_plus",
    "shop": "shop|retail|retail_unit|shop_unit|high_street_unit",
    "land": "land|vacant_land|cleared_site|new_site",
}
"""Other names of each kind."""

STATUS: Mapping[str, str] = {
    "existing": "existing|existing_nhc|existing_centre|already_an_nhc|already_nhc|open_nhc",
    "committed": "committed|approved|funded|under_construction|in_delivery|agreed",
    "candidate": "candidate|option|proposed|possible|potential|shortlisted|longlisted"
    "|under_consideration",
    "forbidden": "forbidden|excluded|ruled_out|rejected|discounted|unsuitable|not_suitable"
    "|not_available|do_not_use",
}

WORK: Mapping[str, str] = {
    "none": "none|no|no_works|none_needed|not_needed",
    "refurbishment": "refurbishment|refurb|refurbish|renovation|fit_out|upgrade|conversion",
    "extension": "extension|extend|extended",
    "new build": "new_build|newbuild|new|build|rebuild|new_building",
}


def _by_word(table: Mapping[str, str]) -> dict[str, str]:
    return {word: ours for ours, words in table.items() for word in words.split("|")}


_KINDS, _STATUS, _WORK = _by_word(KINDS), _by_word(STATUS), _by_word(WORK)


BLANK_STATUS = BLANK - {word for word in BLANK if simple_name(word) in _STATUS}
"""Words for a blank status: "not available" is a status, not a blank."""


def kind(text: str) -> str:
    """Return our name of a kind of building; an unknown kind keeps its name.

    Examples
    --------
    >>> kind("GP Surgery"), kind("Fire station")
    ('gp_practice', 'fire_station')
    """
    word = simple_name(text)
    if not word:
        raise ValueError("is no word")
    return _KINDS.get(word, word)


def status(text: str) -> str:
    """Return our name of a status.

    Examples
    --------
    >>> status("Ruled out"), status("Under construction")
    ('forbidden', 'committed')
    """
    return _choice(text, _STATUS, STATUSES)


def works(text: str) -> str:
    """Return our name of works.

    Examples
    --------
    >>> works("Refurb"), works("New-build")
    ('refurbishment', 'new build')
    """
    return _choice(text, _WORK, WORKS)


def _choice(text: str, words: Mapping[str, str], allowed: tuple[str, ...]) -> str:
    value = words.get(simple_name(text))
    if value is None:
        raise ValueError(f"is not one of {', '.join(allowed)}")
    return value


WORDS: Mapping[str, Read] = {"kind": kind, "status": status, "works": works}
"""Reader of each column that holds words of ours."""


UNKNOWN_KIND = "building"


def tidy_sites(table: Table) -> Table:
    """Give sites an id, a status and a point if the file has none.

    Parameters
    ----------
    table
        Sites with the schema's names and their shapes.

    Returns
    -------
    Table
        With a note for each thing done. A blank status becomes "candidate", a blank kind
        "building"; ids are made of
        row numbers only where the file has no id column at all.
    """
    frame = table.frame.copy()
    notes = []
    if "site_id" not in frame:
        width = max(4, len(str(len(frame))))
        frame.insert(0, "site_id", [f"site-{n:0{width}d}" for n in range(1, len(frame) + 1)])
        notes.append("site ids made of row numbers, as the file has none")
    if "status" in frame:
        frame["status"] = frame["status"].str.lower().fillna("candidate")
    else:
        frame["status"] = "candidate"
        notes.append("all sites taken as candidates, as the file has no status")
    if "kind" not in frame:
        frame["kind"] = UNKNOWN_KIND
        notes.append("kinds of sites unknown, as the file has none")
    elif frame["kind"].isna().any():
        blank = np.flatnonzero(frame["kind"].isna())
        words = f"kind blank in {plural(len(blank), 'row')}: taken as {UNKNOWN_KIND}"
        rows = [f"row {table.row_number(int(n))}" for n in blank]
        table = table.with_event("default", words, len(blank), rows)
        frame["kind"] = frame["kind"].fillna(UNKNOWN_KIND)
    table = _with_unclear_hours(table.with_frame(frame))
    for words in notes:
        table = table.with_event("default", words, len(frame))
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = frame.geometry.to_numpy()
        spread = np.flatnonzero(
            ~frame.geometry.isna() & ~frame.geometry.is_empty & (frame.geom_type != "Point")
        )
        if len(spread):
            shapes[spread] = shapely.point_on_surface(shapes[spread])
            frame = frame.set_geometry(gpd.GeoSeries(shapes, crs=frame.crs, index=frame.index))
            notes.append(
                f"{plural(len(spread), 'site')} given as another shape: a point inside it is used"
            )
    return table.with_frame(frame, *notes)


MOST_NUMBERS = 40
"""Numbers of rows that a note lists."""


def _with_unclear_hours(table: Table) -> Table:
    """Report the rows with opening hours that are not understood; they count as not known."""
    frame = table.frame
    if "opening_hours" not in frame:
        return table
    hours = frame["opening_hours"].fillna("").astype(str)
    unclear = np.flatnonzero([bool(text.strip()) and not rewrite(text) for text in hours])
    if not len(unclear):
        return table
    numbers = [table.row_number(int(n)) for n in unclear]
    rows = [f"row {row}: {hours.iloc[int(n)]}" for row, n in zip(numbers, unclear, strict=True)]
    words = (
        f"opening_hours not understood in {plural(len(unclear), 'row')} "
        f"({shortened(numbers, MOST_NUMBERS)}), which count as not known. {HINT}"
    )
    return table.with_event("doubt", words, len(unclear), rows)


def halo_note(areas: gpd.GeoDataFrame, sites: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return a note on sites outside the areas but near enough to serve their edges."""
    outside = int((metres_outside(areas, sites.geometry) > 0).sum())
    if not outside:
        return ()
    of_all = f"{outside:,} of {plural(len(sites), 'site')}"
    return (f"{of_all} outside the areas, within {HALO_M / 1000:g} km of them",)


APART_M = 2_000.0
"""Distance in metres from the middle of its postcode beyond which a site is reported."""


def apart_note(sites: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Return a note on sites far from the middle of their own postcode.

    Parameters
    ----------
    sites
        With `site_id` and points in EPSG:27700; without `postcode` there is nothing to tell.

    Returns
    -------
    tuple of str
        One note, or none; none too where the directory of postcodes is not installed.
    """
    if "postcode" not in sites:
        return ()
    try:
        known = locate_postcodes(sites["postcode"])
    except InputError:
        return ()
    shapes = sites.geometry
    metres = np.hypot(known["x"] - shapes.x, known["y"] - shapes.y)
    far = (metres > APART_M).to_numpy()
    if not far.any():
        return ()
    examples = [
        f"{site} ({postcode}, {away / 1000:,.0f} km)"
        for site, postcode, away in zip(
            sites["site_id"][far], known["postcode"][far], metres[far], strict=True
        )
    ]
    lie = f"{plural(len(examples), 'site')} farther than {APART_M / 1000:g} km from the middle of"
    use = "the postcode: the coordinates are used, check which is wrong"
    return (f"{lie} {use}: {shortened(examples)}",)
