"""Goals recomputed: what a set of sites reaches of each, and the proof."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, Floats, LackingError, Mask
from nhcplanner.verify.ledger import Ledger, as_text
from nhcplanner.verify.scenario import (
    may_open,
    must_open,
    need_per_person,
    numbers_of,
    read_line,
    rooms,
    services_near,
    spent,
)  # fmt: skip
from nhcplanner.verify.trips import trips_of

HELD = 1e-6
"""Share of a level by which later goals may fall short of it: the solver's tolerance."""
STEP = 0.5
KEPT = "kept"


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
            recomputed = question.value(
                goal, facts.opened, allocation if _sends(facts, goal) else None
            )
        except LackingError as error:
            ledger.leave(f"Goal: {goal}", str(error), 1)
            continue
        ledger.compare(f"Goal: {goal}", where, value, recomputed)
        if bound is None:
            continue
        apart = abs(bound - value) / max(abs(bound), abs(value), 1e-300)
        near = 1e-4 if stage.get("unit") == "percentage points" else 0.0
        apart = 0.0 if apart <= HELD or abs(bound - value) <= near else apart
        proved = plan["status"] == "optimal" and plan.get("solver") != "by hand"
        gap, given_up = (0.0, apart) if proved else (apart, 0.0)
        ledger.compare(f"Distance from the best possible: {goal}", where, stage.get("gap"), gap)
        ledger.compare(f"Given up for later goals: {goal}", where, stage.get("given_up"), given_up)
        side = value - bound if stage["sense"] == "most" else bound - value
        words = KEPT if side <= max(STEP, HELD * abs(bound)) else "passes its own bound"
        ledger.compare(f"Bound: {goal}", where, words, KEPT)
    for stage in stages:
        if stage.get("held") is not None and stage.get("value") is not None and facts.opened:
            sign = 1 if stage["sense"] == "most" else -1
            short = sign * (stage["held"] - stage["value"])
            room = max(STEP, HELD * abs(stage["held"]))
            words = KEPT if short <= room else "below the level that it was held at"
            ledger.compare(f"Level held: {stage['goal']}", where, words, KEPT)
    if plan["status"] == "optimal":
        apart = [stage.get("gap") for stage in stages]
        words = "no gap" if all(g is not None and g <= HELD for g in apart) else "a gap"
        ledger.compare("Proved: every goal meets its bound", where, words, "no gap")
    notes = facts.files.tables.get("notes")
    if notes is not None:
        proof = " ".join(notes.loc[notes["about"] == "proof", "words"])
        stated = "proved" if proof.startswith("Proved") else "not proved"
        proved = plan["status"] == "optimal"
        ledger.compare(
            "Proof, in words", "tables/notes.csv", stated, "proved" if proved else "not proved"
        )


def _sends(facts: Facts, goal: str) -> bool:
    """Whether a goal counts along the plan's assignment, not to the nearest centre."""
    if goal.startswith("people served"):
        return True
    return facts.scenario["model"].endswith("within_capacity") and not facts.scenario["goals"]


UNLISTED = "only pairs of sites in use are listed, as there are very many"


def value_at_nearest(facts: Facts, goal: str, opened: Sequence[int], question: Question) -> float:
    """What sites reach of a goal that counts the nearest centre."""
    model = facts.scenario["model"]
    if goal.startswith("people served") or (
        model.endswith("within_capacity") and not facts.scenario["goals"]
    ):
        raise LackingError("whom each centre serves is listed for the plan alone")
    if facts.unlisted.intersection(opened):
        raise LackingError(UNLISTED)
    return question.value(goal, opened)


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
    people
        People of each starting point; the plan's by default.
    """

    def __init__(
        self,
        facts: Facts,
        mode: str = "own",
        reach: float | None = None,
        bands: Any = None,
        people: Any = None,
    ) -> None:
        self.facts, self.mode = facts, mode
        self.reach = facts.reach if reach is None else reach
        self.people = (facts.points(mode)[1] if people is None else people).copy()
        area = facts.area if mode == "own" else facts.area[: len(self.people)]
        self.area = area
        self.band = facts.band[area] if bands is None else bands
        self.dropped = self._unreachable() if facts.scenario["everyone"] == "reachable" else None
        if self.dropped is not None:
            self.people[self.dropped] = 0.0

    def nearest(self, opened: Sequence[int]) -> Floats:
        """Return minutes to the nearest opened site; 0 for those who are left out of account."""
        minutes = self.facts.nearest(opened, self.mode)
        if self.dropped is not None:
            minutes[self.dropped] = 0.0
        return minutes

    def inside(self, opened: Sequence[int], limit: float | None = None) -> Mask:
        """Flag starting points within reach of an opened site."""
        return self.facts.inside(
            self.facts.nearest(opened, self.mode), self.reach if limit is None else limit
        )

    def reached(self, opened: Sequence[int], sending: pd.DataFrame | None) -> Floats:
        """Return people of each starting point within reach of the centre that they go to."""
        trips = trips_of(self.facts, opened, sending, self.mode, self.people)
        near = self.facts.inside(trips["minutes"].to_numpy(dtype=np.float64), self.reach)
        return np.bincount(trips["row"][near], trips["people"][near], len(self.people)).astype(
            np.float64
        )

    def _unreachable(self) -> Mask | None:
        """Those whom no site that may open reaches, where the plan left them out of account."""
        facts = self.facts
        if not facts.record["plan"].get("unreached"):
            return None
        allowed = [site for site in range(len(facts.sites)) if may_open(facts, site)]
        reached = facts.inside(facts.nearest(allowed), facts.reach)
        return ~reached

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
        if self.facts.scenario.get("sizes") and set(opened) - set(self.facts.opened):
            raise LackingError("the sizes of other plans' centres are not in the hand-in")
        return spent(self.facts, opened)

    def services(self, _m: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return the kinds of services near each open site, added up."""
        return float(services_near(self.facts)["services_near"].to_numpy()[list(opened)].sum())

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
        journeys = allocation.merge(own, on=["row", "site"], how="left")
        people = self.people[journeys["row"]] * journeys["share"].to_numpy()
        return float((people * journeys["m"].to_numpy() ** power).sum())

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

    def fairest(self, match: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return the Kolm-Pollak equally distributed equivalent of minutes."""
        kappa = float(match["epsilon"]) / float(match["reach"])
        some = self.people > 0
        weights = self.people[some] / self.people[some].sum()
        exponents = kappa * self.nearest(opened)[some].astype(np.float64)
        top = float(exponents.max(initial=0.0))
        mean = float((weights * np.exp(exponents - top)).sum()) if some.any() else 1.0
        return (top + float(np.log(mean))) / kappa

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
        for name in (match["first"], match["second"]):
            heads = self.people * (label == name)
            shares.append(100 * heads[near].sum() / max(float(heads.sum()), 1e-9))
        return float(abs(shares[0] - shares[1]))

    def twice(self, _m: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return people with two centres in reach."""
        return float(self.people[self.reached_twice(opened)].sum())

    def reached_twice(self, opened: Sequence[int]) -> Mask:
        """Flag starting points with two opened sites in reach."""
        rows, sites, minutes = self.facts.pairs(self.mode)
        some = np.isin(sites, opened) & self.facts.inside(minutes, self.reach)
        return np.bincount(rows[some], minlength=len(self.people)) >= 2

    def access(self, match: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return people by the share of a centre that each has, at most all of it (2SFCA)."""
        rows, sites, minutes = self.facts.pairs(self.mode)
        inside = self.facts.inside(minutes, self.reach)
        frame = pd.DataFrame({"row": rows[inside], "site": sites[inside]})
        frame["people"] = self.people[frame["row"]]
        frame["share"] = float(match["each"].replace(",", "")) / frame.groupby("site")[
            "people"
        ].transform("sum")
        held = frame[frame["site"].isin(opened) & (frame["people"] > 0)]
        shares = held.groupby("row")["share"].sum().clip(upper=1.0)
        return float((self.people[shares.index] * shares).sum())

    def spread(self, _m: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return metres between the nearest two centres, of which not both must open."""
        x, y = (numbers_of(self.facts, name).round(1) for name in ("easting", "northing"))
        required = {site for site in opened if must_open(self.facts, site)}
        far = [
            float(np.hypot(x[i] - x[j], y[i] - y[j]))
            for n, i in enumerate(opened)
            for j in opened[n + 1 :]
            if not {i, j} <= required or set(opened) <= required
        ]
        return min(far, default=0.0)

    def worst_groups(self, match: re.Match[str], opened: Sequence[int], _: Any) -> float:
        """Return the sum of the worst shares or mean minutes of groups."""
        label = self.facts.label(match["group"])[self.area]
        frame = pd.DataFrame({"label": label, "people": self.people})
        by_share = match["what"] == "share within reach"
        minutes = self.nearest(opened)
        frame["amount"] = (
            100.0 * self.inside(opened) if by_share else np.where(self.people > 0, minutes, 0.0)
        ) * self.people
        sums = frame[frame["label"] != ""].groupby("label")[["people", "amount"]].sum()
        sums = sums[sums["people"] > 0]
        figures = (sums["amount"] / sums["people"]).sort_values(ascending=by_share)
        return float(figures.head(int(match["count"] or 1)).sum())


_PRICE = r"(?:, where each person beyond a centre's room counts (?P<price>[\d,.e+-]+) .*)?"
_WORST_OFF = r"of the worst-off by (?P<group>\w+)(?:, sum of the (?P<count>\d+) worst-off)?"
_GOALS: tuple[tuple[str, Callable[..., float]], ...] = (
    (r"people of band (?P<band>\d+) within reach", Question.band_within),
    (r"people within reach", Question.within),
    (r"people with two centres within reach", Question.twice),
    (
        r"people with their share of a centre \((?P<each>[\d,.e+-]+) people a centre\)",
        Question.access,
    ),
    (r"distance between the nearest two centres", Question.spread),
    (rf"(?P<what>share within reach|mean minutes) {_WORST_OFF}", Question.worst_groups),
    (r"need within reach", Question.need),
    (r"centres", Question.centres),
    (r"cost", Question.cost),
    (r"services near centres", Question.services),
    (rf"travel of all people{_PRICE}", Question.travel),
    (rf"people served within reach{_PRICE}", Question.served),
    (
        r"equally distributed journey \(kappa (?P<epsilon>[^/]+)/(?P<reach>[\d.e+-]+) a minute\)",
        Question.fairest,
    ),
    (r"longest journey", Question.worst),
    (r"journey that (?P<percent>[\d.]+) % of people keep within", Question.percentile),
    (r"gap between (?P<group>\w+) (?P<first>.+) and (?P<second>.+)", Question.gap),
)


def better_exchanges(facts: Facts) -> dict[tuple[str, str], float]:
    """Return the gain of exchanges that better a plan that is not proved, by site and goal.

    Only the first goal that an exchange changes counts. If goals give up something on purpose,
    an exchange may worsen none. Plans that assign people are passed over.
    """
    if not facts.has("exchanges") or facts.sends or facts.record["plan"]["status"] == "optimal":
        return {}
    return {(site, goal): gain for site, goal, gain in _first_gains(facts) if gain > 0}


def _first_gains(facts: Facts) -> Iterator[tuple[str, str, float]]:
    """Yield the first goal that each exchange changes, with its gain."""
    table, has_slack = facts.table("exchanges"), _has_slack(facts)
    for site, rows in table.groupby("site_id", sort=False):
        rounding = LEAST_GAIN * rows["before"].abs().clip(lower=1.0)
        changed = rows[rows["gain"].abs() > rounding]
        if len(changed) and not (has_slack and (changed["gain"] < 0).any()):
            yield str(site), str(changed["goal"].iloc[0]), float(changed["gain"].iloc[0])


def _has_slack(facts: Facts) -> bool:
    """Whether goals may give up something on purpose, in all or as the line of a goal says."""
    lines = [number for line in facts.scenario.get("goals") or () if (number := read_line(line)[2])]
    return bool(lines or facts.scenario.get("slack"))


LEAST_GAIN = 1e-6
"""Share of a goal's value up to which a gain is rounding."""


def check_proof_against_exchanges(facts: Facts, ledger: Ledger) -> None:
    """Check that no exchange betters a plan that is proved and gives up nothing.

    A goal that counts people is proved when value and bound are less than 1 apart.
    """
    is_proved = facts.record["plan"]["status"] == "optimal" and not facts.sends
    if not is_proved or _has_slack(facts):
        return
    for site, goal, gain in _first_gains(facts):
        if gain >= 1:
            words = f"{site} betters {goal} by {as_text(gain)}"
            ledger.compare("Proof, against exchanges", "tables/exchanges.csv", words, "no exchange")
    ledger.compare("Proof, against exchanges", "tables/exchanges.csv", "compared", "compared")
