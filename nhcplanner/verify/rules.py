"""Rules of the scenario, each checked against the plan."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, LackingError
from nhcplanner.verify.goals import KEPT, Question
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.named_rules import Rule, named_rule
from nhcplanner.verify.scenario import (
    may_open,
    must_open,
    numbers_of,
    read_line,
    rooms,
    services_to_add,
    spent,
)


def check_rules(facts: Facts, ledger: Ledger) -> None:
    """Compare the plan with every rule of its scenario."""
    if not facts.opened:
        ledger.leave("Rules", "there is no plan")
        return
    if facts.record["plan"].get("solver") == "by hand":
        ledger.leave("Rules", "the plan was made by hand, which may break rules")
        return
    compare_rules(facts, ledger, facts.opened, facts.own_sending, "Rule", "plan.json")


def compare_rules(
    facts: Facts,
    ledger: Ledger,
    opened: list[int],
    sending: pd.DataFrame | None,
    subject: str,
    where: str,
) -> None:
    """Compare some open sites, and whom they serve, with every rule of the scenario.

    Parameters
    ----------
    facts, ledger
        The hand-in's inputs, and where figures are written.
    opened
        Positions of the open sites.
    sending
        Whom they serve: `row`, `site`, `share`; None = the plan sends nobody.
    subject, where
        What the rules are of, and the file.
    """
    for part in (_site_rules, _group_rules, _spacing, _people_rules):
        compare_part(ledger, part(facts, opened), subject, where)
    compare_part(ledger, service_rules(facts, opened, sending), subject, where)


def compare_part(ledger: Ledger, rules: Iterator[Rule], subject: str, where: str) -> None:
    """Write whether each of some rules is kept."""
    try:
        for words, fits, figure in rules:
            result = KEPT if fits else f"broken ({figure})"
            ledger.compare(f"{subject}: {words}", where, KEPT, result)
    except LackingError as error:
        ledger.leave(subject, str(error))


def breaks_rules(facts: Facts, opened: list[int]) -> bool:
    """Whether some sites surely break a rule of the scenario: too few rooms, too dear, ..."""
    parts: list[Iterator[Rule]] = [
        part(facts, opened) for part in (_site_rules, _group_rules, _spacing, _people_rules)
    ]
    for part in parts:
        try:
            if not all(fits for _, fits, _ in part):
                return True
        except LackingError:
            continue
    question = Question(facts)
    has_limits = assigns(facts) and facts.scenario.get("over_capacity_price") is None
    room = rooms(facts)
    return bool(
        has_limits
        and sends_everyone(facts)
        and sum(room[site] for site in opened) < question.people.sum() - 1
    )


def _site_rules(facts: Facts, opened: list[int]) -> Iterator[Rule]:
    """Which sites and how many may open, and what they may cost."""
    scenario = facts.scenario
    ids = facts.sites["site_id"].astype(str).tolist()
    missing = [ids[j] for j in range(len(ids)) if must_open(facts, j) and j not in opened]
    yield "Sites that must be open", not missing, ", ".join(missing) or "all are"
    barred = [ids[j] for j in opened if not may_open(facts, j)]
    yield "No site that must not open", not barred, ", ".join(barred) or "none is"
    if scenario.get("count") is not None:
        count = int(scenario["count"])
        fits = len(opened) == count if scenario["exactly"] else len(opened) <= count
        yield (
            f"{'Exactly' if scenario['exactly'] else 'At most'} {count} centres",
            fits,
            str(len(opened)),
        )
    if scenario.get("services"):
        yield from _services(facts, opened)
    if scenario.get("budget") is not None:
        total = spent(facts, opened)
        budget = float(scenario["budget"])
        yield f"Budget of {budget:,.2f} pounds", total <= budget * (1 + 1e-9), f"{total:,.2f}"


def _services(facts: Facts, opened: list[int]) -> Iterator[Rule]:
    """Whether new centres have rooms for the services that they lack, and the staff in all."""
    lacks = services_to_add(facts)
    needed = lacks["rooms_needed"].to_numpy(dtype=np.float64)
    rooms_free = numbers_of(facts, "rooms")
    few = [
        j for j in opened
        if needed[j] and not rooms_free[j] >= needed[j]
        and not must_open(facts, j) and facts.status[j] != "existing"
    ]  # fmt: skip
    yield "Rooms for the services of a centre", not few, facts.name_sites(few)
    most = facts.scenario.get("most_staff")
    if most is not None:
        total = float(lacks["staff_needed"].to_numpy(dtype=np.float64)[opened].sum())
        yield f"At most {most:,.10g} staff", total <= float(most) * (1 + 1e-8), f"{total:,.10g}"


def _group_rules(facts: Facts, opened: list[int]) -> Iterator[Rule]:
    """How many centres may or must open of a kind, in a council, or of some sites."""
    scenario = facts.scenario
    ids = facts.sites["site_id"].astype(str).tolist()
    for key, fits in (("at_most", _at_most), ("at_least", _at_least)):
        for text in scenario.get(key) or ():
            group, label, number = read_line(text)
            labels = facts.site_label(group)
            wanted = sorted(set(labels) - {""}) if label == "*" else [label]
            for group_name in wanted:
                number_open = sum(labels[j] == group_name for j in opened)
                yield (
                    f"{key} {group} {group_name} = {number:g}",
                    fits(number_open, number or 0),
                    str(number_open),
                )
    for key, low in (("at_most_one_of", 0), ("exactly_one_of", 1)):
        for text in scenario.get(key) or ():
            names = {name.strip() for name in text.split("|")}
            number_open = sum(ids[j] in names for j in opened)
            yield f"{key} {text}", low <= number_open <= 1, str(number_open)


def _at_most(count: int, number: float) -> bool:
    return count <= number


def _at_least(count: int, number: float) -> bool:
    return count >= number


def _spacing(facts: Facts, opened: list[int]) -> Iterator[Rule]:
    """Distances between centres; coordinates are rounded to 0.1 m in the files."""
    least = facts.scenario.get("min_distance_m")
    if not least:
        return
    x, y = numbers_of(facts, "easting"), numbers_of(facts, "northing")
    nearest = np.inf
    for n, i in enumerate(opened):
        for j in opened[n + 1 :]:
            if not (must_open(facts, i) and must_open(facts, j)):
                nearest = min(nearest, float(np.hypot(x[i] - x[j], y[i] - y[j])))
    yield f"Centres at least {least:,.10g} m apart", nearest >= least - 0.3, f"{nearest:,.1f}"


def _people_rules(facts: Facts, opened: list[int]) -> Iterator[Rule]:
    """Floors, backup, within minutes, and models that must reach everyone."""
    scenario = facts.scenario
    question = Question(facts)
    people = question.people
    near = question.inside(opened)
    for text in scenario.get("floors") or ():
        group, label, number = read_line(text)
        labels = facts.label(group)[question.area]
        wanted = sorted(set(labels) - {""}) if label == "*" else [label]
        for name in wanted:
            heads = people * (labels == name)
            share = 100 * heads[near].sum() / max(float(heads.sum()), 1e-300)
            fits = share >= (number or 0) * (1 - 1e-8) or not heads.any()
            yield f"Floor {group} {name} = {number:g}%", bool(fits), f"{share:.4g}%"
    for text in scenario.get("rules") or ():
        group, label, number = read_line(text)
        if group == "backup_where_possible":
            yield _backup_where_possible(question, opened, number or 0.0)
        else:
            yield named_rule(question, opened, group, label, number)
    if scenario.get("backup") is not None:
        rows, sites, minutes = facts.pairs("own")
        some = np.isin(sites, opened) & facts.inside(minutes)
        twice = np.bincount(rows[some], minlength=len(people)) >= 2
        share = 100 * people[twice].sum() / max(float(people.sum()), 1e-300)
        least = float(scenario["backup"])
        yield f"{least:g}% with two centres in reach", share >= least * (1 - 1e-8), f"{share:.4g}%"
    if scenario["model"] == "set_cover":
        lost = float(people[~near].sum())
        count = int(((people > 0) & ~near).sum())
        yield "Everyone has a centre within reach", count == 0, f"{lost:,.0f} people have none"
    if scenario["model"] in ("p_median", "fairest_journeys", "p_centre"):
        far = ~np.isfinite(question.nearest(opened)) & (people > 0)
        lost = float(people[far].sum())
        yield "Everyone has a centre to travel to", not far.any(), f"{lost:,.0f} people have none"


def _backup_where_possible(question: Question, opened: list[int], least: float) -> Rule:
    """Return the rule of backup for those who can have two centres within reach."""
    facts, people = question.facts, question.people
    allowed = [site for site in range(len(facts.sites)) if may_open(facts, site)]
    can = float(people[question.reached_twice(allowed)].sum())
    share = 100 * float(people[question.reached_twice(opened)].sum()) / max(can, 1e-300)
    fits = share >= least * (1 - 1e-8) or not can
    return f"{least:g}% of those who can have two centres have two", fits, f"{share:.4g}%"


def assigns(facts: Facts) -> bool:
    """Whether the scenario's rules decide whom each centre serves."""
    scenario = facts.scenario
    return bool(
        scenario["model"].endswith("within_capacity")
        or scenario.get("least_people")
        or scenario.get("most_people") is not None
        or scenario.get("sizes")
    )


def sends_everyone(facts: Facts) -> bool:
    """Whether everyone must be sent to a centre, however far."""
    return str(facts.scenario["model"]) != "max_coverage_within_capacity"


def service_rules(
    facts: Facts,
    opened: list[int],
    given: pd.DataFrame | None,
    question: Question | None = None,
) -> Iterator[Rule]:
    """Yield the rules of an assignment: whole, within reach and the room of each centre."""
    scenario = facts.scenario
    if not assigns(facts):
        return
    if given is None:
        raise LackingError("the plan states no assignment")
    question = question or Question(facts)
    people = question.people
    shares = given.groupby("row")["share"].sum()
    yield "Nobody is served twice", bool((shares <= 1 + 1e-6).all()), f"{shares.max():.6g} at most"
    stray = sorted(set(given["site"]) - set(opened))
    yield "People go to open centres only", not stray, f"{len(stray)} closed sites serve people"
    everyone = sends_everyone(facts)
    if everyone:
        served = np.zeros(len(people))
        served[shares.index.to_numpy(dtype=int)] = shares.to_numpy()
        lost = people[(served < 1 - 1e-6) & (people > 0)].sum()
        yield "Everyone is sent to a centre", lost == 0, f"{lost:,.0f} people are not"
    if not scenario["split"]:
        parts = given[given["share"] < 1 - 1e-6]
        yield "No starting point is divided", parts.empty, f"{len(parts)} parts"
    rows, sites, minutes = facts.pairs("own")
    own = pd.DataFrame({"row": rows, "site": sites, "m": minutes})
    journeys = given.merge(own, on=["row", "site"], how="left")
    limit = np.inf if everyone else float(np.float32(facts.reach))
    far = int((journeys["m"].isna() | (journeys["m"] > limit)).sum())
    yield "Nobody is sent beyond reach", far == 0, f"{far} journeys"
    load = (
        pd.Series(people[given["row"]] * given["share"].to_numpy())
        .groupby(given["site"].to_numpy())
        .sum()
    )
    if scenario.get("over_capacity_price") is None:
        room = rooms(facts)
        over = {s: n - room[int(str(s))] for s, n in load.items() if n > room[int(str(s))] + 0.01}
        yield "No centre serves more than it may", not over, f"{len(over)} centres do"
    if scenario.get("least_people"):
        least = float(scenario["least_people"])
        few = [s for s in opened if load.get(s, 0.0) < least - 0.01]
        yield (
            f"Each centre serves at least {least:,.10g} people",
            not few,
            (f"{len(few)} centres serve fewer"),
        )
