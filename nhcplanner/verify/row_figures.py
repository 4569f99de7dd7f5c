"""Figures of the tables of a hand-in, by what each row is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import number
from nhcplanner.verify.options import PLAN, score_options, weight_of_first_band

Labelled = dict[str, set[float]]
"""Figures of a row by label: the table and column that they are of."""


@dataclass
class Family:
    """Figures of rows of the same kind, by the texts that name a row.

    Parameters
    ----------
    name
        What rows are about.
    rows
        Key -> figures by label, the table and column that they are of; a key is the set of texts
        that must all be in the row.
    leads
        Whether only the first cell of a row may name it: rows about sites and other plans
        mention goals too.
    lacks
        Pattern of headings, in plain form, above figures that the tables at hand do not hold.
    is_list
        Whether a document's table is a list of names and values: it has no heading, and words in
        it are no figures.
    """

    name: str
    rows: dict[frozenset[str], Labelled] = field(default_factory=dict)
    by_text: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    leads: bool = False
    lacks: str = ""
    is_list: bool = False

    def add(self, keys: Iterable[Any], figures: Mapping[str, Any]) -> None:
        """Add figures to the row that some texts name."""
        key = frozenset(plain(value) for value in keys)
        if not key or "" in key:
            return
        if key not in self.rows:
            self.rows[key] = {}
            for text in key:
                self.by_text.setdefault(text, []).append(key)
        for label, value in figures.items():
            if isinstance(value, (int, float, np.integer, np.floating)) and np.isfinite(value):
                self.rows[key].setdefault(label, set()).add(float(value))

    def figures(self, texts: list[str]) -> Labelled | None:
        """Return the figures of the row with these texts by label; None if it is not known."""
        figures: Labelled | None = None
        texts = texts[:1] if self.leads else texts
        for text in set(texts):
            for key in self.by_text.get(text, ()):
                if key <= set(texts):
                    figures = figures or {}
                    for label, values in self.rows[key].items():
                        figures[label] = figures.get(label, set()) | values
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
_MODES = {
    "walk": "on foot", "cycle": "by cycle", "transit": "by bus or train",
    "on_demand": "by on-demand transport", "drive": "by car",
}  # fmt: skip


def families(facts: Facts) -> list[Family]:
    """Return the facts of the hand-in's tables, by what their rows are about."""
    tables = {name: facts.table(name) for name in facts.files.tables if "/" not in name}
    return [
        family
        for family in (
            _sites(tables), _areas(tables), _groups(tables), _options(tables),
            _neighbourhoods(tables),
            _minutes(tables), *_hours(tables), _price(tables), _cases(facts, tables), _goals(facts),
            _alternatives(tables), _sites_of_alternatives(tables), _waves(tables),
            _inequality(tables), _years(tables), _competition(tables), _patients(tables),
        )
        if family.rows
    ]  # fmt: skip


def _numbers(name: str, row: Mapping[Any, Any]) -> dict[str, float]:
    """Return the numbers of a row of a table by label."""
    return {
        f"{name}.{column}": value
        for column, value in row.items()
        if isinstance(value, (int, float)) and not isinstance(value, bool) and not pd.isna(value)
    }


def _sites(tables: dict[str, pd.DataFrame]) -> Family:
    family, titles = Family("site"), _titles(tables)
    for name in ("sites_wide", "centres_wide", "catchments", "costs", "stays", "roles", "losses",
                 "candidates", "centres", "exchanges"):  # fmt: skip
        for row in tables.get(name, pd.DataFrame()).to_dict("records"):
            site = str(row["site_id"])
            for key in {site, titles.get(site, site)}:
                for figures in _of_site(name, row):
                    family.add([key], figures)
    for option, part in tables.get("option_sites", pd.DataFrame({"option": ()})).groupby("option"):
        for site in part["site_id"].astype(str):
            family.add([site], {f"open in {option}": 1.0})
    _add_sums(family, tables, titles)
    _add_totals(family, tables)
    return family


def _add_sums(family: Family, tables: dict[str, pd.DataFrame], titles: Mapping[str, str]) -> None:
    """Add the people whom a site would add, and those lost without it, in all."""
    if "candidates" in tables:
        for site, people in tables["candidates"].groupby("site_id")["adds"].sum().items():
            family.add([site], {"candidates: adds": people})
    if "losses" in tables:
        people = tables["losses"][tables["losses"]["unit"] == "people"]
        for name, lost in people.groupby("site_id")["lost"].sum().items():
            site = str(name)
            for key in {site, titles.get(site, site)}:
                family.add([key], {"losses: lost": lost, "losses: lost, size": abs(lost)})


def _titles(tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Return the name of each site by id, its id if it has none."""
    frame = tables.get("sites_wide")
    if frame is None:
        return {}
    title = frame["site_name"] if "site_name" in frame else frame["site_id"]
    return {str(site): name or site for site, name in zip(frame["site_id"], title, strict=True)}


def _of_site(name: str, row: Mapping[Any, Any]) -> Iterator[dict[str, float]]:
    """Yield the figures of a site in a row of a table, as documents print them."""
    figures = _numbers(name, row)
    if name in ("exchanges", "losses"):
        figures |= {f"{label}, size": abs(value) for label, value in figures.items()}
    served = row.get("people_served", row.get("people"))
    if isinstance(served, float):
        figures[f"{name}: share of a footprint"] = served / 50_000
    yield figures
    for axis in ("easting", "northing"):
        metres = figures.get(f"{name}.{axis}")
        if metres is not None:
            for way in (-0.05, 0.05):  # the file has tenths, documents round the exact metres
                yield {f"{name}.{axis} in metres": float(round(metres + way))}


def _add_totals(family: Family, tables: dict[str, pd.DataFrame]) -> None:
    """Add sums over all centres, for rows that documents head with one of several words."""
    if "catchments" not in tables:
        return
    for word in ("All", "Total", "Sum, as far as given"):
        for name in ("catchments", "centres_wide"):
            if name in tables:
                family.add([word], _numbers(name, dict(tables[name].select_dtypes("number").sum())))
        family.add([word], {"centres": len(tables["catchments"])})


def _areas(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("area")
    for name in ("areas_wide", "areas", "losers", "assignment"):
        if name in tables:
            for row in tables[name].to_dict("records"):
                family.add([row["area_code"]], _numbers(name, row))
    return family


def _patients(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("practice and its registered patients")
    for row in tables.get("patients", pd.DataFrame()).to_dict("records"):
        family.add([row["name"]], _numbers("patients", row))
    return family


def _competition(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("centre and where its people would otherwise go")
    for row in tables.get("competition", pd.DataFrame()).to_dict("records"):
        family.add([row["name"], row["from_name"]], _numbers("competition", row))
    return family


def _groups(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("group")
    for row in tables.get("groups", pd.DataFrame()).to_dict("records"):
        grouping, group, figures = row["grouping"], str(row["group"]), _numbers("groups", row)
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
        found.add([row["neighbourhood"]], _numbers("neighbourhoods", row))
    for row in tables.get("levels", pd.DataFrame()).to_dict("records"):
        found.add([row["name"]], _numbers("levels", row))
    return found


def _options(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("option")
    frame = tables.get("options", pd.DataFrame({"option": ()}))
    plan = next(iter(frame[frame["option"] == PLAN].to_dict("records")), {})
    scores = score_options(frame) if plan else pd.DataFrame()
    for row in frame.to_dict("records"):
        figures = _numbers("options", row) | _switching_values(plan, row)
        if plan and row["option"] != PLAN:
            figures["weight of band 1"] = weight_of_first_band(scores, str(row["option"]))
        family.add([row["option"]], figures)
    return family


def _switching_values(plan: dict[Any, Any], option: dict[Any, Any]) -> dict[str, float]:
    """Return differences of the plan from another option, in figures and as shares."""
    names = ("people_within", "discounted", "capital_discounted")
    mine, theirs = ([number(row.get(name)) for name in names] for row in (plan, option))
    if mine[0] is None or theirs[0] is None:
        return {}
    more = mine[0] - theirs[0]
    values = {"more people": more}
    if mine[0]:
        values["fall in reach"] = more / mine[0]
    if mine[1] is not None and theirs[1] is not None:
        values["dearer"] = dearer = mine[1] - theirs[1]
        if more > 0 and dearer >= 0:
            values["dearer for each person"] = dearer / more
        if mine[2]:
            values["change in capital"] = -dearer / mine[2]
    return values


def _minutes(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("mode and minutes")
    for name in ("within", "curve"):
        for row in tables.get(name, pd.DataFrame()).to_dict("records"):
            mode = str(row["mode"]).removeprefix("the plan's own: ")
            for word in {row["mode"], mode, _MODES.get(mode.split(" (")[0], mode)}:
                family.add([word, f"{row['minutes']:g}"], _numbers("minutes", row))
    return family


def _hours(tables: dict[str, pd.DataFrame]) -> tuple[Family, Family]:
    """Return the figures of everyone in each window, and of each group in it."""
    everyone, by_group = Family("day and hours"), Family("day and hours, and group")
    for row in tables.get("windows", pd.DataFrame()).to_dict("records"):
        figures, group = _numbers("windows", row), str(row["group"])
        if row["grouping"] == "everyone":
            everyone.add([row["window"]], figures)
        words = {"band": f"band {group}", "imd_quintile": f"fifth {group}"}
        by_group.add([row["window"], words.get(row["grouping"], group)], figures)
        by_group.add([row["window"], row["grouping"], group], figures)
    return everyone, by_group


def _price(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("band in the price of priority", leads=True)
    for row in tables.get("price", pd.DataFrame()).to_dict("records"):
        band = row["band"]
        word = f"{band:g}" if isinstance(band, float) else str(band)
        family.add([word], _numbers("price", row))
    return family


def _cases(facts: Facts, tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("case")
    for row in tables.get("robustness", pd.DataFrame()).to_dict("records"):
        opened = len(facts.record["plan"]["opened"])
        stays = row["stays"] * opened
        family.add([row["case"]], _numbers("cases", row) | {"stay": stays, "open": opened})
    return family


def _goals(facts: Facts) -> Family:
    family = Family("goal", leads=True, lacks="" if facts.has("alternatives") else r"plan \d+")
    for stage in facts.record["plan"].get("stages") or []:
        family.add([stage["goal"]], {name: stage.get(name) for name in ("value", "bound", "gap")})
    if facts.has("alternatives"):
        for row in facts.table("alternatives").to_dict("records"):
            family.add([row["goal"]], {f"plan {row['plan']}": row["value"]})
    return family


def _alternatives(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("alternative and goal")
    for row in tables.get("alternatives", pd.DataFrame()).to_dict("records"):
        family.add([row["plan"], row["goal"]], {"value": row["value"], "plan": row["plan"]})
    return family


def _sites_of_alternatives(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("alternative and site")
    for row in tables.get("alternative_sites", pd.DataFrame()).to_dict("records"):
        family.add([row["plan"], row["site_id"]], {"plan": row["plan"]})
    return family


def _waves(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("wave", leads=True)
    for row in tables.get("waves", pd.DataFrame()).to_dict("records"):
        family.add([row["wave"]], _numbers("waves", row))
    return family


def _years(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("year, name and age")
    for row in tables.get("years", pd.DataFrame()).to_dict("records"):
        year = f"{row['year']:g}" if isinstance(row["year"], float) else str(row["year"])
        keys = [year, row["basis"], row["name"], row["age"]]
        family.add(keys, _numbers("years", row))
    return family


def _inequality(tables: dict[str, pd.DataFrame]) -> Family:
    family = Family("measure of inequality")
    for row in tables.get("inequality", pd.DataFrame()).to_dict("records"):
        family.add([row["of"], row["measure"]], _numbers("inequality", row))
    return family
