"""Uploaded lists of sites: the meaning of columns, words and rows, before sites are added."""

from nhcplanner.workflow.intake.columns import (
    MOST_WORDS,
    OF_YEAR,
    UNITS,
    WORD_COLUMNS,
    ColumnChoice,
    WordChoice,
    is_word_question,
)
from nhcplanner.workflow.intake.place_files import (
    OWN_MEASURE,
    ROLES,
    PlaceFile,
    PlaceReview,
    review_place,
)
from nhcplanner.workflow.intake.previews import Preview, preview, summary
from nhcplanner.workflow.intake.reading import (
    ADD,
    CHANGE,
    LEAVE_OUT,
    MATCHES,
    NOT_USED,
    Decisions,
)
from nhcplanner.workflow.intake.upload import (
    SAME_M,
    FileReview,
    Match,
    Review,
    Upload,
    patient_columns,
    receive,
    review,
)

__all__ = [
    "ADD", "CHANGE", "LEAVE_OUT", "MATCHES", "MOST_WORDS", "NOT_USED", "OF_YEAR", "OWN_MEASURE",
    "ROLES", "SAME_M", "UNITS", "WORD_COLUMNS", "ColumnChoice", "Decisions", "FileReview",
    "Match", "PlaceFile", "PlaceReview", "Preview", "Review", "Upload", "WordChoice",
    "is_word_question", "patient_columns", "preview", "receive", "review", "review_place",
    "summary",
]  # fmt: skip
