"""Sections on options, the price of priority, plans nearly as good, and other cases."""

from __future__ import annotations

import re

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief.parts import (
    MOST,
    UNKNOWN,
    BriefSection,
    Bullets,
    Paragraph,
    Part,
    Table,
    TableFormat,
    cell,
    evidence_table,
)
from nhcplanner.outputs.brief.prose import listed, named, points, say
from nhcplanner.outputs.brief.risks import case_words, risks
from nhcplanner.outputs.tables import hand_in
from nhcplanner.outputs.workbook.appraisal import PREFERRED, SCORES, agreement, scored_by

_OPTIONS = (
    "option", "centres", "people_within", "first_band_within", "mean_minutes", "capital",
    "appraised", "running", "discounted", "net_value",
)  # fmt: skip
EXCHANGE = "; compared with the plan, "
"""Begins, in the words of an option, what it opens and leaves out."""
PLANS = 6
"""Largest number of plans in one table."""
_CASES = {
    "case": "Case",
    "people": "People within reach, the plan",
    "share": "Share",
    "best_people": "People within reach, plan made for the case",
    "goal_plan": "First goal, the plan",
    "goal_best": "First goal, plan made for the case",
    "stays": "Centres that it keeps",
}
_HEADS = {
    "people_within": "People within reach",
    "first_band_within": "Of the first band",
    "mean_minutes": "Mean minutes",
    "running": "Running cost a year, as far as known",
    "discounted": "Whole cost, discounted",
    "net_value": "Net present value",
}
_BLANK = {"net_value": "not given"}


def options_section(evidence: Evidence) -> BriefSection:
    """Return the section on options and on the price of priority."""
    discounting, case = evidence.discounting, evidence.case
    costs = say(
        "options",
        "costs",
        rate=f"{100 * discounting.rate:g}",
        years=discounting.years,
        base=discounting.base,
        source=discounting.source,
    )
    statements = ". ".join(evidence.notes_on("appraisal"))
    columns = [name for name in _OPTIONS if name != "net_value" or case.benefits.per_person]
    parts: list[Part] = [Paragraph(f"{costs} {statements}." if statements else costs)]
    if evidence.options is None:
        parts += evidence_table(evidence, "options", columns)
    else:
        parts += evidence_table(
            evidence, "options", columns, layout=TableFormat("", _HEADS, _BLANK)
        )
        descriptions = _descriptions(evidence, evidence.options)
        parts.append(Bullets(points("options", "options", options=descriptions)))
        compared = agreement(evidence)
        if compared:
            scored = [SCORES[name].lower() for name in scored_by(evidence.options)]
            sentences = [one for text in compared for one in re.split(r"(?<=\.) ", text)]
            once = dict.fromkeys(sentences[::-1])  # a reason that both share comes last
            scored_words = (say("options", "scores", scored=scored), *[*once][::-1])
            parts.append(Paragraph(" ".join(scored_words)))
    if evidence.price is not None:  # else the first page says why
        price = ("band", "people_plan", "people_without", "difference")
        parts += evidence_table(evidence, "price", price)
        parts.append(Paragraph(say("options", "price_note"), "small"))
    parts += _long_list(evidence)
    return BriefSection("Options", tuple(parts))


def _descriptions(evidence: Evidence, options: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each option with what it is, and the names of the sites that it exchanges."""
    frame, names = evidence.option_sites, frames.called(evidence.outcome.place)
    opened = {} if frame is None else frame.groupby("option")["site_id"].agg(set).to_dict()
    plan = opened.get(PREFERRED, set())
    rows = []
    for row in options.itertuples(index=False):
        option, words = str(row.option), str(row.words)
        if EXCHANGE in words and option in opened:
            new, closed = (
                listed([names.get(site, site) for site in sorted(sites)], MOST)
                for sites in (opened[option] - plan, plan - opened[option])
            )
            exchange = say("options", "exchange", new=new, gone=closed)
            words = f"{words.partition(EXCHANGE)[0]}; {exchange}"
        rows.append((option, words))
    return rows


def _long_list(evidence: Evidence) -> tuple[Part, ...]:
    frame = evidence.long_list
    if frame is None:
        return evidence_table(evidence, "long_list", ())
    out = frame["status"] == "forbidden"
    words = say(
        "options",
        "long_list",
        sites=len(frame),
        short=int(frame["short_listed"].astype(bool).sum()),
        ruled_out=int(out.sum()),
        unexplained=int((out & ~frame["site_id"].isin(evidence.case.ruled_out)).sum()),
        without_cost=len(hand_in.without_cost(evidence)),
    )
    return (Paragraph(words),)


def sure_section(evidence: Evidence) -> BriefSection:
    """Return the section on near-best alternatives, the value of each site, and other cases."""
    parts: list[Part] = [Bullets(risks(evidence))]
    parts += [*_alternatives(evidence), *_losses(evidence), *_cases(evidence)]
    return BriefSection("Near-best alternatives, and how sure we are", tuple(parts))


def _cases(evidence: Evidence) -> tuple[Part, ...]:
    """Return the plan in other cases, with the centres that a plan for each shares."""
    frame = evidence.robustness
    columns = [name for name in _CASES if frame is None or name in frame]
    if frame is None:
        return evidence_table(evidence, "robustness", columns)
    centres = len(evidence.outcome.plan.opened)
    proved = frame["proved"] if "proved" in frame else [True] * len(frame)
    stays = [
        UNKNOWN
        if pd.isna(share)
        else f"{round(share * centres)} of {centres}{'' if is_proved else ', not proved'}"
        for share, is_proved in zip(frame["stays"], proved, strict=True)
    ]
    rows = frame.assign(stays=stays, case=frame["case"].map(_case))
    table = evidence_table(evidence, "robustness", columns, rows, TableFormat(labels=_CASES))
    if evidence.outcome.plan.allocation is None:
        return table
    return (*table, Paragraph(say("options", "two_counts"), "small"))


def _case(case: str) -> str:
    words = case_words(case)
    return f"{words[0].upper()}{words[1:]}"


def _alternatives(evidence: Evidence) -> tuple[Part, ...]:
    """Return what each alternative reaches by goal, and its centres that the plan does not open."""
    values, sites = evidence.alternatives, evidence.alternative_sites
    if values is None or sites is None:
        return evidence_table(evidence, "alternatives", ())
    plans = sites["plan"].unique().tolist()
    if len(plans) == 1:
        return ()
    texts = values.assign(
        text=[cell(v, u) for v, u in zip(values["value"], values["unit"], strict=True)]
    )
    wide = texts.pivot_table("text", ["goal", "unit"], "plan", "first", sort=False).head(MOST)
    heads = ("Goal", "Counts", *(f"Plan {plan}" for plan in plans[:PLANS]))
    rows = tuple(
        (*goal, *row) for goal, row in zip(wide.index, wide[plans[:PLANS]].to_numpy(), strict=True)
    )
    numbers = (False, False, *(True for _ in plans[:PLANS]))
    options = set() if evidence.options is None else set(evidence.options["option"])
    listed_above = {f"Alternative {plan}" for plan in plans[1:PLANS]} <= options
    note = say("options", "plans_note", above=listed_above)
    table = Table("What plans nearly as good reach", heads, rows, numbers, note)
    if listed_above:
        return (table,)
    return (table, Bullets(tuple(_instead(sites, plan) for plan in plans[1:PLANS])))


def _instead(sites: pd.DataFrame, plan: int) -> str:
    mine, first = sites[sites["plan"] == plan], sites[sites["plan"] == 1]
    new = mine[~mine["in_the_plan"].astype(bool)]["name"].tolist()
    closed = first[~first["site_id"].isin(mine["site_id"])]["name"].tolist()
    exchange = say("options", "exchange", new=listed(new), gone=listed(closed))
    return f"Plan {plan}: {exchange}"


def _losses(evidence: Evidence) -> tuple[Part, ...]:
    """Return a row for each centre: its replacement, and the loss for the goals."""
    frame = evidence.losses
    if frame is None or frame.empty:
        return evidence_table(evidence, "losses", ())
    names = frames.called(evidence.outcome.place)
    first = frame["goal"].dropna().iloc[0] if frame["goal"].notna().any() else ""
    in_people = set(frame["unit"].dropna()) <= {"people"}
    rows = tuple(
        (
            str(losses["name"].iloc[0]),
            named(names, losses["instead"].iloc[0]),
            *_lost(losses, first, in_people),
        )
        for _, losses in frame.groupby("site_id", sort=False)
    )
    heads = ("Site", "Opens instead", f"Fewer: {first}" if in_people else f"Worse: {first}",
             *(("Fewer people in all",) if in_people else ()))  # fmt: skip
    sentences = [f"{words}." for words in evidence.notes_on("losses")]
    note = " ".join((*sentences, say("options", "losses_note")))
    if len(rows) > MOST:
        note += f" The first {MOST} of {len(rows):,} centres; all are in tables/losses.csv."
    numbers = (False, False, *(True for _ in heads[2:]))
    return (Table(TABLES["losses"].title, heads, rows[:MOST], numbers, note),)


def _lost(losses: pd.DataFrame, first: str, in_people: bool) -> tuple[str, ...]:
    """Return the loss of the first goal and, if all goals count people, of all goals."""
    if losses["goal"].isna().any():
        return ("no plan keeps the rules without it", *(("",) if in_people else ()))
    lost = losses.set_index("goal")["lost"]
    unit = losses["unit"].iloc[0]
    every = (_most(losses) + cell(lost.sum(), "people"),) if in_people else ()
    return (_most(losses, first) + cell(lost.get(first), unit), *every)


def _most(losses: pd.DataFrame, goal: str = "") -> str:
    """Return "up to " if a longer search might find a plan that loses less of a goal or of any."""
    mine = losses[losses["goal"] == goal] if goal else losses
    unproved = "at_least" in mine and (mine["at_least"] < mine["lost"]).any()
    return "up to " if unproved else ""
