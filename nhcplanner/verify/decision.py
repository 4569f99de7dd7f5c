"""The decision checked: what each goal reaches, the proof, and every rule of the scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, Floats, LackingError, Mask
from nhcplanner.verify.ledger import Ledger

HELD = 1e-6
"""Share of a level by which later goals may fall short of it: the solver's tolerance."""
STEP = 0.5
KEPT = "kept"
_LINE = re.compile(
    r"\s*(?P<group>\w+)\s*(?::\s*(?P<label>[^=]*?)\s*)?(?:=\s*(?P<number>[\d.]+))?\s*"
)
Rule = tuple[str, bool, str]
"""What a rule asks for, whether the plan keeps it, and the figure that shows it."""


class Question:
    """What a plan is measured by: people, bands and costs, under the plan's scenario.

    Parameters
    ----------
    facts
        The hand-in's inputs.
    mode
        Of the minutes.
    reach
        Minutes; the scenario's by default.
    bands
        Band of each starting point; the plan's by default.
    """

    def __init__(
        self,
        facts: Facts,
        mode: str = "own",
        reach: float | None = None,
        bands: Any = None,
    ) -> None:
        self.facts, self.mode = facts, mode
        self.reach = facts.reach if reach is None else reach
        self.people = facts.points(mode)[1].copy()
        area = facts.area if mode == "own" else facts.area[: len(self.people)]
        self.area = area
        self.band = facts.band[area] if bands is None else bands
        self.dropped = self._unreachable() if facts.scenario["everyone"] == "reachable" else None
        if self.dropped is not None:
            self.people[self.dropped] = 0.0

    def nearest(self, opened: Sequence[int]) -> Floats:
        """Return minutes to the nearest opened site; 0 for those who are left out of account."""
        found = self.facts.nearest(opened, self.mode)
        if self.dropped is not None:
            found[self.dropped] = 0.0
        return found

    def inside(self, opened: Sequence[int], limit: float | None = None) -> Mask:
        """Flag starting points within reach of an opened site."""
        return self.facts.inside(
            self.facts.nearest(opened, self.mode), self.reach if limit is None else limit
        )

    def _unreachable(self) -> Mask | None:
        """Those whom no site that may open reaches, where the plan left them out of account."""
        facts = self.facts
        if not facts.record["plan"].get("unreached"):
            return None
        allowed = [site for site in range(len(facts.sites)) if may_open(facts, site)]
        found = facts.inside(facts.nearest(allowed), facts.reach)
        return ~found

    def value(self, goal: str, opened: Sequence[int], allocation: Any = None) -> float:
        """Return what a plan reaches of a goal, by the goal's name in plan.json."""
        for pattern, make in _GOALS:
            if match := re.fullmatch(pattern, goal):
                return make(self, match, opened, allocation)
        raise LackingError(f"no rule to recompute the goal '{goal}'")

    def _covered(self, opened: Sequence[int], weight: Floats) -> float:
        return float((self.people * weight)[self.inside(opened)].sum())

    def band_within(self, match: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return people of a band within reach."""
        return self._covered(opened, (self.band == int(match["band"])).astype(np.float64))

    def within(self, _m: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return people within reach."""
        return self._covered(opened, np.ones(len(self.people)))

    def need(self, _m: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return need within reach."""
        return self._covered(opened, need_per_person(self.facts)[self.area])

    def centres(self, _m: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return the number of centres."""
        return float(len(opened))

    def cost(self, _m: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return pounds of all centres; those of today cost nothing more."""
        return spent(self.facts, opened)

    def travel(self, match: re.Match[str], opened: Sequence[int], allocation: Any) -> float:
        """Return person-minutes of everyone, along the plan's own assignment where it sends."""
        if allocation is None:
            some = self.people > 0
            return float((self.people[some] * self.nearest(opened)[some]).sum())
        return self._sent(allocation, 1) + self._beyond(match, allocation)

    def served(self, match: re.Match[str], _o: Sequence[int], allocation: Any) -> float:
        """Return people whom the plan sends to a centre within reach."""
        if allocation is None:
            raise LackingError("whom each centre serves is not in the hand-in for this plan")
        return self._sent(allocation, 0) - self._beyond(match, allocation)

    def _sent(self, allocation: pd.DataFrame, power: int) -> float:
        rows, sites, minutes = self.facts.pairs(self.mode)
        own = pd.DataFrame({"row": rows, "site": sites, "m": minutes})
        found = allocation.merge(own, on=["row", "site"], how="left")
        people = self.people[found["row"]] * found["share"].to_numpy()
        return float((people * found["m"].to_numpy() ** power).sum())

    def _beyond(self, match: re.Match[str], allocation: pd.DataFrame) -> float:
        """Return the price of people beyond the room of centres."""
        price = match.groupdict().get("price")
        if not price:
            return 0.0
        load = (
            pd.Series(self.people[allocation["row"]] * allocation["share"].to_numpy())
            .groupby(allocation["site"].to_numpy())
            .sum()
        )
        room = rooms(self.facts)
        over = sum(max(people - room[int(str(site))], 0.0) for site, people in load.items())
        return float(price.replace(",", "")) * float(over)

    def worst(self, _m: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return the longest journey."""
        return float(self.nearest(opened)[self.people > 0].max(initial=0.0))

    def percentile(self, match: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return minutes within which a share of people has a centre."""
        wanted = float(match["percent"]) / 100
        if wanted == 1:
            return self.worst(match, opened, None)
        some = self.people > 0
        frame = pd.DataFrame({"m": self.nearest(opened)[some], "w": self.people[some]})
        frame = frame.sort_values("m")
        enough = frame["w"].cumsum() >= wanted * frame["w"].sum() * (1 - 1e-9)
        return float(frame.loc[enough, "m"].iloc[0]) if enough.any() else np.inf

    def gap(self, match: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return percentage points between two groups in the share within reach."""
        label = self.facts.label(match["group"])[self.area]
        near = self.inside(opened)
        shares = []
        for name in (match["one"], match["other"]):
            heads = self.people * (label == name)
            shares.append(100 * heads[near].sum() / max(float(heads.sum()), 1e-9))
        return float(abs(shares[0] - shares[1]))


_PRICE = r"(?:, where each person beyond a centre's room counts (?P<price>[\d,.e+-]+) .*)?"
_GOALS: tuple[tuple[str, Callable[..., float]], ...] = (
    (r"people of band (?P<band>\d+) within reach", Question.band_within),
    (r"people within reach", Question.within),
    (r"need within reach", Question.need),
    (r"centres", Question.centres),
    (r"cost", Question.cost),
    (rf"travel of all people{_PRICE}", Question.travel),
    (rf"people served within reach{_PRICE}", Question.served),
    (r"longest journey", Question.worst),
    (r"journey that (?P<percent>[\d.]+) % of people keep within", Question.percentile),
    (r"gap between (?P<group>\w+) (?P<one>.+) and (?P<other>.+)", Question.gap),
)


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
        for one in labels:
            weights[facts.label(group) == one] = 0.0 if number is None else number
    if total is None:
        return weights
    each: Floats = np.zeros(len(people))
    np.divide(np.nan_to_num(total), people, out=each, where=people > 0)
    return each * weights


def read_line(text: str) -> tuple[str, str, float | None]:
    """Return group, label and number of a line of a scenario."""
    match = _LINE.fullmatch(text)
    if match is None:
        raise LackingError(f"'{text}' cannot be read")
    number = None if match["number"] is None else float(match["number"])
    return match["group"], match["label"] or "", number


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
    found = numbers_of(facts, "capacity")
    found = np.where(np.isfinite(found), found, np.inf)
    most = facts.scenario.get("most_people")
    return found if most is None else np.minimum(found, float(most))


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


def check_goals(facts: Facts, ledger: Ledger) -> None:
    """Compare what each goal reaches, and the distance from its bound."""
    plan, where = facts.record["plan"], "plan.json"
    question = Question(facts)
    allocation = facts.allocation if facts.sends else None
    stages = plan.get("stages") or []
    for stage in stages:
        goal, value, bound = stage["goal"], stage.get("value"), stage.get("bound")
        if not facts.opened or value is None:
            continue
        try:
            found = question.value(goal, facts.opened, allocation if _sends(facts, goal) else None)
        except LackingError as error:
            ledger.leave(f"Goal: {goal}", str(error))
            continue
        ledger.one(f"Goal: {goal}", where, value, found)
        if bound is None:
            continue
        apart = abs(bound - value) / max(abs(bound), abs(value), 1e-300)
        near = 1e-4 if stage.get("unit") == "percentage points" else 0.0
        apart = 0.0 if apart <= HELD or abs(bound - value) <= near else apart
        proved = plan["status"] == "optimal" and plan.get("solver") != "by hand"
        gap, given_up = (0.0, apart) if proved else (apart, 0.0)
        ledger.one(f"Distance from the best possible: {goal}", where, stage.get("gap"), gap)
        ledger.one(f"Given up for later goals: {goal}", where, stage.get("given_up"), given_up)
        side = value - bound if stage["sense"] == "most" else bound - value
        words = KEPT if side <= max(STEP, HELD * abs(bound)) else "passes its own bound"
        ledger.one(f"Bound: {goal}", where, words, KEPT)
    for stage in stages:
        if stage.get("held") is not None and stage.get("value") is not None and facts.opened:
            sign = 1 if stage["sense"] == "most" else -1
            short = sign * (stage["held"] - stage["value"])
            room = max(STEP, HELD * abs(stage["held"]))
            words = KEPT if short <= room else "below the level that it was held at"
            ledger.one(f"Level held: {stage['goal']}", where, words, KEPT)
    if plan["status"] == "optimal":
        apart = [stage.get("gap") for stage in stages]
        words = "no gap" if all(g is not None and g <= HELD for g in apart) else "a gap"
        ledger.one("Proved: every goal meets its bound", where, words, "no gap")
    notes = facts.files.tables.get("notes")
    if notes is not None:
        proof = " ".join(notes.loc[notes["about"] == "proof", "words"])
        said = "proved" if proof.startswith("Proved") else "not proved"
        proved = plan["status"] == "optimal"
        ledger.one(
            "Proof, in words", "tables/notes.csv", said, "proved" if proved else "not proved"
        )


def _sends(facts: Facts, goal: str) -> bool:
    """Whether a goal counts along the plan's assignment, not to the nearest centre."""
    if goal.startswith("people served"):
        return True
    return facts.scenario["model"].endswith("within_capacity") and not facts.scenario["goals"]


def _site_rules(facts: Facts) -> Iterator[Rule]:
    """Which sites and how many may open, and what they may cost."""
    scenario, opened = facts.scenario, facts.opened
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
    if scenario.get("budget") is not None:
        total = spent(facts, opened)
        budget = float(scenario["budget"])
        yield f"Budget of {budget:,.2f} pounds", total <= budget * (1 + 1e-9), f"{total:,.2f}"


def _group_rules(facts: Facts) -> Iterator[Rule]:
    """How many centres may or must open of a kind, in a council, or of some sites."""
    scenario, opened = facts.scenario, facts.opened
    ids = facts.sites["site_id"].astype(str).tolist()
    for key, fits in (("at_most", _at_most), ("at_least", _at_least)):
        for text in scenario.get(key) or ():
            group, label, number = read_line(text)
            labels = facts.site_label(group)
            wanted = sorted(set(labels) - {""}) if label == "*" else [label]
            for one in wanted:
                found = sum(labels[j] == one for j in opened)
                yield f"{key} {group} {one} = {number:g}", fits(found, number or 0), str(found)
    for key, low in (("at_most_one_of", 0), ("exactly_one_of", 1)):
        for text in scenario.get(key) or ():
            names = {name.strip() for name in text.split("|")}
            found = sum(ids[j] in names for j in opened)
            yield f"{key} {text}", low <= found <= 1, str(found)


def _at_most(found: int, number: float) -> bool:
    return found <= number


def _at_least(found: int, number: float) -> bool:
    return found >= number


def _spacing(facts: Facts) -> Iterator[Rule]:
    """Distances between centres; coordinates are rounded to 0.1 m in the files."""
    least = facts.scenario.get("min_distance_m")
    if not least:
        return
    x, y = numbers_of(facts, "easting"), numbers_of(facts, "northing")
    nearest = np.inf
    for n, i in enumerate(facts.opened):
        for j in facts.opened[n + 1 :]:
            if not (must_open(facts, i) and must_open(facts, j)):
                nearest = min(nearest, float(np.hypot(x[i] - x[j], y[i] - y[j])))
    yield f"Centres at least {least:,.10g} m apart", nearest >= least - 0.3, f"{nearest:,.1f}"


def _people_rules(facts: Facts) -> Iterator[Rule]:
    """Floors, backup, within minutes, and models that must reach everyone."""
    scenario, opened = facts.scenario, facts.opened
    question = Question(facts)
    people = question.people
    near = question.inside(opened)
    for text in scenario.get("floors") or ():
        group, label, number = read_line(text)
        labels = facts.label(group)[question.area]
        wanted = sorted(set(labels) - {""}) if label == "*" else [label]
        for one in wanted:
            heads = people * (labels == one)
            share = 100 * heads[near].sum() / max(float(heads.sum()), 1e-300)
            fits = share >= (number or 0) * (1 - 1e-8) or not heads.any()
            yield f"Floor {group} {one} = {number:g}%", bool(fits), f"{share:.4g}%"
    for text in scenario.get("rules") or ():
        group, label, number = read_line(text)
        if group != "within_minutes":
            raise LackingError(f"no rule to recompute '{text}'")
        inside = question.inside(opened, float(label))
        share = 100 * people[inside].sum() / max(float(people.sum()), 1e-300)
        wanted_share = 100 if number is None else number
        yield (
            f"{wanted_share:g}% within {label} minutes",
            share >= wanted_share * (1 - 1e-8),
            (f"{share:.4g}%"),
        )
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
    if scenario["model"] in ("p_median", "p_centre"):
        far = ~np.isfinite(question.nearest(opened)) & (people > 0)
        lost = float(people[far].sum())
        yield "Everyone has a centre to travel to", not far.any(), f"{lost:,.0f} people have none"


def _service_rules(facts: Facts) -> Iterator[Rule]:
    """The plan's assignment: whole, within reach and within the room of each centre."""
    scenario = facts.scenario
    asked = (
        scenario["model"].endswith("within_capacity")
        or scenario.get("least_people")
        or scenario.get("most_people") is not None
    )
    if not asked:
        return
    if not facts.sends:
        raise LackingError("the plan states no assignment")
    given, question = facts.allocation, Question(facts)
    people = question.people
    shares = given.groupby("row")["share"].sum()
    yield "Nobody is served twice", bool((shares <= 1 + 1e-6).all()), f"{shares.max():.6g} at most"
    stray = sorted(set(given["site"]) - set(facts.opened))
    yield "People go to open centres only", not stray, f"{len(stray)} closed sites serve people"
    everyone = scenario["model"] != "max_coverage_within_capacity"
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
    found = given.merge(own, on=["row", "site"], how="left")
    limit = np.inf if everyone else float(np.float32(facts.reach))
    far = int((found["m"].isna() | (found["m"] > limit)).sum())
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
        few = [s for s in facts.opened if load.get(s, 0.0) < least - 0.01]
        yield (
            f"Each centre serves at least {least:,.10g} people",
            not few,
            (f"{len(few)} centres serve fewer"),
        )


def check_rules(facts: Facts, ledger: Ledger) -> None:
    """Compare the plan with every rule of its scenario."""
    if not facts.opened:
        ledger.leave("Rules", "there is no plan")
        return
    if facts.record["plan"].get("solver") == "by hand":
        ledger.leave("Rules", "the plan was made by hand, which may break rules")
        return
    for part in (_site_rules, _group_rules, _spacing, _people_rules, _service_rules):
        try:
            for words, fits, figure in part(facts):
                result = KEPT if fits else f"broken ({figure})"
                ledger.one(f"Rule: {words}", "plan.json", KEPT, result)
        except LackingError as error:
            ledger.leave("Rules", str(error))
