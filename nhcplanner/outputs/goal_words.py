"""Goals and measures of need that a scenario writes as one line of text, in a planner's words."""

from __future__ import annotations

from nhcplanner.domain.choices import choice, measures_of
from nhcplanner.domain.columns import columns_of

GOALS = {
    "cover_bands": "Lowest HLE first, band by band",
    "cover_most": "Most people in reach",
    "cover_need": "Most need in reach",
    "least_travel": "Least travel in all",
    "least_percentile:90": "Shortest journey for the nearest 90 %",
    "least_worst": "Shortest longest journey",
    "narrowest_gap": "Narrowest gap between most and least deprived",
    "least_cost": "Least money spent",
    "fewest_centres": "Fewest centres",
}
"""Goals that may stand in any order, and what each is called."""

_GROUPS = {"imd_quintile": "IMD quintile", "rural_urban": "rural or urban", "icb": "ICB"}


def goal(text: str) -> str:
    """What a goal of one's own is called, with what it may give up.

    Examples
    --------
    >>> goal("cover_most=1"), goal("least_percentile:75")
    ('Most people in reach (may give up 1 %)', 'Shortest journey for the nearest 75 %')
    """
    read = choice(text)
    words = GOALS.get(name(text)) or _particular(read.group, read.label)
    return words if read.number is None else f"{words} (may give up {read.number:g} %)"


def name(text: str) -> str:
    """A goal without what it may give up.

    Examples
    --------
    >>> name("least_percentile:75 = 2")
    'least_percentile:75'
    """
    read = choice(text)
    return f"{read.group}:{read.label}" if read.label else read.group


def need(text: str) -> str:
    """What counts as need, or how much more some count.

    Examples
    --------
    >>> need("disabled_share*people"), need("imd_quintile:1=3")
    ('people: disabled people', 'those of IMD quintile 1 count 3 times')
    """
    columns = measures_of(text)
    if columns:
        labels = {one.name: one.label for one in columns_of("areas", columns)}
        words = [labels.get(column, column) for column in columns if column != "people"]
        return f"people: {' and '.join(words).lower()}" if words else "people"
    read = choice(text)
    return f"those of {grouping(read.group)} {read.label} count {read.number or 0:g} times"


def grouping(name: str) -> str:
    """What a grouping of areas or sites is called.

    Examples
    --------
    >>> grouping("imd_quintile"), grouping("kind_of_lease")
    ('IMD quintile', 'kind of lease')
    """
    return _GROUPS.get(name, name.replace("_", " "))


def _particular(group: str, label: str) -> str:
    """A goal that has a label of its own."""
    if group == "least_percentile":
        return f"Shortest journey for the nearest {label or 90} %"
    if group == "narrowest_gap":
        return f"Narrowest gap by {grouping(label)}"
    return f"{GOALS[group]}: {label}"
