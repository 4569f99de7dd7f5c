"""The only door out: everything here is made from an Outcome and changes nothing in it."""

from nhcplanner.outputs.files import write_files
from nhcplanner.outputs.maps import plan_map, save_map
from nhcplanner.outputs.report import as_json, summary
from nhcplanner.outputs.style import APP_OPTIONS
from nhcplanner.outputs.wording import words

__all__ = ["APP_OPTIONS", "as_json", "plan_map", "save_map", "summary", "words", "write_files"]
