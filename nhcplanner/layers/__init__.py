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

from nhcplanner.layers.building.build import build_place
from nhcplanner.layers.building.feeds import matrix_source, street_source, timetable_source
from nhcplanner.layers.building.inputs import Extras
from nhcplanner.layers.building.spread import start_at
from nhcplanner.layers.codes.naming import listed
from nhcplanner.layers.fetching.fetch import Gathered, from_folder, from_web, gather, networks
from nhcplanner.layers.folders.check import Section, describe, sections
from nhcplanner.layers.folders.check import as_json as check_json
from nhcplanner.layers.folders.folder import is_place_folder, may_replace, read_place, write_place
from nhcplanner.layers.folders.uploads import unpack_place
from nhcplanner.layers.packaged import demo_folder, demo_scenario
from nhcplanner.layers.records import input_files, read_record, record_path
from nhcplanner.layers.saved import Saved, SavedPlan, save, saved
from nhcplanner.layers.scenarios import read_scenario
from nhcplanner.layers.sites.amenities import read_amenities, with_amenities
from nhcplanner.layers.sites.own_list import Estates, read_estates
from nhcplanner.layers.sources import SOURCES
from nhcplanner.layers.sources.finders import Finder
from nhcplanner.layers.where.spot import Spot, spot

__all__ = [
    "SOURCES",
    "Estates",
    "Extras",
    "Finder",
    "Gathered",
    "Saved",
    "SavedPlan",
    "Section",
    "Spot",
    "build_place",
    "check_json",
    "demo_folder",
    "demo_scenario",
    "describe",
    "from_folder",
    "from_web",
    "gather",
    "input_files",
    "is_place_folder",
    "listed",
    "matrix_source",
    "may_replace",
    "networks",
    "read_amenities",
    "read_estates",
    "read_place",
    "read_record",
    "read_scenario",
    "record_path",
    "save",
    "saved",
    "sections",
    "spot",
    "start_at",
    "street_source",
    "timetable_source",
    "unpack_place",
    "with_amenities",
    "write_place",
]
