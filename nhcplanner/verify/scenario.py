"""Scenario of a plan: what its lines say, and which sites it lets open."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, Floats, LackingError

_LINE = re.compile(
    r"\s*(?P<group>\w+)\s*(?::\s*(?P<label>[^=]*?)\s*)?(?:=\s*(?P<number>-?[\d.]+))?\s*"
)


def read_line(text: str) -> tuple[str, str, float | None]:
    """Return group, label and number of a line of a scenario."""
    match = _LINE.fullmatch(text)
    if match is None:
        raise LackingError(f"'{text}' cannot be read")
    number = None if match["number"] is None else float(match["number"])
    return match["group"], match["label"] or "", number


def need_per_person(facts: Facts) -> Floats:
    """Return what a person of each area counts: a sum of products of columns, times weights."""
    people = facts.areas["people"].to_numpy(dtype=np.float64)
    total = None
    weights = np.ones(len(people))
    for text in facts.scenario.get("need") or ():
        columns = [part.strip() for part in text.split("*")]
        if all(re.fullmatch(r"[a-z]\w*", column) for column in columns):
            product = np.ones(len(people))
            for column in columns:
                product = product * facts.areas[column].to_numpy(dtype=np.float64)
            total = product if total is None else total + product
            continue
        group, label, number = read_line(text)
        labels = [label] if label != "*" else [str(x) for x in set(facts.label(group)) if x]
        for name in labels:
            weights[facts.label(group) == name] = 0.0 if number is None else number
    if total is None:
        return weights
    each: Floats = np.zeros(len(people))
    np.divide(np.nan_to_num(total), people, out=each, where=people > 0)
    return each * weights


def numbers_of(facts: Facts, column: str) -> Floats:
    """Return a column of the sites as numbers; NaN = not known."""
    if column not in facts.sites:
        return np.full(len(facts.sites), np.nan)
    return pd.to_numeric(facts.sites[column], errors="coerce").to_numpy(dtype=np.float64)


def spent(facts: Facts, opened: Sequence[int]) -> float:
    """Return what centres that are not open today cost; a cost not known counts nothing."""
    cost = numbers_of(facts, "cost")
    return float(
        sum(cost[j] for j in opened if facts.status[j] != "existing" and np.isfinite(cost[j]))
    )


def rooms(facts: Facts) -> Floats:
    """Return the most people that each site may serve; inf = no limit."""
    capacity = numbers_of(facts, "capacity")
    capacity = np.where(np.isfinite(capacity), capacity, np.inf)
    most = facts.scenario.get("most_people")
    return capacity if most is None else np.minimum(capacity, float(most))


def most_of_priority(facts: Facts) -> float | None:
    """Return what priority costs at most where the plan without it is not proved, as notes say."""
    notes = facts.files.tables.get("notes", pd.DataFrame(columns=["about", "words"]))
    words = " ".join(map(str, notes.loc[notes["about"] == "price", "words"]))
    match = re.search(r"up to ([\d,]+) people", words)
    return float(match[1].replace(",", "")) if match else None


def must_open(facts: Facts, site: int) -> bool:
    """Whether a site must be open."""
    name = str(facts.sites["site_id"].iloc[site])
    return facts.status[site] in ("existing", "committed") or name in facts.scenario["keep"]


def may_open(facts: Facts, site: int) -> bool:
    """Whether a site may be open."""
    scenario, row = facts.scenario, facts.sites.iloc[site]
    if facts.status[site] == "forbidden" or str(row["site_id"]) in scenario["forbid"]:
        return False
    if must_open(facts, site):
        return True
    if scenario["kinds"] and str(row["kind"]) not in scenario["kinds"]:
        return False
    return scenario.get("budget") is None or bool(np.isfinite(numbers_of(facts, "cost")[site]))


def people_a_centre(facts: Facts) -> float:
    """Return people for a full share of a centre: as a goal says, or all people over the count."""
    for text in facts.scenario.get("goals") or ():
        group, label, _ = read_line(text)
        if group == "most_access" and label:
            return float(label)
    people = facts.people
    if facts.scenario["everyone"] == "reachable" and facts.record["plan"].get("unreached"):
        allowed = [site for site in range(len(facts.sites)) if may_open(facts, site)]
        people = people[facts.inside(facts.nearest(allowed))]
    return float(people.sum()) / (facts.scenario.get("count") or np.nan)


def without_backup(facts: Facts, minutes: float) -> float:
    """Return the people with fewer than two allowed sites within some minutes."""
    allowed = [site for site in range(len(facts.sites)) if may_open(facts, site)]
    rows, sites, times = facts.pairs("own")
    some = np.isin(sites, allowed) & facts.inside(times, minutes)
    number = np.bincount(rows[some], minlength=len(facts.people))
    return float(facts.people[number < 2].sum())


def unreached(facts: Facts, minutes: float) -> tuple[int, float]:
    """Return how many starting points, and people, no allowed site reaches (inf: at all)."""
    allowed = [site for site in range(len(facts.sites)) if may_open(facts, site)]
    nearest = facts.nearest(allowed)
    near = facts.inside(nearest, minutes) if np.isfinite(minutes) else np.isfinite(nearest)
    far = ~near & (facts.people > 0)
    return int(far.sum()), float(facts.people[far].sum())
