"""Long: every table of evidence as a CSV, with a file that says what each column is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs import wording
from nhcplanner.outputs.harmless import harmless_frame

FOLDER = "tables"


def write_csv(evidence: Evidence, folder: Path) -> None:
    """Write `tables/NAME.csv` for every table there is, `columns.csv` and `notes.csv`.

    Every row carries the place's title, so that an invented place says so wherever it goes.
    """
    target = folder / FOLDER
    target.mkdir()
    for name, frame in evidence.tables():
        table = frame.copy()
        table.insert(0, "place", evidence.outcome.place.title)
        _csv(table, target / f"{name}.csv")
    _csv(columns(), target / "columns.csv")
    _csv(notes(evidence), target / "notes.csv")


def columns() -> pd.DataFrame:
    """Every column of every table: `table`, `column`, `label`, `unit`."""
    return pd.DataFrame(
        [
            {"table": name, "column": cell.name, "label": cell.label, "unit": cell.unit}
            for name, table in TABLES.items()
            for cell in table.cells
        ]
    )


def notes(evidence: Evidence) -> pd.DataFrame:
    """What a reader must know: `about`, `words`."""
    outcome = evidence.outcome
    rows = [("question", wording.question(outcome)), ("proof", wording.status(outcome.plan))]
    rows += [("label", words) for words in wording.labels(outcome)]
    rows += [("note", words) for words in outcome.assessment.notes]
    rows += [*sorted(evidence.words.items()), *sorted(evidence.reasons.items())]
    rows += [("source", wording.source(one)) for one in outcome.place.sources]
    return pd.DataFrame(rows, columns=["about", "words"])


def _csv(frame: pd.DataFrame, path: Path) -> None:
    safe = harmless_frame(frame)
    safe.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
