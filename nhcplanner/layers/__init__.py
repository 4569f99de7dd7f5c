"""Input of users' files and place folders: a checked Place, or a list of faults.

| module or folder | contents |
|---|---|
| `build`, `inputs`, `validate` | a place from users' own files, and its checks |
| `fetch`, `gathering`, `sources` | a place from official sources |
| `england` | a place from the packaged layers of England |
| `readers` | files of any format as tables |
| `codes`, `geocoding` | codes of areas and councils; points on the map |
| `population`, `health`, `sites` | people, healthy life expectancy, and buildings |
| `place_folder`, `planning_files` | place folders, scenarios, plan records and saved work |
| `provenance` | sources and intake records |
| `neighbourhoods`, `registered_patients` | further files of users |
| `web` | the network |
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
