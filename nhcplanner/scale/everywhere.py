"""Everywhere: every part of a place planned at once, each by itself, and told together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from nhcplanner import access, layers, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.display import Card, Display
from nhcplanner.domain.display import share as per_cent
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.plan_files import write_together
from nhcplanner.outputs.report import record
from nhcplanner.scale.executor import Executor
from nhcplanner.scale.parts import Shared, limits_of, parts_of
from nhcplanner.scale.solving import PlanResult, solve_requests
from nhcplanner.scale.tables import centres_table, parts_table, said_of
from nhcplanner.workflow.problem import starts_of

HERE = Executor()


@dataclass(frozen=True, eq=False, repr=False)
class Everywhere(Display):
    """Every part of a place, planned by itself.

    Parameters
    ----------
    table
        A row a part: `place`, `part`, `name`, `minutes_by` (what measured or estimated them),
        `sites` (its own), `sites_around` (centres outside that its people reach), `count` (planned
        with; blank = no limit), `status`, `gap` (the widest of its goals, 0 = proved, blank = not
        known), `reason`, `centres`, `new_centres`, `areas`, `people`; and within reach of any
        centre, those of other parts too: `people_before`, `people_after`, `share_after`,
        `first_band_people` (in band 1, within reach or not) and `first_band_after` (share of them
        within reach; blank where nobody is in it).
    centres
        A row a centre, as on the map, with `part`.
    outcome
        All centres together as one plan for the whole place, everyone counted once.
    plans
        By part; positions are rows of the place's sites.
    files
        What was written.
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
    crew: Executor = HERE,
) -> Everywhere:
    """Plan every part of a place at once: all 42 integrated care boards of England, say.

    Minutes are measured and bands made once, for the whole place, so that neither changes at a
    border and band 1 is the same everywhere; what the crew shares out is the planning. A part may
    open the sites that lie in it. Centres of other parts that are open whatever is planned
    (existing, committed, or named by `keep`) serve its people too where these reach them, and take
    nothing of its count. A new centre across the border is not known to it: two parts may open
    centres that serve the same people, which the figures then count once. What that costs shows
    beside one plan for the whole place (`compare_plans`).

    Parameters
    ----------
    place
        From `load` or `demo_place`.
    scenario
        The choices; rules hold within each part.
    by
        Column of the areas that says which part each is in.
    share
        "each": count and budget are each part's own. "people" or "first_band": they are those of
        the whole place, shared out by people, or by people of band 1.
    out
        Folder for `parts.csv`, `centres.csv` and `plan.json`, which `compare_plans`, `rerun_plan`
        and `export_hand_in` read; None writes nothing. Finished plans are kept in it as they come,
        so that a second run makes only those that are missing or whose question has changed.
    crew
        `nhcplanner.scale.Executor`: who plans, and who is told how far it has come; this process.

    Returns
    -------
    Everywhere
        A row a part, and all parts told as one plan.

    Raises
    ------
    InputError
        Where areas do not say their part, or the scenario asks a part for what it does not have:
        every fault of every part at once, before anything is planned.
    PlannerError
        Where some could not be planned, or somebody said stop; what is finished is kept.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, plan_everywhere
    >>> asked = Scenario(model="max_coverage", mode="cycle", count=4)
    >>> found = plan_everywhere(demo_place(), asked, by="council_code", share="people")
    >>> int(found.table["centres"].sum())
    4
    """
    labels = _labels(place, by)
    times = workflow.measure(place, scenario, crew.progress)
    need = workflow.rank(place, scenario)
    problem = workflow.build_problem(place, times, scenario, need)
    grounds = labels.iloc[access.area_of_site(place.sites, place.areas)]
    homes = labels.iloc[starts_of(place, scenario).area_of_origin]
    parts = parts_of(problem, homes.to_numpy(), grounds.to_numpy())
    shared = Shared(problem, scenario, parts, limits_of(problem, parts, share))
    shared.check()
    answers = {
        one.question.name: one for one in solve_requests(shared.questions(), len(parts), crew, out)
    }
    plans = shared.on_whole({name: one.plan for name, one in answers.items()})
    plan = shared.together(plans)
    whole = workflow.outcome_of(place, shared.as_one(), times, problem, plan, need)
    note = f"{plural(len(parts), 'part')} by {by}, each planned by itself: nothing is proved of all"
    found = replace(whole.assessment, notes=(note, *whole.assessment.notes))
    outcome = replace(whole, assessment=found)
    tables = {
        "parts": parts_table(outcome, shared, plans, labels),
        "centres": centres_table(outcome, grounds),
    }
    files: tuple[Path, ...] = ()
    if out is not None:
        said = _record(outcome, by, share, answers)
        files = write_together(out, tables, {"plan": said})
    return Everywhere(tables["parts"], tables["centres"], outcome, plans, files)


def _labels(place: Place, by: str) -> pd.Series[str]:
    """Part of each area.

    Raises
    ------
    InputError
        Where there is no such column of text, or some areas say nothing in it.
    """
    areas = place.areas
    able = [name for name in areas if name != "geometry" and not _is_number(areas[name])]
    if by not in able:
        words = f"the areas of {place.name} have no text in a column '{by}'"
        raise InputError([Fault(words, "--by", hint=f"Use one of {', '.join(able)}")])
    lost = areas.loc[areas[by].isna(), "area_code"]
    if len(lost):
        words = f"{plural(len(lost), 'area')} of {place.name} say no {by}: {shortened(lost)}"
        hint = "Fill the column, or build the place with --only what you plan for"
        raise InputError([Fault(words, "--by", hint=hint)])
    return areas[by].astype("str").rename(by)


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def _record(
    outcome: Outcome, by: str, share: str, answers: dict[str, PlanResult]
) -> dict[str, object]:
    """The plan of all parts together, as `plan` records one, and what is proved of each part."""
    inputs = layers.input_files(outcome.place, outcome.scenario)
    parts = [{"part": name} | said_of(one.plan, one.key) for name, one in sorted(answers.items())]
    return record(outcome, inputs) | {"by": by, "share": share, "parts": parts}
