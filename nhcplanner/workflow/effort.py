"""Effort: how much evidence to gather, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from nhcplanner import explore
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.evidence import GREEN_BOOK_RATE, Discounting
from nhcplanner.domain.scenario import Mode

SOLVED = ("price", "alternatives", "roles", "losses", "waves", "robustness")
"""Parts that take the optimiser's time."""
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
        For all that takes the optimiser's time, together.
    parts
        Of `PARTS`; the tables of access, groups and costs are always made.
    waves
        The programme's steps, the last of which should be the plan's own count; none = no waves.
    modes
        For the curves; None = all that the place can be measured with.
    near
        Which plans count as alternatives.
    discounting
        Rate and years for costs; from this year on by default.

    Raises
    ------
    InputError
        For a part that there is not.
    """

    seconds: float = 60.0
    parts: tuple[str, ...] = PARTS
    waves: tuple[explore.Wave, ...] = ()
    modes: tuple[Mode, ...] | None = None
    near: explore.Near = field(default_factory=lambda: explore.Near(0.02, 1, 5))
    discounting: Discounting = field(default_factory=_this_year)

    def __post_init__(self) -> None:
        unknown = [part for part in self.parts if part not in PARTS]
        if unknown:
            words = f"there is no part of evidence '{', '.join(unknown)}'"
            raise InputError([Fault(words, mend=f"Parts: {', '.join(PARTS)}")])

    @classmethod
    def asked(
        cls,
        *,
        seconds: float = 60.0,
        without: tuple[str, ...] = (),
        waves: tuple[explore.Wave, ...] = (),
        rate: float = GREEN_BOOK_RATE,
    ) -> Effort:
        """All parts but some, at a rate, from this year on.

        Raises
        ------
        InputError
            For a part that there is not, or a rate out of range.
        """
        cls(parts=without)
        parts = tuple(part for part in PARTS if part not in without)
        return cls(seconds, parts, waves, discounting=replace(_this_year(), rate=rate))
