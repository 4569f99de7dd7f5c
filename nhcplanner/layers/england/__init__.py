"""Packaged data of England: any council, ICB or region as a Place, without a download.

| module | contents |
|---|---|
| `store` | the packaged national layers, by column and area |
| `gazetteer` | the names of all parts of England |
| `find` | the areas of a name, and suggestions for unknown names |
| `health.small_area_model` | HLE of small areas, and their probability of the lowest band |
| `place` | a Place from the packaged layers and a user's own files |
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
