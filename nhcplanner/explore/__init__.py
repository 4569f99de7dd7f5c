"""Questions asked over `solve`."""

from nhcplanner.explore.priority import PriceOfPriority, price_of_priority

__all__ = ["PriceOfPriority", "price_of_priority"]
