"""The candidate list as a map's layers, as words and as a file that can be read back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import folium
import pandas as pd

from nhcplanner.domain.place import Place
from nhcplanner.outputs import maps, style, wording
from nhcplanner.outputs.harmless import csv_bytes, text
from nhcplanner.outputs.template import columns, heading, write_template

LOOKS = {
    "existing": (style.DARK_BLUE, 15, "Existing"),
    "committed": ("#AE2573", 15, "Committed"),
    "must open": (style.BLUE, 12, "Must open"),
    "may open": ("#00A499", 9, "May open"),
    "must not open": (style.GREY, 7, "Must not open"),
}
"""Colour, pixels across and words of each class of site."""


def classes(place: Place, choice: pd.Series) -> pd.Series:
    """Class of each site, a key of `LOOKS`."""
    status = place.sites["status"]
    return choice.where(~status.isin(["existing", "committed"]), status)


def layers(place: Place, choice: pd.Series) -> list[folium.FeatureGroup]:
    """The sites on a map, a layer a class.

    Parameters
    ----------
    place
        Whose sites.
    choice
        "may open", "must open" or "must not open" for each.
    """
    of_site = classes(place, choice)
    called = place.site_names
    made = []
    for number, (key, (colour, size, words)) in enumerate(reversed(LOOKS.items())):
        rows = of_site == key
        tips = [
            f"<b>{text(name)}</b><br>{text(site)}<br>{text(wording.kind(kind))}<br>{words}"
            for name, site, kind in zip(
                called[rows],
                place.sites["site_id"][rows],
                place.sites["kind"][rows],
                strict=True,
            )
        ]
        points = place.sites.geometry[rows]
        made.append(maps.point_layer(f"sites_{number}", points, tips, colour, size))
    return made


def key(place: Place, choice: pd.Series) -> str:
    """What the discs mean, with how many there are, as HTML."""
    counts = classes(place, choice).value_counts()
    rows = [
        f'<div style="display:flex;align-items:center;gap:6px">'
        f'<span style="line-height:0"><span style="background:'
        f"{colour};border:1px solid {style.INK};border-radius:50%;display:inline-block;"
        f'width:{size}px;height:{size}px"></span></span>{words} ({counts[name]:,})</div>'
        for name, (colour, size, words) in LOOKS.items()
        if name in counts
    ]
    return f'<div style="display:flex;flex-wrap:wrap;gap:2px 18px">{"".join(rows)}</div>'


def summary(place: Place, choice: pd.Series) -> str:
    """How many sites there are of each class, in a sentence."""
    counts = classes(place, choice).value_counts()
    parts = [
        f"{counts[name]:,} {words.lower()}"
        for name, (_, _, words) in LOOKS.items()
        if name in counts
    ]
    return f"{len(place.sites):,} sites: {', '.join(parts)}."


def list_csv(place: Place) -> bytes:
    """The list under the template's headings, with each site's point in metres."""
    sites = place.sites.assign(
        easting=place.sites.geometry.x.round(1), northing=place.sites.geometry.y.round(1)
    )
    frame = pd.DataFrame(
        {heading(one): sites[one.name] for one in columns() if one.name in sites.columns}
    )
    return csv_bytes(frame)


def template() -> bytes:
    """An empty list of sites as a workbook."""
    with TemporaryDirectory() as folder:
        return write_template(Path(folder) / "sites.xlsx").read_bytes()
