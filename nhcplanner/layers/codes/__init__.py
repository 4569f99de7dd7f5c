"""Codes of areas, councils and ICBs: their names, and changes from year to year."""
