"""The only door out: everything here is made from an Outcome and changes nothing in it."""

from nhcplanner.outputs.differences import write_comparison
from nhcplanner.outputs.files import write_files
from nhcplanner.outputs.gis.postgis import Database, check_postgis, into_postgis
from nhcplanner.outputs.maps import plan_map, save_map
from nhcplanner.outputs.report import as_json, summary
from nhcplanner.outputs.style import APP_OPTIONS
from nhcplanner.outputs.template import write_template
from nhcplanner.outputs.wording import words
from nhcplanner.outputs.writers import WRITERS, Writer, chosen_writers, write_handin

__all__ = [
    "APP_OPTIONS",
    "WRITERS",
    "Database",
    "Writer",
    "as_json",
    "check_postgis",
    "chosen_writers",
    "into_postgis",
    "plan_map",
    "save_map",
    "summary",
    "words",
    "write_comparison",
    "write_files",
    "write_handin",
    "write_template",
]
