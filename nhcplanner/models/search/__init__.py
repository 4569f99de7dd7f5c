"""Heuristics that find good plans quickly."""
