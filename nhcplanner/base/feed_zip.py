"""Members of a timetable's zip: the files of one GTFS feed, wherever in the zip they lie."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import PurePosixPath

from nhcplanner.base.errors import Fault

STOPS = "stops.txt"
HINT = "Give a GTFS feed: one .zip with stops.txt and the other tables in it"


def feed_members(packed: zipfile.ZipFile, file: str) -> tuple[dict[str, str], list[Fault]]:
    """Names of a feed's files, in lower case, and the member of the zip that holds each.

    The files may lie in one folder inside the zip, and their names may be in any case. Copies of
    names that macOS adds are passed over.

    Parameters
    ----------
    packed
        The zip.
    file
        Its name, for messages.

    Returns
    -------
    dict of str to str
        `stops.txt` and so on -> the member's full name.
    list of Fault
        Where several feeds lie in the zip, or one file stands in it twice.
    """
    paths = [PurePosixPath(name) for name in packed.namelist() if not name.endswith("/")]
    paths = [p for p in paths if "__MACOSX" not in p.parts and not p.name.startswith("._")]
    folders = sorted({str(p.parent) for p in paths if p.name.lower() == STOPS}, key=len)
    top = "." if "." in folders else next(iter(folders), ".")
    if len(folders) > 1 and top != ".":
        words = f"holds {len(folders)} timetables ({', '.join(folders[:3])})"
        return {}, [Fault(words, file, hint="Give a zip of one of them")]
    here = [p for p in paths if str(p.parent) == top]
    faults = [
        Fault(f"{name} stands in it {count} times", file, hint="Keep one of them")
        for name, count in Counter(p.name.lower() for p in here).items()
        if count > 1
    ]
    return {p.name.lower(): str(p) for p in here}, faults
