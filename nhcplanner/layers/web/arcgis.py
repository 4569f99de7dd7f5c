"""Feature services (ArcGIS): pages of a layer brought together, none lost."""

from __future__ import annotations

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

CODES = 250
"""Codes named in one question."""

MOST = 1_000_000
"""Features that a layer may have; England has 190,000 output areas."""

SMALLEST = 50
"""Features a page, on average, below which a service is not worth asking on."""

METRES = "27700"

KINDS = {"count": int, "features": list}
"""What an answer holds that is what was asked for."""


@dataclass(frozen=True)
class FeatureLayer:
    """A layer of a feature service.

    Parameters
    ----------
    address
        Of its query: ".../NAME/FeatureServer/0/query".
    key
        Its field of codes, unique: pages come in its order.
    fields
        Fields asked for, the key among them.
    shapes
        True where shapes are asked for too, in EPSG:27700.
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
    """Bring a layer, or those of its features that are named, as one Esri JSON file.

    Parameters
    ----------
    web
        The network.
    layer
        Which.
    codes
        Values of its key; empty = all of it.

    Returns
    -------
    Path
        In the cache: all features in the order of their key.

    Raises
    ------
    FetchError
        Where a page does not come, or fewer features come than the service counts.
    """
    distinct = sorted(set(codes))
    batches = [distinct[at : at + CODES] for at in range(0, len(distinct), CODES)] or [[]]
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
        raise FetchError(f"{layer.name}: the service knows none of the areas asked for")
    text = json.dumps({**head, "features": together}, separators=(",", ":"), ensure_ascii=False)
    suffix = f"_{len(batches)}_parts" if len(batches) > 1 else ""
    return write_if_changed(first.with_name(f"{layer.name}{suffix}.json"), text.encode())


LIMIT = "exceededTransferLimit"


def _pages(web: WebClient, layer: FeatureLayer, where: str) -> list[Path]:
    """All pages of one question; their features are as many as the service counts."""
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
    """Refuse an error that comes with the status of a success, and an answer without its key."""
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
