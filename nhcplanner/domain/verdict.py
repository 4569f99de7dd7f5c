"""Verdicts: the proved quality of a plan, in one object that every output prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nhcplanner.domain.plan import BY_HAND, Plan, Stage, Status

ROUNDING = 1e-6
"""Share of the larger of value and bound by which they may differ and still agree."""


@dataclass(frozen=True)
class Search:
    """A search beyond the plan, and its result.

    Parameters
    ----------
    name
        The part of the evidence that it made, e.g. "alternatives".
    is_complete
        Whether the search was complete, so that nothing else exists.
    words
        Its result, in a sentence without a full stop.
    """

    name: str
    is_complete: bool
    words: str


@dataclass(frozen=True)
class GoalVerdict:
    """Verdict on one goal of a plan.

    Parameters
    ----------
    stage
        Value and bound of the goal.
    is_proved
        Whether no plan does better on it, apart from what it gives up on purpose.
    given_up
        Share of the best possible that it gives up on purpose for later goals.
    gap
        Largest distance from the best possible, as a share; 0 = proved, None = not known.
    """

    stage: Stage
    is_proved: bool
    given_up: float
    gap: float | None

    @classmethod
    def of(cls, stage: Stage, status: Status) -> GoalVerdict:
        """Return the verdict on a goal of a plan with a status."""
        gap = None if stage.gap is None else (stage.gap if stage.gap > ROUNDING else 0.0)
        if status == "optimal":  # every bound is met, so any difference was given up
            return cls(stage, True, gap or 0.0, 0.0)
        return cls(stage, gap == 0, 0.0, gap)

    @property
    def distance(self) -> dict[str, float | None]:
        """Gap and share given up, for records."""
        return {"gap": self.gap, "given_up": self.given_up}

    @property
    def name(self) -> str:
        """The goal's name in words."""
        return self.stage.goal.replace("_", " ").replace("hle", "HLE")

    @property
    def sureness(self) -> str:
        """Certainty of the goal, in a few words.

        Examples
        --------
        >>> GoalVerdict.of(Stage("people", 90.0, 100.0), "optimal").sureness
        'proved; 10% given up on purpose for later goals'
        >>> GoalVerdict.of(Stage("people", 90.0, 100.0), "feasible").sureness
        'at most 10% from the best possible'
        """
        if self.given_up:
            return f"proved; {percent(self.given_up)} given up on purpose for later goals"
        if self.is_proved:
            return "proved best"
        if self.gap is None:
            return "how far from the best possible is not known"
        return f"at most {percent(self.gap)} from the best possible"

    @property
    def words(self) -> str:
        """Goal, value and certainty, in a sentence without a full stop."""
        stage = self.stage
        if stage.value is None:
            return f"{self.name}: no value found"
        reached = f"{self.name}: {_amount(stage.value, stage.unit)}"
        if self.given_up and stage.bound is not None:
            return f"{reached} (best possible {_amount(stage.bound, stage.unit)}), {self.sureness}"
        if self.is_proved or self.gap is None or stage.bound is None:
            return f"{reached}, {self.sureness}"
        limit = "at most" if stage.sense == "most" else "at least"
        possible = _amount(stage.bound, stage.unit)
        return f"{reached}, {limit} {possible} possible, gap {percent(self.gap)}"


@dataclass(frozen=True)
class Verdict:
    """Verdict on a plan.

    Parameters
    ----------
    status, reason
        As in `Plan`.
    is_by_hand
        Whether a planner made it by hand, so that nothing is proved.
    has_plan
        Whether there is a plan.
    goals
        Verdict on each goal, in order of priority.
    searches
        Searches beyond the plan.
    """

    status: Status
    reason: str
    is_by_hand: bool
    has_plan: bool
    goals: tuple[GoalVerdict, ...]
    searches: tuple[Search, ...] = ()

    @classmethod
    def of(cls, plan: Plan, searches: Iterable[Search] = ()) -> Verdict:
        """Return the verdict on a plan.

        Examples
        --------
        >>> Verdict.of(Plan((), "infeasible", (), "set_cover", "HiGHS", 0.1, "No site")).distance
        'No plan'
        """
        by_hand = plan.solver == BY_HAND
        status: Status = "feasible" if by_hand else plan.status
        return cls(
            status,
            plan.reason,
            by_hand,
            plan.status not in {"infeasible", "stopped"},
            tuple(GoalVerdict.of(stage, status) for stage in plan.stages),
            tuple(searches),
        )

    @property
    def is_proved(self) -> bool:
        """Whether no plan that keeps the rules does better."""
        return self.status == "optimal" and not self.is_by_hand

    @property
    def gap(self) -> float | None:
        """The widest gap of its goals; None if there is no plan, or a gap is not known."""
        gaps = [goal.gap for goal in self.goals]
        known_gaps = [gap for gap in gaps if gap is not None]
        return (
            max(known_gaps)
            if self.has_plan and known_gaps and len(known_gaps) == len(gaps)
            else None
        )

    @property
    def words(self) -> str:
        """Quality of the plan, in a sentence without a full stop.

        Examples
        --------
        >>> Verdict.of(Plan((), "infeasible", (), "set_cover", "HiGHS", 0.1, "No site")).words
        'No plan keeps the rules: No site'
        """
        if self.is_by_hand:
            return f"Made by hand, so nothing is proved of it: {self.reason}{self._better}"
        if self.status == "infeasible":
            names_rules = self.reason.startswith(("these rules can't", "this rule can't"))
            start = "" if names_rules else "no plan keeps the rules: "
            sentence = f"{start}{self.reason or 'the reason is not known'}"
            return f"{sentence[0].upper()}{sentence[1:]}"
        if self.status == "stopped":
            headline = "stopped before a plan was found"
            reason = "" if self.reason == headline else self.reason
            return f"Stopped before a plan was found: {reason or 'time ran out'}"
        if not self.is_proved:
            words = "Keeps the rules; the gap says how far from the best possible it may be"
            return f"{words}{self._better}"
        if any(goal.given_up for goal in self.goals):
            return (
                "Proved: no plan that keeps the rules does better, but for what goals gave up on "
                "purpose for later goals"
            )
        return "Proved: no plan that keeps the rules does better"

    @property
    def _better(self) -> str:
        """Sentence on a better plan that is known; "" if none is."""
        search = self.search("exchanges")
        return "" if search is None else f". A better plan is known: {search.words}"

    @property
    def distance(self) -> str:
        """Largest distance from the best possible, in two or three words.

        Examples
        --------
        >>> stages = (Stage("a", 5.0, 5.0), Stage("b", 1.0, 100.0))
        >>> Verdict.of(Plan((0,), "feasible", stages, "max_coverage", "HiGHS", 1)).distance
        'At most 99%'
        """
        if not self.has_plan:
            return "No plan"
        if self.is_proved:
            return "Proved best"
        if self.gap is None:
            return "Not known"
        return f"At most {percent(self.gap)}" if self.gap else "Proved best"

    def search(self, name: str) -> Search | None:
        """Return the search that made a part of the evidence; None if it was not made."""
        return next((one for one in self.searches if one.name == name), None)


def percent(share: float) -> str:
    """Write a share from 0 to 1 in per cent; a small share is never written as 0.

    Examples
    --------
    >>> percent(0.0001), percent(0.0823), percent(0.4), percent(0.9996)
    ('less than 0.1%', '8.2%', '40%', '100%')
    """
    if 0 < share < 0.001:
        return "less than 0.1%"
    return f"{100 * share:.0f}%" if share >= 0.0995 else f"{100 * share:.1f}%"


def _amount(value: float, unit: str) -> str:
    return f"{value:,.{1 if unit == 'minutes' else 0}f} {unit}"
