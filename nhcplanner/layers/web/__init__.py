"""The network, behind one door: files asked for politely, checked, and kept in a cache."""

from nhcplanner.layers.web.ask import Ask, Kind, Web
from nhcplanner.layers.web.cached import CachedWeb, Manners, new_client, user_cache
from nhcplanner.layers.web.failures import PassingError, UnreachableError
from nhcplanner.layers.web.looks import unlike

__all__ = [
    "Ask",
    "CachedWeb",
    "Kind",
    "Manners",
    "PassingError",
    "UnreachableError",
    "Web",
    "new_client",
    "unlike",
    "user_cache",
]
