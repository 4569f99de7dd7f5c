"""Place folders from official sources, fetched or from files that a user downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from nhcplanner import layers, travel
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.workflow.place import with_street_record
from nhcplanner.workflow.progress import Progress, report_progress


@dataclass(frozen=True)
class Fetching:
    """Where the files of a place come from.

    Parameters
    ----------
    from_files
        Folder of official files that the user downloaded; nothing is then fetched.
    cache
        Folder of fetched files; by default the user's own.
    offline
        Whether to use files of the cache only.
    refresh
        Whether to fetch files again that the cache has.
    streets
        "geofabrik" (the extract of the county, clipped), "overpass" (small places) or "none".
    timetable
        Whether to include a bus timetable.
    sites
        A user's own lists of buildings, added to the official lists.
    fetch_rest
        Whether to fetch what the folder of files lacks.
    amenities
        Whether public buildings of the county's extract become candidates, marked as such.
    columns
        Column map (TOML) of the user's own lists.
    assume
        Answers to questions about those lists, each KEY=VALUE.
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
    columns: Path | None = None
    assume: tuple[str, ...] = ()


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
        Folder of the new place.
    how
        Where the files come from.
    progress
        Receives a sentence about the current step.
    finder
        Finds the files; overrides `how`.

    Returns
    -------
    Path
        The folder; the notes of the place name what is missing.

    Raises
    ------
    InputError
        For unknown names, official files of another form, and amenities without an extract.
    FetchError
        If a source without which there is no place does not answer; fetched files stay in the
        cache.
    """
    how = how or Fetching()
    layers.may_replace(folder)
    if how.amenities and how.streets != "geofabrik":
        words, hint = "public buildings come with the county's extract", "Say --streets geofabrik"
        raise InputError([Fault(words, hint=hint)])
    own_map = layers.read_map(how.columns).with_answers(how.assume)
    for own in how.sites:
        # Reports the faults of the list before anything is fetched.
        layers.read_estates(own, column_map=own_map)
    with TemporaryDirectory() as scratch, TemporaryDirectory() as unpacked:
        finder = finder or _finder(how, progress, Path(unpacked))
        networks = layers.networks(how.streets, how.timetable)
        found = layers.gather(
            layers.list_areas(names), finder, Path(scratch), networks, how.sites,
            lambda words: report_progress(progress, words), own_map,
        )  # fmt: skip
        place, streets = found.place, None
        if found.streets is not None:
            report_progress(progress, "Reading streets")
            network = travel.Network.read(found.streets)
            streets = Path(scratch) / "streets.npz"
            network.save(streets)
            place = _of_extract(place, found.streets, len(network.source), how.amenities)
            used = next(source for source in place.sources if source.layer == "streets")
            place = with_street_record(place, network, used.file or found.streets.name, used.sha256)
        if found.timetable is not None:
            report_progress(progress, "Reading the timetable")
            place = _of_clip(place, found.timetable)
        report_progress(progress, "Writing the place folder")
        return layers.write_place(place, folder, streets, found.timetable)


def _of_clip(place: Place, clip: Path) -> Place:
    """Return the place with the dates and the intake record of its clipped timetable."""
    read = travel.read_timetable(clip)
    sources = tuple(
        replace(source, vintage=read.dates) if source.layer == "timetable" else source
        for source in place.sources
    )
    return replace(place, sources=sources, intake=(*place.intake, read.record))


def _of_extract(place: Place, extract: Path, ways: int, amenities: bool) -> Place:
    """Return the place with its count of streets, and public buildings of the extract if wanted."""
    record = next(source for source in place.sources if source.layer == "streets")
    sources = tuple(
        replace(source, rows=ways) if source is record else source for source in place.sources
    )
    place = replace(place, sources=sources)
    return layers.with_amenities(place, extract, record) if amenities else place


def _finder(how: Fetching, progress: Progress | None, unpacked: Path) -> layers.Finder:
    web = layers.from_web(how.cache, how.offline, how.refresh, progress)
    if how.from_files is None:
        return web
    return layers.from_folder(how.from_files, unpacked, web if how.fetch_rest else None)
