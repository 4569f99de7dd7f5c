"""Matrix: minutes that a user brings, from TRACC, TravelTime or any other tool."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.parquet import parquet_problems
from nhcplanner.base.text import simple_name
from nhcplanner.domain.place import Place
from nhcplanner.domain.reading import read_apart
from nhcplanner.domain.travel_times import TravelTimes

Unit = Literal["", "minutes", "seconds"]
PER_MINUTE = {"minutes": 1.0, "seconds": 60.0}
ORIGIN = r"origin.*|from(_.*)?|area(_code)?|lsoa.*|oa_?(21)?_?(code|cd)|start.*"
DESTINATION = r"dest.*|to(_.*)?|site.*|facility.*"
VALUE = r".*(minute|min|second|sec|time|duration).*"
UNITS = {"minutes": r"(.*_)?(minutes?|mins?)(_.*)?", "seconds": r"(.*_)?(seconds?|secs?)(_.*)?"}
MOST_PAIRS, MOST_COLUMNS, MOST_BYTES = 500_000_000, 20_000, 8_000_000_000
"""Pairs and columns of a matrix, and bytes that it may unpack to, at most."""
NO_JOURNEY = ("", "na", "n/a", "nan", "null", "none", "-", "inf")
"""What a cell says where there is no journey, in lower case."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """A matrix as its file has it, sound by itself.

    Parameters
    ----------
    frame
        `origin`, `destination` (codes) and `minutes` (NaN = no journey), each pair once.
    name
        The file's name.
    """

    frame: pd.DataFrame
    name: str


def read_pairs(path: Path, unit: Unit = "") -> Pairs:
    """Read a matrix from CSV, or from Parquet as a place folder keeps it.

    Parameters
    ----------
    path
        Long: a row a pair, with columns for origin, destination and time. Or wide: a row an
        origin, whose code stands first, and a column a destination.
    unit
        "minutes" or "seconds"; empty = as the header of the time column says.

    Raises
    ------
    InputError
        With every kind of fault, counted and with its first row: cells that are no number,
        negative times, pairs given twice; and where columns or unit cannot be told.
    """
    path = Path(path)
    table: pd.DataFrame = read_apart(_read, path)
    if path.suffix == ".parquet":
        return Pairs(table, path.name)
    long = _long(table, path.name)
    if long is None:
        frame = table.set_axis(["origin", *map(str, table.columns[1:])], axis=1)
        long = frame.reset_index().melt(["index", "origin"], var_name="destination")
        long = long.set_index("index")
        said = unit
    else:
        said = unit or _unit_of(str(long.attrs["header"]))
    if said not in PER_MINUTE:
        hint = "Say --matrix-unit minutes or --matrix-unit seconds"
        raise InputError([Fault("says nothing of its unit", path.name, hint=hint)])
    return Pairs(_sound(long, PER_MINUTE[said], path.name), path.name)


def matrix_times(pairs: Pairs, place: Place, horizon: float = 60.0, mode: str = "") -> TravelTimes:
    """Give minutes from a place's origins to its sites out of a matrix.

    Parameters
    ----------
    pairs
        The matrix. Its origins go by `origin_id`, or else by the code of their area, whose
        minutes then hold for all who start in it; its destinations by `site_id`.
    place
        The place.
    horizon
        Minutes beyond which no pair is kept.
    mode
        What the minutes are of, for the record.

    Returns
    -------
    TravelTimes
        `parameters` count the pairs of the place that the matrix does not hold, its origins and
        sites without any, and codes of the matrix that are none of the place's.

    Raises
    ------
    InputError
        Where no origin or no destination of the matrix is of the place, or where it leads from
        sites to areas: minutes there are not minutes back.
    """
    frame, ids = pairs.frame, place.origins["origin_id"]
    by_id = ids.isin(frame["origin"].unique())
    key = ids.where(by_id, place.origins["area_code"])
    sites = pd.Index(place.sites["site_id"])
    known = pd.Index(key.unique())
    faults = _strangers(frame, known, sites, pairs.name)
    if faults:
        raise InputError(faults)
    row, col = known.get_indexer(frame["origin"]), sites.get_indexer(frame["destination"])
    ours = (row >= 0) & (col >= 0)
    held = np.zeros((len(known), len(sites)), dtype=bool)
    held[row[ours], col[ours]] = True
    in_time = ours & (frame["minutes"] <= horizon).to_numpy()
    minutes = sparse.coo_array(
        (frame["minutes"].to_numpy(np.float32)[in_time], (row[in_time], col[in_time])),
        shape=held.shape,
    ).tocsr()
    of_origin = known.get_indexer(key)
    missing = ~held[of_origin]
    return TravelTimes(
        sparse.csr_array(minutes[of_origin]),
        mode,
        f"matrix: {pairs.name}",
        estimate=False,
        horizon=horizon,
        parameters={
            "matrix": pairs.name,
            "pairs_missing": float(missing.sum()),
            "origins_missing": float(missing.all(axis=1).sum()),
            "sites_missing": float(missing.all(axis=0).sum()),
            "origins_unknown": float((~frame["origin"].drop_duplicates().isin(known)).sum()),
            "sites_unknown": float((~frame["destination"].drop_duplicates().isin(sites)).sum()),
        },
    )


def read_matrix(path: Path, place: Place, unit: Unit = "", horizon: float = 60.0) -> TravelTimes:
    """Read a matrix file as minutes of a place; see `read_pairs` and `matrix_times`."""
    return matrix_times(read_pairs(path, unit), place, horizon)


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path of the matrix")])
    try:
        if path.suffix == ".parquet":
            problems = parquet_problems(path, MOST_PAIRS, MOST_COLUMNS, MOST_BYTES)
            if problems:
                raise InputError([Fault(words, path.name) for words in problems])
            return pd.read_parquet(path, columns=["origin", "destination", "minutes"])
        _check_width(path)
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except InputError:
        raise
    except (OSError, ValueError) as error:
        words = f"cannot be read: {str(error).partition(chr(10))[0]}"
        raise InputError([Fault(words, path.name, hint="Save it as CSV with commas")]) from None
    if table.shape[1] < 2 or table.empty:
        hint = "Give origin, destination and time, or a row an origin and a column a site"
        raise InputError([Fault("is no table of times", path.name, hint=hint)])
    return table.apply(lambda cells: cells.str.strip())


def _check_width(path: Path) -> None:
    """Refuse a matrix of far too many columns, before it is parsed."""
    with path.open(encoding="utf-8-sig", newline="") as opened, suppress(csv.Error, StopIteration):
        columns = len(next(csv.reader(opened)))
        if columns > MOST_COLUMNS:
            words = f"has {columns:,} columns, more than {MOST_COLUMNS:,}"
            raise InputError([Fault(words, path.name, hint="Give a row a pair")])


def _long(table: pd.DataFrame, file: str) -> pd.DataFrame | None:
    """The table's three columns by our names; None where it is wide."""
    origin = _first(table.columns, ORIGIN)
    destination = _first(table.columns.drop(origin), DESTINATION) if origin else None
    if origin is None or destination is None:
        return None
    rest = table.columns.drop([origin, destination])
    value = _first(rest, VALUE) or (rest[0] if len(rest) == 1 else None)
    if value is None:
        hint = "Call the column of times minutes or seconds"
        raise InputError([Fault("has no column of times", file, hint=hint)])
    long = table[[origin, destination, value]].set_axis(["origin", "destination", "value"], axis=1)
    long.attrs["header"] = value
    return long


def _first(columns: Sequence[str], pattern: str) -> str | None:
    return next((name for name in columns if re.fullmatch(pattern, simple_name(name))), None)


def _unit_of(header: str) -> str:
    return next((u for u, words in UNITS.items() if re.fullmatch(words, simple_name(header))), "")


def _sound(long: pd.DataFrame, per_minute: float, file: str) -> pd.DataFrame:
    """Minutes of each pair; rows keep their number until their faults are told."""
    text = long["value"].str.lower()
    values = pd.to_numeric(text.mask(text.isin(NO_JOURNEY)), errors="coerce")
    checks = (
        (long["origin"].eq("") | long["destination"].eq(""), "have no code", "Give both codes"),
        (
            values.isna() & ~text.isin(NO_JOURNEY),
            "hold a time that is no number",
            "Give a number, or leave the cell blank where there is no journey",
        ),
        (values < 0, "hold a negative time", "Leave the cell blank where there is no journey"),
        (
            long.duplicated(["origin", "destination"]),
            "give a pair of origin and destination again",
            "Give each pair once",
        ),
    )
    faults = [
        Fault(
            f"{int(rows.sum()):,} cells or rows {words}, first {_named(long[rows.to_numpy()])}",
            file, int(long.index[rows.to_numpy()][0]) + 2, hint=hint,
        )
        for rows, words, hint in checks
        if rows.any()
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    frame = long[["origin", "destination"]].assign(minutes=values / per_minute)
    return frame.reset_index(drop=True)


def _named(rows: pd.DataFrame) -> str:
    first = rows.iloc[0]
    return f"{first['origin']} to {first['destination']} ({first['value']})"


def _strangers(
    frame: pd.DataFrame, origins: Collection[str], sites: Collection[str], file: str
) -> list[Fault]:
    """Faults where none of the matrix's codes is of the place."""
    faults = [
        Fault(f"none of its {column}s is {what} of the place, e.g. {frame[column].iloc[0]}", file,
              column=column, hint=hint)
        for column, codes, what, hint in (
            ("origin", origins, "an area", "Give the areas' codes; wide: a row an area"),
            ("destination", sites, "a site", "Give the sites' ids; wide: a column a site"),
        )
        if not frame[column].isin(codes).any()
    ]  # fmt: skip
    turned = frame["origin"].isin(sites).any() and frame["destination"].isin(origins).any()
    if faults and turned:
        problem = "lies the other way round: its origins are sites and its destinations areas"
        hint = "Turn it, with minutes from areas to sites; wide: a row an area, a column a site"
        return [Fault(problem, file, hint=hint)]
    return faults
