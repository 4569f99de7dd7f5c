"""The network: files asked for politely, within limits, checked, and kept in a cache."""

from nhcplanner.layers.web.addresses import check_address
from nhcplanner.layers.web.ask import Ask, Kind, Web
from nhcplanner.layers.web.bodies import Limits
from nhcplanner.layers.web.cached import CachedWeb, Manners, new_client, user_cache
from nhcplanner.layers.web.failures import PassingError, UnreachableError
from nhcplanner.layers.web.looks import unlike

__all__ = [
    "Ask",
    "CachedWeb",
    "Kind",
    "Limits",
    "Manners",
    "PassingError",
    "UnreachableError",
    "Web",
    "check_address",
    "new_client",
    "unlike",
    "user_cache",
]
