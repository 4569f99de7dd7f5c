"""Cases: figures and judgements of a plan that only its users know, from a file."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from nhcplanner.base.errors import InputError
from nhcplanner.base.validation import faults_of, read_toml

OPEN_LONG = "Open 12 hours a day, six days a week"
MINIMUM = (
    "General practice on site, not sessional only",
    "Primary care network staff",
    "Community health and integrated neighbourhood team",
    "Consulting rooms that others can use (ENT, gynaecology, community clinics)",
    "Shared spaces",
    OPEN_LONG,
)
"""Minimum requirements of a designated centre (NHS guidance of April 2026, second-hand: check)."""
CHECK = "NHS guidance of April 2026, second-hand: check"

State = Literal["", "met", "gap"]
Pounds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=3, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1990, le=2100)]


class _Part(BaseModel):
    """A part of the file; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Appraisal(_Part):
    """Settings by which costs of the list become costs of an economic appraisal."""

    price_base: Year | None = None
    """Year whose prices all costs are stated in; by default the year that is not discounted."""

    price_index: dict[Year, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}
    """Index of prices by year, for instance the GDP deflator; costs are rebased by it."""

    price_source: str = ""
    """Where the index comes from."""

    optimism_bias: Share | None = None
    """Share added to capital, e.g. 0.24; left out = asked for, and nothing is added."""

    optimism_bias_source: str = ""
    """Where the share comes from."""

    capital_includes_vat: bool | None = None
    """Whether the list's capital includes VAT; left out = not stated, and nothing is taken off."""

    vat_rate: Share = 0.2
    """Rate of VAT that is taken off capital that includes it."""


class Today(_Part):
    """Business as usual: costs that an option may end, in addition to those of the list."""

    backlog: Pounds | None = None
    """Backlog maintenance of today's estate, in pounds of the price base."""

    running_cost: Pounds | None = None
    """Running cost a year of today's estate that is not in the list as open today."""

    source: str = ""
    """Where both figures come from, with their date."""


class Release(_Part):
    """Costs of business as usual that an option ends."""

    backlog: Pounds = 0.0
    """Backlog maintenance that it saves."""

    running_cost: Pounds = 0.0
    """Running cost a year that it saves."""


class Benefits(_Part):
    """Monetised benefits, which only the user can state."""

    per_person: Pounds | None = None
    """Pounds a year for each further person within reach; left out = no net present value."""

    first_band_weight: Annotated[float, Field(ge=0, le=20, allow_inf_nan=False)] = 1.0
    """How many times a person of the first band counts (a distributional weight)."""

    source: str = ""
    """Where both figures come from."""


class Criterion(_Part):
    """One of the programme's criteria, in the user's own words."""

    name: str
    """Short name."""

    words: str = ""
    """What it asks for."""


class Fit(_Part):
    """How a site meets a criterion or a minimum."""

    site: str
    """Its id in the list."""

    criterion: str
    """Name of a criterion, or one of the minimum requirements."""

    state: State = ""
    """"met" or "gap"; left out = not known."""

    evidence: str = ""
    """What shows it, or what would close the gap."""

    by: str = ""
    """Who judged it, and when."""


class Case(_Part):
    """Figures and judgements that users add to a plan's documents.

    A case is read from TOML. Every part is optional; a missing part stays a marked blank.

    Examples
    --------
    >>> Case.from_toml('author = "Estates"', "case.toml").author
    'Estates'
    """

    author: str = ""
    """Who puts the plan forward."""

    version: str = ""
    """Version of the documents, e.g. "0.3 draft"."""

    appraisal: Appraisal = Appraisal()
    """Price base, optimism bias and VAT."""

    business_as_usual: Today = Today()
    """Backlog and running cost of today's estate."""

    releases: dict[str, Release] = {}
    """By name of an option: what it ends of business as usual."""

    benefits: Benefits = Benefits()
    """Monetised benefits."""

    criteria: tuple[Criterion, ...] = ()
    """The programme's criteria, whose text is not public."""

    fit: tuple[Fit, ...] = ()
    """How sites meet criteria and minimum requirements."""

    ruled_out: dict[str, str] = {}
    """By id of a site: why it was ruled out."""

    @classmethod
    def from_toml(cls, text: str, file: str) -> Case:
        """Read a case.

        Raises
        ------
        InputError
            For text that is not TOML, unknown keys and values out of range, all at once, each with
            its line.
        """
        return cls.from_values(read_toml(text, file), file, text)

    @classmethod
    def from_values(cls, values: dict[str, Any], file: str = "case", text: str = "") -> Case:
        """Make a case from names and values; raises as `from_toml` does."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            rows = [line_of(text, item["loc"]) for item in error.errors()]
            faults = faults_of(error, file, cls.model_fields)
            raise InputError(
                replace(fault, row=row) for fault, row in zip(faults, rows, strict=True)
            ) from None

    @model_validator(mode="after")
    def _check_repeated(self) -> Case:
        names = [criterion.name for criterion in self.criteria]
        pairs = [f"{entry.criterion} of {entry.site}" for entry in self.fit]
        for what, entries in (("criterion", names), ("judgement", pairs)):
            repeated = sorted({entry for entry in entries if entries.count(entry) > 1})
            if repeated:
                raise ValueError(f"more than one {what}: {', '.join(repeated)}")
        return self

    def unmatched(self, sites: Set[str], opened: Set[str], closed: Set[str]) -> tuple[str, ...]:
        """Describe entries that the documents of a plan cannot show, in sentences.

        Parameters
        ----------
        sites
            Ids of all sites of the place.
        opened, closed
            Ids of the plan's centres, and of sites that may not open.

        Examples
        --------
        >>> Case(ruled_out={"S1": "sold", "X": ""}).unmatched({"S1"}, {"S1"}, set())
        ('Unknown sites: X', 'Reasons for sites that are not ruled out: S1')
        """
        judged, reasons = {entry.site for entry in self.fit}, set(self.ruled_out)
        criteria = {*MINIMUM, *(criterion.name for criterion in self.criteria)}
        problems = {
            "Unknown sites": (judged | reasons) - sites,
            "Unknown criteria": {entry.criterion for entry in self.fit} - criteria,
            "Judgements of sites that are no centres of the plan": judged & sites - opened,
            "Reasons for sites that are not ruled out": reasons & sites - closed,
        }
        return tuple(
            f"{what}: {', '.join(sorted(names))}" for what, names in problems.items() if names
        )


def line_of(text: str, location: Sequence[int | str]) -> int | None:
    r"""Return the line of a TOML text that holds a key or entry; None where it is not found.

    Examples
    --------
    >>> line_of("a = 1\n[[fit]]\nsite = 2\n[[fit]]\nsite = 3", ("fit", 1, "site"))
    5
    """
    keys = [str(part) for part in location if not isinstance(part, int)]
    entry = next((part for part in location if isinstance(part, int)), 0)
    tables: list[str] = []
    number, last = -1, None
    for row, line in enumerate(text.splitlines(), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            tables = [part.strip().strip("\"'") for part in header[2].split(".")]
            number += header[1] == "[[" and tables == keys[:1]
        here = header[1] != "[[" or number == entry if header else number in (-1, entry)
        path = tables if header else [*tables, key[1].strip("\"'")] if key else []
        if path and path == keys[: len(path)] and here:
            last = row
    return last


_HEADER = re.compile(r"\s*(\[\[?)([^\]]+)\]")
_KEY = re.compile(r"\s*([\w-]+|\"[^\"]*\"|'[^']*')\s*=")


TEMPLATE = """\
# What only people can say of a plan. Leave out what is not known: it stays a marked blank.
# nhcplanner hand-in PLAN --out documents --case case.toml

author = ""                       # who puts the plan forward
version = ""                      # e.g. "0.3 draft"

[appraisal]
# price_base = 2026               # year whose prices all costs are stated in
# price_index = {2025 = 100.0, 2026 = 102.4}   # e.g. the GDP deflator, to rebase older costs
# price_source = ""
# optimism_bias = 0.24            # share added to capital: the Green Book asks for it
# optimism_bias_source = ""
# capital_includes_vat = false    # VAT is left out of an economic appraisal
# vat_rate = 0.2

[business_as_usual]
# backlog = 2_500_000             # backlog maintenance of today's estate
# running_cost = 900_000          # a year, of today's estate that the list does not hold as open
# source = ""

# [releases."The plan"]           # what an option ends of business as usual
# backlog = 1_000_000
# running_cost = 300_000

[benefits]
# per_person = 40.0               # pounds a year for each further person within reach
# first_band_weight = 1.0         # how many times a person of the first band counts
# source = ""

# [[criteria]]                    # the programme's criteria, typed once
# name = "Deprivation"
# words = "Serves a community of the most deprived fifth"

# [[fit]]                         # how a site meets a criterion or a minimum requirement
# site = "C88008"
# criterion = "Open 12 hours a day, six days a week"
# state = "met"                   # or "gap"
# evidence = "Opening hours of 1 May 2026"
# by = "Estates, 3 June 2026"

[ruled_out]                       # why a site was ruled out
# LIB01 = "Sold in March 2026"
"""
"""An empty file to fill in."""
