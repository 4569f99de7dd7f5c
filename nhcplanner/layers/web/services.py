"""Web services that answer in parts: ArcGIS feature layers, and census tables of Nomis."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from nhcplanner.base.atomic import write_if_changed
from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web.request import PASSING, Request, TransientError, WebClient, in_one_line

PAGE = 2000
"""Features a page: the most that the service gives."""

ARCGIS_CODES = 250
"""Codes in one query."""

MOST = 1_000_000
"""Features that a layer may have; England has 190,000 output areas."""

SMALLEST = 50
"""Average features a page below which a download is abandoned."""

METRES = "27700"

KINDS = {"count": int, "features": list}
"""Key and type of each kind of answer."""


@dataclass(frozen=True)
class FeatureLayer:
    """A layer of a feature service.

    Parameters
    ----------
    address
        Address of its query: ".../NAME/FeatureServer/0/query".
    key
        Its field of unique codes, by which pages are sorted.
    fields
        Fields to fetch, including the key.
    shapes
        True to fetch shapes too, in EPSG:27700.
    """

    address: str
    key: str
    fields: tuple[str, ...]
    shapes: bool = False

    @property
    def name(self) -> str:
        """Name of the service."""
        return self.address.split("/FeatureServer")[0].split("/")[-1]


def features(web: WebClient, layer: FeatureLayer, codes: Iterable[str] = ()) -> Path:
    """Fetch a layer, or its features with some codes, as one Esri JSON file.

    Parameters
    ----------
    web
        The network.
    layer
        The layer.
    codes
        Values of its key; empty = all of it.

    Returns
    -------
    Path
        In the cache: all features in the order of their key.

    Raises
    ------
    FetchError
        If a page is missing, or fewer features arrive than the service counts.
    """
    distinct = sorted(set(codes))
    batches = [
        distinct[at : at + ARCGIS_CODES] for at in range(0, len(distinct), ARCGIS_CODES)
    ] or [[]]
    together: list[dict[str, Any]] = []
    head: dict[str, Any] = {}
    first = None
    for number, batch in enumerate(batches):
        where = f"{layer.key} IN ({','.join(map(_quoted, batch))})" if batch else "1=1"
        for page in _pages(web, layer, where):
            content = json.loads(page.read_text(encoding="utf-8-sig"))
            together += content.pop("features")
            head = head or {key: value for key, value in content.items() if key != LIMIT}
            first = first or page
        if len(batches) > 1:
            web.tell(f"Fetching {layer.name}: {number + 1:,} of {len(batches):,} parts")
    if first is None:
        raise FetchError(f"{layer.name}: the service knows none of the areas")
    text = json.dumps({**head, "features": together}, separators=(",", ":"), ensure_ascii=False)
    suffix = f"_{len(batches)}_parts" if len(batches) > 1 else ""
    return write_if_changed(first.with_name(f"{layer.name}{suffix}.json"), text.encode())


LIMIT = "exceededTransferLimit"


def _pages(web: WebClient, layer: FeatureLayer, where: str) -> list[Path]:
    """Fetch all pages of a query, and check that no feature is missing."""
    answer = _ask(web, layer, where, (("returnCountOnly", "true"),), "count")
    count = json.loads(answer.read_text(encoding="utf-8-sig"))["count"]
    if not 0 <= count <= MOST:
        raise FetchError(f"{layer.name}: the service counts {count:,} features, at most {MOST:,}")
    pages: list[Path] = []
    there = 0
    while there < count:
        if len(pages) > count / SMALLEST + 1:
            raise FetchError(f"{layer.name}: pages of under {SMALLEST} features came. Try later")
        page = _ask(web, layer, where, _page_terms(layer, there), "features")
        content = json.loads(page.read_text(encoding="utf-8-sig"))
        got = len(content["features"])
        there += got
        pages.append(page)
        if got == 0 or (there < count and not content.get(LIMIT) and got < PAGE):
            break
        if count > PAGE:
            web.tell(f"Fetching {layer.name}: {there:,} of {count:,}")
    if there != count:
        raise FetchError(
            f"{layer.name}: {there:,} of {count:,} features came. It may have changed since part "
            "of it was fetched: run again with --refresh"
        )
    return pages


def _page_terms(layer: FeatureLayer, offset: int) -> tuple[tuple[str, str], ...]:
    return (
        ("outFields", ",".join(layer.fields)),
        ("returnGeometry", str(layer.shapes).lower()),
        ("outSR", METRES),
        ("orderByFields", layer.key),
        ("resultOffset", str(offset)),
        ("resultRecordCount", str(PAGE)),
    )


def _ask(
    web: WebClient, layer: FeatureLayer, where: str, terms: tuple[tuple[str, str], ...], key: str
) -> Path:
    return web.file(
        Request(
            layer.address,
            form=(("where", where), *terms, ("f", "json")),
            looks="json",
            name=f"{layer.name}.page.json",
            check=partial(_refuse_errors, key=key),
        )
    )


def _refuse_errors(path: Path, key: str) -> None:
    """Refuse an error with the status of a success, and an answer without its key."""
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    error = content.get("error") if isinstance(content, dict) else {"message": "no object"}
    if error is None and not isinstance(content.get(key), KINDS[key]):
        error = {"message": f"no {key}"}
    if error is None:
        return
    if not isinstance(error, dict):
        error = {"message": error}
    reasons = "; ".join(
        str(part) for part in (error.get("message"), *(error.get("details") or ())) if part
    )
    message = " ".join(filter(None, [str(error.get("code", "")), reasons]))
    words = f"{path.name.split('.')[0]}: the service says {in_one_line(message)}"
    if error.get("code") in PASSING:
        raise TransientError(words)
    raise FetchError(f"{words}. The publisher may have moved or renamed the layer or its fields")


def _quoted(code: str) -> str:
    doubled = code.replace("'", "''")
    return f"'{doubled}'"


ROOT = "https://www.nomisweb.co.uk/api/v01/dataset"
NOMIS_ROWS = 25_000
"""Largest number of rows that Nomis returns for one query."""

NOMIS_CODES = 150
"""Areas in one query."""

COUNT = "RECORD_COUNT"


def nomis_table(
    web: WebClient, address: str, dimension: str, values: str, codes: tuple[str, ...]
) -> Path:
    """Fetch a census table for some areas as one CSV, in Nomis's own columns.

    Parameters
    ----------
    web
        The network.
    address
        Address of the table: ".../NM_2063_1.data.csv".
    dimension, values
        Dimension and values of its cells: "c2021_cars_5", "0,1".
    codes
        Codes of the areas.

    Raises
    ------
    FetchError
        If a part is missing, or fewer rows arrive than Nomis counts.
    """
    distinct = sorted(set(codes))
    batches = [distinct[at : at + NOMIS_CODES] for at in range(0, len(distinct), NOMIS_CODES)]
    lines: list[str] = []
    first = None
    name = address.rsplit("/", maxsplit=1)[-1].removesuffix(".data.csv")
    for number, batch in enumerate(batches):
        part = web.file(_nomis_request(address, dimension, values, batch))
        text = part.read_text(encoding="utf-8-sig").splitlines()
        if lines and text[0] != lines[0]:
            raise FetchError(f"{part.name}: Nomis changed its columns between two parts: try later")
        lines += text if not lines else text[1:]
        first = first or part
        if len(batches) > 1:
            web.tell(f"Fetching {name}: {number + 1:,} of {len(batches):,} parts")
    if first is None:
        raise FetchError(f"{address}: no areas given")
    return write_if_changed(
        first.with_name(f"{name}_{dimension}.csv"), ("\n".join(lines) + "\n").encode()
    )


def _nomis_request(address: str, dimension: str, values: str, batch: list[str]) -> Request:
    return Request(
        address,
        query=(
            ("date", "latest"),
            ("geography", ",".join(batch)),
            (dimension, values),
            ("measures", "20100"),
            ("recordlimit", str(NOMIS_ROWS)),
        ),
        name="part.csv",
        check=_complete,
    )


def _complete(path: Path) -> None:
    """Refuse an answer that Nomis marks as incomplete."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FetchError(f"Nomis's answer is not a CSV: {error}") from None
    if not rows:
        raise FetchError("Nomis answers with no rows: it may not know these areas")
    count = rows[0].get(COUNT, str(len(rows)))
    if count != str(len(rows)):
        raise FetchError(f"Nomis gave {len(rows)} of {count} rows: its limit may have changed")
