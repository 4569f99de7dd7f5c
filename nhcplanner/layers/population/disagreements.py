"""Disagreements: figures of one area that cannot all be right, in one table or in several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.need_measures import RANKED, part_of
from nhcplanner.layers.readers.tables import Table

AGES = ("people_0_15", "people_16_64", "people_65_84", "people_85_plus")
ROUNDING, SLACK = 0.02, 5.0
"""Parts may miss their total by this share and so many people: counts are rounded and perturbed."""
HLE = ("hle_male", "hle_female", "hle")
MOST_HLE = 73.0
"""Years that the healthy life expectancy of most areas does not reach: that of England's councils
is 51 to 71, and their life expectancy begins at 73."""
APART_HLE = 2.0
"""Years by which the mean of a council's areas may differ from its own figure."""


@dataclass(frozen=True)
class Disagreement:
    """Rows in which columns that state one fact contradict each other.

    Parameters
    ----------
    columns
        The columns, of which the first is named in the message.
    rows
        Positions of the rows.
    words
        What contradicts what in the first of them.
    examples
        The figures of each row.
    is_question
        Whether the user must say that both are right.
    """

    columns: tuple[str, ...]
    rows: np.ndarray
    words: str
    examples: tuple[str, ...] = ()
    is_question: bool = True


def find_disagreements(frame: pd.DataFrame) -> list[Disagreement]:
    """Rows of which columns that state one fact cannot all be right.

    Ranks and deciles, people and their ages, healthy life expectancy and its interval.

    Parameters
    ----------
    frame
        With the schema's names; ranks, deciles, people and ages where they are known.
    """
    return [
        *_index_disagreement(frame),
        *_age_disagreement(frame),
        *_parts_over_total(frame),
        *_interval_disagreement(frame),
    ]


def _index_disagreement(frame: pd.DataFrame) -> list[Disagreement]:
    """Rank and decile by whichever index fits most rows.

    A question where deciles run the other way, 10 = most deprived; else a doubt, for the rank
    orders the areas and the decile groups them, each as it is given.
    """
    if not {"imd_rank", "imd_decile"} <= set(frame.columns):
        return []
    rank, decile = (pd.to_numeric(frame[c], errors="coerce") for c in ("imd_rank", "imd_decile"))
    both = (rank.notna() & decile.notna()).to_numpy()
    if not both.any():
        return []
    gaps = {name: (part_of(rank, name, 10) - decile).abs().to_numpy() for name in RANKED}
    best = max(gaps, key=lambda name: int((gaps[name][both] <= 1).sum()))
    wrong = np.flatnonzero(both & ~(gaps[best] <= 1))
    if not len(wrong):
        return []
    row = int(wrong[0])
    words = f"rank {rank.iloc[row]:,.0f} and decile {decile.iloc[row]:g} do not agree"
    turned = (part_of(rank, best, 10) - (11 - decile)).abs().to_numpy()[both]
    is_turned = bool(turned.sum() < gaps[best][both].sum())
    examples = tuple(f"{rank.iloc[n]:,.0f}, {decile.iloc[n]:g}" for n in wrong)
    words += ": is 1 the most deprived?" if is_turned else ""
    return [Disagreement(("imd_decile", "imd_rank"), wrong, words, examples, is_turned)]


def _age_disagreement(frame: pd.DataFrame) -> list[Disagreement]:
    """Rows whose people are not the sum of their ages, where most rows' are."""
    if not {"people", *AGES} <= set(frame.columns):
        return []
    people = pd.to_numeric(frame["people"], errors="coerce").to_numpy(np.float64)
    parts = frame[list(AGES)].apply(pd.to_numeric, errors="coerce").sum(axis=1, skipna=False)
    gap = np.abs(parts.to_numpy(np.float64) - people)
    wrong = np.flatnonzero(gap > np.maximum(SLACK, ROUNDING * people))
    known = int(np.isfinite(gap).sum())
    if not len(wrong):
        return []
    row = int(wrong[0])
    words = f"ages come to {parts.iloc[row]:,.0f}, but people are {people[row]:,.0f}"
    if 2 * len(wrong) > known and np.nanmax(gap / np.maximum(people, 1)) < 0.25:
        return []  # ages of another year than the total
    return [Disagreement(("people", *AGES), wrong, words)]


def _parts_over_total(frame: pd.DataFrame) -> list[Disagreement]:
    """Rows with more people of one age than people, where not all ages are known."""
    known = [name for name in AGES if name in frame]
    if "people" not in frame or not known or len(known) == len(AGES):
        return []
    people = pd.to_numeric(frame["people"], errors="coerce").to_numpy(np.float64)
    parts = frame[known].apply(pd.to_numeric, errors="coerce").sum(axis=1).to_numpy(np.float64)
    wrong = np.flatnonzero(parts > people + np.maximum(SLACK, ROUNDING * people))
    if not len(wrong):
        return []
    row = int(wrong[0])
    words = f"ages that are known come to {parts[row]:,.0f}, but people are {people[row]:,.0f}"
    return [Disagreement(("people", *known), wrong, words)]


def _interval_disagreement(frame: pd.DataFrame) -> list[Disagreement]:
    """Rows whose healthy life expectancy lies outside its own interval."""
    if "hle_low" not in frame or "hle_high" not in frame:
        return []
    low, high = (pd.to_numeric(frame[c], errors="coerce") for c in ("hle_low", "hle_high"))
    wrong = low > high
    if "hle" in frame:
        value = pd.to_numeric(frame["hle"], errors="coerce")
        wrong |= (value < low) | (value > high)
    rows = np.flatnonzero(wrong.to_numpy())
    if not len(rows):
        return []
    first = int(rows[0])
    words = f"healthy life expectancy lies outside its interval, {low.iloc[first]:g} to "
    return [Disagreement(("hle_low", "hle_high"), rows, f"{words}{high.iloc[first]:g}")]


def report_hle(table: Table, frame: pd.DataFrame) -> Table:
    """Return the table with a doubt if its HLE is as high as life expectancy."""
    for name in HLE:
        middle = pd.to_numeric(frame[name], errors="coerce").median() if name in frame else 0.0
        if middle > MOST_HLE:
            words = f"{name} is {middle:.1f} in the middle: is it life expectancy, not healthy?"
            return table.with_event("doubt", words)
    return table


def words_on_difference(known: pd.Series, other: pd.Series, places: str) -> str:
    """Return where two columns of one fact differ, in words; empty if they do not.

    Examples
    --------
    >>> one, two = pd.Series([0.1, 0.2], ["E1", "E2"]), pd.Series([0.1, 0.5], ["E1", "E2"])
    >>> words_on_difference(one, two, "area")
    'they differ in 1 area: E2 has 0.2 against 0.5'
    """
    other = other.reindex(known.index)
    both = known.notna() & other.notna()
    left, right = known[both], other[both]
    numbers = (pd.to_numeric(one, errors="coerce") for one in (left, right))
    first, second = (one.to_numpy(np.float64) for one in numbers)
    same = np.where(np.isnan(first) | np.isnan(second), left.astype("str") == right.astype("str"),
                    np.isclose(first, second, rtol=1e-6))  # fmt: skip
    rows = np.flatnonzero(~same)
    if not len(rows):
        return ""
    at = rows[0]
    return (
        f"they differ in {plural(len(rows), places)}: {left.index[at]} has {_text(left.iloc[at])} "
        f"against {_text(right.iloc[at])}"
    )


def _text(cell: object) -> str:
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def filling_note(known: pd.Series, other: pd.Series, giver: str, file: str) -> str:
    """Return a sentence on a table that fills areas which an earlier table leaves blank.

    Parameters
    ----------
    known, other
        The column as it was, by area; and as the later table has it.
    giver, file
        Names of the earlier and of the later file.
    """
    count = plural(int((known.isna() & other.reindex(known.index).notna()).sum()), "area")
    apart = words_on_difference(known, other, "area")
    words = f"{known.name} is that of {giver}; {file} fills {count}"
    return f"{words}: {apart}" if apart else words


def left_note(known: pd.Series, other: pd.Series, giver: str, file: str) -> str:
    """Return a sentence on a column that an earlier file gives already; as `filling_note`."""
    apart = words_on_difference(known, other, "area")
    words = f"{known.name} is that of {giver}; {file}'s is left"
    return f"{words}: {apart}" if apart else words


def left_hle_notes(councils: pd.DataFrame, table: pd.DataFrame, file: str) -> list[str]:
    """Return sentences on HLE of councils of which an earlier table gives other figures."""
    notes = []
    for name in HLE:
        if name in councils and name in table:
            apart = words_on_difference(councils[name], table[name], "council")
            words = f"{name} of an earlier table is used; {file}'s is left: {apart}"
            notes += [words] if apart else []
    return notes


def hle_level_notes(areas: pd.DataFrame, councils: pd.DataFrame) -> tuple[str, ...]:
    """Return a sentence on councils whose figure is far from that of their areas.

    Parameters
    ----------
    areas
        `council_code`, `people` and the HLE that areas are given.
    councils
        Index council code; their own HLE.
    """
    if "council_code" not in areas:
        return ()
    own, theirs = _persons(areas), _persons(councils)
    people = areas["people"].astype("float64").where(own.notna(), 0.0)
    sums = pd.DataFrame({"years": own.fillna(0.0) * people, "people": people})
    by_council = sums.groupby(areas["council_code"]).sum()
    mean = (by_council["years"] / by_council["people"]).where(by_council["people"] > 0)
    apart = (mean - theirs.reindex(mean.index)).dropna()
    far = apart.index[apart.abs() > APART_HLE]
    if far.empty:
        return ()
    pairs = [f"{code}: areas {mean[code]:.1f}, council {theirs[code]:.1f}" for code in far[:3]]
    words = f"HLE given by area is far from that of {plural(len(far), 'council')}"
    return (f"{words}: {'; '.join(pairs)}; the areas' own is used",)


def _persons(frame: pd.DataFrame) -> pd.Series:
    """HLE of persons: as given, or the mean of those given for the sexes."""
    columns: Sequence[str] = [name for name in HLE if name in frame]
    numbers = frame[list(columns)].apply(pd.to_numeric, errors="coerce")
    sexes: pd.Series = numbers[[name for name in columns if name != "hle"]].mean(axis=1)
    persons: pd.Series = numbers.get("hle", sexes)
    return persons.fillna(sexes)
