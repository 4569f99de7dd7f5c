"""What a place holds, in a few plain lines."""

from __future__ import annotations

from nhcplanner.domain.place import Place
from nhcplanner.domain.words import counted, some
from nhcplanner.outputs import needs, wording


def holds(place: Place) -> list[str]:
    """What its areas tell, how HLE came about, its buildings and ways of travelling.

    Parameters
    ----------
    place
        Any place.
    """
    told = [one.title for one in needs.measures(place).values()]
    kinds = place.sites["kind"].value_counts()
    buildings = [f"{wording.kind(kind)} {number:,}" for kind, number in kinds.items()]
    ways = [
        words
        for path, words in (
            (place.matrix, "your own matrix of minutes"),
            (place.streets, "streets"),
            (place.timetable, "a timetable of public transport"),
        )
        if path is not None
    ]
    return [
        f"Of its areas: {', '.join(told)}",
        *wording.modelled(place),
        f"{counted(len(place.sites), 'site')}: {some(buildings)}",
        *([f"For travel times: {' and '.join(ways)}"] if ways else []),
    ]
