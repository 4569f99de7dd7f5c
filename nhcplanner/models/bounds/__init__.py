"""Bounds that prove how good a plan is."""
