"""Choices: options, the price of priority, plans nearly as good, and other cases."""

from __future__ import annotations

import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief.board import price
from nhcplanner.outputs.brief.facts import listed, named, risks
from nhcplanner.outputs.brief.parts import (
    MOST,
    BriefSection,
    Bullets,
    Paragraph,
    Part,
    Table,
    TableFormat,
    cell,
    evidence_table,
)

_OPTIONS = (
    "option", "centres", "new_centres", "people_within", "share_within", "first_band_within",
    "mean_minutes", "capital", "discounted",
)  # fmt: skip
PLANS = 6
"""Plans side by side, at most."""
_CASES = {
    "best_people": "People, of a plan made for the case",
    "stays": "Centres such a plan keeps",
}


def options_section(evidence: Evidence) -> BriefSection:
    """The options side by side, and what priority costs."""
    discounting = evidence.discounting
    words = (
        f"Costs are discounted at {100 * discounting.rate:g}% a year over {discounting.years} "
        f"years from {discounting.base} ({discounting.source}). An option with an unknown cost has "
        "no total. A whole cost counts running costs only where they are known."
    )
    parts: list[Part] = [Paragraph(words), *evidence_table(evidence, "options", _OPTIONS)]
    if evidence.options is not None:
        said = [f"{one.option}: {one.words}" for one in evidence.options.itertuples(index=False)]
        parts.append(Bullets(tuple(said)))
    parts += [
        *evidence_table(evidence, "price", ("band", "people_plan", "people_without", "difference"))
    ]
    parts += [*price(evidence), *_long_list(evidence)]
    return BriefSection("Options", tuple(parts), fresh=True)


def _long_list(evidence: Evidence) -> tuple[Part, ...]:
    frame = evidence.long_list
    if frame is None:
        return evidence_table(evidence, "long_list", ())
    short = int(frame["short_listed"].astype(bool).sum())
    words = (
        f"Of {plural(len(frame), 'site')} on the long list, {short:,} open in some option. Why "
        "each of the others does not stands in the workbook, sheet Long list, and "
        "tables/long_list.csv."
    )
    return (Paragraph(words),)


def sure_section(evidence: Evidence) -> BriefSection:
    """Near-best alternatives, what each site is worth, and other cases."""
    parts: list[Part] = [Bullets(risks(evidence))]
    parts += [*_alternatives(evidence), *_uses(evidence)]
    parts += _losses(evidence)
    columns = ("case", "people", "share", "best_people", "stays")
    parts += evidence_table(evidence, "robustness", columns, told=TableFormat(labels=_CASES))
    return BriefSection("Near-best alternatives, and how sure we are", tuple(parts))


_LOST = (
    "The best plan without the site. Above 0 is lost, below 0 is gained: where a centre that must "
    "stay open is taken away, others may serve more people."
)


def _alternatives(evidence: Evidence) -> tuple[Part, ...]:
    """What each plan reaches, goal by goal, and which centres it has that the plan has not."""
    values, sites = evidence.alternatives, evidence.alternative_sites
    if values is None or sites is None:
        return evidence_table(evidence, "alternatives", ())
    plans = sites["plan"].unique().tolist()
    if len(plans) == 1:
        return ()
    told = values.assign(
        text=[cell(v, u) for v, u in zip(values["value"], values["unit"], strict=True)]
    )
    wide = told.pivot_table("text", ["goal", "unit"], "plan", "first", sort=False).head(MOST)
    heads = ("Goal", "Counts", *(f"Plan {plan}" for plan in plans[:PLANS]))
    rows = tuple(
        (*goal, *row) for goal, row in zip(wide.index, wide[plans[:PLANS]].to_numpy(), strict=True)
    )
    numbers = (False, False, *(True for _ in plans[:PLANS]))
    note = "Plan 1 is the plan. All plans stand in the workbook, sheet Sensitivity."
    others = tuple(f"Plan {plan}: {_instead(sites, plan)}" for plan in plans[1:PLANS])
    table = Table("What plans nearly as good reach", heads, rows, numbers, note)
    return (table, Bullets(others))


def _instead(sites: pd.DataFrame, plan: int) -> str:
    mine, first = sites[sites["plan"] == plan], sites[sites["plan"] == 1]
    new = mine[~mine["in_the_plan"].astype(bool)]["name"].tolist()
    gone = first[~first["site_id"].isin(mine["site_id"])]["name"].tolist()
    return f"opens {listed(new) or 'nothing new'}, not {listed(gone) or 'fewer'}"


def _uses(evidence: Evidence) -> tuple[Part, ...]:
    """Sites that good plans open; those that none does stand in the workbook."""
    frame = evidence.roles
    if frame is None:
        return evidence_table(evidence, "roles", ())
    order = {"always": 0, "often": 1, "sometimes": 2}
    mine = frame[frame["use"].isin(order)]
    mine = mine.sort_values("use", key=lambda use: use.map(order), kind="stable")
    return evidence_table(evidence, "roles", ("name", "use", "share", "proved"), frame=mine)


def _losses(evidence: Evidence) -> tuple[Part, ...]:
    """A row a centre: what opens instead, and the goals that change."""
    frame = evidence.losses
    if frame is None or frame.empty:
        return evidence_table(evidence, "losses", ())
    names = frames.called(evidence.outcome.place)
    rows = tuple(
        (str(mine["name"].iloc[0]), named(names, mine["instead"].iloc[0]), _changed(mine))
        for _, mine in frame.groupby("site_id", sort=False)
    )
    heads = ("Site", "Opens instead", "Lost, goal by goal")
    note = " ".join((*(f"{words}." for words in evidence.said_of("losses")), _LOST))
    if len(rows) > MOST:
        note += f" The first {MOST} of {len(rows):,} centres; all stand in tables/losses.csv."
    return (Table(TABLES["losses"].title, heads, rows[:MOST], (False,) * 3, note),)


def _changed(mine: pd.DataFrame) -> str:
    """The goals that a site's loss changes, in words."""
    if mine["goal"].isna().any():
        return "no plan keeps the rules without it"
    felt = mine[mine["lost"] != 0]
    said = [f"{one.goal}: {cell(one.lost, one.unit)}" for one in felt.itertuples(index=False)]
    return "; ".join(said) or "nothing"
