"""Inequality recomputed: by deprivation with intervals, and the spread of minutes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, Floats
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.trips import trips_of

DEVIATIONS = 1.959964
"""Standard deviations from the middle to either end of a 95% interval."""
KEYS = ["of", "measure"]


def check_inequality(facts: Facts, ledger: Ledger) -> None:
    """Compare every measure of inequality, with its interval."""
    if not facts.has("inequality"):
        return
    sent = facts.own_sending
    before, after = inequality(facts, facts.existing), inequality(facts, facts.opened, sent)
    kappa = facts.setting("kolm_pollak_epsilon", 1.0) / facts.reach
    before |= spread(facts, facts.existing, None, kappa)
    after |= spread(facts, facts.opened, sent, kappa)
    ends = [intervals(facts, facts.existing), intervals(facts, facts.opened, sent)]
    rows = []
    for of, measure in before:
        key = of, measure
        value = after[key] if facts.has_plan else np.nan
        row: dict[str, object] = {"of": of, "measure": measure, "before": before[key]}
        row |= {"after": value, "change": value - before[key]}
        for when, found in zip(("before", "after"), ends, strict=True):
            none = when == "after" and not facts.has_plan
            low, high = (np.nan, np.nan) if none else found.get(key, (np.nan, np.nan))
            row |= {f"low_{when}": low, f"high_{when}": high}
        rows.append(row)
    recomputed = pd.DataFrame(rows)
    table = facts.table("inequality")
    table = table[[name for name in table if name in recomputed]]
    known = table["measure"].isin(set(recomputed["measure"]))
    for title in table.loc[~known, "measure"].unique():
        mine = table[table["measure"] == title]
        figures = int(mine.drop(columns=KEYS).notna().to_numpy().sum())
        ledger.leave(f"Inequality: {title}", "it is not recomputed here", figures)
    ledger.table("Inequality", "tables/inequality.csv", table[known], recomputed, KEYS)


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
        index = concentration(y, x, people)
        measures[of, "concentration index"] = index
        if of != "mean minutes":
            mean = float((y * people).sum() / people.sum()) if people.sum() else np.nan
            measures[of, "concentration index, Wagstaff"] = (
                index / (1 - mean) if mean < 1 else np.nan
            )
            measures[of, "concentration index, Erreygers"] = 4 * mean * index if mean else 0.0
    return measures


def intervals(
    facts: Facts, opened: list[int], sending: pd.DataFrame | None = None
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the 95% intervals of slope and relative index: of what, and measure."""
    ranks = rank_of(facts)
    if ranks is None:
        return {}
    trips = trips_of(facts, opened, sending)
    area = facts.area[trips["row"]]
    some = np.isfinite(ranks[area]) & (trips["people"].to_numpy(dtype=np.float64) > 0)
    minutes = trips["minutes"].to_numpy(dtype=np.float64)[some]
    people = trips["people"].to_numpy(dtype=np.float64)[some]
    values = {
        f"share within {facts.reach:g} minutes": facts.inside(minutes).astype(np.float64),
        "mean minutes": np.minimum(minutes, facts.horizon),
    }
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for of, value in values.items():
        both = line_intervals(value, ranks[area][some], people, area[some])
        found[of, "SII"], found[of, "RII"] = both
    return found


def line_intervals(
    value: Floats, rank: Floats, people: Floats, area: np.ndarray
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return 95% intervals of both indices, from the scores of each area (sandwich)."""
    none = (np.nan, np.nan)
    slope, ratio = line(value, rank, people)
    groups = len(np.unique(area))
    if np.isnan(slope) or groups < 3:
        return none, none
    design = np.column_stack([np.ones(len(value)), ridits(rank, people)])
    bread = np.linalg.inv(design.T @ (design * people[:, None]))
    line_at = bread @ (design.T @ (people * value))
    scores = pd.DataFrame(design * (people * (value - design @ line_at))[:, None])
    of_area = scores.groupby(area).sum().to_numpy()
    variance = bread @ (of_area.T @ of_area) @ bread * groups / (groups - 1)
    off = DEVIATIONS * float(np.sqrt(variance[1, 1]))
    sii = (slope - off, slope + off)
    if np.isnan(ratio):
        return sii, none
    start, end = line_at[0], line_at.sum()
    gradient = np.array([1 / end - 1 / start, 1 / end])
    factor = float(np.exp(DEVIATIONS * np.sqrt(gradient @ variance @ gradient)))
    return sii, (ratio / factor, ratio * factor)


def spread(
    facts: Facts, opened: list[int], sending: pd.DataFrame | None, kappa: float
) -> dict[tuple[str, str], float]:
    """Return the measures of the spread of minutes, from the curve of Lorenz: of what, measure."""
    trips = trips_of(facts, opened, sending)
    people = trips["people"].to_numpy(dtype=np.float64)
    minutes = trips["minutes"].to_numpy(dtype=np.float64)
    names = (
        "beyond the horizon", "Kolm-Pollak EDE", "Kolm-Pollak inequality", "Gini", "Palma",
        "Theil", "access poverty: share", "access poverty: depth", "access poverty: severity",
    )  # fmt: skip
    total = float(people.sum())
    if total <= 0:
        return {("minutes", name): np.nan for name in names}
    capped = np.minimum(minutes, facts.horizon)
    by_minutes = pd.Series(people).groupby(capped).sum().sort_index()
    x, n = by_minutes.index.to_numpy(dtype=np.float64), by_minutes.to_numpy(dtype=np.float64)
    mean = float((x * n).sum() / total)
    ede = equivalent(x, n, kappa)
    far = np.where(x > float(np.float32(facts.reach)), x / facts.reach - 1, 0.0)
    poverty = [
        float(people[~facts.inside(capped)].sum()) / total,
        float((n * far).sum()) / total,
        float((n * far * far).sum()) / total,
    ]
    beyond = float(people[~np.isfinite(minutes)].sum()) / total
    values = (beyond, ede, ede - mean, *of_lorenz(x, n), *poverty)
    return {("minutes", name): value for name, value in zip(names, values, strict=True)}


def equivalent(x: Floats, n: Floats, kappa: float) -> float:
    """Return the Kolm-Pollak equivalent of values x of n people each."""
    mean = float((x * n).sum() / n.sum())
    return mean + float(np.log((n * np.exp(kappa * (x - mean))).sum() / n.sum())) / kappa


def of_lorenz(x: Floats, n: Floats) -> tuple[float, float, float]:
    """Return Gini, Palma and Theil of values x, ascending, of n people each."""
    heads, amounts = n / n.sum(), x * n
    if amounts.sum() == 0:
        return np.nan, np.nan, np.nan
    amounts /= amounts.sum()
    across = np.concatenate([[0.0], np.cumsum(heads)])
    curve = np.concatenate([[0.0], np.cumsum(amounts)])
    gini = 1.0 - float((np.diff(across) * (curve[1:] + curve[:-1])).sum())
    bottom, rest = np.interp([0.4, 0.9], across, curve)
    some = (amounts > 0) & (heads > 0)
    theil = float((amounts[some] * np.log(amounts[some] / heads[some])).sum())
    return gini, float((1 - rest) / bottom) if bottom > 0 else np.nan, theil


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
