"""Minutes of a place from a matrix, by the codes of the place's origins and sites."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.intake import Answers, FileIntake
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel.matrix import Pairs, read_pairs
from nhcplanner.travel.matrix_format import OURS

MOST_NAMES = 5_000_000
"""Number of pairs of a place up to which the pairs missing from a matrix are named."""


def read_matrix(
    path: Path,
    place: Place,
    unit: str = "",
    horizon: float = 60.0,
    answers: Answers | None = None,
) -> TravelTimes:
    """Read a matrix file as minutes of a place; see `read_pairs` and `matrix_times`."""
    return matrix_times(read_pairs(path, unit, answers), place, horizon)


def matrix_times(pairs: Pairs, place: Place, horizon: float = 60.0, mode: str = "") -> TravelTimes:
    """Return the minutes from a place's origins to its sites from a matrix.

    Parameters
    ----------
    pairs
        The matrix. Its origins are identified by `origin_id`, or by the code of their area, whose
        minutes then apply to all its origins; its destinations by `site_id`.
    place
        The place.
    horizon
        Minutes beyond which pairs are dropped.
    mode
        Mode of the minutes, for the record.

    Returns
    -------
    TravelTimes
        Its `parameters` count the pairs of the place that the matrix lacks, the place's origins and
        sites without any pair, and unknown codes of the matrix.

    Raises
    ------
    InputError
        If no origin or no destination of the matrix is in the place, or if it leads from sites to
        areas, because minutes there are not minutes back.
    """
    pairs, note_on_transpose = _transposed(pairs, place)
    frame, ids = pairs.frame, place.origins["origin_id"]
    by_id = ids.isin(frame["origin"].unique())
    key = ids.where(by_id, place.origins["area_code"])
    sites = pd.Index(place.sites["site_id"])
    codes = pd.Index(key.unique())
    faults = _strangers(frame, codes, sites, pairs.name)
    if faults:
        raise InputError(faults)
    row, col = codes.get_indexer(frame["origin"]), sites.get_indexer(frame["destination"])
    ours = (row >= 0) & (col >= 0)
    has_pair = np.zeros((len(codes), len(sites)), dtype=bool)
    has_pair[row[ours], col[ours]] = True
    in_time = ours & (frame["minutes"] <= horizon).to_numpy()
    minutes = sparse.coo_array(
        (frame["minutes"].to_numpy(np.float32)[in_time], (row[in_time], col[in_time])),
        shape=has_pair.shape,
    ).tocsr()
    of_origin = codes.get_indexer(key)
    missing = ~has_pair[of_origin]
    return TravelTimes(
        sparse.csr_array(minutes[of_origin]),
        mode,
        f"matrix: {pairs.name}",
        estimate=False,
        horizon=horizon,
        parameters={
            "matrix": pairs.name,
            **({"matrix_turned": note_on_transpose} if note_on_transpose else {}),
            "pairs_missing": float(missing.sum()),
            "origins_missing": float(missing.all(axis=1).sum()),
            "sites_missing": float(missing.all(axis=0).sum()),
            "origins_unknown": float((~frame["origin"].drop_duplicates().isin(codes)).sum()),
            "sites_unknown": float((~frame["destination"].drop_duplicates().isin(sites)).sum()),
        },
    )


def report_strangers(pairs: Pairs, place: Place) -> FileIntake:
    """Return the matrix's record with its unknown codes, and the pairs that it lacks."""
    record, frame = pairs.record, _transposed(pairs, place)[0].frame
    sites = place.sites["site_id"]
    by_id = place.origins["origin_id"].isin(frame["origin"].unique())
    origins = place.origins["origin_id"].where(by_id, place.origins["area_code"]).unique()
    for column, codes in (("origin", origins), ("destination", sites)):
        strange = frame[column][~frame[column].isin(codes)].unique()
        if len(strange):
            words = f"{plural(len(strange), f'{column}')} not of the place left out"
            record = record.with_event("left out", words, len(strange), map(str, strange[:3]))
    if len(origins) * len(sites) > MOST_NAMES:
        return record
    whole = pd.MultiIndex.from_product([origins, sites])
    lacking = whole.difference(pd.MultiIndex.from_frame(frame[OURS[:2]]), sort=False)
    if len(lacking):
        words = f"{plural(len(lacking), 'pair')} not in the matrix: no journey"
        examples = [f"{origin} to {site}" for origin, site in lacking[:3]]
        record = record.with_event("doubt", words, len(lacking), examples)
    return record


def _transposed(pairs: Pairs, place: Place) -> tuple[Pairs, str]:
    """Return a wide matrix with a row for each origin, and a note if it was transposed."""
    frame, sites = pairs.frame, place.sites["site_id"]
    origins = pd.concat([place.origins["origin_id"], place.origins["area_code"]])
    lies = frame["destination"].isin(origins).any() and frame["origin"].isin(sites).any()
    if not (pairs.wide and lies) or frame["origin"].isin(origins).any():
        return pairs, ""
    names = {"origin": "destination", "destination": "origin"}
    words = f"{pairs.name} has a row a site and a column an area: it was turned"
    return replace(pairs, frame=frame.rename(columns=names)), words


def _strangers(
    frame: pd.DataFrame, origins: Collection[str], sites: Collection[str], file: str
) -> list[Fault]:
    """Return faults if none of the matrix's codes is in the place."""
    faults = [
        Fault(f"none of its {column}s is {what} of the place, e.g. {frame[column].iloc[0]}", file,
              column=column, hint=hint)
        for column, codes, what, hint in (
            ("origin", origins, "an area", "Give the areas' codes; wide: a row an area"),
            ("destination", sites, "a site", "Give the sites' ids; wide: a column a site"),
        )
        if not frame[column].isin(codes).any()
    ]  # fmt: skip
    is_transposed = frame["origin"].isin(sites).any() and frame["destination"].isin(origins).any()
    if faults and is_transposed:
        problem = "is the other way round: its origins are sites and its destinations areas"
        hint = "Turn it, with minutes from areas to sites; wide: a row an area, a column a site"
        return [Fault(problem, file, hint=hint)]
    return faults


def times_by_matrix(place: Place, scenario: Scenario, mode: Mode) -> TravelTimes:
    """Return the minutes of a place's own matrix, with how it was read."""
    pairs = read_pairs(Path(str(place.matrix)))
    times = matrix_times(replace(pairs, name=_title(place)), place, scenario.horizon, mode)
    record = next((one for one in place.intake if one.role == "matrix"), pairs.record)
    words = replace(pairs, name=_title(place), record=record).words
    words = f"{words}; taken as minutes by {mode}" if words else ""
    return replace(times, parameters=times.parameters | ({"matrix_column": words} if words else {}))


def beside_matrix(times: TravelTimes, place: Place) -> TravelTimes:
    """Add a note if the place has a matrix that is not used."""
    if place.matrix is None:
        return times
    words = (
        f"The place's own matrix ({_title(place)}) is not used: for it set engine to matrix, and "
        "modes to the one mode that its minutes are of"
    )
    return replace(times, parameters=times.parameters | {"matrix_not_used": words})


def _title(place: Place) -> str:
    name = Path(str(place.matrix)).name
    return next((one.title for one in place.sources if one.layer == "matrix"), name)
