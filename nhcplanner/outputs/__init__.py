"""The only door out: everything here is made from an Outcome and changes nothing in it.

A name is imported when it is first asked for: maps, workbook and brief each lean on libraries that
are slow to import, and whoever looks at one page or asks for help needs none of them.
"""

from nhcplanner.base.lazy import lazy_names

_HOMES = {
    "APP_OPTIONS": "style",
    "Database": "gis.postgis",
    "WRITERS": "hand_in",
    "Writer": "hand_in",
    "as_json": "report",
    "as_one": "hand_in",
    "check_postgis": "gis.postgis",
    "chosen_writers": "hand_in",
    "into_postgis": "gis.postgis",
    "plan_map": "maps.plan_map",
    "save_map": "maps.plan_map",
    "scenario_text": "wording.sentences",
    "summary": "report",
    "words": "wording.terms",
    "write_comparison": "tables.compare",
    "write_files": "plan_files",
    "write_handin": "hand_in",
    "write_left_out": "gis.access",
    "write_template": "tables.sites",
}

__getattr__, __dir__ = lazy_names(__name__, _HOMES)
