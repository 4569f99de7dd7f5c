"""Search of England by name: the areas of a council, an ICB, a region or a town."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.layers.codes.vintages import ICBS_2026, UNCONFIRMED, icb_code_words
from nhcplanner.layers.england import gazetteer, store
from nhcplanner.layers.england.gazetteer import (
    BOARD,
    CODES,
    FORMER,
    ICB,
    LOWER,
    MSOA,
    NATION,
    OLD_ICB,
    OTHER,
    REGION,
    UPPER,
    Entry,
)

PREFERRED = (NATION, UPPER, LOWER, OTHER, FORMER, REGION, ICB, OLD_ICB, MSOA)
"""Preferred kinds if several places have exactly the same name."""

MOST_CHOICES = 12
CLOSE = 0.72
"""Similarity (0 to 1, difflib) from which a name is suggested."""


@dataclass(frozen=True)
class FoundPlace:
    """A part of England, found by name.

    Parameters
    ----------
    title
        Its name.
    areas
        Codes of its areas, in order.
    kind
        Its kind: "upper-tier council", "ICB", ...; several joined by " and ".
    notes
        Notes on the meaning of names that are not plain.
    """

    title: str
    areas: tuple[str, ...]
    kind: str
    notes: tuple[str, ...] = ()


def find_place(*names: str) -> FoundPlace:
    """Find the areas of one place, or of several together.

    Parameters
    ----------
    names
        Councils (upper or lower tier, of today or abolished since 2011), ICBs of 2024 or of
        April 2026, regions, MSOAs, or ONS or ODS codes, in any case, with or without "Council",
        "NHS" or "ICB"; "England".

    Raises
    ------
    InputError
        For every unknown name, with similar names, and for every name of several places, with
        the choices.

    Examples
    --------
    >>> find_place("Hull").title
    'Kingston upon Hull'
    >>> find_place("cumbria").notes[0]
    'Cumbria is understood as Cumberland and Westmorland and Furness: the county council until 2023'
    """
    faults: list[Fault] = []
    places: list[FoundPlace] = []
    for name in names:
        try:
            places.append(_find(name))
        except InputError as error:
            faults += error.faults
    if not names:
        faults.append(Fault("no place is named", hint="Name a council, an ICB or a region"))
    if faults:
        raise InputError(faults)
    if len(places) == 1:
        return places[0]
    codes = sorted({code for each in places for code in each.areas})
    titles = list(dict.fromkeys(each.title for each in places))
    kinds = list(dict.fromkeys(each.kind for each in places))
    notes = tuple(note for each in places for note in each.notes)
    return FoundPlace(_listed(titles), tuple(codes), _listed(kinds), notes)


def list_places(text: str = "") -> pd.DataFrame:
    """Return the names of places: `name`, `kind` and `what` (code, or what the name means).

    Parameters
    ----------
    text
        Only names with these words, else the nearest; "" = all but MSOAs.
    """
    words = gazetteer.core(text) if text.strip() else ""
    entries = [e for e in gazetteer.entries() if (words in e.whole if words else e.kind != MSOA)]
    if words and not entries:
        entries = _nearest(text)
    codes = {name: icb_code_words(code) for code, name in ICBS_2026.items()}
    rows = [(e.name, e.kind, e.note or (codes.get(e.name, "") if e.kind == ICB else ""))
            for e in entries]  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "kind", "what"])


@cache
def place_labels() -> dict[str, str]:
    """Return the label of each part of England in a list of choices, and its search key.

    Returns
    -------
    dict of str to str
        "Blackpool (upper-tier council)" -> "E06000009": the code, or an unambiguous name.
        A council of both tiers is listed once.
    """
    entries = gazetteer.entries()
    upper = {entry.name for entry in entries if entry.kind == UPPER}
    labelled = [entry for entry in entries if not (entry.kind == LOWER and entry.name in upper)]
    coded = (REGION, UPPER, LOWER, ICB, OLD_ICB, MSOA)
    return {
        f"{entry.name} ({entry.kind})": entry.note if entry.kind in coded and entry.note
        else entry.name
        for entry in labelled
    }  # fmt: skip


def search_labels(text: str, most: int = MOST_CHOICES) -> list[str]:
    """Return the labels of `place_labels` that match a text, the likeliest first.

    Parameters
    ----------
    text
        As typed; "" = none.
    most
        Largest number of labels.
    """
    core = gazetteer.core(text) if text.strip() else ""
    if not core:
        return []
    pool = _pool(text)
    fitting = [entry for entry in pool if core in entry.core] or _nearest(text)

    def order(entry: Entry) -> tuple[bool, bool, int, str]:
        exact, starts = entry.core == core, entry.core.startswith(core)
        return not exact, not starts, PREFERRED.index(entry.kind), entry.name

    labels = place_labels()
    ranked = [f"{entry.name} ({entry.kind})" for entry in sorted(fitting, key=order)]
    return [label for label in dict.fromkeys(ranked) if label in labels][:most]


def _find(name: str) -> FoundPlace:
    code = name.strip().upper()
    if code in ICBS_2026:
        present = _find(ICBS_2026[code])
        words = f"{icb_code_words(code)}: taken as {present.title}"
        return replace(present, notes=(*present.notes, words)) if code in UNCONFIRMED else present
    by_code = _by_code(name)
    if by_code is not None:
        return by_code
    for fits in _steps(name):
        fitting = [entry for entry in _pool(name) if fits(entry)]
        if fitting:
            return _chosen(name, _distinct(fitting))
    raise InputError([_unknown(name)])


def _by_code(name: str) -> FoundPlace | None:
    code = name.strip().upper()
    if not re.fullmatch(r"[A-Z0-9]{3}|[EQ]\d{8}", code):
        return None
    table = gazetteer.areas()
    for column, kind in CODES.items():
        rows = table[table[column] == code]
        if len(rows):
            label = column.replace("_code", "_name").replace("_ods", "_name")
            label = {"icb26_name": "icb_name"}.get(label, label)
            return FoundPlace(str(rows[label].iloc[0]), tuple(rows["area_code"]), kind)
    return None


def _pool(name: str) -> list[Entry]:
    """Return the entries that a name may mean; "NHS ..." means boards, "... region" regions."""
    plain = gazetteer.letters(name)
    if BOARD.search(plain):
        boards = ("icb_name", "icb24_name")
        return [e for e in gazetteer.entries() if e.column in boards]
    if re.search(r"\bregion\b", plain):
        return [e for e in gazetteer.entries() if e.kind == REGION]
    return list(gazetteer.entries())


def _steps(name: str) -> list[Callable[[Entry], bool]]:
    """Return tests of an entry, the strictest first."""
    whole, core = gazetteer.whole(name), gazetteer.core(name)
    if not core:
        return []
    word = re.compile(rf"\b{re.escape(core)}\b")
    short = (UPPER, LOWER, OTHER, FORMER, ICB, OLD_ICB, REGION)
    return [
        lambda e: e.whole == whole,
        lambda e: e.core == core,
        lambda e: e.kind in (UPPER, LOWER) and e.core.startswith(f"{core} "),
        lambda e: e.kind in (OTHER, FORMER) and e.core.startswith(f"{core} "),
        lambda e: e.kind in (UPPER, LOWER) and bool(word.search(e.core)),
        lambda e: e.kind in short and bool(word.search(e.core)),
    ]


def codes_of(entry: Entry) -> tuple[str, ...]:
    """Return the codes of the areas of an entry, in order."""
    table = gazetteer.areas()
    if entry.kind == NATION:
        return tuple(table["area_code"])
    if entry.column == "area_code":
        return entry.picks
    if entry.kind != OTHER or entry.column.startswith("icb"):
        return tuple(table.loc[table[entry.column].isin(entry.picks), "area_code"])
    inside = np.zeros(len(table), dtype=bool)
    for column in ("council_name", "district_name", "region_name"):
        inside |= table[column].isin(entry.picks).to_numpy()
    return tuple(table.loc[inside, "area_code"])


def _distinct(fitting: Iterable[Entry]) -> list[tuple[Entry, tuple[str, ...]]]:
    """Return the entries with different areas, the preferred kind first."""
    ordered = sorted(fitting, key=lambda e: PREFERRED.index(e.kind))
    by_codes: dict[tuple[str, ...], Entry] = {}
    for entry in ordered:
        by_codes.setdefault(codes_of(entry), entry)
    return [(entry, codes) for codes, entry in by_codes.items()]


def _chosen(name: str, fitting: Sequence[tuple[Entry, tuple[str, ...]]]) -> FoundPlace:
    """Return the entry that fits best, with a note; raise a question if two fit equally well.

    Raises
    ------
    InputError
        With the choices.
    """
    exact = [each for each in fitting if _is_exact(name, each[0])]
    entry, codes = exact[0] if exact else fitting[0]
    rivals = [other for other, _ in fitting if other is not entry and _rivals(name, entry, other)]
    if rivals and not exact:
        raise InputError([_ambiguous(name, [entry, *rivals])])
    notes = []
    title = _title(entry)
    if entry.kind == OTHER:
        notes.append(f"{entry.name} is understood as {_listed(entry.picks)}: {entry.words}")
    elif entry.kind == FORMER:
        notes.append(f"{name.strip()} is understood as {entry.name}: {entry.words}")
    elif entry.core != gazetteer.core(name):
        notes.append(f"{name.strip()} is understood as {entry.name} ({entry.words})")
    others = [other for other, _ in fitting if other is not entry and _same_name(name, other)]
    if others:
        also = shortened([f"{other.name} ({other.words})" for other in others], MOST_CHOICES)
        notes.append(f"{name.strip()} is taken as {entry.name} ({entry.words}), not as {also}")
    return FoundPlace(title, codes, entry.kind, tuple(notes))


def _is_exact(name: str, entry: Entry) -> bool:
    """Whether a name is the full name of an entry, including its kind."""
    plain = gazetteer.letters(name)
    return plain == gazetteer.letters(entry.name) and plain != gazetteer.whole(name)


def _title(entry: Entry) -> str:
    """Return the name for maps: the upper-tier name of a council of both tiers."""
    if entry.kind == OTHER and len(entry.picks) == 1:
        return entry.picks[0]
    if entry.kind == LOWER:
        table = gazetteer.areas()
        rows = table[table["district_name"] == entry.name]
        if rows["council_code"].eq(rows["district_code"]).all():
            return str(rows["council_name"].iloc[0])
    return entry.name


def _same_name(name: str, other: Entry) -> bool:
    return gazetteer.core(name) == other.core


def _rivals(name: str, chosen: Entry, other: Entry) -> bool:
    """Whether another entry fits as well: both only in part, or a region beside councils."""
    if not _same_name(name, chosen):
        boards = (ICB, OLD_ICB)
        return (other.kind in boards) == (chosen.kind in boards)
    if REGION in (chosen.kind, other.kind):
        return _same_name(name, other)
    return chosen.kind == other.kind


def _ambiguous(name: str, choices: Sequence[Entry]) -> Fault:
    listed = shortened([f"{e.name} ({e.words})" for e in choices], MOST_CHOICES)
    return Fault(f"{name.strip()} fits {plural(len(choices), 'place')}", hint=f"Name one: {listed}")


def _unknown(name: str) -> Fault:
    near = _nearest(name)
    town = _town(name)
    hint = "Name a council, an ICB, a region or an MSOA of England, or give a code (E01..., E06...)"
    if near:
        hint = f"Did you mean {_choice([entry.name for entry in near])}?"
    if town:
        hint = f"{town} {hint if near else ''}".strip()
    return Fault(f"no council, ICB, region or area of England is called {name.strip()}", hint=hint)


def _nearest(name: str) -> list[Entry]:
    """Return up to four entries whose names are most similar to a name."""
    by_core = {e.core: e for e in reversed(_pool(name)) if e.kind != MSOA}
    close = get_close_matches(gazetteer.core(name), by_core, n=4, cutoff=CLOSE)
    return [by_core[each] for each in close]


def _town(name: str) -> str:
    """Return a sentence on where a town or village lies; "" if no such town is known."""
    towns = store.place_names()
    towns = towns[
        (towns["nation"] == "ENG") & (towns["name"].map(gazetteer.core) == gazetteer.core(name))
    ]
    if towns.empty or not gazetteer.core(name):
        return ""
    district, council = _around(towns.iloc[0])
    within = district if district == council else f"{district} ({council})"
    return f"{towns['name'].iloc[0]} is a place in {within}: name that."


def _around(town: pd.Series) -> tuple[str, str]:
    """Return the district and council of the area whose weighted centroid is nearest to a town."""
    from pyproj import Transformer  # noqa: PLC0415 (slow to import, seldom needed)

    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    x, y = to_grid.transform(town["lon"], town["lat"])
    columns = ["district_name", "council_name", "centroid_x", "centroid_y"]
    table = store.layer("areas", columns)
    row = table.iloc[int(np.hypot(table["centroid_x"] - x, table["centroid_y"] - y).argmin())]
    return str(row["district_name"]), str(row["council_name"])


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _choice(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
