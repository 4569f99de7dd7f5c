"""Uploaded lists on the page Sites: columns, words, problems and duplicates, then a summary."""

from nhcplanner.pages.intake.messages import fault_table
from nhcplanner.pages.intake.sequence import steps
from nhcplanner.pages.intake.upload import is_pending, show_result, uploader

__all__ = ["fault_table", "is_pending", "show_result", "steps", "uploader"]
