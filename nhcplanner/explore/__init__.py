"""Questions that call `solve` several times."""

from nhcplanner.explore.alternatives import Alternatives, Floor, Near, Role, alternatives, roles
from nhcplanner.explore.exchange import Change, Exchange
from nhcplanner.explore.explain import (
    Candidate,
    Centre,
    Explanation,
    Loss,
    PriceOfPriority,
    better_exchange,
    broken_rules,
    explain,
    losses,
    price_of_priority,
)
from nhcplanner.explore.frames import (
    Names,
    alternative_frames,
    explanation_frames,
    loss_frame,
    plan_sites,
    price_frame,
    robustness_frames,
    role_frame,
    wave_frames,
)
from nhcplanner.explore.growth import growth_draws, growth_factors, other_people
from nhcplanner.explore.pareto import Curve, Point, curve
from nhcplanner.explore.regret import LeastRegret, least_regret
from nhcplanner.explore.robustness import (
    HleInterval,
    Robustness,
    Tried,
    hle_draws,
    minutes_draws,
    other_reach,
    robustness,
    site_failures,
)
from nhcplanner.explore.subproblems import Price
from nhcplanner.explore.trade_off import Frontier, Pace, aims, frontier
from nhcplanner.explore.waves import Order, Phasing, Wave, WavePlan, plan_in_waves

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
    "HleInterval",
    "LeastRegret",
    "Loss",
    "Names",
    "Near",
    "Order",
    "Pace",
    "Phasing",
    "Point",
    "Price",
    "PriceOfPriority",
    "Robustness",
    "Role",
    "Tried",
    "Wave",
    "WavePlan",
    "aims",
    "alternative_frames",
    "alternatives",
    "better_exchange",
    "broken_rules",
    "curve",
    "explain",
    "explanation_frames",
    "frontier",
    "growth_draws",
    "growth_factors",
    "hle_draws",
    "least_regret",
    "loss_frame",
    "losses",
    "minutes_draws",
    "other_people",
    "other_reach",
    "plan_in_waves",
    "plan_sites",
    "price_frame",
    "price_of_priority",
    "robustness",
    "robustness_frames",
    "role_frame",
    "roles",
    "site_failures",
    "wave_frames",
]
