"""Duplicates: one building in two rows of a list or in two lists, or many at one point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from nhcplanner.base.errors import Fault
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.intake import Answers, Question
from nhcplanner.layers.readers.columns import ACCEPT
from nhcplanner.layers.readers.tables import Table

NEAR_M = 100.0
"""Distance within which rows of the same kind and with similar names count as one building; rows
of different kinds only if the names are equal."""
SAME_NAME_M = 500.0
"""The same where the names are equal or the postcode is the same."""
NO_NAME_M = 25.0
"""The same where neither row has a name."""
ROUND_M = 1_000.0
CROWD = 3
"""Number of sites at one point from which the user is asked about them."""
ALIKE = 0.85
"""Similarity of two names from which they count as the same."""
TWICE_HINT = "Leave one out, or give both one status; or --assume duplicates=keep"


@dataclass(frozen=True)
class Duplicate:
    """Two rows that look like one building.

    Parameters
    ----------
    first, second
        Positions of the rows.
    metres
        Distance between the two.
    disagrees
        True where their statuses differ.
    """

    first: int
    second: int
    metres: float
    disagrees: bool


def find_duplicates(sites: gpd.GeoDataFrame) -> list[Duplicate]:
    """Return the pairs of rows that look like one building, in the order of the rows.

    Parameters
    ----------
    sites
        With `kind`, `status` and points in EPSG:27700; `site_name` and `postcode` where known.
    """
    return list(_pairs(sites)) if len(sites) > 1 else []


def one_point_questions(table: Table, answers: Answers) -> list[Fault]:
    """Return a question if all sites, three or more, lie at one point."""
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame) or len(frame) < CROWD:
        return []
    points = frame.geometry.dropna()
    if len(points) < CROWD or len(set(points.to_wkb())) > 1:
        return []
    if answers.find("one_point", table.file) == ACCEPT:
        return []
    words = f"all {len(points):,} sites lie at one point"
    hint = f"Give each its own coordinates; or --assume one_point={ACCEPT}"
    return [Question(words, table.file, None, "geometry", hint, "one_point", (ACCEPT,))]


def report_crowds(table: Table) -> Table:
    """Report sites at one point, and coordinates in whole kilometres, as doubts of the table."""
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame) or len(frame) < CROWD:
        return table
    points = frame.geometry[~(frame.geometry.isna() | frame.geometry.is_empty)]
    at = points.to_wkb().groupby(points.to_wkb()).groups
    for rows in (list(group) for group in at.values() if len(group) >= CROWD):
        examples = [f"row {table.row_number(int(n))}" for n in rows]
        table = table.with_event(
            "doubt", f"{len(rows):,} sites lie at one point", len(rows), examples
        )
    metres = np.concatenate([points.x, points.y])
    if len(points) >= CROWD and not (metres % ROUND_M).any():
        words = "all coordinates are whole kilometres: were they rounded?"
        table = table.with_event("doubt", words, len(points))
    return table


def report_duplicates(table: Table, answers: Answers) -> tuple[Table, list[Fault]]:
    """Report rows that look like one building; ask if their statuses differ."""
    frame = table.frame
    if not isinstance(frame, gpd.GeoDataFrame):
        return table, []
    pairs = find_duplicates(frame)
    if not pairs:
        return table, []
    words = f"{plural(len(pairs), 'pair')} of rows look like one building; both are kept"
    examples = [_pair_words(table, pair) for pair in pairs]
    reported = table.with_event("duplicate", words, len(pairs), examples)
    reported = reported.with_frame(frame, f"{words}: {shortened(examples, 3)}")
    if answers.find("duplicates", table.file) == "keep":
        return reported, []
    return reported, [
        Question(
            f"looks like the same building with another status: {_pair_words(table, pair)}",
            table.file, pair.second + table.first_row, "status", TWICE_HINT,
            "duplicates", ("keep",),
        )
        for pair in pairs
        if pair.disagrees
    ]  # fmt: skip


def report_across_lists(
    both: Table, lists: Sequence[Table], names: Sequence[Mapping[str, str]], answers: Answers
) -> tuple[list[Table], list[Fault]]:
    """Report the buildings that two lists hold, on the later list.

    Parameters
    ----------
    both
        The sites of all lists, one list after another.
    lists
        The lists.
    names
        For each list: schema column -> the list's own column.
    answers
        The user's answers; `duplicates=keep` accepts different statuses.

    Returns
    -------
    list of Table
        The lists with a line for each building that an earlier list holds too.
    list of Fault
        A question for each building whose status differs between the lists.
    """
    ends = pd.Series([len(table.frame) for table in lists]).cumsum()
    faults: list[Fault] = []
    reported = list(lists)
    for pair in find_duplicates(gpd.GeoDataFrame(both.frame)):
        one, other = (int(ends.searchsorted(n, "right")) for n in (pair.first, pair.second))
        if one == other:
            continue
        starts = [int(ends[k]) - len(lists[k].frame) for k in (one, other)]
        rows = (
            lists[one].row_number(pair.first - starts[0]),
            lists[other].row_number(pair.second - starts[1]),
        )
        table = reported[other]
        words = _across_words(both.frame, pair, rows, lists[one].file)
        reported[other] = table.with_event("duplicate", words).with_frame(table.frame, words)
        if pair.disagrees and answers.find("duplicates", table.file) != "keep":
            column = names[other].get("status", "status")
            faults.append(
                Question(words, table.file, rows[1], column, TWICE_HINT, "duplicates", ("keep",))
            )
    return reported, faults


def _across_words(frame: pd.DataFrame, pair: Duplicate, rows: tuple[int, int], file: str) -> str:
    """Return a sentence about a building that two lists hold."""
    names = frame["site_id"].astype("object")
    if "site_name" in frame:
        names = frame["site_name"].astype("object").where(frame["site_name"].notna(), names)
    first, second = frame["status"].iloc[pair.first], frame["status"].iloc[pair.second]
    return (
        f"row {rows[1]} ({names.iloc[pair.second]}, {second}) looks like the building in {file} "
        f"row {rows[0]} ({first}), {pair.metres:,.0f} m away"
    )


def _pair_words(table: Table, pair: Duplicate) -> str:
    frame = table.frame
    name = frame["site_name"] if "site_name" in frame else frame["site_id"]
    first, second = (
        f"row {table.row_number(n)} ({name.iloc[n]}, {frame['status'].iloc[n]})"
        for n in (pair.first, pair.second)
    )
    return f"{first} and {second}, {pair.metres:,.0f} m apart"


def _pairs(sites: gpd.GeoDataFrame) -> Iterator[Duplicate]:
    points = sites.geometry.to_numpy()
    sound = ~(shapely.is_missing(points) | shapely.is_empty(points))
    rows = np.flatnonzero(sound)
    tree = shapely.STRtree(points[rows])
    first, second = tree.query(points[rows], predicate="dwithin", distance=SAME_NAME_M)
    forward = first < second
    pairs = np.unique(np.column_stack([rows[first[forward]], rows[second[forward]]]), axis=0)
    metres = shapely.distance(points[pairs[:, 0]], points[pairs[:, 1]])
    names = _texts(sites, "site_name").map(simple_name)
    postcodes, kinds = _texts(sites, "postcode"), _texts(sites, "kind")
    statuses = _texts(sites, "status").tolist()
    same = _equal(postcodes, pairs) & (postcodes != "").to_numpy()[pairs[:, 0]]
    near = metres <= np.where(same, SAME_NAME_M, NEAR_M)
    same_name = _equal(names, pairs)
    one_building = same_name & (names != "").to_numpy()[pairs[:, 0]] & (metres <= NEAR_M)
    # Excludes most pairs before names are compared one by one, which is slow.
    likely = (near | same_name) & (_equal(kinds, pairs) | one_building)
    names_of = names.tolist()
    candidates = zip(
        pairs[likely].tolist(), metres[likely].tolist(), same[likely].tolist(), strict=True
    )
    for (a, b), apart, same_postcode in candidates:
        if _is_same(names_of[a], names_of[b], apart, same_postcode):
            yield Duplicate(a, b, apart, statuses[a] != statuses[b])


def _equal(texts: pd.Series, pairs: np.ndarray) -> np.ndarray:
    """Whether both rows of each pair have the same text."""
    codes = pd.factorize(texts)[0]
    return np.asarray(codes[pairs[:, 0]] == codes[pairs[:, 1]])


def _texts(sites: pd.DataFrame, column: str) -> pd.Series:
    if column not in sites:
        return pd.Series("", index=sites.index)
    return sites[column].astype("object").where(sites[column].notna(), "").astype("str")


def _is_same(one: str, other: str, metres: float, same_postcode: bool) -> bool:
    if not one and not other:
        return metres <= NO_NAME_M
    if not one or not other:
        return False
    if one == other:
        return metres <= SAME_NAME_M
    near = metres <= (SAME_NAME_M if same_postcode else NEAR_M)
    return near and is_alike(one, other)


def is_alike(one: str, other: str) -> bool:
    """Whether two simple names may be of one building: alike, or one abbreviates the other.

    Examples
    --------
    >>> is_alike("waterloo_medical_centre", "waterloo_med_ctr")
    True
    >>> is_alike("north_surgery", "south_surgery")
    False
    """
    ours, theirs = one.split("_"), other.split("_")
    if len(ours) == len(theirs) and all(map(_abbreviates, ours, theirs)):
        return True
    if {*ours} ^ {*theirs} and any(word.isdigit() for word in {*ours} ^ {*theirs}):
        return False
    return ours[0] == theirs[0] and SequenceMatcher(None, one, other).ratio() >= ALIKE


def _abbreviates(one: str, other: str) -> bool:
    """Whether the letters of the shorter word stand in the longer in order, the first first."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    if short[:1] != long[:1] or len(short) < 2:
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)
