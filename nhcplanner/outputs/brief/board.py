"""The two pages for a board, read before it decides."""

from __future__ import annotations

import pandas as pd

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.place import Place
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
    short,
)
from nhcplanner.outputs.brief.risks import sharpest, untested
from nhcplanner.outputs.tables import explain, hand_in
from nhcplanner.outputs.wording import terms
from nhcplanner.outputs.workbook.appraisal import PREFERRED

_TOLD = (
    ("band", "1"), ("imd_quintile", "1"), ("imd_quintile", "5"), ("household", "without a car"),
    ("age", "85 and over"), ("disability", "disabled people"), ("coastal", "coastal"),
    ("rural_urban", "Rural"),
)  # fmt: skip
"""Groups that boards ask about first."""
TODAY = "today"
WITHOUT_PRIORITY = "Most people"
"""The option that is planned by the same rules without priority."""
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
    if not evidence.outcome.plan.opened:
        return (Paragraph(say("board", "no_plan_no_risks")),)
    found, why = sharpest(evidence), untested(evidence)
    if not found:
        return (Paragraph(say("board", "no_risks", why=why)),)
    return (Bullets((*found, say("board", "untested", why=why)) if why else found),)


def _decision(evidence: Evidence) -> tuple[Part, ...]:
    outcome = evidence.outcome
    parts: list[Part] = [Paragraph(_decision_words(evidence), "lead")]
    words = {"title": outcome.scenario.title, "words": terms.question(outcome)}
    parts.append(Paragraph(say("board", "question", **words)))
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
    budget = evidence.outcome.scenario.budget
    capital = say(
        "board",
        "capital",
        appraised=brief_parts.cell(row["appraised"], "pounds"),
        bias=evidence.case.appraisal.optimism_bias,
        today=hand_in.capital_today(evidence.outcome.place),
        budget=budget or 0,
        left=(budget or 0) - row["capital"],
    )
    whole = brief_parts.cell(row["discounted"], "pounds")
    notes = ". ".join(evidence.notes_on("options"))
    return f"{capital} {say('board', 'whole_cost', whole=whole, notes=notes)}"


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
    note = say("board", "national_fifths") if outcome.place.index_name else ""
    numbers = (False, True, True, True)
    return (Table(caption, heads, tuple(rows), numbers, note),) if rows else ()


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
    waves = evidence.waves
    last = "" if waves is None or waves.empty else waves["wave"].iloc[-1]
    values = {"everyone": everyone, "groups": groups, "note": guess(outcome), "last": last}
    values["sent"] = outcome.plan.allocation is not None
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
    return (Bullets((*sentences, *no_room(evidence))),)


def no_room(evidence: Evidence) -> tuple[str, ...]:
    """Count the people whom the plan counts as served beyond the capacity of their centre."""
    frame = evidence.catchments
    if frame is None or not (frame["over_capacity"] > 0).any():
        return ()
    over = frame[frame["over_capacity"] > 0].sort_values("over_capacity", ascending=False)
    names = [
        f"{short(one.name)} ({people(one.people)} for {people(one.capacity)})"
        for one in frames.rows(over)
    ]
    return (say("board", "no_room", people=over["over_capacity"].sum(), names=names),)


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
    sends = evidence.outcome.plan.allocation is not None
    farther = _farther(evidence) if sends and against == TODAY else 0.0
    if frame is None:
        why = evidence.reasons.get("losers", "")
        return say("board", "worse_unknown", than=words, why=why)
    losers = frame[frame["against"] == against]
    if losers.empty:
        return say("board", "nobody_worse", than=words, note=note, sends=sends, farther=farther)
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
        around=_around(evidence) if against == explain.FREE else "",
        sends=sends,
        farther=farther,
    )


def _farther(evidence: Evidence) -> float:
    """Return the people who go farther than today; 0 if groups were not counted."""
    groups = evidence.groups
    if groups is None:
        return 0.0
    return float(groups.loc[groups["grouping"] == "everyone", "farther"].iloc[0])


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
    centres = frames.rows(explain.around(evidence).head(AROUND))
    return listed(
        [f"{centre.name} ({people(centre.people)} of these people)" for centre in centres]
    )


def price(evidence: Evidence) -> tuple[Part, ...]:
    """Describe what priority for the worst-off costs all others."""
    frame = evidence.price
    reason = evidence.reasons.get("price", "")
    if frame is None:
        if reason.startswith(("Stopped", "The time limit", "No plan without priority")):
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
        costs=_both_costs(evidence),
        same=_has_same_centres(evidence),
    )
    return (Paragraph(words),)


def _both_costs(evidence: Evidence) -> tuple[str, ...]:
    """Whole cost of the plan and of the plan without priority; empty if either is not known."""
    frame = evidence.options
    if frame is None:
        return ()
    whole = frame.set_index("option")["discounted"].reindex([PREFERRED, WITHOUT_PRIORITY])
    return () if whole.isna().any() else tuple(brief_parts.cell(cost, "pounds") for cost in whole)


def _has_same_centres(evidence: Evidence) -> bool:
    """Whether the plan without priority opens the plan's centres, and so is no option."""
    frame = evidence.options
    return frame is not None and WITHOUT_PRIORITY not in set(frame["option"])


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
    if hle_follows_imd(outcome.place):
        sentences.append(say("board", "hle_is_imd"))
    blank = hand_in.without_cost(evidence)
    if blank:
        sentences.append(say("board", "without_cost", names=blank))
    edges = explain.edges(evidence).to_dict("records")
    if edges:
        first = {"edge": edges[0], "more": len(edges) > 1}
        sentences.append(say("board", "first_tie", index=outcome.place.index_name, **first))
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


def hle_follows_imd(place: Place) -> bool:
    """Whether HLE says no more than the decile of deprivation within each council."""
    areas = place.areas
    columns = {"hle", "hle_basis", "imd_decile", "council_code"}
    if not columns <= set(areas) or not (areas["hle_basis"] == "modelled").all():
        return False
    spread = areas.groupby(["council_code", "imd_decile"])["hle"].agg(["min", "max"])
    return bool((spread["min"] == spread["max"]).all())


def _need_error(outcome: Outcome, words: str) -> str:
    """Return how HLE is estimated, with its interval if known."""
    areas, half = outcome.place.areas, None
    if "hle_low" in areas and areas["hle_low"].notna().any():
        half = f"{((areas['hle_high'] - areas['hle_low']) / 2).median():.1f}"
    return say("board", "error_of_need", words=words, half=half)
