"""Practices that shut or move together: journeys of their patients, and lists that grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from nhcplanner import access, travel
from nhcplanner.access import choice
from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.domain.closures import FARTHER, ChoiceFit, Closure
from nhcplanner.workflow.patients import PatientFlows, minutes_to_sites
from nhcplanner.workflow.plan import rank
from nhcplanner.workflow.progress import Progress, report_progress

SHUTS, STAYS = "shuts", "stays"
FIGURES = ["patients", "minutes_before", "minutes_after", "nearest_after", "farther",
           "without_practice"]  # fmt: skip


def close_practices(
    flows: PatientFlows,
    shut: Sequence[str] = (),
    move: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Closure:
    """Return what changes for patients if practices shut or move, all at once.

    Patients of a practice that shuts choose among the others by the choice model. Patients of a
    practice that moves stay with it.

    Parameters
    ----------
    flows
        From `registered_patients`.
    shut
        ODS codes of the practices that shut.
    move
        Site that each practice moves to, by ODS code.
    progress
        Receives a sentence about the current step.

    Returns
    -------
    Closure
        Tables by area, group and practice; patients from outside the place are counted, but have
        no minutes.

    Raises
    ------
    InputError
        If nothing changes, for unknown practices and sites, practices without patients in the
        file or the place, if no practice is left, and if a practice both shuts and moves.

    Examples
    --------
    >>> import pandas as pd
    >>> from nhcplanner import Scenario, close_practices, demo_place, registered_patients
    >>> from nhcplanner.layers import RegisteredPatients
    >>> place = demo_place()
    >>> practices = place.sites.loc[place.sites["kind"] == "gp_practice", "site_id"].tolist()
    >>> codes = place.areas["area_code"]
    >>> table = pd.DataFrame({"practice": practices[0], "area_code": codes, "patients": 9})
    >>> table.loc[:20, "practice"] = practices[1]
    >>> none = pd.DataFrame({"practice": [], "where": [], "patients": []})
    >>> drive = Scenario(mode="drive", engine="estimate")
    >>> flows = registered_patients(place, RegisteredPatients(table, none, ()), drive)
    >>> int(close_practices(flows, [practices[1]]).figures["patients"])
    189
    """
    moves = tuple((move or {}).items())
    shut = tuple(dict.fromkeys(shut))
    _check(flows, shut, moves)
    codes = flows.practices["practice"].tolist()
    closed = np.array([codes.index(code) for code in shut], dtype=np.int64)
    moved = np.array([codes.index(code) for code, _ in moves], dtype=np.int64)
    report_progress(progress, "Measuring minutes to the practices that stay")
    after = flows.minutes.copy()
    after[:, closed] = np.inf
    to_site = _minutes_to(flows, [site for _, site in moves], progress)
    after[:, moved] = to_site
    sizes = flows.practices["list_size"].to_numpy(dtype=np.float64)
    chosen = choice.nearest_shares(after)
    if flows.fit is not None:
        chosen = choice.shares(after, sizes, flows.fit.weights)
    journeys = _journeys(flows, closed, moved, after, chosen)
    if not (np.isfinite(journeys["before"]) & np.isfinite(journeys["after"])).any():
        words = "no patient of these practices lives in the place and has a practice left"
        hint = "Open a place that covers the patients and the practices around them"
        raise InputError([Fault(words, hint=hint)])
    gained = flows.patients[:, closed].sum(axis=1) @ chosen
    practices = _practices(flows, shut, dict(moves), gained)
    rows = flows.practices.set_index("practice").loc[[*shut, *(code for code, _ in moves)]]
    outside = practices["outside"].to_numpy()
    nearest = {"before": flows.minutes.min(axis=1), "after": after.min(axis=1)}
    reach = flows.scenario.reach
    lost = (nearest["before"] <= reach) & (nearest["after"] > reach)
    is_outside = _outside(flows)
    living_here = flows.patients.sum(axis=0)
    figures = {
        **_figures(journeys, reach),
        "patients": float(rows["patients"].sum()),
        "from_place": float(rows["from_place"].sum()),
        "from_elsewhere": float(rows["from_elsewhere"].sum()),
        "placed": float(gained.sum()),
        "to_outside": float(practices.loc[outside, "patients_gained"].sum()),
        "people_without": float(flows.place.areas.loc[lost, "people"].sum()),
        "place_in": float(flows.practices.loc[~is_outside, "from_elsewhere"].sum()),
        "place_out": float(living_here[is_outside].sum() + flows.registered_away),
    }
    fit = ChoiceFit()
    if flows.fit is not None:
        fit = ChoiceFit(flows.fit.overlap, flows.fit.overlap_nearest, flows.fit.patients)
    return Closure(
        flows.place, shut, moves, _areas(flows, journeys), _groups(flows, journeys), practices,
        figures, reach, flows.scenario.mode, flows.estimate, flows.half_within, fit,
        flows.file, flows.date, flows.notes,
    )  # fmt: skip


def _check(flows: PatientFlows, shut: Sequence[str], moves: Sequence[tuple[str, str]]) -> None:
    known = flows.practices.set_index("practice")["patients"]
    sites = flows.place.sites["site_id"]
    faults = []
    options = [("--close", code) for code in shut] + [("--move", code) for code, _ in moves]
    if not options:
        faults.append(Fault("no practice shuts or moves", hint="Name a practice by its ODS code"))
    for option, code in options:
        if code not in known.index:
            words = f"no practice of the place with a list is called {code}"
            faults.append(Fault(words, option, hint=suggest(code, known.index)))
        elif known[code] == 0:
            hint = "Use the file of the whole of England, or of the boards that it serves"
            faults.append(Fault(f"{code} has no patients in the file", option, hint=hint))
    for code, site in moves:
        if code in shut:
            faults.append(Fault(f"{code} cannot both shut and move", "--move"))
        if site not in set(sites):
            words = f"no site of the place is called {site}"
            faults.append(Fault(words, "--move", hint=suggest(site, sites)))
    if faults:
        raise InputError(faults)


def _minutes_to(flows: PatientFlows, sites: list[str], progress: Progress | None) -> Floats:
    """Return minutes of each area to some sites, area x site."""
    if not sites:
        return np.zeros((len(flows.place.areas), 0))
    scenario = flows.scenario
    measure = travel.Measure(
        flows.place, scenario, scenario.mode, lambda words: report_progress(progress, words)
    )
    rows = pd.Index(flows.place.sites["site_id"]).get_indexer(pd.Index(sites))
    minutes, _ = minutes_to_sites(flows.place, measure, rows)
    return minutes


def _journeys(
    flows: PatientFlows, closed: Ints, moved: Ints, after: Floats, chosen: Floats
) -> pd.DataFrame:
    """Return one row per area and practice with patients: their minutes before and after.

    Columns `area` (row), `patients`, `before`, `after`, `nearest_before`, `nearest_after`; inf =
    beyond the horizon.
    """
    mean = (chosen * np.where(np.isfinite(after), after, 0.0)).sum(axis=1)
    mean[chosen.sum(axis=1) == 0] = np.inf
    pieces = []
    for column in (*closed.tolist(), *moved.tolist()):
        rows = np.flatnonzero(flows.patients[:, column] > 0)
        then = mean if column in closed else after[:, column]
        pieces.append(pd.DataFrame({
            "area": rows, "patients": flows.patients[rows, column],
            "before": flows.minutes[rows, column], "after": then[rows],
            "nearest_before": flows.minutes[rows].min(axis=1),
            "nearest_after": after[rows].min(axis=1),
        }))  # fmt: skip
    return pd.concat(pieces, ignore_index=True)


def _figures(journeys: pd.DataFrame, reach: float) -> dict[str, float]:
    """Return figures of some journeys: `FIGURES`, and `newly_without`."""
    known = journeys[np.isfinite(journeys["before"]) & np.isfinite(journeys["after"])]
    heads = known["patients"].sum()

    def mean(name: str) -> float:
        return float((known[name] * known["patients"]).sum() / heads) if heads else float("nan")

    def count(rows: pd.Series[bool]) -> float:
        return float(journeys.loc[rows, "patients"].sum())

    without = journeys["nearest_after"] > reach
    before = journeys["before"].where(np.isfinite(journeys["before"]))
    return {
        "patients": float(journeys["patients"].sum()),
        "minutes_before": mean("before"),
        "minutes_after": mean("after"),
        "nearest_after": mean("nearest_after"),
        "farther": count(journeys["after"] - before > FARTHER),
        "without_practice": count(without),
        "newly_without": count(without & (journeys["nearest_before"] <= reach)),
    }


def _areas(flows: PatientFlows, journeys: pd.DataFrame) -> pd.DataFrame:
    """Return the figures by area, those with most patients first."""
    areas = flows.place.areas
    rows = {area: _figures(mine, flows.scenario.reach) for area, mine in journeys.groupby("area")}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[*FIGURES, "newly_without"])
    names = [name for name in ("area_code", "area_name") if name in areas]
    frame = areas.loc[table.index, names].assign(
        patients=table["patients"].astype("int64"),
        **{name: table[name] for name in ("minutes_before", "minutes_after", "nearest_after")},
    )
    frame["nearest_after"] = (
        journeys.groupby("area")["nearest_after"].first().replace(np.inf, np.nan)
    )
    frame["more_minutes"] = frame["minutes_after"] - frame["minutes_before"]
    if flows.place.knows_cars:
        frame["without_car"] = frame["patients"] * areas.loc[table.index, "no_car_share"]
    return pd.DataFrame(frame).sort_values(
        ["patients", "area_code"], ascending=[False, True], ignore_index=True
    )


def _groups(flows: PatientFlows, journeys: pd.DataFrame) -> pd.DataFrame:
    """Return the figures by band of need, fifth of deprivation and household."""
    place, reach = flows.place, flows.scenario.reach
    rows = [{"grouping": "everyone", "group": "everyone", **_figures(journeys, reach)}]
    labels: dict[str, pd.Series] = {}
    if any(name in place.areas and place.areas[name].notna().any() for name in ("hle", "imd_rank")):
        labels["band"] = rank(place, flows.scenario).band
    fifth = access.imd_quintile(place.areas, place.index_name)
    if fifth is not None:
        labels["imd_quintile"] = fifth
    for grouping, values in labels.items():
        of = values.to_numpy()[journeys["area"]]
        for group in sorted(set(of[of > 0].tolist())):
            figures = _figures(journeys[of == group], reach)
            rows.append({"grouping": grouping, "group": str(group), **figures})
    if place.knows_cars:
        share = place.areas["no_car_share"].fillna(0.0).to_numpy(dtype=np.float64)
        mine = journeys.assign(patients=journeys["patients"] * share[journeys["area"]])
        rows.append({"grouping": "household", "group": "without a car", **_figures(mine, reach)})
    return pd.DataFrame(rows)[["grouping", "group", *FIGURES, "newly_without"]]


def _practices(
    flows: PatientFlows, shut: Sequence[str], moves: dict[str, str], gained: Floats
) -> pd.DataFrame:
    """Return the practices that change, and those that gain patients, the most first."""
    place = flows.place
    at = pd.Index(place.sites["site_id"])
    names = dict(zip(place.sites["site_id"], place.site_names, strict=True))
    frame = flows.practices[["practice", "name", "list_size"]].copy()
    code = frame["practice"]
    frame["change"] = [
        SHUTS if one in shut else f"moves to {names[moves[one]]}" if one in moves else STAYS
        for one in code
    ]
    frame["patients_gained"] = gained
    frame["list_change"] = gained / frame["list_size"]
    here = place.sites.geometry.iloc[
        at.get_indexer(pd.Index([moves.get(one, one) for one in code]))
    ]
    frame["easting"], frame["northing"] = here.x.to_numpy(), here.y.to_numpy()
    frame["outside"] = _outside(flows)
    is_changed = (frame["change"] != STAYS).to_numpy()
    frame["rank"] = np.where(is_changed, 0, 1)
    concerned = frame[is_changed | (gained > 0)]
    order = concerned.sort_values(
        ["rank", "patients_gained", "practice"], ascending=[True, False, True], ignore_index=True
    )
    return order.drop(columns="rank")


def _outside(flows: PatientFlows) -> np.ndarray:
    """Flag the practices that lie in no area of the place."""
    place = flows.place
    at = pd.Index(place.sites["site_id"]).get_indexer(pd.Index(flows.practices["practice"]))
    if not set(place.areas.geom_type) <= {"Polygon", "MultiPolygon"}:
        return np.zeros(len(at), dtype=bool)
    site, _ = place.areas.sindex.query(place.sites.geometry.iloc[at], predicate="intersects")
    outside = np.ones(len(at), dtype=bool)
    outside[site] = False
    return outside


def practice_areas(flows: PatientFlows, practice: str) -> pd.DataFrame:
    """Return where the patients of a practice live, the most first.

    Parameters
    ----------
    flows
        From `registered_patients`.
    practice
        ODS code.

    Returns
    -------
    DataFrame
        `area_code`, `area_name` (if known), `patients`, `share` (of the practice's patients),
        `minutes` (to the practice; blank = beyond the horizon).

    Raises
    ------
    InputError
        For an unknown practice.
    """
    _check(flows, [practice], ())
    row = flows.practices["practice"].tolist().index(practice)
    areas = flows.place.areas
    frame = areas[[name for name in ("area_code", "area_name") if name in areas]].assign(
        patients=flows.patients[:, row].astype("int64"),
        share=flows.patients[:, row] / flows.practices["patients"].iloc[row],
        minutes=np.where(np.isfinite(flows.minutes[:, row]), flows.minutes[:, row], np.nan),
    )
    here = pd.DataFrame(frame[frame["patients"] > 0])
    return here.sort_values(["patients", "area_code"], ascending=[False, True], ignore_index=True)
