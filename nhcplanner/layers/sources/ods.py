"""NHS Organisation Data Service: practices, branches, trust sites and networks, without a header.

Reports of organisations share one layout of 27 columns. Trusts' head offices (etr) and primary care
networks (epcn) are organisations, not buildings, so they are no sites; which practice is in which
network is a report of its own (epcncorepartnerdetails), of 11 columns.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.layers.sources.base import AGAIN, OGL, OfficialSource
from nhcplanner.layers.sources.opening import Row
from nhcplanner.layers.sources.published import as_frame, headerless

WIDTH = 27
LAYOUT = {
    0: "site_id", 1: "site_name", 2: "grouping", 9: "postcode", 11: "closes", 12: "state",
    25: "setting",
}  # fmt: skip
"""Position of each column that is used (0 first)."""
OF_ALL = ("site_id", "site_name", "grouping", "postcode", "closes")
"""Columns used of every report; the others only of the report of practices."""

PARTNER_WIDTH = 11
PARTNER_LAYOUT = {0: "site_id", 5: "neighbourhood", 9: "left"}
"""Position of each column used of the report of networks' partners: 9 is the day one left."""

ACTIVE = ("A", "ACTIVE")
GP_SETTINGS = {"4", "RO76"}
"""A practice's prescribing setting, as it was numbered and as its role is coded today."""

OUTSIDE = ("W", "S", "Z")
"""First letters of the national groupings of Wales, Scotland and Northern Ireland."""

PUBLISHER = "NHS Organisation Data Service"
REPORTS = "https://www.odsdatasearchandexport.nhs.uk/api/getReport?report="
PAGE = "https://digital.nhs.uk/services/organisation-data-service"


POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}")
DAY = re.compile(r"\d{8}|\d{1,2}[/.-]\w{2,3}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}.*|\d[.,]\d+E\+?\d+")
"""A day as published (20200401), or as a spreadsheet program converts it."""
SHORTEST = 12
"""Least number of cells in a row of a report; later ones may be blank."""


def is_report_row(row: Row, code: str) -> bool:
    """Whether a row is one of a report of organisations whose codes have some form.

    Parameters
    ----------
    row
        Its cells.
    code
        Regular expression of the organisation's code.
    """
    cells = [cell.strip().upper() for cell in row]
    return (
        len(cells) >= SHORTEST
        and not any(cells[WIDTH:])
        and bool(re.fullmatch(code, cells[0]))
        and bool(DAY.fullmatch(cells[10]))
        and (not cells[9] or bool(POSTCODE.fullmatch(cells[9])))
    )


def is_partner_row(row: Row) -> bool:
    """Whether a row says which primary care network a practice belongs to."""
    cells = [cell.strip().upper() for cell in row]
    return (
        len(cells) >= 9
        and not any(cells[PARTNER_WIDTH:])
        and bool(re.fullmatch(r"U\d{5}", cells[4]))
        and bool(DAY.fullmatch(cells[8]))
    )


def parse_report(path: Path, kind: str, practices: bool = False) -> pd.DataFrame:
    """Read a report: its open English sites, with the ODS code as site_id and the postcode.

    Parameters
    ----------
    path
        CSV as published.
    kind
        Kind of all its sites.
    practices
        True for the report of practices, which lists other prescribers too and says which rows
        are active; in others, as there, a row with a closing date is left out.

    Returns
    -------
    DataFrame
        `site_id`, `site_name`, `kind`, `postcode`, `listed_by`.

    Raises
    ------
    InputError
        If the file has another layout, or nothing in it is open.
    """
    used = LAYOUT if practices else {at: name for at, name in LAYOUT.items() if name in OF_ALL}
    table = headerless(path, used, WIDTH, PUBLISHER, partial(is_report_row, code=".+"))
    frame = table.frame
    reasons = {
        "without a code": frame["site_id"].isna(),
        "outside England": frame["grouping"].fillna("").str.startswith(OUTSIDE),
        "with a closing date": frame["closes"].notna(),
    }
    if practices:
        settings = frame["setting"].fillna("").str.split("|").map(set)
        reasons["not active"] = ~frame["state"].str.upper().isin(ACTIVE)
        reasons["of other prescribers"] = ~settings.map(lambda codes: bool(codes & GP_SETTINGS))
    is_open, words = pd.Series(data=True, index=frame.index), []
    for reason, flags in reasons.items():
        count = int((is_open & flags).sum())
        words += [f"{plural(count, 'row')} {reason}"] if count else []
        is_open &= ~flags
    sites = frame.loc[is_open, ["site_id", "site_name", "postcode"]].drop_duplicates("site_id")
    again = int(is_open.sum()) - len(sites)
    words += [f"{plural(again, 'row')} of a code given before"] if again else []
    if sites.empty:
        problem = f"has no open {kind.replace('_', ' ')} among {plural(len(frame), 'row')}"
        raise InputError([Fault(problem, path.name, hint=AGAIN)])
    sites = sites.assign(kind=kind, listed_by="ODS").reset_index(drop=True)
    notes = (f"left out: {', '.join(words)}",) if words else ()
    return as_frame(table.with_frame(sites, *notes))


def parse_partners(path: Path) -> pd.DataFrame:
    """Read which practice is a core partner of which primary care network today.

    Returns
    -------
    DataFrame
        `site_id` (the practice's ODS code, once each) and `neighbourhood` (the network's name).

    Raises
    ------
    InputError
        If the file has another layout, or names no present partner.
    """
    table = headerless(path, PARTNER_LAYOUT, PARTNER_WIDTH, PUBLISHER, is_partner_row)
    frame = table.frame
    current = frame[frame["left"].isna()].dropna(subset=["site_id", "neighbourhood"])
    if current.empty:
        words = f"names no partner of today among {plural(len(frame), 'row')}"
        raise InputError([Fault(words, path.name, hint=AGAIN)])
    known = current[["site_id", "neighbourhood"]].drop_duplicates("site_id")
    return as_frame(table.with_frame(known.reset_index(drop=True)))


def _report(  # noqa: PLR0913, PLR0917  (a row of the registry)
    key: str, title: str, kind: str, gives: str, code: str, words: str, practices: bool = False
) -> OfficialSource:
    return OfficialSource(
        key=key,
        layer="sites",
        title=f"{title} ({key})",
        publisher=PUBLISHER,
        address=f"{REPORTS}{key}",
        confirmed="public code, 2025 and 2026",
        licence=OGL,
        attribution="Contains NHS England data, Open Government Licence v3.0",
        vintage="the day it was retrieved",
        gives=gives,
        looks="csv",
        names=(f"{key}*",),
        parse=partial(parse_report, kind=kind, practices=practices),
        layout=partial(is_report_row, code=code),
        layout_words=f"{words}, a postcode or nothing in column 10, a day in column 11",
        page=PAGE,
    )


PRACTICES = _report(
    "epraccur", "GP practices", "gp_practice", "main sites of active GP practices",
    r"[A-Z]\d{5}", "a letter and five digits", practices=True,
)  # fmt: skip
BRANCHES = _report(
    "ebranchs", "GP branch surgeries", "branch_surgery", "open branch surgeries",
    r"[A-Z]\d{8}", "a letter and eight digits",
)  # fmt: skip
TRUST_SITES = _report(
    "ets", "NHS trust sites", "trust_site", "open sites of NHS trusts",
    r"(R|T)[A-Z0-9]{4}", "R or T and four letters or digits",
)  # fmt: skip
PARTNERS = replace(
    TRUST_SITES,
    key="epcncorepartnerdetails",
    layer="partners",
    title="Primary care networks and their core partners (epcncorepartnerdetails)",
    address=f"{REPORTS}epcncorepartnerdetails",
    confirmed="the report of the same form as epraccur, which public code of 2026 reads",
    gives="each practice's primary care network, as its neighbourhood",
    names=("epcncore*",),
    parse=parse_partners,
    layout=is_partner_row,
    layout_words="a network's code (U and five digits) in column 5, a day in column 9",
)
