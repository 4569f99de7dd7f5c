"""Summary of how an uploaded list was read and what it adds."""

from __future__ import annotations

from nhcplanner.base.text import plural, shortened
from nhcplanner.workflow.intake.previews import Preview

MOST_LINES = 10


def summary(preview: Preview) -> list[tuple[str, tuple[str, ...]]]:
    """Return titles with lines on what was read, left out and added."""
    record = preview.record
    kinds: dict[str, list[str]] = {"assumed": [], "converted": [], "other": []}
    for event in record.events:
        kind = event.kind if event.kind in kinds else "other"
        if event.kind != "left out" or not str(event).endswith("left out on screen"):
            kinds[kind].append(str(event))
    changed = [f"{column.theirs}: {', '.join(column.examples)}" for column in record.columns
               if column.ours and column.examples]  # fmt: skip
    unused = [column.theirs for column in record.columns if not column.ours]
    counts = [
        (len(preview.changed), "site", "of the place changed"),
        (len(preview.unchanged), "site", "of the place already as the list says"),
        (len(preview.left_out), "row", "left out"),
    ]
    counts = [
        (len(preview.changed), "site", "of the place changed"),
        (len(preview.unchanged), "site", "of the place already as the list says"),
        (len(preview.left_out), "row", "left out"),
    ]
    rows = [
        f"{plural(record.rows_read, 'row')} read",
        f"{plural(len(preview.added), 'site')} added",
        *(f"{plural(count, noun)} {words}" for count, noun, words in counts if count),
    ]
    reasons = [f"row {row}: {reason}" for row, reason in sorted(preview.left_out.items())]
    sections = [
        ("Rows", rows),
        ("Rows left out", [*reasons[:MOST_LINES], *_rest(reasons)]),
        ("Columns not used", [shortened(unused, 20)] if unused else []),
        ("Conversions", [*kinds["converted"], *changed]),
        ("Your answers", kinds["assumed"]),
        ("Also", kinds["other"]),
    ]
    return [(title, tuple(lines)) for title, lines in sections if lines]


def _rest(lines: list[str]) -> list[str]:
    return [f"and {len(lines) - MOST_LINES:,} more"] if len(lines) > MOST_LINES else []
