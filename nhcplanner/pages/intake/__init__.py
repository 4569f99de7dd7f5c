"""Uploaded lists, areas and tables: columns, words and problems, then a summary to confirm."""

from nhcplanner.pages.intake.place_files import is_place_pending, place_steps, place_uploader
from nhcplanner.pages.intake.upload import is_pending, show_result, steps, uploader

__all__ = [
    "is_pending", "is_place_pending", "place_steps", "place_uploader", "show_result", "steps",
    "uploader",
]  # fmt: skip
