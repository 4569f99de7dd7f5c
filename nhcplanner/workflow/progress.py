"""How the story says in words what is being done."""

from __future__ import annotations

from collections.abc import Callable

from nhcplanner import models

Progress = Callable[[str], bool | None]
"""Is told in words what is being done; returning False stops measuring, which then ends in a
PlannerError, and the optimiser with its best."""

ProgressCallback = Callable[[models.Report], bool | None]
"""Is told how far the optimiser has come; returning False stops it with the best so far."""


def report_progress(progress: Progress | None, words: str) -> bool | None:
    """Say what is being done, where somebody listens; gives the answer."""
    return None if progress is None else progress(words)


def worded_progress(progress: Progress | None) -> ProgressCallback | None:
    """Put the optimiser's reports into words for `progress`."""
    if progress is None:
        return None

    def told(report: models.Report) -> bool | None:
        return progress(in_words(report))

    return told


def in_words(report: models.Report) -> str:
    """How far the optimiser has come, on one line.

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
