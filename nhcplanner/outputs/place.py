"""Map of a place: one offline page with its areas in colours and its sites."""

from __future__ import annotations

import folium
import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.outputs import style
from nhcplanner.outputs.maps import panel, plan_map
from nhcplanner.outputs.maps.leaflet import MapPage
from nhcplanner.outputs.maps.shading import Scale, Shading
from nhcplanner.outputs.sanitise import text
from nhcplanner.outputs.tables import need
from nhcplanner.outputs.wording import terms

_STATUS = {
    "existing": style.DARK_BLUE,
    "committed": style.FOCUS,
    "candidate": style.WHITE,
    "forbidden": style.GREY,
}


def place_map(
    place: Place, by: str | pd.Series = "", *, title: str = "", unit: str = ""
) -> folium.Map:
    """Draw a place on a self-contained page: areas in colours, sites as discs, sources.

    Nothing is fetched: Leaflet is inside, there are no tiles.

    Parameters
    ----------
    place
        The place.
    by
        What the areas are coloured by: "hle", "imd", "people", "aged_65", "no_car", "disabled",
        "rural", or a figure an area, on the index of the place's areas. Empty = the first of
        these names that the place tells.
    title, unit
        Of a figure of one's own.

    Returns
    -------
    folium.Map
        Shows itself in a notebook.

    Raises
    ------
    InputError
        For a name that the place does not tell, or figures that are not one an area.

    Examples
    --------
    >>> from nhcplanner import demo_place, place_map
    >>> "SYNTHETIC" in place_map(demo_place(), "hle").get_root().render()
    True
    """
    measure = _measure(place, by, title, unit)
    shading = measure.shading(place)
    made = plan_map.base_map(place)
    plan_map.shaded_layer(place, shading, need.tips(place, measure)).add_to(made)
    plan_map.outline_layer(place).add_to(made)
    for status, sites in place.sites.groupby("status", sort=False):
        names = place.site_names[sites.index]
        tips = [
            f"<b>{text(name)}</b><br>{text(terms.kind(kind))}, {text(status)}"
            for name, kind in zip(names, sites["kind"], strict=True)
        ]
        layer = plan_map.point_layer(
            f"sites_{status}", sites.geometry, tips, _STATUS[status], edge=style.INK
        )
        layer.add_to(made)
    page = MapPage(place.title, _heading(place, measure), _side(place, shading), _footer(place))
    page.add_child(made)
    return page


def _measure(place: Place, by: str | pd.Series, title: str, unit: str) -> need.NeedMeasure:
    if isinstance(by, pd.Series):
        if not by.index.equals(place.areas.index):
            words = f"figures to draw must be one for each of the {len(place.areas):,} areas"
            raise InputError([Fault(words, hint="Give them on the index of place.areas")])
        values = by.astype("float64").replace([np.inf, -np.inf], np.nan)
        name = title or str(by.name or "Figure")
        return need.NeedMeasure(
            "figure", name, "", (), lambda _: values, Scale(unit, _digits(values))
        )
    known = need.measures(place)
    if by and by not in known:
        hint = f"It tells {', '.join(known)}"
        raise InputError([Fault(f"{place.name} does not tell '{by}'", hint=hint)])
    return known[by or next(iter(known))]


def _digits(values: pd.Series) -> int:
    """Return the number of decimals that distinguishes the figures."""
    span = values.max() - values.min()
    return 0 if not np.isfinite(span) or span >= 10 else 1 if span >= 1 else 2


def _heading(place: Place, measure: need.NeedMeasure) -> str:
    invented = f'<strong class="invented">{text(terms.SYNTHETIC)}</strong>'
    labels = [invented] if place.synthetic else []
    labels += [f"{text(one)}." for one in terms.modelled(place) if measure.name == "hle"]
    paragraph = f'<p class="labels">{" ".join(labels)}</p>'
    return f"<h1>{text(place.title)}</h1><p>{text(measure.title)}</p>{paragraph}"


def _side(place: Place, shading: Shading) -> str:
    counts = place.sites["status"].value_counts()
    there = [status for status in _STATUS if status in counts]
    marks = Shading(
        "sites",
        "Sites",
        tuple(f"{status.capitalize()} ({counts[status]:,})" for status in there),
        tuple(_STATUS[status] for status in there),
        np.zeros(0, dtype=np.int64),
    )
    parts = (f"<h2>{text(one.title)}</h2>{panel.legend(one)}" for one in (shading, marks))
    return "".join([*parts, panel.ground(place)])


def _footer(place: Place) -> str:
    lines = [*map(terms.source, place.sources), *place.notes]
    rows = "".join(f"<li>{text(one)}</li>" for one in lines)
    return f"<details><summary>Sources, licences and notes</summary><ul>{rows}</ul></details>"
