"""List of sites as a planner's table, and changes to it as edits of the place."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain import column_checks, opening_hours
from nhcplanner.domain.columns import SITES
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Fact, Place, SiteEdit, with_edit
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.validate import far_sites

FACTS = (
    "site_name", "kind", "status", "capacity", "size_date", "cost", "cost_date", "running_cost",
    "opening_hours", "parking_spaces", "blue_badge_spaces",
)  # fmt: skip
"""Columns of the table that a planner may change."""
CHOICE = "choice"
MAY, MUST, MUST_NOT = "Available", "Must open", "Excluded"
CHOICES = (MAY, MUST, MUST_NOT)
STANDING = {"existing": MUST, "committed": MUST, "forbidden": MUST_NOT}
"""Statuses that decide whether a site opens."""
_SAME_M = 1.0
"""Metres within which two sites are at the same point."""
OWN = "own-"
"""Prefix of the ids of sites that a planner adds."""


@dataclass(frozen=True)
class Choices:
    """Edits of the sites, and which of them must or must not open.

    Parameters
    ----------
    edits
        Changed facts, moves and additions.
    keep, forbid
        Ids, as a scenario has them.
    records
        Intake records of the lists that edits came from.
    """

    edits: tuple[SiteEdit, ...]
    keep: tuple[str, ...]
    forbid: tuple[str, ...]
    records: tuple[FileIntake, ...] = ()


def spot(text: str) -> layers.Spot:
    """Read a position that a person typed.

    Raises
    ------
    InputError
        If it is not a known postcode, a grid reference or a pair of metres.
    """
    if not text.strip():
        raise InputError(
            [Fault("The position is missing", hint="Click the map or enter a postcode")]
        )
    return layers.spot(text)


def site_table(place: Place, scenario: Scenario) -> pd.DataFrame:
    """Return the sites as a planner's table.

    Returns
    -------
    DataFrame
        `site_id`, `choice` (one of `CHOICES`), then `FACTS`, missing where not known; in the
        place's order.
    """
    sites = place.sites
    choice = sites["status"].map(STANDING)
    choice = choice.where(choice.notna(), MAY)
    free = ~sites["status"].isin(STANDING)
    choice = choice.mask(free & sites["site_id"].isin(scenario.keep), MUST)
    choice = choice.mask(free & sites["site_id"].isin(scenario.forbid), MUST_NOT)
    frame = pd.DataFrame({"site_id": sites["site_id"], CHOICE: choice})
    numbers = ("capacity", "cost", "running_cost", "parking_spaces", "blue_badge_spaces")
    for name in FACTS:
        blank = np.nan if name in numbers else None
        frame[name] = sites[name].to_numpy() if name in sites else blank
        frame[name] = frame[name].astype("float64" if name in numbers else "object")
    return frame


def changed(place: Place, table: pd.DataFrame, now: Choices) -> Choices:
    """Return the choices with a planner's changes to the table.

    Parameters
    ----------
    place
        The place with the edits so far.
    table
        `site_table` with some cells changed.
    now
        The choices so far.

    Raises
    ------
    InputError
        For a choice that a site's status does not allow, and opening hours that are not
        understood.
    """
    before = site_table(place, Scenario(keep=now.keep, forbid=now.forbid))
    edits = {one.site_id: one for one in now.edits}
    choice: dict[str, str] = {}
    faults = []
    for old, new in zip(before.to_dict("records"), table.to_dict("records"), strict=True):
        site = str(old["site_id"])
        facts = {name: fact(new[name]) for name in FACTS if fact(new[name]) != fact(old[name])}
        if facts:
            edits[site] = edits.get(site, SiteEdit(site)).with_facts(**facts)
        hours = facts.get("opening_hours")
        if hours and not opening_hours.rewrite(str(hours)):
            words = f"{site}: opening hours are not understood: {hours}"
            faults.append(Fault(words, hint=opening_hours.HINT))
        if new[CHOICE] == old[CHOICE]:
            continue
        choice[site] = str(new[CHOICE])
        if new["status"] in STANDING and choice[site] != STANDING[str(new["status"])]:
            hint = "Set its status to candidate first"
            faults.append(
                Fault(f"{site} is {new['status']}, which decides whether it opens", hint=hint)
            )
    if faults:
        raise InputError(faults)
    keep, forbid = (
        tuple(
            [site for site in ids if site not in choice]
            + [site for site, value in choice.items() if value == what]
        )
        for ids, what in ((now.keep, MUST), (now.forbid, MUST_NOT))
    )
    return replace(
        now, edits=tuple(edits[site] for site in sorted(edits)), keep=keep, forbid=forbid
    )


def added(place: Place, spot: layers.Spot, name: str, kind: str, now: Choices) -> Choices:
    """Return the choices with a new site, under an id that the place does not have.

    Raises
    ------
    InputError
        If a site of that name, or any site if it has none, is already at the same point.
    """
    same = place.sites.geometry.distance(Point(spot.point)) < _SAME_M
    if name.strip():
        same &= place.site_names.str.casefold() == name.strip().casefold()
    if same.any():
        there = place.site_names[same].iloc[0]
        hint = "Change that site in the table, or give the new site a name of its own"
        raise InputError([Fault(f"{there} is already at this point", hint=hint)])
    ids_so_far = set(place.sites["site_id"])
    number = next(n for n in range(1, len(ids_so_far) + 2) if f"{OWN}{n:03}" not in ids_so_far)
    facts: dict[str, Fact] = {"site_name": name.strip() or f"Own site {number}"}
    facts |= {"kind": kind.strip()} if kind.strip() else {}
    facts |= {"postcode": spot.postcode} if spot.postcode else {}
    one = SiteEdit(f"{OWN}{number:03}", point=spot.point, added=True).with_facts(**facts)
    return replace(now, edits=with_edit(now.edits, one))


def moved(site_id: str, spot: layers.Spot, now: Choices) -> Choices:
    """Return the choices with a site moved."""
    one = next((edit for edit in now.edits if edit.site_id == site_id), SiteEdit(site_id))
    return replace(now, edits=with_edit(now.edits, replace(one, point=spot.point)))


def without(site_ids: Collection[str], now: Choices) -> Choices:
    """Return the choices without the changes of some sites; added sites are removed."""
    removed_ids = {one.site_id for one in now.edits if one.added and one.site_id in site_ids}
    edits = tuple(one for one in now.edits if one.site_id not in site_ids)
    return Choices(
        edits,
        tuple(site for site in now.keep if site not in removed_ids),
        tuple(site for site in now.forbid if site not in removed_ids),
        now.records if edits else (),
    )


def edit_table(edits: Sequence[SiteEdit]) -> pd.DataFrame:
    """Return the changes, one row per site: `site_id`, `what` (in words)."""
    labels = {column.name: column.label for column in SITES}
    rows = []
    for one in edits:
        changes = ["added"] if one.added else []
        changes += ["moved"] if one.point is not None and not one.added else []
        changes += [
            f"{labels.get(name, name)}: {'blank' if value is None else value}"
            for name, value in one.facts
        ]
        rows.append({"site_id": one.site_id, "what": "; ".join(changes)})
    return pd.DataFrame(rows, columns=["site_id", "what"])


def fact(value: object) -> Fact:
    """Return a cell as an edit stores it; None if it is blank."""
    if value is None or value is pd.NA or value == "" or value != value:  # noqa: PLR0124  (NaN)
        return None
    return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]


FILE = "sites as edited"
COLUMNS = {column.name for column in SITES} - {"site_id", "geometry"}
NEW = {"kind": "building", "status": "candidate", "listed_by": "own"}
"""Values of an added site where none are given."""


def with_edits(
    place: Place, edits: Sequence[SiteEdit], records: Sequence[FileIntake] = ()
) -> Place:
    """Return the place with some sites changed, moved or added, after the usual checks.

    Parameters
    ----------
    place, edits
        The place and the edits.
    records
        Intake records of the lists that edits came from.

    Raises
    ------
    InputError
        With every fault: unknown or repeated sites, unknown columns, invalid values,
        points outside the place.
    """
    place = replace(place, intake=(*place.intake, *records)) if records else place
    if not edits:
        return place
    faults = [fault for one in edits for fault in _faults(place, one)]
    if faults:
        raise InputError(faults)
    sites = _changed(place.sites, edits)
    faults = column_checks.faults(sites, "sites", FILE, 1) or far_sites(place.areas, sites, FILE, 1)
    if faults:
        raise InputError(_by_id(faults, sites))
    sites = column_checks.typed(sites, "sites").sort_values(
        "site_id", kind="stable", ignore_index=True
    )
    return replace(place, sites=sites, notes=(*place.notes, _note(edits)))


def _faults(place: Place, one: SiteEdit) -> list[Fault]:
    known = (place.sites["site_id"] == one.site_id).any()
    found = []
    if one.added and known:
        hint = "Give the new site another id"
        found.append(Fault(f"there is already a site {one.site_id}", FILE, hint=hint))
    if not one.added and not known:
        hint = "Undo the edit, or open the place that it was made for"
        found.append(Fault(f"{place.name} has no site {one.site_id}", FILE, hint=hint))
    if one.added and one.point is None:
        found.append(Fault(f"site {one.site_id} has no point on the map", FILE))
    strange = [name for name, _ in one.facts if name not in COLUMNS]
    return found + [Fault(f"sites have no column '{name}'", FILE) for name in strange]


def _changed(sites: gpd.GeoDataFrame, edits: Sequence[SiteEdit]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(sites).astype("object").set_index("site_id")
    changes: dict[str, dict[str, object]] = {}
    for one in edits:
        facts = {**NEW, **dict(one.facts)} if one.added else dict(one.facts)
        for column, value in facts.items():
            changes.setdefault(column, {})[one.site_id] = np.nan if value is None else value
    frame = frame.reindex([*frame.index, *(one.site_id for one in edits if one.added)])
    for column, values in changes.items():
        cells = frame.get(column, pd.Series(np.nan, frame.index)).astype("object")
        cells.loc[list(values)] = pd.Series(values, dtype="object")
        frame[column] = cells
    moved = {one.site_id: Point(one.point) for one in edits if one.point is not None}
    points = frame["geometry"].to_dict() | moved
    geometry = gpd.GeoSeries([points[site] for site in frame.index], frame.index, crs=sites.crs)
    frame = frame.assign(geometry=geometry).rename_axis("site_id").reset_index()
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=sites.crs)


def _by_id(faults: Sequence[Fault], sites: pd.DataFrame) -> list[Fault]:
    """Name sites by their id, since nobody sees the rows of the edited list."""
    return [
        fault if fault.row is None else _of_site(fault, str(sites["site_id"].iloc[fault.row - 1]))
        for fault in faults
    ]


def _of_site(fault: Fault, site_id: str) -> Fault:
    """Return a fault of an edited site without row; a point has no column on screen either."""
    if fault.column != "geometry":
        return replace(fault, row=None, file=f"site {site_id}")
    return replace(fault, row=None, file="", column="", hint="Check the position")


def _note(edits: Sequence[SiteEdit]) -> str:
    added = sum(one.added for one in edits)
    moved = sum(one.point is not None and not one.added for one in edits)
    counts = [(added, "added"), (moved, "moved"), (len(edits) - added - moved, "changed")]
    words = ", ".join(f"{number:,} {what}" for number, what in counts if number)
    return f"Sites edited by the planner: {words}"
