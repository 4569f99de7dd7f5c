"""Uploaded lists of sites: the meaning of columns, words and rows, before sites are added."""

from nhcplanner.workflow.intake.columns import UNITS, ColumnChoice
from nhcplanner.workflow.intake.decisions import (
    ADD,
    CHANGE,
    LEAVE_OUT,
    MATCHES,
    NOT_USED,
    Decisions,
)
from nhcplanner.workflow.intake.matching import SAME_M, Match
from nhcplanner.workflow.intake.previews import Preview, preview
from nhcplanner.workflow.intake.reviews import Review, review
from nhcplanner.workflow.intake.summaries import summary
from nhcplanner.workflow.intake.upload import Upload, patient_columns, receive
from nhcplanner.workflow.intake.words import (
    MOST_WORDS,
    WORD_COLUMNS,
    WordChoice,
    is_word_question,
)

__all__ = [
    "ADD", "CHANGE", "LEAVE_OUT", "MATCHES", "MOST_WORDS", "NOT_USED", "SAME_M", "UNITS",
    "WORD_COLUMNS", "ColumnChoice", "Decisions", "Match", "Preview", "Review", "Upload",
    "WordChoice", "is_word_question", "patient_columns", "preview", "receive", "review", "summary",
]  # fmt: skip
