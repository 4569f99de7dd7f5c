"""Official files that are known but not used, each with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nhcplanner.layers.sources.base import matching
from nhcplanner.layers.sources.ods import is_report_row
from nhcplanner.layers.sources.opening import TAKE, Row


@dataclass(frozen=True)
class UnusedFile:
    """A known file that is of no use for a place.

    Parameters
    ----------
    why
        Its content and why it is not used, in words.
    headers
        Patterns of columns, which it must all have; "(Polygon)" stands for shapes.
    layout
        Of a file without headings: whether a row is one of its rows.
    """

    why: str
    headers: tuple[str, ...] = ()
    layout: Callable[[Row], bool] | None = None

    def has_headers(self, columns: set[str]) -> bool:
        """Whether a table with these columns is this file."""
        return bool(self.headers) and all(matching(columns, one) for one in self.headers)


def _is_code_row(row: Row, code: str) -> bool:
    """Whether a row begins with a code and a name, and has the length of an ODS report."""
    return len(row) > 10 and bool(re.fullmatch(code, row[0].strip().upper()))


UNUSED = (
    UnusedFile(
        f"this has no shapes, only names and sizes of areas: {TAKE}",
        ("LSOA??CD", "Shape*Area"),
    ),
    UnusedFile(
        f"this has no shapes, only names and middle points of areas: {TAKE}",
        ("LSOA??CD", "BNG_E", "BNG_N"),
    ),
    UnusedFile(
        "shapes of LSOAs of 2011: places are made of those of 2021",
        ("LSOA11CD", "(Polygon)"),
    ),
    UnusedFile("shapes of MSOAs: places are made of LSOAs", ("MSOA??CD", "(Polygon)")),
    UnusedFile("shapes of output areas: places are made of LSOAs", ("OA??CD", "(Polygon)")),
    UnusedFile(
        "shapes of councils: the lookups say which council each area is in",
        ("LAD??CD", "(Polygon)"),
    ),
    UnusedFile(
        "shapes of upper-tier councils: the lookups say which council each area is in",
        ("CTYUA??CD", "(Polygon)"),
    ),
    UnusedFile(
        "shapes of ICBs: the lookup says which ICB each area is in",
        ("ICB??CD", "(Polygon)"),
    ),
    UnusedFile(
        "patients by practice and LSOA: not used yet; people are counted where they live",
        ("PRACTICE_CODE", "LSOA_CODE", "NUMBER_OF_PATIENTS"),
    ),
    UnusedFile(
        "list sizes of practices: not used yet; give capacities in your own list of sites",
        ("ORG_TYPE", "ORG_CODE", "NUMBER_OF_PATIENTS"),
    ),
    UnusedFile(
        "list sizes of practices: not used yet; give capacities in your own list of sites",
        ("CODE", "POSTCODE", "NUMBER_OF_PATIENTS"),
    ),
    UnusedFile(
        "population projections: not used by fetch; give the file to 'nhcplanner build "
        "--projections', or plan a packaged place, which has them",
        ("*code*", "*age*", "2022", "2032"),
    ),
    UnusedFile(
        "healthy life expectancy by MSOA: not used yet; HLE is that of the councils",
        ("MSOA*code*", "*healthy life expectancy*"),
    ),
    UnusedFile(
        "healthy life expectancy by MSOA: not used yet; HLE is that of the councils",
        ("MSOA*", "*HLE*"),
    ),
    UnusedFile(
        "healthy life expectancy as the ONS publishes it: not used by fetch; take Fingertips "
        "indicator 90362, or join it with 'nhcplanner build --table'",
        ("area_code", "period", "sex", "lci_95", "uci_95"),
    ),
    UnusedFile(
        "estates returns (ERIC): not used yet; give sizes and costs in your own list of sites",
        ("Site Code", "*Gross internal floor area*"),
    ),
    UnusedFile(
        "trusts' head offices or networks, which are not buildings: use ets, the trusts' sites",
        layout=partial(_is_code_row, code=r"R[A-Z0-9]{2}|U\d{5}"),
    ),
    UnusedFile(
        "dispensing pharmacies without their kind: take the consolidated pharmaceutical list",
        layout=partial(is_report_row, code=r"F[A-Z0-9]{4}"),
    ),
)
"""All known unused files; add a row for another one."""
