"""Notes: what a reader of any table or layer of a hand-in must know."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import wording


def notes(evidence: Evidence) -> pd.DataFrame:
    """What a reader must know: `about`, `words`."""
    outcome = evidence.outcome
    rows = [("question", wording.question(outcome)), ("proof", wording.status(outcome.plan))]
    rows += [("label", words) for words in wording.labels(outcome)]
    rows += [("note", words) for words in outcome.assessment.notes]
    rows += [*sorted(evidence.words.items()), *sorted(evidence.reasons.items())]
    rows += [("source", wording.source(one)) for one in outcome.place.sources]
    return pd.DataFrame(rows, columns=["about", "words"])
