"""The only door in: users' files and place folders become a sound Place, or a list of faults.

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

from nhcplanner.base.lazy import lazy_names

_HOMES = {
    "Estates": "sites.own_list",
    "Extras": "inputs",
    "Finder": "sources.finders",
    "Gathered": "fetch",
    "SOURCES": "sources",
    "Saved": "saved",
    "SavedPlan": "saved",
    "CheckSection": "place_folder.check",
    "Spot": "geocoding.locate",
    "build_place": "build",
    "check_json": "place_folder.check",
    "demo_folder": "scenarios",
    "demo_scenario": "scenarios",
    "describe": "place_folder.check",
    "from_folder": "fetch",
    "from_web": "fetch",
    "gather": "fetch",
    "input_files": "saved",
    "find_place": "saved",
    "is_place_folder": "place_folder.folder",
    "lacks": "place_folder.check",
    "list_areas": "codes.naming",
    "matrix_source": "provenance",
    "may_replace": "place_folder.folder",
    "networks": "fetch",
    "read_amenities": "sites.public_buildings",
    "read_estates": "sites.own_list",
    "read_place": "place_folder.folder",
    "read_record": "saved",
    "read_saved": "saved",
    "read_scenario": "scenarios",
    "record_path": "saved",
    "save": "saved",
    "sections": "place_folder.check",
    "spot": "geocoding.locate",
    "start_at": "population.origins",
    "street_source": "provenance",
    "timetable_source": "provenance",
    "unpack_place": "place_folder.uploads",
    "with_amenities": "sites.public_buildings",
    "write_place": "place_folder.folder",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
