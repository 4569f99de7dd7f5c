"""Healthy life expectancy of small areas."""
