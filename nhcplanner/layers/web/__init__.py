"""The network, behind one door: files asked for politely, checked, and kept in a cache."""

from nhcplanner.layers.web.ask import Ask, Kind, Web

__all__ = ["Ask", "Kind", "Web"]
