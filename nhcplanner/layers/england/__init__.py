"""England in the box: any council, ICB or region of England as a Place, without a download.

| module | what is in it |
|---|---|
| `store` | the packaged national layers, read by what is wanted of them |
| `gazetteer` | every name that a part of England may be asked for by |
| `find` | which areas a name means, or what it could have meant |
| `small_area` | HLE of small areas and their probability of the lowest band |
| `place` | a Place of the packaged layers, with a user's own files beside them |
"""

from nhcplanner.base.lazy import lazy_names

_HOMES = {
    "Choices": "place",
    "Found": "find",
    "england": "place",
    "find_place": "find",
    "list_places": "find",
    "lowest_band": "small_area",
    "place_names": "store",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
