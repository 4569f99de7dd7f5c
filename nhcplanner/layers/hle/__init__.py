"""Healthy life expectancy: modelled for small areas, by Sullivan's method, as tables give it."""
