"""How the story says in words what is being done."""

from __future__ import annotations

from collections.abc import Callable

from nhcplanner import models

Progress = Callable[[str], bool | None]
"""Is told in words what is being done; returning False stops the optimiser with its best."""

Told = Callable[[models.Report], bool | None]
"""Is told how far the optimiser has come; returning False stops it with the best so far."""


def tell(progress: Progress | None, words: str) -> None:
    """Say what is being done, where somebody listens."""
    if progress is not None:
        progress(words)


def spoken(progress: Progress | None) -> Told | None:
    """Put the optimiser's reports into words for `progress`."""
    if progress is None:
        return None

    def told(report: models.Report) -> bool | None:
        best = "none yet" if report.best is None else f"{report.best:,.0f}"
        bound = "unknown" if report.bound is None else f"{report.bound:,.0f}"
        return progress(
            f"Goal {report.stage} of {report.stages}, {report.goal}: best {best}, bound {bound}, "
            f"{report.seconds:.0f} s"
        )

    return told
