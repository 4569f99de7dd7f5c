"""Lacks: what measured minutes leave out, for people to know."""

from __future__ import annotations

from nhcplanner.domain.times import TravelTimes

WORDS = {
    "pairs_missing": "pairs of starting point and site are not in the matrix",
    "origins_missing": "starting points have no minutes to any site in the matrix",
    "sites_missing": "sites have no minutes from anywhere in the matrix",
    "origins_unknown": "origins of the matrix are none of the place's and were left out",
    "sites_unknown": "destinations of the matrix are none of the place's and were left out",
    "transfers_not_used": "rules of the timetable for changes between some routes or trips only, "
    "or for staying seated, are not applied",
}
"""What each count among the parameters of minutes means."""


def lacks(times: TravelTimes) -> tuple[str, ...]:
    """What a matrix does not hold of a place, or is not applied of a timetable, in words."""
    counts = {
        name: sum(
            float(value)
            for key, value in times.parameters.items()
            if key == name or key.endswith(f": {name}")
        )
        for name in WORDS
    }
    return tuple(f"{count:,.0f} {WORDS[name]}" for name, count in counts.items() if count)
