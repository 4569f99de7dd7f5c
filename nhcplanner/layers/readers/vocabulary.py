"""Vocabulary: common names of columns, as patterns."""

from __future__ import annotations

import re
from functools import cache

from nhcplanner.base.text import simple_name
from nhcplanner.domain.columns import OWN

OWN_NAME = rf"{OWN}[a-z0-9_]+"
YEARS = r"_?(\d{4}_?\d{0,4})"
MONEY = r"(_?(gbp|pounds?|m|mn|millions?|k|000s?|thousands?))*"
YEARLY = r"(a_year|per_year|each_year|yr|per_yr|a_yr|per_annum|annum|pa|p_a|annual|yearly)"
"""Words of a heading that mark yearly sums of money."""
ESTIMATED = r"(indicative|estimated|estimate|est|total|approx|approximate|outline|build|scheme)"
PRICES = r"(_(at_)?((19|20)\d{2}_?(\d{2})?_)?prices?)?"
YEARLY_COST = rf"(_costs?)?{MONEY}(_{YEARLY})?{MONEY}{PRICES}"
PERCENT = r"(_?(percent|per_cent|pct|percentage))?"
SIZE = r"(_?(m2|m|sqm|sq_m|square_met(re|er)s?|ft2|ft|sqft|sq_ft|square_f(oo|ee)t))?"
COMMON: dict[str, dict[str, tuple[str, ...]]] = {
    "areas": {
        "area_code": (
            "area_code",
            r"lsoa_?21_?(code|cd)|lsoa_code_2021",
            r"lsoa_?(code|cd)|lsoa",
            r"lsoa_?11_?(code|cd)|lsoa_code_2011",
        ),
        "area_name": ("area_name", r"lsoa_?21_?(name|nm)|lsoa_name_2021", r"lsoa_?(name|nm)"),
        "people": (
            "people",
            "population|pop|usual_residents|residents|total_population",
            rf"(pop|population)_mid{YEARS}",
            rf"(pop|population)_census{YEARS}",
        ),
        "council_code": ("council_code", r"utla_?\d{0,2}_?(code|cd)", r"ctyua_?\d{0,2}_?(code|cd)"),
        "council_name": ("council_name", r"utla_?\d{0,2}_?(name|nm)", r"ctyua_?\d{0,2}_?(name|nm)"),
        "district_code": ("district_code", r"(ltla|lad)_?\d{0,2}_?(code|cd)"),
        "district_name": ("district_name", r"(ltla|lad)_?\d{0,2}_?(name|nm)"),
        "ward_name": ("ward_name", r"ward|(wd|ward)_?\d{0,2}_?(name|nm)"),
        "neighbourhood": ("neighbourhood", "neighbourhood_name|footprint|pcn(_name)?"),
        "icb_code": ("icb_code", r"icb_?\d{0,2}_?(code|cd)"),
        "icb_name": ("icb_name", r"icb_?\d{0,2}_?(name|nm)", "icb"),
        "projection_code": ("projection_code", r"sub_icb_code|sicbl_?\d{0,2}_?(code|cd)"),
        "imd_rank": (
            rf"(w?imd{YEARS}_?)?(imd_)?rank|imd_rank{YEARS}|imd_rank",
            "index_of_multiple_deprivation_imd_rank.*",
        ),
        "imd_decile": (
            rf"(w?imd{YEARS}_?)?(imd_)?decile|imd_decile{YEARS}|imd_decile",
            "index_of_multiple_deprivation_imd_decile.*",
        ),
        "hle_male": ("hle_male", "hle_(men|males|m)", rf"hle_(male|men){YEARS}"),
        "hle_female": ("hle_female", "hle_(women|females|f)", rf"hle_(female|women){YEARS}"),
        "hle": ("hle", "hle_(persons|all)", rf"hle_persons{YEARS}"),
        "hle_low": ("hle_low",),
        "hle_high": ("hle_high",),
        "hle_basis": ("hle_basis",),
        "rural_urban": ("rural_urban", r"ruc_?\d{0,2}_?(name|nm)?|ruc", r"ruc_?\d{2}_?(code|cd)"),
        "coastal": ("coastal",),
        "people_0_15": ("people_0_15|aged_0_15|age_0_15",),
        "people_16_64": ("people_16_64|aged_16_64|age_16_64",),
        "people_65_84": ("people_65_84|aged_65_84|age_65_84",),
        "people_85_plus": ("people_85_plus|aged_85(_plus|_and_over)?|age_85(_plus|_and_over)?",),
        "disabled_share": (rf"(disabled_share|share_disabled|disabled){PERCENT}",),
        "no_car_share": (rf"(no_car_share|households_without_a_car){PERCENT}",),
        "centroid_x": ("centroid_(x|easting)|pwc_(x|easting)|pc_x",),
        "centroid_y": ("centroid_(y|northing)|pwc_(y|northing)|pc_y",),
    },
    "sites": {
        "site_id": (
            "site_id",
            "id|site_(code|ref|reference|number|no)",
            "ods_code|organisation_?code",
            "(property|asset|building|premises|practice)_(id|code|ref|reference|number|no)",
            "uprn",
        ),
        "site_name": (
            "site_name",
            "name|site",
            "(building|premises|property|asset|practice|location|facility)(_name)?",
            "organisation_?name|name_of_(site|building|premises|property)",
        ),
        "kind": (
            "kind",
            "type|(site|building|premises|property|asset|facility)_(type|use|category)",
            "type_of_(site|building|premises|property)|(current_|present_)?(usage|use)",
        ),
        "status": ("status", "(nhc|site|current|scheme|project|estate|building)_status"),
        "postcode": ("postcode", "post_code|pcds"),
        "capacity": ("capacity", "(indicative_)?capacity(_people|_patients)?"),
        "floor_area_m2": (
            "floor_area_m2",
            rf"(gross_internal_|net_internal_|floor_)area{SIZE}|(gia|nia){SIZE}",
            rf"(total_|gross_|net_)+(internal_|floor_)*area{SIZE}|floor_?space{SIZE}",
            "area_(m2|sqm|sq_m|sq_?ft|ft2)",
        ),
        "void_m2": (
            "void_m2",
            rf"(empty|void|vacant|unoccupied|unused)_(floor_?)?(area|space){SIZE}",
        ),
        "list_size": (
            "list_size",
            "(practice_)?list_size(_people)?|registered_patients|patients_registered",
            "number_of_patients",
        ),
        "staff": (
            "staff",
            "staff_(wte|fte|whole_time_equivalents?)|(wte|fte)(_staff)?|whole_time_equivalents?",
        ),
        "cost": (
            "cost",
            rf"({ESTIMATED}_)*(capital|capex)(_(costs?|estimate|requirement))?{MONEY}{PRICES}",
            rf"({ESTIMATED}_)*costs?(_estimate)?{MONEY}{PRICES}",
        ),
        "cost_date": ("cost_date", "(date_of_costs?|costs?_as_of|price_(base|date))"),
        "running_cost": (
            "running_cost",
            rf"((annual|yearly|{ESTIMATED})_)*(running|revenue|operating){YEARLY_COST}",
            rf"({ESTIMATED}_)*(annual|yearly)_({ESTIMATED}_)*costs?{MONEY}{PRICES}",
            rf"({ESTIMATED}_)*costs?{MONEY}_{YEARLY}{MONEY}{PRICES}",
        ),
        "size_date": ("size_date", "(area|capacity|survey)_date|date_of_(size|survey)"),
        "works": ("works", "works?_(needed|required|type)|type_of_works?"),
        "tenure": ("tenure", "ownership|tenure_type"),
        "constraints": ("constraints?", "site_constraints"),
        "planning_status": ("planning_status", "planning(_permission|_position)?"),
        "service_model": ("service_model", "services?(_offer)?|archetype"),
        "services_today": ("services_today", "(current|existing)_services|services_(on_site|now)"),
        "rooms": ("rooms", "(free_|spare_|available_)?(consulting|consultation|clinical)_rooms"),
        "digital": ("digital", "digital_(readiness|status)"),
        "opening_hours": ("opening_hours", "opening_times?|hours|open_hours|hours_of_opening"),
        "parking_spaces": (
            "parking_spaces",
            "(number_of_|no_of_|total_)?(car_)?park(ing)?(_(spaces?|places?|bays?|capacity))?",
        ),
        "blue_badge_spaces": (
            "blue_badge_spaces",
            "(number_of_)?(blue_badge|disabled|accessible)_(car_)?(parking_)?(spaces?|bays?|places?)",
            "(number_of_)?(blue_badge|disabled|accessible)_(car_)?parking",
        ),
        "engagement": ("engagement", "(public_|community_)?engagement(_status)?|consultation"),
        "neighbourhood": ("neighbourhood", "neighbourhood_name|footprint|pcn"),
        "disposals": ("disposals?", "disposals?_enabled|sites?_released"),
        "listed_by": ("listed_by",),
    },
    "origins": {
        "origin_id": ("origin_id", "id|postcode|pcds|pcd", r"oa_?21_?(code|cd)|oa_?(code|cd)"),
        "area_code": ("area_code", r"lsoa_?21_?(code|cd)", r"lsoa_?(code|cd)|lsoa"),
        "people": ("people", "population|pop|usual_residents|residents"),
    },
}
"""For each of our columns, its common names as patterns, the surest first.

A name is matched whole, in lower case, with each run of other signs as one underscore."""

METRES = r"(_m|_metres)?"
COORDINATES = {
    "easting": rf"(os_|bng_)?eastings?{METRES}|x|bng_e|x_?coord(inate)?s?|os_?x|pc_x|centroid_x",
    "northing": rf"(os_|bng_)?northings?{METRES}|y|bng_n|y_?coord(inate)?s?|os_?y|pc_y|centroid_y",
    "lon": r"(lon|lng|long|longitude)(_degrees)?",
    "lat": r"(lat|latitude)(_degrees)?",
    "grid_reference": r"grid_?ref(erence)?|os_?grid_?ref(erence)?|ngr|os_ngr",
    "postcode": r"post_?code|pcds?|zip",
}
"""Columns with positions, and their common names."""
OTHERS = (
    r"geometry|wkt|sex|gender|age(_?(band|group))?|value|period|time_period|deaths",
    r"(good_health|healthy|prevalence)(_?(share|percent|pct|proportion))?",
    r"(area|council|lsoa|msoa|oa|lad|ltla|utla|ctyua|icb|rgn|pcon|wd)_?(\d\d)?_?(code|cd|name|nm)",
)
"""Names in tables of other kinds: shapes, life tables, long forms, codes."""


@cache
def _patterns(layer: str) -> re.Pattern[str]:
    layers = [layer] if layer else list(COMMON)
    known = [pattern for name in layers for each in COMMON[name].values() for pattern in each]
    listed = [*known, *COORDINATES.values(), *OTHERS, OWN_NAME]
    return re.compile("|".join(f"(?:{pattern})" for pattern in listed))


def is_known_heading(name: str, layer: str = "") -> bool:
    """Whether a text is a common name of a column.

    Parameters
    ----------
    name
        The text of a cell.
    layer
        "areas", "sites" or "origins"; empty = of any.

    Examples
    --------
    >>> is_known_heading("LSOA code (2021)"), is_known_heading("Table 1: population")
    (True, False)
    """
    plain = simple_name(name)
    return len(plain) <= LONGEST_HEADING and _patterns(layer).fullmatch(plain) is not None


def coordinate_of(name: str) -> str:
    """Return the coordinate that a column's name means; empty if none.

    Examples
    --------
    >>> coordinate_of("Grid Ref"), coordinate_of("Status")
    ('grid_reference', '')
    """
    plain = simple_name(name)
    fits = (ours for ours, pattern in COORDINATES.items() if re.fullmatch(pattern, plain))
    return next(fits, "")


LONGEST_HEADING = 120
"""Largest length of a heading in characters; longer texts are titles."""
