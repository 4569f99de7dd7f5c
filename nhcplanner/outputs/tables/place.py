"""Data that a place includes, in a few lines."""

from __future__ import annotations

from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.place import Place
from nhcplanner.outputs.tables import need
from nhcplanner.outputs.wording import terms


def list_data(place: Place) -> list[str]:
    """Describe the measures of the areas, the kinds of building and the travel data of a place.

    Returns
    -------
    list of str
        One line a subject, without Markdown.
    """
    measures = [one.title for one in need.measures(place).values()]
    kinds = place.sites["kind"].value_counts()
    buildings = [f"{terms.kind(kind)} {number:,}" for kind, number in kinds.items()]
    travel = [
        words
        for path, words in (
            (place.matrix, "a travel-time matrix of your own"),
            (place.streets, "streets"),
            (place.timetable, "a timetable of public transport"),
            (place.zones, "zones of on-demand transport"),
            (place.has_heights or None, "heights of streets"),
        )
        if path is not None
    ]
    return [
        f"Of the areas: {', '.join(measures)}",
        *terms.modelled(place),
        f"{plural(len(place.sites), 'site')}: {shortened(buildings)}",
        *([f"For travel times: {' and '.join(travel)}"] if travel else []),
    ]
