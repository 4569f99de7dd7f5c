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

from nhcplanner.domain.lazily import lazily

_HOMES = {
    "Estates": "sites.own_list",
    "Extras": "building.inputs",
    "Finder": "sources.finders",
    "Gathered": "fetching.fetch",
    "SOURCES": "sources",
    "Saved": "saved",
    "SavedPlan": "saved",
    "Section": "folders.check",
    "Spot": "where.spot",
    "build_place": "building.build",
    "check_json": "folders.check",
    "demo_folder": "packaged",
    "demo_scenario": "packaged",
    "describe": "folders.check",
    "from_folder": "fetching.fetch",
    "from_web": "fetching.fetch",
    "gather": "fetching.fetch",
    "input_files": "records",
    "find_place": "records",
    "is_place_folder": "folders.folder",
    "lacks": "folders.check",
    "listed": "codes.naming",
    "matrix_source": "building.feeds",
    "may_replace": "folders.folder",
    "networks": "fetching.fetch",
    "read_amenities": "sites.amenities",
    "read_estates": "sites.own_list",
    "read_place": "folders.folder",
    "read_record": "records",
    "read_saved": "saved",
    "read_scenario": "scenarios",
    "record_path": "records",
    "save": "saved",
    "sections": "folders.check",
    "spot": "where.spot",
    "start_at": "building.spread",
    "street_source": "building.feeds",
    "timetable_source": "building.feeds",
    "unpack_place": "folders.uploads",
    "with_amenities": "sites.amenities",
    "write_place": "folders.folder",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
