"""Figures that sentences of a document may state, from all tables of a hand-in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.access import band_figures
from nhcplanner.verify.costs import costs
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import number
from nhcplanner.verify.scenario import most_of_priority, numbers_of, spent, unreached
from nhcplanner.verify.trips import read_sending

GREEN_BOOK_RATE = 0.035
"""Discount rate that the Green Book of HM Treasury states; documents also quote it."""
LEAST_GAP = 0.001
"""Share below which documents print a gap as "less than 0.1%"."""


def every_figure(  # noqa: C901
    facts: Facts,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return all figures of the tables, without those of single areas, in order."""
    figures: list[float] = [0.0, 1.0, 50_000, 30_000, 250, 228_000, 1_140, 250_000, 234_400, 1_172,
                            GREEN_BOOK_RATE, LEAST_GAP]  # fmt: skip
    of_areas = {"areas", "areas_wide", "areas_long", "minutes", "origins", "curve", "case_bands",
                "columns", "settings", "other_assignments"}  # fmt: skip
    if facts.has("curve"):
        curve = facts.table("curve")
        some = curve[curve["minutes"] % 15 == 0].select_dtypes("number")
        figures += some.to_numpy(dtype=np.float64).ravel().tolist()
    figures += [
        n for n in map(number, facts.files.tables.get("settings", {"value": ()})["value"]) if n
    ]
    for name in facts.files.tables:
        if name in of_areas or "/" in name:
            continue
        numbers = facts.table(name).select_dtypes("number")
        figures += numbers.to_numpy(dtype=np.float64).ravel().tolist()
        figures += numbers.sum().tolist()
    figures += list(_leaves(facts.record)) + _of_other_plans(facts)
    figures += _of_areas(facts) + _of_costs(facts) + _beyond_reach(facts) + _sent_beyond(facts)
    if facts.has("areas_wide"):
        figures += band_figures(facts)
    figures.append(most_of_priority(facts) or 0.0)
    if facts.has("origins"):
        figures.append(float(facts.table("origins")["point"].nunique()))
    for name, column in (("losers", "people"), ("candidates", "adds"), ("assignment", "people")):
        if facts.has(name):
            frame = facts.table(name)
            for key in ("against", "site_id", "out_of_reach"):
                if key in frame:
                    figures += frame.groupby(key)[column].sum().tolist()
            if name == "losers":
                figures += frame.groupby(["against", "out_of_reach"])[column].sum().tolist()
    if facts.has("groups"):
        frame = facts.table("groups")
        for when in ("before", "after"):
            rest = frame["people"] - frame[f"within_{when}"]
            figures += rest.tolist() + (1 - frame[f"share_{when}"]).tolist()
        figures += (frame["within_after"] - frame["within_before"]).tolist()
    values = np.array([figure for figure in figures if figure is not None], dtype=np.float64)
    values = values[np.isfinite(values)]
    return np.unique(np.concatenate([values, -values]))


def _of_other_plans(facts: Facts) -> list[float]:
    """Return differences of other plans from the plan, for each goal and in total."""
    figures: list[float] = []
    stages = facts.record["plan"].get("stages") or []
    plan = {stage["goal"]: stage["value"] for stage in stages if stage.get("unit") == "people"}
    if facts.has("alternatives"):
        for _, part in facts.table("alternatives").groupby("plan"):
            values = dict(zip(part["goal"], part["value"], strict=True))
            figures += [values[goal] - plan[goal] for goal in plan if goal in values]
            figures.append(sum(values.get(goal, 0.0) for goal in plan) - sum(plan.values()))
    if facts.has("losses"):
        people = facts.table("losses")
        figures += people[people["unit"] == "people"].groupby("site_id")["lost"].sum().tolist()
    return figures


def _beyond_reach(facts: Facts) -> list[float]:
    """Return the starting points and people that no site that may open has within reach."""
    if not (facts.has("minutes") and facts.has("origins")):
        return []
    return list(unreached(facts, facts.reach))


def _sent_beyond(facts: Facts) -> list[float]:
    """Return people whom the plan sends beyond reach, and those who have a centre within reach."""
    if not (facts.has("minutes") and facts.has("origins") and facts.sends):
        return []
    rows, sites, minutes = facts.pairs("own")
    own = pd.DataFrame({"row": rows, "site": sites, "minutes": minutes})
    sent = facts.allocation.merge(own, on=["row", "site"], how="left")
    people = facts.people[sent["row"]] * sent["share"].to_numpy(dtype=np.float64)
    beyond = ~facts.inside(sent["minutes"].to_numpy(dtype=np.float64))
    near = facts.inside(facts.nearest(facts.opened))[sent["row"]]
    unserved = float(facts.people.sum() - people.sum())
    return [float(people[beyond].sum()), float(people[beyond & near].sum()), unserved]


def _of_costs(facts: Facts) -> list[float]:
    """Return the plan's whole cost in its own waves, and capital of centres no other case opens."""
    if not (facts.has("costs") and facts.has("options")):
        return []
    usual, options = costs(facts), facts.table("options").set_index("option")
    mine = usual["site"].isin(facts.opened)
    open_today = [status == "existing" for status in facts.status]
    figures = [float(np.nansum(numbers_of(facts, "cost")[open_today]))]
    if facts.scenario.get("budget"):
        figures.append(float(facts.scenario["budget"]) - spent(facts, facts.opened))
    if facts.has("case_sites"):
        cases = facts.table("case_sites")
        cases = cases[~cases["case"].astype(str).str.contains(" draw ")]
        never = mine & ~usual["site_id"].isin(cases["site_id"].astype(str))
        figures.append(float(usual.loc[never, "capital"].sum()))
    if facts.has("wave_sites") and "The plan" in options.index:
        waves = facts.table("wave_sites").astype(str)
        waves = waves[waves["wave"].str.fullmatch(r"20\d\d")]
        years = dict(zip(waves["site_id"], waves["wave"].astype("int64"), strict=True))
        more = (costs(facts, years)["discounted"] - usual["discounted"])[mine].sum(skipna=False)
        figures.append(float(str(options.loc["The plan", "discounted"])) + float(more))
    return figures


def _leaves(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield float(value)


def _of_areas(facts: Facts) -> list[float]:
    """Return the least, greatest and median figures of areas, and people by class."""
    if not facts.has("areas_wide"):
        return []
    areas = facts.areas
    figures: list[float] = [len(areas), float(areas["people"].sum())]
    for column in map(str, areas.columns):
        if pd.api.types.is_numeric_dtype(areas[column]):
            continue
        if areas[column].nunique() < 200:
            figures += areas.groupby(column)["people"].sum().tolist()
            figures += (areas.groupby(column)["people"].sum() / areas["people"].sum()).tolist()
    for name in areas.select_dtypes("number").columns:
        column = str(name)
        value = pd.DataFrame({"of": areas[column], "heads": areas["people"]})
        figures.append(float(value.loc[value["of"].isna(), "heads"].sum()))
        value = value.dropna()
        value = value.sort_values("of")
        if len(value):
            half = value["heads"].cumsum() >= value["heads"].sum() / 2
            figures += [value["of"].iloc[0], value["of"].iloc[-1],
                      float(value.loc[half, "of"].iloc[0])]  # fmt: skip
            figures += (
                areas.groupby(column)["people"].sum().tolist()
                if (areas[column].nunique() < 30)
                else []
            )
    if "hle" in areas:
        ties = areas["hle"].round(1)
        figures += areas.groupby([ties, areas["band"]])["people"].sum().tolist()
        figures += areas.groupby([areas["hle"], areas["band"]])["people"].sum().tolist()
        figures += areas.groupby(areas["hle"])["people"].sum().tolist()
    return figures + _by_change(areas) + _by_lost_site(facts)


def _by_lost_site(facts: Facts) -> list[float]:
    """Return people of areas that lose, by the site of another option that they would go to."""
    if not (facts.has("losers") and facts.has("option_sites") and facts.has("minutes")):
        return []
    losers = facts.table("losers")
    lost = set(losers["area_code"].astype(str))
    codes = facts.areas["area_code"].astype(str)
    heads = facts.areas["people"].where(codes.isin(lost), 0.0).to_numpy(dtype=np.float64)
    figures: list[float] = []
    for option, part in facts.table("option_sites").groupby("option"):
        sending = read_sending(facts, "option", str(option))
        if sending is None:
            nearest = facts.nearest_site(facts.positions(part["site_id"]))
            of_area = pd.Series(nearest).groupby(facts.area).agg(lambda sites: sites.mode().iloc[0])
        else:
            sent = sending.assign(
                area=facts.area[sending["row"]], people=facts.people[sending["row"]]
            )
            sent["people"] *= sent["share"]
            sums = sent.groupby(["area", "site"])["people"].sum().reset_index()
            sums = sums.sort_values(["people", "site"], ascending=[False, True])
            of_area = sums.drop_duplicates("area").set_index("area")["site"]
        frame = pd.DataFrame({"site": of_area.reindex(range(len(codes))), "heads": heads})
        figures += frame.groupby("site")["heads"].sum().tolist()
    return figures


def _by_change(areas: pd.DataFrame) -> list[float]:
    """Return people by the change in minutes of their area, in the classes of the map."""
    heads = areas["people"].to_numpy(dtype=np.float64)
    before, after = (
        areas[f"minutes_{when}"].to_numpy(dtype=np.float64) for when in ("before", "after")
    )
    once, then = np.isfinite(before), np.isfinite(after)
    change = after - before
    edges = [-np.inf, -10, -5, -1, 1, 5, 10, np.inf]
    flags = [~once & then, once & ~then, ~once & ~then]
    flags += [once & then & (change <= high) for high in edges[1:4]]
    flags += [once & then & (change > low) & (change <= high)
              for n, low in enumerate(edges[:-1]) for high in edges[n + 1 :]]  # fmt: skip
    flags += [once & then & (change >= low) & (change < high)
              for n, low in enumerate(edges[:-1]) for high in edges[n + 1 :]]  # fmt: skip
    flags.append(once & then & (np.abs(change) < 1))
    flags.append((once & ~then) | (once & then & (change >= 1)))  # the map's class of the farther
    minutes = [0, 10, 15, 20, 30, 60]
    for when in (before, after):
        flags += [(when > low) & (when <= high) for low, high in pairwise(minutes)]
        flags.append(when <= 10)
    return [float(heads[flag].sum()) for flag in flags]


def quotations(facts: Facts) -> tuple[str, ...]:
    """Sentences on how inputs were read, and on sources, which documents quote word for word.

    Their figures are of files that are not in the hand-in, so that nothing here gives them again.
    """
    notes = facts.files.tables.get("notes")
    words = [] if notes is None else notes.loc[notes["about"] == "note", "words"].tolist()
    return (*map(str, words), *_texts(facts.record.get("sources", [])))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for figure in value.values() if isinstance(value, dict) else value:
            yield from _texts(figure)


LEAST_IN_PROSE, LEAST_IN_WORDS = 1_000, 100
"""Least number that is compared in a sentence, and in a cell that holds words."""
_TOKEN = re.compile(
    r"(?<![\w.,/-])(?P<sign>[-+]?)£?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?"
    r"(?P<unit>%| ?million\b| ?bn\b)?(?![\w/-]|\.\d)"
)
_FACTOR = {"%": 0.01, "million": 1e6, "bn": 1e9, "": 1.0}
_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b|\b\d{4}-\d{2}(-\d{2})?\b|\b(19|20)\d\d\b")


@dataclass(frozen=True)
class Token:
    """A figure as a document prints it.

    Parameters
    ----------
    text
        As printed.
    value
        Its number; a percentage as a share.
    room
        Half of its last digit.
    in_words
        Whether it stands in a cell that holds words too.
    """

    text: str
    value: float
    room: float
    in_words: bool = False

    def is_among(self, figures: Iterable[float]) -> bool:
        """Whether any of the figures is the same as far as this one is rounded."""
        room = self.room * (1 + 1e-6) + 1e-9 * abs(self.value)
        return any(abs(figure - self.value) <= room for figure in figures)


def tokens(text: str) -> Iterator[Token]:
    """Yield the figures of a text; years and dates are passed over."""
    for match in _TOKEN.finditer(_DATE.sub(" ", text)):
        part = match["part"] or ""
        unit = (match["unit"] or "").strip()
        value = float(match["digits"].replace(",", "") + part) * _FACTOR[unit]
        room = 0.5 * 10.0 ** -max(len(part) - 1, 0) * _FACTOR[unit]
        yield Token(match[0].strip(), -value if match["sign"] == "-" else value, room)


def figures_of(cell: Any) -> list[Token]:
    """Return the figures of a cell: its number as it is, or those of its text."""
    if isinstance(cell, bool) or cell is None:
        return []
    if isinstance(cell, (int, float)):
        return [Token(f"{cell:,.10g}", float(cell), 1e-9 * max(abs(float(cell)), 1e-3))]
    text = str(cell)
    figures = list(tokens(text))
    if re.search(r"[^\W\d_]{3}", text.replace("million", "")):  # words: small numbers are names
        figures = [
            replace(token, in_words=True)
            for token in figures
            if is_distinctive(token) or abs(token.value) >= LEAST_IN_WORDS
        ]
    return figures


def is_distinctive(token: Token) -> bool:
    """Whether a figure in a sentence is large or precise enough to be identified."""
    if token.text.endswith("%"):
        return "." in token.text
    return abs(token.value) >= LEAST_IN_PROSE and "," in token.text
