"""Input of users' files and place folders: a checked Place, or a list of faults.

| folder | what is in it |
|---|---|
| `files` | files of any format as tables; names of columns; what cells say |
| `where` | coordinates, grid references and postcodes as points |
| `codes` | names, years and changes of the codes of areas, councils and ICBs |
| `hle` | healthy life expectancy of small areas |
| `sites` | lists of buildings: users' own, official, OpenStreetMap's |
| `building` | a place out of users' own files |
| `web` | the network, behind one door |
| `sources` | official sources, one a module |
| `fetching` | a place out of official sources |
| `folders` | place folders written, read, unpacked and checked |
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
