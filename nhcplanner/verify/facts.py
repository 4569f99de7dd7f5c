"""The inputs of a plan as its files state them.

Written from the published definitions, not from the planner's code: people start from points in
areas, minutes after the plan are to the centre that it sends them to (the nearest open one, if it
sends nobody), a journey within `reach` counts, and a mean counts journeys beyond the horizon as the
horizon. People whom a plan sends to no centre are beyond it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.verify.files import Files, typed

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
RANKS = {"IMD 2025": 33_755, "IMD 2019": 32_844, "WIMD 2019": 1_909}
"""Areas that each index ranks (MHCLG 2025, 2019; Welsh Government 2019)."""
HALF = 0.5 * (1 - 1e-9)
OWN = "own"
"""Mode of the plan's own minutes in minutes.csv; a window of them begins with it."""
NOT_KNOWN = "not known"


class LackingError(Exception):
    """The hand-in does not hold what a figure is computed from."""


@dataclass
class Facts:
    """A hand-in's inputs.

    Parameters
    ----------
    files
        What the hand-in holds.
    """

    files: Files
    _minutes: dict[str, tuple[Any, Any, Any]] = field(default_factory=dict)
    _typed: dict[str, pd.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """Return a CSV table with numbers as numbers."""
        if name not in self.files.tables:
            raise LackingError(f"tables/{name}.csv is not in the hand-in")
        if name not in self._typed:
            self._typed[name] = typed(self.files.tables[name])
        return self._typed[name].copy()

    def has(self, name: str) -> bool:
        """Whether there is a CSV table of this name."""
        return name in self.files.tables

    @cached_property
    def record(self) -> dict[str, Any]:
        """Return plan.json."""
        return self.files.record or {}

    @property
    def scenario(self) -> dict[str, Any]:
        """Return the scenario of plan.json."""
        scenario: dict[str, Any] = self.record["scenario"]
        return scenario

    @property
    def reach(self) -> float:
        """Return minutes within which a centre counts as reached."""
        return float(self.scenario["reach"])

    @cached_property
    def settings(self) -> dict[str, str]:
        """Return settings.csv as text by name."""
        if not self.has("settings"):
            raise LackingError("tables/settings.csv is not in the hand-in")
        rows = self.files.tables["settings"]
        return dict(zip(rows["setting"], rows["value"], strict=True))

    def setting(self, name: str, default: float = 0.0) -> float:
        """Return a setting as a number; the default if it is blank or missing."""
        text = self.settings.get(name, "")
        return float(text) if text.strip() else default

    @property
    def discounting(self) -> tuple[float, float, float]:
        """Return rate, number of years, and the year that is not discounted."""
        rate, years, base = (self.setting(f"discount_{name}") for name in ("rate", "years", "base"))
        return rate, years, base

    @cached_property
    def horizon(self) -> float:
        """Return minutes beyond which no journey is known."""
        return float(self.settings["horizon"])

    @cached_property
    def areas(self) -> pd.DataFrame:
        """Return the areas, in order."""
        return self.table("areas_wide")

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Return the sites, in order."""
        return self.table("sites_wide")

    @cached_property
    def site_row(self) -> dict[str, int]:
        """Return the position of each site by id."""
        return {name: row for row, name in enumerate(self.sites["site_id"].astype(str))}

    @cached_property
    def origins(self) -> pd.DataFrame:
        """Return the starting points, in order, with `area`: the position of their area."""
        origins = self.table("origins")
        row = {code: n for n, code in enumerate(self.areas["area_code"].astype(str))}
        origins["area"] = [row[code] for code in origins["area_code"].astype(str)]
        origins["people"] = origins["people"].astype("float64")
        return origins

    @cached_property
    def people(self) -> Floats:
        """Return people of each starting point."""
        return self.origins["people"].to_numpy(dtype=np.float64)

    @cached_property
    def area(self) -> npt.NDArray[np.int64]:
        """Return the position of the area of each starting point."""
        return self.origins["area"].to_numpy(dtype=np.int64)

    @cached_property
    def modes(self) -> list[str]:
        """Return the modes of minutes.csv, the plan's own first as "own"."""
        return list(dict.fromkeys(self.table("minutes")["mode"].astype(str)))

    def points(self, mode: str) -> tuple[list[str], Floats]:
        """Return the ids of a mode's starting points and their people."""
        if is_own(mode):
            return self.origins["origin"].astype(str).tolist(), self.people
        heads = self.origins.groupby("point", sort=False)["people"].sum()
        return heads.index.astype(str).tolist(), heads.to_numpy(dtype=np.float64)

    def pairs(self, mode: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
        """Return rows, sites and minutes of every pair within the horizon."""
        if mode not in self._minutes:
            every = self.table("minutes")
            some = every[every["mode"].astype(str) == mode]
            row = {name: n for n, name in enumerate(self.points(mode)[0])}
            rows = some["origin"].astype(str).map(row).to_numpy(dtype=np.int64)
            sites = some["site_id"].astype(str).map(self.site_row).to_numpy(dtype=np.int64)
            minutes = some["minutes"].to_numpy(dtype=np.float64).astype(np.float32)
            self._minutes[mode] = rows, sites, minutes.astype(np.float64)
        return self._minutes[mode]

    @cached_property
    def unlisted(self) -> frozenset[int]:
        """Return positions of sites without pairs, if only those of sites in use are listed."""
        notes = self.files.tables.get("notes")
        if notes is None or not (notes["about"] == "minutes").any():
            return frozenset()
        return frozenset(range(len(self.sites))) - frozenset(self.pairs("own")[1].tolist())

    def nearest(self, opened: Iterable[int], mode: str = "own") -> Floats:
        """Return minutes from each starting point to the nearest opened site; inf = none."""
        rows, sites, minutes = self.pairs(mode)
        chosen = np.zeros(len(self.sites), dtype=bool)
        chosen[list(opened)] = True
        nearest = np.full(len(self.points(mode)[0]), np.inf)
        some = chosen[sites]
        np.minimum.at(nearest, rows[some], minutes[some])
        return nearest

    def nearest_site(self, opened: Iterable[int]) -> npt.NDArray[np.int64]:
        """Return the nearest opened site of each starting point, the first of ties; -1 = none."""
        rows, sites, minutes = self.pairs("own")
        chosen = np.zeros(len(self.sites), dtype=bool)
        chosen[list(opened)] = True
        some = chosen[sites]
        frame = pd.DataFrame({"row": rows[some], "site": sites[some], "m": minutes[some]})
        first = frame.sort_values(["row", "m", "site"]).drop_duplicates("row")
        nearest = np.full(len(self.people), -1, dtype=np.int64)
        nearest[first["row"]] = first["site"]
        return nearest

    def inside(self, minutes: Floats, limit: float | None = None) -> Mask:
        """Flag journeys within some minutes (the reach by default), in single precision."""
        flags: Mask = minutes <= float(np.float32(self.reach if limit is None else limit))
        return flags

    def sites_of(self, table: str, column: str) -> dict[str, list[int]]:
        """Return positions of the sites of each plan that a table lists."""
        frame = self.table(table)
        return {
            key_text(name): sorted(self.positions(part["site_id"]))
            for name, part in frame.groupby(column, sort=False)
        }

    def name_sites(self, sites: Iterable[int]) -> str:
        """Return the ids of sites as text, "none" if there are none."""
        ids = self.sites["site_id"].astype(str)
        return ", ".join(ids.iloc[sorted(sites)]) or "none"

    def positions(self, ids: Iterable[Any]) -> list[int]:
        """Return positions of sites by id."""
        return [self.site_row[str(name)] for name in ids]

    @cached_property
    def opened(self) -> list[int]:
        """Return positions of the sites that the plan opens."""
        return sorted(self.positions(self.record["plan"]["opened"]))

    @cached_property
    def status(self) -> list[str]:
        """Return the status of each site."""
        return self.sites["status"].astype(str).tolist()

    @cached_property
    def existing(self) -> list[int]:
        """Return positions of the centres open today."""
        return [row for row, status in enumerate(self.status) if status == "existing"]

    @cached_property
    def fifth(self) -> npt.NDArray[np.int64] | None:
        """Return the fifth of deprivation of each area, 0 = not known; None where none is."""
        areas = self.areas
        if "imd_decile" in areas and areas["imd_decile"].notna().any():
            parts = np.ceil(areas["imd_decile"].to_numpy(dtype=np.float64) / 2)
        elif "imd_rank" in areas and self.settings.get("index") in RANKS:
            ranks = areas["imd_rank"].to_numpy(dtype=np.float64)
            parts = np.ceil(ranks * 5 / RANKS[self.settings["index"]])
        else:
            return None
        return np.where(np.isfinite(parts), parts, 0).astype(np.int64)

    @cached_property
    def bands_by(self) -> str:
        """Return what orders areas by need: "hle", "imd" or "none"."""
        known = {
            by: column in self.areas and bool(self.areas[column].notna().any())
            for by, column in (("hle", "hle"), ("imd", "imd_rank"))
        }
        if self.scenario.get("band_edges"):
            return "hle"
        if self.scenario.get("band_by", "auto") != "auto":
            return str(self.scenario["band_by"])
        return next((by for by in ("hle", "imd") if known[by]), "none")

    @cached_property
    def band(self) -> npt.NDArray[np.int64]:
        """Return the band of each area from its own figures, 0 = in none.

        Areas go in order of HLE (ties by IMD rank, then code) or of IMD rank; each belongs to the
        band of its median person.
        """
        areas, by = self.areas, self.bands_by
        bands = np.zeros(len(areas), dtype=np.int64)
        if by == "none":
            return bands
        edges = [float(edge) for edge in self.scenario.get("band_edges") or ()]
        if edges:
            for row, years in enumerate(areas["hle"].to_numpy(dtype=np.float64)):
                if np.isfinite(years):
                    bands[row] = 1 + sum(years >= edge for edge in edges)
            return bands
        keys = {"hle": ["hle", "imd_rank", "area_code"], "imd": ["imd_rank", "area_code"]}[by]
        keys = [key for key in keys if key in areas]
        order = areas[areas[keys[0]].notna()].assign(
            area_code=lambda frame: frame["area_code"].astype(str)
        )
        order = order.sort_values(keys, kind="stable", na_position="last")
        number, total = int(self.scenario["bands"]), float(order["people"].sum())
        before = 0.0
        rows = order.index.to_numpy(dtype=np.int64)
        for place, (at, people) in enumerate(zip(rows, order["people"], strict=True)):
            share = (before + people / 2) / total if total else (place + 0.5) / len(order)
            bands[at] = min(max(int(np.floor(share * number)) + 1, 1), number)
            before += people
        return bands

    @cached_property
    def allocation(self) -> pd.DataFrame:
        """Return whom each centre serves: `row`, `site`, `share`, of plan.json or the nearest."""
        listed = self.record["plan"].get("allocation")
        if listed is not None:
            frame = pd.DataFrame(listed, columns=["row", "site_id", "share"])
            frame["site"] = self.positions(frame["site_id"])
            kinds = {"row": "int64", "site": "int64", "share": "float64"}
            return frame[list(kinds)].astype(kinds)
        nearest = self.nearest_site(self.opened)
        rows = np.flatnonzero((nearest >= 0) & self.inside(self.nearest(self.opened)))
        share = np.ones(len(rows))
        return pd.DataFrame({"row": rows, "site": nearest[rows], "share": share})

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan; one may open nothing."""
        return self.record["plan"]["status"] not in ("infeasible", "stopped")

    @property
    def sends(self) -> bool:
        """Whether the plan itself decides whom each centre serves."""
        return self.record["plan"].get("allocation") is not None

    @property
    def own_sending(self) -> pd.DataFrame | None:
        """Return whom the plan sends where; None if it sends nobody."""
        return self.allocation if self.sends else None

    def weight(self) -> Floats:
        """Return people of each starting point; one each in an area where nobody lives."""
        heads = np.bincount(self.area, self.people, len(self.areas))
        return np.where(heads[self.area] > 0, self.people, 1.0)

    def weight_of(self, trips: pd.DataFrame) -> Floats:
        """Return people of each trip; one each in an area where nobody lives."""
        area, people = self.area[trips["row"]], trips["people"].to_numpy(dtype=np.float64)
        heads = np.bincount(area, people, len(self.areas))
        return np.where(heads[area] > 0, people, 1.0)

    def median_by_area(self, minutes: Floats, trips: pd.DataFrame | None = None) -> Floats:
        """Return minutes within which half of each area's people come; may be inf.

        The minutes are of each starting point, or of each trip.
        """
        area = self.area if trips is None else self.area[trips["row"]]
        weight = self.weight() if trips is None else self.weight_of(trips)
        frame = pd.DataFrame({"area": area, "m": minutes, "w": weight})
        medians = np.full(len(self.areas), np.inf)
        for row, part in frame.sort_values("m", kind="stable").groupby("area"):
            enough = part["w"].cumsum().to_numpy() >= part["w"].sum() * HALF
            medians[int(str(row))] = part["m"].to_numpy()[np.argmax(enough)]
        return medians

    def share_by_area(self, inside: Mask, trips: pd.DataFrame | None = None) -> Floats:
        """Return the share of each area's people that a flag of starting points or trips holds."""
        area = self.area if trips is None else self.area[trips["row"]]
        weight = self.weight() if trips is None else self.weight_of(trips)
        whole = np.bincount(area, weight, len(self.areas))
        part = np.bincount(area, weight * inside, len(self.areas))
        shares: Floats = np.zeros(len(part), dtype=np.float64)
        np.divide(part, whole, out=shares, where=whole > 0)
        return shares

    def label(self, group: str) -> npt.NDArray[np.object_]:
        """Return the label of each area in a grouping that rules and goals may name; "" = none."""
        columns = {
            "council": "council_name", "icb": "icb_name", "rural_urban": "rural_urban",
            "neighbourhood": "neighbourhood", "multi": "multi_neighbourhood",
            "place": "place_area", "system": "system_area",
        }  # fmt: skip
        if group == "everyone":
            return np.full(len(self.areas), "", dtype=object)
        if group == "band":
            return np.array([str(number) if number else "" for number in self.band], dtype=object)
        if group == "imd_quintile":
            if self.fifth is None:
                raise LackingError("the hand-in knows no fifths of deprivation")
            return np.array([str(number) if number else "" for number in self.fifth], dtype=object)
        if columns.get(group) not in self.areas:
            raise LackingError(f"the areas have no {group}")
        return as_words(self.areas[columns[group]]).to_numpy(dtype=object)

    def site_label(self, group: str) -> list[str]:
        """Return the label of each site in a grouping; council and ICB are of the nearest area."""
        if group == "site_id":
            return self.sites["site_id"].astype(str).tolist()
        if group == "kind":
            return as_words(self.sites["kind"]).tolist()
        if not self.files.near:
            raise LackingError("no GIS layer states in which area each site lies")
        labels = dict(zip(self.areas["area_code"].astype(str), self.label(group), strict=True))
        return [labels[self.files.near[site]] for site in self.site_label("site_id")]


def is_own(mode: str) -> bool:
    """Return whether minutes are of the plan's own journeys, in all hours or in one window."""
    return mode == OWN or mode.startswith(f"{OWN}, ")


def as_words(column: pd.Series, blank: str = "") -> pd.Series:
    """Return a column as words; one that is wholly blank has been read as numbers."""
    return column.astype(object).where(column.notna(), blank).astype(str)


def key_text(name: object) -> str:
    """Return a key of a table as text, whole numbers without decimals."""
    return f"{name:g}" if isinstance(name, float) else str(name)


def flag_text(column: pd.Series) -> list[str]:
    """Return a column of flags as "True" or "False"."""
    return ["True" if str(flag) in ("True", "1.0", "1") else "False" for flag in column]
