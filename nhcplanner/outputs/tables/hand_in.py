"""Return to the region: tables on the whole ICB, with a blank for each unknown figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from nhcplanner.domain.case import MINIMUM, OPEN_LONG
from nhcplanner.domain.columns import WORKS
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import SITE, Cell
from nhcplanner.domain.opening_hours import check_hours
from nhcplanner.domain.place import Place
from nhcplanner.outputs import frames
from nhcplanner.outputs.tables import explain, levels

NEIGHBOURHOODS = (
    Cell("neighbourhood", "Neighbourhood"),
    Cell("people", "People", "people"),
    Cell("first_band", "People of band 1", "people"),
    Cell("most_deprived", "People of the most deprived fifth", "people"),
    Cell("hle", "HLE, years (mean)", "years"),
    Cell("listed", "Sites listed"),
    Cell("existing", "Already an NHC"),
    Cell("additional", "Additional centres"),
    Cell("served", "People served by all its centres", "people"),
    Cell("within", "Its people within reach, plan", "share"),
    Cell("none_yet", "No centre yet, even with the plan"),
)
ESTATE = (
    Cell("estate", "Estate"),
    Cell("sites", "Sites"),
    Cell("people", "People served", "people"),
    Cell("floor_area_m2", "Floor area, as far as given", "m²"),
    Cell("cost", "Indicative capital, as far as given", "pounds"),
    Cell("running_cost", "Running cost a year, as far as given", "pounds a year"),
    Cell("without_floor_area", "Without a floor area"),
    Cell("without_cost", "Without a capital cost"),
    Cell("without_running", "Without a running cost"),
)
FIT = (
    Cell("number", "No."),
    *SITE,
    Cell("criterion", "Criterion or minimum requirement"),
    Cell("state", "Met or gap"),
    Cell("evidence", "Evidence, or what closes the gap"),
    Cell("by", "Judged by, and when"),
    Cell("suggested", "Suggested evidence, to be confirmed"),
)
SUMMED = (
    Cell("asked", "Question"),
    Cell("words", "As the list has it"),
    Cell("centres", "Centres"),
)
RULED_OUT = (
    *SITE,
    Cell("reason", "Why it was ruled out"),
    Cell("constraints", "Constraints, as the list has them"),
)
PROGRAMME = (
    Cell("figure", "Figure"),
    Cell("value", "Value", "mixed"),
    Cell("words", "What it is, and its source"),
)
COUNTED = ("people", "first_band", "most_deprived")
"""Columns of the neighbourhoods that people fill if the areas name no neighbourhood."""
JUDGED = ("state", "evidence", "by")
"""Columns of the fit to criteria that people fill."""
NOT_GIVEN = "not given"
_EXISTING = "Already an NHC"
_USED = {
    "none": "Additional: no works",
    "refurbishment": "Additional: upgrade by refurbishment",
    "extension": "Additional: upgrade by extension",
    "new build": "Additional: new build",
    "": "Additional: works not given",
}
_CANDIDATE, _RULED_OUT = "Not used: candidates", "Not used: ruled out"
_QUESTIONS = {
    "disposals": "Disposals enabled", "engagement": "Engagement", "digital": "Digital",
}  # fmt: skip


def neighbourhoods(evidence: Evidence) -> pd.DataFrame:
    """Return the neighbourhoods of areas and sites: people, need, centres.

    Returns
    -------
    DataFrame
        Columns of `NEIGHBOURHOODS`. People and need are NaN unless the areas say which
        neighbourhood they belong to; sites without one are in the row "not given", the last.
    """
    sites = _sites(evidence)
    of_site = sites["neighbourhood"].replace("", NOT_GIVEN)
    role = sites["role"]
    table = pd.DataFrame(
        {
            "listed": of_site.groupby(of_site).size(),
            "existing": (role == "existing").groupby(of_site).sum(),
            "additional": role.isin(["committed", "new"]).groupby(of_site).sum(),
            "served": sites["people_served"].groupby(of_site).sum(min_count=1),
        }
    )
    table = table.join(_people(evidence), how="outer").rename_axis("neighbourhood")
    counts = ["listed", "existing", "additional"]
    table[counts] = table[counts].fillna(0).astype("int64")
    centres = table["existing"] + table["additional"]
    has_name = table.index != NOT_GIVEN
    table["none_yet"] = ((centres == 0) & has_name).map({True: "none yet", False: ""})
    table = pd.concat([table[has_name], table[~has_name]])
    return table.reset_index().reindex(columns=_names(NEIGHBOURHOODS))


def _people(evidence: Evidence) -> pd.DataFrame:
    """Return people and need of each neighbourhood; no rows if areas name none."""
    outcome = evidence.outcome
    areas = outcome.place.areas
    columns = ["people", "first_band", "most_deprived", "hle", "within"]
    if "neighbourhood" not in areas or not areas["neighbourhood"].notna().any():
        return pd.DataFrame(columns=columns, dtype="float64")
    people = areas["people"].astype("float64")
    areas_after = outcome.assessment.areas
    decile = areas.get("imd_decile", pd.Series(index=areas.index, dtype="float64"))
    hle = areas.get("hle", pd.Series(index=areas.index, dtype="float64"))
    values = pd.DataFrame(
        {
            "people": people,
            "first_band": people.where(areas_after["band"].to_numpy() == 1, 0.0),
            "most_deprived": people.where(decile <= 2, 0.0).where(decile.notna()),
            "hle": hle * people,
            "within": areas_after["share_after"].to_numpy() * people,
        }
    )
    name = areas["neighbourhood"].fillna(NOT_GIVEN)
    sums = values.groupby(name).sum(min_count=1)
    for column in ("hle", "within"):
        sums[column] /= sums["people"]
    return sums


def estate(evidence: Evidence) -> pd.DataFrame:
    """Return the estate: NHCs today, additional centres by type of works, unused sites."""
    sites = _sites(evidence)
    works = sites["works"].where(sites["works"].isin(WORKS), "")
    kind = works.map(_USED)
    kind = kind.mask(sites["role"] == "existing", _EXISTING)
    out = sites["status"].eq("forbidden") | sites["site_id"].isin(evidence.outcome.scenario.forbid)
    kind = kind.mask(sites["role"] == "", _CANDIDATE).mask((sites["role"] == "") & out, _RULED_OUT)
    rows = []
    for name in (_EXISTING, *_USED.values(), _CANDIDATE, _RULED_OUT):
        group = sites[kind == name]
        if len(group) or name == _EXISTING:
            rows.append({"estate": name} | _summed(group))
    opened = sites[sites["role"].isin(["existing", "committed", "new"])]
    additional = opened[opened["role"] != "existing"]
    rows.append({"estate": "All additional centres"} | _summed(additional))
    rows.append({"estate": "All centres of the plan"} | _summed(opened))
    return _table(rows, ESTATE)


def _summed(sites: pd.DataFrame) -> dict[str, object]:
    """Return the sums of the figures given for some sites, with the number of blanks."""
    return {
        "sites": len(sites),
        "people": sites["people_served"].sum(min_count=1),
        **{
            name: sites[name].sum(min_count=1) for name in ("floor_area_m2", "cost", "running_cost")
        },
        "without_floor_area": int(sites["floor_area_m2"].isna().sum()),
        "without_cost": int(sites["cost"].isna().sum()),
        "without_running": int(sites["running_cost"].isna().sum()),
    }


def without_cost(evidence: Evidence) -> list[str]:
    """Names of the candidates that a budget keeps shut because their cost is not known."""
    scenario, sites = evidence.outcome.scenario, evidence.outcome.place.sites
    if scenario.budget is None or "cost" not in sites:
        return []
    blank = (sites["status"] == "candidate") & sites["cost"].isna()
    blank &= ~sites["site_id"].isin(scenario.forbid)
    if scenario.kinds:
        blank &= sites["kind"].isin(scenario.kinds)
    return [str(name) for name in evidence.outcome.place.site_names[blank.to_numpy()]]


def capital_today(place: Place) -> float:
    """Pounds of capital that the list gives for centres that are open today."""
    sites = place.sites
    open_today = sites[(sites["status"] == "existing").to_numpy()]
    return float(open_today["cost"].sum()) if "cost" in open_today else 0.0


def fit(evidence: Evidence) -> pd.DataFrame:
    """Return each criterion and requirement for each centre: met, gap or blank."""
    judgements = {(entry.site, entry.criterion): entry for entry in evidence.case.fit}
    criteria = [*(criterion.name for criterion in evidence.case.criteria), *MINIMUM]
    sites = evidence.outcome.place.sites
    texts = sites.get("opening_hours", pd.Series("", index=sites.index)).astype("object")
    hours = dict(zip(sites["site_id"].astype(str), texts, strict=True))
    rows = []
    for centre in frames.centres(evidence.outcome).itertuples(index=False):
        for criterion in criteria:
            judgement = judgements.get((str(centre.site_id), criterion))
            rows.append(
                {
                    "number": centre.number,
                    "site_id": centre.site_id,
                    "name": centre.name,
                    "criterion": criterion,
                    "state": judgement.state if judgement else "",
                    "evidence": judgement.evidence if judgement else "",
                    "by": judgement.by if judgement else "",
                    "suggested": _suggestion(criterion, hours.get(str(centre.site_id))),
                }
            )
    return _table(rows, FIT)


def _suggestion(criterion: str, hours: object) -> str:
    """Return what a site's opening hours say of a criterion; people confirm it."""
    if criterion != OPEN_LONG:
        return ""
    check = check_hours(hours)
    return f"{check.state or 'not known'}: {check.words}"


def summed(evidence: Evidence) -> pd.DataFrame:
    """Count the answers on disposals, engagement and digital readiness of the centres."""
    sites = _sites(evidence)
    opened = sites[sites["role"].isin(["existing", "committed", "new"])]
    rows = []
    for name, words in _QUESTIONS.items():
        counts = opened[name].replace("", NOT_GIVEN).value_counts(sort=False).sort_index()
        counts = counts.sort_values(ascending=False, kind="stable")
        counts = pd.concat([counts.drop(NOT_GIVEN, errors="ignore"), counts.filter([NOT_GIVEN])])
        rows += [(words, answer, int(number)) for answer, number in counts.items()]
    return _table(rows, SUMMED)


def ruled_out(evidence: Evidence) -> pd.DataFrame:
    """Return every site that may not open, with the reason if one is given."""
    sites, reasons = _sites(evidence), evidence.case.ruled_out
    forbidden = set(evidence.outcome.scenario.forbid)
    closed = sites[sites["status"].eq("forbidden") | sites["site_id"].isin(forbidden)]
    return pd.DataFrame(
        {
            "site_id": closed["site_id"],
            "name": closed["name"],
            "reason": [reasons.get(str(site), "") for site in closed["site_id"]],
            "constraints": closed["constraints"],
        }
    ).reset_index(drop=True)


def programme(_: Evidence) -> pd.DataFrame:
    """Return second-hand figures of the national programme, for comparison."""
    people, centres, footprint = 58.6e6, 250, 50_000
    rows = [
        ("residents", people, "Residents of England, mid-2024 (ONS)"),
        ("centres", centres, "Centres of the programme by 2035 (trade press, 2026: check)"),
        ("footprint", footprint, "People of a centre's footprint (guidance of April 2026: check)"),
        ("each", people / centres, "Residents for each centre of the programme"),
        ("needed", people / footprint, "Centres that such a footprint for all would take"),
    ]
    return _table(rows, PROGRAMME)


def blanks(evidence: Evidence) -> dict[str, int]:
    """Count the empty cells of the return, by part."""
    everywhere = neighbourhoods(evidence)
    with_name = everywhere[everywhere["neighbourhood"] != NOT_GIVEN]
    return {
        "Neighbourhoods": int(with_name[list(COUNTED)].isna().sum().sum()),
        "Fit to criteria": int((fit(evidence)[list(JUDGED)] == "").sum().sum()),
        "Ruled-out sites": int((ruled_out(evidence)["reason"] == "").sum()),
    }


def _names(cells: Sequence[Cell]) -> list[str]:
    return [cell.name for cell in cells]


def _table(rows: Sequence[object], cells: Sequence[Cell]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=_names(cells))


def _sites(evidence: Evidence) -> pd.DataFrame:
    """Return all sites with their role in the plan; missing text is blank."""
    every = frames.sites(evidence.outcome).assign(name=evidence.outcome.place.site_names)
    table = pd.DataFrame(every.drop(columns="geometry"))
    texts = ("neighbourhood", "works", "constraints", *_QUESTIONS)
    for name in texts:
        table[name] = table[name].astype("object").fillna("") if name in table else ""
    for name in ("floor_area_m2", "cost", "running_cost", "people_served"):
        table[name] = table[name].astype("float64") if name in table else float("nan")
    return table


@dataclass(frozen=True)
class ReturnTable:
    """A table of the return that is exported as CSV beside those of the evidence.

    Parameters
    ----------
    title, cells
        Title and columns, as in `TableOf`.
    make
        Function that makes the table.
    """

    title: str
    cells: tuple[Cell, ...]
    make: Callable[[Evidence], pd.DataFrame]


TABLES: dict[str, ReturnTable] = {
    "neighbourhoods": ReturnTable("Neighbourhoods", NEIGHBOURHOODS, neighbourhoods),
    "levels": ReturnTable("Neighbourhoods and larger areas by need", levels.LEVELS, levels.levels),
    "estate": ReturnTable("Estate", ESTATE, estate),
    "fit": ReturnTable("Fit to criteria", FIT, fit),
    "list_words": ReturnTable("Disposals, engagement and digital", SUMMED, summed),
    "ruled_out": ReturnTable("Ruled-out sites", RULED_OUT, ruled_out),
    "edges": ReturnTable("Areas of the same HLE in two bands", explain.EDGES, explain.edges),
    "losers_around": ReturnTable(
        "Where the people who lose by priority live", explain.AROUND, explain.around
    ),
    "programme": ReturnTable("Figures of the programme", PROGRAMME, programme),
}
"""Tables of the return, by name."""
