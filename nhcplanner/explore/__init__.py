"""Questions asked over `solve`."""

from nhcplanner.explore.aims import aims
from nhcplanner.explore.alternatives import Alternatives, Floor, Near, alternatives
from nhcplanner.explore.curve import Curve, Point, curve
from nhcplanner.explore.exchange import Change, Exchange
from nhcplanner.explore.explain import Candidate, Centre, Explanation, explain
from nhcplanner.explore.frontier import Frontier, Pace, frontier
from nhcplanner.explore.losses import Loss, losses
from nhcplanner.explore.price import Price
from nhcplanner.explore.priority import PriceOfPriority, price_of_priority
from nhcplanner.explore.roles import Role, roles
from nhcplanner.explore.waves import Phasing, Wave, WavePlan, plan_in_waves

__all__ = [
    "Alternatives",
    "Candidate",
    "Centre",
    "Change",
    "Curve",
    "Exchange",
    "Explanation",
    "Floor",
    "Frontier",
    "Loss",
    "Near",
    "Pace",
    "Phasing",
    "Point",
    "Price",
    "PriceOfPriority",
    "Role",
    "Wave",
    "WavePlan",
    "aims",
    "alternatives",
    "curve",
    "explain",
    "frontier",
    "losses",
    "plan_in_waves",
    "price_of_priority",
    "roles",
]
