"""Intake record of a street file: what was left out, what is doubtful, and notes for readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.intake import FileIntake
from nhcplanner.travel.speed_profile import Profile
from nhcplanner.travel.streets.network import Network

MODES = {"walk": "On foot", "cycle": "By cycle", "drive": "By car"}
NOTED = ("doubt", "default", "note")
"""Kinds of events that a reader of a plan must know too."""


def describe_streets(network: Network, file: str, profile: Profile | None = None) -> FileIntake:
    """Make the intake record of a street file.

    Parameters
    ----------
    network
        The streets as read.
    file
        Name of their file, or of several.
    profile
        Speeds and limits; by default `Profile()`.

    Returns
    -------
    FileIntake
        Streets that were left out, parts that do not connect, ferries without a duration, ways
        with holes, and tags that were not read or not obeyed.
    """
    profile = profile or Profile()
    record = FileIntake(file, role="streets", rows_read=network.report.get("ways", 0))
    record = _with_source(record, network.report, profile)
    for mode, words in MODES.items():
        record = _with_mode(record, network, mode, words, profile)
    return record


def street_notes(record: FileIntake) -> tuple[str, ...]:
    """Return the lines of a street file's record for readers of a plan."""
    return tuple(f"Streets: {event}" for event in record.events if event.kind in NOTED)


def _with_source(record: FileIntake, report: Mapping[str, Any], profile: Profile) -> FileIntake:
    """Return the record with findings from reading the file."""
    for doubt in report.get("doubts", ()):
        record = record.with_event("doubt", doubt.rstrip("."))
    holes = report.get("holes", {})
    if holes.get("ways"):
        words = (
            f"{plural(holes['ways'], 'way')} without {plural(holes['nodes'], 'point')} that the "
            "file does not hold: cut there, so that nobody passes"
        )
        record = record.with_event("doubt", words, holes["ways"], holes["examples"])
    ferries = report.get("ferries_without_duration", 0)
    if ferries:
        words = f"{plural(ferries, 'ferry route')} without a duration: {profile.ferry_kmh:g} km/h"
        record = record.with_event("default", words, ferries)
    unknown = report.get("unread_values", {})
    if unknown:
        words = (
            f"Tags of {plural(sum(unknown.values()), 'way')} with a value that is not known: "
            "access is taken as shut, and a one-way or speed tag as not there"
        )
        record = record.with_event("doubt", words, sum(unknown.values()), _with_counts(unknown))
    timed = report.get("timed_values", {})
    if timed:
        words = (
            f"Tags of {plural(sum(timed.values()), 'way or turn')} that hold at some times only: "
            "not obeyed"
        )
        if any("reversible" in tag for tag in timed):
            words += "; streets that are one-way in turn are shut to vehicles"
        record = record.with_event("note", words, sum(timed.values()), _with_counts(timed))
    heights = report.get("heights", {})
    if heights.get("unknown"):
        words = (
            f"{plural(heights['unknown'], 'node')} of the streets without a height in "
            f"{', '.join(heights['files'])}: streets there follow their incline, or count as level"
        )
        record = record.with_event("note", words, heights["unknown"])
    for words, count in report.get("left_out", {}).items():
        record = record.with_event("left out", f"{count:,} left out: {words}", count)
    return record


def _with_mode(
    record: FileIntake, network: Network, mode: str, words: str, profile: Profile
) -> FileIntake:
    """Return the record with the connected parts of the streets of one mode."""
    try:
        streets = network.streets(mode, profile)
    except InputError:
        return record.with_event("doubt", f"{words}, no street may be used")
    longest, *others = (streets.web.metres / 1000).tolist()
    if others:
        more = "another part" if len(others) == 1 else f"{len(others)} other parts"
        sizes = " and ".join(dict.fromkeys(f"{km:.1f} km" for km in (others[0], others[-1])))
        sentence = (
            f"{words}, {more} of the streets ({sizes}) and the longest ({longest:.1f} km) do not "
            "connect both ways: nobody crosses between them"
        )
        record = record.with_event("doubt", sentence, len(others))
    cut_off = streets.report["km_cut_off"]
    if cut_off:
        sentence = (
            f"{words}, {cut_off:.1f} km of streets in short fragments cut off from the rest: left "
            "out, and points beside them are tied to the nearest longer part"
        )
        record = record.with_event("doubt", sentence)
    return record


def _with_counts(values: Mapping[str, int]) -> list[str]:
    return [f"{value}, {count:,} times" for value, count in values.items()]
