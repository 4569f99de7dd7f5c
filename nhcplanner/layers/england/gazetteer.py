"""Gazetteer: the names of all parts of England, and the areas of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from nhcplanner.layers.england import store

NATION = "nation"
REGION = "region"
UPPER = "upper-tier council"
LOWER = "lower-tier council"
ICB = "ICB"
OLD_ICB = "ICB of 2024"
OTHER = "other name"
FORMER = "former council"
MSOA = "MSOA"
WARD = "ward"

FIELDS = (
    (REGION, "region_name", "region_code"),
    (UPPER, "council_name", "council_code"),
    (LOWER, "district_name", "district_code"),
    (ICB, "icb_name", "icb26_ods"),
    (OLD_ICB, "icb24_name", "icb24_code"),
    (MSOA, "msoa_name", "msoa_code"),
)
"""Kinds of places, and the columns of `areas` that hold their names and codes."""

CODES = {
    "area_code": "area",
    "msoa_code": MSOA,
    "ward_code": WARD,
    "district_code": LOWER,
    "council_code": UPPER,
    "region_code": REGION,
    "icb26_ods": ICB,
    "icb_code": ICB,
    "icb24_code": OLD_ICB,
    "icb24_ods": OLD_ICB,
}
"""Columns of `areas` with codes of places, in the order of search."""

COLUMNS = (
    *dict.fromkeys(name for field in FIELDS for name in field[1:]),
    *(code for code in CODES if code not in {field[2] for field in FIELDS}),
    "area_name", "ward_name", "district11_name",
)  # fmt: skip

LAST = 2022
"""Year of the councils in the names of areas of 2021."""

BOARD = re.compile(r"\b(nhs|icb|integrated care board)\b")
KIND_WORDS = re.compile(
    r"\b(council|corporation|(metropolitan |london )?borough|unitary( authority)?|mbc|dc|cc|"
    r"district|region|county|the|royal|nhs|icb|integrated care board)\b"
)
"""Words for the kind of a place."""

SHORT = {
    "beds": "bedfordshire", "berks": "berkshire", "bucks": "buckinghamshire",
    "cambs": "cambridgeshire", "derbys": "derbyshire", "glos": "gloucestershire",
    "hants": "hampshire", "herts": "hertfordshire", "iow": "isle of wight",
    "lancs": "lancashire", "leics": "leicestershire", "lincs": "lincolnshire",
    "northants": "northamptonshire", "northumb": "northumberland", "notts": "nottinghamshire",
    "oxon": "oxfordshire", "saint": "st", "salop": "shropshire", "staffs": "staffordshire",
    "warks": "warwickshire", "wilts": "wiltshire", "worcs": "worcestershire",
    "yorks": "yorkshire",
}  # fmt: skip
"""Usual short forms of counties' names."""

OF = re.compile(r"\b(city|county|of|area)\b")


@dataclass(frozen=True)
class Entry:
    """One name and the areas that it means.

    Parameters
    ----------
    kind
        One of the kinds above.
    name
        As written in the lists.
    column, picks
        The column of `areas`, and its values for the areas.
    note
        Its code, or the meaning of the name; empty if it has neither.
    """

    kind: str
    name: str
    column: str
    picks: tuple[str, ...]
    note: str

    @property
    def words(self) -> str:
        """The kind and code of the entry, or the meaning of its name."""
        if self.kind in (NATION, OTHER, FORMER):
            return self.note
        return f"{self.kind}, {self.note}" if self.note else self.kind

    @property
    def whole(self) -> str:
        """The name for the first comparison: "city of london"."""
        return whole(self.name)

    @property
    def core(self) -> str:
        """The name for the second comparison: "bristol" for "Bristol, City of"."""
        return core(self.name)


@cache
def letters(name: str) -> str:
    """Reduce a name to lower-case words, with short forms of counties written out.

    Examples
    --------
    >>> letters("King's Lynn & West Norfolk"), letters("North Northants")
    ('kings lynn and west norfolk', 'north northamptonshire')
    """
    text = name.lower().replace("&", " and ").replace("'", "").replace("\u2019", "")
    return " ".join(SHORT.get(word, word) for word in re.findall(r"[a-z0-9]+", text))


@cache
def whole(name: str) -> str:
    """Remove the words for the kind of place, such as council or borough.

    Examples
    --------
    >>> whole("City of London Corporation"), whole("NHS Devon Integrated Care Board")
    ('city of london', 'devon')
    """
    plain = letters(name)
    return " ".join(KIND_WORDS.sub(" ", plain).split()) or plain


@cache
def core(name: str) -> str:
    """Remove "city of" and "county of" as well.

    Examples
    --------
    >>> core("Herefordshire, County of"), core("City of Lincoln Council")
    ('herefordshire', 'lincoln')
    """
    less = whole(name)
    return " ".join(OF.sub(" ", less).split()) or less


@cache
def areas() -> pd.DataFrame:
    """Return the codes and names of every area: columns `COLUMNS` and `area_code`."""
    return store.layer("areas", list(dict.fromkeys(("area_code", *COLUMNS))))


@cache
def entries() -> tuple[Entry, ...]:
    """Return every name, by the preference of its kind."""
    table = areas()
    listing = [Entry(NATION, "England", "", (), "all of England")]
    for kind, column, code in FIELDS:
        pairs = table[[column, code]].drop_duplicates(column).sort_values(column)
        for name, key in pairs.itertuples(index=False):
            note = key if isinstance(key, str) else ""
            listing.append(Entry(kind, name, column, (name,), note))
    return (*listing, *_other(listing), *_former(table))


def _other(listing: list[Entry]) -> list[Entry]:
    """Return names for several councils, or for one council under its full name."""
    kinds = (OLD_ICB, ICB, LOWER, UPPER, REGION)
    ordered = sorted((e for e in listing if e.kind in kinds), key=lambda e: kinds.index(e.kind))
    column = {e.name: e.column for e in ordered}
    return [
        Entry(OTHER, name, column[listed["parts"][0]], tuple(listed["parts"]), listed["words"])
        for name, listed in store.other_names().items()
    ]


def _former(table: pd.DataFrame) -> list[Entry]:
    """Return former councils of 2011 and 2022, by the names of their areas."""
    today = {core(name) for name in (*table["district_name"], *table["council_name"])}
    former = []
    districts = table["area_name"].str.replace(r" \d+[A-Z]$", "", regex=True)
    for year, names in ((LAST, districts), (2011, table["district11_name"])):
        for name in sorted(names.unique()):
            if core(name) in today:
                continue
            today.add(core(name))
            codes = tuple(table.loc[names == name, "area_code"])
            words = "a council until 2023" if year == LAST else "a council of 2011, since replaced"
            now = table.loc[names == name, "council_name"].unique()
            former.append(
                Entry(FORMER, name, "area_code", codes, f"{words}, now in {' and '.join(now)}")
            )
    return former
