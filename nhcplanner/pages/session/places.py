"""Places that the app offers by name: folders in its settings, and every part of England.

Only these names are accepted from the address bar, from saved work and from the pages. Any other
text is never used as a path, so it opens, writes and reveals nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from nhcplanner import workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers.place_folder import manifest
from nhcplanner.pages.session import settings


def offered_places() -> dict[str, Path]:
    """Return place folders by name: each root that is one, and those directly inside a root.

    The first root wins where several have a name. Links that lead out of their root are left out.
    """
    found: dict[str, Path] = {}
    for given in settings.words(settings.PLACES, os.pathsep):
        with suppress(OSError, RuntimeError):  # a missing root offers nothing
            root = Path(given).expanduser().resolve()
            for one in [root, *sorted(root.iterdir())]:
                inside = one == root or one.resolve().parent == root
                if inside and (one / manifest.NAME).is_file():
                    found.setdefault(one.name, one)
    return found


def place_folder(name: str) -> Path:
    """Return the folder of a place by its name.

    Parameters
    ----------
    name
        Of `offered_places`, else a label of `workflow.place_labels`.

    Raises
    ------
    InputError
        For a name that is not offered, with the same words whether or not such a folder exists.
    """
    found = offered_places().get(name)
    if found is not None:
        return found
    part = workflow.place_labels().get(name)
    if part is None:
        hint = "Choose a place under Start, or start the app with --places FOLDER"
        raise InputError([Fault("this app has no place of that name", hint=hint)])
    return _made(part)


@cache
def _made(part: str) -> Path:
    """The place folder of a part of England, made when it is first asked for."""
    return workflow.named_place(part)
