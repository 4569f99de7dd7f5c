"""Streets of a small place from Overpass, through osmnx, whose settings hold for one call only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from nhcplanner.domain.errors import FetchError
from nhcplanner.layers.sources.base import OfficialSource, Wanted
from nhcplanner.layers.sources.streets import STREETS, in_degrees
from nhcplanner.layers.web import Web

LARGEST_KM2 = 600
"""The largest box asked of Overpass, a shared service for small questions."""

WAY_TAGS = (
    "access", "bicycle", "foot", "highway", "junction", "lanes", "maxspeed", "motor_vehicle",
    "motorcar", "oneway", "oneway:bicycle", "ref", "route", "service", "sidewalk", "surface",
    "vehicle",
)  # fmt: skip


def fetch(source: OfficialSource, web: Web, wanted: Wanted) -> Path:
    """Fetch the streets of a small box, as a saved osmnx graph.

    Raises
    ------
    FetchError
        Where the box is too large, or Overpass does not answer as it should.
    """
    if wanted.bounds is None:
        raise FetchError(f"{source.title}: where the place lies is not known")
    west, south, east, north = wanted.bounds
    square = (east - west) * (north - south) / 1e6
    if square > LARGEST_KM2:
        raise FetchError(
            f"{source.title}: {square:,.0f} square km with the halo are too much to ask of it, at "
            f"most {LARGEST_KM2:,}. Take the county's extract: --streets geofabrik"
        )
    box = in_degrees(wanted.bounds)
    key = f"{source.address} {[round(degree, 5) for degree in box]}"
    return web.made(key, "overpass.graphml", lambda path: _save(source, box, path))


def _save(source: OfficialSource, box: tuple[float, ...], path: Path) -> None:
    import osmnx  # noqa: PLC0415  (slow to import and seldom needed)
    from requests import RequestException  # noqa: PLC0415

    try:
        with _settings(osmnx.settings, source.address):
            graph = osmnx.graph_from_bbox(box, network_type="all", simplify=False, retain_all=True)
            osmnx.save_graphml(graph, path)
    except (RequestException, OSError, ValueError) as error:
        words = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise FetchError(
            f"{source.title}: no streets came ({words}). Try later, or take the county's extract: "
            "--streets geofabrik"
        ) from None


@contextmanager
def _settings(settings: Any, address: str) -> Iterator[None]:
    """Hold osmnx to our own settings, and give it back its own."""
    ours = {
        "overpass_url": address,
        "overpass_rate_limit": False,
        "doh_url_template": None,
        "use_cache": False,
        "requests_timeout": 180,
        "useful_tags_way": list(WAY_TAGS),
        "all_oneway": True,
    }
    before = {name: getattr(settings, name) for name in ours}
    try:
        for name, value in ours.items():
            setattr(settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


OVERPASS = replace(
    STREETS,
    key="overpass",
    title="OpenStreetMap streets, from Overpass",
    publisher="OpenStreetMap contributors, through Overpass",
    address="https://overpass-api.de/api",
    fetch=fetch,
    names=(),
)
