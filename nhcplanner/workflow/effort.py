"""Effort of gathering evidence: which parts, within which time, with which waves and rates."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from nhcplanner import explore
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.case import Case
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.evidence import GREEN_BOOK_RATE, Discounting

SOLVED = ("price", "alternatives", "roles", "losses", "waves", "robustness")
"""Parts that use the optimiser."""
PARTS = ("modes", "explain", *SOLVED)
"""Parts that may be left out."""


def _this_year() -> Discounting:
    return Discounting(base=datetime.now(UTC).year)


@dataclass(frozen=True)
class Effort:
    """How much evidence to gather.

    Parameters
    ----------
    seconds
        Time limit for all parts that use the optimiser, together.
    parts
        Some of `PARTS`; tables of access, groups and costs are always made.
    waves
        Waves, the last of which should have the plan's own count; empty = no waves.
    modes
        Modes of the curves; None = all that the place has data for.
    near
        Which plans count as alternatives.
    discounting
        Rate and years for costs; by default from this year on.
    case
        What only people can say: price base, optimism bias, benefits, criteria.

    Raises
    ------
    InputError
        For an unknown part.
    """

    seconds: float = 60.0
    parts: tuple[str, ...] = PARTS
    waves: tuple[explore.Wave, ...] = ()
    modes: tuple[Mode, ...] | None = None
    near: explore.Near = field(default_factory=lambda: explore.Near(0.02, 1, 5))
    discounting: Discounting = field(default_factory=_this_year)
    case: Case = field(default_factory=Case)

    def __post_init__(self) -> None:
        unknown = [part for part in self.parts if part not in PARTS]
        if unknown:
            words = f"unknown part of evidence '{', '.join(unknown)}'"
            raise InputError([Fault(words, hint=f"Parts: {', '.join(PARTS)}")])

    @classmethod
    def with_options(
        cls,
        *,
        seconds: float = 60.0,
        without: tuple[str, ...] = (),
        waves: tuple[explore.Wave, ...] = (),
        rate: float = GREEN_BOOK_RATE,
        case: Case | None = None,
    ) -> Effort:
        """Return an effort with all parts except some, at a discount rate, from this year on.

        Raises
        ------
        InputError
            For an unknown part, or a rate out of range.
        """
        cls(parts=without)
        parts = tuple(part for part in PARTS if part not in without)
        discounting = replace(_this_year(), rate=rate)
        return cls(seconds, parts, waves, discounting=discounting, case=case or Case())
