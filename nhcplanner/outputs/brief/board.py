"""The two pages for a board, read before it decides."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief import figures
from nhcplanner.outputs.brief import parts as brief_parts
from nhcplanner.outputs.brief.parts import BriefSection, Bullets, Paragraph, Part, Table, people
from nhcplanner.outputs.brief.pictures import NUMBERED
from nhcplanner.outputs.brief.prose import (
    group,
    group_words,
    guess,
    listed,
    plan_option,
    points,
    say,
)
from nhcplanner.outputs.brief.risks import sharpest
from nhcplanner.outputs.tables import hand_in
from nhcplanner.outputs.wording import terms

_TOLD = (
    ("band", "1"), ("imd_quintile", "1"), ("imd_quintile", "5"), ("household", "without a car"),
    ("age", "85 and over"), ("disability", "disabled people"), ("coastal", "coastal"),
    ("rural_urban", "Rural"),
)  # fmt: skip
"""Groups that boards ask about first."""
TODAY = "today"
NAMED, AROUND = 3, 3
FAR = 0.05
"""Gap to everyone's share from which a group is named as left furthest."""


def board(evidence: Evidence) -> tuple[BriefSection, ...]:
    """Return two pages: decision, gains, losses, price, risks and certainty; map and figures."""
    return (
        BriefSection("The decision asked for", _decision(evidence)),
        BriefSection("Who gains", _gains(evidence), level=2),
        BriefSection("Who loses, and who is left out", _losses(evidence), level=2),
        BriefSection("The price of priority", price(evidence), level=2),
        BriefSection("The sharpest risks", _risks(evidence), level=2),
        BriefSection("What is modelled or estimated", _sureness(evidence), level=2),
        BriefSection("The plan in figures", _figures(evidence), fresh=True),
    )


def _risks(evidence: Evidence) -> tuple[Part, ...]:
    found = sharpest(evidence)
    return (Bullets(found),) if found else (Paragraph(say("board", "no_risks")),)


def _decision(evidence: Evidence) -> tuple[Part, ...]:
    outcome = evidence.outcome
    parts: list[Part] = [Paragraph(_decision_words(evidence), "lead")]
    parts.append(Paragraph(say("board", "question", words=terms.question(outcome))))
    if outcome.plan.opened:
        parts += [Paragraph(_money(evidence)), *_none_today(outcome)]
    return tuple(parts)


def _decision_words(evidence: Evidence) -> str:
    outcome = evidence.outcome
    plan, row = outcome.plan, plan_option(evidence)
    if not plan.opened:
        return say("board", "no_plan", words=evidence.verdict.words)
    roles = frames.role(outcome).value_counts()
    known = row is not None and row["new_centres"] and not row["without_cost"]
    return say(
        "board",
        "decision",
        centres=len(plan.opened),
        roles={role: int(roles.get(role, 0)) for role in ("existing", "committed", "new")},
        place=outcome.place.title,
        capital=brief_parts.cell(row["capital"], "pounds") if known and row is not None else "",
    )


def _none_today(outcome: Outcome) -> tuple[Part, ...]:
    """Return a warning if no site in the list is a centre that is open today."""
    if frames.status(outcome).eq("existing").any():
        return ()
    return (Paragraph(say("board", "none_today"), "small"),)


def _money(evidence: Evidence) -> str:
    """Describe the cost of the plan, or state that it is not known."""
    row = plan_option(evidence)
    if row is None or not row["new_centres"]:
        return say("board", "no_new_centre")
    if row["without_cost"]:
        new, blank = int(row["new_centres"]), int(row["without_cost"])
        return say("board", "capital_unknown", new=new, blank=blank, to_fill=brief_parts.TO_FILL)
    money = {
        words: brief_parts.cell(row[name], "pounds")
        for words, name in (
            ("appraised", "appraised"),
            ("whole", "discounted"),
        )
    }
    bias = evidence.case.appraisal.optimism_bias
    like = [f"{words}." for words in evidence.notes_on("options")]
    today = _of_today(evidence.outcome)
    return " ".join((say("board", "capital", bias=bias, today=today, **money), *like))


def _of_today(outcome: Outcome) -> float:
    """Describe the capital that the list states for centres that are open today."""
    sites = outcome.place.sites
    open_today = sites[(sites["status"] == "existing").to_numpy()]
    return float(open_today["cost"].sum()) if "cost" in open_today else 0.0


def _figures(evidence: Evidence) -> tuple[Part, ...]:
    """Return a few figures of today and the plan, and a map."""
    outcome = evidence.outcome
    parts: list[Part] = [*_groups(evidence), figures.plan_map(evidence)]
    if outcome.plan.opened:
        parts.append(Paragraph(_named(outcome), "small"))
    return tuple(parts)


def _groups(evidence: Evidence) -> tuple[Part, ...]:
    outcome = evidence.outcome
    if not outcome.plan.opened:
        return ()
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
    """Return the first centres with their numbers on the map."""
    centres = frames.centres(outcome)
    if len(centres) > NUMBERED:
        return "The centres are too many to number on the map: see Centres of the plan."
    names = [f"{one.number} {one.name}" for one in frames.rows(centres)]
    return say("board", "centres_by_number", names=listed(names, 14))


def _gains(evidence: Evidence) -> tuple[Part, ...]:
    outcome, everyone = evidence.outcome, group(evidence, "everyone", "everyone")
    if everyone is None or not outcome.plan.opened:
        return (Paragraph(say("board", "nobody_gains")),)
    groups = []
    for grouping, name in _TOLD:
        row = group(evidence, grouping, name)
        if row is not None and row["gained"] >= 1:
            groups.append((group_words(outcome, grouping, name), row))
    values = {"everyone": everyone, "groups": groups, "note": guess(outcome)}
    return (Bullets(points("board", "gains", reach=f"{outcome.scenario.reach:g}", **values)),)


def _losses(evidence: Evidence) -> tuple[Part, ...]:
    outcome, everyone = evidence.outcome, group(evidence, "everyone", "everyone")
    if everyone is None or not outcome.plan.opened:
        return (Paragraph(say("board", "nobody_loses")),)
    sentences = [_worse(evidence, TODAY, "than today")]
    sentences += [
        _worse(evidence, str(against), f"than in {against}")
        for against in _against(evidence)
        if against != TODAY
    ]
    sentences.append(
        say(
            "board",
            "left_out",
            people=everyone["people"] - everyone["within_after"],
            share=1 - everyone["share_after"],
            reach=f"{outcome.scenario.reach:g}",
            note=guess(outcome),
            groups=_furthest(evidence, everyone["share_after"]),
        )
    )
    if "assignment" in evidence.words:
        sentences.append(f"{evidence.words['assignment']}.")
    return (Bullets(tuple(sentences)),)


def _furthest(evidence: Evidence, share: float) -> list[str]:
    """Describe groups whose share within reach is well below everyone's."""
    frame = evidence.furthest
    if frame is None:
        return []
    behind = frame[frame["share_after"] < share - FAR]
    return [
        f"{group_words(evidence.outcome, row.grouping, row.group)} ({terms.share(row.share_after)})"
        for row in frames.rows(behind)
    ]


def _against(evidence: Evidence) -> list[object]:
    return [] if evidence.losers is None else list(evidence.losers["against"].unique())


def _worse(evidence: Evidence, against: str, words: str) -> str:
    """Describe who is worse off than under an option."""
    frame, note = evidence.losers, guess(evidence.outcome)
    if frame is None:
        why = evidence.reasons.get("losers", "")
        return say("board", "worse_unknown", than=words, why=why)
    losers = frame[frame["against"] == against]
    if losers.empty:
        return say("board", "nobody_worse", than=words, note=note)
    out = losers[losers["out_of_reach"].astype(bool)]
    return say(
        "board",
        "worse",
        people=losers["people"].sum(),
        areas=len(losers),
        than=words,
        out=out["people"].sum(),
        note=note,
        names=_areas(evidence, losers),
        around=_around(evidence) if against == hand_in.FREE else "",
    )


def _areas(evidence: Evidence, frame: pd.DataFrame) -> str:
    """Return the areas that lose most, with their ward and neighbourhood if known."""
    worst = frame.sort_values(["worse", "area_code"], ascending=[False, True])
    names = worst["area_name"].where(worst["area_name"] != "", worst["area_code"])
    known = evidence.outcome.place.areas.set_index("area_code")
    where = pd.Series("", index=worst.index)
    for column in ("ward_name", "neighbourhood"):
        if column in known:
            more = worst["area_code"].map(known[column]).fillna("")
            between = ((where != "") & (more != "")).map({True: ", ", False: ""})
            where += between + more
    names += where.where(where == "", " (" + where + ")")
    return listed(names.tolist(), NAMED)


def _around(evidence: Evidence) -> str:
    """Return the centres of the plan without priority that are nearest to most losers."""
    centres = frames.rows(hand_in.around(evidence).head(AROUND))
    return listed(
        [f"{centre.name} ({people(centre.people)} of these people)" for centre in centres]
    )


def price(evidence: Evidence) -> tuple[Part, ...]:
    """Describe what priority for the worst-off costs all others."""
    frame = evidence.price
    reason = evidence.reasons.get("price", "")
    if frame is None:
        if reason.startswith(("Stopped", "The time limit", "Nothing to compare")):
            reason = f"Not known: {reason[0].lower()}{reason[1:]}"
        words = f"{reason}." if reason else say("board", "price_unknown")
        return (Paragraph(words),)
    every, first = (frame[frame["band"].astype(str) == band] for band in ("all", "1"))
    words = say(
        "board",
        "price",
        every=every.iloc[0],
        first=first["difference"].iloc[0] if len(first) else 0.0,
        why=reason,
    )
    return (Paragraph(words),)


def _sureness(evidence: Evidence) -> tuple[Part, ...]:
    """Return modelled and estimated figures with their error; date, author, how to verify."""
    outcome = evidence.outcome
    times = outcome.times
    minutes = (
        f"{outcome.estimate_note}."
        if times.estimate
        else say("board", "measured", engine=times.engine, mode=times.mode)
    )
    sentences = [minutes, *(_need_error(outcome, words) for words in terms.modelled(outcome.place))]
    edges = hand_in.edges(evidence).to_dict("records")
    if edges:
        sentences.append(say("board", "ties", edges=edges, index=outcome.place.index_name))
    imprint = say(
        "board",
        "imprint",
        date=evidence.date,
        version=evidence.case.version,
        author=evidence.case.author,
        program=outcome.versions.get("nhcplanner", ""),
        to_fill="to be filled in",
    )
    return (Bullets(tuple(sentences)), Paragraph(imprint, "small"))


def _need_error(outcome: Outcome, words: str) -> str:
    """Return how HLE is estimated, with its interval if known."""
    areas, half = outcome.place.areas, None
    if "hle_low" in areas and areas["hle_low"].notna().any():
        half = f"{((areas['hle_high'] - areas['hle_low']) / 2).median():.1f}"
    return say("board", "error_of_need", words=words, half=half)
