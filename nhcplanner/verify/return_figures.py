"""Figures of the return and of settings recomputed, by what each row is about.

Estate in parts, answers of the list counted, scores of options, settings, and HLE of bands.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, as_words
from nhcplanner.verify.ledger import Ledger, number
from nhcplanner.verify.options import score_options
from nhcplanner.verify.row_figures import Family
from nhcplanner.verify.scenario import numbers_of

_WORKS = {
    "none": "Additional: no works",
    "refurbishment": "Additional: upgrade by refurbishment",
    "extension": "Additional: upgrade by extension",
    "new build": "Additional: new build",
}
_WITHOUT_WORKS = "Additional: works not given"
_ANSWERS = {
    "disposals": "Disposals enabled", "engagement": "Engagement", "digital": "Digital",
}  # fmt: skip
NOT_GIVEN = "not given"
_TO_FILL = (
    "neighbourhood", "postcode", "service_model", "works", "capacity", "floor_area_m2",
    "size_date", "opening_hours", "tenure", "constraints", "planning_status", "digital", "cost",
    "cost_date", "running_cost", "disposals", "engagement",
)  # fmt: skip
"""Columns of sites_wide.csv that people fill for each centre in the sheet Pipeline."""
_JUDGED = ("state", "evidence", "by")
_NEED = ("people", "first_band", "most_deprived")
_QUESTIONS = 5
"""Questions that the ICB answers in its own words in the sheet Overall; all are blank."""
_FIELDS = {
    "refurbishment, extension or new build": "works", "service model": "service_model",
    "planning status": "planning_status", "indicative capital": "cost",
    "running cost": "running_cost", "floor area": "floor_area_m2", "constraints": "constraints",
    "digital readiness": "digital", "engagement": "engagement", "disposals enabled": "disposals",
}  # fmt: skip
"""Fields whose blanks the brief counts, and their columns of sites_wide.csv."""
FIT_WORDS = "fit to criteria and minimum requirements"
_ASSUMPTIONS = {
    "discount_rate": "Discount rate a year", "discount_base": "Year that is not discounted",
    "discount_years": "Years of running costs counted",
    "optimism_bias": "Optimism bias added to capital",
    "benefit_per_person": "Benefit a year for each further person within reach",
    "first_band_weight": "Times that a person of the first band counts in benefits",
}  # fmt: skip
_FOOTPRINT = ("People of a centre's footprint", 50_000.0)


def return_families(facts: Facts) -> list[Family]:
    """Return the facts of the return and of settings, by what their rows are about."""
    found = [_settings(facts), _scores(facts), _years(facts)]
    if facts.has("sites_wide") and "role" in facts.sites:
        found += [_estate(facts), _answers(facts), _cells_to_fill(facts)]
    if facts.has("fit"):
        found.append(_fit(facts))
    return [family for family in found if family.rows]


def _fit(facts: Facts) -> Family:
    """Return how many centres meet each criterion, have a gap, or are not judged yet."""
    family, table = Family("criterion"), facts.table("fit")
    states = as_words(table["state"]).str.strip()
    for criterion, part in states.groupby(as_words(table["criterion"])):
        counts = part.value_counts()
        values = {state or "blank": int(counts.get(state, 0)) for state in ("met", "gap", "")}
        family.add([str(criterion).split(": ")[0]], values)
    return family


def _cells_to_fill(facts: Facts) -> Family:
    """Return the number of cells that people fill in each sheet, and how many are blank."""
    family = Family("sheet with cells to fill")
    centres = facts.sites.iloc[facts.opened]
    parts = {"Pipeline": [_words(centres, name) for name in _TO_FILL]}
    tables = {
        "Overall, neighbourhoods": ("neighbourhoods", _NEED),
        "Fit to criteria": ("fit", _JUDGED),
        "Ruled-out sites": ("ruled_out", ("reason",)),
    }
    for words, (name, columns) in tables.items():
        if facts.has(name):
            table = facts.table(name)
            if name == "neighbourhoods":
                table = table[as_words(table["neighbourhood"]) != NOT_GIVEN]
            parts[words] = [_words(table, column) for column in columns]
    every = {words: sum(map(len, columns)) for words, columns in parts.items()}
    blank = {words: sum(map(_blanks, columns)) for words, columns in parts.items()}
    every["Overall, in words"] = blank["Overall, in words"] = _QUESTIONS
    if len(parts) == 1 + len(tables):
        every["All"], blank["All"] = sum(every.values()), sum(blank.values())
    for words, cells in every.items():
        family.add([words], {"blank": blank[words], "of": cells})
    return family


def _blanks(column: pd.Series) -> int:
    return int((column == "").sum())


def centres_with_blank(facts: Facts) -> dict[str, int]:
    """Return the number of centres without each field, and of blanks in the fit to criteria."""
    found = {}
    if facts.has("sites_wide"):
        centres = facts.sites.iloc[facts.opened]
        found = {words: _blanks(_words(centres, name)) for words, name in _FIELDS.items()}
    if facts.has("fit"):
        table = facts.table("fit")
        found[FIT_WORDS] = sum(_blanks(_words(table, name)) for name in _JUDGED)
    return found


def is_to_fill(cell: object) -> bool:
    """Whether a cell of the return in Word is marked for people to fill."""
    return cell == "to be filled in"


def check_return(facts: Facts, ledger: Ledger) -> None:
    """Compare the estate in parts, and how many centres the list gives each answer for."""
    if facts.has("estate"):
        published, parts = facts.table("estate"), _parts(facts)
        listed = set(published["estate"].astype(str))
        rows = [
            {"estate": words} | {_ESTATE[name]: value for name, value in figures.items()}
            for words, figures in parts.items()
            if words in listed or figures["sites"]
        ]
        columns = ["estate", *_ESTATE.values()]
        mine = pd.DataFrame(rows, columns=columns)
        ledger.table("Estate", "tables/estate.csv", published[columns], mine, ["estate"])
    if facts.has("list_words"):
        given = [(*key, count) for key, count in _counts(facts).items()]
        mine = pd.DataFrame(given, columns=["asked", "words", "centres"])
        table = facts.table("list_words")[["asked", "words", "centres"]]
        where = "tables/list_words.csv"
        ledger.table("Answers of the list", where, table, mine, ["asked", "words"])
    if facts.has("fit"):
        table = facts.table("fit")
        of_site = as_words(table["site_id"]).value_counts()
        sites = facts.sites["site_id"].astype(str).iloc[facts.opened].tolist()
        counts = [int(of_site.get(site, 0)) for site in sites]
        every = [as_words(table["criterion"]).nunique()] * len(sites)
        ledger.column("Criteria of each centre", "tables/fit.csv", sites, counts, every)


_ESTATE = {
    "sites": "sites", "people_served": "people", "floor_area_m2": "floor_area_m2", "cost": "cost",
    "running_cost": "running_cost", "without floor_area_m2": "without_floor_area",
    "without cost": "without_cost", "without running_cost": "without_running",
}  # fmt: skip


def _estate(facts: Facts) -> Family:
    family = Family("part of the estate")
    for words, figures in _parts(facts).items():
        family.add([words], figures)
    return family


def _parts(facts: Facts) -> dict[str, dict[str, float]]:
    """Return sums of sites: today's centres, additional centres by works, and unused sites."""
    sites = facts.sites
    opened = np.isin(np.arange(len(sites)), facts.opened)
    today = opened & np.array([status == "existing" for status in facts.status])
    works = _words(sites, "works").map(_WORKS).fillna(_WITHOUT_WORKS)
    barred = np.isin(sites["site_id"].astype(str), facts.scenario["forbid"])
    barred |= np.array([status == "forbidden" for status in facts.status])
    parts = {"Already an NHC": today, "All centres of the plan": opened}
    parts["All additional centres"] = opened & ~today
    parts["Not used: ruled out"] = ~opened & barred
    parts["Not used: candidates"] = ~opened & ~barred
    for words in (*_WORKS.values(), _WITHOUT_WORKS):
        parts[words] = opened & ~today & (works == words).to_numpy()
    columns = ("people_served", "floor_area_m2", "cost", "running_cost")
    values = {name: pd.Series(numbers_of(facts, name)) for name in columns}
    found: dict[str, dict[str, float]] = {}
    for words, part in parts.items():
        found[words] = {"sites": int(part.sum())}
        found[words] |= {name: value[part].sum(min_count=1) for name, value in values.items()}
        for name in columns[1:]:
            found[words][f"without {name}"] = int(values[name][part].isna().sum())
    return found


def _answers(facts: Facts) -> Family:
    family = Family("answer of the list")
    for key, count in _counts(facts).items():
        family.add(key, {"centres": count})
    return family


def _counts(facts: Facts) -> dict[tuple[str, str], int]:
    """Return how many centres the list gives each answer for."""
    return {
        (words, str(answer)): int(count)
        for column, words in _ANSWERS.items()
        for answer, count in _words(facts.sites.iloc[facts.opened], column)
        .replace("", NOT_GIVEN)
        .value_counts()
        .items()
    }


def _words(sites: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of words; "" if it is blank or missing."""
    if column not in sites:
        return pd.Series("", index=sites.index)
    return as_words(sites[column]).str.strip()


def _scores(facts: Facts) -> Family:
    """Return the scores of options, by criterion and in all."""
    family = Family("score of an option")
    if facts.has("options"):
        for option, row in score_options(facts.table("options")).iterrows():
            family.add([option], {f"score: {name}": score for name, score in row.items()})
    return family


def _settings(facts: Facts) -> Family:
    """Return the scenario, the settings of travel times and those of the appraisal."""
    family = Family("setting", leads=True, is_list=True)
    for name, value in (facts.record.get("scenario") or {}).items():
        family.add([name], {"value": value})
    times = facts.record.get("times") or {}
    for name, value in (times.get("parameters") or {}).items():
        family.add([f"times: {name}"], {"value": value})
    if facts.has("settings"):
        for name, words in _ASSUMPTIONS.items():
            family.add([words], {"value": number(facts.settings.get(name))})
        family.add([_FOOTPRINT[0]], {"value": _FOOTPRINT[1]})
    return family


def _years(facts: Facts) -> Family:
    """Return people and the least and greatest HLE of each band."""
    family = Family("band and its HLE")
    if not facts.has("areas_wide") or "hle" not in facts.areas:
        return family
    for band, part in facts.areas.groupby(pd.Series(facts.band, index=facts.areas.index)):
        years = part["hle"].dropna()
        figures = {"people": float(part["people"].sum())}
        if len(years):
            figures |= {"least HLE": float(years.min()), "greatest HLE": float(years.max())}
        family.add([f"band {band}"], figures)
    return family
