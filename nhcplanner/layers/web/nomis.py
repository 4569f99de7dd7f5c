"""Nomis: tables of the census by area, asked for in parts that it answers in full."""

from __future__ import annotations

import csv
from pathlib import Path

from nhcplanner.base.atomic import write_if_changed
from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web.request import Request, WebClient

ROOT = "https://www.nomisweb.co.uk/api/v01/dataset"
ROWS = 25_000
"""Rows that Nomis gives to one question, however many there are."""

CODES = 150
"""Areas named in one question."""

COUNT = "RECORD_COUNT"


def table(
    web: WebClient, address: str, dimension: str, values: str, codes: tuple[str, ...]
) -> Path:
    """Bring a table for some areas as one CSV, in Nomis's own columns.

    Parameters
    ----------
    web
        The network.
    address
        Of the table: ".../NM_2063_1.data.csv".
    dimension, values
        Which of its cells: "c2021_cars_5", "0,1".
    codes
        Codes of the areas.

    Raises
    ------
    FetchError
        Where a part does not come, or fewer rows come than Nomis counts.
    """
    distinct = sorted(set(codes))
    batches = [distinct[at : at + CODES] for at in range(0, len(distinct), CODES)]
    lines: list[str] = []
    first = None
    name = address.rsplit("/", maxsplit=1)[-1].removesuffix(".data.csv")
    for number, batch in enumerate(batches):
        part = web.file(_ask(address, dimension, values, batch))
        text = part.read_text(encoding="utf-8-sig").splitlines()
        if lines and text[0] != lines[0]:
            raise FetchError(f"{part.name}: Nomis changed its columns between two parts: try later")
        lines += text if not lines else text[1:]
        first = first or part
        if len(batches) > 1:
            web.tell(f"Fetching {name}: {number + 1:,} of {len(batches):,} parts")
    if first is None:
        raise FetchError(f"{address}: asked for no area")
    return write_if_changed(
        first.with_name(f"{name}_{dimension}.csv"), ("\n".join(lines) + "\n").encode()
    )


def _ask(address: str, dimension: str, values: str, batch: list[str]) -> Request:
    return Request(
        address,
        query=(
            ("date", "latest"),
            ("geography", ",".join(batch)),
            (dimension, values),
            ("measures", "20100"),
            ("recordlimit", str(ROWS)),
        ),
        name="part.csv",
        check=_complete,
    )


def _complete(path: Path) -> None:
    """Refuse an answer that Nomis itself says is only a part."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FetchError(f"Nomis answers with what is no CSV: {error}") from None
    if not rows:
        raise FetchError("Nomis answers with no rows: it may not know these areas")
    count = rows[0].get(COUNT, str(len(rows)))
    if count != str(len(rows)):
        raise FetchError(f"Nomis gave {len(rows)} of {count} rows: its limit may have changed")
