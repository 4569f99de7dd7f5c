"""Councils: codes of councils and ICBs that changed, so that figures by either code meet."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from nhcplanner.domain.words import some


@dataclass(frozen=True)
class Change:
    """Old codes that became new ones.

    Parameters
    ----------
    year
        When.
    old, new
        Codes; where both are one, figures by either hold for the other.
    """

    year: int
    old: tuple[str, ...]
    new: tuple[str, ...]


CHANGES = (
    Change(2013, ("E06000048",), ("E06000057",)),  # Northumberland
    Change(2013, ("E08000020",), ("E08000037",)),  # Gateshead
    Change(2019, ("E06000028", "E06000029"), ("E06000058",)),  # Bournemouth, Christchurch, Poole
    Change(2019, ("E10000009",), ("E06000059",)),  # Dorset; Christchurch went to the former
    Change(2020, ("E10000002",), ("E06000060",)),  # Buckinghamshire
    Change(2021, ("E10000021",), ("E06000061", "E06000062")),  # Northamptonshire
    Change(2023, ("E10000006",), ("E06000063", "E06000064")),  # Cumbria
    Change(2023, ("E10000023",), ("E06000065",)),  # North Yorkshire
    Change(2023, ("E10000027",), ("E06000066",)),  # Somerset
    Change(2023, ("E54000052",), ("E54000063",)),  # Surrey Heartlands ICB
    Change(2023, ("E54000053",), ("E54000064",)),  # Sussex ICB
    Change(2025, ("E08000016",), ("E08000038",)),  # Barnsley
    Change(2025, ("E08000019",), ("E08000039",)),  # Sheffield
)
"""Upper-tier councils and ICBs of England whose code changed (ONS Register of Geographic Codes)."""


def met(table: pd.DataFrame, key: str, here: pd.Index) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Give a table by council the codes that the place has for the same councils.

    Parameters
    ----------
    table
        A row a council.
    key
        Its column of codes.
    here
        The place's codes.

    Returns
    -------
    DataFrame, tuple of str
        The table, with a row for each council of the place that a row speaks of under another
        code; and what was done, and what could not be, in words. One code for one is carried
        over; the figure of a council since split holds for each part; figures of several that
        became one are not carried over.
    """
    rows, notes = [table], []
    known = set(table[key].dropna())
    for change in CHANGES:
        for one, other in ((change.old, change.new), (change.new, change.old)):
            wanted = [code for code in other if code in here and code not in known]
            there = [code for code in one if code in known]
            if not wanted or not there:
                continue
            words = f"{some(change.old)} became {some(change.new)} in {change.year}"
            if len(one) > 1:
                notes.append(f"{words}: figures by {some(there)} cannot be carried over exactly")
                continue
            row = table[table[key] == one[0]]
            rows += [row.assign(**{key: code}) for code in wanted]
            split = len(other) > 1
            notes.append(
                f"{words}: the {'figure of the whole' if split else 'row'} by {one[0]} is taken "
                f"for {some(wanted)}" + (", which are parts of it: no figures of their own") * split
            )
    return pd.concat(rows, ignore_index=True), tuple(notes)


def one_year(codes: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    """Give the newer code to all who have either, where a column holds both; say so in words."""
    there = set(codes.dropna())
    both = {
        change.old[0]: change.new[0]
        for change in CHANGES
        if len(change.old) == len(change.new) == 1 and {*change.old, *change.new} <= there
    }
    notes = [f"{codes.name} {old} is {new} since: the newer is taken" for old, new in both.items()]
    return codes.replace(both), tuple(notes)
