"""Packed: a folder of documents as one file that a browser can take away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from nhcplanner.outputs.harmless import file_name
from nhcplanner.outputs.whole import files_in

RECORD = "plan.json"
PLAN = "plan"
"""In place of a format: the files of the plan itself."""
_DATE = (2000, 1, 1, 0, 0, 0)  # the same files, the same bytes


def as_one(folder: Path, title: str) -> tuple[str, bytes, tuple[str, ...]]:
    """Make one file of a folder: the only document in it as it is, else a zip of everything.

    Parameters
    ----------
    folder
        What is to be packed. The plan's record alone beside a document is no reason for a zip.
    title
        What a zip is called after.

    Returns
    -------
    name, content, files
        Of the one file, and the names of what is in it.
    """
    names = files_in(folder)
    documents = [name for name in names if name != RECORD]
    if len(documents) == 1:
        return documents[0], (folder / documents[0]).read_bytes(), (documents[0],)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(
                zipfile.ZipInfo(name, _DATE), (folder / name).read_bytes(), zipfile.ZIP_DEFLATED
            )
    return file_name(title, ".zip"), packed.getvalue(), tuple(names)
