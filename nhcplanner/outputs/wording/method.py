"""Method of the planner (models, choices, parameters, sources), and notes for readers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pandas as pd
import tomli_w

from nhcplanner import models
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.columns import AREAS, SITES
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.sanitise import printable
from nhcplanner.outputs.wording import terms

STORY = """
The planner chooses which buildings open as **neighbourhood health centres**.

1. **Who comes first.** Areas are put in order of healthy life expectancy (HLE), lowest first, and
   divided into bands with about the same number of people.
2. **Who can get there.** Minutes are measured from where people start to every site, on streets and
   by timetable where the place has them. Otherwise they are an *estimate*, and called so.
3. **Which sites open.** An exact optimiser takes the goals in order, and no later goal takes from
   an earlier one. It also finds the best result that any plan could have: the **bound**.
4. **How sure it is.** The **gap** between the plan and the bound says how far, at most, the plan is
   from the best possible; 0 is proved best. If no plan keeps the rules, the reason is given.
5. **What it means.** The pages show the people in reach before and after the plan, by band,
   deprivation, age, household and kind of place, and who gains and who loses.
"""

LIMITS = """
- **People's choices.** It counts who *can* reach a centre, not who will go, nor where people are
  registered today.
- **Twenty minutes** has no official mode or standard. Mode and minutes are choices; look at others.
- **HLE of small areas is modelled** from the council's figure and the national gradient by
  deprivation, or from local statistics. Anything else that is particular to an area is not in it.
- **An area is not a point.** People start at the area's weighted centroid, or at the points given.
- **Buildings.** Floor area, capacity, cost, tenure and planning come from you. What you leave blank
  stays blank; nothing is guessed.
- **Services.** It does not know which services a centre offers, who staffs it, or whether rooms are
  free.
- **Time of day.** Public transport is for the days and hours stated; driving has one factor for
  traffic. Steps and hills count
  only if you ask for it, and only as far as the streets and your heights have them.
- **The future.** People are those of the vintage stated, unless you set a year: then they follow
  the official projection, which continues recent trends and knows no local plans for new homes.
- **Inequality figures** describe areas, not single people.
"""

ORIGINS = {
    "reach": "10 Year Health Plan for England (2025): 20 minutes, no mode named",
    "bands": "Set by nhcplanner: fifths, as for deprivation",
    "least_people": "10 Year Health Plan: a neighbourhood serves 30,000 to 50,000",
    "most_people": "10 Year Health Plan: a neighbourhood serves 30,000 to 50,000",
    "walk_kmh": "DfT Journey Time Statistics",
    "step_free": "Inclusive Mobility (Department for Transport 2021): slopes of 1 in 12 at most",
    "slopes": "Tobler (1993): 3.5 a unit of gradient, fastest at 5% downhill",
    "walk_detour": "Indices of Deprivation 2019: road distance to the nearest surgery",
    "park_minutes": "DfT Journey Time Statistics",
    "peak_factor": "DfT average speeds on local A roads",
    "transit_day": "DfT Journey Time Statistics: a Tuesday",
    "transit_window": "DfT Journey Time Statistics: 07:00 to 10:00",
    "transit_windows": "Hours of standard windows: DfT Transport Analysis Guidance (morning_peak, "
    "midday), NHS England enhanced access (evening, saturday), choices (saturday_evening, sunday)",
    "transit_statistic": "DfT Journey Time Statistics",
}
"""Source of a parameter's default; nhcplanner sets the others."""
_OWN = "Set by nhcplanner"

GLOSSARY = {
    "Alternative": "A different plan, nearly as good as the best one can be.",
    "Area": "A lower-layer super output area (LSOA), about 1,700 people.",
    "Band": "Areas in order of need, divided into groups with about the same number of people; "
    "band 1 has the lowest HLE and comes first.",
    "Best-value point": "A plan of a trade-off beyond which a little more of one goal costs much "
    "of the other. The command trade-off calls it knee.",
    "Bound": "The best result that any plan that keeps the rules could have.",
    "Case": "Another assumption under which a plan is tested, such as another reach or mode.",
    "Catchment": "The people whom a centre serves: those whom the plan sends there, or those for "
    "whom it is the nearest within reach, if the plan sends nobody.",
    "Centre": "A site that is open in the plan.",
    "Coverage": "People within reach of a centre, as a number or as a share of all people.",
    "Estimate": "Minutes from straight lines, where a place has no streets.",
    "Frontier": "Plans none of which is better than another on both of two goals.",
    "Gap": "Distance from what the plan reaches to its bound; 0 = proved best.",
    "Halo": "Centres of other parts that stay open in every plan and that a part's people "
    "can reach.",
    "Hand-in": "The documents of a plan: workbook, brief, tables and GIS files.",
    "HLE": "Healthy life expectancy at birth, in years. Published for councils; for "
    "smaller areas it is modelled, and labelled so.",
    "Horizon": "The longest journey that is measured, 60 minutes by default. Longer journeys "
    "have no minutes; in mean minutes they count as the horizon.",
    "ICB": "Integrated care board, which plans NHS services for 1 to 3 million people.",
    "IMD": "English Indices of Deprivation; rank 1 is the most deprived area.",
    "Infeasible": "No plan keeps all rules. The reason names the rules that clash.",
    "MSOA": "Middle-layer super output area, about 8,000 people; made of areas.",
    "Neighbourhood": "A footprint of about 30,000 to 50,000 people; made of areas.",
    "Origin": "A point where people start: the weighted centroid of an area, a postcode, or "
    "your own point.",
    "Place": "The folder or name of what is planned: areas, sites, origins, and streets if "
    "there are any.",
    "Quintile": "A national fifth of deprivation; 1 = most deprived.",
    "Reach": "The minutes within which people count as able to reach a centre.",
    "Record": "The file plan.json: scenario, inputs with hashes, versions, centres and bounds "
    "of a plan.",
    "Role": "What a site is in a plan: existing, committed or new centre, or not opened.",
    "Scenario": "The choices of a plan, as keys with values, each with a default.",
    "Site": "A building on the list: an existing or committed centre, a candidate, or forbidden.",
    "Slack": "How much of its value a goal may give up for the goals after it, in per cent.",
    "Slope index (SII)": "The difference between the most and the least deprived, with all areas "
    "counted.",
    "Status": "Of a plan: optimal (every gap is 0), feasible (a plan with a gap), infeasible, or "
    "stopped (no plan was found in the time).",
    "Wave": "A step of a programme, usually a year; what opens stays open.",
    "Weighted centroid": "The middle of where the people of an area live, as ONS publishes it.",
}


def sources(place: Place) -> pd.DataFrame:
    """Return every source of a place with its hash and checks, without empty columns."""
    names = {
        "layer": "Layer",
        "title": "What it is",
        "publisher": "Publisher",
        "vintage": "Period",
        "retrieved": "Retrieved",
        "licence": "Licence",
        "attribution": "Attribution",
        "rows": "Rows",
        "joined": "Matched",
        "file": "File",
        "sha256": "SHA-256",
        "address": "Address",
    }
    rows = [{words: getattr(one, name) for name, words in names.items()} for one in place.sources]
    table = pd.DataFrame(rows, columns=list(names.values()))
    table["Layer"] = table["Layer"].str.replace("_", " ")
    table["Rows"] = table["Rows"].astype("Int64")
    filled = [name for name in table if any(not pd.isna(one) and one != "" for one in table[name])]
    return table[filled]


def aims() -> pd.DataFrame:
    """Return every model's title, what it does and its name in the literature."""
    rows = [
        {"Aim": one.title, "What it does": one.words, "In the literature": one.literature}
        for one in models.catalogue.values()
    ]
    return pd.DataFrame(rows).set_index("Aim")


def parameters(scenario: Scenario) -> pd.DataFrame:
    """Return every choice: its value, default, meaning, and the source of the default."""
    now = scenario.all_values()
    rows = [
        {
            "Name": name,
            "Now": _written(now[name]),
            "Default": _written(field.default),
            "Meaning": " ".join((field.description or "").replace("`", "").split()),
            "Default is from": ORIGINS.get(name, _OWN),
        }
        for name, field in Scenario.model_fields.items()
    ]
    return pd.DataFrame(rows).set_index("Name")


def columns() -> pd.DataFrame:
    """Return the data dictionary: every column of areas and sites, its meaning and source."""
    rows = [
        {
            "Layer": layer,
            "Column": one.label,
            "In files": one.name,
            "Unit": one.unit,
            "Meaning": one.meaning,
            "Source": one.source,
        }
        for layer, layer_columns in (("areas", AREAS), ("sites", SITES))
        for one in layer_columns
    ]
    return pd.DataFrame(rows)


def _written(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"


def scenario_toml(outcome: Outcome) -> str:
    """Return the scenario as a file that makes the same plan again."""
    return scenario_text(outcome.scenario, outcome.assessment.need.by)


def scenario_text(scenario: Scenario, by: str = "hle") -> str:
    """Return a scenario as TOML, with its question above; `by` is what orders the areas."""
    values = scenario.model_dump(mode="json", exclude_none=True)
    question = printable(" ".join(terms.words(scenario, by).split()))  # a comment is one line
    return f"# {question}\n{tomli_w.dumps(values)}"


def scenario_lines(scenario: Scenario, without: Collection[str] = ()) -> str:
    """Return the choices of a scenario that differ from the defaults, as lines of its file.

    Examples
    --------
    >>> scenario_lines(Scenario(count=5, walk_kmh=4), without=["count"])
    'walk_kmh = 4.0'
    """
    chosen, usual = scenario.all_values(), Scenario().all_values()
    other = {key: value for key, value in chosen.items() if value != usual[key]}
    values = {
        key: value for key, value in other.items() if key not in without and value is not None
    }
    return tomli_w.dumps(values).strip()


_TOLD = {
    "title", "model", "mode", "modes", "reach", "horizon", "count", "budget", "bands",
    "band_edges", "everyone", "kinds", "keep", "forbid", "goals", "slack", "exactly", "at_most",
    "at_least", "at_most_one_of", "exactly_one_of", "min_distance_m", "floors", "backup",
    "least_people", "most_people", "need", "rules", "split", "time_limit",
    "year",
}  # fmt: skip
"""Keys of a scenario that sentences describe, or that are not rules of a plan."""


def sentences(scenario: Scenario, by: str = "hle") -> tuple[str, ...]:
    """Return the question of a scenario and all its rules.

    Parameters
    ----------
    scenario
        The choices.
    by
        What areas are ordered by, "hle" or "imd".

    Examples
    --------
    >>> sentences(Scenario(model="max_coverage", count=3, min_distance_m=800))[1]
    'Centres must be at least 800 m apart in a straight line.'
    """
    limit = f"The search takes at most {scenario.time_limit:g} seconds."
    return (*terms.list_rules(scenario, by), limit, *_others(scenario))


def _others(scenario: Scenario) -> Iterator[str]:
    """Return the choices that no sentence describes, as in a scenario file."""
    lines = scenario_lines(scenario, _TOLD).splitlines()
    if lines:
        yield f"Settings that differ from the default: {'; '.join(lines)}."


def about_words(about: str) -> str:
    """Describe the subject of a reason.

    Examples
    --------
    >>> about_words("groups: age"), about_words("within: transit"), about_words("waves")
    ('Groups, age', 'People by time band and mode, by bus or train', 'Waves')
    """
    table, _, part = about.partition(": ")
    title = TABLES[table].title if table in TABLES else table.capitalize()
    part = terms.WAYS.get(part, terms.GROUPINGS.get(part, part).partition(" (")[0].lower())
    return f"{title}, {part}" if part else title


def notes(evidence: Evidence) -> pd.DataFrame:
    """Return the notes for readers: `about`, `words`."""
    outcome = evidence.outcome
    rows = [("question", terms.question(outcome)), ("proof", evidence.verdict.words)]
    rows += [("label", words) for words in terms.labels(outcome)]
    rows += [("note", words) for words in outcome.assessment.notes]
    rows += [*sorted(evidence.words.items()), *sorted(evidence.reasons.items())]
    rows += [("source", terms.source(one)) for one in outcome.place.sources]
    return pd.DataFrame(rows, columns=["about", "words"])
