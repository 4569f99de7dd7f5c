"""Progress of long work, in sentences and in figures."""

from __future__ import annotations

from collections.abc import Callable

from nhcplanner import models

Progress = Callable[[str], bool | None]
"""Receives a sentence about the current step; returning False stops the optimiser with its best
plan, and ends measuring with a PlannerError."""

ProgressCallback = Callable[[models.Report], bool | None]
"""Receives the optimiser's progress; returning False stops it with its best plan so far."""


def report_progress(progress: Progress | None, words: str) -> bool | None:
    """Pass a sentence to `progress`, if there is one, and return its answer."""
    return None if progress is None else progress(words)


def worded_progress(progress: Progress | None) -> ProgressCallback | None:
    """Return a callback that passes the optimiser's reports to `progress` as sentences."""
    if progress is None:
        return None

    def report_in_words(report: models.Report) -> bool | None:
        return progress(in_words(report))

    return report_in_words


def in_words(report: models.Report) -> str:
    """Describe the optimiser's progress on one line.

    Examples
    --------
    >>> in_words(models.Report(1, 5, "cover band 1", 900.0, 1000.0, 3.0))
    'Goal 1 of 5, cover band 1: best 900, bound 1,000, gap 10%, 3 s'
    """
    best = "none yet" if report.best is None else f"{report.best:,.0f}"
    bound = "unknown" if report.bound is None else f"{report.bound:,.0f}"
    gap = ""
    if report.best is not None and report.bound is not None:
        larger = max(abs(report.best), abs(report.bound))
        gap = f", gap {100 * abs(report.bound - report.best) / larger if larger else 0:.2g}%"
    goal = report.goal.replace("_", " ").replace("hle", "HLE")
    return (
        f"Goal {report.stage} of {report.stages}, {goal}: best {best}, bound {bound}{gap}, "
        f"{report.seconds:.0f} s"
    )
