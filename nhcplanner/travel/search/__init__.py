"""Bounded shortest paths over a street graph."""
