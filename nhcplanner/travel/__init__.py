"""From streets to minutes: networks, bounded search, and straight-line estimates."""

from nhcplanner.travel.crowfly import estimate
from nhcplanner.travel.network import Network
from nhcplanner.travel.profile import Profile
from nhcplanner.travel.streets import Streets

__all__ = ["Network", "Profile", "Streets", "estimate"]
