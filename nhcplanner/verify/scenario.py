"""Scenario of a plan: what its lines say, and which sites it lets open."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, Floats, LackingError, as_words

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


AS_IT_IS = "as it is"
"""Size of a centre that keeps its own capacity and cost."""


def is_free(facts: Facts, site: int) -> bool:
    """Whether a site needs no capital: it is open today, and the plan does not extend it."""
    if facts.status[site] != "existing" or "plan_size" not in facts.sites:
        return facts.status[site] == "existing"
    return str(as_words(facts.sites["plan_size"]).iloc[site]) in ("", AS_IT_IS)


class Option(NamedTuple):
    """A size of a site: most people (inf = no limit), pounds (NaN = not known), fewest people."""

    name: str
    room: float
    pounds: float
    least: float


def options_of(facts: Facts, site: int) -> list[Option]:
    """Return the sizes that a site may have; none if the scenario offers it none."""
    row = facts.sites.iloc[site]
    is_open = facts.status[site] == "existing"
    listed = "listed_capacity" in facts.sites
    own_room = numbers_of(facts, "listed_capacity" if listed else "capacity")[site]
    own_cost = 0.0 if is_open else numbers_of(facts, "listed_cost" if listed else "cost")[site]
    sizes = [size for size in facts.scenario.get("sizes") or () if _is_at(size, row, own_room)]
    found = []
    if sizes and (is_open or all(size.get("adds") for size in sizes)):
        room = np.inf if np.isnan(own_room) else own_room
        found.append(Option(AS_IT_IS, room, own_cost, 0.0))
    for size in sizes:
        before = (own_room, own_cost) if size.get("adds") else (0.0, 0.0)
        room, pounds = _amount(size, "capacity", np.inf), _amount(size, "cost", np.nan)
        for number in range(int(size.get("modules") or 0) + 1):
            more = f" + {number} module{'s' if number > 1 else ''}" if number else ""
            dear = number * _amount(size, "module_cost", np.nan) if number else 0.0
            large = number * _amount(size, "module_capacity", 0.0)
            found.append(
                Option(
                    f"{size['name']}{more}", before[0] + room + large, before[1] + pounds + dear,
                    _amount(size, "least_people", 0.0),
                )
            )  # fmt: skip
    if facts.scenario.get("budget") is None:
        return found
    return [one for one in found if np.isfinite(one.pounds)]


def _amount(size: dict[str, Any], name: str, default: float) -> float:
    value = size.get(name)
    return default if value is None else float(value)


def _is_at(size: dict[str, Any], row: pd.Series[Any], own_room: float) -> bool:
    if size.get("adds") and np.isnan(own_room):
        return False
    if not size.get("at"):
        return bool(size.get("adds")) or str(row["status"]) != "existing"
    return any(_names(str(text), row) for text in size["at"])


def is_named(facts: Facts, text: str, site: int) -> bool:
    """Whether a line of the scenario names a site: by its id, or by a column's value."""
    return _names(text, facts.sites.iloc[site])


def _names(text: str, row: pd.Series[Any]) -> bool:
    group, _, label = text.partition(":")
    if not label:
        return str(row["site_id"]) == text.strip()
    return str(row.get(group.strip())) == label.strip()


def spent(facts: Facts, opened: Sequence[int]) -> float:
    """Return what centres that are not open today cost; a cost not known counts nothing."""
    cost = numbers_of(facts, "cost")
    return float(sum(cost[j] for j in opened if not is_free(facts, j) and np.isfinite(cost[j])))


def rooms(facts: Facts) -> Floats:
    """Return the most people that each site may serve; inf = no limit.

    A site that the plan does not open counts with its largest size.
    """
    capacity = numbers_of(facts, "capacity")
    capacity = np.where(np.isfinite(capacity), capacity, np.inf)
    if facts.scenario.get("sizes"):
        for site in sorted(set(range(len(capacity))) - set(facts.opened)):
            capacity[site] = max((one.room for one in options_of(facts, site)), default=np.inf)
    most = facts.scenario.get("most_people")
    return capacity if most is None else np.minimum(capacity, float(most))


def most_of_priority(facts: Facts) -> float | None:
    """Return what priority costs at most where the plan without it is not proved, as notes say."""
    notes = facts.files.tables.get("notes", pd.DataFrame(columns=["about", "words"]))
    words = " ".join(map(str, notes.loc[notes["about"] == "price", "words"]))
    match = re.search(r"up to ([\d,]+) people", words)
    return float(match[1].replace(",", "")) if match else None


NEAR_KINDS = (
    "gp_practice", "branch_surgery", "pharmacy", "library", "family_hub", "job_centre",
    "leisure_centre", "community_centre", "town_hall",
)  # fmt: skip
"""Kinds that count as services near a site if the scenario names none."""


def services_near(facts: Facts, kinds: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the services near each site, its own building included.

    The walk is estimated: straight metres times `walk_detour`, at `walk_kmh`. The files have tenths
    of a metre, so a pair as near the limit as that counts as the files state.

    Parameters
    ----------
    facts
        The hand-in's inputs.
    kinds
        Kinds of buildings to count; None = those of the scenario.

    Returns
    -------
    DataFrame
        `site_id`, `services_near` (number of kinds), and the number of buildings of each kind.
    """
    scenario, kind = facts.scenario, as_words(facts.sites["kind"]).to_numpy()
    minutes = float(scenario.get("near_minutes", 5.0))
    limit = minutes * float(scenario["walk_kmh"]) * 1000 / 60 / float(scenario["walk_detour"])
    x, y = numbers_of(facts, "easting"), numbers_of(facts, "northing")
    found = {}
    sums = np.zeros((2, len(kind)))
    for one in kinds or scenario.get("near_kinds", NEAR_KINDS):
        some = kind == one
        apart = [np.hypot(x[some] - x[at], y[some] - y[at]) for at in range(len(kind))]
        found[one] = np.array([(metres <= limit).sum() for metres in apart])
        for row, room in enumerate((SURE, -SURE)):
            sums[row] += [(metres <= limit + room).any() for metres in apart]
    stated = numbers_of(facts, "services_near")
    is_near = (sums[1] <= stated) & (stated <= sums[0])
    number = np.zeros(len(kind))
    for counts in found.values():
        number += counts > 0
    return pd.DataFrame(
        {
            "site_id": facts.sites["site_id"],
            "services_near": np.where(is_near, stated, number),
            **found,
        }
    )


SURE = 0.15
"""Metres by which a pair must be within the limit for its count to be certain."""


def services_to_add(facts: Facts) -> pd.DataFrame:
    """Return the services of the scenario that each site lacks, their rooms and their staff."""
    services = facts.scenario.get("services") or ()
    blank = pd.Series("", index=facts.sites.index)
    texts = as_words(facts.sites["services_today"]) if "services_today" in facts.sites else blank
    rows = []
    for text in texts:
        known = [part.strip().lower() for part in text.replace(",", ";").split(";")]
        lacking = [one for one in services if str(one["name"]).strip().lower() not in known]
        rows.append(
            {
                "services_to_add": "; ".join(str(one["name"]) for one in lacking),
                "rooms_needed": sum(float(one.get("rooms") or 0) for one in lacking),
                "staff_needed": sum(float(one.get("staff") or 0) for one in lacking),
            }
        )
    return pd.DataFrame(rows).assign(site_id=facts.sites["site_id"].to_numpy())


def must_open(facts: Facts, site: int) -> bool:
    """Whether a site must be open."""
    name = str(facts.sites["site_id"].iloc[site])
    if name in facts.scenario["keep"] or facts.status[site] == "committed":
        return True
    shut = facts.scenario.get("may_shut") or ()
    return facts.status[site] == "existing" and name not in shut and "*" not in shut


def may_open(facts: Facts, site: int) -> bool:
    """Whether a site may be open."""
    scenario, row = facts.scenario, facts.sites.iloc[site]
    if facts.status[site] == "forbidden" or str(row["site_id"]) in scenario["forbid"]:
        return False
    if must_open(facts, site) or facts.status[site] == "existing":
        return True
    if scenario["kinds"] and str(row["kind"]) not in scenario["kinds"]:
        return False
    if scenario.get("budget") is None or scenario.get("sizes"):
        return True
    return bool(np.isfinite(numbers_of(facts, "cost")[site]))


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
