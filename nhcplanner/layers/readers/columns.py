"""Columns: which of a user's columns is which, by the column map or by common names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import simple_name
from nhcplanner.base.toml import read_toml
from nhcplanner.domain.columns import LAYERS, OWN
from nhcplanner.layers.readers.cells import numbers_where_sound

LONGEST = 2_000
"""Signs of a text in a column map, at most."""
OWN_NAME = rf"{OWN}[a-z0-9_]+"
YEARS = r"_?(\d{4}_?\d{0,4})"
MONEY = r"(_?(gbp|pounds?|m|mn|millions?|k|000s?|thousands?|a_year|per_year|pa))*"
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
        "icb_code": ("icb_code", r"icb_?\d{0,2}_?(code|cd)"),
        "icb_name": ("icb_name", r"icb_?\d{0,2}_?(name|nm)", "icb"),
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
        "disabled_share": ("disabled_share|share_disabled",),
        "no_car_share": ("no_car_share|households_without_a_car",),
        "centroid_x": ("centroid_(x|easting)|pwc_(x|easting)|pc_x",),
        "centroid_y": ("centroid_(y|northing)|pwc_(y|northing)|pc_y",),
    },
    "sites": {
        "site_id": (
            "site_id",
            "id|site_(code|ref|reference|number)",
            "ods_code|organisation_?code",
            "uprn",
        ),
        "site_name": (
            "site_name",
            "name|site",
            "(building|premises|property)(_name)?|organisation_?name",
        ),
        "kind": ("kind", "type|(site|building|premises|property)_(type|use)"),
        "status": ("status", "nhc_status|site_status"),
        "postcode": ("postcode", "post_code|pcds"),
        "capacity": ("capacity", "(indicative_)?capacity(_people|_patients)?"),
        "floor_area_m2": (
            "floor_area_m2",
            rf"(gross_internal_|net_internal_|floor_)area{SIZE}|(gia|nia){SIZE}",
            "area_(m2|sqm|sq_m|sq_?ft|ft2)",
        ),
        "cost": (
            "cost",
            rf"((indicative|estimated|total)_)?capital(_costs?)?{MONEY}",
            rf"((indicative|estimated|total)_)?costs?{MONEY}",
        ),
        "cost_date": ("cost_date", "(date_of_costs?|costs?_as_of|price_(base|date))"),
        "running_cost": (
            "running_cost",
            rf"((annual|yearly|estimated)_)?running_costs?{MONEY}",
            rf"revenue_costs?{MONEY}",
        ),
        "size_date": ("size_date", "(area|capacity|survey)_date|date_of_(size|survey)"),
        "works": ("works", "works?_(needed|required|type)|type_of_works?"),
        "tenure": ("tenure", "ownership|tenure_type"),
        "constraints": ("constraints?", "site_constraints"),
        "planning_status": ("planning_status", "planning(_permission|_position)?"),
        "service_model": ("service_model", "services?(_offer)?|archetype"),
        "digital": ("digital", "digital_(readiness|status)"),
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
"""For each column of the schema the names it goes by, the surest first, as patterns.

A name is matched whole, in lower case, with each run of other signs as one underscore."""

OPTIONS = ("layer", "crs", "easting", "northing", "lon", "lat")
PLACE = {"name": str, "index_name": str, "vintage": str, "synthetic": bool, "notes": list}
HLE = {"period": str, "level": str}
SOURCE = ("title", "publisher", "address", "licence", "attribution", "vintage", "retrieved")


@dataclass(frozen=True)
class ColumnMap:
    """What a user says of their files, from one TOML file.

    Parameters
    ----------
    file
        The map's own name, for the messages.
    place
        `name`, `index_name`, `vintage`, `synthetic`, `notes`.
    areas, sites
        Schema column = the file's column; for areas also `own_...` = a column of one's own; also
        `layer`, `crs`, `easting`, `northing`, `lon`,
        `lat`, and for areas `centroid_x`, `centroid_y`.
    tables
        The same for each further file, by its name.
    source
        `title`, `publisher`, `address`, `licence`, `attribution`, `vintage`, `retrieved` of
        "areas", "sites" or a file.
    hle
        `period`: which of a long table's periods; `level`: "area" or "council", whose figure
        an HLE column of the areas is.
    """

    file: str = ""
    place: Mapping[str, Any] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    source: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hle: Mapping[str, str] = field(default_factory=dict)


def read_map(path: Path | None) -> ColumnMap:
    """Read a column map; without a path, one that says nothing.

    Raises
    ------
    InputError
        For broken TOML, unknown sections and keys, and values of a wrong kind, all at once.
    """
    if path is None:
        return ColumnMap()
    path = Path(path)
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path of --columns")])
    try:
        said = read_toml(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise InputError([Fault("is not text in UTF-8", path.name)]) from None
    faults = [Fault(words, path.name, hint=hint) for words, hint in _map_faults(said)]
    if faults:
        raise InputError(faults)
    return ColumnMap(file=path.name, **said)


def _map_faults(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    texts: dict[str, type] = dict.fromkeys(SOURCE, str)
    area_keys: dict[str, type] = dict.fromkeys((*COMMON["areas"], *OPTIONS, "key"), str)
    allowed: dict[str, dict[str, type]] = {
        "place": PLACE,
        "areas": area_keys,
        "sites": dict.fromkeys((*COMMON["sites"], *OPTIONS), str),
        "hle": HLE,
    }
    found = []
    for section, content in said.items():
        if section in ("tables", "source") and isinstance(content, dict):
            for name, entry in content.items():
                keys = area_keys | _own(entry) if section == "tables" else texts
                found += _section_faults(f'{section}."{name}"', entry, keys)
        elif section in allowed:
            own = _own(content) if section == "areas" else {}
            found += _section_faults(section, content, allowed[section] | own)
        else:
            known = ", ".join((*allowed, 'tables."file.csv"', 'source."file.csv"'))
            found.append((f"unknown section [{section}]", f"Known sections: {known}"))
    level = said.get("hle", {}).get("level") if isinstance(said.get("hle"), dict) else None
    if level not in (None, "area", "council"):
        found.append((f"[hle] level is {level!r}", 'Use "area" or "council"'))
    return found


def _own(names: object) -> dict[str, type]:
    """Names of columns of one's own among names, each to be text."""
    listed = names if isinstance(names, Iterable) else ()
    return {name: str for name in listed if re.fullmatch(OWN_NAME, str(name))}


def _section_faults(
    section: str, content: object, keys: Mapping[str, type]
) -> list[tuple[str, str]]:
    if not isinstance(content, dict):
        return [(f"[{section}] must hold keys and values", 'Write name = "..."')]
    found = []
    for key, value in content.items():
        if key not in keys:
            found.append((f"[{section}] unknown key '{key}'", f"Known keys: {', '.join(keys)}"))
        elif not _is_a(value, keys[key]):
            words = f"[{section}] {key} is {value!r}"
            found.append((words, f"Give {_WORDS[keys[key]]}"))
    return found


def _is_a(value: object, kind: type) -> bool:
    """Whether a value is of a kind: texts are short, and a list is one of texts."""
    if isinstance(value, list):
        return kind is list and all(_is_a(one, str) for one in value)
    return isinstance(value, kind) and not (isinstance(value, str) and len(value) > LONGEST)


_WORDS = {
    str: f'text, "...", of at most {LONGEST:,} signs',
    bool: "true or false",
    list: 'a list of texts, ["..."]',
}


def match_columns(
    frame: pd.DataFrame, layer: str, said: Mapping[str, str], file: str, map_file: str
) -> dict[str, str]:
    """Which column of a frame is which column of the schema.

    Parameters
    ----------
    frame
        With the user's names.
    layer
        "areas", "sites" or "origins".
    said
        What the column map says of this file.
    file, map_file
        Names of the file and of the map, for the messages.

    Returns
    -------
    dict
        Schema column -> the user's column; `centroid_x` and `centroid_y` count as columns.

    Raises
    ------
    InputError
        Where the map names a column that is not there, or a common name fits several.
    """
    there = ", ".join(map(str, frame.columns.drop("geometry", errors="ignore")))
    taken: dict[str, str] = {}
    faults: list[Fault] = []
    for ours, theirs in said.items():
        if ours in ("layer", "crs"):
            continue
        if theirs not in frame.columns:
            words = f'{map_file} says {ours} = "{theirs}", but there is no such column'
            faults.append(Fault(words, file, None, theirs, f"There are: {there}"))
        elif ours in COMMON[layer] or re.fullmatch(OWN_NAME, ours):
            taken[ours] = theirs
    free = [c for c in frame.columns if c not in {"geometry", *said.values()}]
    for ours, patterns in COMMON[layer].items():
        if ours in said:
            continue
        fits = _fits(free, patterns)
        if len(fits) > 1:
            words = f"{' and '.join(fits)} may each be {ours}"
            hint = f'Say which in the column map: {ours} = "{fits[0]}"'
            faults.append(Fault(words, file, None, fits[0], hint))
        elif fits:
            taken[ours] = fits[0]
    if faults:
        raise InputError(faults)
    return taken | ({name: name for name in _own(free)} if layer == "areas" else {})


def rename_columns(frame: pd.DataFrame, layer: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Give a frame the schema's names; numbers are read as people type them.

    Parameters
    ----------
    frame
        With the user's names.
    layer
        "areas", "sites" or "origins".
    names
        Schema column -> the user's column.

    Returns
    -------
    DataFrame
        Only the columns named, and "geometry" where there is one.
    """
    kinds = {column.name: column.kind for column in LAYERS[layer]}
    taken = {}
    for ours, theirs in names.items():
        cells = frame[theirs]
        if kinds.get(ours, "number") == "text":
            taken[ours] = _text(cells)
        else:
            taken[ours] = numbers_where_sound(cells)
    if "geometry" in frame:
        taken["geometry"] = frame["geometry"]
    return type(frame)(taken, index=frame.index)


def in_their_words(faults: list[Fault], names: Mapping[str, str]) -> list[Fault]:
    """Name in each fault the column as the user's file calls it."""
    return [Fault(f.problem, f.file, f.row, names.get(f.column, f.column), f.hint) for f in faults]


def _fits(free: list[str], patterns: tuple[str, ...]) -> list[str]:
    for pattern in patterns:
        fits = [column for column in free if re.fullmatch(pattern, simple_name(column))]
        if fits:
            return fits
    return []


def _text(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(cells) and (cells.dropna() % 1 == 0).all():
        cells = cells.astype("Int64")
    text = cells.astype("str").str.strip()
    return text.where(cells.notna() & (text != ""))
