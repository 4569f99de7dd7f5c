"""The network: files are fetched within limits, checked, and cached."""

from nhcplanner.layers.web.bodies import Limits, unlike
from nhcplanner.layers.web.cache import CachedWeb, RetryPolicy, new_client, user_cache
from nhcplanner.layers.web.request import (
    Kind,
    Request,
    TransientError,
    UnreachableError,
    WebClient,
    check_address,
)

__all__ = [
    "CachedWeb",
    "Kind",
    "Limits",
    "Request",
    "RetryPolicy",
    "TransientError",
    "UnreachableError",
    "WebClient",
    "check_address",
    "new_client",
    "unlike",
    "user_cache",
]
