"""Healthy life expectancy of small areas, modelled from councils' published figures.

| module | what is in it |
|---|---|
| `covariates` | what of an area its HLE is modelled from |
| `weighting` | people-weighted means over councils |
| `fay_herriot` | council figures smoothed with the help of their sampling errors |
| `model` | HLE of every area with its interval |
| `simulation` | how likely an area is to lie in the lowest band |
"""
