"""Board: the two pages that a board reads before it decides."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief import parts as brief_parts
from nhcplanner.outputs.brief.facts import (
    group,
    group_words,
    guess,
    plan_option,
    risks,
)
from nhcplanner.outputs.brief.maps import NUMBERED
from nhcplanner.outputs.brief.parts import BriefSection, Bullets, Paragraph, Part, Table, people
from nhcplanner.outputs.brief.prose import listed, say
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
    parts: list[Part] = [Paragraph(_asked(evidence), "lead")]
    parts.append(Paragraph(say("board", "question", words=terms.question(outcome))))
    if outcome.plan.opened:
        parts += [Paragraph(_money(evidence)), *_none_today(outcome), *_figures(evidence)]
    parts.append(figures.plan_map(evidence))
    if outcome.plan.opened:
        parts.append(Paragraph(_named(outcome), "small"))
    return tuple(parts)


def _asked(evidence: Evidence) -> str:
    outcome = evidence.outcome
    plan = outcome.plan
    if not plan.opened:
        return say("board", "no_plan", words=evidence.verdict.words)
    roles = frames.role(outcome).value_counts()
    return say(
        "board",
        "asked",
        centres=len(plan.opened),
        roles={role: int(roles.get(role, 0)) for role in ("existing", "committed", "new")},
        place=outcome.place.title,
    )


def _none_today(outcome: Outcome) -> tuple[Part, ...]:
    """A warning where the list of sites calls no site a centre that is open today."""
    if frames.status(outcome).eq("existing").any():
        return ()
    return (Paragraph(say("board", "none_today"), "small"),)


def _money(evidence: Evidence) -> str:
    """What the plan costs, or that it is not known."""
    row = plan_option(evidence)
    if row is None or not row["new_centres"]:
        return say("board", "no_new_centre")
    if row["without_cost"]:
        new, blank = int(row["new_centres"]), int(row["without_cost"])
        return say("board", "capital_unknown", new=new, blank=blank, to_fill=brief_parts.TO_FILL)
    return say("board", "capital", total=brief_parts.cell(row["capital"], "pounds"))


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
        return (Paragraph(say("board", "nobody_gains")),)
    reach, note = outcome.scenario.reach, guess(outcome)
    points = [
        say("board", "come_within_reach", row=everyone, reach=f"{reach:g}", note=note),
        say("board", "nearer", row=everyone, note=note),
    ]
    for grouping, name in _TOLD:
        row = group(evidence, grouping, name)
        if row is not None and row["gained"] >= 1:
            words = group_words(outcome, grouping, name)
            points.append(say("board", "group_gains", group=words, row=row))
    return (Bullets(tuple(points)),)


def _losses(evidence: Evidence) -> tuple[Part, ...]:
    outcome, everyone = evidence.outcome, group(evidence, "everyone", "everyone")
    if everyone is None or not outcome.plan.opened:
        return (Paragraph(say("board", "nobody_loses")),)
    points = [_worse(evidence, TODAY, "than today")]
    points += [
        _worse(evidence, str(against), f"than in {against}")
        for against in _against(evidence)
        if against != TODAY
    ]
    points.append(
        say(
            "board",
            "left_out",
            people=everyone["people"] - everyone["within_after"],
            share=1 - everyone["share_after"],
            reach=f"{outcome.scenario.reach:g}",
            note=guess(outcome),
        )
    )
    if evidence.furthest is not None and len(evidence.furthest):
        groups = [
            f"{group_words(outcome, row.grouping, row.group)} ({terms.share(row.share_after)})"
            for row in evidence.furthest.itertuples(index=False)
        ]
        points.append(say("board", "furthest", groups=groups))
    return (Bullets(tuple(points)),)


def _against(evidence: Evidence) -> list[object]:
    return [] if evidence.losers is None else list(evidence.losers["against"].unique())


def _worse(evidence: Evidence, against: str, words: str) -> str:
    """Who is worse off against something, by name."""
    frame, note = evidence.losers, guess(evidence.outcome)
    if frame is None:
        why = evidence.reasons.get("losers", "")
        return say("board", "worse_unknown", than=words, why=why)
    mine = frame[frame["against"] == against]
    if mine.empty:
        return say("board", "nobody_worse", than=words, note=note)
    out = mine[mine["out_of_reach"].astype(bool)]
    return say(
        "board",
        "worse",
        people=mine["people"].sum(),
        areas=len(mine),
        than=words,
        out=out["people"].sum(),
        note=note,
        names=_areas(mine),
    )


def _areas(frame: pd.DataFrame) -> str:
    worst = frame.sort_values(["worse", "area_code"], ascending=[False, True])
    names = worst["area_name"].where(worst["area_name"] != "", worst["area_code"])
    return listed(names.tolist(), NAMED)


def price(evidence: Evidence) -> tuple[Part, ...]:
    """What putting the worst-off first costs all others, in words."""
    frame = evidence.price
    reason = evidence.reasons.get("price", "")
    if frame is None:
        return (Paragraph(say("board", "price_unknown", why=reason or "it was not asked for")),)
    every, first = (frame[frame["band"].astype(str) == band] for band in ("all", "1"))
    words = say(
        "board",
        "price",
        every=every.iloc[0],
        first=first["difference"].iloc[0] if len(first) else 0.0,
        why=reason,
    )
    return (Paragraph(words),)
