"""Codes of areas, councils and ICBs: their names, their years, and one year's as another's."""
