"""Listed: the candidate list as a planner's own table, and changes to it as edits.

A place whose sites a planner has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Point

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain import schema
from nhcplanner.domain.columns import SITES
from nhcplanner.domain.place import Fact, Place, SiteEdit, with_edit
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.validate import far_sites

FACTS = (
    "site_name", "kind", "status", "capacity", "size_date", "cost", "cost_date", "running_cost",
)  # fmt: skip
"""What a planner changes of a site in the table."""
CHOICE = "choice"
MAY, MUST, MUST_NOT = "may open", "must open", "must not open"
CHOICES = (MAY, MUST, MUST_NOT)
STANDING = {"existing": MUST, "committed": MUST, "forbidden": MUST_NOT}
"""Statuses that leave no choice."""
OWN = "own-"
"""First letters of the ids of sites that a planner adds."""


@dataclass(frozen=True)
class Choices:
    """What was changed about the sites, and which of them must or must not open.

    Parameters
    ----------
    edits
        Changed facts, moves and additions.
    keep, forbid
        Ids, as a scenario has them.
    """

    edits: tuple[SiteEdit, ...]
    keep: tuple[str, ...]
    forbid: tuple[str, ...]


def spot(text: str) -> layers.Spot:
    """Where something is, as a person types it.

    Raises
    ------
    InputError
        For what is no postcode, grid reference or pair of metres, or a postcode not known.
    """
    if not text.strip():
        raise InputError([Fault("Nothing says where", hint="Click the map or type a postcode")])
    return layers.spot(text)


def site_table(place: Place, scenario: Scenario) -> pd.DataFrame:
    """The sites as a planner's table.

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
    numbers = ("capacity", "cost", "running_cost")
    for name in FACTS:
        blank = np.nan if name in numbers else None
        frame[name] = sites[name].to_numpy() if name in sites else blank
        frame[name] = frame[name].astype("float64" if name in numbers else "object")
    return frame


def changed(place: Place, table: pd.DataFrame, now: Choices) -> Choices:
    """Take in what a planner changed in the table.

    Parameters
    ----------
    place
        With the edits so far.
    table
        `site_table` with some cells changed.
    now
        What was chosen before.

    Raises
    ------
    InputError
        For a choice that a site's status does not leave.
    """
    before = site_table(place, Scenario(keep=now.keep, forbid=now.forbid))
    edits = {one.site_id: one for one in now.edits}
    choice: dict[str, str] = {}
    faults = []
    for old, new in zip(before.to_dict("records"), table.to_dict("records"), strict=True):
        site = str(old["site_id"])
        facts = {name: _fact(new[name]) for name in FACTS if _fact(new[name]) != _fact(old[name])}
        if facts:
            edits[site] = edits.get(site, SiteEdit(site)).with_facts(**facts)
        if new[CHOICE] == old[CHOICE]:
            continue
        choice[site] = str(new[CHOICE])
        if new["status"] in STANDING and choice[site] != STANDING[str(new["status"])]:
            hint = "Make it a candidate first"
            faults.append(Fault(f"{site} is {new['status']}: there is no choice", hint=hint))
    if faults:
        raise InputError(faults)
    keep, forbid = (
        tuple(
            [site for site in ids if site not in choice]
            + [site for site, said in choice.items() if said == what]
        )
        for ids, what in ((now.keep, MUST), (now.forbid, MUST_NOT))
    )
    return Choices(tuple(edits[site] for site in sorted(edits)), keep, forbid)


def added(place: Place, spot: layers.Spot, name: str, kind: str, now: Choices) -> Choices:
    """The choices with a site of the planner's own, under an id that the place does not have."""
    taken = set(place.sites["site_id"])
    number = next(n for n in range(1, len(taken) + 2) if f"{OWN}{n:03}" not in taken)
    facts: dict[str, Fact] = {"site_name": name.strip() or f"Own site {number}"}
    facts |= {"kind": kind.strip()} if kind.strip() else {}
    facts |= {"postcode": spot.postcode} if spot.postcode else {}
    one = SiteEdit(f"{OWN}{number:03}", point=spot.point, added=True).with_facts(**facts)
    return replace(now, edits=with_edit(now.edits, one))


def moved(site_id: str, spot: layers.Spot, now: Choices) -> Choices:
    """The choices with a site elsewhere."""
    one = next((edit for edit in now.edits if edit.site_id == site_id), SiteEdit(site_id))
    return replace(now, edits=with_edit(now.edits, replace(one, point=spot.point)))


def without(site_ids: Collection[str], now: Choices) -> Choices:
    """The choices with all that was changed about some sites undone; added sites go."""
    gone = {one.site_id for one in now.edits if one.added and one.site_id in site_ids}
    return Choices(
        tuple(one for one in now.edits if one.site_id not in site_ids),
        tuple(site for site in now.keep if site not in gone),
        tuple(site for site in now.forbid if site not in gone),
    )


def taken_in(base: Place, estates: layers.Estates, now: Choices) -> Choices:
    """The choices with a list of buildings: sites that the place has change, others are added.

    Parameters
    ----------
    base
        The place without edits.
    estates
        The list. What it leaves blank stays as it is.
    now
        What was chosen before.
    """
    known = set(base.sites["site_id"])
    edits = {one.site_id: one for one in now.edits}
    rows = estates.sites.drop(columns="geometry").to_dict("records")
    for row, point in zip(rows, estates.sites.geometry, strict=True):
        site = str(row.pop("site_id"))
        facts = {str(name): _fact(value) for name, value in row.items() if _fact(value) is not None}
        one = edits.get(site, SiteEdit(site)).with_facts(**facts)
        edits[site] = replace(one, point=(point.x, point.y), added=site not in known)
    return replace(now, edits=tuple(edits[site] for site in sorted(edits)))


def edit_table(edits: Sequence[SiteEdit]) -> pd.DataFrame:
    """What was changed, a row a site: `site_id`, `what` (in words)."""
    labels = {column.name: column.label for column in SITES}
    rows = []
    for one in edits:
        said = ["added"] if one.added else []
        said += ["moved"] if one.point is not None and not one.added else []
        said += [
            f"{labels.get(name, name)}: {'blank' if value is None else value}"
            for name, value in one.facts
        ]
        rows.append({"site_id": one.site_id, "what": "; ".join(said)})
    return pd.DataFrame(rows, columns=["site_id", "what"])


def _fact(value: object) -> Fact:
    """A cell as an edit keeps it; None where it is blank."""
    if value is None or value is pd.NA or value == "" or value != value:  # noqa: PLR0124  (NaN)
        return None
    return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]


FILE = "sites as edited"
COLUMNS = {column.name for column in SITES} - {"site_id", "geometry"}
NEW = {"kind": "building", "status": "candidate", "listed_by": "own"}
"""What a site that was added is taken for where nothing is said."""


def with_edits(place: Place, edits: Sequence[SiteEdit]) -> Place:
    """The place with some sites changed, moved or added, checked like any other.

    Raises
    ------
    InputError
        With every fault: sites that are not there or stand twice, columns that sites do not have,
        values that the schema refuses, points outside the place.
    """
    if not edits:
        return place
    faults = [fault for one in edits for fault in _faults(place, one)]
    if faults:
        raise InputError(faults)
    sites = _changed(place.sites, edits)
    faults = schema.faults(sites, "sites", FILE, 1) or far_sites(place.areas, sites, FILE, 1)
    if faults:
        raise InputError(_by_id(faults, sites))
    sites = schema.typed(sites, "sites").sort_values("site_id", kind="stable", ignore_index=True)
    return replace(place, sites=sites, notes=(*place.notes, _note(edits)))


def _faults(place: Place, one: SiteEdit) -> list[Fault]:
    known = (place.sites["site_id"] == one.site_id).any()
    found = []
    if one.added and known:
        hint = "Give the new site an id of its own"
        found.append(Fault(f"there already is a site {one.site_id}", FILE, hint=hint))
    if not one.added and not known:
        hint = "Undo that edit, or open the place that it was made for"
        found.append(Fault(f"{place.name} has no site {one.site_id}", FILE, hint=hint))
    if one.added and one.point is None:
        found.append(Fault(f"site {one.site_id} has no point on the map", FILE))
    strange = [name for name, _ in one.facts if name not in COLUMNS]
    return found + [Fault(f"sites have no column '{name}'", FILE) for name in strange]


def _changed(sites: gpd.GeoDataFrame, edits: Sequence[SiteEdit]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(sites).astype("object").set_index("site_id")
    for one in edits:
        facts = {**NEW, **dict(one.facts)} if one.added else dict(one.facts)
        if one.point is not None:
            facts["geometry"] = Point(one.point)
        for column, value in facts.items():
            frame.loc[one.site_id, column] = np.nan if value is None else value
    frame = frame.reset_index()
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=sites.crs)


def _by_id(faults: Sequence[Fault], sites: pd.DataFrame) -> list[Fault]:
    """Name sites by their id, for rows of an edited list are nowhere to be seen."""
    return [
        fault
        if fault.row is None
        else replace(fault, row=None, file=f"site {sites['site_id'].iloc[fault.row - 1]}")
        for fault in faults
    ]


def _note(edits: Sequence[SiteEdit]) -> str:
    added = sum(one.added for one in edits)
    moved = sum(one.point is not None and not one.added for one in edits)
    said = [(added, "added"), (moved, "moved"), (len(edits) - added - moved, "changed otherwise")]
    words = ", ".join(f"{number:,} {what}" for number, what in said if number)
    return f"Sites edited by the planner: {words}"
