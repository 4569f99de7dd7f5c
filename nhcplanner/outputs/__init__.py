"""Maps, charts, tables and files, made from the results of a plan without changing them.

A name is imported when it is first asked for: maps, workbook and brief each lean on libraries that
are slow to import, and whoever looks at one page or asks for help needs none of them.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
