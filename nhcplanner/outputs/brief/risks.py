"""Risks of a plan, and how well each claim is proved, in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from nhcplanner.base.text import plural
from nhcplanner.domain.evidence import Evidence, count_free_exchanges
from nhcplanner.outputs import frames
from nhcplanner.outputs.brief.parts import cell
from nhcplanner.outputs.brief.prose import group, named, plan_option, say, short
from nhcplanner.outputs.workbook.appraisal import PREFERRED


def sharpest(evidence: Evidence) -> tuple[str, ...]:
    """Return the three greatest risks, the greatest first.

    Each risk is measured as a share of what is at stake: centres that would change, capital that
    rests on one case, people whom a centre has no room for, people whom a small loss would gain.
    """
    if not evidence.outcome.plan.opened:
        return ()
    risks = [
        *_few_stay(evidence), *_nowhere_else(evidence), *_least_lost(evidence),
        *_fullest(evidence), *_worst_loss(evidence), *_not_proved(evidence), *_ties(evidence),
        *_unknown_costs(evidence), *_uncertain_band(evidence),
    ]  # fmt: skip
    return tuple(words for _, words in sorted(risks, key=lambda risk: -risk[0])[:3])


Risk = tuple[float, str]
WORTH_A_LOSS = 0.01
"""Least gain of an alternative that counts as a risk, as a share of the people in reach."""


def _few_stay(evidence: Evidence) -> Iterator[Risk]:
    """Return the case whose own plan shares the fewest centres."""
    cases, new, fixed = _proved_cases(evidence), *_new_and_fixed(evidence)
    if cases.empty or not new:
        return
    worst = cases.sort_values("stays", kind="stable").iloc[0]
    stay = _count_new(worst["stays"], evidence)
    if stay < new:
        values = {"case": case_words(worst["case"]), "stay": stay, "new": new, "fixed": fixed}
        sites = evidence.case_sites
        opens = 0 if sites is None else int((sites["case"] == worst["case"]).sum())
        words = say("risks", "few_stay", share=worst["share"], opens=opens, **values)
        yield 1 - stay / new, words


def _nowhere_else(evidence: Evidence) -> Iterator[Risk]:
    """Describe the centres that no other case opens, with their capital."""
    never = _never_elsewhere(evidence)
    if never.empty or evidence.stays is None or evidence.robustness is None:
        return
    capital = pd.Series(dtype=float)
    if evidence.costs is not None:
        opened = evidence.costs[evidence.costs["in_the_plan"].astype(bool)]
        capital = opened.set_index("site_id")["capital"]
    own = never["site_id"].map(capital)
    costs = never.assign(capital=own).sort_values("capital", ascending=False, kind="stable")
    at_risk, total = own.sum(), capital.sum()
    share = at_risk / total if total else len(never) / len(evidence.outcome.plan.opened)
    yield (
        float(share),
        say(
            "risks",
            "opens_nowhere_else",
            names=[
                f"{short(name)} ({cell(pounds, 'pounds')})"
                for name, pounds in zip(costs["name"], costs["capital"], strict=True)
            ],
            capital=at_risk,
            total=total,
            cases=len(_other_choices(evidence)),
            draws=_never_in_draws(evidence, never),
        ),
    )


def _never_in_draws(evidence: Evidence, never: pd.DataFrame) -> list[str]:
    """Names of the sites `never` that no plan made for a draw of uncertain figures opens either."""
    frame, sites = evidence.robustness, evidence.case_sites
    if frame is None or sites is None or not frame["case"].str.contains(" draw ").any():
        return []
    return never.loc[~never["site_id"].isin(sites["site_id"]), "name"].tolist()


def _least_lost(evidence: Evidence) -> Iterator[Risk]:
    """Return the alternative with the best exchange of first band for all people."""
    frame, plan = evidence.options, plan_option(evidence)
    if frame is None or plan is None or pd.isna(plan["first_band_within"]):
        return
    others = frame[frame["option"].str.startswith("Alternative")]
    first = plan["first_band_within"] - others["first_band_within"]
    every = others["people_within"] - plan["people_within"]
    some = (every >= WORTH_A_LOSS * plan["people_within"]) & (first < every)
    if not some.any():
        return
    ratio = 1 - first[some].clip(lower=0) / (every[some] + first[some].clip(lower=0))
    best = ratio.idxmax()
    other = others.loc[best]
    values = {
        "first": other["first_band_within"],
        "first_plan": plan["first_band_within"],
        "all": other["people_within"],
        "all_plan": plan["people_within"],
        "unit": "band 1",
    }
    option = f"{others.loc[best, 'option']} ({short(_swap(evidence, others.loc[best, 'option']))})"
    share = float(every[best] / (every[best] + plan["people_within"]))
    yield min(float(ratio[best]), 10 * share), say("risks", "least_lost", option=option, **values)


def _swap(evidence: Evidence, option: str) -> str:
    """Return the number of centres that an option exchanges."""
    frame = evidence.option_sites
    if frame is None:
        return ""
    other, plan = (
        set(frame.loc[frame["option"] == name, "site_id"]) for name in (option, PREFERRED)
    )
    return f"{plural(len(other - plan), 'other centre')}"


def _fullest(evidence: Evidence) -> Iterator[Risk]:
    """Return the centre with the least capacity for the people it serves."""
    frame = evidence.catchments
    if frame is None or frame.empty or not (frame["over_capacity"] > 0).any():
        return
    worst = frame.sort_values("over_capacity", ascending=False, kind="stable").iloc[0]
    values = {"name": worst["name"], "served": worst["people"], "capacity": worst["capacity"]}
    yield float(worst["over_capacity"] / worst["people"]), say("risks", "fullest", **values)


def _worst_loss(evidence: Evidence) -> Iterator[Risk]:
    words = _lost_site(evidence)
    frame = evidence.losses
    if not words or frame is None:
        return
    goals = evidence.verdict.goals
    value = goals[0].stage.value if goals else None
    lost = frame.loc[frame["goal"] == frame["goal"].iloc[0], "lost"].max()
    barred = bool(frame["goal"].isna().any())
    yield 1.0 if barred else float(lost / value) if value else 0.0, words


def _not_proved(evidence: Evidence) -> Iterator[Risk]:
    verdict = evidence.verdict
    if verdict.goals and not verdict.is_proved:
        gap = 1.0 if verdict.gap is None else verdict.gap
        better = verdict.search("exchanges")
        words = "" if better is None else better.words
        yield gap, say("risks", "not_proved", distance=verdict.distance, better=words)


def _ties(evidence: Evidence) -> Iterator[Risk]:
    """Return the sites that may take the place of a centre with no goal changing."""
    free = count_free_exchanges(evidence.exchanges)
    if free:
        share = free / (free + len(evidence.outcome.plan.opened))
        has_cost = any(goal.stage.unit.startswith("pounds") for goal in evidence.verdict.goals)
        yield share, say("risks", "ties", free=free, has_cost=has_cost)


def _unknown_costs(evidence: Evidence) -> Iterator[Risk]:
    plan = plan_option(evidence)
    if plan is not None and plan["without_cost"] > 0:
        blank, centres = int(plan["without_cost"]), int(plan["new_centres"])
        yield blank / centres, say("risks", "no_costs", blank=blank, centres=centres)


def _uncertain_band(evidence: Evidence) -> Iterator[Risk]:
    """Return the note on people of the first band who may not belong to it."""
    certain = next(
        (note for note in evidence.outcome.assessment.notes if note.startswith(UNCERTAIN)), ""
    )
    people = group(evidence, "band", "1")
    found = _CERTAIN.search(certain)
    if found and people is not None and people["people"]:
        share = 1 - float(found[1].replace(",", "")) / people["people"]
        yield share, f"{certain}."


UNCERTAIN = "Bands are uncertain"
_CERTAIN = re.compile(r" in band 1, ([\d,]+) live")
"""Beginning of the note on uncertain bands, and the people who are surely in band 1."""


def case_words(case: str) -> str:
    """Describe a case of the evidence in words.

    Examples
    --------
    >>> case_words("by drive (estimate)"), case_words("15 minutes")
    ('people who drive (estimate)', '15 minutes')
    >>> case_words("by transit on Sunday 4 January 2026, 10:00 to 16:00")
    'people who use public transport on Sunday 4 January 2026, 10:00 to 16:00'
    """
    modes = {
        "walk": "people who walk", "cycle": "people who cycle", "drive": "people who drive",
        "transit": "people who use public transport",
        "on_demand": "people who use on-demand transport",
    }  # fmt: skip
    if not case.startswith("by "):
        return case
    mode, bracket, rest = case.removeprefix("by ").partition(" (")
    mode, within, hours = mode.partition(" on ")
    return modes.get(mode, f"by {mode}") + within + hours + bracket + rest


def risks(evidence: Evidence) -> tuple[str, ...]:
    """Return the points that a board must consider."""
    every = (
        _proof(evidence), _other_plans(evidence), _must_haves(evidence), _lost_site(evidence),
        _other_cases(evidence), _full(evidence), _blanks(evidence),
    )  # fmt: skip
    return tuple(point for point in every if point)


def _proof(evidence: Evidence) -> str:
    verdict = evidence.verdict
    if not verdict.goals:
        return ""
    values = {"distance": verdict.distance, "is_proved": verdict.is_proved}
    return say("risks", "proof", words=verdict.words, **values)


def _other_plans(evidence: Evidence) -> str:
    search = evidence.verdict.search("alternatives")
    if search is not None:
        return f"{search.words}."
    why = evidence.reasons.get("alternatives", "")
    return say("risks", "no_search", why=why) if why else ""


def _must_haves(evidence: Evidence) -> str:
    """Describe sites that every good plan opens, proved and not proved."""
    frame = evidence.roles
    if frame is None:
        return ""
    always = frame[(frame["use"] == "always")]
    is_proved = always["proved"].astype(bool)
    plans = evidence.alternatives
    if plans is not None and plans["plan"].nunique() < 2:
        always, is_proved = always[is_proved], is_proved[is_proved]  # one plan shows no pattern
        if always.empty:
            return ""
    return say(
        "risks",
        "must_haves",
        proved=always.loc[is_proved, "name"].tolist(),
        found=always.loc[~is_proved, "name"].tolist(),
    )


def _lost_site(evidence: Evidence) -> str:
    """Describe the site whose loss costs the first goal most."""
    frame = evidence.losses
    if frame is None or frame.empty:
        return ""
    barred = frame[frame["goal"].isna()]
    if len(barred):
        return say("risks", "cannot_be_lost", names=barred["name"].tolist())
    first = frame[frame["goal"] == frame["goal"].iloc[0]].dropna(subset=["lost"])
    if first.empty or first["lost"].max() <= 0:
        return ""
    worst = first.loc[first["lost"].idxmax()]
    least = worst.get("at_least")
    proved = least is None or pd.isna(least) or least >= worst["lost"]
    return say(
        "risks",
        "lost_site",
        name=worst["name"],
        lost=cell(worst["lost"], worst["unit"]),
        least="" if proved else cell(max(float(least), 0.0), worst["unit"]),
        unit=worst["unit"],
        goal=worst["goal"],
        instead=named(frames.called(evidence.outcome.place), worst["instead"]),
    )


def _other_cases(evidence: Evidence) -> str:
    frame = evidence.robustness
    if frame is None or frame.empty:
        return ""
    cases, proved = frame.to_dict("records"), _proved_cases(evidence)
    low = min(cases, key=lambda case: float(case["share"]))
    high = max(cases, key=lambda case: float(case["share"]))
    return say(
        "risks",
        "other_cases",
        cases=len(frame),
        low={**low, "words": _bare(str(low["case"]))},
        high={**high, "words": _bare(str(high["case"]))},
        new=_new_and_fixed(evidence)[0],
        fewest=None if proved.empty else _count_new(proved["stays"].min(), evidence),
        most=None if proved.empty else _count_new(proved["stays"].max(), evidence),
        case_of_fewest=""
        if proved.empty
        else case_words(str(proved.sort_values("stays", kind="stable")["case"].iloc[0])),
        never=_never_elsewhere(evidence)["name"].tolist(),
    )


def _bare(case: str) -> str:
    """Return a case in words without brackets, for use in brackets."""
    return case_words(case).replace(" (", ", ").replace(")", "")


def _proved_cases(evidence: Evidence) -> pd.DataFrame:
    """Cases whose own plan is proved best: another may be the tested plan handed back."""
    frame = evidence.robustness
    if frame is None:
        return pd.DataFrame({"stays": [], "case": []})
    proved = pd.Series(True, index=frame.index)
    if "proved" in frame:
        proved = frame["proved"].astype(bool)
        if "goal_best" in frame:
            proved |= frame["goal_best"] != frame["goal_plan"]
    return frame[frame["stays"].notna() & proved]


def _new_and_fixed(evidence: Evidence) -> tuple[int, int]:
    """Count the plan's new centres, and those that are open or committed and stay in any plan."""
    roles = frames.centres(evidence.outcome)["role"]
    new = int((roles == "new").sum())
    return new, len(roles) - new


def _count_new(share: float, evidence: Evidence) -> int:
    """Count the new centres among a share of the plan's centres."""
    new, fixed = _new_and_fixed(evidence)
    return max(round(share * (new + fixed)) - fixed, 0)


def untested(evidence: Evidence) -> tuple[str, ...]:
    """Reasons why tests of the plan were not made, or not in full."""
    names = {
        "robustness": "other cases",
        "losses": "loss of a site",
        "alternatives": "alternatives",
    }
    limits = ("The time limit", "Stopped", "Not requested")
    found = []
    for name, words in names.items():
        why = evidence.reasons.get(name, "")
        if why.startswith(limits) or "cases were tried" in why:
            found.append(f"{words} ({why[0].lower()}{why[1:]})")
    return tuple(found)


def _other_choices(evidence: Evidence) -> list[str]:
    """Return the cases of another reach or mode; draws only test the certainty of figures."""
    frame = evidence.robustness
    return [] if frame is None else [case for case in frame["case"] if " draw " not in str(case)]


def _never_elsewhere(evidence: Evidence) -> pd.DataFrame:
    """Return `site_id` and `name` of the centres that no plan for another reach or mode opens."""
    frame, sites = evidence.stays, evidence.case_sites
    if frame is None or _proved_cases(evidence).empty:
        return pd.DataFrame({"site_id": [], "name": []})
    opened = frame[frame["in_the_plan"].astype(bool)]
    if sites is None:
        return opened.loc[opened["share"] == 0, ["site_id", "name"]]
    elsewhere = sites[sites["case"].isin(_other_choices(evidence))]["site_id"]
    return opened.loc[~opened["site_id"].isin(elsewhere), ["site_id", "name"]]


def _full(evidence: Evidence) -> str:
    frame = evidence.catchments
    if frame is None or frame.empty:
        return ""
    over = frame[frame["over_capacity"] > 0]
    unknown = int(frame["capacity"].isna().sum())
    return say("risks", "full", over=over["name"].tolist(), unknown=unknown, centres=len(frame))


def _blanks(evidence: Evidence) -> str:
    words = evidence.reasons.get("costs")
    return say("risks", "costs_unknown", words=words) if words else ""
