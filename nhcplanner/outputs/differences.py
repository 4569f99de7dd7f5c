"""Differences: two plans side by side, as CSV files and words."""

from __future__ import annotations

from pathlib import Path

from nhcplanner.domain.comparison import Comparison
from nhcplanner.outputs.harmless import harmless_csv
from nhcplanner.outputs.whole import files_in, whole


def write_comparison(
    found: Comparison, directory: Path, called: tuple[str, str]
) -> tuple[Path, ...]:
    """Write `centres.csv`, `groups.csv`, `areas.csv` and `differences.txt`, all or nothing.

    Parameters
    ----------
    found
        The comparison.
    directory
        Where to; made where it is missing.
    called
        What a and b are, for the words.

    Raises
    ------
    InputError
        Where the folder or a file in it cannot be written.
    """
    lines = [f"a: {called[0]}", f"b: {called[1]}", *found.words]
    with whole(directory) as made:
        for name in ("centres", "groups", "areas"):
            harmless_csv(getattr(found, name), made / f"{name}.csv")
        text = "\n".join(lines) + "\n"
        (made / "differences.txt").write_text(text, encoding="utf-8", newline="\n")
        names = files_in(made)
    return tuple(Path(directory) / name for name in names)
