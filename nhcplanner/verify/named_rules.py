"""Rules that a scenario names in its list of rules, each recomputed from the hand-in's files."""

from __future__ import annotations

import numpy as np

from nhcplanner.verify.facts import Facts, LackingError
from nhcplanner.verify.goals import Question
from nhcplanner.verify.scenario import is_named, must_open, numbers_of, services_near

Rule = tuple[str, bool, str]
"""What a rule asks for, whether the plan keeps it, and the figure that shows it."""


def named_rule(
    question: Question, opened: list[int], group: str, label: str, number: float | None
) -> Rule:
    """Return whether some open sites keep a rule of the scenario's list.

    Parameters
    ----------
    question
        People and minutes of the scenario.
    opened
        Positions of the open sites.
    group, label, number
        The rule's line.
    """
    if group == "within_minutes":
        return _within(question, opened, float(label), number)
    if group == "no_farther":
        return _no_farther(question, opened, float(label), number)
    if group == "services_near":
        return _services_near(question.facts, opened, label, number)
    if group == "near_hub":
        return _near_hub(question.facts, opened, float(label))
    raise LackingError(f"no rule to recompute '{group}'")


def _within(question: Question, opened: list[int], minutes: float, percent: float | None) -> Rule:
    people = question.people
    inside = question.inside(opened, minutes)
    share = 100 * people[inside].sum() / max(float(people.sum()), 1e-300)
    wanted = 100 if percent is None else percent
    fits = bool(share >= wanted * (1 - 1e-8))
    return f"{wanted:g}% within {minutes:g} minutes", fits, f"{share:.4g}%"


START, PER_KM, EXTRA, BEND = 6.29, 0.715, 15.94, 10.0
"""Minutes by car against straight kilometres: the curve of urban origins in the method's page."""


def _near_hub(facts: Facts, opened: list[int], minutes: float) -> Rule:
    """Whether each open site that is no hub is within estimated minutes by car of an open hub."""
    lines = facts.scenario.get("hubs") or ()
    hubs = [j for j in range(len(facts.sites)) if any(is_named(facts, t, j) for t in lines)]
    x, y = numbers_of(facts, "easting"), numbers_of(facts, "northing")
    longest = 0.0
    for j in opened:
        if j in hubs or must_open(facts, j):
            continue
        km = min((np.hypot(x[j] - x[h], y[j] - y[h]) / 1000 for h in hubs if h in opened),
                 default=np.inf)  # fmt: skip
        longest = max(
            longest, START + PER_KM * km + EXTRA * (km / (km + BEND) if np.isfinite(km) else 1)
        )
    words = f"Each spoke within {minutes:g} minutes of a hub"
    return words, bool(longest <= minutes + 0.01), f"{longest:,.1f} minutes at most"


def _no_farther(question: Question, opened: list[int], more: float, percent: float | None) -> Rule:
    """Whether enough people who reach a centre today are not much farther from one."""
    facts = question.facts
    before, after = question.nearest(facts.existing), question.nearest(opened)
    reach_now = np.isfinite(before)
    limit = (before + more).astype(np.float32).astype(np.float64)
    people = question.people[reach_now]
    near = after[reach_now] <= limit[reach_now]
    share = 100 * people[near].sum() / max(float(people.sum()), 1e-300)
    wanted = 100.0 if percent is None else percent
    fits = bool(share >= wanted * (1 - 1e-8)) or not people.any()
    return f"{wanted:g}% at most {more:g} minutes farther than today", fits, f"{share:.4g}%"


def _services_near(facts: Facts, opened: list[int], label: str, number: float | None) -> Rule:
    """Whether each new centre has enough services near it."""
    near = services_near(facts, (label,) if not label.isdecimal() else None)
    least = float(label) if label.isdecimal() else 1.0 if number is None else number
    column = "services_near" if label.isdecimal() else label
    counts = near[column].to_numpy(dtype=np.float64)
    few = [j for j in opened if counts[j] < least and not must_open(facts, j)]
    words = f"At least {least:g} services ({label}) near each new centre"
    return words, not few, facts.name_sites(few)
