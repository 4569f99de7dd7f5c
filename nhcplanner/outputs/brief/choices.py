"""Choices: options, the price of priority, plans nearly as good, and other cases."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief.board import price
from nhcplanner.outputs.brief.facts import count, listed
from nhcplanner.outputs.brief.parts import Bullets, Paragraph, Part, Section
from nhcplanner.outputs.brief.sureness import risks
from nhcplanner.outputs.brief.written import shown

_OPTIONS = (
    "option", "centres", "new_centres", "people_within", "share_within", "first_band_within",
    "mean_minutes", "capital", "discounted",
)  # fmt: skip
_CASES = {
    "best_people": "People, of a plan made for the case",
    "stays": "Centres such a plan keeps",
}


def options_section(evidence: Evidence) -> Section:
    """The options side by side, and what priority costs."""
    discounting = evidence.discounting
    words = (
        f"Costs are discounted at {100 * discounting.rate:g} % a year over {discounting.years} "
        f"years from {discounting.base} ({discounting.source}). An option with an unknown cost has "
        "no total. A whole cost counts running costs only where they are known."
    )
    parts: list[Part] = [Paragraph(words), *shown(evidence, "options", _OPTIONS)]
    if evidence.options is not None:
        said = [f"{one.option}: {one.words}" for one in evidence.options.itertuples(index=False)]
        parts.append(Bullets(tuple(said)))
    parts += [*shown(evidence, "price", ("band", "people_plan", "people_without", "difference"))]
    parts += [*price(evidence), *_long_list(evidence)]
    return Section("Options", tuple(parts), fresh=True)


def _long_list(evidence: Evidence) -> tuple[Part, ...]:
    frame = evidence.long_list
    if frame is None:
        return shown(evidence, "long_list", ())
    short = int(frame["short_listed"].astype(bool).sum())
    words = (
        f"Of {count(len(frame), 'site')} on the long list, {short:,} open in some option. Why each "
        "of the others does not stands in the workbook, sheet Long list, and tables/long_list.csv."
    )
    return (Paragraph(words),)


def sure_section(evidence: Evidence) -> Section:
    """Near-best alternatives, what each site is worth, and other cases."""
    parts: list[Part] = [Bullets(risks(evidence))]
    parts += [*_alternatives(evidence), *_uses(evidence)]
    parts += shown(
        evidence, "losses", ("name", "instead", "goal", "unit", "lost"), frame=_felt(evidence)
    )
    parts.append(Paragraph(_LOST, "small"))
    columns = ("case", "people", "share", "best_people", "stays")
    parts += shown(evidence, "robustness", columns, labels=_CASES)
    return Section("Near-best alternatives, and how sure we are", tuple(parts))


_LOST = (
    "If a site cannot be had: the best plan without it, goal by goal. Above 0 is lost, below 0 is "
    "gained: where a centre that must stay open is taken away, others may serve more people."
)


def _alternatives(evidence: Evidence) -> tuple[Part, ...]:
    """A row a plan: which centres it has that the plan has not."""
    sites = evidence.alternative_sites
    if sites is None:
        return shown(evidence, "alternatives", ())
    others = [
        f"Plan {plan}: {_instead(sites, plan)}" for plan in sites["plan"].unique() if plan > 1
    ]
    if not others:
        return (Paragraph("There is no alternative nearly as good that opens other centres."),)
    values = shown(evidence, "alternatives", ("plan", "goal", "unit", "value"))
    return (*values, Paragraph("Plan 1 is the plan. The others:"), Bullets(tuple(others)))


def _instead(sites: pd.DataFrame, plan: int) -> str:
    mine, first = sites[sites["plan"] == plan], sites[sites["plan"] == 1]
    new = mine[~mine["in_the_plan"].astype(bool)]["name"].tolist()
    gone = first[~first["site_id"].isin(mine["site_id"])]["name"].tolist()
    return f"opens {listed(new) or 'nothing new'}, not {listed(gone) or 'fewer'}"


def _uses(evidence: Evidence) -> tuple[Part, ...]:
    """Sites that good plans open; those that none does stand in the workbook."""
    frame = evidence.roles
    if frame is None:
        return shown(evidence, "roles", ())
    order = {"always": 0, "often": 1, "sometimes": 2}
    mine = frame[frame["use"].isin(order)]
    mine = mine.sort_values("use", key=lambda use: use.map(order), kind="stable")
    return shown(evidence, "roles", ("name", "use", "share", "proved"), frame=mine)


def _felt(evidence: Evidence) -> pd.DataFrame | None:
    """Of each site's losses, the goals that change."""
    frame = evidence.losses
    return None if frame is None else frame[frame["goal"].isna() | (frame["lost"] != 0)]
