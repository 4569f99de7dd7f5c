"""Plans for every part of a place at once, each planned separately, with a table of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner import access, layers, outputs, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.assessment import Need, Outcome
from nhcplanner.domain.display import Card, Display
from nhcplanner.domain.display import share as per_cent
from nhcplanner.domain.neighbourhoods import LEVELS
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import frames
from nhcplanner.outputs.report import record
from nhcplanner.scale.executor import Executor, PlanResult, proof_of, solve_requests
from nhcplanner.scale.parts import PartedProblem, limits_of, parts_of
from nhcplanner.workflow.problem import starts_of

THIS_PROCESS = Executor()


@dataclass(frozen=True, eq=False, repr=False)
class Everywhere(Display):
    """The plans of all parts of a place.

    Parameters
    ----------
    table
        One row for each part: `place`, `part`, `name`, `minutes_by` (how they were measured or
        estimated), `sites` (its own), `sites_around` (centres outside that its people reach),
        `count` (its limit; blank = no limit), `status`, `gap` (the widest of its goals, 0 =
        proved, blank = not known), `reason`, `centres`, `new_centres`, `areas`, `people`; and
        within reach of any centre, also of other parts: `people_before`, `people_after`,
        `share_after`, `first_band_people` (all people of band 1) and `first_band_after` (share of
        them within reach; blank if there are none).
    centres
        One row for each centre, as on the map, with `part`.
    outcome
        All centres as one plan for the whole place, with everyone counted once.
    plans
        By part; positions are rows of the place's sites.
    files
        The files written.
    """

    table: pd.DataFrame
    centres: pd.DataFrame
    outcome: Outcome
    plans: dict[str, Plan]
    files: tuple[Path, ...] = ()

    def _card(self) -> Card:
        rows = [
            {
                "part": row["part"],
                "name": row["name"],
                "people": row["people"],
                "centres": row["centres"],
                "status": row["status"],
                "share after": per_cent(row["share_after"]),
            }
            for row in self.table.to_dict("records")
        ]
        title = f"{self.outcome.place.title}: {plural(len(rows), 'part')}, each by itself"
        return Card(title, rows, self.outcome.assessment.notes)


def plan_everywhere(
    place: Place,
    scenario: Scenario,
    by: str = "icb_code",
    share: str = "each",
    out: Path | None = None,
    executor: Executor = THIS_PROCESS,
) -> Everywhere:
    """Plan every part of a place at once, for example all integrated care boards of England.

    Minutes are measured and bands are made once for the whole place, so that neither changes at a
    border and band 1 means the same everywhere; only the planning is done part by part. A part may
    open the sites that lie in it. Centres of other parts that stay open in every plan (existing,
    committed, or named by `keep`) also serve its people within reach, and do not use its count. A
    part does not know the new centres of its neighbours: two parts may open centres that serve the
    same people, whom the figures count once. Compare with one plan for the whole place
    (`compare_plans`) to see what this costs.

    Parameters
    ----------
    place
        From `load` or `demo_place`.
    scenario
        The choices; rules apply within each part.
    by
        Column of the areas with the part of each, or a level of neighbourhoods, such as "multi".
    share
        "each": every part has this count and budget. "people" or "first_band": count and budget
        are of the whole place, and are shared out in proportion to people, or people of band 1.
    out
        Folder for `parts.csv`, `centres.csv` and `plan.json`, which `compare_plans`, `rerun_plan`
        and `export_hand_in` read; None writes nothing. Finished plans are stored in it, so that a
        second run makes only those that are missing or whose inputs have changed.
    executor
        `nhcplanner.scale.Executor`: where the plans are made, and where progress is reported; by
        default this process.

    Returns
    -------
    Everywhere
        A table of the parts, and all parts as one plan.

    Raises
    ------
    InputError
        If areas have no part, or the scenario names something that a part does not have; it
        carries every fault of every part, before anything is planned.
    PlannerError
        If some parts could not be planned, or the user asked to stop; finished plans are kept.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, plan_everywhere
    >>> asked = Scenario(model="max_coverage", mode="cycle", count=4)
    >>> found = plan_everywhere(demo_place(), asked, by="council_code", share="people")
    >>> int(found.table["centres"].sum())
    4
    """
    times = workflow.measure(place, scenario, executor.progress)
    divided = divide(place, scenario, times, by, share)
    requests, number = divided.parted.requests(), len(divided.parted.parts)
    answers = {one.request.name: one for one in solve_requests(requests, number, executor, out)}
    outcome, tables, plans = divided.combine({name: one.plan for name, one in answers.items()})
    files: tuple[Path, ...] = ()
    if out is not None:
        plan_record = _record(outcome, by, share, answers)
        files = outputs.write_table_files(out, tables, {"plan": plan_record})
    return Everywhere(tables["parts"], tables["centres"], outcome, plans, files)


@dataclass(frozen=True, eq=False)
class DividedPlace:
    """A place and a scenario divided into parts, ready to be planned.

    Parameters
    ----------
    place, times, need
        The place, its minutes, and who comes first.
    by, labels, site_labels
        Column of the parts, and the part of each area and of each site.
    parted
        The problem of each part.
    """

    place: Place
    times: TravelTimes
    need: Need
    by: str
    labels: pd.Series[str]
    site_labels: pd.Series[str]
    parted: PartedProblem

    def combine(
        self, plans: Mapping[str, Plan]
    ) -> tuple[Outcome, dict[str, pd.DataFrame], dict[str, Plan]]:
        """Return all parts as one plan, the tables `parts` and `centres`, and the plan of each."""
        parted = self.parted
        own = parted.to_whole(plans)
        whole = workflow.outcome_of(
            self.place,
            parted.combined_scenario(),
            self.times,
            parted.problem,
            parted.combine(own),
            self.need,
        )
        number = plural(len(parted.parts), "part")
        note = f"{number} by {self.by}, each planned by itself: no proof for the whole"
        assessment = replace(whole.assessment, notes=(note, *whole.assessment.notes))
        outcome = replace(whole, assessment=assessment)
        tables = {
            "parts": _parts_table(outcome, parted, own, self.labels),
            "centres": _centres_table(outcome, self.site_labels),
        }
        return outcome, tables, own


def divide(
    place: Place, scenario: Scenario, times: TravelTimes, by: str, share: str
) -> DividedPlace:
    """Divide a place by a column of its areas.

    Raises
    ------
    InputError
        As `plan_everywhere`.
    """
    labels = _labels(place, by)
    need = workflow.rank(place, scenario)
    problem = workflow.build_problem(place, times, scenario, need)
    site_labels = labels.iloc[access.area_of_site(place.sites, place.areas)]
    row_labels = labels.iloc[starts_of(place, scenario).area_of_origin]
    parts = parts_of(
        problem, row_labels.to_numpy(dtype=np.str_), site_labels.to_numpy(dtype=np.str_)
    )
    parted = PartedProblem(problem, scenario, parts, limits_of(problem, parts, share))
    parted.check()
    return DividedPlace(place, times, need, by, labels, site_labels, parted)


def _labels(place: Place, by: str) -> pd.Series[str]:
    """Return the part of each area.

    Raises
    ------
    InputError
        If there is no such column of text, or it is blank for some areas.
    """
    by = LEVELS[by].column if by in LEVELS else by
    areas = place.areas
    columns = [name for name in areas if name != "geometry" and not _is_number(areas[name])]
    if by not in columns:
        words = f"the areas of {place.name} have no text in a column '{by}'"
        raise InputError([Fault(words, "--by", hint=f"Use one of {', '.join(columns)}")])
    codes = areas.loc[areas[by].isna(), "area_code"]
    if len(codes):
        words = f"{plural(len(codes), 'area')} of {place.name} have no {by}: {shortened(codes)}"
        hint = "Fill the column, or build the place with --only what you plan for"
        raise InputError([Fault(words, "--by", hint=hint)])
    labels: pd.Series[str] = areas[by].astype("str").rename(by)
    return labels


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def _record(
    outcome: Outcome, by: str, share: str, answers: dict[str, PlanResult]
) -> dict[str, object]:
    """Return the record of all parts as one plan, with the proof of each part."""
    inputs = layers.input_files(outcome.place, outcome.scenario)
    parts = [{"part": name} | proof_of(one.plan, one.key) for name, one in sorted(answers.items())]
    return record(outcome, inputs) | {"by": by, "share": share, "parts": parts}


def _parts_table(
    outcome: Outcome, parted: PartedProblem, plans: Mapping[str, Plan], labels: pd.Series[str]
) -> pd.DataFrame:
    """Return the results of each part: the rows of `Everywhere.table`.

    Parameters
    ----------
    outcome
        All parts together.
    parted, plans
        The parts, and the plan of each on the whole place's sites.
    labels
        Part of each area.
    """
    must_open = set(parted.problem.keep)
    names = _names(outcome.place.areas, str(labels.name))
    rows = []
    for part, (count, _) in zip(parted.parts, parted.limits, strict=True):
        plan = plans[part.name]
        opened = set(part.own.tolist()) & set(outcome.plan.opened)
        rows.append(
            {
                "place": outcome.place.title,
                "part": part.name,
                "name": names.get(part.name, ""),
                "minutes_by": outcome.times.engine,
                "sites": len(part.own),
                "sites_around": len(part.around),
                "count": count,
                "status": plan.status,
                "gap": Verdict.of(plan).gap,
                "reason": plan.reason,
                "centres": len(opened),
                "new_centres": len(opened - must_open),
            }
        )
    people = _people(outcome, labels)
    return pd.DataFrame(rows).astype({"count": "Int64"}).join(people, on="part")


def _centres_table(outcome: Outcome, site_labels: pd.Series[str]) -> pd.DataFrame:
    """Return the centres of all parts, numbered as on the map, with the part of each."""
    centres = frames.centres(outcome)
    part = pd.Series(site_labels.to_numpy(), index=outcome.place.sites["site_id"])
    centres.insert(1, "part", part.loc[centres["site_id"]].to_numpy())
    centres.insert(0, "place", outcome.place.title)
    return centres


def _names(areas: pd.DataFrame, by: str) -> dict[str, str]:
    """Return the name of each part, if parts are identified by a code."""
    column = by.removesuffix("_code") + "_name"
    if not by.endswith("_code") or column not in areas:
        return {}
    rows = areas.dropna(subset=[column]).drop_duplicates(by)
    return dict(zip(rows[by].astype("str"), rows[column].astype("str"), strict=True))


def _people(outcome: Outcome, labels: pd.Series[str]) -> pd.DataFrame:
    """Count the people of each part, and those of them who reach a centre of any part."""
    areas = outcome.assessment.areas
    people = areas["people"].to_numpy(dtype=np.float64)
    first = np.where(areas["band"] == 1, people, 0.0)
    by_area = pd.DataFrame(
        {
            "areas": 1,
            "people": people,
            "people_before": people * areas["share_before"].to_numpy(),
            "people_after": people * areas["share_after"].to_numpy(),
            "first_band_people": first,
            "first_band_after": first * areas["share_after"].to_numpy(),
        }
    )
    sums = by_area.groupby(labels.to_numpy()).sum()
    sums.insert(4, "share_after", _share(sums["people_after"], sums["people"]))
    sums["first_band_after"] = _share(sums["first_band_after"], sums["first_band_people"])
    return sums


def _share(some: pd.Series[float], of: pd.Series[float]) -> pd.Series[float]:
    return some / of.where(of > 0)
