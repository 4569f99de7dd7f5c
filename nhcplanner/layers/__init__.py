"""The only door in: users' files and place folders become a sound Place, or a list of faults."""

from nhcplanner.layers.build import build_place
from nhcplanner.layers.check import Section, describe, sections
from nhcplanner.layers.feeds import matrix_source, street_source, timetable_source
from nhcplanner.layers.folder import is_place_folder, read_place, write_place
from nhcplanner.layers.packaged import demo_folder, demo_scenario
from nhcplanner.layers.records import input_files, read_record, record_path
from nhcplanner.layers.saved import Saved, SavedPlan, save, saved
from nhcplanner.layers.scenarios import read_scenario
from nhcplanner.layers.spread import start_at
from nhcplanner.layers.uploads import unpack_place

__all__ = [
    "Saved",
    "SavedPlan",
    "Section",
    "build_place",
    "demo_folder",
    "demo_scenario",
    "describe",
    "input_files",
    "is_place_folder",
    "matrix_source",
    "read_place",
    "read_record",
    "read_scenario",
    "record_path",
    "save",
    "saved",
    "sections",
    "start_at",
    "street_source",
    "timetable_source",
    "unpack_place",
    "write_place",
]
