"""Streets of a small place from Overpass, as OpenStreetMap XML that is clipped like an extract."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.sources.base import OfficialSource, Wanted
from nhcplanner.layers.sources.streets import STREETS, in_degrees
from nhcplanner.layers.web import TransientError, WebClient
from nhcplanner.layers.web.request import in_one_line

LARGEST_KM2 = 600
"""The largest box asked of Overpass, a shared service for small questions."""

QUERY = """\
[out:xml][timeout:180][bbox:{south},{west},{north},{east}];
(way[highway];way[route];)->.ways;
rel(bw.ways)[type=restriction]->.turns;
(.ways;.turns;.ways >;);
out body;
"""
"""Streets with all their nodes, and the turn restrictions among them."""

REMARK = re.compile(rb"<remark>\s*(.*?)\s*</remark>", re.DOTALL)


def fetch(source: OfficialSource, web: WebClient, wanted: Wanted) -> Path:
    """Fetch the streets of a small box.

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
    form = (("data", query(in_degrees(wanted.bounds))),)
    address = f"{source.address}/interpreter"
    return web.file(source.ask(address, "osm", "overpass.osm", form=form, check=_refuse_remarks))


def query(box: tuple[float, float, float, float]) -> str:
    """The question to Overpass about a box.

    Parameters
    ----------
    box
        West, south, east, north in degrees.
    """
    west, south, east, north = (f"{degree:.5f}" for degree in box)
    return QUERY.format(west=west, south=south, east=east, north=north)


def _refuse_remarks(path: Path) -> None:
    """Refuse an answer that breaks off with a remark, or holds no street.

    Overpass says with a status of success that its time or memory is used up.
    """
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - 4096))
        end = opened.read()
    remark = REMARK.search(end)
    if remark:
        raise TransientError(f"Overpass says {in_one_line(remark[1].decode('utf-8', 'replace'))}")
    if not end.rstrip().endswith(b"</osm>"):
        raise TransientError("Overpass's answer breaks off")
    if b"<way" not in path.read_bytes():
        raise FetchError("Overpass knows no street there. Take --streets geofabrik")


OVERPASS = replace(
    STREETS,
    key="overpass",
    title="OpenStreetMap streets, from Overpass",
    publisher="OpenStreetMap contributors, through Overpass",
    address="https://overpass-api.de/api",
    confirmed="public code, 2025 and 2026",
    fetch=fetch,
    names=(),
    hosts=("lz4.overpass-api.de", "z.overpass-api.de"),
)
