"""Registered patients of a place: where they live, and which practice they choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from nhcplanner import layers, travel
from nhcplanner.access import choice
from nhcplanner.base.arrays import Floats
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.layers.england import store
from nhcplanner.workflow.progress import Progress, report_progress

KIND = "gp_practice"
COVERED = 0.9
"""Least share of an area's people who are patients in the file, for the area to be used in the fit:
the file may have only the practices of some boards."""


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
    scenario
        How minutes are measured, and how need is ordered.
    half_within
        Minutes within which half of the estimates are of official figures, at the scenario's
        reach; None = measured, or not known.
    registered_away
        People of the place who are registered at practices that are no sites of it.
    file, date
        Name and extract date of the file.
    """

    place: Place
    patients: Floats
    minutes: Floats
    practices: pd.DataFrame
    fit: choice.Fit | None
    estimate: bool
    notes: tuple[str, ...]
    scenario: Scenario
    half_within: float | None = None
    registered_away: int = 0
    file: str = ""
    date: str = ""

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

    Returns
    -------
    PatientFlows
        Patients by area and practice, minutes, and the choice model with its fit.

    Raises
    ------
    InputError
        If no practice of the file is a site of the place.

    Examples
    --------
    >>> import pandas as pd
    >>> from nhcplanner import Scenario, demo_place, registered_patients
    >>> from nhcplanner.layers import RegisteredPatients
    >>> place = demo_place()
    >>> practices = place.sites.loc[place.sites["kind"] == "gp_practice", "site_id"].tolist()
    >>> codes = place.areas["area_code"]
    >>> table = pd.DataFrame({"practice": practices[0], "area_code": codes, "patients": 9})
    >>> table.loc[:20, "practice"] = practices[1]
    >>> none = pd.DataFrame({"practice": [], "where": [], "patients": []})
    >>> drive = Scenario(mode="drive", engine="estimate")
    >>> flows = registered_patients(place, RegisteredPatients(table, none, ()), drive)
    >>> int(flows.practices["patients"].sum())
    2250
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
    minutes, times = minutes_to_sites(place, measured, rows)
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
    return PatientFlows(
        place, patients, minutes, practices, fitted, times.estimate, tuple(notes), settings,
        times.half_within(settings.reach), away, registered.file, registered.date,
    )  # fmt: skip


def patients_within_reach(
    place: Place, registered: layers.RegisteredPatients, areas: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the registered patients of each practice within reach, and where they live.

    Patients are taken to be spread evenly over the people of their area.

    Parameters
    ----------
    place, registered
        The place, whose practices are sites with their ODS code as id, and the patients.
    areas
        `area_code`, `share_before` and `share_after` (share of people within reach, 0 to 1).

    Returns
    -------
    DataFrame, DataFrame
        By practice: `site_id`, `name`, `patients`, `from_place`, `from_elsewhere`,
        `within_before`, `within_after` (of those living in the place). By practice and area of
        the place: `site_id`, `name`, `area_code`, `patients`.
    """
    names = pd.Series(place.site_names.to_numpy(), index=place.sites["site_id"].to_numpy())
    table = registered.table[registered.table["practice"].isin(names.index)]
    shares = areas.set_index("area_code")[["share_before", "share_after"]]
    here = table[table["area_code"].isin(shares.index)].sort_values(["practice", "area_code"])
    reached = here[["patients"]].to_numpy(dtype=float) * shares.loc[here["area_code"]].to_numpy()
    within = here.assign(within_before=reached[:, 0], within_after=reached[:, 1])
    elsewhere = registered.elsewhere
    elsewhere = elsewhere[elsewhere["practice"].isin(names.index)]
    total = pd.concat([table, elsewhere]).groupby("practice")["patients"].sum().sort_index()
    columns = ["patients", "within_before", "within_after"]
    sums = within.groupby("practice")[columns].sum().reindex(total.index, fill_value=0)
    by_practice = pd.DataFrame(
        {
            "site_id": total.index,
            "name": names.loc[total.index].to_numpy(),
            "patients": total.to_numpy(dtype=float),
            "from_place": sums["patients"].to_numpy(dtype=float),
            "from_elsewhere": (total - sums["patients"]).to_numpy(dtype=float),
            "within_before": sums["within_before"].to_numpy(),
            "within_after": sums["within_after"].to_numpy(),
        }
    )
    by_area = pd.DataFrame(
        {
            "site_id": here["practice"].to_numpy(),
            "name": names.loc[here["practice"]].to_numpy(),
            "area_code": here["area_code"].to_numpy(),
            "patients": here["patients"].to_numpy(dtype=float),
        }
    )
    return by_practice, by_area


AGES = "people_"
"""Beginning of the columns that count residents of an age group."""


def place_of_patients(
    place: Place, registered: layers.RegisteredPatients, practices: Sequence[str] = ()
) -> Place:
    """Return the place with registered patients as its people instead of residents.

    A plan for it sites centres for the lists of practices: of one practice or branch, of several,
    or of all practices that are sites of the place.

    Parameters
    ----------
    place, registered
        The place, and patients by practice and area.
    practices
        ODS codes; by default every practice that is a site of the place.

    Returns
    -------
    Place
        Each area has its registered patients, shared among its starting points as its residents
        are. Counts by age and the projection are of residents, and are left out.

    Raises
    ------
    InputError
        For practices without patients in the areas of the place.
    """
    table = registered.table
    codes = pd.Index(place.areas["area_code"])
    here = table[table["area_code"].isin(codes)]
    chosen = list(dict.fromkeys(practices)) or place.sites["site_id"].tolist()
    unknown = [code for code in practices if code not in set(here["practice"])]
    here = here[here["practice"].isin(chosen)]
    if unknown or here.empty:
        words = f"no patients of {shortened(unknown or ['any practice'])} live in {place.name}"
        raise InputError([Fault(words, registered.file, hint="Give ODS codes of the file")])
    by_area = here.groupby("area_code")["patients"].sum().reindex(codes, fill_value=0)
    count = by_area.to_numpy(dtype=np.int64)
    residents = place.areas["people"].to_numpy(dtype=np.float64)
    area, heads = place.area_of_origin, place.origins["people"].to_numpy(dtype=np.float64)
    points = np.bincount(area, minlength=len(codes))
    share = np.where(residents[area] > 0, heads / np.maximum(residents[area], 1), 1 / points[area])
    ages = [name for name in place.areas if str(name).startswith(AGES)]
    number = here["practice"].nunique()
    dated = f", extract of {registered.date}" if registered.date else ""
    note = (
        f"People are {count.sum():,} registered patients of {plural(number, 'practice')} who live "
        f"here ({registered.file}{dated}), instead of {place.people:,} residents; counts by age, "
        "the projection and housing sites are of residents, and are left out"
    )
    return replace(
        place,
        areas=place.areas.drop(columns=ages).assign(people=count),
        origins=place.origins.assign(people=share * count[area]),
        projection=None,
        notes=(*place.notes, note),
    )


NO_PATIENTS = "The place folder has no file of registered patients (registered_patients.csv)"


def patient_evidence(
    place: Place, areas: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, str] | None:
    """Return the tables of `patients_within_reach` and their source; None without a file of them.

    Parameters
    ----------
    place, areas
        As in `patients_within_reach`; the file is that of the place folder.
    """
    path = layers.find_patients_file(place)
    if path is None:
        return None
    registered = layers.read_registered_patients(path)
    dated = f", extract of {registered.date}" if registered.date else ""
    words = (
        f"Counts by practice and area of {registered.file}{dated}; patients are taken to be "
        "spread evenly over the people of their area"
    )
    return *patients_within_reach(place, registered, areas), words


def _sizes(ids: pd.Series[str], listed: pd.Series) -> pd.Series:
    """Return list sizes: of the packaged practices, else of the file."""
    table = store.layer("sites", ["site_id", "registered_patients"])
    packaged = table.drop_duplicates("site_id").set_index("site_id")["registered_patients"]
    of_file = ids.map(listed).astype("float64")
    return of_file.where(of_file.notna(), ids.map(packaged)).fillna(0).astype("float64")


def minutes_to_sites(
    place: Place, measure: travel.Measure, rows: np.ndarray
) -> tuple[Floats, TravelTimes]:
    """Return people-weighted minutes of each area to some sites; inf beyond the horizon.

    Parameters
    ----------
    place, measure
        The place, and how minutes are measured.
    rows
        Positions of the sites in `place.sites`.

    Returns
    -------
    array of float, TravelTimes
        Area x site, and the times from origins that they are means of.
    """
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
    return found / np.bincount(area, weights=heads, minlength=len(found))[:, None], times
