"""Places that the app offers by name: those in the folders that its runner configured.

Only these names are accepted, from the address bar, from saved work and from the pages. A text
that is no name of the list is never tried as a path, so it opens, writes and tells nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers.place_folder import manifest
from nhcplanner.pages.session import settings


def offered() -> dict[str, Path]:
    """Place folders by name: each root itself, where it is one, and those right inside it.

    A name that several roots have means the one in the first; a link that leads out of its root
    is left out.
    """
    found: dict[str, Path] = {}
    for given in settings.words(settings.PLACES, os.pathsep):
        with suppress(OSError, RuntimeError):  # a root that is gone offers nothing
            root = Path(given).expanduser().resolve()
            for one in [root, *sorted(root.iterdir())]:
                inside = one == root or one.resolve().parent == root
                if inside and (one / manifest.NAME).is_file():
                    found.setdefault(one.name, one)
    return found


def place_folder(name: str) -> Path:
    """Folder of a place by its name.

    Raises
    ------
    InputError
        The same for whatever is not offered, there or not.
    """
    found = offered().get(name)
    if found is None:
        hint = "Choose a place under Start; whoever runs the app adds folders with --places"
        raise InputError([Fault("this app offers no such place", hint=hint)])
    return found
