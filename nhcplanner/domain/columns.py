"""The columns of a place's layers, with meaning, unit, range and source; the data dictionary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nhcplanner.domain.need_measures import BASES

Kind = Literal["text", "whole", "number", "geometry"]
CODE = r"^[A-Z]\d{8}$"
OWN = "own_"
"""Prefix of users' own columns: numbers of areas for a need, or of sites for a supply."""

HLE_BASES = tuple(BASES)
STATUSES = ("existing", "committed", "candidate", "forbidden")
WORKS = ("none", "refurbishment", "extension", "new build")
KINDS = (
    "gp_practice", "branch_surgery", "health_centre", "clinic", "pharmacy", "hospital",
    "trust_site", "library", "community_centre", "town_hall", "leisure_centre", "family_hub",
    "job_centre", "shop", "land",
)  # fmt: skip
"""Kinds of buildings with names of their own; any other word may be a kind too."""


@dataclass(frozen=True)
class Column:
    """One column of a layer.

    Parameters
    ----------
    name, label
        The column's name in files, and its label on screens.
    kind
        "text", "whole" (number), "number" or "geometry".
    meaning
        Its meaning, for the data dictionary.
    source
        The usual source of such a column.
    unit
        "people", "years", "pounds", ...
    low, high
        Allowed range, with both ends.
    required
        Whether the column must exist, with all cells filled.
    unique
        Whether no two rows may have the same value.
    choices
        Allowed words; empty = any.
    pattern
        Regular expression that text must match.
    hint
        What a user should do about a wrong value.
    """

    name: str
    label: str
    kind: Kind
    meaning: str
    source: str = "user"
    unit: str = ""
    low: float | None = None
    high: float | None = None
    required: bool = False
    unique: bool = False
    choices: tuple[str, ...] = ()
    pattern: str = ""
    hint: str = ""


_DATE = "Give a day, a month or a year, e.g. 1/4/2025, or leave it blank"
_PEOPLE = "Give people, 0 or more, or leave it blank"

# fmt: off
AREAS = (
    Column(
        "area_code", "Area code", "text", "Nine-character code of the area (LSOA)",
        "ONS Open Geography", required=True, unique=True, pattern=CODE,
        hint="Give one letter and eight digits, e.g. E01012049, once each",
    ),
    Column("area_name", "Area", "text", "Name of the area", "ONS Open Geography"),
    Column(
        "people", "People", "whole", "Usual residents", "ONS mid-year estimates or Census 2021",
        "people", 0, 100_000, required=True, hint="Give a whole number of people, 0 or more",
    ),
    Column("council_code", "Council code", "text", "Upper-tier council", "ONS lookup"),
    Column("council_name", "Council", "text", "Name of the upper-tier council", "ONS lookup"),
    Column("district_code", "District code", "text", "Lower-tier council", "ONS lookup"),
    Column("district_name", "District", "text", "Name of the lower-tier council", "ONS lookup"),
    Column("ward_name", "Ward", "text", "Name of the electoral ward", "ONS lookup"),
    Column(
        "neighbourhood", "Neighbourhood", "text",
        "The footprint of 30,000 to 50,000 people that the area belongs to",
        "health and wellbeing board",
    ),
    *(
        Column(name, label, "text", f"The {words} that the area belongs to", "grouped here")
        for name, label, words in (
            ("multi_neighbourhood", "Multi-neighbourhood area", "area of 250,000 people or more"),
            ("place_area", "Place", "place of 250,000 to 500,000 people"),
            ("system_area", "System", "system of 1 to 3 million people"),
        )
    ),
    Column("icb_code", "ICB code", "text", "Integrated care board's code", "ONS lookup"),
    Column("icb_name", "ICB", "text", "Integrated care board", "ONS lookup"),
    Column(
        "projection_code", "Projected unit", "text",
        "Sub-ICB location or council whose population projection is applied to the area",
        "ONS lookup",
    ),
    Column(
        "imd_rank", "IMD rank", "whole", "Rank of deprivation, 1 = most deprived",
        "English Indices of Deprivation", "", 1, 50_000, hint="Give the rank, 1 = most deprived",
    ),
    Column(
        "imd_decile", "IMD decile", "whole", "National tenth, 1 = most deprived",
        "English Indices of Deprivation", "", 1, 10, hint="Give 1 to 10, 1 = most deprived",
    ),
    Column(
        "hle_male", "HLE, men", "number", "Healthy life expectancy at birth, men",
        "ONS via Fingertips 90362", "years", 40, 90, hint="HLE lies between 40 and 90 years",
    ),
    Column(
        "hle_female", "HLE, women", "number", "Healthy life expectancy at birth, women",
        "ONS via Fingertips 90362", "years", 40, 90, hint="HLE lies between 40 and 90 years",
    ),
    Column(
        "hle", "HLE, persons", "number",
        "Healthy life expectancy at birth: mean of the two sexes",
        "ONS via Fingertips 90362; modelled for small areas", "years", 40, 90,
        hint="HLE lies between 40 and 90 years",
    ),
    Column(
        "hle_low", "HLE, lower end", "number", "Lower end of the 95% interval of HLE, persons",
        "ONS via Fingertips 90362; combined for small areas", "years", 20, 110,
        hint="Give the lower end of the interval in years",
    ),
    Column(
        "hle_high", "HLE, upper end", "number", "Upper end of the 95% interval of HLE, persons",
        "ONS via Fingertips 90362; combined for small areas", "years", 20, 110,
        hint="Give the upper end of the interval in years",
    ),
    Column(
        "hle_basis", "HLE basis", "text", "Basis of the area's HLE", "nhcplanner",
        choices=HLE_BASES,
    ),
    Column(
        "lowest_band_probability", "Probability of the lowest fifth", "number",
        "Probability that the area is in the fifth of the place's people with the lowest HLE, "
        "given how uncertain modelled HLE is",
        "nhcplanner, small-area model", "share", 0, 1, hint="Give a share from 0 to 1",
    ),
    Column("rural_urban", "Rural or urban", "text", "Rural-urban class", "ONS RUC 2021"),
    Column(
        "coastal", "Coastal or inland", "text", "Whether the area counts as coastal", "user",
        choices=("coastal", "inland"), hint="Use coastal or inland",
    ),
    Column(
        "people_0_15", "Aged 0 to 15", "number", "Residents aged 0 to 15",
        "Census 2021 TS007 or ONS mid-year estimates", "people", 0, 100_000, hint=_PEOPLE,
    ),
    Column(
        "people_16_64", "Aged 16 to 64", "number", "Residents aged 16 to 64",
        "Census 2021 TS007 or ONS mid-year estimates", "people", 0, 100_000, hint=_PEOPLE,
    ),
    Column(
        "people_65_84", "Aged 65 to 84", "number", "Residents aged 65 to 84",
        "Census 2021 TS007 or ONS mid-year estimates", "people", 0, 100_000, hint=_PEOPLE,
    ),
    Column(
        "people_85_plus", "Aged 85 and over", "number", "Residents aged 85 and over",
        "Census 2021 TS007 or ONS mid-year estimates", "people", 0, 100_000, hint=_PEOPLE,
    ),
    Column(
        "disabled_share", "Disabled people", "number",
        "Share of residents disabled under the Equality Act", "Census 2021", "share", 0, 1,
        hint="Give a share between 0 and 1",
    ),
    Column(
        "no_car_share", "Households without a car", "number",
        "Share of households with no car or van", "Census 2021 TS045", "share", 0, 1,
        hint="Give a share between 0 and 1",
    ),
    Column(
        "geometry", "Shape", "geometry", "Polygon (or point) in EPSG:27700",
        "ONS Open Geography", "metres", required=True,
    ),
)

SITES = (
    Column(
        "site_id", "Site id", "text", "Identifier of the site, unique in the place", "user",
        required=True, unique=True, hint="Give each site an id of its own",
    ),
    Column("site_name", "Site", "text", "Name of the building", "user"),
    Column(
        "kind", "Kind", "text", "Kind of building: gp_practice, library, hospital, ...", "user",
        required=True, hint="Say what kind of building it is",
    ),
    Column(
        "status", "Status", "text",
        "existing (already an NHC), committed (will be one), candidate or forbidden", "user",
        required=True, choices=STATUSES, hint=f"Use one of {', '.join(STATUSES)}",
    ),
    Column("postcode", "Postcode", "text", "Postcode of the building", "user"),
    Column(
        "capacity", "Capacity", "number", "People the site can serve", "user, with a date",
        "people", 0, hint="Give people, 0 or more, or leave it blank",
    ),
    Column(
        "floor_area_m2", "Floor area", "number", "Floor area", "user, with a date", "m²", 0,
        hint="Give square metres, 0 or more, or leave it blank",
    ),
    Column(
        "void_m2", "Empty floor area", "number", "Floor area that nobody uses",
        "user, with a date", "m²", 0, hint="Give square metres, 0 or more, or leave it blank",
    ),
    Column(
        "list_size", "List size", "number", "Patients registered there", "NHS England, by practice",
        "people", 0, hint="Give people, 0 or more, or leave it blank",
    ),
    Column(
        "staff", "Staff", "number", "Staff who work there, whole-time equivalents", "user",
        "whole-time equivalents", 0, hint="Give a number, 0 or more, or leave it blank",
    ),
    Column(
        "cost", "Cost", "number", "Capital cost of opening a centre here", "user, with a date",
        "pounds", 0, hint="Give pounds, e.g. 1,200,000 or £1.2m, or leave it blank",
    ),
    Column(
        "cost_date", "Cost date", "text", "Date of the cost's prices (ISO)", "user", hint=_DATE,
    ),
    Column(
        "running_cost", "Running cost", "number", "Cost of running the centre for a year",
        "user, with a date", "pounds a year", 0, hint="Give pounds a year, or leave it blank",
    ),
    Column(
        "size_date", "Size date", "text", "Date of floor area and capacity (ISO)", "user",
        hint=_DATE,
    ),
    Column(
        "works", "Works", "text", "What building is needed", "user",
        choices=WORKS, hint=f"Use one of {', '.join(WORKS)}",
    ),
    Column(
        "plan_size", "Size in the plan", "text",
        "Size that the plan gives the centre; capacity and cost are then those of the size",
        "nhcplanner, plan",
    ),
    Column(
        "listed_capacity", "Capacity in the list", "number",
        "People the site can serve by the list, where the plan chooses sizes",
        "user, with a date", "people", 0,
    ),
    Column(
        "listed_cost", "Cost in the list", "number",
        "Capital cost by the list, where the plan chooses sizes", "user, with a date", "pounds", 0,
    ),
    Column("tenure", "Tenure", "text", "Freehold, leasehold, NHS Property Services, ...", "user"),
    Column("constraints", "Constraints", "text", "Obstacles to using the site", "user"),
    Column("planning_status", "Planning status", "text", "State of planning permission", "user"),
    Column("service_model", "Service model", "text", "Which services, by which archetype", "user"),
    Column("digital", "Digital", "text", "Digital readiness", "user"),
    Column(
        "opening_hours", "Opening hours", "text",
        "Hours as in OpenStreetMap (Mo-Fr 08:00-18:30; Sa 09:00-12:00) or as on NHS pages "
        "(Mon-Fri 8am-6.30pm)", "user, NHS pages or OpenStreetMap",
    ),
    Column(
        "services_today", "Services today", "text",
        'Services of the building today, with ";" between them', "user",
    ),
    Column(
        "rooms", "Free consulting rooms", "number",
        "Consulting rooms that are free for services of a centre", "user, with a date", low=0,
        hint="Give a number of rooms, 0 or more, or leave it blank",
    ),
    Column(
        "parking_spaces", "Parking spaces", "number",
        "Parking spaces of the building, those for blue badges included; nothing is computed of it",
        "user or OpenStreetMap", low=0, hint="Give a number of spaces, or leave it blank",
    ),
    Column(
        "blue_badge_spaces", "Blue badge spaces", "number",
        "Parking spaces for holders of a blue badge; nothing is computed of it",
        "user or OpenStreetMap", low=0, hint="Give a number of spaces, or leave it blank",
    ),
    Column("engagement", "Engagement", "text", "Who was consulted, and their views", "user"),
    Column("neighbourhood", "Neighbourhood", "text", "The footprint the site belongs to", "user"),
    Column("disposals", "Disposals", "text", "Estate that the site would release", "user"),
    Column("listed_by", "Listed by", "text", "The list it is from: own, a file, ODS", "user"),
    Column(
        "geometry", "Point", "geometry", "Point in EPSG:27700", "user", "metres", required=True
    ),
)

ORIGINS = (
    Column(
        "origin_id", "Origin id", "text", "Identifier of the point where people start",
        "nhcplanner", required=True, unique=True,
    ),
    Column(
        "area_code", "Area code", "text", "Area the people live in", "nhcplanner", required=True,
        pattern=CODE,
    ),
    Column(
        "people", "People", "number", "People who start here; an area's sum to its people",
        "nhcplanner", "people", 0, required=True,
    ),
    Column(
        "geometry", "Point", "geometry", "Point in EPSG:27700", "nhcplanner", "metres",
        required=True,
    ),
)

WHEREABOUTS = (
    Column("easting", "Easting", "number", "Metres east on the National Grid", unit="metres"),
    Column("northing", "Northing", "number", "Metres north on the National Grid", unit="metres"),
    Column("lon", "Longitude", "number", "Degrees east of Greenwich (WGS 84)", unit="degrees"),
    Column("lat", "Latitude", "number", "Degrees north (WGS 84)", unit="degrees"),
    Column(
        "grid_reference", "Grid reference", "text",
        "Two letters and six digits or more, e.g. SK 857 086",
    ),
)
"""Columns of a user's list that give a site's position, besides the postcode."""

# fmt: on
LAYERS = {"areas": AREAS, "sites": SITES, "origins": ORIGINS}


def columns_of(layer: str, names: Iterable[str]) -> tuple[Column, ...]:
    """Return the schema's columns of a layer, and the user's own columns of areas or sites.

    Examples
    --------
    >>> columns_of("areas", ["own_carers"])[-1].label
    'Own: carers'
    """
    own = sorted(name for name in names if layer != "origins" and name.startswith(OWN))
    return (*LAYERS[layer], *map(_own_column, own))


def _own_column(name: str) -> Column:
    label = name.removeprefix(OWN).replace("_", " ")
    hint = "Give a number, 0 or more, or leave it blank"
    return Column(
        name, f"Own: {label}", "number", "A column of the user's own", "user", low=0, hint=hint
    )


TITLES = {
    "areas": "Areas: `areas.parquet`",
    "sites": "Sites: `sites.parquet`",
    "origins": "Points where people start: `origins.parquet`",
}
HEAD = """# Data dictionary

`python data/make_dictionary.py` writes this file from `nhcplanner/domain/columns.py`: make changes
there.

A place folder holds `place.toml` (the place's name, the source of each layer, and how it was
processed), the layers below, and optionally `streets.npz`, `gtfs.zip`, `zones.parquet`
and `times/matrix.parquet`. Shapes are in EPSG:27700, in metres. Columns that are not needed may be
absent. A blank cell means that the figure is unknown, never that it is zero.

`demo/` is the SYNTHETIC demo place with the program that makes it; `scenarios/` holds scenarios.
"""


def markdown() -> str:
    """Write the data dictionary.

    Returns
    -------
    str
        Markdown: a table for each layer, and one for the columns that give a site's position.
    """
    parts = [HEAD]
    for layer, columns in LAYERS.items():
        parts.append(f"## {TITLES[layer]}\n\n{_table(columns)}")
    parts.append(
        "Areas and sites may have your own columns, named `own_...`: numbers, 0 or more. Scenarios "
        "may use those of areas as their need, and floating catchments those of sites as supply.\n"
    )
    parts.append(
        "## Position of a site in a user's list\n\nGive shapes, one of these pairs or columns, or "
        f"the postcode.\n\n{_table(WHEREABOUTS)}"
    )
    return "\n".join(parts)


def _table(columns: Iterable[Column]) -> str:
    rows = ["| column | label | holds | needed | meaning | from |", "|---|---|---|---|---|---|"]
    for one in columns:
        needed = "yes" if one.required else ""
        cells = (f"`{one.name}`", one.label, _holds(one), needed, one.meaning, one.source)
        rows.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(rows) + "\n"


def _holds(column: Column) -> str:
    """Describe the values of a column: kind, unit, range or words."""
    if column.choices:
        return ", ".join(column.choices)
    facts = ["whole number" if column.kind == "whole" else column.kind, column.unit]
    if column.low is not None and column.high is not None:
        facts.append(f"{column.low:,g} to {column.high:,g}")
    elif column.low is not None:
        facts.append(f"{column.low:,g} or more")
    return ", ".join(fact for fact in facts if fact) + (", once each" if column.unique else "")
