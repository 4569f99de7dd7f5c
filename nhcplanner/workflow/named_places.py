"""Places of England by name, from the official layers that come with the package."""

from __future__ import annotations

import hashlib
import re
import warnings
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp

import pandas as pd

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError, PlannerWarning
from nhcplanner.domain.place import Place
from nhcplanner.layers import england as packaged
from nhcplanner.workflow.progress import Progress, report_progress

KEY_LENGTH = 12
"""Hexadecimal digits of the hash in the name of a cached place folder."""


def england(*names: str, choices: packaged.Choices | None = None) -> Place:
    """Make a place of councils, ICBs or regions of England, without a download.

    Parameters
    ----------
    *names
        Councils of either tier, ICBs of 2024 or April 2026, regions, MSOAs or their codes; several
        become one place. "England" is all of it.
    choices
        Kinds of buildings, a user's own lists and tables, the level of HLE.

    Returns
    -------
    Place
        In memory, without streets: travel times are an estimate from straight lines.

    Raises
    ------
    InputError
        For names that are unknown or fit several places, with the nearest names.

    Examples
    --------
    >>> from nhcplanner import england
    >>> place = england("Blackpool")
    >>> place.title, len(place.areas)
    ('Blackpool', 94)
    """
    return packaged.england(*names, choices=choices)


def list_places(text: str = "") -> pd.DataFrame:
    """List the names that `england` takes.

    Parameters
    ----------
    text
        Only names that hold these words, else the nearest ones; empty = all but MSOAs.

    Returns
    -------
    DataFrame
        One row per name: `name`, `kind`, `what`.

    Examples
    --------
    >>> from nhcplanner import list_places
    >>> list_places("rutland")["name"].iloc[0]
    'Rutland'
    """
    return packaged.list_places(text)


def named_place(name: str, progress: Progress | None = None) -> Path:
    """Find or make the place folder of a named part of England in the user's cache.

    The folder is made once for each edition of the packaged layers, so that travel times are kept
    and a plan's record finds its place again.

    Parameters
    ----------
    name
        Name, as in `england`.
    progress
        Receives a sentence about the current step.

    Raises
    ------
    InputError
        For names that are unknown or fit several places.

    Warns
    -----
    PlannerWarning
        If the cache cannot be written; the folder is then temporary.
    """
    found = packaged.find_place(name)
    key = _key(found)
    for folder in (packaged.cache_folder() / key, *_temporary):
        if folder.name == key and layers.is_place_folder(folder):
            return folder
    report_progress(progress, f"Making {found.title} from the packaged layers")
    parent = _writable(packaged.cache_folder())
    folder = parent / key
    layers.write_place(england(name), folder)
    if parent != packaged.cache_folder():
        _temporary.append(folder)
    return folder


def _key(found: packaged.FoundPlace) -> str:
    """Return the name of a place's cached folder: its title, and a hash of its inputs."""
    edition = hashlib.sha256(packaged.edition())
    starts = packaged.starts_at(len(found.areas))
    edition.update(
        "\n".join((starts, found.title, found.kind, *found.notes, *found.areas)).encode()
    )
    return f"{_plain(found.title)}-{edition.hexdigest()[:KEY_LENGTH]}"


def name_of(folder: str, title: str) -> str:
    """Return the name by which others name a place that has a folder in the user's cache.

    Parameters
    ----------
    folder
        Name of the place folder, without its path.
    title
        The place's title.

    Returns
    -------
    str
        A name that `named_place` makes the same place from: the title, or a code if the title
        fits another place too. "" for a folder that is none of the cache's.
    """
    start, _, key = folder.rpartition("-")
    if start != _plain(title) or not re.fullmatch(rf"[0-9a-f]{{{KEY_LENGTH}}}", key):
        return ""
    labels = packaged.place_labels()
    codes = [code for label, code in labels.items() if label.startswith(title)]
    names = [name for name in (title, *codes) if _is_found(name)]
    same = [name for name in names if _key(packaged.find_place(name)) == folder]
    if same:
        return same[0]
    return title if title in names else ""  # made by another of its names, or an older edition


def portable_name(place: Place) -> str:
    """Return the name by which commands on another computer accept a place; "" if it has none."""
    if place.folder is None:
        return ""
    return name_of(place.folder.name, place.name) or place.folder.name


def _is_found(name: str) -> bool:
    try:
        packaged.find_place(name)
    except InputError:  # it fits several places
        return False
    return True


_temporary: list[Path] = []
"""Place folders of this process that could not be stored in the cache."""


def _writable(folder: Path) -> Path:
    """Return the cache folder, or a temporary folder if it cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        made = Path(mkdtemp(prefix="nhcplanner-"))
        warnings.warn(
            f"{folder} cannot be written ({error.strerror}): the place is made in {made}, which "
            "no later command looks in. Set XDG_CACHE_HOME to a folder that can be written",
            PlannerWarning,
            stacklevel=3,
        )
        return made


def place_labels() -> dict[str, str]:
    """Return the label of each named part of England, with its name or code for `named_place`.

    Examples
    --------
    >>> from nhcplanner import workflow
    >>> workflow.place_labels()["Blackpool (upper-tier council)"]
    'E06000009'
    """
    return packaged.place_labels()


def search_places(text: str) -> list[str]:
    """Return the labels that a text may mean, the likeliest first; at most twelve.

    Examples
    --------
    >>> from nhcplanner import workflow
    >>> workflow.search_places("blackpool")[0]
    'Blackpool (upper-tier council)'
    """
    return packaged.search_labels(text)


def open_place(text: Path | str) -> Path:
    """Return the folder of a place by its path, the word demo, or the name of a part of England.

    Parameters
    ----------
    text
        A place folder of this name, or a file, comes first. Any other folder of this name, such as
        one that holds results, does not hide the demo place or a part of England.

    Raises
    ------
    InputError
        If there is no such place, with the nearest names.
    """
    path = Path(text)
    if path.is_file() or layers.is_place_folder(path) or path.name != str(text):
        return path
    if str(text) == "demo":
        return layers.demo_folder()
    try:
        return named_place(str(text))
    except InputError as error:
        if path.exists():
            return path
        words = "; no folder here has this name either"
        raise InputError(
            Fault(f"{each.problem}{words}", each.file, each.row, each.column, each.hint)
            for each in error.faults
        ) from None


def _plain(title: str) -> str:
    """Return a title in the form of a folder's name."""
    letters = "".join(sign if sign.isalnum() else "-" for sign in title.lower())
    return "-".join(part for part in letters.split("-") if part)[:40]
