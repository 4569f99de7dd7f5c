"""Packaged data of England: any council, ICB or region as a Place, without a download.

| module | what is in it |
|---|---|
| `store` | the packaged national layers, read by what is wanted of them |
| `gazetteer` | every name that a part of England may be asked for by |
| `find` | which areas a name means, or what it could have meant |
| `health.small_area_model` | HLE of small areas, and their probability of the lowest band |
| `place` | a Place of the packaged layers, with a user's own files beside them |
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
