"""The only door out: everything here is made from an Outcome and changes nothing in it.

A name is imported when it is first asked for: maps, workbook and brief each lean on libraries that
are slow to import, and whoever looks at one page or asks for help needs none of them.
"""

from nhcplanner.domain.lazily import lazily

_HOMES = {
    "APP_OPTIONS": "style",
    "Database": "gis.postgis",
    "WRITERS": "writers",
    "Writer": "writers",
    "as_json": "report",
    "as_one": "packed",
    "check_postgis": "gis.postgis",
    "chosen_writers": "writers",
    "into_postgis": "gis.postgis",
    "plan_map": "maps",
    "save_map": "maps",
    "scenario_text": "files",
    "settle": "whole",
    "summary": "report",
    "words": "wording",
    "write_comparison": "differences",
    "write_files": "files",
    "write_handin": "writers",
    "write_left_out": "left_out",
    "write_template": "template",
}

__getattr__, __dir__ = lazily(__name__, _HOMES)
