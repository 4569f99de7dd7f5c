"""Table of several plans with their key figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from nhcplanner.domain.assessment import KeyFigures

LABELS = {
    "pinned": "Pinned",
    "centres": "Centres",
    "new": "New",
    "reach": "Reach (minutes)",
    "status": "Status",
    "minutes": "Minutes",
    "made": "Made",
}
"""Headings of the columns that need no format."""


def table(
    names: Sequence[str], figures: Mapping[str, KeyFigures], pinned: Collection[str] = ()
) -> pd.DataFrame:
    """Return a row for each plan.

    Parameters
    ----------
    names
        Names of the plans, in order.
    figures
        Key figures by name; a plan without them has blanks.
    pinned
        Names of pinned plans.

    Returns
    -------
    DataFrame
        `name`, `pinned`, `centres`, `new` (not open or committed today), `share` (of people
        within reach, 0 to 1), `first_band` (of band 1, 0 to 1), `reach` (minutes), `minutes`
        ("measured" or "estimate"), `status`, `made` (date and time, UTC).
    """
    rows = []
    for name in names:
        one = figures.get(name)
        row: dict[str, object] = {"name": name, "pinned": name in pinned}
        if one is not None:
            row |= {
                "centres": one.centres,
                "new": one.new,
                "share": one.share,
                "first_band": one.first_band,
                "reach": one.reach,
                "minutes": "estimate" if one.estimate else "measured",
                "status": one.status,
                "made": one.made[:16].replace("T", " "),
            }
        rows.append(row)
    columns = [
        "name", "share", "first_band", "centres", "new", "reach", "minutes", "status", "made",
        "pinned",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
