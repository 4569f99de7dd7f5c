"""Check of a hand-in from its files alone."""

from __future__ import annotations

from pathlib import Path

from nhcplanner import verify
from nhcplanner.base.child import LimitError, Limits
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.limited_reader import call_apart

LIMITS = Limits(memory=6_000_000_000, cpu=1_800.0, output=500_000_000, time=3_600.0)
"""Limits of the process that reads the files: a hand-in may come from anywhere."""


def verify_hand_in(path: Path) -> verify.Ledger:
    """Recompute every figure of a hand-in from its files, and compare.

    The files are read and recomputed in another process, within limits, by code that shares
    nothing with the planner's.

    Parameters
    ----------
    path
        Folder that `hand-in --out` wrote, or a zip of one.

    Returns
    -------
    Ledger
        Figures that agree, in groups; each figure that differs; and what the hand-in does not
        contain or what cannot be recomputed from it.

    Raises
    ------
    InputError
        If there is no hand-in, or it is too large to read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from nhcplanner import Scenario, demo_place, export_hand_in, write_results, run
    >>> from nhcplanner.workflow import Delivery, Effort, PARTS, verify_hand_in
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> with TemporaryDirectory() as folder:
    ...     written = write_results(outcome, Path(folder) / "plan")
    ...     effort = Effort.with_options(without=PARTS)
    ...     to = Delivery(Path(folder) / "handin", ["csv"])
    ...     done = export_hand_in(Path(folder) / "plan", to, effort=effort)
    ...     verify_hand_in(Path(folder) / "handin").differences
    []
    """
    try:
        found: verify.Ledger = call_apart(
            verify.check_hand_in, Path(path).absolute(), limits=LIMITS
        )
    except LimitError as error:
        words = "is damaged" if error.what == "crash" else f"needs too much {error.what} to read"
        hint = "Export the hand-in again"
        raise InputError([Fault(words, Path(path).name, hint=hint)]) from None
    return found
