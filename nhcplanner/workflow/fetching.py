"""Place folders gathered from official sources: from the network, or from files at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from nhcplanner import layers, travel
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.workflow.told import Progress, tell


@dataclass(frozen=True)
class Fetching:
    """How a place is fetched.

    Parameters
    ----------
    from_files
        Folder of official files downloaded by hand; nothing is then asked of the network.
    cache
        Folder of files fetched; by default the user's own.
    offline
        True: only what the cache holds.
    refresh
        True: ask anew for what the cache holds.
    streets
        "geofabrik" (the county's extract, clipped), "overpass" (small places) or "none".
    timetable
        False: no bus timetable.
    sites
        A user's own lists of buildings, added to the official ones.
    fetch_rest
        True: what the folder of files lacks is asked of the network all the same.
    amenities
        True: public buildings of the county's extract become candidates, marked so.
    """

    from_files: Path | None = None
    cache: Path | None = None
    offline: bool = False
    refresh: bool = False
    streets: Literal["geofabrik", "overpass", "none"] = "geofabrik"
    timetable: bool = True
    sites: tuple[Path, ...] = ()
    fetch_rest: bool = False
    amenities: bool = False


def fetch(
    names: Sequence[str],
    folder: Path,
    how: Fetching | None = None,
    progress: Progress | None = None,
    finder: layers.Finder | None = None,
) -> Path:
    """Make a place folder from official sources.

    Parameters
    ----------
    names
        Councils, ICBs, codes of areas, councils or ICBs, or a text file of such codes.
    folder
        The place folder to make.
    how
        Where files come from.
    progress
        Told what is being done.
    finder
        Brings the files, instead of what `how` says.

    Returns
    -------
    Path
        The folder; what could not be had stands in the place's notes.

    Raises
    ------
    InputError
        For unknown names, official files of another form, and amenities without an extract.
    FetchError
        Where a source is not to be had without which there is no place; what has come is kept in
        the cache.
    """
    how = how or Fetching()
    layers.may_replace(folder)
    if how.amenities and how.streets != "geofabrik":
        words, mend = "public buildings come with the county's extract", "Say --streets geofabrik"
        raise InputError([Fault(words, mend=mend)])
    for own in how.sites:
        layers.read_estates(own)  # its faults are told before anything is fetched
    finder = finder or _finder(how, progress)
    with TemporaryDirectory() as scratch:
        networks = layers.networks(how.streets, how.timetable)
        found = layers.gather(
            layers.listed(names), finder, Path(scratch), networks, how.sites,
            lambda words: tell(progress, words),
        )  # fmt: skip
        place, streets = found.place, None
        if found.streets is not None:
            tell(progress, "Reading streets")
            network = travel.Network.read(found.streets)
            streets = Path(scratch) / "streets.npz"
            network.save(streets)
            place = _of_extract(place, found.streets, len(network.source), how.amenities)
        tell(progress, "Writing the place folder")
        return layers.write_place(place, folder, streets, found.timetable)


def _of_extract(place: Place, extract: Path, ways: int, amenities: bool) -> Place:
    """The place with its count of streets and, where wanted, the extract's public buildings."""
    record = next(source for source in place.sources if source.layer == "streets")
    sources = tuple(
        replace(source, rows=ways) if source is record else source for source in place.sources
    )
    place = replace(place, sources=sources)
    return layers.with_amenities(place, extract, record) if amenities else place


def _finder(how: Fetching, progress: Progress | None) -> layers.Finder:
    web = layers.from_web(how.cache, how.offline, how.refresh, progress)
    if how.from_files is None:
        return web
    return layers.from_folder(how.from_files, web if how.fetch_rest else None)
