"""The only door out: everything here is made from an Outcome and changes nothing in it.

A name is imported when it is first asked for: maps, workbook and brief each lean on libraries that
are slow to import, and whoever looks at one page or asks for help needs none of them.
"""

from importlib import import_module
from typing import Any

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
    "summary": "report",
    "words": "wording",
    "write_comparison": "differences",
    "write_files": "files",
    "write_handin": "writers",
    "write_template": "template",
}
"""Each public name, and the module here that it stands in."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
