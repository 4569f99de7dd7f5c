"""Inequality recomputed: gaps, slope, relative and concentration index."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, Floats
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.trips import trips_of


def check_inequality(facts: Facts, ledger: Ledger) -> None:
    """Compare gaps, slope, relative and concentration index."""
    if not facts.has("inequality"):
        return
    before = inequality(facts, facts.existing)
    after = inequality(facts, facts.opened, facts.own_sending)
    rows = [
        {
            "of": of,
            "measure": measure,
            "before": before[of, measure],
            "after": after[of, measure] if facts.has_plan else np.nan,
            "change": after[of, measure] - before[of, measure] if facts.has_plan else np.nan,
        }
        for of, measure in before
    ]
    table = facts.table("inequality")[["of", "measure", "before", "after", "change"]]
    ledger.table(
        "Inequality", "tables/inequality.csv", table, pd.DataFrame(rows), ["of", "measure"],
    )  # fmt: skip


def inequality(
    facts: Facts, opened: list[int], sending: pd.DataFrame | None = None
) -> dict[tuple[str, str], float]:
    """Return every measure of inequality for some open centres: of what, and measure."""
    ranks = rank_of(facts)
    if ranks is None:
        return {}
    trips = trips_of(facts, opened, sending)
    area = facts.area[trips["row"]]
    rank = ranks[area]
    some = np.isfinite(rank)
    minutes = trips["minutes"].to_numpy(dtype=np.float64)
    heads = trips["people"].to_numpy(dtype=np.float64)
    values = {
        f"share within {facts.reach:g} minutes": facts.inside(minutes).astype(np.float64),
        "mean minutes": np.minimum(minutes, facts.horizon),
    }
    measures: dict[tuple[str, str], float] = {}
    for of, value in values.items():
        people, y, x = heads[some], value[some], rank[some]
        if facts.fifth is not None:
            fifth = facts.fifth[area][some]
            means = {
                int(n): float((y * people)[fifth == n].sum() / people[fifth == n].sum())
                for n in np.unique(fifth[fifth > 0])
                if people[fifth == n].sum() > 0
            }
            first, last = (means[min(means)], means[max(means)]) if means else (np.nan, np.nan)
            several = len(means) > 1
            measures[of, "absolute gap"] = last - first if several else np.nan
            measures[of, "relative gap"] = last / first if several and first > 0 else np.nan
        measures[of, "SII"], measures[of, "RII"] = line(y, x, people)
        measures[of, "concentration index"] = concentration(y, x, people)
    return measures


def rank_of(facts: Facts) -> Floats | None:
    """Return the rank of each area, the most deprived lowest; None where none is known."""
    for column in ("imd_rank", "imd_decile"):
        if column in facts.areas and facts.areas[column].notna().any():
            return facts.areas[column].to_numpy(dtype=np.float64)
    return None


def ridits(rank: Floats, people: Floats) -> Floats:
    """Return each row's place in order of rank, 0 to 1; rows of equal rank share their middle."""
    heads = pd.Series(people).groupby(pd.Series(rank)).sum().sort_index()
    middles = ((heads.cumsum() - heads / 2) / heads.sum()).to_dict()
    return np.array([middles[value] for value in rank], dtype=np.float64)


def line(value: Floats, rank: Floats, people: Floats) -> tuple[float, float]:
    """Return slope and relative index of inequality: a weighted line through value on ridit."""
    if people.sum() <= 0:
        return np.nan, np.nan
    x = ridits(rank, people)
    if np.ptp(x[people > 0]) < 1e-12:
        return np.nan, np.nan
    root = np.sqrt(people)
    design = np.column_stack([np.ones(len(x)), x])
    (start, slope), *_ = np.linalg.lstsq(design * root[:, None], value * root, rcond=None)
    end = start + slope
    # a line that ends at 0 but for rounding has no ratio
    tiny = 1e-12 * max(abs(start), abs(end), 1.0)
    return float(slope), float(end / start) if start > tiny and end > tiny else np.nan


def concentration(value: Floats, rank: Floats, people: Floats) -> float:
    """Return the concentration index: twice the covariance with ridits, over the mean."""
    total = people.sum()
    if total <= 0 or (mean := float((value * people).sum() / total)) == 0:
        return np.nan
    spread = (people * (value - mean) * (ridits(rank, people) - 0.5)).sum() / total
    return float(2 * spread / mean)
