"""Board: the two pages that a board reads before it decides."""

from __future__ import annotations

import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief import parts as brief_parts
from nhcplanner.outputs.brief.facts import (
    gone_up,
    group,
    group_words,
    guess,
    listed,
    plan_option,
    risks,
)
from nhcplanner.outputs.brief.maps import NUMBERED
from nhcplanner.outputs.brief.parts import BriefSection, Bullets, Paragraph, Part, Table, people
from nhcplanner.outputs.wording import terms

_TOLD = (
    ("band", "1"), ("imd_quintile", "1"), ("imd_quintile", "5"), ("household", "without a car"),
    ("age", "85 and over"), ("disability", "disabled people"), ("coastal", "coastal"),
)  # fmt: skip
"""Groups that a board asks after first."""
TODAY = "today"
NAMED = 5


def board(evidence: Evidence) -> tuple[BriefSection, ...]:
    """The decision asked for, the map, who gains, who loses, the price, risks."""
    return (
        BriefSection("The decision asked for", _decision(evidence)),
        BriefSection("Who gains", _gains(evidence), level=2, fresh=True),
        BriefSection("Who loses, and who is left out", _losses(evidence), level=2),
        BriefSection("The price of priority", price(evidence), level=2),
        BriefSection("Risks, and how sure we are", (Bullets(risks(evidence)),), level=2),
    )


def _decision(evidence: Evidence) -> tuple[Part, ...]:
    outcome = evidence.outcome
    parts: list[Part] = [Paragraph(_asked(outcome), "lead")]
    parts.append(Paragraph(f"The question put: {terms.question(outcome)}"))
    if outcome.plan.opened:
        parts += [Paragraph(_money(evidence)), *_none_today(outcome), *_figures(evidence)]
    parts.append(figures.plan_map(evidence))
    if outcome.plan.opened:
        parts.append(Paragraph(_named(outcome), "small"))
    return tuple(parts)


def _asked(outcome: Outcome) -> str:
    plan = outcome.plan
    if not plan.opened:
        return f"There is no plan to agree. {Verdict.of(plan).words}."
    roles = frames.role(outcome).value_counts()
    split = [
        f"{roles[role]:,} {words}"
        for role, words in (
            ("existing", "open today"), ("committed", "committed"), ("new", "proposed as new")
        )
        if role in roles
    ]  # fmt: skip
    return (
        f"To agree that the {plural(len(plan.opened), 'centre')} on the map "
        f"({', '.join(split)}) go forward to be worked up as the pipeline of neighbourhood health "
        f"centres for {outcome.place.title}."
    )


def _none_today(outcome: Outcome) -> tuple[Part, ...]:
    """A warning where the list of sites calls no site a centre that is open today."""
    if frames.status(outcome).eq("existing").any():
        return ()
    words = (
        "The list of sites names no centre as open today, so every figure of today is nought. "
        "Where some buildings already work as one, mark them as existing and plan again."
    )
    return (Paragraph(words, "small"),)


def _money(evidence: Evidence) -> str:
    """What the plan costs, or that it is not known."""
    row = plan_option(evidence)
    if row is None or not row["new_centres"]:
        return "No new centre opens, so no capital is asked for."
    if row["without_cost"]:
        new, blank = int(row["new_centres"]), int(row["without_cost"])
        return (
            f"No capital is asked for here: the capital of {blank:,} of "
            f"{plural(new, 'new centre')} is {brief_parts.TO_FILL}."
        )
    total = brief_parts.cell(row["capital"], "pounds")
    return f"Indicative capital of the new centres, as their owners gave it: {total}."


def _figures(evidence: Evidence) -> tuple[Part, ...]:
    """The plan in a few figures, today and with it."""
    outcome = evidence.outcome
    reach = outcome.scenario.reach
    rows = []
    for grouping, name in (("everyone", "everyone"), *_TOLD):
        row = group(evidence, grouping, name)
        if row is None:
            continue
        words = group_words(outcome, grouping, name)
        cells = [
            f"{people(row[f'within_{when}'])} ({terms.share(row[f'share_{when}'])})"
            for when in ("before", "after")
        ]
        rows.append((words[0].upper() + words[1:], people(row["people"]), *cells))
    caption = f"People within {reach:g} minutes of a centre{guess(outcome)}"
    heads = ("Who", "People", "Today", "With the plan")
    return (Table(caption, heads, tuple(rows), (False, True, True, True)),) if rows else ()


def _named(outcome: Outcome) -> str:
    """The centres by their numbers on the map, as far as there is room."""
    centres = frames.centres(outcome)
    if len(centres) > NUMBERED:
        return "The centres are too many to number on the map: see Centres of the plan."
    names = [f"{one.number} {one.name}" for one in centres.itertuples(index=False)]
    return f"Centres by number: {listed(names, 14)}. Site by site: see Centres of the plan."


def _gains(evidence: Evidence) -> tuple[Part, ...]:
    outcome, everyone = evidence.outcome, group(evidence, "everyone", "everyone")
    if everyone is None or not outcome.plan.opened:
        return (Paragraph("There is no plan, so nobody gains."),)
    reach, said = outcome.scenario.reach, guess(outcome)
    points = [
        (
            f"{people(everyone['gained'])} people come within {reach:g} minutes of a "
            f"centre{said}: {gone_up(everyone['share_before'], everyone['share_after'])} of "
            f"{people(everyone['people'])}."
        ),
        f"{people(everyone['nearer'])} people have a shorter journey to the nearest centre{said}.",
    ]
    for grouping, name in _TOLD:
        row = group(evidence, grouping, name)
        if row is not None and row["gained"] >= 1:
            words = group_words(outcome, grouping, name)
            points.append(
                f"{words[0].upper()}{words[1:]}: {people(row['gained'])} more within reach, "
                f"{gone_up(row['share_before'], row['share_after'])}."
            )
    return (Bullets(tuple(points)),)


def _losses(evidence: Evidence) -> tuple[Part, ...]:
    outcome, everyone = evidence.outcome, group(evidence, "everyone", "everyone")
    if everyone is None or not outcome.plan.opened:
        return (Paragraph("There is no plan, so nobody loses."),)
    points = [_worse(evidence, TODAY, "than today")]
    points += [
        _worse(evidence, str(against), f"than in {against}")
        for against in _against(evidence)
        if against != TODAY
    ]
    left = everyone["people"] - everyone["within_after"]
    points.append(
        f"{people(left)} people ({terms.share(1 - everyone['share_after'])}) are still not "
        f"within {outcome.scenario.reach:g} minutes of a centre{guess(outcome)}."
    )
    if evidence.furthest is not None and len(evidence.furthest):
        named = [
            f"{group_words(outcome, row.grouping, row.group)} ({terms.share(row.share_after)})"
            for row in evidence.furthest.itertuples(index=False)
        ]
        points.append(f"Groups left furthest, with their share within reach: {listed(named, 8)}.")
    return (Bullets(tuple(points)),)


def _against(evidence: Evidence) -> list[object]:
    return [] if evidence.losers is None else list(evidence.losers["against"].unique())


def _worse(evidence: Evidence, against: str, words: str) -> str:
    """Who is worse off against something, by name."""
    frame = evidence.losers
    if frame is None:
        return f"Who is worse off {words} is not known: {evidence.reasons.get('losers', '')}."
    mine = frame[frame["against"] == against]
    if mine.empty:
        return f"Nobody is farther from a centre {words}{guess(evidence.outcome)}."
    out = mine[mine["out_of_reach"].astype(bool)]
    fall = f", of which {people(out['people'].sum())} fall out of reach" if len(out) else ""
    return (
        f"{people(mine['people'].sum())} people in {plural(len(mine), 'area')} are farther from a "
        f"centre {words}{fall}{guess(evidence.outcome)}; most of all {_areas(mine)}."
    )


def _areas(frame: pd.DataFrame) -> str:
    worst = frame.sort_values(["worse", "area_code"], ascending=[False, True])
    names = worst["area_name"].where(worst["area_name"] != "", worst["area_code"])
    return listed(names.tolist(), NAMED)


def price(evidence: Evidence) -> tuple[Part, ...]:
    """What putting the worst-off first costs all others, in words."""
    frame = evidence.price
    if frame is None:
        return (Paragraph(f"Not known: {evidence.reasons.get('price', 'it was not asked for')}."),)
    every, first = (frame[frame["band"].astype(str) == band] for band in ("all", "1"))
    fewer = every["difference"].iloc[0]
    if fewer == 0:
        words = "Serving the worst-off first costs nothing: as many people are reached without it."
    else:
        words = (
            f"Serving the worst-off first means that {people(fewer)} fewer people are within reach "
            f"({people(every['people_plan'].iloc[0])} and not "
            f"{people(every['people_without'].iloc[0])})."
        )
    if len(first) and first["difference"].iloc[0] < 0:
        gained = people(-first["difference"].iloc[0])
        words += f" For that, {gained} more people of band 1 are."
    reason = evidence.reasons.get("price")
    return (Paragraph(f"{words} {reason}." if reason else words),)
