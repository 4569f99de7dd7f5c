"""The workbook: pipeline, options appraisal, access, equality, assumptions and sources (XLSX)."""

from nhcplanner.outputs.workbook.book import write_workbook

__all__ = ["write_workbook"]
