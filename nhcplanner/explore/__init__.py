"""Questions asked over `solve`."""

from nhcplanner.explore.price import Price
from nhcplanner.explore.priority import PriceOfPriority, price_of_priority
from nhcplanner.explore.waves import Phasing, Wave, WavePlan, plan_in_waves

__all__ = [
    "Phasing",
    "Price",
    "PriceOfPriority",
    "Wave",
    "WavePlan",
    "plan_in_waves",
    "price_of_priority",
]
