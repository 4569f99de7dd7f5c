"""Official sources, one a module: where each is, what it gives, how its file is read.

A module holds one or a few `OfficialSource`s and the reading of their files, and is listed in
`SOURCES`; nothing else need know of it.
"""

from nhcplanner.layers.sources.base import OfficialSource, Wanted

SOURCES: tuple[OfficialSource, ...] = ()
"""All that are known, in the order in which they are asked."""

__all__ = ["SOURCES", "OfficialSource", "Wanted"]
