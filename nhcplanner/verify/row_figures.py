"""Figures of the tables of a hand-in, by what each row is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import number
from nhcplanner.verify.options import PLAN


@dataclass
class Family:
    """Figures of rows of the same kind, by the texts that name a row.

    Parameters
    ----------
    name
        What rows are about.
    rows
        Key -> figures; a key is the set of texts that must all stand in the row.
    leads
        Whether only the first cell of a row may name it: rows about sites and other plans
        mention goals too.
    lacks
        Pattern of headings, in plain form, above figures that the tables at hand do not hold.
    """

    name: str
    rows: dict[frozenset[str], set[float]] = field(default_factory=dict)
    by_text: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    leads: bool = False
    lacks: str = ""

    def add(self, keys: Iterable[Any], figures: Iterable[Any]) -> None:
        """Add figures to the row that some texts name."""
        key = frozenset(plain(value) for value in keys)
        if not key or "" in key:
            return
        if key not in self.rows:
            self.rows[key] = set()
            for text in key:
                self.by_text.setdefault(text, []).append(key)
        for value in figures:
            if isinstance(value, (int, float, np.integer, np.floating)) and np.isfinite(value):
                self.rows[key].add(float(value))

    def figures(self, texts: list[str]) -> set[float] | None:
        """Return the figures of the row with these texts; None where it is not known."""
        figures: set[float] | None = None
        texts = texts[:1] if self.leads else texts
        for text in set(texts):
            for key in self.by_text.get(text, ()):
                if key <= set(texts):
                    figures = (figures or set()) | self.rows[key]
        return figures


def plain(value: Any) -> str:
    """Return a text without case, marks and spaces at its ends, as keys are compared."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    text = re.sub(r"\([^()]*\)", " ", str(value)) if not str(value).startswith("(") else str(value)
    return re.sub(r"[^\w]+", " ", text).strip().lower()


_GROUP_WORDS = {
    ("disability", "other people"): ("people who are not disabled",),
    ("household", "without a car"): ("people in households without a car",),
    ("household", "with a car"): ("people in households with a car",),
}
_MODES = {"walk": "on foot", "cycle": "by cycle", "transit": "by bus or train", "drive": "by car"}


def families(facts: Facts) -> list[Family]:
    """Return the facts of the hand-in's tables, by what their rows are about."""
    tables = {name: facts.table(name) for name in facts.files.tables if "/" not in name}
    return [
        family
        for family in (
            _sites(tables), _areas(tables), _groups(tables), _options(tables),
            _neighbourhoods(tables),
            _minutes(tables), _price(tables), _cases(facts, tables), _goals(facts),
            _alternatives(tables), _waves(tables), _inequality(tables),
        )
        if family.rows
    ]  # fmt: skip


def _numbers(row: Any) -> list[float]:
    return [value for value in row if isinstance(value, (int, float)) and not pd.isna(value)]


def _sites(tables: dict[str, pd.DataFrame]) -> Family:  # noqa: C901, PLR0912
    family = Family("site")
    names = {}
    if "sites_wide" in tables:
        frame = tables["sites_wide"]
        title = frame["site_name"] if "site_name" in frame else frame["site_id"]
        names = {str(s): n or s for s, n in zip(frame["site_id"], title, strict=True)}
    for name in ("sites_wide", "centres_wide", "catchments", "costs", "stays", "roles", "losses",
                 "candidates", "centres", "exchanges"):  # fmt: skip
        if name not in tables:
            continue
        for row in tables[name].to_dict("records"):
            site = str(row["site_id"])
            figures = _numbers(row.values())
            if name in ("exchanges", "losses"):
                figures += [abs(site_id) for site_id in figures]
            served = row.get("people_served", row.get("people"))
            if isinstance(served, float):
                figures.append(served / 50_000)
            for key in (site, names.get(site, site)):
                family.add([key], figures)
    if "candidates" in tables:
        for site_id, people in tables["candidates"].groupby("site_id")["adds"].sum().items():
            family.add([site_id], [people])
    if "catchments" in tables:
        total = tables["catchments"].select_dtypes("number").sum()
        for word in ("All", "Total", "Sum, as far as given"):
            family.add([word], [*total.tolist(), len(tables["catchments"])])
            if "centres_wide" in tables:
                family.add([word], tables["centres_wide"].select_dtypes("number").sum().tolist())
    if "losses" in tables:
        people = tables["losses"][tables["losses"]["unit"] == "people"]
        for site_id, lost in people.groupby("site_id")["lost"].sum().items():
            for key in (str(site_id), names.get(str(site_id), str(site_id))):
                family.add([key], [lost, abs(lost)])
    return family


def _areas(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("area")
    for name in ("areas_wide", "areas", "losers", "assignment"):
        if name in tables:
            for row in tables[name].to_dict("records"):
                family.add([row["area_code"]], _numbers(row.values()))
    return family


def _groups(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("group")
    for row in tables.get("groups", pd.DataFrame()).to_dict("records"):
        grouping, group, figures = row["grouping"], str(row["group"]), _numbers(row.values())
        words = [group] if not group.isdigit() else []
        if grouping == "band":
            words += [f"band {group}", f"band {group} (lowest HLE)"]
            family.add(["Band of need (1 = first)", group], figures)
        if grouping == "imd_quintile":
            words += [f"fifth {group}"]
            family.add(["Fifth of deprivation (1 = most deprived)", group], figures)
        if grouping == "age":
            words += [f"people aged {group}"]
        words += _GROUP_WORDS.get((grouping, group), ())
        if group == "not known":
            family.add([_GROUPINGS.get(grouping, grouping), group], figures)
            words = []
        for word in words:
            family.add([word], figures)
    return family


_GROUPINGS = {
    "band": "Band of need (1 = first)", "imd_quintile": "Fifth of deprivation (1 = most deprived)",
    "age": "Age", "disability": "Disability", "household": "Household",
    "rural_urban": "Rural or urban", "coastal": "Coastal or inland", "council": "Council",
    "district": "District", "icb": "ICB",
}  # fmt: skip


def _neighbourhoods(tables: dict[str, pd.DataFrame]) -> Family:
    found = Family("neighbourhood")
    for row in tables.get("neighbourhoods", pd.DataFrame()).to_dict("records"):
        found.add([row["neighbourhood"]], _numbers(row.values()))
    return found


def _options(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("option")
    frame = tables.get("options", pd.DataFrame({"option": ()}))
    plan = next(iter(frame[frame["option"] == PLAN].to_dict("records")), {})
    for row in frame.to_dict("records"):
        family.add([row["option"]], [*_numbers(row.values()), *_switching_values(plan, row)])
    return family


def _switching_values(plan: dict[Any, Any], option: dict[Any, Any]) -> list[float]:
    """Return differences of the plan from another option, in figures and as shares."""
    names = ("people_within", "discounted", "capital_discounted")
    mine, theirs = ([number(row.get(name)) for name in names] for row in (plan, option))
    if mine[0] is None or theirs[0] is None:
        return []
    more = mine[0] - theirs[0]
    values = [more, more / mine[0]] if mine[0] else [more]
    if mine[1] is not None and theirs[1] is not None:
        dearer = mine[1] - theirs[1]
        values += [dearer, *([dearer / more] if more > 0 else [])]
        values += [-dearer / mine[2]] if mine[2] else []
    return values


def _minutes(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("mode and minutes")
    for name in ("within", "curve"):
        for row in tables.get(name, pd.DataFrame()).to_dict("records"):
            mode = str(row["mode"]).removeprefix("the plan's own: ")
            for word in {row["mode"], mode, _MODES.get(mode.split(" (")[0], mode)}:
                family.add([word, f"{row['minutes']:g}"], _numbers(row.values()))
    return family


def _price(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("band in the price of priority")
    for row in tables.get("price", pd.DataFrame()).to_dict("records"):
        band = row["band"]
        word = f"{band:g}" if isinstance(band, float) else str(band)
        family.add([word], [row["people_plan"], row["people_without"], row["difference"]])
    return family


def _cases(facts: Facts, tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("case")
    for row in tables.get("robustness", pd.DataFrame()).to_dict("records"):
        opened = len(facts.record["plan"]["opened"])
        stays = row["stays"] * opened
        family.add([row["case"]], [*_numbers(row.values()), stays, opened])
    return family


def _goals(facts: Facts) -> Family:
    family = Family("goal", leads=True, lacks="" if facts.has("alternatives") else r"plan \d+")
    for stage in facts.record["plan"].get("stages") or []:
        family.add([stage["goal"]], [stage.get("value"), stage.get("bound"), stage.get("gap")])
    if facts.has("alternatives"):
        for row in facts.table("alternatives").to_dict("records"):
            family.add([row["goal"]], [row["value"]])
    return family


def _alternatives(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("alternative and goal")
    for row in tables.get("alternatives", pd.DataFrame()).to_dict("records"):
        family.add([row["plan"], row["goal"]], [row["value"]])
    return family


def _waves(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("wave")
    for row in tables.get("waves", pd.DataFrame()).to_dict("records"):
        family.add([row["wave"]], _numbers(row.values()))
    return family


def _inequality(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("measure of inequality")
    for row in tables.get("inequality", pd.DataFrame()).to_dict("records"):
        family.add([row["of"], row["measure"]], _numbers(row.values()))
    return family
