"""Registered patients of a place: where they live, whom they choose, and what a closure costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner import layers, travel
from nhcplanner.access import choice
from nhcplanner.base.arrays import Floats
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, suggest
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.england import store
from nhcplanner.workflow.progress import Progress, report_progress

KIND = "gp_practice"
COVERED = 0.9
"""Areas whose patients in the file are at least so many of their people are used for the fit: the
file may hold only the practices of some boards."""


@dataclass(frozen=True, eq=False)
class PatientFlows:
    """Patients of a place by practice and area.

    Parameters
    ----------
    patients, minutes
        Area x practice; minutes are inf beyond the horizon.
    practices
        One row per practice of the place's sites: `practice`, `name`, `patients` (in the file),
        `from_place`, `from_elsewhere` (living outside the place), `list_size`.
    fit
        The choice model; None where no area is covered by the file.
    estimate
        Whether minutes are estimates.
    notes
        Sentences on what was read and left out.
    """

    place: Place
    patients: Floats
    minutes: Floats
    practices: pd.DataFrame
    fit: choice.Fit | None
    estimate: bool
    notes: tuple[str, ...]

    @property
    def by_choice(self) -> Floats:
        """People of each area who would choose each practice, by the model (area x practice)."""
        people = self.place.areas["people"].to_numpy(dtype=np.float64)[:, None]
        if self.fit is None:
            return np.asarray(people * choice.nearest_shares(self.minutes))
        sizes = self.practices["list_size"].to_numpy(dtype=np.float64)
        return np.asarray(people * choice.shares(self.minutes, sizes, self.fit.weights))


def registered_patients(
    place: Place,
    registered: layers.RegisteredPatients,
    scenario: Scenario | None = None,
    progress: Progress | None = None,
) -> PatientFlows:
    """Join patients to the areas and practices of a place, and fit the choice of practice.

    Parameters
    ----------
    place
        With sites of the kind gp_practice whose ids are ODS codes.
    registered
        From `layers.read_registered_patients`.
    scenario
        How minutes are measured; by default a drive.
    progress
        Receives a sentence about the current step.

    Raises
    ------
    InputError
        If no practice of the file is a site of the place.
    """
    settings = scenario or Scenario(mode="drive")
    table = registered.table
    rows = np.flatnonzero((place.sites["kind"] == KIND).to_numpy())
    ids = place.sites["site_id"].iloc[rows]
    listed = table.groupby("practice")["patients"].sum()
    known = ids.isin(listed.index)
    if not known.any():
        words = f"no practice of the file is a site of {place.name}"
        raise InputError([Fault(words, hint="Practices need their ODS code as site_id")])
    sizes = _sizes(ids, listed)
    usable = (sizes > 0).to_numpy()
    notes = list(registered.notes)
    without = [*ids[~known]]
    if without:
        notes.append(f"{plural(len(without), 'practice')} of the place without a list in the file: "
                     f"{shortened(without)}")  # fmt: skip
    rows, ids, sizes = rows[usable], ids[usable], sizes[usable]
    areas = pd.Index(place.areas["area_code"])
    at = pd.DataFrame({
        "area": areas.get_indexer(table["area_code"]),
        "practice": pd.Index(ids).get_indexer(table["practice"]),
        "patients": table["patients"],
    })  # fmt: skip
    patients = np.zeros((len(areas), len(ids)))
    inside = at[(at["area"] >= 0) & (at["practice"] >= 0)]
    patients[inside["area"], inside["practice"]] = inside["patients"]
    away = int(at.loc[(at["area"] >= 0) & (at["practice"] < 0), "patients"].sum())
    if away:
        notes.append(f"{away:,} people of the place are registered at practices that are no sites "
                     "of it")  # fmt: skip
    report_progress(progress, "Measuring minutes to practices")
    measured = travel.Measure(
        place, settings, settings.mode, lambda w: report_progress(progress, w)
    )
    minutes, estimate = _minutes(place, measured, rows)
    from_place = patients.sum(axis=0)
    total = listed.reindex(ids).fillna(0).to_numpy()
    abroad = registered.elsewhere.groupby("practice")["patients"].sum().reindex(ids).fillna(0)
    practices = pd.DataFrame({
        "practice": ids.to_numpy(), "name": place.site_names.iloc[rows].to_numpy(),
        "patients": total + abroad.to_numpy(), "from_place": from_place,
        "from_elsewhere": total - from_place + abroad.to_numpy(), "list_size": sizes.to_numpy(),
    })  # fmt: skip
    people = place.areas["people"].to_numpy(dtype=np.float64)
    heads = at[at["area"] >= 0].groupby("area")["patients"].sum().reindex(range(len(areas)))
    covered = (heads.fillna(0).to_numpy() >= COVERED * people) & (patients.sum(axis=1) > 0)
    notes.append(
        f"{int(covered.sum()):,} of {plural(len(areas), 'area')} have at least {COVERED:.0%} of "
        "their people in the file: the choice is fitted to these"
    )
    report_progress(progress, "Fitting the choice of practice")
    groups = place.areas.get("district_code", place.areas["area_code"]).astype(str).to_numpy()
    fitted = None
    if covered.any():
        fitted = choice.fit(
            patients[covered], minutes[covered], sizes.to_numpy(dtype=float), groups[covered]
        )
    return PatientFlows(place, patients, minutes, practices, fitted, estimate, tuple(notes))


def closure(flows: PatientFlows, practice: str) -> pd.DataFrame:
    """Return who would travel how much farther if a practice shut, by area.

    Parameters
    ----------
    flows
        From `registered_patients`.
    practice
        ODS code.

    Returns
    -------
    DataFrame
        Areas with patients of the practice, the most first: `area_code`, `area_name` (if known),
        `patients`, `minutes_before`, `minutes_after` (mean over the practices that they would
        choose by the model), `nearest_after` (to the nearest that stays) and `more_minutes`.

    Raises
    ------
    InputError
        For a practice that is not there.
    """
    codes = flows.practices["practice"].tolist()
    if practice not in codes:
        words = f"no practice of the place with a list is called {practice}"
        raise InputError([Fault(words, "--close", hint=suggest(practice, codes))])
    column = codes.index(practice)
    rest = flows.minutes.copy()
    rest[:, column] = np.inf
    if flows.fit is None:
        chosen = choice.nearest_shares(rest)
    else:
        sizes = flows.practices["list_size"].to_numpy(dtype=np.float64)
        chosen = choice.shares(rest, sizes, flows.fit.weights)
    after = (chosen * np.where(np.isfinite(rest), rest, 0.0)).sum(axis=1)
    after[chosen.sum(axis=1) == 0] = np.nan
    nearest = rest.min(axis=1)
    areas = flows.place.areas
    frame = pd.DataFrame({
        name: areas[name] for name in ("area_code", "area_name") if name in areas
    }).assign(
        patients=flows.patients[:, column].astype(int), minutes_before=flows.minutes[:, column],
        minutes_after=after, nearest_after=nearest,
    )  # fmt: skip
    frame["more_minutes"] = frame["minutes_after"] - frame["minutes_before"]
    some = frame[frame["patients"] > 0].replace([np.inf, -np.inf], np.nan)
    return some.sort_values(["patients", "area_code"], ascending=[False, True], ignore_index=True)


def closure_words(flows: PatientFlows, practice: str, reach: float) -> str:
    """Describe a closure in sentences for a board."""
    frame = closure(flows, practice)
    row = flows.practices.set_index("practice").loc[practice]
    known = frame.dropna(subset=["minutes_before", "minutes_after"])
    heads = known["patients"].to_numpy(dtype=float)
    before, after, near = (
        float(np.average(known[name], weights=heads)) if heads.sum() else float("nan")
        for name in ("minutes_before", "minutes_after", "nearest_after")
    )
    farther = int(known.loc[known["more_minutes"] > 5, "patients"].sum())
    lost = int(
        known.loc[(known["minutes_before"] <= reach) & (known["nearest_after"] > reach),
                  "patients"].sum()
    )  # fmt: skip
    kind = "estimated minutes" if flows.estimate else "minutes"
    return (
        f"{row['name']} ({practice}): {row['patients']:,.0f} patients, "
        f"{row['from_elsewhere']:,.0f} of them from outside the place. If it shut, mean {kind} "
        f"would go from {before:.1f} to {after:.1f} at the practices that people would choose, "
        f"and to {near:.1f} at the nearest that stays; {farther:,} patients would "
        "travel more than 5 minutes farther, and "
        f"{lost:,} would have none left within {reach:g} minutes."
    )


def _sizes(ids: pd.Series[str], listed: pd.Series) -> pd.Series:
    """Return list sizes: of the packaged practices, else of the file."""
    table = store.layer("sites", ["site_id", "registered_patients"])
    packaged = table.drop_duplicates("site_id").set_index("site_id")["registered_patients"]
    of_file = ids.map(listed).astype("float64")
    return of_file.where(of_file.notna(), ids.map(packaged)).fillna(0).astype("float64")


def _minutes(place: Place, measure: travel.Measure, rows: np.ndarray) -> tuple[Floats, bool]:
    """Return people-weighted minutes of each area to each practice; inf beyond the horizon."""
    sites = place.sites.geometry.iloc[rows]
    xy = np.column_stack([sites.x, sites.y])
    points = np.column_stack([place.origins.geometry.x, place.origins.geometry.y])
    times = measure.times(points, xy)
    pairs = times.minutes.tocoo()
    dense = np.full(times.minutes.shape, np.inf)
    dense[pairs.row, pairs.col] = pairs.data
    heads = np.maximum(place.origins["people"].to_numpy(dtype=np.float64), 1e-6)
    area = place.area_of_origin
    found = np.zeros((len(place.areas), len(rows)))
    np.add.at(found, area, dense * heads[:, None])
    return found / np.bincount(area, weights=heads, minlength=len(found))[:, None], times.estimate
